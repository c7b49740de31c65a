"""PDM's configuration: the index in the place of PyPI, and where to publish to; PDM asks the keyring by itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from inhouse.access.addresses import parse_address
from inhouse.access.interface import USERNAME, Mention, Reading, Role
from inhouse.access.toml import Toml, dumped, parsed, table, text_of, values, with_value, without
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool


class PdmConfiguration:
    """PDM's `config.toml`, or a project's `pdm.toml`; `ToolFile` says what its methods promise.

    Every table below `[pypi]` is an index beside the one that `[pypi]` names itself, for every project.
    """

    tool = Tool.PDM
    format = Toml()
    holds_secrets = False

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with our repository as the one index, and as a place to publish to."""
        _ = token
        document = parsed(text)
        for name, said in table(values(text), "pypi").items():
            if isinstance(said, Mapping) or name in {"username", "password"}:
                without(document, "pypi", name)
        without(document, "repository", index.name, "password")
        with_value(document, ("pypi", "url"), index.url)
        with_value(document, ("repository", index.name, "url"), index.publish_url)
        with_value(document, ("repository", index.name, "username"), USERNAME)
        return dumped(document)

    def read(self, text: str) -> Reading:
        """Return every index and every place to publish to."""
        data = values(text)
        ignored = table(data, "pypi").get("ignore_stored_index")
        settings = {"pypi.ignore_stored_index": str(ignored).lower()} if ignored is not None else {}
        return Reading((*_indexes(table(data, "pypi")), *_repositories(table(data, "repository"))), settings)


def _indexes(pypi: Mapping[str, Any]) -> Iterator[Mention]:
    if any(text_of(pypi, key) for key in ("url", "username", "password")):
        yield _mention("pypi", Role.INDEX, "pypi", pypi)
    for name, said in pypi.items():
        if isinstance(said, Mapping):
            yield _mention(f"pypi.{name}", Role.EXTRA, name, said)


def _repositories(repositories: Mapping[str, Any]) -> Iterator[Mention]:
    for name, said in repositories.items():
        if isinstance(said, Mapping):
            yield _mention(f"repository.{name}", Role.PUBLISH, name, said)


def _mention(key: str, role: Role, name: str, said: Mapping[str, Any]) -> Mention:
    address = parse_address(text_of(said, "url"))
    return Mention(
        key=key,
        role=role,
        name=name,
        url=address.url,
        username=text_of(said, "username") or address.username,
        password=text_of(said, "password") or address.password,
    )
