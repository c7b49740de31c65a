"""Reserves names: a package group for a prefix that lets nothing in from public sources, planned first, then made."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from packaging.utils import canonicalize_name

from inhouse.codeartifact.reserving import GroupState, Held, Reservations
from inhouse.errors import ReservationError

__all__ = ["Plan", "Wish", "carry_out", "look", "pattern_of", "plan"]


@dataclass(frozen=True)
class Wish:
    """What shall be reserved.

    Attributes:
        pattern: The pattern of the group.
        publishers: The repositories that alone may publish such names; none leaves publishing as it is.
        contact: Whom to ask about the group; "" leaves it as it is.
    """

    pattern: str
    publishers: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True)
class Plan:
    """What has to be done.

    Attributes:
        wish: What shall be.
        creates: Whether the group has to be made.
        modes: The ways in that have to be set.
        add: Repositories that have to be put on the list for publishing.
        remove: Repositories that have to be taken off it.
        contact: The contact to set in a group that is there; None leaves it.
        held: The packages that the group holds then.
    """

    wish: Wish
    creates: bool
    modes: Mapping[str, str] = field(default_factory=dict)
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    contact: str | None = None
    held: tuple[Held, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether all is as it shall be."""
        return not (self.creates or self.modes or self.add or self.remove or self.contact is not None)

    @property
    def steps(self) -> tuple[str, ...]:
        """What has to be done, in words."""
        pattern = self.wish.pattern
        steps = [f"make the package group {pattern}"] if self.creates else []
        steps += [f"set {gate}={mode} in {pattern}" for gate, mode in self.modes.items()]
        steps += [f"let `{name}` publish names of {pattern}" for name in self.add]
        steps += [f"let `{name}` no longer publish names of {pattern}" for name in self.remove]
        steps += [f"set the contact of {pattern} to {self.contact}"] if self.contact is not None else []
        return tuple(steps)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is changed for packages that are there."""
        if self.is_done:
            return ()
        return tuple(warning for held in self.held if (warning := _warning(held)))


def _warning(held: Held) -> str:
    if not held.is_strong:
        return f"{held.name} only looks like a name of the group: it can neither be published nor fetched any more"
    if held.public_in:
        names = ", ".join(f"`{name}`" for name in held.public_in)
        return f"{held.name} came from a public source ({names}): what is there stays, and no new version comes"
    if not held.is_known:
        return f"{held.name} may have come from a public source: not all repositories can be seen"
    return ""


_LONGEST: Final = 100


def pattern_of(prefix: str, *, exact: bool) -> str:
    """Return the pattern of a package group for a prefix, or for one name.

    `acme`, `acme-` and `acme-*` mean the same: `acme` itself and all names that go on with a separator. A prefix
    without an end at a word (`acmecorp` for `acme`) is not reserved: it would be somebody else's name.

    Source: CodeArtifact user guide, "Package group definition syntax and matching behavior": `~` ends at a word, `$` at
    the end of the name.

    Raises:
        ReservationError: It is no name.
    """
    name = prefix if exact else re.sub(r"[-_.*~]+$", "", prefix)
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", name, re.ASCII) or len(name) > _LONGEST:
        raise ReservationError(prefix, "it is not the beginning of a name: letters, digits and single separators")
    return f"/pypi//{canonicalize_name(name)}{'$' if exact else '~'}"


def plan(wish: Wish, state: GroupState | None, held: Sequence[Held]) -> Plan:
    """Decide what has to be done.

    Args:
        wish: What shall be.
        state: The group as it is; None when there is none.
        held: The packages that it holds, or would hold.
    """
    modes = {"EXTERNAL_UPSTREAM": "BLOCK"}
    if wish.publishers:
        modes["PUBLISH"] = "ALLOW_SPECIFIC_REPOSITORIES"
    now = state.modes if state is not None else {}
    listed = state.publishers if state is not None else ()
    is_other_contact = state is not None and bool(wish.contact) and wish.contact != state.contact
    return Plan(
        wish,
        creates=state is None,
        modes={gate: mode for gate, mode in modes.items() if now.get(gate) != mode},
        add=tuple(name for name in wish.publishers if name not in listed),
        remove=tuple(name for name in listed if name not in wish.publishers) if wish.publishers else (),
        contact=wish.contact if is_other_contact else None,
        held=tuple(held),
    )


def look(wish: Wish, reservations: Reservations) -> Plan:
    """Look at the domain, and decide what has to be done.

    Raises:
        RepositoryError: It cannot be looked at.
    """
    return plan(wish, reservations.state(wish.pattern), reservations.held(wish.pattern))


def carry_out(planned: Plan, reservations: Reservations) -> None:
    """Do what was planned; what was done already is not done again when it is planned anew.

    Raises:
        RepositoryError: It is not allowed, or a repository that is named does not exist.
    """
    wish = planned.wish
    if planned.creates:
        reservations.create(wish.pattern, wish.contact)
    if planned.contact is not None:
        reservations.set_contact(wish.pattern, planned.contact)
    if planned.modes or planned.add or planned.remove:
        reservations.restrict(wish.pattern, planned.modes, planned.add, planned.remove)
