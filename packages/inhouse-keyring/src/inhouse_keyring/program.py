"""The program `inhouse-keyring`, which speaks as `keyring` does to those who run that program instead of importing it.

uv, pip and PDM each have a dialect of their own. Where it stands in for `keyring` on PATH (see `inhouse_keyring.shim`),
it hands on what is not ours to the `keyring` behind it. Nothing is imported that a look-up does not need: tools run it
once for each index.
"""

import os
import sys

from inhouse_keyring.answers import USERNAME, password_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_USAGE = """\
usage: inhouse-keyring [--mode password|creds] [--output plain|json] get SERVICE [USERNAME]
       inhouse-keyring install-shim FOLDER
       inhouse-keyring remove-shim FOLDER

`get` prints a token for a CodeArtifact repository, as `keyring get` would; exit code 1 if SERVICE is none.
`install-shim` writes a program `keyring` into FOLDER, which belongs on PATH before the folder of another `keyring`:
it answers for CodeArtifact repositories, and hands everything else on.
"""


class Lookup:
    """What a tool wants to know.

    Attributes:
        service: What it looks a password up for.
        username: The user that it knows; None or empty if it knows none.
        with_username: Whether it wants the user name too.
        as_json: Whether it wants JSON.
    """

    __slots__ = ("as_json", "service", "username", "with_username")

    def __init__(self, service: str, username: "str | None", *, with_username: bool, as_json: bool) -> None:
        self.service = service
        self.username = username
        self.with_username = with_username
        self.as_json = as_json


def parse(arguments: "Sequence[str]") -> "Lookup | None":
    """Return what is looked up; None if it is something else that is wanted, or another program's dialect."""
    mode, output = "password", "plain"
    words: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name in {"--mode", "--output"}:
            value = value if equals else next(rest, "")
            if name == "--mode":
                mode = value
            else:
                output = value
        elif argument.startswith("-") and argument != "-":
            return None
        else:
            words.append(argument)
    if not 2 <= len(words) <= 3 or words[0] != "get" or mode not in {"password", "creds"}:
        return None
    if output not in {"plain", "json"}:
        return None
    username = words[2] if len(words) > 2 else None
    return Lookup(words[1], username, with_username=mode == "creds", as_json=output == "json")


def render(lookup: Lookup, username: str, token: str) -> str:
    """Return what is printed. Source: keyring 25, `keyring/cli.py`."""
    values = {"username": username, "password": token} if lookup.with_username else {"password": token}
    if not lookup.as_json:
        return "".join(f"{value}\n" for value in values.values())
    if token.isascii() and token.isprintable() and '"' not in token and "\\" not in token:
        return "{" + ", ".join(f'"{name}": "{value}"' for name, value in values.items()) + "}\n"
    import json

    return json.dumps(values) + "\n"


def main(arguments: "Sequence[str] | None" = None, shim: str = "") -> int:
    """Run the program; return its exit code.

    Args:
        arguments: The arguments; None is those of the process.
        shim: The path of the shim that was run in the place of `keyring`; empty if none was.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    lookup = parse(arguments)
    if lookup is not None:
        code = _look_up(lookup)
        if code is not None:
            return code
        return _hand_on(arguments, shim) if shim else 1
    if shim:
        return _hand_on(arguments, shim)
    return _manage(arguments)


def _look_up(lookup: Lookup) -> "int | None":
    """Answer, and return the exit code; None if the service is not ours."""
    try:
        token = password_for(lookup.service, lookup.username, os.environ)
    except Exception as error:
        from inhouse_keyring.errors import TokenError

        if not isinstance(error, TokenError):
            raise
        sys.stderr.write(f"error: {error.message}\n\nhint: {error.hint}\n")
        return 1
    if token is None:
        return None
    sys.stdout.write(render(lookup, USERNAME, token))
    return 0


def _hand_on(arguments: "Sequence[str]", shim: str) -> int:
    """Run the `keyring` that would have been run without us; the exit code of an unknown service if there is none."""
    from inhouse_keyring.shim import next_keyring

    program = next_keyring(shim, os.environ)
    if program is None:
        return 1
    if os.name == "posix":
        os.execv(program, [program, *arguments])  # noqa: S606 - never returns
    import subprocess

    return subprocess.run([program, *arguments], check=False).returncode


def _manage(arguments: "Sequence[str]") -> int:
    from inhouse_keyring import shim

    commands = {"install-shim": shim.install, "remove-shim": shim.remove}
    if len(arguments) == 2 and arguments[0] in commands:
        try:
            sys.stdout.write(f"{commands[arguments[0]](arguments[1])}\n")
        except (OSError, shim.ShimError) as error:
            sys.stderr.write(f"error: {error}\n")
            return 1
        return 0
    if list(arguments) in (["-h"], ["--help"]):
        sys.stdout.write(_USAGE)
        return 0
    sys.stderr.write(_USAGE)
    return 2
