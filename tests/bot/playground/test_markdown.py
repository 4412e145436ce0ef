"""MarkdownV2: entities out of marks, and Telegram's words where there are none."""

import pytest

from bot.playground.errors import ApiError
from bot.playground.markdown import parse_markdown
from bot.playground.world import ADA_ID


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("plain 🎨", "plain 🎨", []),
        ("*b* _i_ __u__ ~s~", "b i u s", ["bold", "italic", "underline"]),
        ("||hidden||", "hidden", ["spoiler"]),
        (r"1\.5 \*x\* \\", "1.5 *x* \\", []),
        ("`a.b*`", "a.b*", ["code"]),
        ("```py\nx = 1.0```", "x = 1.0", ["pre"]),
        ("*a _b_ c*", "a b c", ["bold", "italic"]),
        ("**", "", []),
    ],
)
def test_marks_become_entities(source, text, marks):
    plain, entities = parse_markdown(source)
    assert plain == text
    assert [one["type"] for one in entities][: len(marks)] == marks
    assert bool(entities) == bool(marks)


def test_offsets_count_utf16_units():
    _, entities = parse_markdown("🎨 *b🎨* [link](https://a.example/?q=1.5)")
    assert entities == [
        {"type": "bold", "offset": 3, "length": 3},
        {
            "type": "text_link",
            "offset": 7,
            "length": 4,
            "url": "https://a.example/?q=1.5",
        },
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "1.5",
            "Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        (
            "really!",
            "Character '!' is reserved and must be escaped with the preceding '\\'",
        ),
        ("é *bold", "Can't find end of Bold entity at byte offset 3"),
        ("_a *b_ c*", "Can't find end of Bold entity at byte offset 8"),
        ("`code", "Can't find end of Code entity at byte offset 0"),
        ("[link]", "Can't find end of a URL at byte offset 6"),
    ],
)
def test_what_cannot_be_parsed_is_explained_in_telegrams_words(source, reason):
    with pytest.raises(ApiError) as caught:
        parse_markdown(source)
    assert str(caught.value) == f"Bad Request: can't parse entities: {reason}"


async def test_bot_may_write_in_it(bot):
    sent = await bot.send_message(ADA_ID, "*b*\\.", parse_mode="MarkdownV2")
    assert (sent.text, sent.entities[0].type) == ("b.", "bold")
