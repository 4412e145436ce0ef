"""The README is true: its tables are what the code says, its commands exist.

When a test fails because a table changed, its message has the table to paste.
"""

import re
import subprocess
import sys
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.settings import PREFIX, Settings
from stylecore.cli import app
from stylecore.recipes import DEFAULT_STRENGTH, Recipe, Strength, preset
from stylecore.recipes.notation import list_to_text

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def table(head: str, rows: list[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|" + " --- |" * columns, *rows])


def shown(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", README, re.DOTALL)
    assert found, f"README.md has no place for the table {name!r}"
    return found[1].strip()


def plain(value: object) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, tuple):
        return f"`{list_to_text(value)}`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def settings_table() -> str:
    rows = [
        f"| `{PREFIX}{name.upper()}` | {plain(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return table("| variable | default | meaning |", rows)


def strengths_table() -> str:
    rows = []
    for strength in Strength:
        recipe = preset(strength)
        mark = " (default)" if strength is DEFAULT_STRENGTH else ""
        cells = (recipe.alpha, recipe.beta, recipe.alpha / recipe.beta, recipe.tv)
        numbers = " | ".join(f"{each:.3g}" for each in cells)
        rows.append(
            f"| **{strength}**{mark} | {numbers} | {recipe.detail:g} | "
            f"{recipe.smoothing:g} |"
        )
    return table("| strength | α | β | α/β | tv | detail | smoothing |", rows)


def flags_table() -> str:
    """Every option of `stylecore transfer`: where Python has it, and its default."""
    commands: Any = typer.main.get_command(app)
    fields_of_recipe = {field.name: field for field in fields(Recipe)}
    rows = []
    for option in commands.commands["transfer"].params:
        if option.param_type_name != "option":
            continue
        field = fields_of_recipe.get(option.name)
        place = f"`Recipe.{option.name}`" if field else IN_PYTHON.get(option.name, "")
        value = getattr(preset(DEFAULT_STRENGTH), option.name, None)
        text = field.metadata["help"] if field else meaning(option)
        rows.append(
            f"| `{option.opts[0]}` | {place} | {default(field, option, value)} | "
            f"{text}{choices(value)} |"
        )
    return table("| flag | in Python | default (recipe: at balanced) | meaning |", rows)


IN_PYTHON = {
    "strength": "`preset(…)`",
    "recipe": "`REFERENCE_RECIPES[…]`",
    "edge": "`run(edge_px=…)`",
    "style_mask": "`Style.mask`",
    "region": "`Style.region`",
    "start": "`run(start=…)`",
    "resume": "`run(resume=…)`",
    "seed": "`run(seed=…)`",
    "device": "`StyleTransfer(device=…)`",
    "source": "`StyleTransfer(weights=…)`",
    "memory": "`StyleTransfer(memory=…)`",
    "clip": "`ClipRecorder`",
    "checkpoint": "`progress.checkpoint()`",
    "save_every": "`progress.picture()`",
}


def meaning(option: Any) -> str:
    """The help as the table's own columns leave it."""
    text = str(option.help).split(" [default:")[0].rstrip(".")
    return text if text[:2].isupper() else text[0].lower() + text[1:]


def default(field: Any, option: Any, value: object) -> str:
    return plain(value if field else option.default)


def choices(value: object) -> str:
    if not isinstance(value, Enum):
        return ""
    return f" ({', '.join(f'`{each.value}`' for each in type(value))})"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("settings", settings_table()),
        ("strengths", strengths_table()),
        ("flags", flags_table()),
    ],
)
def test_tables_are_what_the_code_says(name, expected):
    assert shown(name) == expected, f"the table should be:\n\n{expected}\n"


def test_pictures_of_the_readme_exist_and_are_small():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)

    assert len(pictures) == 7
    for picture in pictures:
        assert 10_000 < (ROOT / picture).stat().st_size < 600_000, picture


@pytest.mark.parametrize(
    "command",
    [
        ["bot", "run"],
        ["bot", "demo"],
        ["stylecore", "transfer"],
        ["stylecore", "bench", "seed"],
        ["stylecore", "bench", "roofline"],
        ["stylecore", "bench", "optimizers"],
        ["stylecore", "weights", "fetch"],
        ["stylecore", "weights", "import"],
        ["stylecore", "weights", "status"],
    ],
    ids=" ".join,
)
def test_commands_of_the_readme_exist(command):
    done = subprocess.run(
        [sys.executable, "-m", *command, "--help"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    name = " ".join(command).replace("bot ", "stylebot ", 1)
    assert done.returncode == 0, done.stderr
    assert name in README


def test_flags_that_the_readme_names_exist():
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
    used = set(re.findall(r"(?<=\s)--[a-z-]+", shell)) - {"--check"}
    helps = [
        subprocess.run(
            [sys.executable, "-m", *command, "--help"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env={"COLUMNS": "200", "PATH": "/usr/bin:/bin"},
        ).stdout
        for command in (
            ["bot", "demo"],
            ["stylecore", "transfer"],
            ["stylecore", "bench", "seed"],
        )
    ]

    assert used
    assert not [flag for flag in used if not any(flag in text for text in helps)]


@pytest.mark.slow
def test_python_example_of_the_readme_runs(tmp_path):
    from PIL import Image

    code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    for name, colour in (("photo", (200, 80, 30)), ("painting", (20, 60, 160))):
        Image.new("RGB", (96, 64), colour).save(tmp_path / f"{name}.jpg")

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "painted.png") as painted:
        assert painted.size == (96, 64)


def test_ci_runs_the_readmes_test_command():
    lines = README.splitlines()

    assert 'pip install ".[test]" && pytest' in lines
    assert "pip install . && stylebot demo" in lines
    assert "eval" in (ROOT / ".ci" / "run").read_text()
