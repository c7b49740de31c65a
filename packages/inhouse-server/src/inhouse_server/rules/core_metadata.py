"""What we keep of a core metadata file.

Source: packaging.python.org, "Core metadata specifications". Read leniently: versions of the format that we do not
know of yet only add fields.
"""

from collections.abc import Mapping
from dataclasses import fields, replace

from packaging.metadata import parse_email
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from inhouse_server.errors import InvalidDistributionError
from inhouse_server.model import CoreMetadata
from inhouse_server.versions import MAXIMUM_LENGTH

_SOURCE_LABELS = ("source", "sourcecode", "repository", "code", "github", "gitlab")
_HOME_LABELS = ("homepage", "home")


def parse(content: bytes, filename: str) -> CoreMetadata:
    """Return what we keep of METADATA or PKG-INFO.

    Args:
        filename: Of the distribution, for messages.

    Raises:
        InvalidDistributionError: The name or the version is missing or stands there more than once.
    """
    raw, _ = parse_email(content)
    # A header may be folded, which leaves the fold in its text.
    name, version = raw.get("name", "").strip(), raw.get("version", "").strip()
    if not name or not version:
        missing = "name" if not name else "version"
        raise InvalidDistributionError(
            f"The metadata in {filename} does not say exactly one {missing}.",
            hint="Build the project again with a backend that writes complete metadata.",
        )
    urls = raw.get("project_urls", {})
    return CoreMetadata(
        name=name,
        version=version,
        summary=raw.get("summary"),
        home_page=raw.get("home_page") or _labelled(urls, _HOME_LABELS),
        source_code=_labelled(urls, _SOURCE_LABELS),
        license=raw.get("license_expression") or raw.get("license"),
        requires_python=raw.get("requires_python"),
        requires_dist=tuple(raw.get("requires_dist", ())),
        description=raw.get("description"),
    )


def merged(known: CoreMetadata | None, more: CoreMetadata | None) -> CoreMetadata | None:
    """Return what two files of one version say together; what both say, as the first says it.

    A source distribution may leave out what a wheel says (PEP 643), so that neither is enough by itself.
    """
    if known is None or more is None:
        return known or more
    missing = {field.name: getattr(more, field.name) for field in fields(known) if not getattr(known, field.name)}
    return replace(known, **missing)


def check_requires_python(metadata: CoreMetadata, filename: str) -> None:
    """Check what project pages will say of the Python versions a file is for.

    Raises:
        InvalidDistributionError: It is not a specifier that installers can read.
    """
    text = metadata.requires_python or ""
    try:
        if len(text) > MAXIMUM_LENGTH:
            raise InvalidSpecifier(text)  # noqa: TRY301 - one message
        SpecifierSet(text)
    except InvalidSpecifier as error:
        raise InvalidDistributionError(
            f"The metadata in {filename} has a Requires-Python that is none: {text[:MAXIMUM_LENGTH]!r}.",
            hint="Correct requires-python in pyproject.toml and build again; for example '>=3.11'.",
        ) from error


def _labelled(urls: Mapping[str, str], labels: tuple[str, ...]) -> str | None:
    # Source: packaging.python.org, "Well-known project URLs": punctuation, spaces and case do not count.
    normalized = {"".join(filter(str.isalnum, label)).lower(): url for label, url in urls.items()}
    return next((normalized[label] for label in labels if label in normalized), None)
