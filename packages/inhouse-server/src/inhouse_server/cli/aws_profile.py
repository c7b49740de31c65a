"""`server profile`: an AWS profile for the running server, in the files that AWS's tools read.

Only our own keys in our own sections are touched; every other byte of the files stays as it is.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from inhouse_server import compat
from inhouse_server.data_folder import find_running
from inhouse_server.errors import SettingError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@+-]{0,99}", re.ASCII)
_HEADER = re.compile(r"\s*\[\s*(?P<name>[^\]]*?)\s*\]")


def write(name: str, data_dir: Path, environment: Mapping[str, str]) -> list[Path]:
    """Write the profile for the server that works on the folder; return the files it is in.

    Args:
        name: Of the profile, and of its `services` section.
        data_dir: The server's folder.
        environment: Says where AWS's files are; for example `os.environ`.

    Raises:
        NotRunningError: No server works on the folder.
        SettingError: The name, or one of the files, cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise SettingError(
            f"--name: {name!r} cannot be the name of a profile.",
            hint="Use letters, digits and any of _ . @ + - in it.",
        )
    running, key = find_running(data_dir)
    endpoint = [f"  endpoint_url = {running.url}"]
    config = _file(environment, "AWS_CONFIG_FILE", "config")
    credentials = _file(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials")
    header = "default" if name == "default" else f"profile {name}"
    _edit(config, header, {"region": [f" {compat.DEFAULT_REGION}"], "services": [f" {name}"]})
    _edit(config, f"services {name}", {"codeartifact": ["", *endpoint], "sts": ["", *endpoint]})
    _edit(credentials, name, {"aws_access_key_id": [f" {key.id}"], "aws_secret_access_key": [f" {key.secret}"]})
    return [config, credentials]


def with_section(text: str, header: str, values: Mapping[str, list[str]]) -> str:
    """Return an INI file's text with these keys in the section `header`, and all else as it was.

    Args:
        text: Of the file, with its own line ends.
        header: What stands between the section's brackets.
        values: For each key, what stands behind its `=`; further lines are indented ones.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if _is_header(line, header)), None)
    if start is None:
        blocks = [line for key, value in values.items() for line in _block(key, value, end)]
        gap = [] if not text else ([end] if text.endswith(("\n", "\r")) else [end, end])
        return text + "".join([*gap, f"[{header}]{end}", *blocks])
    stop = next((n for n in range(start + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    section = lines[start:stop]
    for key, value in values.items():
        section = _with_key(section, key, _block(key, value, end), end)
    return "".join([*lines[:start], *section, *lines[stop:]])


def _with_key(section: list[str], key: str, block: list[str], end: str) -> list[str]:
    """Return a section's lines with the key's lines replaced, or put behind the last line that says something."""
    for number, line in enumerate(section):
        if not line[:1].isspace() and line.partition("=")[0].strip().lower() == key and "=" in line:
            stop = number + 1
            while stop < len(section) and section[stop][:1] in (" ", "\t") and section[stop].strip():
                stop += 1
            return [*section[:number], *block, *section[stop:]]
    last = max(number for number, line in enumerate(section) if line.strip() and line.strip()[0] not in "#;")
    before = section[: last + 1]
    if not before[-1].endswith(("\n", "\r")):
        before[-1] += end
    return [*before, *block, *section[last + 1 :]]


def _block(key: str, value: list[str], end: str) -> list[str]:
    first, *rest = value
    return [f"{key} ={first}{end}", *(f"{line}{end}" for line in rest)]


def _is_header(line: str, header: str) -> bool:
    match = _HEADER.match(line)
    return match is not None and match["name"].split() == header.split()


def _file(environment: Mapping[str, str], variable: str, default: str) -> Path:
    path = environment.get(variable)
    return Path(path).expanduser() if path else Path.home() / ".aws" / default


def _edit(path: Path, header: str, values: Mapping[str, list[str]]) -> None:
    """Bring a section of a file up to date; a file that says it all already is not written."""
    target = path.resolve()  # a link stays a link
    try:
        old = target.read_bytes().decode("utf-8") if target.exists() else ""
        new = with_section(old, header, values)
        if new == old:
            return
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(new.encode())
            Path(temporary).chmod(mode)
            Path(temporary).replace(target)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"The AWS file {path} cannot be read or written: {error}.",
            hint="Mend it, or name another one in AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE.",
        ) from error
