"""Operations on packages."""

from collections.abc import Mapping

from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.model import OriginControls, Package, PackageFormat, Restriction
from inhouse_server.rules.origin_controls import chosen
from inhouse_server.services.inventory import PackageFilter, PackageName


@operation("DescribePackage")
def describe_package(context: Context, *, package: PackageName) -> Result:
    """Describe a package of a repository."""
    found = context.services.inventory.package(context.caller, package)
    return {
        "package": {
            "format": found.format,
            "namespace": found.namespace,
            "name": found.name,
            "originConfiguration": _origin_configuration(found.controls),
        }
    }


@operation("ListPackages")
def list_packages(
    context: Context,
    *,
    owner: str,
    domain: str,
    repository: str,
    package_format: str | None = None,
    namespace: str | None = None,
    package_prefix: str = "",
    publish: str | None = None,
    upstream: str | None = None,
) -> Result:
    """List the packages that a repository itself holds."""
    page = context.page(key_length=3)
    wanted = PackageFilter(
        format=None if package_format is None else PackageFormat(package_format),
        namespace=namespace,
        prefix=package_prefix,
        publish=None if publish is None else Restriction(publish),
        upstream=None if upstream is None else Restriction(upstream),
    )
    found = context.services.inventory.list_packages(
        context.caller,
        owner,
        domain,
        repository,
        wanted,
        after=(page.after[0], page.after[1], page.after[2]) if page.after else None,
        limit=page.fetch,
    )
    shown, token = page.cut(found, lambda each: (each.format, each.namespace or "", each.name))
    return {"packages": [_summary(each) for each in shown], "nextToken": token}


@operation("PutPackageOriginConfiguration")
def put_package_origin_configuration(
    context: Context, *, package: PackageName, restrictions: Mapping[str, str]
) -> Result:
    """Set what may enter a package, which need not exist yet."""
    controls = chosen(Restriction(restrictions["publish"]), Restriction(restrictions["upstream"]))
    found = context.services.package_changes.set_controls(context.caller, package, controls)
    return {"originConfiguration": _origin_configuration(found)}


@operation("DeletePackage")
def delete_package(context: Context, *, package: PackageName) -> Result:
    """Delete a package with all its versions and its origin controls."""
    return {"deletedPackage": _summary(context.services.package_changes.delete(context.caller, package))}


def _summary(package: Package) -> dict[str, object]:
    return {
        "format": package.format,
        "namespace": package.namespace,
        "package": package.name,
        "originConfiguration": _origin_configuration(package.controls),
    }


def _origin_configuration(controls: OriginControls) -> dict[str, object]:
    return {"restrictions": {"publish": controls.publish, "upstream": controls.upstream}}
