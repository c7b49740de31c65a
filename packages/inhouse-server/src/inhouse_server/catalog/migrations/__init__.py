"""Numbered, forward-only steps that bring an older catalog up to date.

Each is one transaction together with the record that it ran (`PRAGMA user_version`), and must be safe for the
release before it.
"""

from functools import cache
from importlib.resources import files


@cache
def steps() -> tuple[str, ...]:
    """Return the steps' SQL in order; step n brings a catalog to version n + 1."""
    found = sorted(
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in files(__name__).iterdir()
        if entry.name.endswith(".sql")
    )
    numbers = [int(name[:4]) for name, _ in found]
    if numbers != list(range(1, len(found) + 1)):
        raise ValueError(f"migrations are not numbered without gaps: {numbers}")
    return tuple(sql for _, sql in found)
