from packaging.utils import NormalizedName

from inhouse_server.model import Digests, File, Sha256
from inhouse_server.remotes.interface import Listing
from inhouse_server.remotes.listing_cache import KeptListing, ListingCache

A, B, C = map(NormalizedName, "abc")


def kept(files: int) -> KeptListing:
    found = [File(f"x-{n}.tar.gz", str(n), Digests(Sha256("0" * 64))) for n in range(files)]
    return KeptListing(Listing.of(found), None, 0.0)


def test_the_least_recently_used_goes_first() -> None:
    cache = ListingCache(maximum_files=12)
    for project in (A, B):
        cache.put(project, kept(5))
    assert cache.get(A) is not None
    cache.put(C, kept(5))
    assert cache.get(A) is not None
    assert cache.get(B) is None


def test_one_listing_is_kept_however_long() -> None:
    cache = ListingCache(maximum_files=3)
    cache.put(A, kept(1))
    cache.put(B, kept(50))
    assert cache.get(A) is None
    assert cache.get(B) is not None


def test_what_is_replaced_does_not_count() -> None:
    cache = ListingCache(maximum_files=12)
    cache.put(A, kept(5))
    for _ in range(10):
        cache.put(B, kept(5))
    assert cache.get(A) is not None


def test_names_that_the_source_does_not_know_count() -> None:
    cache = ListingCache(maximum_files=3)
    for number in range(10):
        cache.put(NormalizedName(f"unknown-{number}"), kept(0))
    assert sum(cache.get(NormalizedName(f"unknown-{number}")) is not None for number in range(10)) == 3
