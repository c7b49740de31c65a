"""The plugin in the test runs of somebody who has never heard of this repository."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pytest_inhouse import ServerDidNotStartError
from pytest_inhouse.plugin import Servers

pytest_plugins = ["pytester"]

_HOSTILE = {
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://elsewhere.example",
    "AWS_ENDPOINT_URL_CODEARTIFACT": "https://elsewhere.example",
    "AWS_SESSION_TOKEN": "made-up",
    "AWS_REGION": "eu-west-1",
    "AWS_CA_BUNDLE": "/no/such/bundle.pem",
    "INHOUSE_PORT": "no number",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "https_proxy": "http://127.0.0.1:1",
    "NO_PROXY": "elsewhere.example",
    "PIP_EXTRA_INDEX_URL": "https://elsewhere.example/simple/",
}


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment, and a user's AWS configuration, that lead elsewhere; return the folder of the latter."""
    for name, value in _HOSTILE.items():
        monkeypatch.setenv(name, value)
    files = tmp_path / "hostile-home" / ".aws"
    files.mkdir(parents=True)
    (files / "config").write_text("[profile production]\nregion = eu-west-1\nca_bundle = /no/such/bundle.pem\n")
    (files / "credentials").write_text("[production]\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(files / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(files / "credentials"))
    return files


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder for temporary files, which nobody else uses."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def left_behind(temporary: Path) -> list[Path]:
    """Return the folders of repositories that are there."""
    return list(temporary.glob("codeartifact-*"))


def test_a_project_of_somebody_else(pytester: pytest.Pytester, hostile: Path, temporary: Path) -> None:
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\naddopts = "--strict-markers"\nfilterwarnings = ["error"]')
    pytester.makepyfile(
        test_ours="""
        import os
        from contextlib import closing
        from urllib.request import build_opener

        import boto3
        import pytest
        from pytest_inhouse import CodeArtifact


        def test_first(codeartifact: CodeArtifact) -> None:
            assert "AWS_PROFILE" not in os.environ
            with closing(boto3.client("codeartifact")) as client:
                client.create_domain(domain="acme")
            codeartifact.faults(status=500)


        def test_second(codeartifact: CodeArtifact) -> None:
            with closing(boto3.client("codeartifact")) as client:
                client.create_domain(domain="acme")
            assert "PIP_EXTRA_INDEX_URL" not in codeartifact.program_environment()


        def test_real_addresses(aws_hosts) -> None:
            with closing(boto3.client("codeartifact")) as client, closing(boto3.client("sts")) as tokens:
                assert len(client.list_domains()["domains"]) == 1
                tokens.get_caller_identity()
            assert aws_hosts.reached == ["codeartifact.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com"]
            with pytest.raises(OSError, match="403"):
                build_opener().open("https://example.org/")
            assert aws_hosts.refused == ["example.org"]


        def test_without_it() -> None:
            assert boto3.DEFAULT_SESSION is None
            assert os.environ["AWS_PROFILE"] == "production"
            assert os.environ["HTTPS_PROXY"] == "http://127.0.0.1:1"


        @pytest.mark.codeartifact(flavour="sour")
        def test_wrong_marker(codeartifact: CodeArtifact) -> None:
            pass


        def test_too_late(codeartifact: CodeArtifact, request: pytest.FixtureRequest) -> None:
            request.getfixturevalue("aws_hosts")


        def test_that_fails(codeartifact: CodeArtifact) -> None:
            codeartifact.endpoint("missing")
        """
    )
    contents = {path: path.read_bytes() for path in hostile.iterdir()}
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=4, failed=2, errors=1)
    said = result.stdout.str()
    assert "The marker codeartifact has no argument flavour.\n\nhint: It has compat, region and aws_hosts.\n" in said
    assert re.search(r"RefusedError: GET /v1/repository/endpoint was refused with 404 ResourceNotFoundException", said)
    assert "hint: Let the test or one of its fixtures name it as an argument" in said
    assert "real" not in "".join(path.read_text() for path in hostile.iterdir() if path not in contents)
    assert {path: path.read_bytes() for path in hostile.iterdir()} == contents
    assert left_behind(temporary) == []


