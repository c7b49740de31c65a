"""hatch's configuration: where `hatch publish` publishes to. Its environments are filled by pip or uv, with theirs."""

from collections.abc import Iterator, Mapping
from typing import Any

from inhouse.access.addresses import parse_address
from inhouse.access.interface import USERNAME, Mention, Reading, Role
from inhouse.access.toml import Toml, dumped, parsed, table, text_of, values, with_value, without
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool


class HatchConfiguration:
    """hatch's `config.toml`; `ToolFile` says what its methods promise."""

    tool = Tool.HATCH
    format = Toml()
    holds_secrets = False

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with our repository as the one that `hatch publish` takes."""
        _ = token
        document = parsed(text)
        # What stands beside `repos` counts for all of them, and a password there would shadow the keyring.
        without(document, "publish", "index", "auth")
        without(document, "publish", "index", "repos", index.name, "auth")
        with_value(document, ("publish", "index", "repo"), index.name)
        with_value(document, ("publish", "index", "repos", index.name, "url"), index.publish_url)
        with_value(document, ("publish", "index", "repos", index.name, "user"), USERNAME)
        return dumped(document)

    def read(self, text: str) -> Reading:
        """Return every repository."""
        publish = table(values(text), "publish", "index")
        chosen = text_of(publish, "repo")
        return Reading(tuple(_mentions(publish)), {"publish.index.repo": chosen} if chosen else {})


def _mentions(publish: Mapping[str, Any]) -> Iterator[Mention]:
    if text_of(publish, "auth"):
        yield Mention("publish.index", Role.CREDENTIALS, "", "", text_of(publish, "user"), text_of(publish, "auth"))
    for name, said in table(publish, "repos").items():
        repository = {"url": said} if isinstance(said, str) else said if isinstance(said, Mapping) else {}
        address = parse_address(text_of(repository, "url"))
        yield Mention(
            key=f"publish.index.repos.{name}",
            role=Role.PUBLISH,
            name=name,
            url=address.url,
            username=text_of(repository, "user") or address.username,
            password=text_of(repository, "auth") or address.password,
        )
