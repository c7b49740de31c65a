"""From a question to a token: the kept one while it is good, else a new one.

Answering from the cache is all that this module does itself; how to ask is imported when it is needed.
"""

from __future__ import annotations

import time

from inhouse_keyring.cache import Cache, CacheKey
from inhouse_keyring.credentials import find_source
from inhouse_keyring.memory import Token, token_folder
from inhouse_keyring.questions import Manner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inhouse_keyring.questions import Surroundings, Wanted

__all__ = ["Memo", "Token", "forget", "obtain"]


class Memo:
    """What the same question can be known by again; see `inhouse_keyring.memory`.

    Attributes:
        question: What makes it different from others.
        paths: The files that were looked at to put the question together.
    """

    __slots__ = ("paths", "question")

    def __init__(self, question: tuple[str, ...], paths: Sequence[str] = ()) -> None:
        self.question = question
        self.paths = paths


def obtain(
    wanted: Wanted, surroundings: Surroundings, manner: Manner | None = None, *, memo: Memo | None = None
) -> Token:
    """Return a token: the kept one while it is good for some time yet, else a new one.

    Args:
        wanted: What is asked for.
        surroundings: What it depends on.
        manner: How to go about it.
        memo: What to remember the decision by; None if it cannot be asked in the same way again.

    Raises:
        TokenError: There is none.
    """
    manner = manner or Manner()
    source = find_source(wanted.profile, surroundings.files, surroundings.environment)
    is_known = bool(source.who)
    if not is_known:
        from inhouse_keyring.providers import NotHereError, fetch_keys

        try:
            source.keys = fetch_keys(source, wanted, surroundings, may_prompt=manner.may_prompt)
        except NotHereError:
            from inhouse_keyring.programs import ask_programs

            return ask_programs(manner.programs, source, wanted, surroundings.environment)
        source.who = source.keys.fingerprint
    key = CacheKey(wanted.endpoint, wanted.region, wanted.domain, wanted.owner, who=source.who, seconds=wanted.seconds)
    cache = Cache(token_folder(surroundings.environment))
    token = None if manner.refresh else cache.read(key)
    if token is None or token.is_due(time.time()):
        from inhouse_keyring.renewal import renew

        token = renew(cache, key, source, wanted, surroundings=surroundings, manner=manner)
    if memo is not None and is_known:
        _remember(memo, cache, key, surroundings)
    return token


def forget(environment: Mapping[str, str], domain: str = "", owner: str = "") -> int:
    """Forget kept tokens, and return how many.

    Args:
        environment: The variables, which may name the cache's folder.
        domain: Only those of this domain; empty for any.
        owner: Only those of this account's domains; empty for any.
    """
    return Cache(token_folder(environment)).clear(domain, owner)


def _remember(memo: Memo, cache: Cache, key: CacheKey, surroundings: Surroundings) -> None:
    try:
        cache.remember(memo.question, surroundings.environment, [*memo.paths, *surroundings.paths], key)
    except OSError:
        return  # the next one decides anew
