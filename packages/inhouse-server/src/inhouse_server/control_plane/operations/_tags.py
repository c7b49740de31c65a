"""Tags as requests and answers have them."""

from collections.abc import Mapping, Sequence

from inhouse_server.errors import InvalidRequestError


def as_mapping(tags: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the tags by key.

    Raises:
        InvalidRequestError: A key occurs twice.
    """
    found = {tag["key"]: tag["value"] for tag in tags}
    if len(found) < len(tags):
        raise InvalidRequestError("Value at 'tags' has a key twice; a resource has one tag of a key.")
    return found


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the tags as answers list them."""
    return [{"key": key, "value": value} for key, value in tags.items()]
