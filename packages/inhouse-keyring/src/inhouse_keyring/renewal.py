"""Asks for a new token: one question for however many processes want it, and the old one as long as it works."""

from __future__ import annotations

import time

from inhouse_keyring.errors import TokenError
from inhouse_keyring.locks import Lock
from inhouse_keyring.providers import NotHereError, fetch_keys
from inhouse_keyring.service import authorization_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from inhouse_keyring.cache import Cache, CacheKey
    from inhouse_keyring.credentials import Source
    from inhouse_keyring.memory import Token
    from inhouse_keyring.questions import Manner, Surroundings, Wanted

_PATIENCE = 30.0
_RETRY_SECONDS = 60.0
"""While an old token works, a failed renewal is not repeated by every process that comes by."""


def renew(
    cache: Cache, key: CacheKey, source: Source, wanted: Wanted, *, surroundings: Surroundings, manner: Manner
) -> Token:
    """Return a new token, or what another process has got in the meantime, or the old one if there is no new one.

    Args:
        cache: Where tokens are kept.
        key: What it is kept as.
        source: Where the credentials come from.
        wanted: What is asked for.
        surroundings: What it depends on.
        manner: How to go about it.

    Raises:
        TokenError: There is none.
    """
    began = time.time()
    if source.may_prompt and manner.may_prompt:  # before the lock: nobody else waits for a person
        source.keys = fetch_keys(source, wanted, surroundings, may_prompt=True)
    try:
        lock = cache.lock_path(key)
    except OSError as error:
        manner.warn(f"tokens cannot be kept: {error}")
        return _ask(source, wanted, surroundings, manner)
    with Lock(lock, _PATIENCE):
        kept = cache.read(key)
        if kept is not None and (kept.created_at >= began if manner.refresh else not kept.is_due(time.time())):
            return kept
        usable = kept if kept is not None and kept.works(began) and not manner.refresh else None
        failed = cache.failure(key)
        if failed is not None and failed[0] >= began - (0 if usable is None else _RETRY_SECONDS):
            # Somebody has asked while we waited, or a moment ago: the answer would be the same.
            if usable is None:
                raise failed[1]
            return usable
        try:
            token = _ask(source, wanted, surroundings, manner)
        except TokenError as error:
            _note(cache, key, error)
            if usable is None:
                raise
            if failed is None or failed[0] < usable.created_at:  # once for each token, not for each process
                manner.warn(f"the token cannot be renewed, and works for {_left(usable)} more: {error.message}")
            return usable
        _keep(cache, key, token, manner.warn)
        return token


def _ask(source: Source, wanted: Wanted, surroundings: Surroundings, manner: Manner) -> Token:
    try:
        keys = fetch_keys(source, wanted, surroundings, may_prompt=manner.may_prompt)
    except NotHereError:
        from inhouse_keyring.programs import ask_programs

        return ask_programs(manner.programs, source, wanted, surroundings.environment)
    return authorization_token(wanted, keys, surroundings)


def _keep(cache: Cache, key: CacheKey, token: Token, warn: Callable[[str], None]) -> None:
    try:
        cache.prune(time.time())
        cache.write(key, token)
        cache.forget_failure(key)
    except OSError as error:
        warn(f"the token cannot be kept: {error}")


def _note(cache: Cache, key: CacheKey, error: TokenError) -> None:
    try:
        cache.note_failure(key, time.time(), error)
    except OSError:
        return  # it is only there to spare others the question


def _left(token: Token) -> str:
    minutes = max(int((token.expires_at - time.time()) // 60), 0)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
