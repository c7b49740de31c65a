"""Moving a project: everything goes along, nothing else changes, and the way back gives the same bytes."""

import re
import tomllib
from dataclasses import replace

import pytest
from client_fakes import COORDINATES, ENDPOINT, OLD_POETRY_PYPROJECT, POETRY_PYPROJECT, PYPROJECT
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from inhouse.errors import ForeignAddressesError, LockStaleError, ManifestError
from inhouse.project.address import aws_endpoint, read_address
from inhouse.project.locked import Locked
from inhouse.project.manifest import Coordinates, read_manifest
from inhouse.project.poetry_lock import digests
from inhouse.project.retarget import Move, concerns, disagreements, moved_manifest, places, retarget

AWS = aws_endpoint(COORDINATES)
TO_AWS = Move((ENDPOINT,), AWS, COORDINATES, COORDINATES)
BACK = Move((AWS,), ENDPOINT, COORDINATES, COORDINATES)


def uv_lock(endpoint: str, *packages: str) -> str:
    entries = (
        f'[[package]]\nname = "{name}"\nversion = "1.0"\nsource = {{ registry = "{endpoint}simple/" }}\nwheels = [\n'
        f'    {{ url = "{endpoint}simple/{name}/1.0/{name}-1.0.whl", hash = "sha256:{number:064x}" }},\n]\n\n'
        for number, name in enumerate(packages)
    )
    own = '[[package]]\nname = "acme-core"\nversion = "1.2.0"\nsource = { editable = "." }\n'
    pinned = f'[package.metadata]\nrequires-dist = [{{ name = "acme-app", index = "{endpoint}simple/" }}]\n'
    return "".join(["version = 1\nrevision = 5\n\n", *entries, own, "\n", pinned])


def poetry_lock(endpoint: str, digest: str, *packages: str) -> str:
    entries = (
        f'[[package]]\nname = "{name}"\nversion = "1.0"\nfiles = [\n    {{file = "{name}.whl", hash = '
        f'"sha256:{number:064x}"}},\n]\n\n[package.source]\ntype = "legacy"\nurl = "{endpoint}simple"\n'
        'reference = "shared"\n\n'
        for number, name in enumerate(packages)
    )
    return "".join([*entries, f'[metadata]\nlock-version = "2.1"\ncontent-hash = "{digest}"\n'])


def pylock(endpoint: str, *packages: str) -> str:
    entries = (
        f"[[packages]]\nname = '{name}'\nindex = '{endpoint}simple/'\n"
        f"wheels = [{{ url = '{endpoint}simple/{name}.whl', hashes = {{ sha256 = '{number:064x}' }} }}]\n"
        for number, name in enumerate(packages)
    )
    return "".join(["lock-version = '1.0'\n", *entries])


def requirements(endpoint: str, *packages: str) -> str:
    lines = (f"{name}==1.0 \\\n    --hash=sha256:{number:064x}\n" for number, name in enumerate(packages))
    return "".join([f"--index-url {endpoint}simple/\n", *lines, f"own @ {endpoint}simple/own/1/own.whl\n"])


def answers(endpoint: str, coordinates: Coordinates) -> str:
    said = f"region: {coordinates.region}\ndomain: '{coordinates.domain}'\nowner: \"{coordinates.owner}\"\n"
    return f'_commit: 1.0\n{said}endpoint: "{endpoint}"\nrepository: {coordinates.repository}\nindex_name: shared\n'


ENDPOINTS = [
    "http://127.0.0.1:9/pypi/d/{domain}-{owner}/{repository}/",
    "http://127.0.0.1:90/pypi/d/{domain}-{owner}/{repository}/",
    "http://localhost:8765/pypi/d/{domain}-{owner}/{repository}/",
    "https://{domain}-{owner}.d.codeartifact.{region}.amazonaws.com/pypi/{repository}/",
    "https://{domain}-{owner}.codeartifact.{region}.on.aws/pypi/{repository}/",
    "https://vpce-1.d.codeartifact.{region}.vpce.amazonaws.com/pypi/d/{domain}-{owner}/{repository}/",
]
PLACES = st.builds(
    lambda form, coordinates: (form.format(**vars(coordinates)), coordinates),
    st.sampled_from(ENDPOINTS),
    st.builds(
        Coordinates,
        st.sampled_from(["acme", "acme-test", "shared"]),
        st.sampled_from(["111122223333", "444455556666"]),
        st.sampled_from(["us-east-1", "eu-central-1", "cn-north-1"]),
        st.sampled_from(["shared", "shared2", "acme", "us-east-1"]),
    ),
)
NAMES = st.lists(st.sampled_from(["acme-app", "acme-base", "idna", "shared"]), unique=True, max_size=3)


