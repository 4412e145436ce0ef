import pytest

from bot.chat.studio import Studio
from bot.executors.base import EngineProfile
from stylecore.recipes import Strength, preset


def studio(**changes):
    known = Studio(untrained=False)
    fields = {
        "device": "2 CPU cores",
        "weights": "trained",
        "default_edge_px": 400,
        "largest_edge_px": 1000,
        "seconds_per_pixel_step": 1e-6,
        "slots": 1,
    }
    known.profile = EngineProfile(**{**fields, **changes})
    return known


def test_before_the_engine_is_ready_nothing_is_promised():
    unknown = Studio(untrained=True)

    assert unknown.painting_s() is None
    assert unknown.occupied_s("wild", (400, 300)) == 0
    assert unknown.untrained


def test_a_picture_takes_its_pixel_steps_at_the_measured_rate():
    steps = preset(Strength.WILD).pixel_steps(400, 300)

    assert studio().painting_s("wild") == pytest.approx(steps * 1e-6)


def test_pictures_that_take_longer_than_expected_correct_what_is_said():
    slow = studio()
    expected_s = slow.painting_s()

    slow.learn(10, 15)

    assert slow.painting_s() == pytest.approx(1.5 * expected_s)


def test_one_night_asleep_does_not_spoil_the_experience():
    known = studio()
    expected_s = known.painting_s()

    for occupied_s in (12, 30_000, 12):
        known.learn(10, occupied_s)

    assert known.painting_s() == pytest.approx(1.2 * expected_s)


def test_a_machine_that_has_become_faster_is_soon_believed():
    known = studio()
    expected_s = known.painting_s()

    for occupied_s in [30] * 20 + [10] * 9:
        known.learn(10, occupied_s)

    assert known.painting_s() == pytest.approx(expected_s)


@pytest.mark.parametrize(
    ("size", "edge_px", "fitted"),
    [
        ((4000, 2000), None, (400, 200)),
        ((300, 100), None, (300, 100)),
        ((2000, 4000), 800, (400, 800)),
    ],
)
def test_a_picture_is_reckoned_at_the_size_it_is_painted(size, edge_px, fitted):
    steps = preset(Strength.STRONG).pixel_steps(*fitted)
    reckoned_s = studio().occupied_s("strong", size, edge_px=edge_px)

    assert reckoned_s == pytest.approx(steps * 1e-6)


def test_what_the_engine_says_about_its_weights_outweighs_what_was_expected():
    assert studio(weights="untrained").untrained
    assert not studio(weights="trained").untrained


def test_sizes_go_up_by_half_as_far_as_the_engine_goes():
    known = studio(default_edge_px=400, largest_edge_px=1000)

    assert [known.next_edge(edge) for edge in (None, 400, 608)] == [608, 608, 912]
    assert known.next_edge(800) == 1000


@pytest.mark.parametrize("edge_px", [912, 1000, 2000])
def test_there_is_no_size_beyond_the_engine_nor_one_that_looks_the_same(edge_px):
    assert studio(largest_edge_px=1000).next_edge(edge_px) is None


def test_before_the_engine_is_ready_no_larger_size_is_offered():
    assert Studio(untrained=True).next_edge() is None
