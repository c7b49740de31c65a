"""netrc: a token for a host. Most tools read it, none of them can renew it, and it knows hosts only, no paths."""

from inhouse.access.addresses import host
from inhouse.access.interface import USERNAME, Mention, Reading, Role
from inhouse.access.netrc_text import Netrc, login_text, logins, with_login
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool


class NetrcFile:
    """`~/.netrc`; `ToolFile` says what its methods promise."""

    tool = Tool.NETRC
    format = Netrc()
    holds_secrets = True

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with the token for the repository's host."""
        name = host(index.url)
        own = [login for login in logins(text) if login.host == name]
        if [(login.username, login.password) for login in own] == [(USERNAME, token)]:
            return text
        return with_login(text, name, login_text(name, USERNAME, token))

    def read(self, text: str) -> Reading:
        """Return the credentials of all hosts."""
        return Reading(
            tuple(
                Mention(
                    key=f"machine {login.host}" if login.host else "default",
                    role=Role.CREDENTIALS,
                    name=login.host,
                    username=login.username,
                    password=login.password,
                )
                for login in logins(text)
            )
        )
