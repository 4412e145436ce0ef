"""The catalogues of the source tree: complete, current, and fit to be formatted."""

import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.locales.catalogues import LOCALES, catalogue, source_of
from bot.locales.extraction import extract, refresh

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "bot" / "locales"
FOREIGN = [language for language in LOCALES if language != "en"]
FORMS = {"es": 2, "pt": 2, "de": 2, "fr": 2, "ru": 3, "zh": 1}
ENDS = {"en": ".?:…", "zh": "。\uff1f\uff1a…"}  # full-width signs


def read(path, locale=None):
    with path.open("rb") as file:
        return read_po(file, locale)


def sentences(catalog):
    """What is to be translated, by its English, with the English plural if any."""
    return {message.id: message for message in catalog if message.id}


@pytest.fixture(scope="module")
def template():
    return read(FOLDER / "stylebot.pot")


@pytest.fixture(params=FOREIGN)
def translated(request):
    """Every message of one language."""
    return read(source_of(request.param, FOLDER), LOCALES[request.param])


def english_of(key):
    return key if isinstance(key, tuple) else (key,)


def english(message):
    return english_of(message.id)


def constant(node):
    """The text of a literal; None for anything else."""
    literal = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if literal else None


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def wrong(catalog, differs):
    """The translations that differ from the English in a way they must not."""
    return [
        (original, form)
        for message in sentences(catalog).values()
        for original in english(message)[-1:]
        for form in forms(message)
        if differs(original, form)
    ]


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def tags(text):
    return sorted(re.findall(r"</?\w+>", text))


def commands(text):
    return sorted(re.findall(r"(?<!<)/\w+", text))


def test_the_template_has_every_sentence_of_the_code_and_no_other(template):
    fresh = extract(ROOT)

    assert sentences(fresh).keys() == sentences(template).keys()


def test_no_sentence_hides_from_the_extraction(template):
    """As it would within an f-string, which not every Python takes apart."""
    known = {text for message in sentences(template) for text in english_of(message)}
    calls = [
        node
        for path in sorted((ROOT / "bot" / "chat" / "texts").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("_", "_n")
    ]

    assert len(calls) > 200
    assert [ast.unparse(c) for c in calls if not constant(c.args[0])] == []
    assert {constant(call.args[0]) for call in calls} - known == set()


def test_no_sentence_is_missing_empty_or_guessed(template, translated):
    messages = sentences(translated)

    assert messages.keys() == sentences(template).keys()
    assert [m.id for m in messages.values() if not all(forms(m)) or m.fuzzy] == []
    assert not translated.obsolete


def test_plurals_have_all_forms_of_the_language(translated):
    wanted = FORMS[translated.locale.language]
    counted = [m for m in sentences(translated).values() if isinstance(m.id, tuple)]

    assert translated.num_plurals == wanted
    assert counted
    assert [m.id for m in counted if len(forms(m)) != wanted] == []


def test_placeholders_and_markup_are_those_of_the_english(translated):
    assert wrong(translated, lambda a, b: placeholders(a) != placeholders(b)) == []
    assert wrong(translated, lambda a, b: tags(a) != tags(b)) == []
    assert wrong(translated, lambda a, b: commands(a) != commands(b)) == []


def test_lines_and_ends_are_those_of_the_english(translated):
    ends = ENDS.get(translated.locale.language, ENDS["en"])

    def differs(a, b):
        return (
            a.count("\n") != b.count("\n")
            or b != b.strip(" ")
            or (a[-1] in ENDS["en"]) != (b[-1] in ends)
        )

    assert wrong(translated, differs) == []


def test_answers_to_a_tap_fit_before_anything_is_filled_in(translated):
    answers = [
        form
        for message in sentences(translated).values()
        if any(path.endswith("toasts.py") for path, _ in message.locations)
        for form in forms(message)
    ]

    assert answers
    assert [a for a in answers if len(a) > 180 or "<" in a] == []


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", {1: 0, 0: 1, 2: 1, 5: 1, 21: 1, 22: 1}),
        ("de", {1: 0, 0: 1, 2: 1, 5: 1, 21: 1, 22: 1}),
        ("es", {1: 0, 0: 1, 2: 1, 5: 1, 21: 1, 22: 1}),
        ("pt", {1: 0, 0: 1, 2: 1, 5: 1, 21: 1, 22: 1}),
        ("fr", {0: 0, 1: 0, 2: 1, 5: 1, 21: 1, 22: 1}),
        ("ru", {1: 0, 21: 0, 101: 0, 2: 1, 22: 1, 0: 2, 5: 2, 11: 2, 12: 2, 111: 2}),
        ("zh", {0: 0, 1: 0, 2: 0, 5: 0, 21: 0, 22: 0}),
    ],
)
def test_every_number_gets_its_form(language, counts):
    one, many = "Cancelled {count} picture.", "Cancelled {count} pictures."
    said = catalogue(language).ngettext
    path = source_of(language, FOLDER)
    expected = forms(read(path).get(one)) if path.exists() else (one, many)

    assert {n: said(one, many, n) for n in counts} == {
        n: expected[form] for n, form in counts.items()
    }


def test_a_new_sentence_waits_empty_in_every_language(tmp_path):
    template = extract(ROOT)
    refresh(template, tmp_path)
    template.add("A sentence that nobody has said yet.")

    refresh(template, tmp_path)

    for language in FOREIGN:
        new = read(source_of(language, tmp_path)).get(
            "A sentence that nobody has said yet."
        )
        assert (new.string, new.fuzzy) == ("", False)


def test_what_is_translated_survives_when_the_template_changes(tmp_path):
    for language in FOREIGN:
        path = source_of(language, tmp_path)
        path.parent.mkdir(parents=True)
        path.write_bytes(source_of(language, FOLDER).read_bytes())

    refresh(extract(ROOT), tmp_path)

    for language in FOREIGN:
        before, after = (
            sentences(read(source_of(language, f), LOCALES[language]))
            for f in (FOLDER, tmp_path)
        )
        kept = before.keys() & after.keys()
        assert len(kept) > 200
        assert [k for k in kept if forms(before[k]) != forms(after[k])] == []


def test_doing_it_again_changes_no_file(tmp_path):
    def written():
        return {path: path.read_bytes() for path in tmp_path.rglob("*.po*")}

    refresh(extract(ROOT), tmp_path)
    first = written()
    (pot,) = tmp_path.glob("*.pot")
    dated = re.sub(
        rb"POT-Creation-Date: \S+", b"POT-Creation-Date: 2001-01-01", first[pot]
    )
    pot.write_bytes(dated)

    refresh(extract(ROOT), tmp_path)

    assert written() == {**first, pot: dated}
