"""How operations name a package."""

from inhouse_server.control_plane.registry import Context
from inhouse_server.model import PackageFormat
from inhouse_server.services.inventory import PackageName


def package_name(
    context: Context,
    *,
    domain: str,
    domain_owner: str | None,
    repository: str,
    package_format: str,
    namespace: str | None,
    package: str,
) -> PackageName:
    """Return the package that an operation's parameters name."""
    return PackageName(
        owner=context.owner(domain_owner),
        domain=domain,
        repository=repository,
        format=PackageFormat(package_format),
        namespace=namespace,
        name=package,
    )
