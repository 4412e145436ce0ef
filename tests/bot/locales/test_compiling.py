"""What the build makes of the catalogues, and what a tree without a build does."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from bot.locales.catalogues import LOCALES, catalogue, source_of

ROOT = Path(__file__).parents[3]
ENGLISH = "That is your photo. Now send me the painting."


@pytest.fixture
def tree(tmp_path):
    """A source tree of this project, never built, with what a build reads of it."""
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(
        ROOT / "bot" / "locales",
        tmp_path / "bot" / "locales",
        ignore=shutil.ignore_patterns("*.mo"),
    )
    (tmp_path / "stylecore").mkdir()
    (tmp_path / "stylecore" / "__init__.py").touch()
    return tmp_path


def built(tree):
    """The files of a wheel, by name."""
    path = next(
        WheelBuilder(str(tree)).build(directory=str(tree), versions=["standard"])
    )
    with zipfile.ZipFile(path) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


def german(folder):
    return catalogue("de", folder).gettext(ENGLISH)


def test_a_wheel_has_the_compiled_catalogues_instead_of_their_sources(tree):
    files = built(tree)

    assert {name for name in files if name.endswith(".mo")} == {
        f"bot/locales/{locale}/LC_MESSAGES/stylebot.mo"
        for language, locale in LOCALES.items()
        if language != "en"
    }
    assert not [name for name in files if name.endswith((".po", ".pot"))]


def test_an_installed_copy_speaks_without_the_sources(tree, tmp_path):
    files = built(tree)
    target = source_of("de", tmp_path / "site").with_suffix(".mo")
    target.parent.mkdir(parents=True)
    target.write_bytes(files["bot/locales/de/LC_MESSAGES/stylebot.mo"])

    assert german(tmp_path / "site") not in ("", ENGLISH)


def test_the_tree_itself_is_compiled_too_for_whoever_links_to_it(tree):
    built(tree)

    assert len(list((tree / "bot").rglob("*.mo"))) == len(LOCALES) - 1


def test_a_tree_that_was_never_built_speaks_all_the_same(tree):
    assert not list(tree.rglob("*.mo"))
    assert german(tree / "bot" / "locales") not in ("", ENGLISH)


def test_a_sentence_changed_since_the_build_is_said_as_it_is_now(tree):
    built(tree)
    source = source_of("de", tree / "bot" / "locales")
    said = german(tree / "bot" / "locales")
    source.write_text(source.read_text("utf-8").replace(said, "Neu gesagt."), "utf-8")
    newer = source.with_suffix(".mo").stat().st_mtime + 10
    os.utime(source, (newer, newer))

    assert german(tree / "bot" / "locales") == "Neu gesagt."


def test_a_language_with_neither_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        german(tmp_path)
