import io
import zipfile
from pathlib import Path

import pytest
from client_fakes import sdist_bytes, wheel_bytes

from inhouse.workflow.archive import is_distribution


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return content.getvalue()


def altered(content: bytes) -> bytes:
    return content.replace(b"acme-core\n\nnote", b"acme-core\n\nNOTE")


@pytest.mark.parametrize(
    ("name", "content", "holds"),
    [
        ("a.whl", wheel_bytes(), True),
        ("a.tar.gz", sdist_bytes(), True),
        ("a.whl", b"", False),
        ("a.whl", wheel_bytes()[:-1], False),
        ("a.whl", altered(wheel_bytes("note")), False),
        ("a.whl", zipped("code.py", "deep/x.dist-info/METADATA"), False),
        ("a.tar.gz", b"", False),
        ("a.tar.gz", sdist_bytes()[:-20], False),
        ("a.tar.gz", wheel_bytes(), False),
    ],
)
def test_a_file_is_whole_and_what_its_name_says(tmp_path: Path, name: str, content: bytes, *, holds: bool) -> None:
    (tmp_path / name).write_bytes(content)
    assert is_distribution(tmp_path / name) is holds
