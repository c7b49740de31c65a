"""How many of each thing there may be, where AWS lets an account have its quota raised.

Source: CodeArtifact user guide, "Quotas". What has a fixed bound (direct upstreams, tags) stands in `compat`.
"""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Quotas:
    """The quotas of a server; None is no quota.

    Attributes:
        domains: Of an account in a region. None here, since tests make one each.
        repositories: Of a domain. None here, for the same reason.
        assets: Of a version that is published here; what a public release has is taken whole.
    """

    domains: int | None = None
    repositories: int | None = None
    assets: int | None = 150


AWS_QUOTAS = Quotas(domains=10, repositories=1000, assets=150)
"""What an account of AWS begins with."""


def parse_quotas(text: str) -> Quotas:
    """Return the quotas that a text such as `domains=10,assets=none` spells; those that it leaves out stay.

    `aws` is what an account of AWS begins with.

    Raises:
        ValueError: It spells none.
    """
    known = [field.name for field in fields(Quotas)]
    parts, named = text.split(","), set[str]()
    quotas = AWS_QUOTAS if parts[0].strip() == "aws" else Quotas()
    for part in parts[1:] if quotas is AWS_QUOTAS else parts:
        name, _, number = part.strip().partition("=")
        if name not in known or not (number == "none" or (number.isascii() and number.isdigit() and len(number) < 10)):
            raise ValueError(f"it must be aws, or like domains=10,assets=none; known are {', '.join(known)}")
        if name in named:
            raise ValueError(f"it says {name} twice")
        named.add(name)
        quotas = replace(quotas, **{name: None if number == "none" else int(number)})
    return quotas
