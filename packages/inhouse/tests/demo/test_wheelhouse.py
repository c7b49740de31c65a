import hashlib
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pytest_httpserver import HTTPServer

from inhouse.demo.wheelhouse import KeptFile, WheelhouseError, check_wheelhouse, kept_files, needed_names, save
from inhouse.errors import RepositoryError
from inhouse.template import find_template

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

WHEEL, SDIST = "idna-3.10+local-py3-none-any.whl", "idna-3.10+local.tar.gz"
SHA256 = hashlib.sha256(b"the wheel").hexdigest()


class Client:
    """The part of a CodeArtifact client that saving uses; two pages where there can be two."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def get_paginator(self, operation: str) -> "Client":
        self.operation = operation
        return self

    def paginate(self, **asked: str) -> Iterator[dict[str, Any]]:
        assert (asked["domain"], asked["repository"], asked["format"]) == ("acme", "pypi-store", "pypi")
        if self.operation == "list_packages":
            yield {"packages": []}
            yield {"packages": [{"package": "idna"}]}
        elif self.operation == "list_package_versions":
            yield {"versions": [{"version": "3.10+local"}]}
        else:
            assert (asked["package"], asked["packageVersion"]) == ("idna", "3.10+local")
            yield {"assets": [{"name": WHEEL, "hashes": {"SHA-256": SHA256, "SHA-512": "5" * 128}}]}
            yield {"assets": [{"name": SDIST, "hashes": {"SHA-256": "0" * 64}}, {"name": "unknown"}]}

    def get_repository_endpoint(self, **_: str) -> dict[str, str]:
        return {"repositoryEndpoint": self.endpoint}

    def get_authorization_token(self, **_: str) -> dict[str, str]:
        return {"authorizationToken": "made-up-token"}


def client(server: HTTPServer) -> "CodeArtifactClient":
    return cast("CodeArtifactClient", Client(server.url_for("/pypi/d/acme-111122223333/pypi-store/")))


def test_only_files_whose_bytes_are_here_are_kept(httpserver: HTTPServer) -> None:
    kept = list(kept_files(client(httpserver), "acme", "pypi-store"))
    assert kept == [KeptFile("idna", "3.10+local", WHEEL, SHA256)]


def test_kept_files_are_saved_under_their_names(httpserver: HTTPServer, tmp_path: Path) -> None:
    path = f"/pypi/d/acme-111122223333/pypi-store/simple/idna/3.10+local/{WHEEL}"
    httpserver.expect_request(path, headers={"Authorization": "Basic YXdzOm1hZGUtdXAtdG9rZW4="}).respond_with_data(
        b"the wheel"
    )
    assert save(client(httpserver), "acme", "pypi-store", tmp_path / "wheelhouse") == 1
    assert [(file.name, file.read_bytes()) for file in (tmp_path / "wheelhouse").iterdir()] == [(WHEEL, b"the wheel")]


def test_other_bytes_than_listed_are_not_saved(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/pypi/d/acme-111122223333/pypi-store/simple/idna/3.10+local/" + WHEEL).respond_with_data(
        b"no"
    )
    with pytest.raises(RepositoryError, match="not what the repository lists"):
        save(client(httpserver), "acme", "pypi-store", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_stand_in_is_told_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(WheelhouseError, match="it holds no wheels") as caught:
        check_wheelhouse(tmp_path, {"idna"})
    assert f"`inhouse demo --save-wheelhouse {tmp_path}`" in caught.value.hint
    (tmp_path / WHEEL).touch()
    (tmp_path / "My_Lib-1.0.tar.gz").touch()
    check_wheelhouse(tmp_path, {"idna", "my-lib"})
    with pytest.raises(WheelhouseError, match=r"it has nothing of furo, ruff$"):
        check_wheelhouse(tmp_path, {"idna", "ruff", "furo"})


def test_what_is_needed_is_what_the_tool_and_the_library_ask_for() -> None:
    needed = needed_names(Distribution.from_name("inhouse"))
    assert {"boto3", "twine", "hatchling", "awscli"} <= needed
    assert "inhouse-server" not in needed  # an extra, and from a wheel of ours
    section = TEMPLATE.read_text("utf-8").partition("[dependency-groups]\n")[2].partition("\n\n")[0]
    groups = tomllib.loads(section).values()
    asked = {canonicalize_name(Requirement(each).name) for group in groups for each in group if isinstance(each, str)}
    assert asked <= needed


TEMPLATE = next(path for path in find_template().glob("*/pyproject.toml"))
