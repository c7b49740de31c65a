import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from inhouse.tools.environment import (
    activated,
    child_environment,
    other_indexes,
    with_index_credentials,
    without_python_path,
)

NAMES = st.sampled_from(
    [
        "UV_INDEX",
        "UV_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "UV_EXTRA_INDEX_URL",
        "UV_FIND_LINKS",
        "UV_INDEX_STRATEGY",
        "UV_INDEX_OTHER_USERNAME",
        "UV_INDEX_OTHER_PASSWORD",
        "UV_PUBLISH_TOKEN",
        "UV_CONFIG_FILE",
        "UV_TORCH_BACKEND",
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "TWINE_REPOSITORY_URL",
        "TWINE_PASSWORD",
        "VIRTUAL_ENV",
        "PYTHONHOME",
        "GIT_DIR",
        "pip_index_url",
    ]
)


@given(st.dictionaries(NAMES, st.text()))
def test_nothing_that_leads_astray_is_passed_on(astray: dict[str, str]) -> None:
    kept = {"PATH": "/usr/bin", "SSL_CERT_FILE": "ca.pem", "HTTPS_PROXY": "http://proxy", "UV_CACHE_DIR": "cache"}
    assert child_environment({**astray, **kept}) == {**kept, "UV_PYTHON_DOWNLOADS": "never"}


def test_whoever_wants_downloads_gets_them() -> None:
    assert child_environment({"UV_PYTHON_DOWNLOADS": "automatic"}) == {"UV_PYTHON_DOWNLOADS": "automatic"}


def test_what_is_about_indexes_is_told_from_what_is_about_environments() -> None:
    about = {
        "HATCH_INDEX_AUTH": "x",
        "PDM_PYPI_URL": "x",
        "PIP_CONFIG_FILE": "pip.conf",
        "POETRY_HTTP_BASIC_OTHER_PASSWORD": "x",
        "UV_INDEX": "x",
        "pip_extra_index_url": "x",
    }
    harmless = {"VIRTUAL_ENV": "v", "PDM_CHECK_UPDATE": "x", "POETRY_VIRTUALENVS_PATH": "x", "UV_FROZEN": "1"}
    assert other_indexes({**harmless, **about}) == tuple(sorted(about))
    assert other_indexes({"PIP_CONFIG_FILE": os.devnull}) == ()


def test_a_token_is_for_one_index() -> None:
    assert with_index_credentials({"PATH": "p"}, "acme_Shared-1", "made-up") == {
        "PATH": "p",
        "UV_INDEX_ACME_SHARED_1_USERNAME": "aws",
        "UV_INDEX_ACME_SHARED_1_PASSWORD": "made-up",
    }


def test_a_python_on_its_own_is_given_no_folders() -> None:
    assert without_python_path({"PYTHONPATH": "src", "PYTHONUTF8": "1"}) == {"PYTHONUTF8": "1"}


def test_an_activated_environment_comes_first() -> None:
    folder = Path("project") / ".venv"
    posix = activated({"PATH": "/usr/bin"}, folder, windows=False)
    assert posix == {"PATH": f"{folder / 'bin'}:/usr/bin", "VIRTUAL_ENV": str(folder)}
    assert activated({"PATH": "C:"}, folder, windows=True)["PATH"] == f"{folder / 'Scripts'};C:"
    assert activated({}, folder, windows=False)["PATH"] == str(folder / "bin")
