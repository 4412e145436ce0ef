"""Pictures, weights and a web server made for the tests of stylecore."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from typer.testing import CliRunner

from stylecore import images
from stylecore.cli import app
from stylecore.features import CONV_SHAPES, weight_names
from stylecore.objective import Evaluation
from stylecore.optimizers import Evaluate
from stylecore.untrained import untrained_weights
from stylecore.weight_files import save
from stylecore.weights import SLIM_NAME

Encode = Callable[..., bytes]


def objective(function) -> Evaluate:
    """An objective of any differentiable function of the numbers."""

    def evaluate(numbers: Tensor) -> Evaluation:
        point = numbers.detach().requires_grad_()
        loss = function(point)
        (gradient,) = torch.autograd.grad(loss, point)
        return Evaluation(losses=loss.detach().expand(4), gradient=gradient)

    return evaluate


def numbers(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def rosenbrock(x: Tensor) -> Tensor:
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


@pytest.fixture
def quarters() -> Image.Image:
    """96 × 64 px: red, green above blue, yellow; every turn and mirroring shows."""
    image = Image.new("RGB", (96, 64), (220, 40, 30))
    image.paste((30, 180, 60), (48, 0, 96, 32))
    image.paste((40, 60, 210), (0, 32, 48, 64))
    image.paste((230, 220, 40), (48, 32, 96, 64))
    return image


@pytest.fixture
def encode() -> Encode:
    """Encodes an image: `encode(image, "HEIC", **options_of_the_encoder)`."""

    def encoded(image: Image.Image, name: str, **options: object) -> bytes:
        file = io.BytesIO()
        if name == "HEIC":
            import pillow_heif

            pillow_heif.from_pillow(image).save(file, **options)
        else:
            image.save(file, name, **options)
        return file.getvalue()

    return encoded


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A folder with structured weights that are quicker to read than to make."""
    folder = tmp_path_factory.mktemp("cache")
    save(untrained_weights(), folder / SLIM_NAME)
    return folder


@pytest.fixture
def run(cache):
    runner = CliRunner()
    env = {"STYLECORE_CACHE": str(cache)}
    return lambda *arguments: runner.invoke(app, list(map(str, arguments)), env=env)


@pytest.fixture
def pair(tmp_path, quarters):
    """Paths of a 96 × 64 px content and a striped style."""
    stripes = np.zeros((70, 90, 3), np.uint8)
    stripes[:, ::6] = stripes[:, 1::6] = (240, 160, 20)
    content, style = tmp_path / "content.png", tmp_path / "style.png"
    quarters.save(content)
    Image.fromarray(stripes).save(style)
    return content, style


@pytest.fixture
def paint(run, pair, tmp_path):
    """Paints at 64 px in a few steps; returns the pixels."""

    def painted(*arguments, steps=2):
        output = tmp_path / "painted.png"
        tiny = ("--device", "cpu", "--edge", "64", "--last-steps")
        result = run("transfer", *pair, "-o", output, *tiny, steps, *arguments)
        assert result.exit_code == 0, result.output
        return np.asarray(images.load(output, images.Limits(min_side_px=1)))

    return painted


def state_dict():
    """Torchvision's names and shapes up to conv5_1, and a little of what follows."""
    generator = torch.Generator().manual_seed(1)
    tensors = {
        "features.30.weight": torch.zeros(8, 8, 3, 3),
        "classifier.0.weight": torch.zeros(8, 8),
    }
    for layer, (outputs, inputs) in CONV_SHAPES.items():
        kernels, biases = weight_names(layer)
        numbers = torch.rand(outputs, inputs, 3, 3, generator=generator) - 0.5
        # He's scale, so that one can paint with them.
        tensors[kernels] = numbers * (24 / (9 * inputs)) ** 0.5
        tensors[biases] = torch.rand(outputs, generator=generator)
    return tensors


@pytest.fixture(scope="session")
def tensors():
    return state_dict()


@pytest.fixture(scope="session")
def pth(tensors, tmp_path_factory):
    path = tmp_path_factory.mktemp("torchvision") / "vgg19.pth"
    torch.save(tensors, path)
    return path


@pytest.fixture
def server(monkeypatch):
    """A web server on loopback; `server.serve(data)` changes what it answers."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as running:
        yield running


class Server:
    """Serves one body under every name, and misbehaves on request."""

    def __init__(self):
        self.body = b""
        self.status = 200
        self.announced = None
        self.hang_after = None
        self.move_from = None
        self.requests = []
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self):
                outer.answer(self, with_body=False)

            def do_GET(self):
                outer.answer(self, with_body=True)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self._http.shutdown()
        self._thread.join(10)
        self._http.server_close()

    @property
    def address(self):
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def url(self):
        return f"{self.address}/vgg19-{self.sha256[:8]}.pth"

    @property
    def sha256(self):
        return hashlib.sha256(self.body).hexdigest()

    def answer(self, handler, *, with_body):
        self.requests.append((handler.command, handler.path))
        if handler.path == self.move_from:
            handler.send_response(302)
            handler.send_header("Location", self.url)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        if self.hang_after == 0:
            self.released.wait(20)
            return
        handler.send_response(self.status)
        handler.send_header("Content-Length", str(self.announced or len(self.body)))
        handler.end_headers()
        if with_body:
            handler.wfile.write(self.body[: self.hang_after])
            handler.wfile.flush()
        if self.hang_after:
            self.released.wait(20)


@pytest.fixture(scope="session")
def wide_gamut() -> bytes:
    """A minimal ICC profile (ICC.1:2001, section 6) wider than sRGB, its gamma 1.8.

    Its primaries are those of ProPhoto (ROMM, ISO 22028-2), adapted to D50.
    """
    columns = {
        b"rXYZ": (0.79767, 0.28804, 0.0),
        b"gXYZ": (0.13519, 0.71188, 0.0),
        b"bXYZ": (0.03134, 0.00009, 0.82491),
        b"wtpt": (0.96420, 1.0, 0.82491),
    }
    tags = {
        name: b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(x * 65536) for x in xyz))
        for name, xyz in columns.items()
    }
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(1.8 * 256)) + b"\0\0"
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"wide\0" + b"\0" * 79
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    header = struct.pack(">I", start + len(body)) + b"\0" * 4 + b"\x02\x10\0\0"
    header += b"mntrRGB XYZ " + b"\0" * 12 + b"acsp"
    header = header.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + table + body
