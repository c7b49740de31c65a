import gzip
import io
import lzma
import os
import struct
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_distributions import make_sdist, make_tar, make_wheel, make_zip, metadata_text, sdist_name, wheel_name

from inhouse_server.archives import limits, read_core_metadata
from inhouse_server.archives.damage import telling_damage
from inhouse_server.errors import InvalidDistributionError

WHEEL, SDIST = wheel_name(), sdist_name()
METADATA = metadata_text()
INFO = "acme_core-1.0.dist-info"


def read(tmp_path: Path, content: bytes, filename: str, *, whole: bool = True) -> bytes:
    path = tmp_path / "bytes"
    path.write_bytes(content)
    return read_core_metadata(path, filename, whole=whole)


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def plain(members: dict[str, bytes]) -> bytes:
    return gzip.decompress(make_tar(members))


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


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
        (make_zip({f"{INFO}/WHEEL": b""}), WHEEL, "has no acme_core-1.0.dist-info/METADATA"),
        (make_zip({f"{INFO}/METADATA": METADATA}), WHEEL, "WHEEL"),
        (make_wheel("other"), WHEEL, "another project or version"),
        (make_wheel(version="1.1"), WHEEL, "another project or version"),
        (make_wheel(), "acme.whl", "Invalid wheel filename"),
        (b"", SDIST, "unpacked"),
        (b"not a tar", SDIST, "unpacked"),
        (make_wheel(), SDIST, "unpacked"),
        (make_sdist()[:60], SDIST, "unpacked"),
        (make_tar({"acme_core-1.0/b/PKG-INFO": METADATA}), SDIST, "no PKG-INFO"),
        (make_zip({"acme-1/setup.py": b""}), "acme-1.zip", "no PKG-INFO"),
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
    monkeypatch.setattr("inhouse_server.archives.zips.MAXIMUM_METADATA_BYTES", 10)
    monkeypatch.setattr("inhouse_server.archives.sdist.MAXIMUM_METADATA_BYTES", 10)
    with pytest.raises(InvalidDistributionError, match="more than 10"):
        read(tmp_path, make_wheel(), WHEEL)
    with pytest.raises(InvalidDistributionError, match="at most 10"):
        read(tmp_path, make_sdist(), SDIST)


@pytest.mark.parametrize("whole", [True, False])
def test_a_source_distribution_that_unpacks_to_too_much_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    monkeypatch.setattr("inhouse_server.archives.tars.MAXIMUM_UNPACKED_BYTES", 1000)
    content = make_tar({"acme_core-1.0/zeros": bytes(5000), "acme_core-1.0/PKG-INFO": METADATA})
    with pytest.raises(InvalidDistributionError, match="unpacks to more than") as caught:
        read(tmp_path, content, SDIST, whole=whole)
    assert caught.value.hint


