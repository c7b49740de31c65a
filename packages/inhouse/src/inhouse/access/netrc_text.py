"""Files of the form netrc: a word list of machines, changed by cutting out and putting in whole entries.

Source: the manual page netrc(5), and Python's `netrc` module for comments, quotes and macros.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inhouse.access.interface import Entry, Key

_WORD = re.compile(r'"(?:\\.|[^"\\])*"|[^\s"]\S*|"')


@dataclass(frozen=True)
class Login:
    """What a file has for one host.

    Attributes:
        host: The host; "" for `default`, which counts for all that are not named before it.
        username: The login; "" for none.
        password: The password; "" for none.
        start: Where its text begins.
        stop: Where its text ends, the line end included if nothing else follows on that line.
    """

    host: str
    username: str
    password: str = field(repr=False)
    start: int
    stop: int


class Netrc:
    """The format; `FileFormat` says what its methods promise. The key is the host alone."""

    def entries(self, text: str) -> dict[Key, Entry]:
        """Return what there is by host; of several entries for one host, the first counts, as for every reader.

        Their text is that of all, so that none is lost when it is put back.
        """
        found: dict[Key, Entry] = {}
        for login in logins(text):
            key, raw = (login.host,), text[login.start : login.stop]
            known = found.get(key)
            if known is None:
                found[key] = Entry(raw, repr((login.username, login.password)))
            else:
                found[key] = Entry(f"{known.raw}{'' if known.raw[-1:].isspace() else chr(10)}{raw}", known.meaning)
        return found

    def with_entry(self, text: str, key: Key, raw: str | None) -> str:
        """Return the text with a host's entry put back or taken out."""
        (host,) = key
        return with_login(text, host, raw or "")


def logins(text: str) -> tuple[Login, ...]:
    """Return every entry.

    Raises:
        ValueError: The text is no such file.
    """
    return tuple(_read(text, list(_words(text))))


def with_login(text: str, host: str, raw: str) -> str:
    """Return the text with `raw` instead of all entries for a host; in their place, or first if there is none.

    The first entry that fits counts, and an entry `default` fits every host: so a new one comes first.

    Args:
        text: The file.
        host: The host; "" is `default`.
        raw: The new entry, with its line end; "" for none.
    """
    own = [login for login in logins(text) if login.host == host]
    if not own:
        return raw + text if host or not raw else _ended(text) + raw
    pieces, position = [], 0
    for number, login in enumerate(own):
        pieces += [text[position : login.start], raw if number == 0 else ""]
        position = login.stop
    return "".join([*pieces, text[position:]])


def login_text(host: str, username: str, password: str) -> str:
    """Return an entry for a host, on one line."""
    return f"machine {host} login {username} password {password}\n"


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    stop: int

    @property
    def value(self) -> str:
        """The word without its quotes and backslashes."""
        inner = self.text[1:-1] if len(self.text) > 1 and self.text[0] == '"' == self.text[-1] else self.text
        return re.sub(r"\\(.)", r"\1", inner)


def _words(text: str) -> Iterator[_Word]:
    position = 0
    is_macro = is_value = False
    while (match := _WORD.search(text, position)) is not None:
        word = _Word(match[0], match.start(), match.end())
        position = word.stop
        if word.text.startswith("#") and not is_value:
            position = _end_of_line(text, word.start)
            continue
        yield word
        if is_macro:  # a macro goes on to the next empty line
            blank = re.compile(r"\n[ \t]*\n").search(text, word.stop)
            position = blank.end() if blank else len(text)
        is_macro = word.text == "macdef" and not is_value
        is_value = not is_value and word.text in {"machine", "login", "user", "account", "password"}


def _read(text: str, words: list[_Word]) -> Iterator[Login]:
    number = 0
    while number < len(words):
        word = words[number]
        if word.text == "macdef":
            number += 2
            continue
        if word.text not in {"machine", "default"}:
            raise ValueError(f"`{_shown(word.text)}` is in the place of `machine`, `default` or `macdef`")
        number += 1
        host = ""
        if word.text == "machine":
            host = _value(words, number)
            number += 1
        said = {"login": "", "password": ""}
        while number < len(words) and words[number].text in {"login", "user", "account", "password"}:
            name = "login" if words[number].text == "user" else words[number].text
            said[name] = _value(words, number + 1)
            number += 2
        yield Login(host, said["login"], said["password"], word.start, _stop(text, words[number - 1].stop))


def _value(words: list[_Word], number: int) -> str:
    if number >= len(words):
        raise ValueError(f"nothing follows `{_shown(words[-1].text)}` at the end")
    return words[number].value


def _shown(word: str) -> str:
    # A word that is out of place may well be a password.
    known = {"machine", "default", "macdef", "login", "user", "account", "password"}
    return word if word in known else "…"


def _stop(text: str, position: int) -> int:
    end = _end_of_line(text, position)
    return end if not text[position:end].strip() else position


def _end_of_line(text: str, position: int) -> int:
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1