@st.composite
def projects(draw: st.DrawFn, endpoint: str, coordinates: Coordinates) -> dict[str, str]:
    manifest = draw(st.sampled_from([PYPROJECT, POETRY_PYPROJECT, OLD_POETRY_PYPROJECT]))
    manifest = manifest.replace(ENDPOINT, endpoint)
    for key in ("domain", "owner", "region", "repository"):
        old, new = getattr(COORDINATES, key), getattr(coordinates, key)
        manifest = manifest.replace(
            f'{key} = "{old}"', draw(st.sampled_from([f'{key} = "{new}"', f"{key}='{new}' # x"]))
        )
    manifest = manifest.replace("[tool.inhouse]", f'# once at "{endpoint}"\n[tool.inhouse]')
    if draw(st.booleans()):
        manifest += f'\n[tool.links]\nreleases = "{endpoint}simple/acme-core/"\n'
    packages = draw(NAMES)
    generation = draw(st.integers(0, 2))
    files = {
        "uv.lock": uv_lock(endpoint, *packages),
        "poetry.lock": poetry_lock(endpoint, digests(manifest)[generation], *packages),
        "pylock.toml": pylock(endpoint, *packages),
        "requirements.txt": requirements(endpoint, *packages),
        "requirements/docs.txt": "--index-url https://elsewhere.example/simple\nidna==1\n",
        ".copier-answers.yml": answers(endpoint, coordinates),
        "README.md": f'"{endpoint}"',
    }
    chosen = draw(st.sets(st.sampled_from(sorted(files))))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    texts = {"pyproject.toml": manifest, **{name: files[name] for name in sorted(chosen)}}
    return {name: text.replace("\n", line_end) for name, text in texts.items()}


def hashes(files: dict[str, str]) -> dict[str, list[str]]:
    return {name: re.findall(r"(?<!content-hash = \")\b[0-9a-f]{64}\b", text) for name, text in files.items()}


@settings(deadline=None)
@given(PLACES, PLACES, st.data())
def test_there_and_back_again_gives_the_same_bytes_and_no_file_gets_another_digest(
    here: tuple[str, Coordinates], there: tuple[str, Coordinates], data: st.DataObject
) -> None:
    (a, before), (b, after) = here, there
    files = data.draw(projects(a, before))
    away = {**files, **retarget(files, Move((a,), b, before, after))}
    assert hashes(away) == hashes(files)
    table = read_manifest(away["pyproject.toml"]).table()
    assert table.coordinates == after
    assert table.index == "shared"
    locks = {name: text for name, text in away.items() if name != "requirements/docs.txt"}
    assert disagreements(locks, b) == {}
    assert away.get("README.md") == files.get("README.md")
    assert away.get("requirements/docs.txt") == files.get("requirements/docs.txt")
    if ".copier-answers.yml" in away:
        said = dict(re.findall(r"(?m)^(\w+): [\"']?([^\"'\r\n]+)", away[".copier-answers.yml"]))
        assert said["endpoint"] == b
        assert {key: said[key] for key in vars(after)} == vars(after)
    back = {**away, **retarget(away, Move((b,), a, after, before))}
    assert back == files


@settings(deadline=None)
@given(PLACES, st.data())
def test_where_the_project_is_already_nothing_changes(here: tuple[str, Coordinates], data: st.DataObject) -> None:
    endpoint, coordinates = here
    files = data.draw(projects(endpoint, coordinates))
    assert retarget(files, Move((endpoint,), endpoint, coordinates, coordinates)) == {}


def test_only_addresses_and_the_digest_change() -> None:
    files = {
        "pyproject.toml": POETRY_PYPROJECT,
        "poetry.lock": poetry_lock(ENDPOINT, digests(POETRY_PYPROJECT)[0], "acme-base"),
    }
    moved = retarget(files, TO_AWS)
    assert set(moved) == set(files)
    for name, text in moved.items():
        pairs = zip(files[name].splitlines(), text.splitlines(), strict=True)
        assert {old.split(" =")[0] for old, new in pairs if old != new} <= {"url", "content-hash"}
    assert f'content-hash = "{digests(moved["pyproject.toml"])[0]}"' in moved["poetry.lock"]


def test_what_comes_from_elsewhere_is_refused_with_the_whole_list() -> None:
    stranger = "https://aws:made-up@other.example/simple/"
    files = {
        "pyproject.toml": PYPROJECT,
        "uv.lock": uv_lock(ENDPOINT, "acme-app")
        + "".join(
            f'[[package]]\nname = "p{n}"\nsource = {{ registry = "{stranger}" }}\n'
            f'sdist = {{ url = "https://files.example/p{n}.zip" }}\n'
            for n in range(7)
        )
        + f'[[package]]\nname = "direct"\nsource = {{ url = "{ENDPOINT}simple/direct/1/d.whl" }}\n'
        + '[[package]]\nname = "fork"\nsource = { url = "https://forge.example/fork.zip" }\n',
        "poetry.lock": '[[package]]\nname = "idna"\n',
    }
    with pytest.raises(ForeignAddressesError) as caught:
        retarget(files, TO_AWS)
    assert caught.value.message == snapshot("""\
not everything is locked from http://127.0.0.1:9/pypi/d/acme-111122223333/shared/:
  uv.lock: https://other.example/ (p0, p1, p2, p3, p4 and 2 more)
  uv.lock: https://files.example/ (p0, p1, p2, p3, p4 and 2 more)
  uv.lock: http://127.0.0.1:9/pypi/d/acme-111122223333/shared/ (direct (by its own address))
  poetry.lock: PyPI (idna)\
""")
    assert "--from" in caught.value.hint


