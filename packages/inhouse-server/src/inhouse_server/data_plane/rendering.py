"""Renders project pages.

Sources: PEP 503 (HTML), 592 (yanked), 629 (version), 658 and 714 (core metadata), 691 (JSON), 700 (size, upload time).
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

from jinja2 import Environment, PackageLoader

from inhouse_server.model import File
from inhouse_server.rules.names import version_key
from inhouse_server.rules.negotiation import Representation
from inhouse_server.services.pages import ProjectPage

API_VERSION = "1.1"
"""Of the simple repository API; what the pages have beyond it are keys that it lets clients ignore."""

_TEMPLATES = Environment(
    loader=PackageLoader("inhouse_server.data_plane"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def render(page: ProjectPage, representation: Representation, prefix: str = "", *, core_metadata: bool = True) -> bytes:
    """Return a page's body.

    Args:
        prefix: What the links begin with; not empty where the page is asked for without the slash at its end, since
            links are relative to what stands before the last slash.
        core_metadata: Whether files have their metadata beside them.
    """
    if not core_metadata:
        page = replace(page, files=tuple(replace(file, metadata_sha256=None) for file in page.files))
    if representation is Representation.JSON:
        return _json(page, prefix)
    template = _TEMPLATES.get_template("project_page.html")
    links = [_link(file, prefix) for file in page.files]
    return template.render(project=page.project, api_version=API_VERSION, links=links).encode()


def _json(page: ProjectPage, prefix: str) -> bytes:
    versions: dict[str, str] = {}
    for file in page.files:
        versions.setdefault(version_key(file.version), file.version)
    content = {
        "meta": {"api-version": API_VERSION},
        "name": page.project,
        "versions": list(versions.values()),
        "files": [_json_file(file, prefix) for file in page.files],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _json_file(file: File, prefix: str) -> dict[str, object]:
    hashes = {"sha256": str(file.digests.sha256)}
    if file.digests.md5 is not None:
        hashes["md5"] = file.digests.md5
    content: dict[str, object] = {
        "filename": file.filename,
        "url": _url(file, prefix),
        "hashes": hashes,
        "yanked": file.yanked,
    }
    if file.requires_python is not None:
        content["requires-python"] = file.requires_python
    if file.size is not None:
        content["size"] = file.size
    if file.upload_time is not None:
        content["upload-time"] = _time(file.upload_time)
    if file.metadata_sha256 is not None:
        content["core-metadata"] = {"sha256": file.metadata_sha256}
    return content


def _link(file: File, prefix: str) -> dict[str, str | None]:
    metadata = None if file.metadata_sha256 is None else f"sha256={file.metadata_sha256}"
    return {
        "href": f"{_url(file, prefix)}#sha256={file.digests.sha256}",
        "filename": file.filename,
        "requires_python": file.requires_python,
        "upload_time": None if file.upload_time is None else _time(file.upload_time),
        "metadata": metadata,
        "yanked": None if file.yanked is False else "" if file.yanked is True else file.yanked,
    }


def _url(file: File, prefix: str) -> str:
    return f"{prefix}{quote(file.version, safe='')}/{quote(file.filename, safe='')}"


def _time(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
