"""The step of the build that compiles the catalogues; `pyproject.toml` names it.

Run by hatchling on its own, before anything of this project can be imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface[BuilderConfig]):
    """Puts a `.mo` beside every `.po` of the tree that is built or linked to."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles; what is made goes into the wheel though git ignores it."""
        del version
        for source in sorted(Path(self.root, "bot", "locales").rglob("*.po")):
            with source.open("rb") as file:
                catalog = read_po(file)
            built = source.with_suffix(".mo")
            with built.open("wb") as file:
                write_mo(file, catalog)
            build_data["artifacts"].append(f"/{built.relative_to(self.root)}")
