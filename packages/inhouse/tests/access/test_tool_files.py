"""What each tool's file says, and what it says after login: comments and everything else stay."""

from pathlib import Path

import pytest
from client_fakes import ENDPOINT
from inline_snapshot import snapshot

from inhouse.access.changes import login_change
from inhouse.access.interface import Mention, Reading, Role, Target, ToolFile
from inhouse.access.journal import Record
from inhouse.access.poetry import publishing_name
from inhouse.access.tool_files import CONFIGURATIONS, POETRY_CREDENTIALS, project_targets, reader, user_targets
from inhouse.project.index import repository_index
from inhouse.tools.locations import Location, Machine, Scope, Tool

INDEX = repository_index("shared", ENDPOINT)
FILE = Path("/home/ada/file")


def shown(reading: Reading) -> list[str]:
    return [
        f"{mention.role.name} {mention}" + (f" as {mention.username}" if mention.username else "")
        for mention in reading.mentions
    ] + [f"{key} = {value}" for key, value in reading.settings.items()]


def after_login(file: ToolFile, before: str, token: str = "new-token") -> str:
    change = login_change(Target(FILE, file), before, INDEX, token, None)
    assert change.after is not None
    return change.after


PIP = """\
# mine
[global]
timeout: 5
INDEX_URL = https://aws:old%20one@private.example/simple/
trusted-host = private.example
extra-index-url =
    https://one.example/simple

    # a comment between
    https://two.example/simple

[install]
find-links = wheels  ; here
no-index = true
; the end
"""


def test_pip() -> None:
    file = CONFIGURATIONS[Tool.PIP]
    assert shown(file.read(PIP)) == snapshot(
        [
            "INDEX [global] index_url (https://private.example/simple/), which holds a password as aws",
            "EXTRA [global] extra-index-url (https://one.example/simple)",
            "EXTRA [global] extra-index-url (https://two.example/simple)",
            "LINKS [install] find-links (wheels)",
            "LINKS [install] find-links (;)",
            "LINKS [install] find-links (here)",
            "global.trusted-host = private.example",
            "install.no-index = true",
        ]
    )
    assert after_login(file, PIP) == snapshot("""\
# mine
[global]
timeout: 5
trusted-host = private.example
index-url = http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/
keyring-provider = subprocess

[install]
; the end
""")


UV = """\
# mine
index-strategy = "unsafe-best-match"
extra-index-url = ["https://ada:old@one.example/simple"]
offline = false  # always

[pip]
find-links = ["wheels"]
no-index = true

[[index]]  # the first
name = "shared"
url = "https://private.example/simple"
explicit = true

[[index]]
url = "https://ada:old@two.example/simple"
default = true
"""


def test_uv() -> None:
    file = CONFIGURATIONS[Tool.UV]
    assert shown(file.read(UV)) == snapshot(
        [
            "EXTRA [[index]] (https://private.example/simple)",
            "INDEX [[index]] (https://two.example/simple), which holds a password as ada",
            "EXTRA extra-index-url (https://one.example/simple), which holds a password as ada",
            "LINKS pip.find-links (wheels)",
            "index-strategy = unsafe-best-match",
            "pip.no-index = true",
        ]
    )
    assert after_login(file, UV) == snapshot("""\
# mine
index-strategy = "first-index"
offline = false  # always
keyring-provider = "subprocess"

[pip]

[[index]]  # the first
name = "shared"
url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/"
publish-url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
default = true
authenticate = "always"

""")


POETRY = """\
[repositories.shared]  # mine
url = "https://ada:old@private.example/"

[http-basic.shared]
username = "aws"
password = "old"

[pypi-token]
pypi = "old"

[keyring]
enabled = false
"""


def test_poetry() -> None:
    file = CONFIGURATIONS[Tool.POETRY]
    assert shown(file.read(POETRY)) == snapshot(
        [
            "PUBLISH repositories.shared (https://private.example/), which holds a password as ada",
            "CREDENTIALS http-basic.shared (shared), which holds a password as aws",
            "CREDENTIALS pypi-token.pypi (pypi), which holds a password",
            "keyring.enabled = false",
        ]
    )
    assert after_login(file, POETRY).removeprefix(POETRY) == snapshot("""\
[repositories.shared]  # mine
url = "https://ada:old@private.example/"

[repositories.shared-publish]
url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
[http-basic.shared]
username = "aws"
password = "old"

[pypi-token]
pypi = "old"

[keyring]
enabled = false
""")
    assert after_login(POETRY_CREDENTIALS, POETRY) == snapshot("""\
[repositories.shared]  # mine
url = "https://ada:old@private.example/"

[http-basic.shared]
username = "aws"
password = "new-token"

[http-basic.shared-publish]
username = "aws"
password = "new-token"
[pypi-token]
pypi = "old"

[keyring]
enabled = false
""")
    assert "http-basic" not in after_login(POETRY_CREDENTIALS, POETRY, token="")
    assert publishing_name(INDEX) == "shared-publish"


