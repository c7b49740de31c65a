"""Makes the pages of the reference that repeat what the code says; `make reference` writes them."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import click

import attack_page
import client_matrix
from inhouse.cli.application import root
from inhouse.diagnosis.findings import Code
from inhouse.diagnosis.meanings import BY_CHECK_CONFIG, MEANINGS
from inhouse.settings import DECLARATIONS
from inhouse_server.settings import ServerSettings, declarations

FOLDER = Path(__file__).parents[1] / "docs" / "reference"

_COMMANDS_HEAD = """\
# Commands

Made from the commands' own help by `make reference`. Every command that works on a project is also a target of the
project's Makefile (`make lock` is `inhouse lock`), but `retarget` and `reserve`, which have to be told what.
"""

_SETTINGS_HEAD = """\
# Settings

Made from the code by `make reference`. A flag wins over the environment, the environment over the user configuration
file, the file over the default.

## Of `inhouse`

The user configuration file is `config.toml` in the platform's folder for the configuration of `inhouse`
(`~/.config/inhouse` on Linux), or the file that `INHOUSE_CONFIG` names.

| variable | in the file | default | what for |
|---|---|---|---|
"""

_PROFILES = """
In the file, the table `[profiles]` maps a domain to the AWS profile to use for it. In a pipeline it is not looked at:
the credentials that the pipeline was given win.

```toml
[profiles]
"acme-111122223333" = "acme-developer"
```

The table `[endpoints]` maps a domain to the address of CodeArtifact's API, where that is neither AWS's own nor named by
the profile. The variables `AWS_ENDPOINT_URL_CODEARTIFACT` and `AWS_ENDPOINT_URL` win over it.

```toml
[endpoints]
"acme-111122223333" = "http://127.0.0.1:8765"
```

Kept tokens are in `tokens`, in the platform's folder for caches of `inhouse` (`~/.cache/inhouse` on Linux), or in the
folder that `INHOUSE_CACHE_DIR` names.

Where credentials and endpoints come from is AWS's business: environment, profiles, single sign-on, roles, the
`services` section of a profile, `AWS_ENDPOINT_URL_CODEARTIFACT`.

## Of `inhouse server start`

| flag | variable | default | what for |
|---|---|---|---|
"""


def commands() -> str:
    """Return the page of commands."""
    helps = _helps(root, click.Context(root, info_name="inhouse", **root.context_settings))
    return "\n".join([_COMMANDS_HEAD, *(f"## {path}\n\n```text\n{text}\n```\n" for path, text in helps)])


def settings() -> str:
    """Return the page of settings."""
    client = [
        f"| `{one.variable}` | {f'`{one.key}`' if one.in_file else 'no'} | {_shown(one.default)} | {one.help} |\n"
        for one in DECLARATIONS
    ]
    declared = declarations()
    defaults = {field.name: _server_default(field.name, field.default) for field in fields(ServerSettings)}
    server = [
        f"| `{one.flag}` | `{one.variable}` | {defaults[name]} | {one.help} |\n" for name, one in declared.items()
    ]
    return "".join([_SETTINGS_HEAD, *client, _PROFILES, *server])


_FINDINGS_HEAD = """\
# Findings

Made from the code by `make reference`: the ids of what `inhouse doctor` and `inhouse check-config` find. They stay as
they are; JSON and written exceptions name them.

A *danger* lets in a stranger's package or gives away a secret, a *problem* makes installing or publishing fail, a
*note* is worth knowing. An exception in `pyproject.toml` lets one finding at one place pass, for a reason:

```toml
[[tool.inhouse.exceptions]]
finding = "explicit-index"
place = "pyproject.toml: tool.uv.index.torch"
reason = "CUDA wheels; torch and all it needs are pinned to it, looked through on 2026-11-20"
```

| id | `check-config` | what it means |
|---|---|---|
"""


def findings() -> str:
    """Return the page of findings."""
    lines = (f"| `{code}` | {'yes' if code in BY_CHECK_CONFIG else ''} | {MEANINGS[code]} |\n" for code in Code)
    return "".join([_FINDINGS_HEAD, *lines])


PAGES: dict[str, Callable[[], str]] = {
    "strangers-packages.md": attack_page.page,
    "clients-matrix.md": client_matrix.page,
    "commands.md": commands,
    "settings.md": settings,
    "findings.md": findings,
}


def _helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    context.max_content_width = context.terminal_width = 100
    command._help_option = None  # click keeps it with the names that it had where the command was run first
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _helps(child, click.Context(child, parent=context, info_name=name, **child.context_settings))


def _shown(default: object) -> str:
    return "none" if default is None else f"`{default}`"


def _server_default(name: str, default: object) -> str:
    return "the platform's folder for user data" if name == "data_dir" else _shown(default)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")
