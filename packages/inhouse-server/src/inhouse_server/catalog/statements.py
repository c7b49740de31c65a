"""Named SQL statements, read from the `.sql` files beside this module.

A file holds statements, each under a line `-- name: some_name` and a comment that says what it is for.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_HEADER = re.compile(r"^-- name: (?P<name>[a-z0-9_]+)$", re.MULTILINE)


@cache
def load(family: str) -> Mapping[str, str]:
    """Return the statements of `sql/<family>.sql` by name.

    Raises:
        ValueError: A name occurs twice, or text stands before the first name.
    """
    text = files("inhouse_server.catalog").joinpath("sql", f"{family}.sql").read_text(encoding="utf-8")
    before, *rest = _HEADER.split(text)
    if before.strip():
        raise ValueError(f"{family}.sql: text before the first statement's name")
    statements: dict[str, str] = {}
    for name, body in zip(rest[::2], rest[1::2], strict=True):
        if name in statements:
            raise ValueError(f"{family}.sql: {name!r} is there twice")
        statements[name] = body.strip()
    return MappingProxyType(statements)