@pytest.mark.slow
def test_several_workers_each_with_its_own_clock(pytester: pytest.Pytester, temporary: Path) -> None:
    pytester.makepyfile(
        """
        import pytest
        from datetime import timedelta

        @pytest.mark.parametrize("number", range(1, 9))
        def test_one(codeartifact, number, record_testsuite_property):
            codeartifact.repository("team")
            codeartifact.clock.move(hours=number)
            codeartifact.publish("acme-core", f"{number}.0")
            assert codeartifact.clock.offset == timedelta(hours=number)
            assert len(codeartifact.client().list_domains()["domains"]) == 1
            with open("urls", "a") as file:
                print(codeartifact.url, file=file)
        """
    )
    pytester.runpytest_subprocess("-n2", "-p", "no:cacheprovider").assert_outcomes(passed=8)
    assert len(set((pytester.path / "urls").read_text().split())) == 2
    assert left_behind(temporary) == []


@pytest.mark.slow
def test_what_the_configuration_says(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\ncodeartifact_compat = superset\ncodeartifact_public = wheels")
    (pytester.path / "wheels").mkdir()
    pytester.makepyfile(
        """
        import pytest
        from pytest_inhouse import UsageError, make_wheel
        from pytest_inhouse.signed_requests import Api

        def test_it(codeartifact, codeartifact_server, pytestconfig):
            api = Api(codeartifact.url, codeartifact_server.admin, codeartifact.region)
            assert api.call("GET", "/-/inhouse/v1/capabilities")["compatibility"] == "superset"
            assert codeartifact.endpoint(codeartifact.repository("team")).startswith("https://")
            with pytest.raises(UsageError, match="codeartifact_public"):
                codeartifact.public.add("idna")
        """
    )
    pytester.runpytest_subprocess("--aws-hosts").assert_outcomes(passed=1)


def test_a_repository_that_does_not_start_is_not_tried_again_for_every_test() -> None:
    servers = Servers("nowhere")
    with pytest.raises(ServerDidNotStartError) as first:
        servers.server("aws")
    with pytest.raises(ServerDidNotStartError) as second:
        servers.server("aws")
    assert second.value is first.value


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("codeartifact_compat = azure", "codeartifact_compat: 'azure' is not a mode of the repository."),
        ("codeartifact_public = nowhere", "is neither an http(s) URL nor a folder."),
    ],
)
def test_a_repository_that_cannot_start_is_told_plainly(pytester: pytest.Pytester, setting: str, said: str) -> None:
    pytester.makeini(f"[pytest]\n{setting}")
    pytester.makepyfile("def test_it(codeartifact): pass\ndef test_server(codeartifact_server): pass")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=2)
    assert said in result.stdout.str()
    assert "hint: " in result.stdout.str()
    assert "Traceback" not in result.stdout.str()
    assert not re.search(r"\.py:[0-9]", result.stdout.str())


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 2), (signal.SIGKILL, -9)])
def test_whatever_ends_the_run_nothing_is_left(
    pytester: pytest.Pytester, temporary: Path, number: signal.Signals, code: int
) -> None:
    pytester.makepyfile(
        """
        import time
        from pathlib import Path

        def test_it(codeartifact, aws_hosts):
            Path("url").write_text(codeartifact.url)
            Path("url").rename("ready")
            time.sleep(60)
        """
    )
    # A group of its own, as a terminal makes it: Ctrl-C goes to all that is in it.
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=pytester.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (pytester.path / "ready").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(run.pid, number)
    said, _ = run.communicate()
    assert run.returncode == code, said
    assert "Error" not in said.replace("KeyboardInterrupt", "")
    while left_behind(temporary) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert left_behind(temporary) == []


def test_what_it_costs_those_who_do_not_use_it() -> None:
    code = "import sys, pytest_inhouse.plugin; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {"botocore", "boto3", "trustme", "cryptography", "asyncio", "packaging.utils", "inhouse_server"}.isdisjoint(
        loaded
    )
