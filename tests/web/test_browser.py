"""The tests' own browser: it must find what is wrong with a page."""

from __future__ import annotations

import pytest
from flask import Flask, Response, request

from tests.web.browser import Browser

GOOD = """<!doctype html><html lang="en"><head><title>A page</title></head><body><h1>A <bdi>page</bdi></h1>{}
</body></html>"""


def shown(body: str) -> Browser:
    app = Flask("page")

    @app.route("/", methods=["GET", "POST"])
    def page() -> Response:
        sent = "&".join(f"{name}={value}" for name, value in request.form.items(multi=True))
        return Response(GOOD.format(body if request.method == "GET" else sent), mimetype="text/html")

    return Browser(app.test_client())


@pytest.mark.parametrize(("body", "trouble"), [
    ("<h1>Again</h1>", "2 h1"),
    ("<p style='color:red'>x</p>", "inline style"),
    ("<p onclick='x()'>x</p>", "inline onclick"),
    ("<script>x</script>", "inline <script>"),
    ("<p>left open", "closes"),
    ("<p id='a'>x</p><p id='a'>y</p>", "used twice"),
    ("<label for='gone'>x</label>", "point nowhere"),
    ("<form><input name='x' id='x'></form>", "no label"),
    ("<form method='post'><button>Go</button></form>", "without its token"),
    ("<form><form></form></form>", "inside a form"),
    ("<p id='x-error'>Wrong</p>", "not in the title"),
])
def test_a_faulty_page_is_found_out(body: str, trouble: str) -> None:
    with pytest.raises(AssertionError, match=trouble):
        shown(body).get("/")


FORM = """<form method="post"><input type="hidden" name="csrf_token" value="t">
<label for="n">Name</label><input id="n" name="name" value="as it was">
<label for="a">A</label><input type="radio" id="a" name="kind" value="a" checked>
<label for="b">B</label><input type="radio" id="b" name="kind" value="b">
<label for="k">Tick</label><input type="checkbox" id="k" name="tick" value="y">
<label for="s">Land</label><select id="s" name="land"><option value="">-</option>
<option value="SY" selected>Syria</option></select>
<label for="t">Text</label><textarea id="t" name="text">
one
two</textarea><button name="go" value="1">Send it</button></form>"""


def test_a_form_sends_what_a_browser_would() -> None:
    browser = shown(FORM)
    browser.get("/")
    assert browser.submit(button="Send it").text.endswith(
        "csrf_token=t&name=as it was&kind=a&land=SY&text=one two&go=1")


def test_filled_fields_replace_what_stood_there() -> None:
    browser = shown(FORM)
    browser.get("/")
    page = browser.submit({"name": "new", "kind": "b", "tick": True, "land": ""}, smuggled={"more": "x"})
    for sent in ("name=new", "kind=b", "tick=y", "land=&", "more=x"):
        assert sent in page.source.replace("&amp;", "&")
    assert "kind=a" not in page.source


@pytest.mark.parametrize("filled", [{"other": "x"}, {"kind": "c"}, {"land": "XX"}])
def test_what_a_form_does_not_offer_cannot_be_sent(filled: dict[str, str]) -> None:
    browser = shown(FORM)
    browser.get("/")
    with pytest.raises(AssertionError):
        browser.submit(filled)
