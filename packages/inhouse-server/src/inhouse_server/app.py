"""The composition root: settings and an open data folder become the whole application."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inhouse_server import control_plane, data_plane
from inhouse_server.audit import AuditLog
from inhouse_server.blobs import BlobStore
from inhouse_server.data_folder import DataFolder
from inhouse_server.data_plane.hosts import RepositoryHosts
from inhouse_server.errands import Errands
from inhouse_server.fault_injection import FaultInjection
from inhouse_server.faults import Faults
from inhouse_server.identity.tokens import TokenSigner
from inhouse_server.identity.web_identity import WebIdentities
from inhouse_server.model import Clock
from inhouse_server.movable_clock import MovableClock, utc_now
from inhouse_server.remotes import FaultyRemote, Remote, create_remote
from inhouse_server.services.access import Access
from inhouse_server.services.assets import Assets
from inhouse_server.services.copying import Copying
from inhouse_server.services.domains import Domains
from inhouse_server.services.files import Files
from inhouse_server.services.generic_publishing import GenericPublishing
from inhouse_server.services.ingest import Ingest
from inhouse_server.services.inventory import Inventory
from inhouse_server.services.package_changes import PackageChanges
from inhouse_server.services.package_groups import PackageGroups
from inhouse_server.services.pages import Pages
from inhouse_server.services.permissions import Permissions
from inhouse_server.services.projects import Projects
from inhouse_server.services.publish import Publish
from inhouse_server.services.repositories import Repositories
from inhouse_server.services.repository_access import RepositoryAccess
from inhouse_server.services.retention import Retention
from inhouse_server.services.search import Search
from inhouse_server.services.sessions import Sessions
from inhouse_server.services.tags import Tags
from inhouse_server.services.version_changes import VersionChanges
from inhouse_server.settings import ServerSettings
from inhouse_server.supersets import Feature, features


def create_app(settings: ServerSettings, folder: DataFolder, *, clock: Clock = utc_now) -> Starlette:
    """Return the application that answers both planes.

    Args:
        settings: Of the server.
        folder: Open, and left open; its user closes it when the server has stopped.
        clock: Gives the time now.

    Raises:
        SettingError: The public source that the settings name is none.
    """
    database = folder.database
    signer = TokenSigner(folder.secret)
    movable, faults = MovableClock(clock), Faults()
    if settings.for_tests:
        clock = movable
    access = Access(database, signer, clock, movable.real)
    store = BlobStore(folder.blobs)
    store.remove_leftovers()  # the folder is locked: nobody else writes there
    remotes: dict[str, Remote] = {"public:pypi": create_remote(settings.public_pypi)}
    if settings.for_tests:
        remotes = {name: FaultyRemote(remote, faults) for name, remote in remotes.items()}
    enabled = features(settings.compatibility, for_tests=settings.for_tests)
    search = Search(database, remotes, closes_own_names=Feature.OWN_NAMES_CLOSED in enabled)
    ingest = Ingest(database, store, remotes, clock, Errands())
    inventory = Inventory(database, access)
    services = control_plane.Services(
        access=access,
        domains=Domains(database, access, clock, settings.quotas),
        repositories=Repositories(database, access, clock, settings.quotas),
        inventory=inventory,
        package_groups=PackageGroups(database, access, clock),
        tags=Tags(database, access),
        package_changes=PackageChanges(database, access, clock),
        version_changes=VersionChanges(database, access),
        copying=Copying(database, store, access, search, ingest, clock),
        assets=Assets(store, inventory, ingest),
        generic_publishing=GenericPublishing(database, store, access, search, clock, settings.quotas),
        store=store,
        permissions=Permissions(database, access),
        sessions=Sessions(database, signer.sessions(), WebIdentities(), clock),
        projects=Projects(database, access, search),
        compatibility=settings.compatibility,
        features=enabled,
        clock=movable,
        faults=faults,
    )
    audit = AuditLog(folder.audit, clock)
    repository_access = RepositoryAccess(database, access)
    data_plane_services = data_plane.Services(
        access=access,
        repository_access=repository_access,
        publish=Publish(database, store, search, repository_access, clock, settings.quotas),
        pages=Pages(search),
        files=Files(database, store, search, ingest, Retention(database, store, search, clock)),
        store=store,
        audit=audit,
        core_metadata=Feature.CORE_METADATA in enabled,
    )
    routes = [
        Route("/healthz", _health),
        *control_plane.create_routes(services, audit),
        *control_plane.create_door(services, audit, enabled),
        *data_plane.create_routes(data_plane_services),
    ]
    middleware = [Middleware(RepositoryHosts)]
    if settings.for_tests:
        middleware.append(Middleware(FaultInjection, faults=faults))
    app = Starlette(routes=routes, middleware=middleware, exception_handlers={HTTPException: _nothing_there})
    # An upload must never be redirected: twine and Poetry refuse any 3xx.
    app.router.redirect_slashes = False
    return app


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _nothing_there(request: Request, error: Exception) -> Response:
    """Answer a request for an address, or with a method, that neither plane has."""
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (404, None)
    message = f"There is nothing at {request.scope['path']}."
    if status == 405:
        message = f"{request.method} is not possible at {request.scope['path']}."
    hint = (
        "This is a package repository. AWS CodeArtifact's API is under /v1, for AWS's clients; package managers use "
        "/pypi/d/<domain>-<owner>/<repository>/; /healthz says whether the server serves."
    )
    return JSONResponse({"message": message, "hint": hint}, status, headers=headers)
