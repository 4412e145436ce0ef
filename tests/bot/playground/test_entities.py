"""Formatted text there and back, UTF-16 offsets included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.entities import detect, parse_html, strip, to_html, utf16_length


@pytest.mark.parametrize(
    ("source", "plain", "kinds"),
    [
        ("plain", "plain", []),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("🎨<u>x</u>", "🎨x", [("underline", 2, 1)]),
        ("<pre>1 &gt; 0</pre>", "1 > 0", [("pre", 0, 5)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        (
            "<blockquote expandable>x</blockquote>",
            "x",
            [("expandable_blockquote", 0, 1)],
        ),
        ("&lt;b&gt; &amp;amp; &#33; &nbsp;", "<b> &amp; ! &nbsp;", []),
        ("<b></b>x", "x", []),
    ],
)
def test_html_is_parsed(source, plain, kinds):
    text, entities = parse_html(source)
    assert text == plain
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == kinds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", 0, 6)]),
        ("🎨 /style@some_bot", [("bot_command", 3, 15)]),
        ("1/2 and a/b", []),
        ("see https://example.org/a/b ok", [("url", 4, 23)]),
        ("@ada_p, #art", [("mention", 0, 6), ("hashtag", 8, 4)]),
    ],
)
def test_commands_links_and_names_are_detected(text, found):
    assert [(e["type"], e["offset"], e["length"]) for e in detect(text)] == found


def test_blank_margin_is_cut_and_entities_follow():
    bold = {"type": "bold", "offset": 0, "length": 5}
    text, entities = strip("  ab ", [bold])
    assert text == "ab"
    assert entities == [bold | {"length": 2}]


def test_overlapping_marks_still_give_well_formed_html():
    marks = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "italic", "offset": 1, "length": 2},
    ]
    assert to_html("abc", marks) == "<b>a<i>b</i></b><i>c</i>"


def test_text_is_escaped_inside_and_outside_of_marks():
    mark = {"type": "code", "offset": 0, "length": 3}
    assert to_html("<b>&<i>", [mark]) == "<code>&lt;b&gt;</code>&amp;&lt;i&gt;"


def test_dangerous_links_lead_nowhere():
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}
    assert 'href="about:blank"' in to_html("x", [link])


@given(st.text(max_size=60))
def test_any_text_survives_escaping_and_parsing(text):
    source = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(source) == (text, [])
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2
