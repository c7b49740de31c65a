import base64
import csv
import hashlib
import io
import zipfile
from email.parser import Parser

from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name, parse_wheel_filename

from pytest_inhouse import make_wheel

NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True)


@given(name=NAMES, requires=st.lists(st.sampled_from(["idna>=3", "acme-core", "x[y]; python_version>'3'"])))
def test_a_wheel_is_as_the_specification_has_it(name: str, requires: list[str]) -> None:
    wheel = make_wheel(name, "1.2rc1", requires=requires, requires_python=">=3.11")
    assert wheel == make_wheel(name, "1.2rc1", requires=requires, requires_python=">=3.11")
    parsed, version, _, tags = parse_wheel_filename(wheel.filename)
    assert (parsed, str(version), [str(tag) for tag in tags]) == (canonicalize_name(name), "1.2rc1", ["py3-none-any"])
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as archive:
        info = next(path.partition("/")[0] for path in archive.namelist() if path.endswith("/METADATA"))
        assert wheel.filename.startswith(info.removesuffix(".dist-info"))
        metadata = Parser().parsestr(archive.read(f"{info}/METADATA").decode())
        assert (metadata["Name"], metadata["Version"], metadata["Requires-Python"]) == (name, "1.2rc1", ">=3.11")
        assert (metadata.get_all("Requires-Dist") or []) == requires
        rows = list(csv.reader(io.StringIO(archive.read(f"{info}/RECORD").decode())))
        assert {row[0] for row in rows} == set(archive.namelist())
        for path, digest, size in rows[:-1]:
            content = archive.read(path)
            expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={expected}", str(len(content)))


def test_what_is_installed_can_be_chosen() -> None:
    wheel = make_wheel("acme-core", "1.0", files={"acme/core.py": "ANSWER = 42\n"})
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as archive:
        assert [name for name in archive.namelist() if ".dist-info/" not in name] == ["acme/core.py"]
        assert archive.read("acme/core.py") == b"ANSWER = 42\n"
    assert b"__version__ = '1.0'" in zipfile.ZipFile(io.BytesIO(make_wheel("a", "1.0").content)).read("a/__init__.py")