def test_a_lock_that_was_left_behind_follows_when_its_address_is_named() -> None:
    old = ENDPOINT.replace(":9/", ":8/")
    was = POETRY_PYPROJECT.replace(ENDPOINT, old)
    files = {
        "pyproject.toml": POETRY_PYPROJECT,
        "poetry.lock": poetry_lock(old, digests(was)[0], "acme-base"),
        "uv.lock": uv_lock(old, "acme-base"),
    }
    with pytest.raises(ForeignAddressesError):
        retarget(files, TO_AWS)
    here = {**files, **retarget(files, Move((ENDPOINT, old), ENDPOINT, COORDINATES, COORDINATES))}
    assert disagreements(here, ENDPOINT) == {}
    away = {**files, **retarget(files, Move((ENDPOINT, old), AWS, COORDINATES, COORDINATES))}
    assert disagreements(away, AWS) == {}


def test_a_lock_that_is_at_the_target_already_is_met_there() -> None:
    moved = moved_manifest(POETRY_PYPROJECT, TO_AWS)
    lock = poetry_lock(AWS, digests(moved)[0], "acme-base")
    files = {"pyproject.toml": POETRY_PYPROJECT, "poetry.lock": lock, "uv.lock": uv_lock(AWS, "acme-base")}
    assert retarget(files, TO_AWS) == {"pyproject.toml": moved}


def test_a_lock_from_two_places_is_refused_even_if_one_is_the_target() -> None:
    mixed = (
        uv_lock(ENDPOINT, "acme-app")
        + uv_lock(AWS, "acme-base").partition("\n\n")[2].partition('\n[[package]]\nname = "acme-core"')[0]
    )
    with pytest.raises(ForeignAddressesError, match=r"amazonaws\.com.*acme-base"):
        retarget({"pyproject.toml": PYPROJECT, "uv.lock": mixed}, TO_AWS)


def test_requirements_with_a_second_index_are_refused_and_those_of_others_left_alone() -> None:
    second = requirements(ENDPOINT, "acme-app") + "--extra-index-url https://other.example/simple\n"
    with pytest.raises(ForeignAddressesError, match="packages"):
        retarget({"pyproject.toml": PYPROJECT, "requirements.txt": second}, TO_AWS)


def test_a_stale_lock_of_poetry_is_not_made_to_look_current() -> None:
    files = {"pyproject.toml": POETRY_PYPROJECT, "poetry.lock": poetry_lock(ENDPOINT, "0" * 64, "acme-base")}
    with pytest.raises(LockStaleError) as caught:
        retarget(files, TO_AWS)
    assert "`poetry lock`" in caught.value.hint
    assert disagreements(files, ENDPOINT) == {"poetry.lock": ("it was made for another pyproject.toml",)}


def test_what_does_not_agree_is_named_by_file() -> None:
    files = {
        "pyproject.toml": PYPROJECT,
        "uv.lock": uv_lock(AWS, "acme-app"),
        "requirements.txt": "--index-url https://other.example/simple\n",
        "requirements-plain.txt": "idna==1\n",
        ".copier-answers.yml": "endpoint: x\n",
    }
    assert disagreements(files, ENDPOINT) == snapshot(
        {
            "uv.lock": (
                "it takes acme-app from https://acme-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/",
            ),
            "requirements.txt": ("it takes packages from https://other.example/",),
        }
    )


def test_coordinates_that_cannot_be_exchanged_are_named() -> None:
    text = PYPROJECT.replace('domain = "acme"', 'domain = "\\u0061cme"')
    move = replace(TO_AWS, after=replace(COORDINATES, domain="other"))
    with pytest.raises(ManifestError, match=r"tool\.inhouse\.domain: cannot be exchanged"):
        moved_manifest(text, move)


def test_the_context_of_cruft_follows_too() -> None:
    cruft = f'{{\n  "context": {{\n    "domain": "acme",\n    "endpoint": "{ENDPOINT}",\n    "owner": "1"\n  }}\n}}\n'
    move = replace(TO_AWS, after=replace(COORDINATES, domain="other"))
    moved = retarget({"pyproject.toml": PYPROJECT, ".cruft.json": cruft}, move)[".cruft.json"]
    assert moved == cruft.replace(ENDPOINT, AWS).replace('"acme",', '"other",')


def test_places_without_a_host_are_shown_as_they_are() -> None:
    assert places([Locked("", "./wheels"), Locked("a", "../simple/a")]) == {"./wheels": "packages", "../": "a"}


def test_what_may_have_to_move() -> None:
    assert all(map(concerns, ["pyproject.toml", "uv.lock", ".cruft.json", ".copier-answers.yml", "requirements.txt"]))
    assert not any(map(concerns, ["README.md", "setup.py", "src/uv.lock"]))


def test_the_target_of_these_tests_is_an_address() -> None:
    assert read_address(AWS) is not None
    assert tomllib.loads(moved_manifest(PYPROJECT, TO_AWS))["tool"]["uv"]["index"][0]["publish-url"] == AWS
