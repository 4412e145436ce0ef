"""Styles that were seen before: never looked at again, and never mistaken."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

import pytest
import torch
from PIL import Image
from torch import Tensor

from stylecore.cache import StyleCache
from stylecore.features import VGGFeatures
from stylecore.objective import Objective
from stylecore.recipes import Border, LayerWeight, Pooling, Recipe, Space
from stylecore.styles import Style
from stylecore.targets import Statistic, StylePixels
from stylecore.tiles import TiledObjective
from stylecore.transfer import StyleTransfer

RECIPE = Recipe(
    content_layers=(LayerWeight("conv2_1", 1.0),),
    style_layers=(LayerWeight("conv1_1", 1.0), LayerWeight("conv2_1", 1.0)),
    coarsest_edge_px=48,
    first_steps=2,
    last_steps=2,
)


def changed(**fields: object) -> Recipe:
    return dataclasses.replace(RECIPE, **fields)  # type: ignore[arg-type]  # by use


def noise(seed: int, height: int = 40, width: int = 48) -> Tensor:
    return torch.rand(3, height, width, generator=torch.Generator().manual_seed(seed))


def image(seed: int, width: int = 96, height: int = 64) -> Image.Image:
    coarse = noise(seed, 4, 6).mul(255).byte().permute(1, 2, 0).numpy()
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def network(tensors) -> VGGFeatures:
    return VGGFeatures(tensors)


@pytest.fixture
def passes(monkeypatch):
    """The sizes of all pictures that the network has looked at."""
    seen: list[tuple[int, int]] = []
    look = VGGFeatures.__call__

    def counted(self, picture, *arguments):
        seen.append((picture.shape[2], picture.shape[1]))
        return look(self, picture, *arguments)

    monkeypatch.setattr(VGGFeatures, "__call__", counted)
    return seen


def paint(engine: StyleTransfer, recipe: Recipe = RECIPE, content: int = 1) -> Tensor:
    events = engine.run(image(content), image(9, 80, 72), recipe, edge_px=96)
    return list(events)[-1].pixels


def test_the_next_run_with_a_style_does_not_look_at_it_again(tensors, passes):
    engine = StyleTransfer(tensors, device="cpu")
    paint(engine)
    first, at_styles = list(passes), [(48, 43), (80, 72)]
    passes.clear()

    paint(engine, changed(beta=200.0, alpha=2.0), content=2)

    assert [size for size in first if size in at_styles] == at_styles
    assert passes == [size for size in first if size not in at_styles]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_run_on_known_styles_paints_the_same_bits_as_one_on_new_ones(tensors, dtype):
    stronger = changed(beta=100.0)
    used = StyleTransfer(tensors, device="cpu", dtype=dtype)
    paint(used, content=2)

    again = paint(used, stronger)

    assert torch.equal(again, paint(StyleTransfer(tensors, "cpu", dtype), stronger))


def looks(network, passes, cache, recipe=RECIPE, style=None, tile_px=None) -> bool:
    """Whether the network has to look at the style."""
    passes.clear()
    styles = [style or StylePixels(picture=noise(5, 36, 44))]
    if tile_px is None:
        Objective(network, recipe, noise(1), styles, cache)
    else:
        TiledObjective(network, recipe, noise(1), styles, tile_px, cache)
        return len(passes) > tiles_of_the_content(tile_px)
    return len(passes) > 1


def tiles_of_the_content(tile_px: int) -> int:
    # 40 × 48 px are 2 × 3 cells of 16 px.
    return {16: 6, 32: 2}[tile_px]


def mask(seed: int) -> Tensor:
    return noise(seed, 36, 44)[0]


@pytest.mark.parametrize(
    "other",
    [
        {"style": StylePixels(picture=noise(6, 36, 44))},
        {"style": StylePixels(picture=noise(5, 35, 44))},
        {"style": StylePixels(picture=noise(5, 36, 44), mask=mask(1))},
        {"recipe": changed(pooling=Pooling.AVERAGE)},
        {"recipe": changed(border=Border.EXTEND)},
        {"recipe": changed(space=Space.CAFFE)},
        {"recipe": changed(style_layers=RECIPE.style_layers[:1])},
        {"tile_px": 16},
    ],
    ids=["picture", "size", "mask", "pooling", "border", "space", "layers", "tiles"],
)
def test_what_changes_the_statistics_is_looked_at_anew(network, passes, other):
    cache = StyleCache()
    assert looks(network, passes, cache)
    assert not looks(network, passes, cache)

    assert looks(network, passes, cache, **other)
    assert not looks(network, passes, cache, **other)


def test_other_masks_and_other_tiles_are_told_apart(network, passes):
    cache, picture = StyleCache(), noise(5, 36, 44)
    for seed in (1, 2):
        masked = StylePixels(picture=picture, mask=mask(seed))
        assert looks(network, passes, cache, style=masked)
    for tile_px in (16, 32):
        assert looks(network, passes, cache, tile_px=tile_px)


def test_where_a_style_is_painted_does_not_matter(network, passes):
    cache = StyleCache()
    looks(network, passes, cache)
    region = StylePixels(picture=noise(5, 36, 44), region=noise(3)[0])

    assert not looks(network, passes, cache, style=region)


ALTERNATIVES = {
    "content_layers": (LayerWeight("conv1_2", 1.0),),
    "style_layers": (LayerWeight("conv1_2", 1.0), LayerWeight("conv2_1", 0.5)),
    "blend": (3.0,),
    "coarsest_edge_px": 64,
}


@pytest.mark.parametrize("name", [f.name for f in dataclasses.fields(Recipe)])
def test_no_field_of_a_recipe_makes_a_known_style_mislead(network, name):
    value = getattr(RECIPE, name)
    if name in ALTERNATIVES:
        others = [ALTERNATIVES[name]]
    elif isinstance(value, bool):
        others = [not value]
    elif isinstance(value, StrEnum):
        others = [kind for kind in type(value) if kind is not value]
    elif isinstance(value, int | float):
        others = [value / 2 + 1 if isinstance(value, float) else value + 1]
    else:
        others = []
    content, style = noise(1), noise(5)

    for other in others:
        if name in ("init_noise", "detail", "relaxation"):
            other = 0.5
        cache, recipe = StyleCache(), changed(**{name: other})
        Objective(network, RECIPE, content, style, cache)
        known = Objective(network, recipe, content, style, cache)
        fresh = Objective(network, recipe, content, style)

        losses = [each.evaluate(noise(2)).losses for each in (known, fresh)]
        assert torch.equal(*losses)


def statistics(floats: int) -> dict[str, Statistic]:
    return {"conv1_1": Statistic(gram=torch.zeros(floats), positions=1.0)}


def test_the_cache_forgets_what_was_used_longest_ago_and_keeps_to_its_limit():
    cache, found = StyleCache(limit_bytes=3000), []

    def ask(seed: int, floats: int = 250) -> None:
        def find() -> dict[str, Statistic]:
            found.append(seed)
            return statistics(floats)

        cache.statistics(StylePixels(picture=noise(seed, 2, 2)), None, find)

    for seed in (1, 2, 3, 1, 4):
        ask(seed)
    assert (len(cache), cache.bytes) == (3, 3000)
    assert found == [1, 2, 3, 4]

    ask(1)
    ask(3)
    assert found == [1, 2, 3, 4]
    ask(2)
    assert found == [1, 2, 3, 4, 2]

    ask(5, floats=2000)
    assert (len(cache), cache.bytes) == (0, 0)


def test_masks_of_a_run_reach_the_cache(tensors, passes):
    engine = StyleTransfer(tensors, device="cpu")
    painting = image(9, 80, 72)
    left = Image.new("L", painting.size)
    left.paste(255, (0, 0, 40, 72))
    one_scale = changed(coarsest_edge_px=None)
    counts = []
    for lens in (None, left, left):
        passes.clear()
        style = Style(picture=painting, mask=lens)
        list(engine.run(image(1), style, one_scale, edge_px=96))
        counts.append(passes.count((80, 72)))

    assert counts == [1, 1, 0]
