import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse.project.dist import BuiltFiles, belongs_to_version, read_built

WHEEL = "acme_core-1.2.0-py3-none-any.whl"
SDIST = "acme_core-1.2.0.tar.gz"


def test_a_version_is_its_wheels_and_its_source_distribution_last() -> None:
    built = read_built([SDIST, WHEEL], "Acme.Core", "1.2")
    assert built == BuiltFiles(SDIST, (WHEEL,))
    assert built.names == (WHEEL, SDIST)


def test_there_may_be_a_wheel_for_each_platform() -> None:
    wheels = [f"acme_core-1.2.0-cp311-abi3-{platform}.whl" for platform in ("win_amd64", "manylinux_2_28_x86_64")]
    assert read_built([SDIST, *wheels], "acme-core", "1.2.0").wheels == tuple(sorted(wheels))


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ([], "it is empty"),
        ([WHEEL], "the source distribution is missing"),
        ([SDIST], "the wheel is missing"),
        ([WHEEL, SDIST, "acme_core-1.2.0.zip"], "there is more than one"),
        ([WHEEL, SDIST, "acme_core-1.1.0.tar.gz"], "`acme_core-1.1.0.tar.gz` is not of acme-core 1.2.0"),
        ([WHEEL, SDIST, "other-1.2.0.tar.gz"], "`other-1.2.0.tar.gz` is not of acme-core 1.2.0"),
        ([WHEEL, SDIST, "notes.txt"], "`notes.txt` is neither"),
        ([WHEEL, SDIST, "broken.whl"], "`broken.whl` is neither"),
    ],
)
def test_anything_else_is_refused_in_words(names: list[str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_built(names, "acme-core", "1.2.0")


@given(st.lists(st.text(), max_size=4))
def test_whatever_lies_there_is_read_or_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_built(names, "acme-core", "1.2.0")


@pytest.mark.parametrize(
    ("filename", "listed", "belongs"),
    [
        (WHEEL, "", True),
        ("acme_core-1.2-py3-none-any.whl", "", True),
        ("acme_core-1.2.1-py3-none-any.whl", "1.2.0", False),
        ("acme_core-1.2.0.egg", "1.2.0", True),
        ("acme_core-1.2.0.egg", "1.2.1", False),
    ],
)
def test_files_of_an_index_are_told_apart_by_their_names(filename: str, listed: str, *, belongs: bool) -> None:
    assert belongs_to_version(filename, listed, "1.2.0") is belongs
