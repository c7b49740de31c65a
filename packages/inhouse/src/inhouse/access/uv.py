"""uv's configuration: one default index, always with credentials, which the keyring program gives."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from inhouse.access.addresses import parse_address
from inhouse.access.interface import Mention, Reading, Role
from inhouse.access.toml import Toml, dumped, parsed, table, text_of, values
from inhouse.project.index import make_one_index
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool

_SETTINGS: Final = ("index-strategy", "keyring-provider", "no-index", "torch-backend", "native-auth")


class UvConfiguration:
    """A `uv.toml`; `ToolFile` says what its methods promise.

    The user's counts for `uvx`, `uv tool` and scripts, and beside every project's own index: so it names the same one.
    """

    tool = Tool.UV
    format = Toml()
    holds_secrets = False

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with our repository as the one index."""
        _ = token
        document = parsed(text)
        before = document.unwrap()
        make_one_index(document, index)
        return text if document.unwrap() == before else dumped(document)

    def read(self, text: str) -> Reading:
        """Return every index; a table `[tool.uv]` of a `pyproject.toml` has the same keys, see `read_settings`."""
        return read_settings(values(text))


def read_settings(uv: Mapping[str, Any]) -> Reading:
    """Return every index in uv's settings.

    Args:
        uv: What a `uv.toml` says, or the table `[tool.uv]`.
    """
    settings = {
        f"{prefix}{key}": str(said[key]).lower() if isinstance(said[key], bool) else str(said[key])
        for prefix, said in (("", uv), ("pip.", table(uv, "pip")))
        for key in _SETTINGS
        if key in said
    }
    mentions = [*_named_indexes(uv), *_bare_indexes(uv, ""), *_bare_indexes(table(uv, "pip"), "pip.")]
    return Reading(tuple(mentions), settings)


def read_store(text: str) -> Reading:
    """Return the credentials in the text store of `uv auth`, which uv asks before the keyring.

    Raises:
        ValueError: The text is not TOML.
    """
    listed = values(text).get("credential", [])
    return Reading(
        tuple(
            Mention(
                key="[[credential]]",
                role=Role.CREDENTIALS,
                url=text_of(entry, "service"),
                username=text_of(entry, "username"),
                password=text_of(entry, "password") or text_of(entry, "token"),
            )
            for entry in (listed if isinstance(listed, list) else [])
            if isinstance(entry, Mapping)
        )
    )


def _named_indexes(uv: Mapping[str, Any]) -> Iterator[Mention]:
    listed = uv.get("index", [])
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, Mapping):
            address = parse_address(text_of(entry, "url"))
            role = Role.INDEX if entry.get("default") is True else Role.EXTRA
            name = text_of(entry, "name")
            yield Mention("[[index]]", role, name, address.url, address.username, address.password)


def _bare_indexes(said: Mapping[str, Any], prefix: str) -> Iterator[Mention]:
    for key, role in (("index-url", Role.INDEX), ("extra-index-url", Role.EXTRA), ("find-links", Role.LINKS)):
        value = said.get(key, [])
        for word in value if isinstance(value, list) else [value]:
            address = parse_address(str(word))
            yield Mention(f"{prefix}{key}", role, "", address.url, address.username, address.password)
