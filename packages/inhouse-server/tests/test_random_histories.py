"""The server does what a model of CodeArtifact does that was written from its specification, whatever clients do."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from live_server import ACCOUNT, LiveServer, admin_key_of, serve
from random_histories import Place, RandomHistory
from reference_model import Mode

from inhouse_server.app import create_app
from inhouse_server.data_folder import open_data_folder
from inhouse_server.movable_clock import utc_now
from inhouse_server.settings import ServerSettings
from inhouse_server.supersets import Compatibility

_LONG_RUN_SECONDS = 75
"""How long histories are made up in each mode."""

_COMMON = settings(
    deadline=None,  # a history is as long as it is
    report_multiple_bugs=False,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
_FEW = settings(_COMMON, max_examples=6, stateful_step_count=40, derandomize=True)
_MANY = settings(_COMMON, max_examples=20, stateful_step_count=60, print_blob=True)


@pytest.fixture(scope="module", params=Mode, ids=lambda mode: mode.name.lower())
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server of its own in each mode."""
    folder = tmp_path_factory.mktemp("histories")
    public = folder / "public"
    public.mkdir()
    compatibility = Compatibility(request.param.value)
    settings = ServerSettings(data_dir=folder / "data", public_pypi=str(public), compatibility=compatibility)
    with (
        open_data_folder(settings.data_dir, account=ACCOUNT, clock=utc_now) as opened,
        serve(create_app(settings, opened)) as url,
    ):
        yield Place(LiveServer(url, opened, admin_key_of(opened)), public, request.param)


def test_a_few_histories(place: Place) -> None:
    """The same ones each time, for a quick answer."""
    run(place, _FEW)


@pytest.mark.slow
def test_many_histories(place: Place) -> None:
    """Others each time."""
    end = time.monotonic() + _LONG_RUN_SECONDS
    while time.monotonic() < end:
        run(place, _MANY)


def run(place: Place, budget: settings) -> None:
    run_state_machine_as_test(lambda: RandomHistory(place), settings=budget)  # type: ignore[arg-type]  # any factory
