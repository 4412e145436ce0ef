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
    assert unknown.waiting_s(1) is None
    assert unknown.untrained


def test_a_picture_takes_its_pixel_steps_at_the_measured_rate():
    steps = preset(Strength.WILD).pixel_steps(400, 300)

    assert studio().painting_s("wild") == pytest.approx(steps * 1e-6)


@pytest.mark.parametrize(
    ("slots", "place", "rounds"), [(1, 1, 0.5), (1, 3, 2.5), (2, 2, 0.5), (2, 3, 1.5)]
)
def test_the_wait_grows_with_the_place_and_shrinks_with_the_slots(slots, place, rounds):
    busy = studio(slots=slots)
    each_s = busy.painting_s()

    assert each_s is not None
    assert busy.waiting_s(place) == pytest.approx(rounds * each_s)


def test_what_the_engine_says_about_its_weights_outweighs_what_was_expected():
    assert studio(weights="untrained").untrained
    assert not studio(weights="trained").untrained
