"""The real loading code against a loopback server with a file like torchvision's."""

from __future__ import annotations

import os
import pickle
import resource
import socket
import subprocess
import sys
import threading
import time

import pytest
import torch
from safetensors.torch import load_file

from stylecore import weights
from stylecore.errors import WeightsError
from stylecore.features import CONV_SHAPES, weight_names
from stylecore.weights import MENDING, SLIM_NAME


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


NAMES = {name for layer in CONV_SHAPES for name in weight_names(layer)}


def fetch(server, cache, **options):
    options = {"url": server.url, "sha256": server.sha256[:8]} | options
    return weights.fetch(cache, **{"timeout_s": 10.0} | options)


def refusal(function, *args, **options):
    """The error of a call, checked to be a sentence that ends in what to do."""
    with pytest.raises(WeightsError) as caught:
        function(*args, **options)
    error = caught.value
    assert str(error)[0].isupper()
    assert str(error).endswith(".")
    assert "/" not in str(error)
    assert pickle.loads(pickle.dumps(error)).args == error.args  # noqa: S301 - our own
    return error


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_right_file_is_fetched_checked_and_slimmed(server, pth, tensors, cache):
    server.body = pth.read_bytes()
    seen = []

    path = fetch(server, cache, progress=lambda done, total: seen.append((done, total)))

    assert path == cache / SLIM_NAME
    assert files(cache) == [SLIM_NAME]
    assert path.stat().st_size == pytest.approx(51.8e6, rel=0.01)
    slim = load_file(path)
    assert set(slim) == NAMES
    assert all(torch.equal(slim[name], tensors[name]) for name in NAMES)
    assert seen[0] == (0, len(server.body))
    assert seen[-1] == (len(server.body), len(server.body))
    assert seen == sorted(seen)


def test_load_fetches_what_is_missing_and_then_reads_the_cache(
    server, pth, tensors, cache, monkeypatch
):
    """Only the address of torchvision's server is exchanged."""
    server.body = pth.read_bytes()
    monkeypatch.setattr(weights, "official_url", lambda: server.url)
    assert weights.locate("auto", cache) is None

    first = weights.load("auto", "cpu", cache)
    second = weights.load("auto", "cpu", cache)

    assert [command for command, _ in server.requests] == ["GET"]
    assert weights.locate("auto", cache) == cache / SLIM_NAME
    for loaded in (first, second):
        assert set(loaded) == NAMES
        assert all(torch.equal(loaded[name], tensors[name]) for name in NAMES)


def test_torchvisions_own_address_names_the_published_hash():
    url = weights.official_url()

    assert url.startswith("https://")
    assert url.endswith("/vgg19-dcbb9e9d.pth")
    assert weights._hash_in_name(url) == "dcbb9e9d"


def test_a_redirect_to_the_file_is_followed(server, cache):
    server.body = b"served from elsewhere"
    server.move_from = "/moved.pth"

    error = refusal(fetch, server, cache, url=server.address + "/moved.pth")

    # Its bytes arrived and had the right hash; they only are no weights.
    assert error.code == "damaged"


def test_a_wrong_hash_keeps_nothing_of_the_file(server, pth, cache):
    server.body = pth.read_bytes()

    error = refusal(fetch, server, cache, sha256="dcbb9e9d")

    assert error.code == "wrong_hash"
    assert server.sha256[:8] in str(error)
    assert "not dcbb9e9d" in str(error)
    assert MENDING in str(error)
    assert files(cache) == []


def test_a_failed_fetch_leaves_earlier_weights_as_they_were(server, cache):
    cache.mkdir()
    (cache / SLIM_NAME).write_bytes(b"earlier")
    server.body = b"something else"

    refusal(fetch, server, cache, sha256="dcbb9e9d")

    assert files(cache) == [SLIM_NAME]
    assert (cache / SLIM_NAME).read_bytes() == b"earlier"


