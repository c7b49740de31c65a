"""The bytes and texts of one version that a repository itself holds, as the control plane gives them."""

import os
from dataclasses import dataclass
from typing import BinaryIO

from inhouse_server.blobs import BlobStore
from inhouse_server.errors import ConflictError, NotFoundError, ResourceType
from inhouse_server.model import File, PackageVersion
from inhouse_server.rules.version_status import is_downloadable
from inhouse_server.services.access import Caller
from inhouse_server.services.ingest import Ingest
from inhouse_server.services.inventory import Inventory, PackageName


@dataclass(frozen=True, slots=True)
class OpenAsset:
    """An asset with its bytes; whoever gets it closes `body`.

    Attributes:
        size: Bytes.
    """

    version: PackageVersion
    file: File
    size: int
    body: BinaryIO


class Assets:
    """Opens assets, reads readmes.

    Args:
        store: Where bytes are.
        inventory: Finds versions for those who may see them.
        ingest: Fetches the bytes of a public version that nobody has asked for yet.
    """

    def __init__(self, store: BlobStore, inventory: Inventory, ingest: Ingest) -> None:
        self._store = store
        self._inventory = inventory
        self._ingest = ingest

    def open(
        self, caller: Caller, name: PackageName, version: str, asset: str, expected_revision: str | None
    ) -> OpenAsset:
        """Open an asset.

        Raises:
            AccessDeniedError: The caller may not.
            ConflictError: The version has another revision than the one that is expected.
            InvalidRequestError: The format has no namespaces, and one is given.
            NotFoundError: Something on the way to the asset does not exist, or the version's status holds it back.
            RemoteUnavailableError: The bytes are still at a public source, which does not give them.
        """
        found = self._inventory.version(caller, name, version, "GetPackageVersionAsset")
        if expected_revision not in (None, found.revision):
            raise ConflictError(
                f"Version {found.version} of {found.package.name} has the revision {found.revision}, not "
                f"{expected_revision}.",
                ResourceType.PACKAGE_VERSION,
                found.version,
            )
        file = next((each for each in found.files if each.filename == asset), None)
        if file is None or not is_downloadable(found.status):
            why = "" if file is None else f" Version {found.version} is {found.status}."
            raise NotFoundError(
                f"Asset not found. Version {found.version} of {found.package.name} has no asset {asset} to be "
                f"fetched.{why}",
                ResourceType.ASSET,
                asset,
            )
        if not self._ingest.is_stored(file.digests.sha256):
            self._ingest.fetch_file(found.origin.external_connection or "", found.package.name, file)
        body = self._store.open(file.digests.sha256)
        return OpenAsset(found, file, os.fstat(body.fileno()).st_size, body)

    def readme(self, caller: Caller, name: PackageName, version: str) -> tuple[PackageVersion, str]:
        """Return a version and its long description.

        Raises:
            AccessDeniedError: The caller may not see it.
            InvalidRequestError: The format has no namespaces, and one is given.
            NotFoundError: Something on the way to the version does not exist, or it has no description.
        """
        found = self._inventory.version(caller, name, version, "GetPackageVersionReadme")
        text = found.metadata.description if found.metadata is not None else None
        if not text or not text.strip():
            raise NotFoundError(
                f"Readme not found. Version {found.version} of {found.package.name} has no description.",
                ResourceType.PACKAGE_VERSION,
                found.version,
            )
        return found, text
