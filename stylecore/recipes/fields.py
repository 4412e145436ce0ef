"""The values that the fields of a `Recipe` take."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Strength(StrEnum):
    """How much of the style; each names a preset."""

    SUBTLE = "subtle"
    BALANCED = "balanced"
    STRONG = "strong"
    WILD = "wild"


class Normalisation(StrEnum):
    """How the errors become losses. F, P: features of the picture and of the content,
    C × N; G = F·Fᵀ and A, its counterpart of the style; w: the layer's weight."""

    RELATIVE = "relative"
    """Content w·Σ(F-P)²/Σ(P-mean P)², style w·Σ(G/N-A/N')²/Σ(A/N')², w summing to 1:
    the share of the target's own energy that is missed. No unit is left, so neither
    size, pair nor the scale of the network's weights matters."""
    SEED = "seed"
    """Content w·mean(F-P)², style w·mean(G-A)²/(C·N). Raw Grams can only be compared
    at equal shapes, so the style is stretched to the content's shape."""
    PAPER = "paper"
    """Content w·½Σ(F-P)², style w·Σ(G/N-A/N')²/(4C²)."""
    JOHNSON = "johnson"
    """Content w·mean(F-P)², style w·mean(G/(C·N)-A/(C·N'))²."""


class Variation(StrEnum):
    """What the total variation adds up, over the steps between neighbours."""

    MEAN_SQUARED = "mean-squared"
    """The mean squared step, of RGB in [0, 1]: it weighs the same at every size."""
    SUM_ABSOLUTE = "sum-absolute"
    """The sum of all steps, of RGB in levels of 256, as jcjohnson and kin have it:
    against means it weighs the more the larger the picture."""


class Pooling(StrEnum):
    """What stands between the blocks of the network."""

    MAX = "max"
    AVERAGE = "average"


class Border(StrEnum):
    """What a convolution sees beyond the edge of the picture."""

    ZERO = "zero"
    """Zeros at every layer, as VGG-19 was trained and as the seed and the paper do."""
    EXTEND = "extend"
    """The nearest value again at every layer, on a canvas whose sides are multiples of
    16 so that no row is lost in pooling: no dark or dotted rim."""


class Colors(StrEnum):
    """Whose colours the result has (Gatys et al. 2016, "Preserving color")."""

    STYLE = "style"
    """Those that come with the style."""
    LUMINANCE = "luminance"
    """The content's chroma; only the luma is painted, with the style's luma brought to
    the content's mean and deviation."""
    MATCH = "match"
    """The style's, brought to the content's mean and covariance beforehand."""


class Init(StrEnum):
    """The first picture; a picture given to the run takes its place."""

    CONTENT = "content"
    NOISE = "noise"
    """White noise, uniform in [0, 1]."""
    STYLE = "style"
    """Soft clouds with the mean and the covariance of the style's colours."""
    GREY = "grey"
    """The mean colour of ImageNet with noise of a thousandth of a level, as jcjohnson
    and kin begin."""


class Optimizer(StrEnum):
    """How the picture is improved."""

    ADAM = "adam"
    LBFGS = "lbfgs"


class Space(StrEnum):
    """What the numbers being optimised are."""

    RGB = "rgb"
    """RGB in [0, 1], kept there."""
    NORMALISED = "normalised"
    """RGB less the ImageNet mean, over its deviation; not bounded."""
    CAFFE = "caffe"
    """RGB in levels of 256 less the mean of Caffe's VGG; not bounded. The network sees
    these numbers as they are, some 57 times as large as torchvision's training."""


class LayerWeight(NamedTuple):
    """A layer such as `conv4_2`, meaning its activations after the ReLU."""

    layer: str
    weight: float


class LayerSteps(NamedTuple):
    """So many steps for which the network ends at a layer such as `conv2_1`."""

    layer: str
    steps: int


class Scale(NamedTuple):
    """One level of the coarse-to-fine schedule."""

    width: int
    height: int
    steps: int


LAYERS: Final = (
    *("conv1_1", "conv1_2", "conv2_1", "conv2_2"),
    *("conv3_1", "conv3_2", "conv3_3", "conv3_4"),
    *("conv4_1", "conv4_2", "conv4_3", "conv4_4", "conv5_1"),
)
"""The layers that may be named, in the order in which VGG-19 computes them."""

SMALLEST_SIDE_PX: Final = 32
"""conv5_1 sees one cell for every 16 px; fewer than two by two have no structure."""


_STYLE_LAYERS: Final = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")


def style_layers(*weights: float) -> tuple[LayerWeight, ...]:
    """The weights of conv1_1, conv2_1, conv3_1, conv4_1 and conv5_1."""
    return tuple(map(LayerWeight, _STYLE_LAYERS, weights))
