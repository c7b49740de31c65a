"""The page of the reference that says what comes of strangers' packages, made from the attack table."""

from typing import Final

from attacked_repository import STATES, Outcome
from attacks import ANSWERS, HOSTILE, attacks
from installers import INSTALLERS
from known_bad import KNOWN_BAD
from workplace import HEALTHY, LOCK, RUN

_FILE: Final = "tests/test_strangers_packages.py"

_HEAD: Final = """\
# When a stranger has your names

Made from the tests' own table by `make reference`. A stranger has every name of ours at a higher version, on PyPI
behind the repository and on a second index. The tools are asked for such names, directly and as a dependency of another
package of ours, with what `inhouse login`, `use-index`, `env` and `run` set up, while the repository is healthy or
answers {answers}: {cells} cases in all, in `{file}`.
The tools are {tools}.

The stranger's package is chosen only where a table below says so. Otherwise what is chosen is ours, or nothing; why
there is nothing, the tool says, or `inhouse doctor`, or `inhouse explain NAME`.

## What has become of a name

| name | at AWS, and with `--compat aws` | with `--compat superset` | what names the hole |
|---|---|---|---|
"""

_SURROUNDINGS: Final = """
## A second index on the machine

Whoever looks there takes the stranger's package, whatever the project says. `inhouse doctor` names the place.

| where | who looks there | `inhouse run` | `inhouse lock`, of uv |
|---|---|---|---|
"""

_BAD: Final = """
## Configurations that are known to be bad

The same tests find the stranger's package with these, which shows that they can; `inhouse doctor` names each. The
private index answers 200 when it is healthy.

| configuration | the stranger's package is chosen at |
|---|---|
"""

_WORDS: Final = {
    Outcome.OURS: "ours is chosen",
    Outcome.NOTHING: "nothing is found",
    Outcome.STRANGERS: "**the stranger's is chosen**",
}


def page() -> str:
    """Return the page."""
    head = _HEAD.format(
        tools=", ".join(INSTALLERS),
        cells=len(attacks()),
        answers=", ".join(str(answer) for answer in ANSWERS if answer != HEALTHY),
        file=_FILE,
    )
    states = (
        f"| {state.name} | {_WORDS[state.at_aws]} | {_WORDS[state.in_superset]} | {state.named} |\n" for state in STATES
    )
    surroundings = (
        f"| {each.name} | {', '.join(name for name in INSTALLERS if name in each.heeded)} "
        f"| {'leaves it out' if each.is_dropped_by(RUN) else 'warns of it'} "
        f"| {'leaves it out' if each.is_dropped_by(LOCK) else 'warns of it'} |\n"
        for each in HOSTILE
    )
    bad = (f"| {each.name} | {', '.join(f'{answer} {way}' for answer, way in each.picks)} |\n" for each in KNOWN_BAD)
    return "".join([head, *states, _SURROUNDINGS, *surroundings, _BAD, *bad])
