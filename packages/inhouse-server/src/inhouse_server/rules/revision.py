"""The revision of a version: what tells that its files or its metadata have changed.

Source: CodeArtifact user guide, "Package version revision". Made of no more than that: a version that a repository
retains has the revision it has upstream, and its status does not matter.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict

from inhouse_server.model import CoreMetadata, File


def revision(files: Iterable[File], metadata: CoreMetadata | None) -> str:
    """Return 44 characters without white space that are the same for the same files and metadata.

    Args:
        files: Of the version.
        metadata: None for a version from a public source: its metadata is that of its files, and may become known only
            when somebody asks for their bytes, which changes nothing about the version.
    """
    content = {
        "files": sorted((file.filename, file.digests.sha256) for file in files),
        "metadata": None if metadata is None else asdict(metadata),
    }
    return b64encode(hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()).decode()
