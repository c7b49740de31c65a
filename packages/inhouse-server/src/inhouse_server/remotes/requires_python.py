"""The Python versions that a core metadata file asks for."""

from packaging.metadata import parse_email


def requires_python_of(metadata: bytes) -> str | None:
    """Return the text of `Requires-Python`, or None without one."""
    raw, _ = parse_email(metadata)
    return raw.get("requires_python")
