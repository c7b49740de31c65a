"""All operations of the model, for those who call them by name."""

from reference_model.copying import copy_package_versions
from reference_model.domains import create_domain, delete_domain, describe_domain, list_domains
from reference_model.groups import (
    create_package_group,
    delete_package_group,
    describe_package_group,
    get_associated_package_group,
    list_allowed_repositories_for_group,
    list_associated_packages,
    list_package_groups,
    list_sub_package_groups,
    update_package_group,
    update_package_group_origin_configuration,
)
from reference_model.packages import (
    delete_package,
    describe_package,
    describe_package_version,
    get_package_version_asset,
    get_package_version_readme,
    list_package_version_assets,
    list_package_version_dependencies,
    list_package_versions,
    list_packages,
    put_package_origin_configuration,
)
from reference_model.permissions import (
    delete_domain_permissions_policy,
    delete_repository_permissions_policy,
    get_domain_permissions_policy,
    get_repository_permissions_policy,
    put_domain_permissions_policy,
    put_repository_permissions_policy,
)
from reference_model.publishing import publish_package_version
from reference_model.repositories import (
    associate_external_connection,
    create_repository,
    delete_repository,
    describe_repository,
    disassociate_external_connection,
    list_repositories,
    list_repositories_in_domain,
    update_repository,
)
from reference_model.tags import list_tags_for_resource, tag_resource, untag_resource
from reference_model.versions import (
    delete_package_versions,
    dispose_package_versions,
    update_package_versions_status,
)

OPERATIONS = {
    function.__name__: function
    for function in (
        associate_external_connection,
        copy_package_versions,
        create_domain,
        create_package_group,
        create_repository,
        delete_domain,
        delete_domain_permissions_policy,
        delete_package,
        delete_package_group,
        delete_package_versions,
        delete_repository,
        delete_repository_permissions_policy,
        describe_domain,
        describe_package,
        describe_package_group,
        describe_package_version,
        describe_repository,
        disassociate_external_connection,
        dispose_package_versions,
        get_associated_package_group,
        get_domain_permissions_policy,
        get_package_version_asset,
        get_package_version_readme,
        get_repository_permissions_policy,
        list_allowed_repositories_for_group,
        list_associated_packages,
        list_domains,
        list_package_groups,
        list_package_version_assets,
        list_package_version_dependencies,
        list_package_versions,
        list_packages,
        list_repositories,
        list_repositories_in_domain,
        list_sub_package_groups,
        list_tags_for_resource,
        publish_package_version,
        put_domain_permissions_policy,
        put_package_origin_configuration,
        put_repository_permissions_policy,
        tag_resource,
        untag_resource,
        update_package_group,
        update_package_group_origin_configuration,
        update_package_versions_status,
        update_repository,
    )
}
"""By name; GetAuthorizationToken and GetRepositoryEndpoint are not among them: every upload and download uses both."""