PDM = """\
[pypi]
url = "https://private.example/simple"
username = "ada"
password = "${PASSWORD}"  # from a variable
verify_ssl = true
ignore_stored_index = false

[pypi.second]
# why
url = "https://ada:old@two.example/simple"

[repository.shared]
url = "https://private.example/"
password = "old"
"""


def test_pdm() -> None:
    file = CONFIGURATIONS[Tool.PDM]
    assert shown(file.read(PDM)) == snapshot(
        [
            "INDEX pypi (https://private.example/simple) as ada",
            "EXTRA pypi.second (https://two.example/simple), which holds a password as ada",
            "PUBLISH repository.shared (https://private.example/), which holds a password",
            "pypi.ignore_stored_index = false",
        ]
    )
    assert file.read(PDM).secrets == ("${PASSWORD}", "old", "old")
    assert after_login(file, PDM) == snapshot("""\
[pypi]
url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/"
verify_ssl = true
ignore_stored_index = false

[repository.shared]
url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
username = "aws"
""")


PYPIRC = """\
[distutils]
index-servers =
    private
# mine
[private]
repository: https://private.example/
username: ada
password: old

[shared]
repository = https://other.example/
password = old
"""


def test_twine() -> None:
    file = CONFIGURATIONS[Tool.TWINE]
    assert shown(file.read(PYPIRC)) == snapshot(
        [
            "PUBLISH [private] (https://private.example/), which holds a password as ada",
            "PUBLISH [shared] (https://other.example/), which holds a password",
        ]
    )
    assert after_login(file, PYPIRC) == snapshot("""\
[distutils]
index-servers =
    private
    shared
# mine
[private]
repository: https://private.example/
username: ada
password: old

[shared]
repository = http://127.0.0.1:9/pypi/d/acme-111122223333/shared/
username = aws
""")


HATCH = """\
mode = "local"  # mine

[publish.index]
repo = "private"
user = "ada"
auth = "old"

[publish.index.repos]
private = "https://ada:old@private.example/"

[publish.index.repos.shared]
url = "https://other.example/"
auth = "old"
"""


def test_hatch() -> None:
    file = CONFIGURATIONS[Tool.HATCH]
    assert shown(file.read(HATCH)) == snapshot(
        [
            "CREDENTIALS publish.index, which holds a password as ada",
            "PUBLISH publish.index.repos.private (https://private.example/), which holds a password as ada",
            "PUBLISH publish.index.repos.shared (https://other.example/), which holds a password",
            "publish.index.repo = private",
        ]
    )
    assert after_login(file, HATCH) == snapshot("""\
mode = "local"  # mine

[publish.index]
repo = "shared"
user = "ada"

[publish.index.repos]
private = "https://ada:old@private.example/"

[publish.index.repos.shared]
url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
user = "aws"
""")


NETRC = """\
# mine
machine private.example
  login ada
  password "o l\\"d"
machine 127.0.0.1 login x password y # z
machine 127.0.0.1 login again
macdef init
  machine is no entry here

default login anonymous password guest
"""


def test_netrc() -> None:
    file = CONFIGURATIONS[Tool.NETRC]
    assert shown(file.read(NETRC)) == snapshot(
        [
            "CREDENTIALS machine private.example (private.example), which holds a password as ada",
            "CREDENTIALS machine 127.0.0.1 (127.0.0.1), which holds a password as x",
            "CREDENTIALS machine 127.0.0.1 (127.0.0.1) as again",
            "CREDENTIALS default, which holds a password as anonymous",
        ]
    )
    assert file.read(NETRC).secrets == ('o l"d', "y", "guest")
    assert after_login(file, NETRC) == snapshot("""\
# mine
machine private.example
  login ada
  password "o l\\"d"
machine 127.0.0.1 login aws password new-token
 # z
macdef init
  machine is no entry here

default login anonymous password guest
""")
    assert after_login(file, "default login a password b\n") == snapshot("""\
machine 127.0.0.1 login aws password new-token
default login a password b
""")


