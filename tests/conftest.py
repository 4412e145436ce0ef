"""What every test stands on: a clean environment."""

import os

import pytest


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch, tmp_path_factory):
    """An operator's own settings must not steer the tests."""
    for name in list(os.environ):
        if name.startswith("STYLEBOT_"):
            monkeypatch.delenv(name)
