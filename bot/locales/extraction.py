"""From the code to the catalogues: which sentences there are to translate."""

from __future__ import annotations

import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po, write_po

from .catalogues import DOMAIN, LOCALES, source_of


def extract(root: Path) -> Catalog:
    """Every sentence in the code below `root`, as its `pyproject.toml` says."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    config, version = project["tool"]["babel"], project["project"]["version"]
    catalog = Catalog(project=DOMAIN, version=version, charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        root,
        method_map=[(each["pattern"], each["method"]) for each in config["mappings"]],
        keywords=parse_keywords(config["keywords"]),
        comment_tags=config["comment_tags"],
        directory_filter=lambda folder: (Path(folder) / "__init__.py").exists(),
    )
    # Folders are read in whatever order the disk has them.
    in_order = sorted(found, key=lambda each: (each[0], each[1]))
    for name, line, message, comments, context in in_order:
        catalog.add(message, None, [(name, line)], (), comments, context=context)
    return catalog


def refresh(template: Catalog, folder: Path) -> None:
    """Writes the template and every language; what is unchanged stays as it was."""
    path = folder / f"{DOMAIN}.pot"
    if path.exists() and _ids(before := _read(path, None)) == _ids(template):
        template.creation_date = before.creation_date
    _write(template, path)
    for language in LOCALES:
        if language == "en":
            continue
        path = source_of(language, folder)
        catalog = _read(path, LOCALES[language])
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        catalog.version = template.version
        _write(catalog, path)


def _ids(catalog: Catalog) -> list[object]:
    return [message.id for message in catalog]


def _read(path: Path, locale: str | None) -> Catalog:
    if not path.exists():
        return Catalog(locale, DOMAIN, project=DOMAIN, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale, DOMAIN)


def _write(catalog: Catalog, path: Path) -> None:
    catalog.header_comment = "# The sentences of stylebot; see `python -m bot.locales`."
    catalog.last_translator = catalog.language_team = "The stylebot team"
    catalog.msgid_bugs_address = "the issues of the repository"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=88, sort_by_file=True, include_lineno=False)
