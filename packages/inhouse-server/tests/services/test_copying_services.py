"""Copying from a public source that does not keep what it promises."""

from made_distributions import make_wheel, metadata_text, wheel_name
from packaging.utils import NormalizedName
from small_world import DOMAIN, OWNER, REGION, SmallWorld

from inhouse_server.model import PackageFormat
from inhouse_server.services.access import Caller
from inhouse_server.services.copying import Copying, CopyRequest
from inhouse_server.services.inventory import PackageName


def test_metadata_that_is_promised_and_not_given_comes_with_the_file(world: SmallWorld) -> None:
    world.repository("store", connected=True)
    target = world.repository("production")
    file = world.remote.add("six", wheel_name("six", "1.0"), make_wheel("six", "1.0"), metadata=metadata_text("six"))
    del world.remote.metadata[file.filename]
    copying = Copying(world.database, world.store, world.access, world.search, world.ingest, world.clock)
    request = CopyRequest(
        PackageName(OWNER, DOMAIN, "store", PackageFormat.PYPI, None, NormalizedName("six")),
        "production",
        {"1.0": None},
        allow_overwrite=False,
        include_from_upstream=True,
    )
    outcome = copying.copy(Caller(world.principal, REGION), request)
    assert outcome.done.keys() == {"1.0"}
    held = world.held(target, "six", "1.0")
    assert held is not None
    assert held.metadata is None
    assert world.get(target, "six", "1.0") == make_wheel("six", "1.0")
    held = world.held(target, "six", "1.0")
    assert held is not None
    assert held.metadata is not None
