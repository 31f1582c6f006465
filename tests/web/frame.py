"""A bare app with our templates and filters, to look at components with an empty database."""

from __future__ import annotations

from html.parser import HTMLParser

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect

from coalition.db import db
from coalition.paths import templates_folder
from coalition.places.models import CountryName
from coalition.web import filters


def bare_app(language: str = "en") -> Flask:
    """An app whose pages can be rendered in a test request; all of them in one language."""
    app = Flask("coalition", template_folder=str(templates_folder()))
    app.config.update(SECRET_KEY="a" * 40, TESTING=True, COALITION_NAME="Joint Voices", COALITION_CONTACT="",
                      SQLALCHEMY_DATABASE_URI="sqlite://")
    Babel(app, locale_selector=lambda: language)
    CSRFProtect(app)
    filters.register(app)
    # Countries are called as the installation wishes: here it has no wishes.
    db.init_app(app)
    with app.app_context():
        CountryName.metadata.tables[CountryName.__tablename__].create(db.engine)
    return app


def draw(app: Flask, component: str, call: str, **values: object) -> str:
    """The markup of `{{ call }}` with this component imported."""
    source = f'{{% from "components/{component}.html" import {component} %}}{{{{ {call} }}}}'
    with app.test_request_context("/"):
        return app.jinja_env.from_string(source).render(**values)


class Elements(HTMLParser):
    """The elements of a piece of markup, as (tag, attributes), with the text of each id."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def first(self, tag: str, **wanted: str) -> dict[str, str]:
        """The attributes of the first such element; raises `AssertionError` when there is none."""
        for name, attributes in self.all:
            if name == tag and wanted.items() <= attributes.items():
                return attributes
        raise AssertionError(f"no <{tag}> with {wanted}")

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.all if "id" in attributes]
