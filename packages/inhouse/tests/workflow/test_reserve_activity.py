"""What reserving decides: patterns, steps, warnings; and that it ends where it wants to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse.codeartifact.reserving import GroupState, Held
from inhouse.errors import ReservationError
from inhouse.workflow.reserve import Wish, carry_out, look, pattern_of, plan

PATTERN = "/pypi//acme~"


@dataclass
class FakeReservations:
    """A domain with one package group, or none."""

    group: GroupState | None = None
    packages: tuple[Held, ...] = ()
    calls: list[str] = field(default_factory=list)

    def state(self, pattern: str) -> GroupState | None:
        """Return the group."""
        assert pattern == PATTERN
        return self.group

    def held(self, pattern: str) -> tuple[Held, ...]:
        """Return the packages."""
        assert pattern == PATTERN
        return self.packages

    def create(self, pattern: str, contact: str) -> None:
        """Make the group."""
        assert self.group is None
        self.calls.append("create")
        inherited = dict.fromkeys(("PUBLISH", "EXTERNAL_UPSTREAM", "INTERNAL_UPSTREAM"), "INHERIT")
        self.group = GroupState(pattern, inherited, (), contact)

    def set_contact(self, pattern: str, contact: str) -> None:
        """Change the contact."""
        assert self.group is not None
        assert self.group.pattern == pattern
        self.calls.append("contact")
        self.group = replace(self.group, contact=contact)

    def restrict(self, pattern: str, modes: Mapping[str, str], add: Sequence[str], remove: Sequence[str]) -> None:
        """Change modes and the list, which there is only for one mode."""
        assert self.group is not None
        assert self.group.pattern == pattern
        self.calls.append("restrict")
        merged = {**self.group.modes, **modes}
        assert merged["PUBLISH"] == "ALLOW_SPECIFIC_REPOSITORIES" or not (add or remove)
        kept = [name for name in self.group.publishers if name not in remove]
        self.group = replace(self.group, modes=merged, publishers=(*kept, *add))


@pytest.mark.parametrize(
    ("prefix", "exact", "pattern"),
    [
        ("acme", False, "/pypi//acme~"),
        ("acme-", False, "/pypi//acme~"),
        ("Acme-*", False, "/pypi//acme~"),
        ("acme_core.", False, "/pypi//acme-core~"),
        ("Acme_Core", True, "/pypi//acme-core$"),
    ],
)
def test_a_prefix_ends_at_a_word(prefix: str, exact: bool, pattern: str) -> None:
    assert pattern_of(prefix, exact=exact) == pattern


@pytest.mark.parametrize(("prefix", "exact"), [("", False), ("*", False), ("/pypi/*", False), ("acme-*", True)])
def test_what_is_no_name_reserves_nothing(prefix: str, exact: bool) -> None:
    with pytest.raises(ReservationError) as caught:
        pattern_of(prefix, exact=exact)
    assert "inhouse reserve acme" in caught.value.hint


@given(st.text(max_size=120))
def test_a_pattern_is_never_wider_than_a_name(prefix: str) -> None:
    try:
        pattern = pattern_of(prefix, exact=False)
    except ReservationError:
        return
    assert pattern.startswith("/pypi//")
    assert pattern.endswith("~")
    assert len(pattern) > len("/pypi//~")
    assert "*" not in pattern


MODES = st.fixed_dictionaries(
    {gate: st.sampled_from(["INHERIT", "ALLOW", "BLOCK"]) for gate in ("EXTERNAL_UPSTREAM", "INTERNAL_UPSTREAM")}
)
NAMES = st.lists(st.sampled_from(["shared", "team", "store"]), unique=True).map(tuple)


@st.composite
def states(draw: st.DrawFn) -> GroupState | None:
    if draw(st.booleans()):
        return None
    listed = draw(NAMES)
    publish = "ALLOW_SPECIFIC_REPOSITORIES" if listed else draw(st.sampled_from(["INHERIT", "BLOCK"]))
    return GroupState(PATTERN, {**draw(MODES), "PUBLISH": publish}, listed, draw(st.sampled_from(["", "ada"])))


@given(states(), NAMES, st.sampled_from(["", "ada", "bob"]))
def test_it_ends_where_it_wants_to_be_and_has_nothing_to_do_then(
    state: GroupState | None, publishers: tuple[str, ...], contact: str
) -> None:
    domain, wish = FakeReservations(state), Wish(PATTERN, publishers, contact)
    carry_out(look(wish, domain), domain)
    assert domain.group is not None
    assert domain.group.modes["EXTERNAL_UPSTREAM"] == "BLOCK"
    if publishers:
        assert domain.group.modes["PUBLISH"] == "ALLOW_SPECIFIC_REPOSITORIES"
        assert set(domain.group.publishers) == set(publishers)
    elif state is not None:
        assert domain.group.publishers == state.publishers
    if contact:
        assert domain.group.contact == contact
    again = look(wish, domain)
    assert again.is_done
    assert (again.steps, again.warnings) == ((), ())
    before = list(domain.calls)
    carry_out(again, domain)
    assert domain.calls == before


def test_what_changes_for_packages_that_are_there_is_said() -> None:
    held = (
        Held("acme-core", is_strong=True),
        Held("acme-fork", is_strong=True, public_in=("shared", "store")),
        Held("acme-dark", is_strong=True, is_known=False),
        Held("acrne", is_strong=False),
    )
    planned = plan(Wish(PATTERN), None, held)
    assert planned.warnings == (
        "acme-fork came from a public source (`shared`, `store`): what is there stays, and no new version comes",
        "acme-dark may have come from a public source: not all repositories can be seen",
        "acrne only looks like a name of the group: it can neither be published nor fetched any more",
    )
    done = GroupState(PATTERN, {"EXTERNAL_UPSTREAM": "BLOCK"})
    assert plan(Wish(PATTERN), done, held).warnings == ()
