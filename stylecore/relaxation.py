"""A better conditioned stand-in for the Gram losses, to descend on at first.

Deep layers answer to fine noise far more strongly than to anything the style asks for.
Nearly all of that curvature lies in the products with the leading eigenvectors of the
Gram, since rectified features have a large mean. An optimiser on the plain objective
spends its steps on keeping those few numbers steady.

Where the stand-in is zero the plain loss is zero too, so it only changes the path; the
last steps are made on the plain objective.
"""

from __future__ import annotations

import torch
from torch import Tensor


class GramMetric:
    """Weighs an error of a Gram by 2k / (λi + λj + 2k) in the target's eigenbasis.

    λ are the target's eigenvalues over their sum. Only the leading `rank` of them are
    told from zero, which makes it cost 6 · rank · C² operations instead of 8 · C³.

    Args:
        target: the style's Gram, `(C, C)` float32, of any scale.
        knee: k; smaller weighs down more. 1 changes almost nothing.
        rank: how many eigenvectors to tell apart.
    """

    def __init__(self, target: Tensor, knee: float = 0.03, rank: int = 16) -> None:
        values, vectors = torch.linalg.eigh(target)
        values = values.clamp_min(0.0)
        share = values / values.sum().clamp_min(1e-30)
        leading = share.flip(0)[:rank]
        self._vectors = vectors.flip(1)[:, :rank].contiguous()
        self._across = 2 * knee / (leading + 2 * knee) - 1
        both = leading[:, None] + leading + 2 * knee
        self._within = 2 * knee / both - 1

    def __call__(self, error: Tensor) -> Tensor:
        """W(D) for a symmetric D = `error`."""
        vectors = self._vectors
        rows = vectors.T @ error
        block = rows @ vectors
        across = vectors @ (self._across[:, None] * (rows - block @ vectors.T))
        within = vectors @ (self._within * block) @ vectors.T
        weighed: Tensor = error + across + across.T + within
        return weighed

    def squared(self, error: Tensor) -> Tensor:
        """Σ D·W(D), whose gradient 2·W(D) costs no second W."""
        weighed = self(error.detach())
        product = (weighed * error).sum()
        return 2 * product - product.detach()
