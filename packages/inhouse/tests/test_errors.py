import ast
import inspect
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from inhouse import errors
from inhouse.errors import (
    InhouseError,
    LockForeignError,
    ManifestError,
    NotAProjectError,
    ProgramFailedError,
    ProgramMissingError,
    SettingError,
    shortened,
)


def error_classes() -> list[type[InhouseError]]:
    found = vars(errors).values()
    return [found for found in found if inspect.isclass(found) and issubclass(found, InhouseError)]


def test_the_tree_at_the_top_is_the_tree_in_the_code() -> None:
    tree = errors.__doc__ or ""
    drawn: list[tuple[int, str]] = []
    for line in tree.splitlines():
        stripped = line.lstrip(" │├└─")
        word = stripped.split(" ", 1)[0]
        if word.endswith("Error"):
            drawn.append(((len(line) - len(stripped)) // 4, word))
    parents: dict[str, str] = {}
    path: list[str] = []
    for depth, name in drawn:
        path[depth:] = [name]
        parents[name] = path[depth - 1] if depth else "Exception"
    assert parents == {each.__name__: (each.__bases__[0].__name__) for each in error_classes()}


@pytest.mark.parametrize("source", sorted(Path(errors.__file__).parent.rglob("*.py")), ids=lambda path: path.name)
def test_no_hint_is_given_as_nothing_on_purpose(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for keyword in node.exc.keywords:
                empty = isinstance(keyword.value, ast.Constant) and keyword.value.value == ""
                assert not (keyword.arg == "hint" and empty), f"{source}:{node.lineno}"


def test_a_missing_program_is_named_with_a_way_to_get_it() -> None:
    error = ProgramMissingError("/opt/tools/uv")
    assert (error.message, error.hint) == snapshot(
        (
            "the program `/opt/tools/uv` was not found on this machine",
            "install `uv`, or put the folder that holds it on PATH",
        )
    )
    assert ProgramMissingError("uv", hint="get it").hint == "get it"


def test_a_failed_program_is_quoted_unless_the_user_has_seen_it() -> None:
    assert ProgramFailedError(["/usr/bin/uv", "lock"], 2, "no solution\n").message == snapshot(
        "`uv lock` failed with exit code 2:\nno solution"
    )
    assert ProgramFailedError(["uv", "lock"], 2, "no solution\n", seen=True).message == snapshot(
        "`uv lock` failed with exit code 2"
    )
    assert ProgramFailedError(["uv"], -9).message == "`uv` was ended by signal 9"


def test_a_command_is_cut_to_what_a_message_can_hold() -> None:
    assert shortened([]) == ""
    assert shortened(["/usr/bin/git", "commit", "a b"]) == "git commit 'a b'"
    long = shortened(["python", "-c", "x" * 500, *["word"] * 100])
    assert len(long) == 200
    assert long.endswith("…")
    assert "x" * 81 not in long


def test_errors_say_where_the_trouble_is() -> None:
    assert ManifestError("pyproject.toml", "project.name", "is missing", hint="h").message == snapshot(
        "pyproject.toml, project.name: is missing"
    )
    assert ManifestError("pyproject.toml", "", "is not TOML", hint="h").message == snapshot(
        "pyproject.toml: is not TOML"
    )
    assert SettingError("uv", "the variable INHOUSE_UV", "it is empty", hint="h").message == snapshot(
        "the setting `uv` cannot be used: it is empty (it comes from the variable INHOUSE_UV)"
    )
    assert NotAProjectError(Path("somewhere")).message == snapshot(
        "no project here: neither `somewhere` nor a folder above it holds a `pyproject.toml`"
    )


def test_foreign_packages_are_counted() -> None:
    one = LockForeignError(Path("uv.lock"), {"left-pad": "https://other.example/simple"}, "http://ours/simple/")
    assert one.message == snapshot(
        "the lock `uv.lock` takes `left-pad` from https://other.example/simple, "
        "not from the project's one index http://ours/simple/"
    )
    three = LockForeignError(Path("uv.lock"), {"a": "x", "b": "x", "c": "x"}, "http://ours/simple/")
    assert "`a` and 2 more from x" in three.message
