"""The rules of the house, held by reading every import and every statement."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BOT = sorted((ROOT / "bot").rglob("*.py"))
STYLECORE = sorted((ROOT / "stylecore").rglob("*.py"))
EVERYTHING = BOT + STYLECORE

ROOMS = {
    "intake": {"storage"},
    "chat": {"jobs", "delivery", "storage", "executors", "gallery", "locales"},
    "jobs": {"storage", "executors"},
    "executors": {"gallery"},
    "delivery": {"storage"},
    "storage": set(),
    "locales": set(),
    "gallery": set(),
    "ops": {"storage"},
    "playground": set(),
}
"""Which rooms of bot each room may import, besides itself and `errors`."""

STYLECORE_FOR_ALL = {"stylecore.recipes", "stylecore.errors"}
STYLECORE_FOR = {
    "bot/executors/engine.py": None,  # anything: here is the engine
    "bot/executors/task.py": {"stylecore.images", "stylecore.clip"},
    "bot/executors/inputs.py": {"stylecore.images", "stylecore.limits"},
    "bot/executors/darkroom.py": {"stylecore.images"},
    # What it takes to have weights on this machine before anything starts.
    "bot/weights.py": {"stylecore.weights", "stylecore.command.terminal"},
}

TELEGRAM_ROOMS = ("bot/app.py", "bot/intake/", "bot/chat/", "bot/delivery/")
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|DELETE\s+FROM|"
    r"UPDATE\s+\w+\s+SET|CREATE\s+TABLE|BEGIN\s+IMMEDIATE)\b",
    re.DOTALL,
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, absolute, lazy imports included."""
    package = name(path).removesuffix(".py").split("/")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join(base + ([node.module] if node.module else []))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("path", STYLECORE, ids=name)
def test_stylecore_never_imports_bot_or_what_it_must_not_know(path):
    forbidden = ("bot", "telegram", "asyncio", "sqlite3", "aiosqlite", "ray")
    assert not [m for m in imports(path) if any(within(m, f) for f in forbidden)]


@pytest.mark.parametrize("path", BOT, ids=name)
def test_only_the_executors_run_stylecore(path):
    allowed = STYLECORE_FOR.get(name(path), set())
    if allowed is None:
        return
    allowed = allowed | STYLECORE_FOR_ALL
    used = {m for m in imports(path) if within(m, "stylecore") and m != "stylecore"}
    assert not {m for m in used if not any(within(m, a) for a in allowed)}


@pytest.mark.parametrize("path", BOT, ids=name)
def test_telegram_is_imported_only_where_messages_come_and_go(path):
    if name(path).startswith(TELEGRAM_ROOMS):
        return
    assert not [m for m in imports(path) if within(m, "telegram")]


@pytest.mark.parametrize("path", BOT, ids=name)
def test_rooms_import_only_the_rooms_they_may(path):
    parts = name(path).split("/")
    if len(parts) < 3:
        return
    room = parts[1]
    used = {
        other
        for module in imports(path)
        for other in ROOMS
        if within(module, f"bot.{other}") and other != room
    }
    assert used <= ROOMS[room]


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_sql_lives_in_storage_and_in_stores(path):
    if name(path).startswith("bot/storage/") or path.name == "store.py":
        return
    strings = [
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in strings if SQL.search(text)]


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_the_environment_is_read_in_the_settings_alone(path):
    if name(path) == "bot/settings.py":
        return
    text = path.read_text()
    assert not re.search(r"\bos\.(environ|getenv)\b", text)


def test_rooms_have_no_cycles():
    edges = {room: set(others) for room, others in ROOMS.items()}
    while edges:
        leaves = [room for room, others in edges.items() if not others & edges.keys()]
        assert leaves, f"a cycle among {sorted(edges)}"
        for leaf in leaves:
            del edges[leaf]


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_modules_keep_no_state(path):
    """Module level: imports, definitions and constants; nothing that runs or varies."""
    for node in ast.parse(path.read_text()).body:
        match node:
            case ast.Assign(targets=targets):
                names = [name.id for target in targets for name in assigned(target)]
                assert all(is_constant_name(each) for each in names), names
            case ast.AnnAssign(target=ast.Name(id=target)):
                assert is_constant_name(target), target
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case ast.Expr() | ast.For() | ast.While() | ast.With() | ast.Delete():
                assert is_typer_call(node), ast.unparse(node)
            case _:
                pass


def assigned(target: ast.expr) -> list[ast.Name]:
    """The names on the left of an assignment; attributes and items are none."""
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    names = [part for part in parts if isinstance(part, ast.Name)]
    assert len(names) == len(parts), ast.unparse(target)
    return names


def is_constant_name(identifier: str) -> bool:
    bare = identifier.lstrip("_")
    return (
        bare.isupper()
        or bare[:1].isupper()
        or bare in {"_all__", "log", "app"}
        or (identifier in {"__all__", "weights_app"})
    )


def is_typer_call(node: ast.stmt) -> bool:
    return ast.unparse(node).startswith("app.add_typer(")


@pytest.mark.parametrize(
    "module",
    [
        "stylecore",
        "stylecore.recipes",
        "stylecore.errors",
        "stylecore.images",
        "stylecore.clip",
        "stylecore.weights",
        "stylecore.cli",
        "bot.cli",
        "bot.app",
        "bot.executors.darkroom",
        "bot.playground.server",
    ],
)
def test_importing_it_does_not_import_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
