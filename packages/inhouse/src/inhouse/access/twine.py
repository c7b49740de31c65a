"""twine's `.pypirc`: the repository under a name to publish to; the token is the keyring's."""

from inhouse.access.addresses import parse_address
from inhouse.access.ini import Ini, values, with_option, without_options
from inhouse.access.interface import USERNAME, Mention, Reading, Role
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool


class PypircFile:
    """`~/.pypirc`, which hatch reads too; `ToolFile` says what its methods promise."""

    tool = Tool.TWINE
    format = Ini()
    holds_secrets = False

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with our repository under the index's name; a password there would shadow the keyring."""
        _ = token
        said = values(text)
        known = said.get("distutils", {}).get("index-servers", "pypi\ntestpypi").split()
        text = without_options(text, lambda section, option: (section, option) == (index.name, "password"))
        if index.name not in known:
            text = with_option(text, "distutils", "index-servers", "\n".join(["", *known, index.name]))
        text = with_option(text, index.name, "repository", index.publish_url)
        return with_option(text, index.name, "username", USERNAME)

    def read(self, text: str) -> Reading:
        """Return every repository, also those that `index-servers` does not list: hatch reads them all."""
        return Reading(
            tuple(
                Mention(
                    key=f"[{section}]",
                    role=Role.PUBLISH if options.get("repository") else Role.CREDENTIALS,
                    name=section,
                    url=parse_address(options.get("repository", "")).url,
                    username=options.get("username", ""),
                    password=options.get("password", "") or parse_address(options.get("repository", "")).password,
                )
                for section, options in values(text).items()
                if options.keys() & {"repository", "username", "password"}
            )
        )
