"""The coordinators' pages, gathered."""

from __future__ import annotations

from flask import Blueprint

from coalition.web.coordinator import (
    comparing,
    confirmations,
    dashboard,
    details,
    endorsements,
    entering,
    evidence,
    home,
    invitations,
    inviting,
    letter,
    logo,
    member_lists,
    organisations,
    queue,
    representatives,
    running,
    sign_ons,
    taking_off,
    team,
    text,
    translations,
)

blueprint = Blueprint("coordinator", __name__, url_prefix="/coordinator")
for page in (home, letter, dashboard, details, logo, text, translations, running, team, queue, endorsements, taking_off,
             entering,
             evidence, confirmations, inviting, invitations, organisations, representatives, comparing,
             member_lists, sign_ons):
    blueprint.register_blueprint(page.blueprint)
