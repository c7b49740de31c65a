"""The matrix of programs: what each one does with the repository, which test shows it, or why it is not possible.

Pure data, from which the tests of `test_clients_matrix.py` and a page of the reference are made.
"""

from dataclasses import dataclass
from typing import Final

TESTS: Final = "tests/test_clients_matrix.py"
_JAVASCRIPT: Final = "packages/inhouse-server/tests/test_real_api_clients.py"

INSTALL, LOCK, PUBLISH, EXPIRED, STRANGER = COLUMNS = (
    "install",
    "lock",
    "publish",
    "expired token",
    "wrong identity",
)
_FUNCTIONS: Final = {
    INSTALL: "test_install",
    LOCK: "test_lock",
    PUBLISH: "test_publish",
    EXPIRED: "test_expired_token",
    STRANGER: "test_wrong_identity",
}


@dataclass(frozen=True)
class Program:
    """A row.

    Attributes:
        name: As the table calls it.
        how: How it is given access.
        not_possible: Why it has no test in a column.
        elsewhere: Tests that are not in `TESTS`.
    """

    name: str
    how: str
    not_possible: dict[str, str]
    elsewhere: dict[str, str]

    def has_own_test(self, column: str) -> bool:
        """Say whether a cell has a test of `TESTS` that is named after both."""
        return column not in self.not_possible and column not in self.elsewhere

    def test(self, column: str) -> str:
        """Return the id of the test of a cell; "" for none."""
        if column in self.not_possible:
            return ""
        return self.elsewhere.get(column, f"{TESTS}::{_FUNCTIONS[column]}[{self.name}]")


def _program(name: str, how: str, not_possible: dict[str, str] | None = None, **elsewhere: str) -> Program:
    return Program(
        name, how, not_possible or {}, {column.replace("_", " "): test for column, test in elsewhere.items()}
    )


_NO_INSTALLER: Final = {
    INSTALL: "it is a client of the API, which fetches single files and resolves nothing",
    LOCK: "it is a client of the API, which fetches single files and resolves nothing",
    PUBLISH: "the operation PublishPackageVersion takes packages of the format `generic` alone",
}

PROGRAMS: Final = (
    _program("pip", "`inhouse login`, keyring", {PUBLISH: "pip uploads nothing"}),
    _program("uv", "`inhouse use-index`, `inhouse login`, keyring"),
    _program("Poetry 1.8", "`inhouse use-index`, `inhouse login`, keyring"),
    _program("Poetry 2", "`inhouse use-index`, `inhouse login`, keyring"),
    _program("PDM", "`inhouse login`, keyring"),
    _program("Hatch", "`inhouse login`, keyring; pip fills its environments"),
    _program(
        "Hatch with uv",
        "`inhouse login`, keyring; uv fills its environments",
        publish=f"{TESTS}::test_publish[Hatch]",
    ),
    _program("twine", "`inhouse login`, keyring", {INSTALL: "twine only uploads", LOCK: "twine only uploads"}),
    _program("AWS CLI", "its own `aws codeartifact login`, for pip and twine"),
    _program("boto3", "credentials of AWS's", _NO_INSTALLER),
    _program("keyrings.codeartifact", "AWS's own addresses, through a proxy; with pip, uv and twine"),
    _program(
        "JavaScript SDK",
        "credentials of AWS's",
        {**_NO_INSTALLER, EXPIRED: "it sends no token that could end, since it signs each request"},
        wrong_identity=f"{_JAVASCRIPT}::test_whoever_may_do_nothing_is_told_so[javascript]",
    ),
)


def with_own_test(column: str) -> list[str]:
    """Return the programs that have a test of ours in a column."""
    return [each.name for each in PROGRAMS if each.has_own_test(column)]


_HEAD: Final = f"""\
# What each program does

Made from the tests' own table by `make reference`. Each program is driven in its latest release, unmodified, against
the embedded repository in the mode `aws`. The test of a cell is in `{TESTS}`:
the function in the column's head, with the program in brackets, for example `{_FUNCTIONS[INSTALL]}[pip]`.

*Expired token*: the clock moves on, and the program gets a new token by itself; where it was given one that nobody
renews, it fails, and it or `inhouse doctor` says why. *Wrong identity*: somebody who may have a token, and lacks
`codeartifact:ReadFromRepository` and `codeartifact:PublishPackageVersion`; the program or `inhouse doctor` says so.

| program | access by | {" | ".join(f"{column} (`{_FUNCTIONS[column]}`)" for column in COLUMNS)} |
|---|---|{"---|" * len(COLUMNS)}
"""


def page() -> str:
    """Return the page of the reference."""
    notes: dict[str, int] = {}
    rows = []
    for program in PROGRAMS:
        cells = []
        for column in COLUMNS:
            note = _note(program, column)
            mark = "yes" if program.test(column) else "not possible"
            cells.append(f"{mark} ({notes.setdefault(note, len(notes) + 1)})" if note else mark)
        rows.append(f"| {program.name} | {program.how} | {' | '.join(cells)} |\n")
    return "".join([_HEAD, *rows, "\n", *(f"{number}. {note}\n" for note, number in notes.items())])


def _note(program: Program, column: str) -> str:
    if column in program.not_possible:
        return f"Not possible, because {program.not_possible[column]}."
    return "" if program.has_own_test(column) else f"Shown by `{program.test(column)}`."
