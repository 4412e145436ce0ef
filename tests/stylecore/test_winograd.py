"""The fast convolutions against plain ones, and where they are used."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from stylecore import winograd
from stylecore.features import VGGFeatures
from stylecore.recipes import Border


def operands(*shape: int, dtype: torch.dtype = torch.float64):
    """A picture of `shape` (channels, h, w), five kernels for it, their biases."""
    generator = torch.Generator().manual_seed(1)
    sizes = (1, *shape), (5, shape[0], 3, 3), (5,)
    return tuple(
        torch.randn(size, dtype=torch.float64, generator=generator).to(dtype)
        for size in sizes
    )


def relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found - expected).detach().norm() / expected.detach().norm())


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("size", [(8, 12), (9, 7), (3, 22)])
def test_convolutions_and_their_gradients_are_the_plain_ones(size, padding):
    x, kernels, biases = operands(7, *size)
    x.requires_grad_()
    plain = F.conv2d(x, kernels, biases, padding=padding)
    upstream = torch.randn_like(plain)

    fast = winograd.convolve(x, winograd.transformed(kernels, x.dtype), biases, padding)

    torch.testing.assert_close(fast, plain, rtol=0, atol=1e-12)
    torch.testing.assert_close(
        *(torch.autograd.grad(y, x, upstream)[0] for y in (fast, plain)),
        rtol=0,
        atol=1e-12,
    )


def test_pictures_in_several_chunks_are_seamless(monkeypatch):
    x, kernels, biases = operands(3, 37, 10)
    monkeypatch.setattr(winograd, "_CHUNK", 36 * 3 * 5 * 2)

    fast = winograd.convolve(x, winograd.transformed(kernels, x.dtype), biases)

    plain = F.conv2d(x, kernels, biases, padding=1)
    torch.testing.assert_close(fast, plain, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("dtype", "bound"), [(torch.float32, 1e-5), (torch.bfloat16, 0.04)]
)
def test_rounding_errors_stay_small(dtype, bound):
    x, kernels, biases = operands(64, 24, 24)
    plain = F.conv2d(x, kernels, biases, padding=1)

    fast = winograd.convolve(
        x.to(dtype), winograd.transformed(kernels, dtype), biases.to(dtype)
    )

    assert fast.dtype is dtype
    assert relative(fast.double(), plain) < bound


def test_results_are_channels_last_so_that_grams_need_no_copy():
    x, kernels, biases = operands(4, 8, 8)

    fast = winograd.convolve(x, winograd.transformed(kernels, x.dtype), biases)

    # All strides, the single picture's too: PyTorch guesses the layout from them.
    assert fast.stride() == (5 * 64, 1, 5 * 8, 5)


def test_only_wide_layers_with_tiles_enough_are_convolved_fast():
    cpu, cuda = torch.device("cpu"), torch.device("cuda")

    assert winograd.suits(cpu, torch.float32, (128, 64))
    assert not winograd.suits(cpu, torch.float32, (64, 64))
    assert not winograd.suits(cpu, torch.float32, (512, 3))
    assert not winograd.suits(cpu, torch.float64, (512, 512))
    assert not winograd.suits(cuda, torch.bfloat16, (512, 512))
    assert winograd.fills(torch.empty(1, 512, 12, 13), 512)
    assert not winograd.fills(torch.empty(1, 512, 12, 8), 512)
    assert not winograd.fills(torch.empty(1, 256, 12, 13), 256)


@pytest.mark.parametrize("border", Border)
def test_a_network_with_fast_convolutions_sees_and_returns_the_same(
    tensors, monkeypatch, border
):
    picture = torch.rand(3, 76, 100, generator=torch.Generator().manual_seed(1))
    layers = ["conv2_2", "conv3_1"]
    calls = []
    fast = winograd.convolve

    def counted(*args):
        calls.append(args)
        return fast(*args)

    def seen(dtype):
        point = picture.to(dtype).requires_grad_()
        found = VGGFeatures(tensors, dtype=dtype)(point, layers, border=border)
        loss = torch.stack([x.square().mean() for x in found.values()]).sum()
        return [*found.values(), *torch.autograd.grad(loss, point)]

    monkeypatch.setattr(winograd, "convolve", counted)
    plain = seen(torch.float64)
    assert not calls
    with_fast = seen(torch.float32)
    assert len(calls) == 3

    for found, expected in zip(with_fast, plain, strict=True):
        # Rounding turns the sign of some features that are all but 0.
        assert relative(found.double(), expected) < 3e-3
