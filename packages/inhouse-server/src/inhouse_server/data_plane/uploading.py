"""Answers those who publish. Source: PyPI's legacy upload API; there is no other description of what twine sends."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from inhouse_server import compat
from inhouse_server.audit import SUCCESS
from inhouse_server.blobs import IncomingBlob
from inhouse_server.data_plane.addresses import read_address
from inhouse_server.data_plane.answers import problem
from inhouse_server.data_plane.authentication import read_conditions, read_token
from inhouse_server.data_plane.services import Services
from inhouse_server.data_plane.threads import Threads
from inhouse_server.data_plane.upload_form import UploadForm, too_long
from inhouse_server.errors import RequestError
from inhouse_server.model import PackageFormat, Repository
from inhouse_server.rules.names import check_project_name
from inhouse_server.rules.publishing import Outcome
from inhouse_server.services.access import Bearer
from inhouse_server.services.publish import Upload
from inhouse_server.services.repository_access import package_arn

_FEED_BYTES = 1024**2
"""How much of an upload is collected before a thread is troubled with it."""


class Uploading:
    """Handlers for POST."""

    def __init__(self, services: Services, threads: Threads) -> None:
        self._services = services
        self._threads = threads

    async def upload(self, request: Request) -> Response:
        """Take an upload."""
        bearer, repository = await self._threads.run(lambda: self._open(request))
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > compat.MAXIMUM_ASSET_BYTES * 2:
            raise too_long("")  # long before the file would have come; a form is never as long as its file
        with await self._threads.run(self._services.store.incoming) as blob:
            form = UploadForm(request.headers.get("content-type"), blob)
            pending = bytearray()
            async for chunk in request.stream():
                pending += chunk
                if len(pending) >= _FEED_BYTES:
                    await self._threads.run(partial(form.feed, bytes(pending)))
                    pending.clear()
            request_id: str = request.state.request_id

            def publish() -> Outcome:
                form.feed(bytes(pending))
                return self._publish(request_id, bearer, repository, form.finish(), blob)

            outcome = await self._threads.run(publish)
        return Response(f"{outcome.value}\n", media_type="text/plain")

    async def misplaced(self, request: Request) -> Response:
        """Answer an upload to the address of the project pages, which is where Poetry sends one for a source."""
        await self._threads.run(lambda: self._open(request))
        address = request.base_url.replace(path=read_address(request).path)
        response = problem(
            405,
            "This is the address that projects are installed from; files are uploaded to another one.",
            f"Upload to {address} (the same without simple/). With Poetry: `poetry config repositories.NAME {address}` "
            "and `poetry publish -r NAME`, with a NAME that is not that of the source.",
        )
        response.headers["Allow"] = "GET, HEAD"
        return response

    def _open(self, request: Request) -> tuple[Bearer, Repository]:
        token = read_token(request.headers.get("authorization"))
        bearer = self._services.access.bearer(token, read_conditions(request))
        address = read_address(request)
        return bearer, self._services.repository_access.find(bearer, address.owner, address.domain, address.repository)

    def _publish(
        self, request_id: str, bearer: Bearer, repository: Repository, upload: Upload, blob: IncomingBlob
    ) -> Outcome:
        arn = package_arn(repository, PackageFormat.PYPI, check_project_name(upload.name))
        told = "InternalError"
        try:
            outcome = self._services.publish.publish(bearer, repository, upload, blob)
            told = SUCCESS
        except RequestError as error:
            told = type(error).__name__
            raise
        finally:
            self._services.audit.record_upload(request_id, bearer.principal, arn, told)
        return outcome
