"""Bytes on disk, each once, under the name of their SHA-256."""

from inhouse_server.blobs.incoming import IncomingBlob
from inhouse_server.blobs.store import BlobStore

__all__ = ["BlobStore", "IncomingBlob"]
