import pytest

from bot.chat.texts import texts_for

TEXTS = texts_for("en")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (None, "In line…"),
        (1, "In line: yours is next."),
        (2, "In line: 1 picture is before yours."),
        (3, "In line: 2 pictures are before yours."),
    ],
)
def test_the_place_in_line_is_counted_in_proper_english(place, said):
    assert TEXTS.queued(place, None) == said


def test_progress_is_a_bar_percent_and_the_time_left():
    assert TEXTS.progress(0.5, 22) == "▰▰▰▰▰▰▱▱▱▱▱▱  50%\nPainting, about 20 s left"
    assert TEXTS.progress(0, 22).startswith("▱" * 12 + "  0%")
    assert TEXTS.progress(1.2, 0).startswith("▰" * 12)


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (1, "1 картинка"),
        (2, "2 картинки"),
        (5, "5 картинок"),
        (11, "11 картинок"),
        (21, "21 картинка"),
        (22, "22 картинки"),
    ],
)
def test_russian_counts_pictures_in_three_ways(ahead, said):
    assert texts_for("ru").queued(ahead + 1, None).endswith(f"{said}.")


@pytest.mark.parametrize("ahead", [1, 2, 5, 21])
def test_chinese_counts_pictures_in_one_way(ahead):
    assert f"{ahead} 张图" in texts_for("zh").queued(ahead + 1, None)
