"""Poetry's configuration: a place to publish to, and credentials by the names of sources.

Where packages come from is the project's business: Poetry knows sources only in a `pyproject.toml`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from inhouse.access.addresses import parse_address
from inhouse.access.interface import USERNAME, Mention, Reading, Role
from inhouse.access.toml import Toml, dumped, parsed, table, text_of, values, with_value, without
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool


def publishing_name(index: Index) -> str:
    """Return the name under which Poetry publishes.

    Under a source's own name it would post to the address of its pages, which takes no uploads: `-r` looks at the
    sources of the project before the repositories of the configuration.
    """
    return f"{index.name}-publish"


class PoetryConfiguration:
    """Poetry's `config.toml`, or a project's `poetry.toml`; `ToolFile` says what its methods promise."""

    tool = Tool.POETRY
    format = Toml()
    holds_secrets = False

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with our repository as a place to publish to."""
        _ = token
        document = parsed(text)
        with_value(document, ("repositories", publishing_name(index), "url"), index.publish_url)
        return dumped(document)

    def read(self, text: str) -> Reading:
        """Return every place to publish to, and credentials."""
        return _read(text)


class PoetryCredentials:
    """Poetry's `auth.toml`; `ToolFile` says what its methods promise.

    What stands there wins over the keyring and is never renewed. So it is for a Poetry without our keyring backend;
    with no token, entries for our repository are taken out.
    """

    tool = Tool.POETRY
    format = Toml()
    holds_secrets = True

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with the token for the source and for publishing, or without any."""
        document = parsed(text)
        for name in (index.name, publishing_name(index)):
            if token:
                with_value(document, ("http-basic", name, "username"), USERNAME)
                with_value(document, ("http-basic", name, "password"), token)
            else:
                without(document, "http-basic", name)
        return text if document.unwrap() == values(text) else dumped(document)

    def read(self, text: str) -> Reading:
        """Return every place to publish to, and credentials."""
        return _read(text)


def _read(text: str) -> Reading:
    data = values(text)
    enabled = table(data, "keyring").get("enabled")
    settings = {"keyring.enabled": str(enabled).lower()} if enabled is not None else {}
    return Reading((*_repositories(data), *_credentials(data)), settings)


def _repositories(data: Mapping[str, Any]) -> Iterator[Mention]:
    for name, said in table(data, "repositories").items():
        if isinstance(said, Mapping):
            address = parse_address(text_of(said, "url"))
            key = f"repositories.{name}"
            yield Mention(key, Role.PUBLISH, name, address.url, address.username, address.password)


def _credentials(data: Mapping[str, Any]) -> Iterator[Mention]:
    for kind in ("http-basic", "bearer"):
        for name, said in table(data, kind).items():
            if isinstance(said, Mapping):
                password = text_of(said, "password") or text_of(said, "token")
                key = f"{kind}.{name}"
                yield Mention(key, Role.CREDENTIALS, name, "", text_of(said, "username"), password)
    for name in table(data, "pypi-token"):
        yield Mention(f"pypi-token.{name}", Role.CREDENTIALS, name, password=text_of(table(data, "pypi-token"), name))
