"""What `answerInlineQuery` takes, and Telegram's words for what it does not."""

import asyncio

import pytest

WORDS = {"message_text": "words"}
ARTICLE = {"type": "article", "id": "1", "title": "A", "input_message_content": WORDS}
PHOTO = {"type": "photo", "id": "1"}
PARSING = "can't parse inline query result: "


@pytest.fixture
def answered(ada, call):
    """Answers a query with parameters; status and description or result."""

    async def answered(**parameters):
        asking = asyncio.create_task(ada.inline())
        _, updates = await call("getUpdates", timeout=5)
        number = updates[-1]["inline_query"]["id"]
        outcome = await call("answerInlineQuery", inline_query_id=number, **parameters)
        asking.cancel()
        return outcome

    return answered


@pytest.mark.parametrize(
    ("results", "description"),
    [
        ({}, "expected an Array of inline query results"),
        ([1], PARSING + "Inline query result must be an object"),
        ([{**ARTICLE, "id": str(n)} for n in range(51)], "RESULTS_TOO_MUCH"),
        ([ARTICLE, ARTICLE], "RESULT_ID_DUPLICATE"),
        ([{**ARTICLE, "id": ""}], "RESULT_ID_INVALID"),
        ([{**ARTICLE, "id": "é" * 33}], "RESULT_ID_INVALID"),
        (
            [{**ARTICLE, "type": "smoke"}],
            PARSING + 'type "smoke" is unsupported for the inline query result',
        ),
        ([{**ARTICLE, "title": ""}], PARSING + 'Can\'t find field "title"'),
        (
            [{"type": "article", "id": "1", "title": "A"}],
            PARSING + 'Can\'t find field "message_text"',
        ),
        (
            [{**ARTICLE, "input_message_content": {"message_text": " "}}],
            PARSING + "Message text is empty",
        ),
        (
            [
                {
                    **ARTICLE,
                    "input_message_content": {
                        "message_text": "<b",
                        "parse_mode": "HTML",
                    },
                }
            ],
            PARSING + "Can't parse entities: Unclosed start tag at byte offset 0",
        ),
        ([PHOTO], PARSING + 'Can\'t find field "photo_file_id"'),
        (
            [{**PHOTO, "photo_url": "https://example.org/a.jpg"}],
            PARSING + 'Can\'t find field "thumbnail_url"',
        ),
        (
            [{**PHOTO, "photo_file_id": "AgAC"}],
            PARSING + "Wrong file identifier/HTTP URL specified",
        ),
        (
            [{"type": "mpeg4_gif", "id": "1"}],
            PARSING + 'Can\'t find field "mpeg4_file_id"',
        ),
        (
            [
                {
                    **ARTICLE,
                    "reply_markup": {
                        "inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]
                    },
                }
            ],
            "BUTTON_DATA_INVALID",
        ),
        (
            [{**ARTICLE, "reply_markup": {"force_reply": True}}],
            PARSING + "Inline keyboard expected",
        ),
    ],
)
async def test_refused_results_are_explained_in_telegrams_words(
    answered, results, description
):
    assert await answered(results=results) == (400, f"Bad Request: {description}")


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"next_offset": "é" * 33}, "NEXT_OFFSET_INVALID"),
        (
            {"button": {"text": "x"}},
            "exactly one of web_app and start_parameter must be used",
        ),
        ({"button": {"text": "x", "start_parameter": ""}}, "START_PARAM_EMPTY"),
        ({"button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        (
            {"button": {"text": "x", "start_parameter": "x" * 65}},
            "START_PARAM_INVALID",
        ),
    ],
)
async def test_refused_offset_and_button(answered, parameters, description):
    outcome = await answered(results=[ARTICLE], **parameters)
    assert outcome == (400, f"Bad Request: {description}")


async def test_answer_at_its_limits_is_taken(answered):
    results = [{**ARTICLE, "id": f"{n:0>64}"} for n in range(50)]
    button = {"text": "x", "start_parameter": "x" * 64}
    outcome = await answered(results=results, next_offset="x" * 64, button=button)
    assert outcome == (200, True)


async def test_photo_from_elsewhere_is_offered_but_cannot_be_fetched_here(ada, call):
    url = "https://example.org/a.jpg"
    result = {**PHOTO, "photo_url": url, "thumbnail_url": url, "caption": "far"}
    asking = asyncio.create_task(ada.inline())
    _, updates = await call("getUpdates", timeout=5)
    number = updates[-1]["inline_query"]["id"]
    await call("answerInlineQuery", inline_query_id=number, results=[result])
    offered = await asking
    with pytest.raises(Exception, match="400"):
        await ada.choose(offered, "1")
    assert await ada.messages() == []
