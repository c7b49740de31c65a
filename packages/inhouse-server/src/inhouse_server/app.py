"""The composition root: settings and an open data folder become the whole application."""

from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inhouse_server import control_plane
from inhouse_server.audit import AuditLog
from inhouse_server.data_folder import DataFolder
from inhouse_server.identity.tokens import TokenSigner
from inhouse_server.model import Clock
from inhouse_server.services.access import Access
from inhouse_server.services.domains import Domains
from inhouse_server.services.inventory import Inventory
from inhouse_server.services.package_groups import PackageGroups
from inhouse_server.services.repositories import Repositories
from inhouse_server.services.tags import Tags
from inhouse_server.settings import ServerSettings


def utc_now() -> datetime:
    """Return the time now, timezone-aware UTC."""
    return datetime.now(UTC)


def create_app(settings: ServerSettings, folder: DataFolder, *, clock: Clock = utc_now) -> Starlette:
    """Return the application that answers both planes.

    Args:
        settings: Of the server.
        folder: Open, and left open; its user closes it when the server has stopped.
        clock: Gives the time now.
    """
    database = folder.database
    access = Access(database, TokenSigner(folder.secret), clock)
    services = control_plane.Services(
        access=access,
        domains=Domains(database, access, clock),
        repositories=Repositories(database, access, clock),
        inventory=Inventory(database, access),
        package_groups=PackageGroups(database, access),
        tags=Tags(database, access),
    )
    audit = AuditLog(folder.audit, clock)
    routes = [Route("/healthz", _health), *control_plane.create_routes(services, audit)]
    app = Starlette(routes=routes)
    # An upload must never be redirected: twine and Poetry refuse any 3xx.
    app.router.redirect_slashes = False
    return app


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})
