"""`Smoothing`: the filter from which L-BFGS starts its inverse Hessian."""

from __future__ import annotations

import torch
from torch import Tensor


class Smoothing:
    """A symmetric positive definite filter, |frequency|^(-2 · power), on a torus.

    Gram losses are many times more curved along fine noise than along large patches,
    so a plain gradient mostly makes noise. Filtering it does what optimising the
    picture's Fourier coefficients with amplitudes |frequency|^(-power) would do
    (Olah et al. 2017, Feature Visualization).

    Args:
        shape: of what is filtered; the last two are height and width in px.
        power: 0.5 to 1 pays; 0 filters nothing.
        device: where to filter.
    """

    def __init__(
        self, shape: torch.Size, power: float, device: torch.device | str = "cpu"
    ) -> None:
        self._gain = _gain(shape, power, device) if power else None

    def __call__(self, gradient: Tensor) -> Tensor:
        if self._gain is None:
            return gradient
        found = torch.empty_like(gradient)
        size = gradient.shape[-2:]
        # Plane by plane: the waves of one plane are all that is held besides.
        planes = zip(gradient.view(-1, *size), found.view(-1, *size), strict=True)
        for plane, filtered in planes:
            waves = torch.fft.rfft2(plane).mul_(self._gain)
            torch.fft.irfft2(waves, s=size, out=filtered)
        return found


def _gain(shape: torch.Size, power: float, device: torch.device | str) -> Tensor:
    height, width = shape[-2:]
    down = torch.fft.fftfreq(height, device=device)[:, None]
    across = torch.fft.rfftfreq(width, device=device)[None]
    # The mean of the picture is as free as its largest wave, not infinitely so.
    frequency = torch.hypot(down, across).clamp_min(1.0 / max(height, width))
    return frequency.pow(-2.0 * power)
