"""Small wheels, made in memory: what tests publish, and what they want PyPI to have."""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MadeWheel:
    """A wheel; the same arguments make the same bytes."""

    filename: str
    content: bytes


def make_wheel(
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    requires_python: str | None = None,
    files: Mapping[str, str] | None = None,
) -> MadeWheel:
    """Return a wheel of pure Python that any installer takes.

    Args:
        name: As the project's metadata says it.
        version: As PEP 440 has it.
        requires: Requirements, for example `["idna>=3"]`.
        requires_python: For example `>=3.11`; None for any.
        files: What is installed, by path; by default a package of the project's name with `__version__`.
    """
    module = re.sub(r"[-_.]+", "_", name).lower()
    info = f"{module}-{version}.dist-info"
    headers = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", "Summary: Made for a test"]
    if requires_python is not None:
        headers.append(f"Requires-Python: {requires_python}")
    headers += [f"Requires-Dist: {requirement}" for requirement in requires]
    installed = {f"{module}/__init__.py": f"__version__ = {version!r}\n"} if files is None else files
    contents = {
        **installed,
        f"{info}/METADATA": "\n".join([*headers, "", ""]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: pytest-inhouse\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_digest(text)},{len(text.encode())}" for path, text in contents.items()]
    contents[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in contents.items():
            archive.writestr(zipfile.ZipInfo(path), text)  # which has a fixed date
    return MadeWheel(f"{module}-{version}-py3-none-any.whl", buffer.getvalue())


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