def test_the_text_store_of_uv() -> None:
    location = Location(FILE, Scope.USER, for_secrets=True)
    text = '[[credential]]\nservice = "https://private.example/x"\nusername = "aws"\npassword = "old"\n'
    assert shown(reader(Tool.UV, location)(text)) == snapshot(
        ["CREDENTIALS [[credential]] (https://private.example/x), which holds a password as aws"]
    )
    assert reader(Tool.UV, location)("credential = 3\n") == Reading()
    assert reader(Tool.UV, Location(FILE, Scope.USER))("") == Reading()
    assert reader(Tool.POETRY, location)(POETRY) == POETRY_CREDENTIALS.read(POETRY)


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        (Tool.PIP, "no section"),
        (Tool.PIP, "[global]\na = 1\n[global]\n"),
        (Tool.UV, "index ="),
        (Tool.UV, "index = 3"),
        (Tool.UV, "pip = 3"),
        (Tool.POETRY, 'repositories = "x"\n'),
        (Tool.NETRC, "machine"),
        (Tool.NETRC, "secret"),
        (Tool.NETRC, "machine a login b password c secret"),
    ],
)
def test_what_a_tool_would_refuse_is_not_changed(tool: Tool, text: str) -> None:
    if tool is Tool.POETRY:  # a text in the place of a table makes room for it
        assert "[repositories.shared-publish]" in after_login(CONFIGURATIONS[tool], text)
        return
    with pytest.raises(ValueError, match=r".") as caught:
        after_login(CONFIGURATIONS[tool], text)
    assert "secret" not in str(caught.value)


def test_a_file_that_hides_the_repository_is_not_written() -> None:
    class Stubborn:
        tool = Tool.UV
        format = CONFIGURATIONS[Tool.UV].format
        holds_secrets = False

        def configured(self, text: str, index: object, token: str = "") -> str:
            _ = index, token
            return text

        def read(self, text: str) -> Reading:
            _ = text
            return Reading((Mention("index", Role.INDEX, url="https://other.example/"),))

    with pytest.raises(ValueError, match="leaves no room"):
        login_change(Target(FILE, Stubborn()), "", INDEX, "", None)


def test_secrets_are_masked_in_whatever_way_they_are_spelled() -> None:
    before = 'extra-index-url = ["https://a:s3cr%65t@one.example/"]\nauth = "s3\\u0063ret"  # password = s3cret\n'
    change = login_change(Target(FILE, CONFIGURATIONS[Tool.UV]), before, INDEX, "", None)
    assert "s3" not in change.diff()
    assert change.gave_way == ("extra-index-url (https://one.example/), which holds a password",)
    assert "s3" not in repr(change)


def test_which_files_are_ours_to_write() -> None:
    machine = Machine({"HOME": "/h"}, "linux")
    users = {tool.value: [str(each.path) for each in user_targets(tool, machine)] for tool in Tool}
    assert users == snapshot(
        {
            "pip": ["/h/.config/pip/pip.conf"],
            "uv": ["/h/.config/uv/uv.toml"],
            "poetry": ["/h/.config/pypoetry/config.toml", "/h/.config/pypoetry/auth.toml"],
            "pdm": ["/h/.config/pdm/config.toml"],
            "twine": ["/h/.pypirc"],
            "hatch": ["/h/.config/hatch/config.toml"],
            "netrc": ["/h/.netrc"],
        }
    )
    assert user_targets(Tool.PIP, Machine({}, "linux")) == ()
    project = Path("/p")
    assert {
        tool.value: [str(each.path) for each in project_targets(tool, project, project / ".venv", windows=False)]
        for tool in Tool
    } == snapshot(
        {
            "pip": ["/p/.venv/pip.conf"],
            "uv": [],
            "poetry": ["/p/poetry.toml"],
            "pdm": ["/p/pdm.toml"],
            "twine": [],
            "hatch": [],
            "netrc": [],
        }
    )
    (windows,) = project_targets(Tool.PIP, project, project / ".venv", windows=True)
    assert windows.path == project / ".venv" / "pip.ini"
    targets = [each for tool in Tool for each in project_targets(tool, project, project, windows=False)]
    assert not any(each.kind.holds_secrets for each in targets)


def test_a_record_is_kept_only_for_what_was_changed() -> None:
    file = CONFIGURATIONS[Tool.UV]
    text = after_login(file, "")
    change = login_change(Target(FILE, file), text, INDEX, "", None)
    assert (change.record, change.is_nothing) == (None, True)
    assert isinstance(login_change(Target(FILE, file), None, INDEX, "", None).record, Record)
