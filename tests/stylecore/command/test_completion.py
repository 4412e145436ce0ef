"""Shells complete commands, flags and what flags can be, as they ask for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stylecore.recipes import LAYERS, REFERENCE_RECIPES, Strength

PROGRAM = Path(sys.executable).with_name("stylecore")
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def ask(tmp_path):
    """Runs the program, or a script, in a home of its own; returns what it prints."""

    def asked(*command, **env):
        done = subprocess.run(
            [str(PROGRAM), *command] if command[:1] != ("bash",) else command,
            env={
                "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(tmp_path),
                **env,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return asked


def protocol(shell, line):
    """What a shell's script puts into the environment when one presses Tab."""
    env = {"_STYLECORE_COMPLETE": f"complete_{shell}"}
    if shell == "bash":
        words = len(line.split(" ")) - 1
        return env | {"COMP_WORDS": line, "COMP_CWORD": str(words)}
    return env | {
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }


@pytest.mark.parametrize(
    ("shell", "begun", "expected"),
    [
        ("bash", "tr", ["transfer"]),
        ("bash", "transfer --strength ", list(Strength)),
        ("bash", "transfer --recipe ", list(REFERENCE_RECIPES)),
        ("bash", "transfer --style-layers ", [f"{layer}=" for layer in LAYERS]),
        ("zsh", "transfer --strength s", ["subtle", "strong"]),
        ("zsh", "transfer --recipe g", ["gatys2016"]),
        ("zsh", "transfer --style-layers conv1_1=1,conv1", ["conv1_1=1,conv1_2="]),
        ("fish", "transfer --strength s", ["subtle", "strong"]),
        ("fish", "transfer --depth ", ["8", "16"]),
        ("fish", "transfer --content-layers conv5", ["conv5_1="]),
        ("fish", "transfer --save-e", ["--save-every"]),
    ],
)
def test_what_can_follow_is_offered_and_nothing_else(shell, begun, expected, ask):
    offered = ask(**protocol(shell, f"stylecore {begun}"))

    if shell == "zsh":
        values = [line.split('"')[1] for line in offered.splitlines() if '"' in line]
    else:
        values = [line.split("\t")[0] for line in offered.splitlines()]
    assert values == [str(each) for each in expected]


def test_a_weight_is_not_completed(ask):
    assert (
        ask(**protocol("fish", "stylecore transfer --style-layers conv1_1=")).strip()
        == ""
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_installed_into_the_home(shell, ask, tmp_path):
    said = ask(
        *("--install-completion", shell),
        _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1",
    )
    shown = ask(
        *("--show-completion", shell), _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"
    )

    assert f"{shell} completion installed" in said
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert shown.strip() in [text.strip() for text in written]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to ask")
def test_bash_itself_completes_with_the_script_it_is_shown(ask):
    script = """
        source <(stylecore --show-completion)
        COMP_WORDS=(stylecore transfer --strength w) COMP_CWORD=3
        $(complete -p stylecore | sed 's/.*-F \\([^ ]*\\) .*/\\1/') stylecore
        echo "${COMPREPLY[@]}"
    """

    assert ask("bash", "-c", script) == "wild\n"