def test_zeros_without_end_are_not_read_to_their_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither inside the archive nor behind it."""
    monkeypatch.setattr("inhouse_server.archives.tars.MAXIMUM_UNPACKED_BYTES", 10**6)
    content = gzip.compress(plain({"acme_core-1.0/PKG-INFO": METADATA}) + bytes(2 * 10**6))
    with pytest.raises(InvalidDistributionError, match="unpacks to more"):
        read(tmp_path, content, SDIST)
    huge = header("acme_core-1.0/zeros", 2**40) + bytes(512)
    with pytest.raises(InvalidDistributionError, match="unpacks to more"):
        read(tmp_path, gzip.compress(huge), SDIST)


@pytest.mark.parametrize("filename", [WHEEL, "acme-core-1.0.zip"])
def test_a_zip_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filename: str
) -> None:
    monkeypatch.setattr("inhouse_server.archives.zips.MAXIMUM_UNPACKED_BYTES", 5000)
    members = {f"{INFO}/METADATA": METADATA, f"{INFO}/WHEEL": b"", "a": bytes(3000), "b": bytes(3000)}
    if filename != WHEEL:
        members = {"acme-core-1.0/PKG-INFO": METADATA, "acme-core-1.0/a": bytes(6000)}
    with pytest.raises(InvalidDistributionError, match="unpacks to more than 5000"):
        read(tmp_path, make_zip(members), filename)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_a_header_that_takes_all_memory_is_not_read(tmp_path: Path, kind: bytes, whole: bool) -> None:
    size = 64 * 1024**2
    content = gzip.compress(header("././@LongLink", size, kind) + bytes(size), 1)
    tracemalloc.start()
    with pytest.raises(InvalidDistributionError, match="take more than"):
        read(tmp_path, content, SDIST, whole=whole)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * 1024**2


def test_a_long_name_is_no_bomb(tmp_path: Path) -> None:
    name = f"acme_core-1.0/{'folder/' * 200}file"
    for content_format in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=content_format) as archive:
            for member in (name, "acme_core-1.0/PKG-INFO"):
                info = tarfile.TarInfo(member)
                info.size = len(METADATA)
                archive.addfile(info, io.BytesIO(METADATA))
        assert read(tmp_path, gzip.compress(buffer.getvalue()), SDIST) == METADATA


def test_attributes_that_take_all_time_are_not_searched(tmp_path: Path) -> None:
    size = 1000 * 1000
    content = header("x", size, tarfile.XHDTYPE) + b"1" * size + bytes(-size % 512)
    started = time.monotonic()
    with pytest.raises(InvalidDistributionError, match="take more than an archive needs"):
        read(tmp_path, gzip.compress(content), SDIST)
    assert time.monotonic() - started < 5


def test_many_attributes_that_take_some_time_each_are_not_all_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhouse_server.archives.tars.MAXIMUM_ATTRIBUTE_EFFORT", 3 * 512**2)
    attributes = b"512 comment=" + b"x" * 499 + b"\n"
    one = header("x", 512, tarfile.XHDTYPE) + attributes + header("acme_core-1.0/file", 0, tarfile.REGTYPE)
    with pytest.raises(InvalidDistributionError, match="take more than an archive needs"):
        read(tmp_path, gzip.compress(4 * one + bytes(1024)), SDIST)
    with pytest.raises(InvalidDistributionError, match="PKG-INFO"):
        read(tmp_path, gzip.compress(3 * one + bytes(1024)), SDIST)


def test_headers_of_headers_without_end_are_refused(tmp_path: Path) -> None:
    content = b"".join(header("././@LongLink", 10, tarfile.GNUTYPE_LONGNAME) + bytes(512) for _ in range(900))
    with pytest.raises(InvalidDistributionError, match="cannot be unpacked"):
        read(tmp_path, gzip.compress(content), SDIST)


def test_too_many_members_are_not_gone_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"acme_core-1.0/{number}": b"" for number in range(25)}
    as_tar, as_zip = make_tar(many), make_zip(many)
    monkeypatch.setattr("inhouse_server.archives.tars.MAXIMUM_MEMBERS", 20)
    monkeypatch.setattr("inhouse_server.archives.zips.MAXIMUM_MEMBERS", 20)
    with pytest.raises(InvalidDistributionError, match="more than"):
        read(tmp_path, as_tar, SDIST)
    monkeypatch.setattr("zipfile.ZipInfo", None)  # not one entry is made an object of
    for filename in (WHEEL, "acme-core-1.0.zip"):
        with pytest.raises(InvalidDistributionError, match="more than 20 members"):
            read(tmp_path, as_zip, filename)


def test_a_directory_of_any_length_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inhouse_server.archives.zips.MAXIMUM_DIRECTORY_BYTES", 100)
    with pytest.raises(InvalidDistributionError, match="names that are too long"):
        read(tmp_path, make_wheel(), WHEEL)


METHODS = [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_STORED]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("method", METHODS)
def test_metadata_that_is_longer_than_the_directory_says_is_not_unpacked(
    tmp_path: Path, method: int, whole: bool
) -> None:
    content = bytearray(packed({f"{INFO}/WHEEL": b"", f"{INFO}/METADATA": METADATA + b"x" * 20_000_000}, method))
    struct.pack_into("<I", content, content.rindex(b"PK\x01\x02") + 24, 1000)
    path = tmp_path / "bytes"
    path.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(InvalidDistributionError, match="ZIP archive"):
        read_core_metadata(path, WHEEL, whole=whole)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4_000_000


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("member", ["acme_core/__init__.py", f"{INFO}/METADATA"])
def test_a_member_that_is_damaged_is_refused_wherever_it_is(tmp_path: Path, method: int, member: str) -> None:
    names = ["acme_core/__init__.py", f"{INFO}/WHEEL", f"{INFO}/METADATA"]
    content = bytearray(packed(dict.fromkeys(names, METADATA * 40), method))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo(member)
    start = info.header_offset + 30 + len(member)
    for place in range(start + 9, start + info.compress_size):
        content[place] ^= 0x5A
    with pytest.raises(InvalidDistributionError, match="ZIP archive") as caught:
        read(tmp_path, bytes(content), WHEEL)
    assert caught.value.hint


def test_only_what_is_published_is_read_to_its_end(tmp_path: Path) -> None:
    content = bytearray(packed({"acme.py": b"x = 1", f"{INFO}/WHEEL": b"", f"{INFO}/METADATA": METADATA}))
    content[content.index(b"x = 1")] ^= 1
    assert read(tmp_path, bytes(content), WHEEL, whole=False) == METADATA
    with pytest.raises(InvalidDistributionError, match="CRC"):
        read(tmp_path, bytes(content), WHEEL)


def test_the_error_of_every_unpacker_is_damage() -> None:
    for error in (lzma.LZMAError("x"), zlib.error("x"), EOFError(), OSError("bz2"), RecursionError("deep")):
        with pytest.raises(InvalidDistributionError) as caught, telling_damage("it is broken", "Build it again."):
            raise error
        assert caught.value.message == f"it is broken ({str(error) or 'EOFError'})."


@pytest.mark.parametrize("field", [16, 24], ids=["CRC", "size"])
def test_a_directory_that_does_not_say_what_is_there_is_refused(tmp_path: Path, field: int) -> None:
    content = bytearray(packed({"acme.py": METADATA, f"{INFO}/WHEEL": b"", f"{INFO}/METADATA": METADATA}))
    place = content.index(b"PK\x01\x02") + field
    struct.pack_into("<I", content, place, struct.unpack_from("<I", content, place)[0] + 1)
    with pytest.raises(InvalidDistributionError, match="ZIP archive"):
        read(tmp_path, bytes(content), WHEEL)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{INFO}/WHEEL", b"")
        archive.writestr(f"{INFO}/METADATA", metadata_text("evil", "6.6"))
        archive.writestr(f"{INFO}/METADATA", METADATA)
    with pytest.raises(InvalidDistributionError, match="METADATA 2 times") as caught:
        read(tmp_path, buffer.getvalue(), WHEEL)
    assert caught.value.hint


def test_a_source_distribution_that_is_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    content = make_tar({"acme_core-1.0/PKG-INFO": METADATA, "acme_core-1.0/a.py": os.urandom(3000)})
    for length in range(0, len(content), 7):
        with pytest.raises(InvalidDistributionError):
            read(tmp_path, content[:length], SDIST)
    with pytest.raises(InvalidDistributionError):
        read(tmp_path, content[:-1], SDIST)


def test_a_source_distribution_that_was_cut_off_before_it_was_packed_is_refused(tmp_path: Path) -> None:
    whole = plain({"acme_core-1.0/PKG-INFO": METADATA, "acme_core-1.0/a.py": b"x" * 3000})
    end = 512 + 512 + 512 + 3072  # a header, its content; a header, its content
    assert read(tmp_path, gzip.compress(whole), SDIST) == METADATA
    assert read(tmp_path, gzip.compress(whole[: end + 512]), SDIST) == METADATA
    for length in (end, end - 1, end - 600, end + 100, 1024 + 512, 1024 + 100):
        with pytest.raises(InvalidDistributionError, match="cannot be unpacked"):
            read(tmp_path, gzip.compress(whole[:length]), SDIST)
    with pytest.raises(InvalidDistributionError, match="behind the mark of its end"):
        read(tmp_path, gzip.compress(whole + b"more"), SDIST)


@pytest.mark.parametrize(
    "members",
    [
        {"zzz/PKG-INFO": METADATA},
        {"acme_core-2.0/PKG-INFO": METADATA},
        {"other-1.0/PKG-INFO": METADATA},
        {"acme_core/PKG-INFO": METADATA},
        {"acme_core-1.0/PKG-INFO": METADATA, "setup.py": b""},
        {"acme_core-1.0/PKG-INFO": METADATA, "../acme_core-1.0/x": b""},
        {"acme_core-1.0/PKG-INFO": METADATA, "/etc/passwd": b"x"},
    ],
)
def test_a_source_distribution_of_another_folder_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    for content, filename in ((make_tar(members), SDIST), (make_zip(members), "acme-core-1.0.zip")):
        with pytest.raises(InvalidDistributionError, match="not in the folder") as caught:
            read(tmp_path, content, filename)
        assert caught.value.hint
        if "setup.py" in members:
            assert read(tmp_path, content, filename, whole=False) == METADATA


@pytest.mark.parametrize("folder", ["acme_core-1.0", "Acme.Core-1.0.0", "acme-core-1.0"])
def test_the_folder_may_be_written_as_names_and_versions_may(tmp_path: Path, folder: str) -> None:
    assert read(tmp_path, make_tar({".": b"", f"{folder}/PKG-INFO": METADATA}), SDIST) == METADATA


def test_a_name_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDistributionError, match="Invalid sdist filename"):
        read(tmp_path, make_sdist(), "acme.tar.gz")


def test_two_that_say_what_it_is_are_refused(tmp_path: Path) -> None:
    content = plain({"acme_core-1.0/PKG-INFO": METADATA, "./acme_core-1.0/PKG-INFO": metadata_text("evil")})
    with pytest.raises(InvalidDistributionError, match="more than one PKG-INFO"):
        read(tmp_path, gzip.compress(content), SDIST)


def test_a_disk_that_fails_is_not_the_archives_fault(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_core_metadata(tmp_path / "none", SDIST, whole=True)
    with pytest.raises(FileNotFoundError):
        read_core_metadata(tmp_path / "none", WHEEL)


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
        read(tmp_path_factory.getbasetemp(), damaged, filename, whole=data.draw(st.booleans()))
    except InvalidDistributionError as error:
        assert error.hint  # noqa: PT017 - both outcomes are right
