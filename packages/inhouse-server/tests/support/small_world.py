"""A domain with repositories, and every service of the data plane over it; only the public source is a fake."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fake_remote import FakeRemote
from made_distributions import make_wheel, wheel_name
from packaging.utils import NormalizedName

from inhouse_server import data_plane
from inhouse_server.audit import AuditLog
from inhouse_server.blobs import BlobStore
from inhouse_server.catalog import Database, domains, package_groups, packages, principals, repositories
from inhouse_server.errands import Errands
from inhouse_server.identity.tokens import TokenClaims, TokenSigner
from inhouse_server.model import (
    GroupMode,
    GroupRestriction,
    OriginControls,
    PackageFormat,
    PackageVersion,
    Principal,
    Repository,
    Restriction,
    VersionStatus,
)
from inhouse_server.quotas import Quotas
from inhouse_server.remotes import Remote
from inhouse_server.rules.origin_controls import chosen
from inhouse_server.rules.publishing import Outcome
from inhouse_server.services.access import Access, Bearer
from inhouse_server.services.files import Files, Wanted
from inhouse_server.services.ingest import Ingest
from inhouse_server.services.pages import Pages
from inhouse_server.services.publish import Publish, Upload
from inhouse_server.services.repository_access import RepositoryAccess
from inhouse_server.services.retention import Retention
from inhouse_server.services.search import Search

REGION, OWNER, DOMAIN = "us-east-1", "111122223333", "my-domain"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class SmallWorld:
    """The domain and its services; whoever makes it closes `database`.

    Args:
        folder: Of the catalog and the blobs.
        public: The public source, in place of the fake that is `remote`.
        errands: Fetch the other files of a release, too.
    """

    def __init__(self, folder: Path, public: Remote | None = None, errands: Errands | None = None) -> None:
        self.now = NOW
        self.remote = FakeRemote()
        self.database = Database(folder / "catalog.sqlite3")
        self.store = BlobStore(folder / "blobs")
        self.principal = Principal(OWNER, f"arn:aws:iam::{OWNER}:user/admin", "AIDAEXAMPLE")
        self.bearer = Bearer(self.principal, REGION, OWNER, DOMAIN)
        self.signer = TokenSigner(b"only for tests, thirty-two bytes")
        with self.database.write() as connection:
            principals.insert_user(connection, self.principal, created_at=NOW)
            self.domain = domains.insert(
                connection, region=REGION, owner=OWNER, name=DOMAIN, created_at=NOW, encryption_key="arn:aws:kms:key"
            )
            package_groups.insert(
                connection,
                self.domain,
                pattern="/*",
                created_at=NOW,
                modes=dict.fromkeys(GroupRestriction, GroupMode.ALLOW),
            )
        remotes: dict[str, Remote] = {"public:pypi": public or self.remote}
        self.access = Access(self.database, self.signer, self.clock)
        self.repository_access = RepositoryAccess(self.database, self.access)
        self.search = Search(self.database, remotes, closes_own_names=True)
        self.publish = Publish(self.database, self.store, self.search, self.repository_access, self.clock, Quotas())
        self.pages = Pages(self.search)
        self.ingest = Ingest(self.database, self.store, remotes, self.clock, errands)
        self.retention = Retention(self.database, self.store, self.search, self.clock)
        self.files = Files(self.database, self.store, self.search, self.ingest, self.retention)
        self.audit = AuditLog(folder / "audit", self.clock)

    def clock(self) -> datetime:
        return self.now

    def data_plane_services(self) -> data_plane.Services:
        return data_plane.Services(
            access=self.access,
            repository_access=self.repository_access,
            publish=self.publish,
            pages=self.pages,
            files=self.files,
            store=self.store,
            audit=self.audit,
            core_metadata=True,
        )

    def token(self, *, domain: str = DOMAIN, lasts: timedelta = timedelta(hours=1)) -> str:
        claims = TokenClaims(REGION, OWNER, domain, self.principal.arn, self.now, self.now + lasts)
        return self.signer.issue(claims)

    def repository(self, name: str, *upstreams: Repository, connected: bool = False) -> Repository:
        with self.database.write() as connection:
            made = repositories.insert(
                connection, self.domain, name=name, administrator=OWNER, description=None, created_at=NOW
            )
            repositories.set_upstreams(connection, made, upstreams)
            if connected:
                repositories.set_external_connection(connection, made, "public:pypi")
            found = repositories.find(connection, self.domain, name)
        assert found is not None
        return found

    def upload(
        self, repository: Repository, filename: str, content: bytes, *, name: str, version: str, **changes: object
    ) -> Outcome:
        upload = Upload(name, version, filename, None, {"sha256_digest": hashlib.sha256(content).hexdigest()})
        with self.store.incoming() as blob:
            blob.write(content)
            return self.publish.publish(self.bearer, repository, replace(upload, **changes), blob)  # type: ignore[arg-type]  # tests pass fields of Upload

    def upload_wheel(self, repository: Repository, name: str, version: str, *, code: str = "") -> Outcome:
        content = make_wheel(name, version, code=code)
        return self.upload(repository, wheel_name(name, version), content, name=name, version=version)

    def page(self, repository: Repository, project: str) -> list[str]:
        return [file.filename for file in self.pages.project_page(repository, NormalizedName(project)).files]

    def get(self, repository: Repository, project: str, version: str, filename: str | None = None) -> bytes:
        wanted = Wanted(repository, NormalizedName(project), version, filename or wheel_name(project, version))
        with self.files.open(wanted).body as body:
            return body.read()

    def held(self, repository: Repository, project: str, version: str) -> PackageVersion | None:
        with self.database.read() as connection:
            package = packages.find_package(connection, repository.id, PackageFormat.PYPI, project)
            return None if package is None else packages.find_version(connection, package, version)

    def controls(self, repository: Repository, project: str) -> OriginControls | None:
        with self.database.read() as connection:
            package = packages.find_package(connection, repository.id, PackageFormat.PYPI, project)
            return None if package is None else package.controls

    def set_controls(self, repository: Repository, project: str, *, publish: str, upstream: str) -> None:
        controls = chosen(Restriction(publish), Restriction(upstream))
        with self.database.write() as connection:
            found = packages.find_package(connection, repository.id, PackageFormat.PYPI, project)
            if found is not None:
                packages.set_controls(connection, found, controls)
            else:
                packages.insert_package(
                    connection,
                    repository.id,
                    PackageFormat.PYPI,
                    name=NormalizedName(project),
                    controls=controls,
                    created_at=NOW,
                )

    def group(self, pattern: str, **modes: str | tuple[str, ...]) -> None:
        """Make a package group, or change one; a tuple of names is a list of allowed repositories."""
        with self.database.write() as connection:
            if package_groups.find(connection, self.domain, pattern) is None:
                inherit = dict.fromkeys(GroupRestriction, GroupMode.INHERIT)
                package_groups.insert(connection, self.domain, pattern=pattern, created_at=NOW, modes=inherit)
            found = package_groups.find(connection, self.domain, pattern)
            assert found is not None
            changed = dict(found.modes)
            for name, mode in modes.items():
                restriction = GroupRestriction(name)
                changed[restriction] = GroupMode(mode if isinstance(mode, str) else "ALLOW_SPECIFIC_REPOSITORIES")
                for repository in () if isinstance(mode, str) else mode:
                    place = repositories.find(connection, self.domain, repository)
                    assert place is not None
                    package_groups.allow(connection, found, restriction, place)
            package_groups.update(connection, replace(found, modes=changed))

    def set_status(self, repository: Repository, project: str, version: str, status: VersionStatus) -> None:
        held = self.held(repository, project, version)
        assert held is not None
        with self.database.write() as connection:
            connection.execute("UPDATE package_version SET status = ? WHERE id = ?", [status, held.id])

    def rows(self) -> dict[str, int]:
        """How many rows the tables have that an upload fills."""
        tables = ("package", "package_version", "asset", "blob")
        with self.database.read() as connection:
            return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}

    def stored(self) -> set[str]:
        """The names of all files in the store, unfinished ones included."""
        return {path.name for path in self.store.folder.rglob("*") if path.is_file()}
