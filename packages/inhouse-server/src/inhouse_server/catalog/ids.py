"""Ids of what may be deleted while somebody still works with it."""

import secrets


def new_id() -> int:
    """Return an id that nothing has had before.

    SQLite gives the id of a deleted row to the next one. Whoever found a repository, and comes back to it after a long
    upload, would then write into another one that has been made since.
    """
    return secrets.randbits(62)
