"""Answers those who install: project pages, files, and the core metadata beside files."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from inhouse_server.data_plane.addresses import read_address, read_file_name, read_project
from inhouse_server.data_plane.authentication import read_conditions, read_token
from inhouse_server.data_plane.conditional import is_unchanged
from inhouse_server.data_plane.file_bodies import CACHE_CONTROL, etag_of, file_headers, file_response
from inhouse_server.data_plane.rendering import render
from inhouse_server.data_plane.services import Services
from inhouse_server.data_plane.threads import Threads
from inhouse_server.model import Repository
from inhouse_server.rules.negotiation import choose
from inhouse_server.services.files import Wanted

_METADATA_SUFFIX = ".metadata"
_PAGE_CACHE_CONTROL = "private, no-cache"
"""Keep a page, and ask each time whether it still holds. Private: not everybody may read it."""


class Reading:
    """Handlers for GET and HEAD."""

    def __init__(self, services: Services, threads: Threads) -> None:
        self._services = services
        self._threads = threads

    async def page(self, request: Request) -> Response:
        """Answer with a project page."""
        return await self._threads.run(lambda: self._page(request))

    async def file(self, request: Request) -> Response:
        """Answer with a file, or with the core metadata beside it."""
        return await self._threads.run(lambda: self._file(request))

    def _page(self, request: Request) -> Response:
        repository = self._repository(request)
        representation = choose(request.headers.get("accept"))
        project = read_project(request)
        page = self._services.pages.project_page(repository, project)
        prefix = "" if request.scope["path"].endswith("/") else f"{project}/"
        body = render(page, representation, prefix, core_metadata=self._services.core_metadata)
        etag = etag_of(hashlib.sha256(body).hexdigest())
        headers = {"ETag": etag, "Cache-Control": _PAGE_CACHE_CONTROL, "Vary": "Accept"}
        if is_unchanged(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=representation.value)

    def _file(self, request: Request) -> Response:
        repository, project = self._repository(request), read_project(request)
        version, filename = read_file_name(request)
        if self._services.core_metadata and filename.endswith(_METADATA_SUFFIX):
            wanted = Wanted(repository, project, version, filename.removesuffix(_METADATA_SUFFIX))
            return self._metadata(request, wanted)
        wanted = Wanted(repository, project, version, filename)
        if request.method == "HEAD" or "if-none-match" in request.headers:
            # Neither needs the bytes, so that a file of a public source is not fetched for it.
            file = self._services.files.describe(wanted)
            headers = file_headers(file)
            if is_unchanged(request.headers.get("if-none-match"), headers["ETag"]):
                return Response(status_code=304, headers=headers)
            if request.method == "HEAD" and file.size is not None:
                return Response(headers={**headers, "Content-Length": str(file.size)})
        return file_response(self._services.files.open(wanted), request.headers, self._threads)

    def _metadata(self, request: Request, wanted: Wanted) -> Response:
        metadata = self._services.files.metadata(wanted)
        headers = {"ETag": etag_of(metadata.sha256), "Cache-Control": CACHE_CONTROL}
        with metadata.body:
            if is_unchanged(request.headers.get("if-none-match"), headers["ETag"]):
                return Response(status_code=304, headers=headers)
            return Response(metadata.body.read(), headers=headers, media_type="text/plain")

    def _repository(self, request: Request) -> Repository:
        token = read_token(request.headers.get("authorization"))
        bearer = self._services.access.bearer(token, read_conditions(request))
        address = read_address(request)
        return self._services.repository_access.find_to_read(bearer, address.owner, address.domain, address.repository)
