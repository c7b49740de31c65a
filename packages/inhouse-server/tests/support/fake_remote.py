"""A public source in memory: the whole interface, with what can go wrong."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from made_distributions import make_wheel, wheel_name
from packaging.utils import NormalizedName

from inhouse_server.errors import InvalidDistributionError, RemoteUnavailableError
from inhouse_server.model import Digests, File, Sha256
from inhouse_server.remotes import Listing
from inhouse_server.remotes.filenames import version_of
from inhouse_server.rules import core_metadata

UPLOADED = datetime(2020, 5, 1, 10, 30, 0, 250, tzinfo=UTC)


@dataclass
class FakeRemote:
    """Public files by project; counts what it is asked."""

    files: dict[str, dict[str, File]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, bytes] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def add(
        self,
        project: str,
        filename: str,
        content: bytes,
        *,
        metadata: bytes | None = None,
        upload_time: datetime | None = UPLOADED,
    ) -> File:
        version = version_of(filename, NormalizedName(project))
        assert version is not None, filename
        try:
            requires_python = core_metadata.parse(metadata or b"", filename).requires_python
        except InvalidDistributionError:
            requires_python = None
        file = File(
            filename=filename,
            version=version,
            digests=Digests(Sha256(hashlib.sha256(content).hexdigest()), md5=hashlib.md5(content).hexdigest()),
            size=len(content),
            requires_python=requires_python,
            upload_time=upload_time,
            metadata_sha256=None if metadata is None else Sha256(hashlib.sha256(metadata).hexdigest()),
            url=f"https://files.example.com/{filename}",
        )
        self.files.setdefault(project, {})[filename] = file
        self.contents[filename] = content
        if metadata is not None:
            self.metadata[filename] = metadata
        return file

    def add_wheel(self, project: str, version: str, *, code: str = "") -> File:
        return self.add(project, wheel_name(project, version), make_wheel(project, version, code=code))

    def yank(self, project: str, filename: str, reason: bool | str = True) -> None:
        self.files[project][filename] = replace(self.files[project][filename], yanked=reason)

    def list_files(self, project: NormalizedName) -> Listing:
        self.asked.append(project)
        self._check()
        return Listing.of(self.files.get(project, {}).values())

    @contextmanager
    def open(self, file: File) -> Iterator[Iterator[bytes]]:
        self._check()
        self.opened.append(file.filename)
        if file.filename not in self.contents:
            raise RemoteUnavailableError(f"{file.filename} is gone", hint="Try again.")
        content = self.contents[file.filename]
        yield iter([content[:10], content[10:]])

    def read_metadata(self, file: File) -> bytes:
        self._check()
        if file.filename not in self.metadata:
            raise RemoteUnavailableError(f"the metadata of {file.filename} is gone", hint="Try again.")
        return self.metadata[file.filename]

    def _check(self) -> None:
        if self.down:
            raise RemoteUnavailableError("The public source does not answer.", hint="Try again.")
