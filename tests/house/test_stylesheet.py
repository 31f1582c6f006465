"""The stylesheet, scripts and fonts keep the promises the pages rest on: direction, contrast, weight."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "coalition" / "static"
CSS = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / "app.css").read_text("utf-8"), flags=re.DOTALL)

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|left|right|top|bottom|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear|justify-content|justify-self)\s*:\s*(?:left|right)\b"
)


FONT = re.compile(r'fonts/([\w-]+)\.\d+\.woff2"\)[^}]*unicode-range:\s*([^;]+);')


def without_media_conditions(css: str) -> str:
    """What a screen's width is asked by has no logical name; everything else has."""
    return re.sub(r"@media[^{]+\{", "{", css)


def test_no_rule_names_a_physical_side() -> None:
    assert PHYSICAL.findall(without_media_conditions(CSS)) == []


@pytest.mark.parametrize("rule", ["margin-left: 1em", "text-align:right", "a { left: 0", "min-width: 3px"])
def test_the_search_for_physical_sides_finds_them(rule: str) -> None:
    assert PHYSICAL.search(rule)


def test_no_shorthand_sets_the_two_inline_sides_differently() -> None:
    four = re.findall(r"(?<![\w-])(?:margin|padding|inset|border-width)\s*:\s*([^;}]+)", CSS)
    values = [re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "()", value).split() for value in four]
    assert [value for value in values if len(value) == 4 and value[1] != value[3]] == []


def test_every_custom_property_is_defined_and_used() -> None:
    used = set(re.findall(r"var\((--[\w-]+)", CSS))
    defined = set(re.findall(r"(--[\w-]+)\s*:", CSS))
    assert used == defined


def test_dark_colours_are_given_only_to_browsers_that_know_them() -> None:
    plain, _, modern = CSS.partition("@supports (color: light-dark(black, white))")
    assert "light-dark(" not in plain
    light = dict(re.findall(r"(--[\w-]+):\s*(#\w{6})", plain))
    for name, value in re.findall(r"(--[\w-]+):\s*light-dark\((#\w{6})", modern):
        assert light[name] == value, f"{name} differs between old and new browsers"


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colours(mode: int) -> dict[str, str]:
    plain, _, modern = CSS.partition("@supports (color: light-dark(black, white))")
    found = dict(re.findall(r"(--[\w-]+):\s*(#\w{6})", plain))
    if mode:
        found.update(
            (name, dark)
            for name, _, dark in re.findall(r"(--[\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)", modern)
        )
    return found


TEXT_ON = {
    "paper": "ink muted accent error amber-ink",
    "desk": "ink muted accent",
    "tint": "ink muted accent accent-strong",
    "button": "on-button",
    "button-hover": "on-button",
    "grey-tint": "ink grey-ink",
    "blue-tint": "ink blue-ink",
    "amber-tint": "ink amber-ink",
    "green-tint": "ink green-ink",
    "red-tint": "ink red-ink error",
}
EDGE_ON = {"paper": "edge accent error", "desk": "edge accent", "ring": "focus", "grey-tint": "accent"}


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_text_and_edges_stand_out_from_what_is_behind_them(mode: int) -> None:
    colour = colours(mode)
    found = {
        (front, back): (contrast(colour[f"--{front}"], colour[f"--{back}"]), needed)
        for table, needed in ((TEXT_ON, 4.5), (EDGE_ON, 3.0))
        for back, fronts in table.items()
        for front in fronts.split()
    }
    assert {pair: got for pair, (got, needed) in found.items() if got < needed} == {}


def test_the_scripts_weigh_at_most_six_kilobytes_together() -> None:
    """Without `passkey.js`: browsers hand passkeys to scripts only, and its pages alone, which nobody but staff opens,
    load it."""
    sizes = {path.name: path.stat().st_size for path in (STATIC / "js").glob("*.js")}
    assert sizes.pop("passkey.js") <= 1024
    assert sum(sizes.values()) <= 6 * 1024
    pages = (ROOT / "templates").rglob("*.html")
    assert {path.name for path in pages if "script('passkey')" in path.read_text("utf-8")} == {
        "passkey_add.html", "passkey_form.html", "passkey_sign_in.html", "second_step.html", "verify.html"}


def test_the_fonts_are_all_used_and_weigh_at_most_400_kilobytes() -> None:
    files = {path.name: path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")}
    assert set(re.findall(r"fonts/([\w.-]+\.woff2)", CSS)) == set(files)
    assert sum(files.values()) <= 400 * 1024


def test_each_font_is_asked_for_by_the_ranges_it_was_made_from(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("make_web_fonts", ROOT / "tools" / "make_web_fonts.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, tool)
    spec.loader.exec_module(tool)
    asked = {
        name: " ".join(part.strip().removeprefix("U+") for part in ranges.split(","))
        for name, ranges in re.findall(FONT, CSS)
    }
    assert asked == {face.name: tool.RANGES[face.script] for face in tool.faces()}


def test_nothing_is_fetched_from_elsewhere() -> None:
    sources = [path for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg")]
    assert sources
    text = "".join(path.read_text("utf-8") for path in sources)
    assert set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)) <= {"http://www.w3.org"}
