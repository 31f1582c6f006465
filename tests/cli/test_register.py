"""The operator finds bodies of the register, merges two and takes it back."""

from __future__ import annotations

from typing import Any

from flask import Flask

from coalition.access.actor import OPERATOR
from coalition.audit import chain
from coalition.audit.queries import timeline_of
from coalition.db import db, unit_of_work
from coalition.organisations import operations as register
from coalition.organisations.models import Organisation


def test_two_bodies_are_merged_by_their_ids_and_parted_again(app: Flask, run: Any) -> None:
    with app.app_context():
        with unit_of_work():
            for name in ("Harbour Light Trust", "Harbuor Light Trust"):
                register.recognise_or_register(OPERATOR, name=name, country="KE")
        kept, merged = (row.public_id for row in db.session.query(Organisation).order_by(Organisation.id))
    assert run("register", "find", "harb").stdout.splitlines() == [
        f"{kept}\tunverified\tHarbour Light Trust\tKE", f"{merged}\tunverified\tHarbuor Light Trust\tKE"]
    for words, said in (((kept, "nobody"), "No organisation"), ((kept, kept), "merged already")):
        refused = run("register", "merge", *words, "--reason", "One body.")
        assert refused.exit_code == 1
        assert said in refused.stderr
    assert run("register", "merge", kept, merged).exit_code == 2, "a reason is asked for"
    assert run("register", "merge", kept, merged, "--reason", " ").exit_code == 1
    done = run("register", "merge", kept, merged, "--reason", "A slip of the fingers.")
    assert (done.exit_code, done.stdout) == (0, "“Harbuor Light Trust” was merged into “Harbour Light Trust”\n")
    assert run("register", "find").stdout.splitlines() == [f"{kept}\tunverified\tHarbour Light Trust\tKE"]
    back = run("register", "undo-merge", merged, "--reason", "They are two.")
    assert (back.exit_code, back.stdout) == (0, "“Harbuor Light Trust” stands by itself again\n")
    assert run("register", "undo-merge", merged, "--reason", "Again.").exit_code == 1
    with app.app_context():
        actions = [event.action for event in timeline_of("organisation", 1)]
        assert actions[-2:] == ["organisation.merged", "organisation.merge_undone"]
        assert isinstance(chain.verify(), int)
