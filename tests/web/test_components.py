"""What the building blocks of pages say: states, names, lists, frame."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask, flash

from coalition.endorsements import workflow as endorsements
from coalition.letters import workflow as letters
from coalition.organisations import workflow as organisations
from coalition.review.flags import Flag
from coalition.signatories.line import Part
from tests.web.frame import Elements, bare_app, draw


@pytest.fixture
def app() -> Flask:
    return bare_app()


SIX = {
    "unconfirmed": "E-mail not confirmed",
    "submitted": "Waiting for review",
    "returned": "Returned for changes",
    "approved": "Approved",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
}


@pytest.mark.parametrize(("state", "words"), SIX.items())
def test_a_state_is_a_word_and_never_a_link(app: Flask, state: str, words: str) -> None:
    markup = draw(app, "status_tag", "status_tag(state)", state=state)
    assert Elements(markup).text == words
    assert "<a" not in markup


@pytest.mark.parametrize("state", [*endorsements.STATES, *letters.STATES, *organisations.STATES])
def test_every_state_of_every_workflow_has_words_of_its_own(app: Flask, state: str) -> None:
    words = Elements(draw(app, "status_tag", "status_tag(state)", state=state)).text
    assert words and words != state


@pytest.mark.parametrize("flag", list(Flag))
def test_every_flag_has_words_of_its_own(app: Flask, flag: Flag) -> None:
    words = Elements(draw(app, "flag_tag", "flag_tag(flag)", flag=flag)).text
    assert words and words != str(flag)


def test_a_printed_line_isolates_each_name_and_runs_by_its_first_strong_letter(app: Flask) -> None:
    parts = (
        Part("organisation", "شبكة المرأة السورية"),
        Part("separator", " / "),
        Part("other_script", "Syrian Women’s Network"),
    )
    markup = draw(app, "printed_line", "printed_line(parts)", parts=parts)
    page = Elements(markup)
    assert page.first("span")["dir"] == "rtl"
    assert [tag for tag, _ in page.all].count("bdi") == 2
    assert page.text == "شبكة المرأة السورية / Syrian Women’s Network"


def test_a_printed_line_shows_markup_as_letters(app: Flask) -> None:
    markup = draw(app, "printed_line", "printed_line(parts)", parts=[Part("organisation", "<b>NGO</b> & Co")])
    assert Elements(markup).text == "<b>NGO</b> & Co"
    assert [tag for tag, _ in Elements(markup).all] == ["span", "bdi"]


def test_rows_of_a_table_say_on_a_phone_which_column_they_are(app: Flask) -> None:
    call = "table('Editions', ['Edition', {'label': 'Names', 'kind': 'number'}], [['1', 11258]])"
    page = Elements(draw(app, "table", call))
    assert page.first("td")["data-label"] == "Names"
    assert page.first("th", scope="row")["role"] == "rowheader"
    assert "11,258" in page.text


def test_a_chart_can_be_read_as_a_table_and_needs_no_style(app: Flask) -> None:
    rows = [{"label": "Syria", "value": 11}, {"label": "Malta", "value": 2}]
    markup = draw(app, "bars", "bars('By country', rows)", rows=rows)
    page = Elements(markup)
    assert [a["value"] for tag, a in page.all if tag == "progress"] == ["11", "2"]
    assert "<table" in markup
    assert "style" not in markup


def test_a_chart_of_nothing_does_not_fail(app: Flask) -> None:
    assert "<figure" in draw(app, "bars", "bars('By country', [])")


def test_a_change_link_says_what_it_changes(app: Flask) -> None:
    rows = [{"key": "Country", "value": "", "change_url": "#c"}]
    page = Elements(draw(app, "summary_list", "summary_list(rows)", rows=rows))
    assert "Not given" in page.text
    assert "Change Country" in page.text


def test_a_task_that_cannot_start_is_no_link_and_says_why(app: Flask) -> None:
    task = {"title": "Open", "url": "/o", "state": "cannot_start", "why": "no text"}
    markup = draw(app, "task_list", "task_list([task])", task=task)
    assert "<a" not in markup
    assert "Cannot start yet: no text" in Elements(markup).text


def test_a_deadline_names_its_zone(app: Flask) -> None:
    at = datetime(2016, 2, 24, 23, 0, tzinfo=UTC)
    text = Elements(draw(app, "deadline", "deadline(at, 'America/New_York')", at=at)).text
    assert "24 February 2016, 18:00 New York time (UTC−5)" in text


def test_the_way_out_of_the_list_keeps_the_filters(app: Flask) -> None:
    source = '{% from "components/pagination.html" import pagination %}{{ pagination(2, 3) }}'
    with app.test_request_context("/queue?state=submitted&page=2&_scheme=javascript"):
        page = Elements(app.jinja_env.from_string(source).render())
    assert page.first("a", rel="next")["href"] == "/queue?state=submitted&page=3&_scheme=javascript"


PAGE = '{% extends "layouts/page.html" %}{% block title %}Letters{% endblock %}'


@pytest.mark.parametrize("layout", ["page", "form", "sheet", "staff"])
def test_each_layout_has_one_heading_a_main_part_and_a_way_to_it(app: Flask, layout: str) -> None:
    source = PAGE.replace("page.html", f"{layout}.html")
    with app.test_request_context("/"):
        page = Elements(app.jinja_env.from_string(source).render())
    tags = [tag for tag, _ in page.all]
    assert tags.count("h1") == tags.count("main") == 1
    assert page.first("a")["href"] == "#main"
    assert page.first("main")["id"] == "main"


def test_an_arabic_page_is_marked_and_turned() -> None:
    with bare_app("ar").test_request_context("/") as context:
        page = Elements(context.app.jinja_env.from_string(PAGE).render())
    assert page.first("html") == {"lang": "ar", "dir": "rtl"}


def test_languages_are_links_in_their_own_script(app: Flask) -> None:
    call = "language_nav([{'code': 'ar', 'url': '/?l=ar'}, {'code': 'en', 'url': '/', 'current': true}])"
    page = Elements(draw(app, "language_nav", call))
    assert page.first("a") == {"href": "/?l=ar", "lang": "ar", "dir": "rtl", "hreflang": "ar"}
    assert "العربية" in page.text


def test_signing_out_is_a_form_and_no_link(app: Flask) -> None:
    call = "account_menu('Amal', [{'label': 'Sign out', 'url': '/out', 'post': true}])"
    page = Elements(draw(app, "account_menu", call))
    assert page.first("form") == {"method": "post", "action": "/out"}
    assert page.first("input", name="csrf_token")


@pytest.mark.parametrize(
    ("category", "role"), [("success", "status"), ("error", "alert"), ("message", "status")]
)
def test_a_message_is_told_to_screen_readers(app: Flask, category: str, role: str) -> None:
    with app.test_request_context("/"):
        flash("<b>Saved</b>", category)
        page = Elements(app.jinja_env.from_string(PAGE).render())
    assert page.first("div", role=role)
    assert "<b>Saved</b>" in page.text


def test_an_error_page_says_what_happened_and_what_to_do(app: Flask) -> None:
    with app.test_request_context("/"):
        text = Elements(
            app.jinja_env.get_template("errors/error.html").render(
                title="This link has been used",
                message="Nothing else needs to be done.",
                next_steps=[{"text": "Send me a new one", "url": "/again"}, "Or write to us."],
                request_id="7f3a",
            )
        ).text
    for words in ("This link has been used", "Nothing else needs to be done.", "Send me a new one", "7f3a"):
        assert words in text