def test_a_transfer_that_breaks_off_is_said_so(server, cache):
    server.body = bytes(3_000_000)
    server.announced = 9_000_000

    error = refusal(fetch, server, cache)

    assert (error.code, "broke off" in str(error)) == ("truncated", True)
    assert files(cache) == []


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_server_error_is_said_with_its_number(status, server, cache):
    server.status, server.body = status, b"sorry"

    error = refusal(fetch, server, cache)

    assert (error.code, str(status) in str(error)) == ("server_error", True)
    assert files(cache) == []


def test_no_network_is_said_at_once(cache, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    url = f"http://127.0.0.1:{free_port()}/vgg19-dcbb9e9d.pth"

    error = refusal(weights.fetch, cache, url=url, sha256="dcbb9e9d")

    assert (error.code, MENDING in str(error)) == ("unreachable", True)
    assert files(cache) == []


def test_an_address_that_is_none_is_unreachable(cache):
    for url in ("nonsense", "ftp://127.0.0.1/x", "http://[broken/"):
        assert refusal(weights.fetch, cache, url=url, sha256="dc").code == "unreachable"


@pytest.mark.parametrize("sent", [0, 1000])
def test_a_server_that_hangs_is_given_up(sent, server, cache):
    server.body, server.hang_after = bytes(5000), sent
    started = time.monotonic()

    error = refusal(fetch, server, cache, timeout_s=0.3)

    assert (error.code, "silent for 0.3 s" in str(error)) == ("timeout", True)
    assert time.monotonic() - started < 5
    assert files(cache) == []


def saved(path, found, **options):
    torch.save(found, path, **options)
    return path.read_bytes()


def test_weights_of_another_shape_are_refused(server, cache, tensors, tmp_path):
    name = "features.10.weight"
    other = dict.fromkeys(tensors, torch.zeros(1)) | {name: torch.zeros(7, 7, 3, 3)}
    for layer in ("conv1_1", "conv1_2", "conv2_1", "conv2_2"):
        other |= {name: tensors[name] for name in weight_names(layer)}
    server.body = saved(tmp_path / "other.pth", other)

    error = refusal(fetch, server, cache)

    assert error.code == "wrong_weights"
    assert f"{name} has the shape (7, 7, 3, 3)" in str(error)
    assert MENDING in str(error)
    assert files(cache) == []


def test_weights_of_another_network_are_refused(server, cache, tmp_path):
    server.body = saved(tmp_path / "other.pth", {"layer1.weight": torch.zeros(2)})

    assert "features.0.weight is missing" in str(refusal(fetch, server, cache))


def test_weights_that_are_not_numbers_are_refused(cache, tensors, tmp_path):
    saved(
        tmp_path / "nan.pth",
        tensors | {"features.5.bias": torch.full((128,), torch.nan)},
    )

    error = refusal(weights.import_file, tmp_path / "nan.pth", cache)

    assert "features.5.bias is not finite" in str(error)


@pytest.mark.parametrize(
    "body", [b"<html>Please log in</html>", b"PK\x03\x04 no archive", b"\x80\x02."]
)
def test_a_file_that_is_no_weights_file_is_refused(body, server, cache):
    server.body = body

    error = refusal(fetch, server, cache)

    assert (error.code, "no weights file at all" in str(error)) == ("damaged", True)
    assert files(cache) == []


class Trap:
    """Unpickled carelessly, this makes a folder."""

    def __init__(self, path):
        self._path = path

    def __reduce__(self):
        return os.mkdir, (self._path,)


def test_a_weights_file_cannot_run_code(cache, tmp_path):
    saved(tmp_path / "evil.pth", {"x": Trap(str(tmp_path / "owned"))})

    assert refusal(weights.load, tmp_path / "evil.pth").code == "damaged"
    assert not (tmp_path / "owned").exists()


def test_a_file_is_imported_in_torchvisions_old_and_new_form_and_as_slim(
    pth, tensors, tmp_path
):
    legacy = tmp_path / "legacy.pth"
    saved(legacy, tensors, _use_new_zipfile_serialization=False)
    first = weights.import_file(pth, tmp_path / "1")
    second = weights.import_file(legacy, tmp_path / "2")
    third = weights.import_file(first, tmp_path / "3")

    contents = {path.read_bytes() for path in (first, second, third)}

    assert len(contents) == 1
    assert files(tmp_path / "3") == [SLIM_NAME]
    assert torch.equal(load_file(third)["features.0.bias"], tensors["features.0.bias"])
    assert pth.is_file()


def test_importing_a_file_that_is_not_there_is_refused(cache, tmp_path):
    error = refusal(weights.import_file, tmp_path / "nothing.pth", cache)

    assert (error.code, "“nothing.pth”" in str(error)) == ("missing", True)


def test_an_explicit_file_is_read_where_it_lies(pth, tensors, cache):
    loaded = weights.load(pth, cache=cache)

    assert weights.locate(pth, cache) == pth
    assert torch.equal(loaded["features.28.weight"], tensors["features.28.weight"])
    assert loaded["features.28.weight"].dtype is torch.float32
    assert not cache.exists()


def test_untrained_weights_need_neither_file_nor_network(cache):
    loaded = weights.load("untrained", torch.device("cpu"), cache)

    assert weights.locate("untrained", cache) is None
    assert set(loaded) == NAMES
    assert not cache.exists()


def test_status_tells_missing_ready_and_damaged_apart(pth, cache):
    missing = weights.status(cache)
    path = weights.import_file(pth, cache)
    ready = weights.status(cache)
    with path.open("r+b") as file:
        file.truncate(1_000_000)
    damaged = weights.status(cache)

    assert (missing.path, missing.present, missing.size_bytes) == (path, False, 0)
    assert (ready.present, ready.problem) == (True, "")
    assert ready.size_bytes > 50e6
    assert (damaged.present, MENDING in damaged.problem) == (True, True)
    assert refusal(weights.load, "auto", "cpu", cache).code == "damaged"


def test_finding_weights_loads_no_torch(cache):
    script = (
        "import sys; from pathlib import Path; from stylecore import weights; "
        f"weights.status(Path({str(cache)!r})); weights.locate(); "
        "sys.exit(bool({'torch', 'torchvision', 'httpx'} & {*sys.modules}))"
    )

    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)

    assert done.returncode == 0
    assert not cache.exists()


