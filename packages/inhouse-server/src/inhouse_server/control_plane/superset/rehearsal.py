"""What tests may do to a server that was started for them: move its clock, make its requests fail."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from inhouse_server.control_plane.protocol import models
from inhouse_server.control_plane.registry import CODEARTIFACT, Context, Result, superset_operation
from inhouse_server.errors import InvalidRequestError
from inhouse_server.faults import DATA_PLANE, EVERYTHING, PUBLIC_SOURCE, STATUSES, Fault
from inhouse_server.supersets import Feature

TARGETS = frozenset(models.load(CODEARTIFACT).operation_names) | DATA_PLANE | {EVERYTHING, PUBLIC_SOURCE}
"""What can be made to fail: CodeArtifact's operations and the data plane. STS and what AWS does not have are not."""


@superset_operation("GetClock", Feature.CLOCK)
def get_clock(context: Context) -> Result:
    """Tell the time that the server goes by."""
    context.require("*")
    return _clock(context)


@superset_operation("PutClock", Feature.CLOCK)
def put_clock(context: Context, *, offset_seconds: int) -> Result:
    """Move the clock; the time of signatures stays the real one."""
    context.require("*")
    context.services.clock.offset = timedelta(seconds=offset_seconds)
    return _clock(context)


@superset_operation("GetFaults", Feature.FAULTS)
def get_faults(context: Context) -> Result:
    """Tell the faults that are left."""
    context.require("*")
    return _faults(context)


@superset_operation("PutFaults", Feature.FAULTS)
def put_faults(context: Context, *, faults: Sequence[Mapping[str, Any]]) -> Result:
    """Replace all faults."""
    context.require("*")
    context.services.faults.put([_fault(each) for each in faults])
    return _faults(context)


def _clock(context: Context) -> Result:
    clock = context.services.clock
    return {"offsetSeconds": int(clock.offset.total_seconds()), "now": clock()}


def _fault(said: Mapping[str, Any]) -> Fault:
    if said["target"] not in TARGETS:
        raise InvalidRequestError(f"{said['target']} is nothing that can be made to fail: no such operation.")
    status, delay = said.get("status"), said.get("delayMilliseconds", 0)
    if status is None and not delay:
        raise InvalidRequestError("A fault without status and delayMilliseconds changes nothing.")
    if status is not None and status not in STATUSES:
        raise InvalidRequestError(f"{status} cannot be answered; known are {', '.join(map(str, sorted(STATUSES)))}.")
    return Fault(
        said["target"],
        status,
        delay / 1000,
        said.get("times"),
        said.get("retryAfterSeconds", 1),
    )


def _faults(context: Context) -> Result:
    return {
        "faults": [
            {
                "target": fault.target,
                "status": fault.status,
                "delayMilliseconds": round(fault.delay * 1000),
                "times": fault.times,
                "retryAfterSeconds": fault.retry_after,
            }
            for fault in context.services.faults.waiting
        ]
    }
