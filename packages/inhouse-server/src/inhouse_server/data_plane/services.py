"""What the data plane calls."""

from dataclasses import dataclass

from inhouse_server.audit import AuditLog
from inhouse_server.blobs import BlobStore
from inhouse_server.services.access import Access
from inhouse_server.services.files import Files
from inhouse_server.services.pages import Pages
from inhouse_server.services.publish import Publish
from inhouse_server.services.repository_access import RepositoryAccess


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, and what they leave to the data plane itself.

    Attributes:
        store: Where uploads are written to while they arrive.
        audit: Where uploads are written down.
        core_metadata: Whether metadata files stand beside wheels; AWS has none.
    """

    access: Access
    repository_access: RepositoryAccess
    publish: Publish
    pages: Pages
    files: Files
    store: BlobStore
    audit: AuditLog
    core_metadata: bool
