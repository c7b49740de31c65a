"""The content-addressed store: `<folder>/<aa>/<sha256>`, and `<folder>/incoming/` for what is being written.

A blob is complete from the moment its name exists: its bytes are on disk before the rename, and the rename is on disk
before `keep` returns. Whether anything refers to it, the catalog knows.
"""

from pathlib import Path
from typing import BinaryIO

from inhouse_server.blobs.incoming import IncomingBlob
from inhouse_server.model import Sha256
from inhouse_server.platform import sync_folder
from inhouse_server.storage_errors import telling_storage


class BlobStore:
    """Blobs in one folder, which is made where it is missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def remove_leftovers(self) -> int:
        """Remove what a process that ended in the middle of writing has left, and return how many files that was.

        Only for the start of the one process that owns the data folder: it cannot tell a leftover from a file that
        is being written. A folder is none of ours, and stays.
        """
        leftovers = [path for path in self._incoming.iterdir() if path.is_symlink() or not path.is_dir()]
        for leftover in leftovers:
            leftover.unlink()
        return len(leftovers)

    def incoming(self) -> IncomingBlob:
        """Return a temporary file to write to."""
        return IncomingBlob(self._incoming)

    def keep(self, blob: IncomingBlob) -> Sha256:
        """Take what was written into the store, under the name it returns.

        A store that has these bytes already keeps the file it has, unless a disk has lost a part of it.
        """
        with telling_storage():
            return self._keep(blob)

    def _keep(self, blob: IncomingBlob) -> Sha256:
        blob.finish()
        sha256 = blob.digests.sha256
        path = self.path(sha256)
        if not path.parent.is_dir():
            path.parent.mkdir(exist_ok=True)
            sync_folder(self.folder)
        if self.has(sha256, blob.size):
            blob.discard()
        else:
            blob.path.replace(path)
        # Also where the file was there: whoever renamed it may not have come as far as this line yet.
        sync_folder(path.parent)
        return sha256

    def has(self, sha256: Sha256, size: int | None = None) -> bool:
        """Return whether a blob is on the disk, in the length of `size` bytes where that is given."""
        try:
            found = self.path(sha256).stat().st_size
        except FileNotFoundError:
            return False
        return size is None or found == size

    def open(self, sha256: Sha256) -> BinaryIO:
        """Open a blob for reading from any place.

        Raises:
            FileNotFoundError: The store does not have it.
        """
        return self.path(sha256).open("rb", buffering=0)

    def path(self, sha256: Sha256) -> Path:
        """Return where a blob is, or would be."""
        return self.folder / sha256[:2] / sha256
