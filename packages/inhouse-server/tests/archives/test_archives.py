import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_distributions import make_sdist, make_tar, make_wheel, make_zip, metadata_text, sdist_name, wheel_name

from inhouse_server.archives import limits, read_core_metadata
from inhouse_server.errors import InvalidDistributionError

WHEEL, SDIST = wheel_name(), sdist_name()
METADATA = metadata_text()
INFO = "acme_core-1.0.dist-info"


def read(tmp_path: Path, content: bytes, filename: str) -> bytes:
    path = tmp_path / "bytes"
    path.write_bytes(content)
    return read_core_metadata(path, filename)


def test_a_wheel(tmp_path: Path) -> None:
    assert read(tmp_path, make_wheel(), WHEEL) == METADATA


@pytest.mark.parametrize("folder", ["acme_core-1.0", "./acme_core-1.0"])
def test_a_source_distribution(tmp_path: Path, folder: str) -> None:
    content = make_tar(
        {f"{folder}/setup.py": b"", f"{folder}/x.egg-info/PKG-INFO": b"other", f"{folder}/PKG-INFO": METADATA}
    )
    assert read(tmp_path, content, SDIST) == METADATA


def test_a_source_distribution_of_the_old_kind(tmp_path: Path) -> None:
    content = make_zip({"acme-core-1.0/setup.py": b"", "acme-core-1.0/PKG-INFO": METADATA})
    assert read(tmp_path, content, "acme-core-1.0.zip") == METADATA


@pytest.mark.parametrize(
    ("content", "filename", "complaint"),
    [
        (b"", WHEEL, "ZIP archive"),
        (b"not a zip", WHEEL, "ZIP archive"),
        (make_sdist(), WHEEL, "ZIP archive"),
        (make_wheel()[:200], WHEEL, "ZIP archive"),
        (make_zip({"a.py": b""}), WHEEL, "has 0"),
        (make_zip({f"{INFO}/WHEEL": b"", "x-1.dist-info/WHEEL": b""}), WHEEL, "has 2"),
        (make_zip({f"{INFO}/WHEEL": b""}), WHEEL, "no METADATA"),
        (make_zip({f"{INFO}/METADATA": METADATA}), WHEEL, "WHEEL"),
        (make_wheel("other"), WHEEL, "another project or version"),
        (make_wheel(version="1.1"), WHEEL, "another project or version"),
        (make_wheel(), "acme.whl", "Invalid wheel filename"),
        (b"", SDIST, "unpacked"),
        (b"not a tar", SDIST, "unpacked"),
        (make_wheel(), SDIST, "unpacked"),
        (make_sdist()[:60], SDIST, "unpacked"),
        (make_tar({"a/b/PKG-INFO": METADATA, "PKG-INFO": METADATA}), SDIST, "no PKG-INFO"),
        (make_zip({"a/setup.py": b""}), "acme-1.zip", "no PKG-INFO"),
        (b"not a zip", "acme-1.zip", "unpacked"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_with_a_hint(
    tmp_path: Path, content: bytes, filename: str, complaint: str
) -> None:
    with pytest.raises(InvalidDistributionError, match=complaint) as caught:
        read(tmp_path, content, filename)
    assert caught.value.hint


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    content = bytearray(make_wheel())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo(f"{INFO}/METADATA")
    start = member.header_offset + 30 + len(member.filename)
    content[start : start + member.compress_size] = b"\xff" * member.compress_size
    with pytest.raises(InvalidDistributionError, match="ZIP archive"):
        read(tmp_path, bytes(content), WHEEL)


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    content = bytearray(make_wheel())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo(f"{INFO}/METADATA").header_offset
    content[offset + 6] |= 1  # the flag in the member's own header, and below in the directory
    directory = content.index(b"PK\x01\x02", content.index(f"{INFO}/METADATA".encode()) + 1)
    while content[directory + 46 : directory + 46 + len(INFO) + 9] != f"{INFO}/METADATA".encode():
        directory = content.index(b"PK\x01\x02", directory + 1)
    content[directory + 8] |= 1
    with pytest.raises(InvalidDistributionError, match="encrypted"):
        read(tmp_path, bytes(content), WHEEL)


def test_endless_metadata_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inhouse_server.archives.wheel.MAXIMUM_METADATA_BYTES", 10)
    monkeypatch.setattr("inhouse_server.archives.sdist.MAXIMUM_METADATA_BYTES", 10)
    with pytest.raises(InvalidDistributionError, match="more than 10"):
        read(tmp_path, make_wheel(), WHEEL)
    with pytest.raises(InvalidDistributionError, match="at most 10"):
        read(tmp_path, make_sdist(), SDIST)


def test_a_source_distribution_that_unpacks_to_too_much_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhouse_server.archives.sdist.MAXIMUM_UNPACKED_BYTES", 1000)
    content = make_tar({"acme_core-1.0/zeros": bytes(5000), "acme_core-1.0/PKG-INFO": METADATA})
    with pytest.raises(InvalidDistributionError, match="no PKG-INFO"):
        read(tmp_path, content, SDIST)


def test_a_link_named_pkg_info_is_not_followed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        link = tarfile.TarInfo("acme_core-1.0/PKG-INFO")
        link.type, link.linkname = tarfile.SYMTYPE, os.devnull
        archive.addfile(link)
    with pytest.raises(InvalidDistributionError, match="no PKG-INFO"):
        read(tmp_path, buffer.getvalue(), SDIST)


def test_the_limits_leave_room_for_real_projects() -> None:
    assert limits.MAXIMUM_METADATA_BYTES > 10**6
    assert limits.MAXIMUM_UNPACKED_BYTES > 5 * 1024**3


@given(st.data())
def test_damage_anywhere_is_refused_or_harmless(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Never another exception than the one that answers with 400."""
    filename, content = data.draw(st.sampled_from([(WHEEL, make_wheel()), (SDIST, make_sdist())]))
    start = data.draw(st.integers(0, len(content) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    damaged = content[:start] + damage + content[start + len(damage) :]
    if data.draw(st.booleans()):
        damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    try:
        read(tmp_path_factory.getbasetemp(), damaged, filename)
    except InvalidDistributionError as error:
        assert error.hint  # noqa: PT017 - both outcomes are right