def test_two_fetches_at_once_do_not_disturb_each_other(server, pth, cache):
    server.body = pth.read_bytes()
    failures = []

    def one():
        try:
            fetch(server, cache)
        except WeightsError as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    assert files(cache) == [SLIM_NAME]
    assert weights.status(cache).problem == ""


def test_a_cache_that_cannot_be_written_is_said_so(server, tmp_path):
    (tmp_path / "file").touch()
    server.body = b"unused"

    error = refusal(fetch, server, tmp_path / "file")

    assert error.code == "cannot_write"
    assert server.requests == []


def test_a_full_disk_is_said_so_and_nothing_is_left(server, cache):
    """A limit on the size of files stands in for the end of the disk."""
    server.body = bytes(3_000_000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        error = refusal(fetch, server, cache)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert error.code == "cannot_write"
    assert files(cache) == []


def test_what_a_killed_fetch_left_is_removed_after_a_day(server, cache):
    cache.mkdir()
    for name, age_s in ((".vgg19.aa.part.pth", 90_000), (".vgg19.bb.part.pth", 60)):
        (cache / name).write_bytes(b"left")
        os.utime(cache / name, (time.time() - age_s,) * 2)

    refusal(fetch, server, cache, sha256="dcbb9e9d")

    assert files(cache) == [".vgg19.bb.part.pth"]


def test_whether_the_download_is_in_reach_is_known_in_time(server):
    server.body = b"here"
    assert weights.can_be_fetched(5.0, server.url)

    server.status = 503
    assert not weights.can_be_fetched(5.0, server.url)

    server.hang_after = 0
    started = time.monotonic()
    assert not weights.can_be_fetched(0.3, server.url)
    assert time.monotonic() - started < 3
    assert not weights.can_be_fetched(5.0, f"http://127.0.0.1:{free_port()}/x.pth")
