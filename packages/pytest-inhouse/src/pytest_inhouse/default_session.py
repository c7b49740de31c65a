"""boto3's default session, which keeps the credentials that it has found first, and would find others in each test."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def forget_default_session() -> None:
    """Let `boto3.client` look at the environment anew, if boto3 is loaded at all."""
    boto3: Any = sys.modules.get("boto3")
    if boto3 is not None:
        boto3.DEFAULT_SESSION = None


@contextmanager
def default_session_of_its_own() -> Iterator[None]:
    """Let the block have a default session of its own; the one that was there before is there afterwards."""
    before = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    forget_default_session()
    try:
        yield
    finally:
        boto3: Any = sys.modules.get("boto3")
        if boto3 is not None:
            boto3.DEFAULT_SESSION = before
