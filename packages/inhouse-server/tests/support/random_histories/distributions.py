"""The distributions that histories publish: small, and for the same name always the same bytes or certain others."""

import hashlib
from dataclasses import dataclass
from functools import cache

from made_distributions import make_tar, make_wheel, metadata_text, sdist_name, wheel_name
from reference_model.packages import README

KINDS = ("wheel", "linux", "sdist")


@dataclass(frozen=True)
class Distribution:
    filename: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def filetype(self) -> str:
        return "bdist_wheel" if self.filename.endswith(".whl") else "sdist"


@cache
def make(project: str, version: str, kind: str, variant: int) -> Distribution:
    """Return a distribution; those of one version differ in their bytes and never in their metadata."""
    metadata = metadata_text(project, version, description=README)
    code = f"variant = {kind!r}, {variant}"
    if kind == "sdist":
        name = sdist_name(project, version)
        folder = name.removesuffix(".tar.gz")
        members = {f"{folder}/PKG-INFO": metadata, f"{folder}/pyproject.toml": b"", f"{folder}/code": code.encode()}
        return Distribution(name, make_tar(members))
    name = wheel_name(project, version)
    content = make_wheel(project, version, code=code, metadata=metadata)
    return Distribution(name if kind == "wheel" else name.replace("-any", "-linux_x86_64"), content)
