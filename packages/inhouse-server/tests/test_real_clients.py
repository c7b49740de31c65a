"""twine, pip and uv, unmodified, against a server as users run it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from made_distributions import make_sdist, make_wheel, metadata_text, sdist_name, wheel_name
from server_process import DOMAIN, ServerProcess, clean_environment

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]
ACME, PUBLIC = wheel_name("acme-core"), wheel_name("public-lib", "2.0")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("server")
    public = folder / "public"
    public.mkdir()
    for version in ("1.0", "2.0"):
        (public / wheel_name("public-lib", version)).write_bytes(
            make_wheel("public-lib", version, code=f"v = {version}")
        )
    process = ServerProcess(folder, public)
    process.start()
    process.make_repositories()
    yield process
    process.stop()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = clean_environment(tmp_path / "home")

    def call(*command: str | Path, succeeds: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, env={**environment, **variables}, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode == 0) is succeeds, f"{done.stdout}\n{done.stderr}"
        return done

    return call


def distributions(folder: Path, name: str, *, code: str = "") -> list[Path]:
    """A wheel that depends on the public library, and its source distribution."""
    folder.mkdir()
    metadata = metadata_text(name, requires_dist=("public-lib>=1",))
    wheel, sdist = folder / wheel_name(name), folder / sdist_name(name)
    wheel.write_bytes(make_wheel(name, metadata=metadata, code=code))
    sdist.write_bytes(make_sdist(name, metadata=metadata))
    return [wheel, sdist]


def twine(
    run: Run, server: ServerProcess, *files: Path, url: str = "", **how: bool
) -> subprocess.CompletedProcess[str]:
    return run(
        *(sys.executable, "-m", "twine", "upload", "--non-interactive", "--disable-progress-bar", "--verbose"),
        *("--repository-url", url or server.endpoint("team"), *files),
        TWINE_USERNAME="aws",
        TWINE_PASSWORD=server.token(),
        **how,
    )


def with_token(server: ServerProcess, repository: str = "team") -> str:
    return server.endpoint(repository).replace("://", f"://aws:{server.token()}@") + "simple/"


def installed(target: Path) -> set[str]:
    return {path.name for path in target.glob("*.dist-info")}


BOTH = {"public_lib-2.0.dist-info"}


def test_twine_uploads_pip_installs_and_the_dependency_comes_along(
    server: ServerProcess, run: Run, tmp_path: Path
) -> None:
    twine(run, server, *distributions(tmp_path / "dist", "acme-pip"))
    target = tmp_path / "target"
    run(
        *(sys.executable, "-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check"),
        *("--target", target, "--index-url", with_token(server), "Acme_Pip"),
    )
    assert installed(target) == BOTH | {"acme_pip-1.0.dist-info"}
    versions = server.codeartifact().list_package_versions(
        domain=DOMAIN, repository="store", format="pypi", package="public-lib"
    )
    assert [(v["version"], v["origin"]["originType"]) for v in versions["versions"]] == [("2.0", "EXTERNAL")]


def test_uv_publishes_and_installs(server: ServerProcess, run: Run, tmp_path: Path) -> None:
    files = distributions(tmp_path / "dist", "acme-uv")
    for url in (server.endpoint("team"), server.endpoint("team").rstrip("/")):
        run(
            *(sys.executable, "-m", "uv", "publish", "--publish-url", url, *files),
            UV_PUBLISH_USERNAME="aws",
            UV_PUBLISH_PASSWORD=server.token(),
        )
    target = tmp_path / "target"
    run(
        *(sys.executable, "-m", "uv", "pip", "install", "--cache-dir", tmp_path / "cache", "--python", sys.executable),
        *("--target", target, "--index-url", with_token(server), "acme.uv"),
    )
    assert installed(target) == BOTH | {"acme_uv-1.0.dist-info"}


def test_uv_leaves_out_what_is_too_young(server: ServerProcess, run: Run, tmp_path: Path) -> None:
    old = server.public / wheel_name("aged-lib", "1.0")
    old.write_bytes(make_wheel("aged-lib"))
    os.utime(old, (1_600_000_000, 1_600_000_000))
    (server.public / wheel_name("aged-lib", "2.0")).write_bytes(make_wheel("aged-lib", "2.0"))
    target = tmp_path / "target"
    run(
        *(sys.executable, "-m", "uv", "pip", "install", "--cache-dir", tmp_path / "cache", "--python", sys.executable),
        *("--target", target, "--index-url", with_token(server), "--exclude-newer", "2021-01-01", "aged-lib"),
    )
    assert installed(target) == {"aged_lib-1.0.dist-info"}


def test_a_release_can_be_run_again_and_cannot_be_changed(server: ServerProcess, run: Run, tmp_path: Path) -> None:
    files = distributions(tmp_path / "dist", "acme-again")
    twine(run, server, *files)
    twine(run, server, *files, url=server.endpoint("team").rstrip("/"))
    changed = distributions(tmp_path / "changed", "acme-again", code="changed = True")
    refused = twine(run, server, changed[0], succeeds=False)
    assert "409" in refused.stdout
    assert "File already exists" in " ".join(refused.stdout.split())


def test_an_upload_to_the_wrong_address_is_told_the_right_one(server: ServerProcess, run: Run, tmp_path: Path) -> None:
    wheel, _ = distributions(tmp_path / "dist", "acme-wrong")
    refused = twine(run, server, wheel, url=f"{server.endpoint('team')}simple/", succeeds=False)
    assert server.endpoint("team") in "".join(refused.stdout.split())


def test_with_a_token_that_is_none_nothing_is_installed(server: ServerProcess, run: Run, tmp_path: Path) -> None:
    url = f"{server.endpoint('team')}simple/".replace("://", "://aws:made-up@")
    index = ("--index-url", url, "--target", tmp_path / "target", "public-lib")
    run(sys.executable, "-m", "pip", "install", "--no-input", "--no-cache-dir", *index, succeeds=False)
    uv = run(
        *(sys.executable, "-m", "uv", "pip", "install", "--cache-dir", tmp_path / "cache", "--python", sys.executable),
        *index,
        succeeds=False,
    )
    assert "401" in uv.stderr, "which uv tells, and pip only to those who ask for its log"
    assert installed(tmp_path / "target") == set()


def test_a_large_upload_without_a_token_is_answered_not_cut_off(
    server: ServerProcess, run: Run, tmp_path: Path
) -> None:
    """The server does not read the file; the client must still get to read why."""
    wheel = tmp_path / wheel_name("acme-large")
    wheel.write_bytes(make_wheel("acme-large", code=f"x = '{os.urandom(8_000_000).hex()}'"))
    refused = run(
        *(sys.executable, "-m", "uv", "publish", "--publish-url", server.endpoint("team"), wheel),
        UV_PUBLISH_USERNAME="aws",
        UV_PUBLISH_PASSWORD="made-up",
        succeeds=False,
    )
    assert "401" in refused.stderr
    assert "get-authorization-token" in refused.stderr
