"""The few names that histories use, so that their steps meet each other."""

from typing import Final

from hypothesis import strategies as st
from packaging.utils import canonicalize_version
from reference_model.state import Key

DOMAINS: Final = ("alpha", "beta")
REPOSITORIES: Final = ("store", "shared", "team", "side")
PROJECTS: Final = ("acme", "acme-core", "acmecore")
KIT: Final[Key] = ("generic", "tools", "kit")
KEYS: Final[tuple[Key, ...]] = (*(("pypi", "", project) for project in PROJECTS), KIT)
VERSIONS: Final = ("1.0", "2.0")
STATUSES: Final = ("Published", "Unlisted", "Archived", "Unfinished", "Disposed", "Deleted")
PATTERNS: Final = (
    "/*",
    "/pypi/*",
    "/pypi//*",
    "/pypi//acme~",
    "/pypi//acme$",
    "/pypi//acme-core~",
    "/pypi//acme-core$",
    "/generic/tools/*",
    "/generic/tools/kit$",
)
LOOK_ALIKE: Final = "\u0430cme"
"""A Cyrillic letter, then three Latin ones."""

domains = st.sampled_from(["alpha"] * 20 + ["beta"])
repositories = st.sampled_from([*REPOSITORIES[:3] * 6, "side", "side", "nowhere"])
keys = st.sampled_from([*KEYS[:1] * 5, *KEYS])
projects = st.sampled_from([*PROJECTS[:1] * 4, *PROJECTS])
texts = st.sampled_from([*VERSIONS * 3, "1.0.0", "9.9"])
"""Versions as requests spell them."""

version_lists = st.lists(texts, min_size=1, max_size=3, unique_by=canonicalize_version)
upstream_lists = st.lists(st.sampled_from(REPOSITORIES), max_size=3)
patterns = st.sampled_from([*PATTERNS * 2, "/pypi//missing$", "acme"])
restrictions = st.sampled_from(["PUBLISH", "EXTERNAL_UPSTREAM", "INTERNAL_UPSTREAM"])
modes = st.sampled_from(["ALLOW", "ALLOW_SPECIFIC_REPOSITORIES", "BLOCK", "INHERIT"])
controls = st.sampled_from(["ALLOW", "BLOCK"])
page_sizes = st.sampled_from([None, 1, 2, 3])
rarely = st.sampled_from([False] * 4 + [True])
TAGS: Final[dict[str, list[dict[str, str]]]] = {
    "one": [{"key": "team", "value": "red"}],
    "two": [{"key": "team", "value": "blue"}, {"key": "Team", "value": ""}],
    "many": [{"key": f"tag-{number}", "value": "x"} for number in range(50)],
    "too many": [{"key": f"other-{number}", "value": "x"} for number in range(51)],
}
tags = st.sampled_from(["none", "one", "two", "many", "too many"])
"""Names in `TAGS`, or none."""
