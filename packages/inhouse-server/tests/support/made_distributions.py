"""Wheels and source distributions made in memory, small and reproducible."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence


def metadata_text(
    name: str = "acme-core",
    version: str = "1.0",
    *,
    requires_dist: Sequence[str] = (),
    requires_python: str | None = ">=3.11",
    summary: str = "Made for a test",
    description: str = "",
) -> bytes:
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", f"Summary: {summary}"]
    if requires_python is not None:
        lines.append(f"Requires-Python: {requires_python}")
    lines += [f"Requires-Dist: {requirement}" for requirement in requires_dist]
    return ("\n".join(lines) + f"\n\n{description}").encode()


def make_zip(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def make_tar(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    # gzip by hand: tarfile would write the time of day into it
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def wheel_name(name: str = "acme-core", version: str = "1.0") -> str:
    return f"{name.replace('-', '_').replace('.', '_')}-{version}-py3-none-any.whl"


def make_wheel(
    name: str = "acme-core", version: str = "1.0", *, code: str = "", metadata: bytes | None = None
) -> bytes:
    package = name.lower().replace("-", "_").replace(".", "_")
    info = f"{name.replace('-', '_').replace('.', '_')}-{version}.dist-info"
    members = {
        f"{package}/__init__.py": code.encode(),
        f"{info}/METADATA": metadata_text(name, version) if metadata is None else metadata,
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{member},,\n" for member in [*members, f"{info}/RECORD"])
    return make_zip({**members, f"{info}/RECORD": record.encode()})


def sdist_name(name: str = "acme-core", version: str = "1.0") -> str:
    return f"{name.replace('-', '_').replace('.', '_')}-{version}.tar.gz"


def make_sdist(name: str = "acme-core", version: str = "1.0", *, metadata: bytes | None = None) -> bytes:
    folder = sdist_name(name, version).removesuffix(".tar.gz")
    return make_tar(
        {
            f"{folder}/pyproject.toml": b"[project]\n",
            f"{folder}/PKG-INFO": metadata_text(name, version) if metadata is None else metadata,
        }
    )
