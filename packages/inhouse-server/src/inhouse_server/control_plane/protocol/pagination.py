"""Pages of results: how many, beginning where, and the token that leads to the next.

A token says which operation made it, behind which key the next page begins, and a digest of the other parameters and of
the account and region that asked. It is not secret and needs none of the server's memory; one that belongs to another
question is refused.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from inhouse_server.errors import InvalidRequestError

Item = TypeVar("Item")
Key = tuple[str, ...]

MEMBERS = frozenset({"maxResults", "nextToken"})
"""The parameters that ask for a page; all others say of what."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page that was asked for.

    Attributes:
        limit: How many results it has at most.
        after: The key of the last result before it; None for the first page.
    """

    operation: str
    digest: str
    limit: int
    after: Key | None

    @property
    def fetch(self) -> int:
        """How many results to look for: one more than the page has, which tells whether there is a next one."""
        return self.limit + 1

    def cut(self, found: Sequence[Item], key: Callable[[Item], Key]) -> tuple[Sequence[Item], str | None]:
        """Return the results of this page and the token of the next, or None at the end.

        Args:
            found: Results behind `after`, in order, up to `fetch` of them.
            key: Gives a result's place in the order.
        """
        shown = found[: self.limit]
        if len(found) <= self.limit:
            return shown, None
        token = json.dumps([self.operation, self.digest, key(shown[-1])], separators=(",", ":"))
        return shown, base64.urlsafe_b64encode(token.encode()).decode()


def read(operation: str, parameters: Mapping[str, object], *, asker: str, default_limit: int, key_length: int) -> Page:
    """Return the page that the parameters ask for.

    Args:
        operation: Its name.
        parameters: By the model's member names, `maxResults` and `nextToken` among them.
        asker: For whom and where, so that nobody continues another's list.
        default_limit: How many results a page has when the parameters do not say.
        key_length: How many parts a key has.

    Raises:
        InvalidRequestError: The token was not made by this operation for these parameters.
    """
    others = {name: value for name, value in parameters.items() if name not in MEMBERS}
    digest = hashlib.sha256(json.dumps([asker, others], sort_keys=True).encode()).hexdigest()[:16]
    limit = parameters.get("maxResults")
    token = parameters.get("nextToken")
    after = None if token is None else _key(str(token), operation, digest, key_length)
    return Page(operation, digest, limit if isinstance(limit, int) else default_limit, after)


def _key(token: str, operation: str, digest: str, key_length: int) -> Key:
    try:
        value = json.loads(base64.b64decode(token.encode(), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        value = None
    match value:
        case [str(made_by), str(made_for), list(key)] if (
            (made_by, made_for) == (operation, digest)
            and len(key) == key_length
            and all(isinstance(part, str) and _is_text(part) for part in key)
        ):
            return tuple(key)
        case _:
            raise InvalidRequestError(
                "The nextToken is not one that this operation gave for these parameters.",
                hint="Begin again without it.",
            )


def _is_text(part: str) -> bool:
    """Return whether the catalog can look for it: half of a surrogate pair has no UTF-8."""
    try:
        part.encode()
    except UnicodeEncodeError:
        return False
    return True
