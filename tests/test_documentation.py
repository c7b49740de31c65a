"""What the documentation says is so: links lead somewhere, commands and settings exist, references are up to date."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import references
from inhouse.cli.application import root as inhouse
from inhouse_server.control_plane import registry, sts

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("packages/*/README.md")]


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def commands(text: str) -> Iterator[list[str]]:
    """Yield the `inhouse …` commands that a page tells its reader to type."""
    for line in re.findall(r"^\$ (.+)$", text, re.MULTILINE):
        typed = line if line.startswith("inhouse ") else "".join(re.findall(r"\$\((inhouse [^)]+)\)", line))
        if typed:
            yield shlex.split(typed, comments=True)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_commands_and_their_options_exist(page: Path) -> None:
    for words in commands(page.read_text(encoding="utf-8")):
        command: click.Command = inhouse
        context = click.Context(inhouse)
        for word in words[1:]:
            if word == "--":
                break  # what follows is another program's
            if isinstance(command, click.Group) and not word.startswith("-"):
                found = command.get_command(context, word)
                assert found is not None, words
                command = found
            elif word.startswith("--"):
                options = {"--help", *(option for parameter in command.params for option in parameter.opts)}
                assert word.split("=")[0] in options, words


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=ids)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    mentioned = set(re.findall(r"^\$ make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert mentioned
    assert mentioned <= targets


def test_the_first_screen_of_the_readme_gives_exactly_two_commands() -> None:
    first_block = re.search(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert first_block
    assert re.findall(r"^\$ (make \w+)", first_block[1], re.MULTILINE) == ["make demo", "make test"]


def test_the_reference_names_every_operation() -> None:
    page = (ROOT / "docs/reference/embedded-repository.md").read_text(encoding="utf-8")
    section = page.partition("\n## Operations\n")[2].partition("\n\nRequests are decoded")[0]
    ours, _, of_sts = section.partition("Of STS, ")
    assert sorted(re.findall(r"\b[A-Z][a-z]+[A-Z]\w+\b", ours)) == sorted(registry.operations())
    assert set(re.findall(r"\b[A-Z][a-z]+[A-Z]\w+\b", of_sts)) == set(sts._ACTIONS)
    assert ours.strip().startswith(f"All {len(registry.operations())} of botocore's model: ")


def test_the_reference_says_what_the_code_says(tmp_path: Path) -> None:
    # In a process of its own: click keeps what a command's help said where it was run first.
    subprocess.run([sys.executable, references.__file__, str(tmp_path)], check=True)
    for name in references.PAGES:
        said, written = ((folder / name).read_text(encoding="utf-8") for folder in (tmp_path, references.FOLDER))
        assert written == said, "run `make reference`"
