"""Whether the project's version in the repository is the project's own.

A repository that passes on public packages lists a stranger's package under the project's name as if it were ours. Only
the repository's own record tells them apart, not the page: on that, all files look alike.
"""

from packaging.version import Version

from inhouse.errors import VersionForeignError
from inhouse.workflow.context import Context


def ensure_own_version(context: Context) -> None:
    """Check that the project's version, which the repository lists, was published inside the domain.

    Raises:
        VersionForeignError: It comes from elsewhere, or the repository cannot say that it does not.
        RepositoryError: The repository does not tell.
    """
    # As build backends write it, and so as the repository knows it.
    name, version = context.manifest.normalized_name, str(Version(context.manifest.version))
    origin = context.repository().origin(name, version)
    if origin is None or not origin.is_internal:
        raise VersionForeignError(name, version, (origin.source if origin else "") or "an upstream of it")
