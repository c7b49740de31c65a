"""What the documentation shows works as it is shown."""

import re
from pathlib import Path

import pytest

from pytest_inhouse import AwsHosts, CodeArtifact

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "packages/pytest-inhouse/README.md", ROOT / "docs/how-to/test-against-codeartifact.md"]
REFERENCE = (ROOT / "docs/reference/test-fixture.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_examples(pytester: pytest.Pytester) -> None:
    tests = 0
    for page in PAGES:
        blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        for number, block in enumerate(blocks):
            tests += len(re.findall(r"^def test_", block, re.MULTILINE))
            pytester.makepyfile(**{f"test_{page.stem.replace('-', '_')}_{number}": block})
    assert tests >= 10
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=tests)


@pytest.mark.parametrize("kind", [CodeArtifact, AwsHosts])
def test_the_reference_names_every_member(kind: type) -> None:
    names = {name for name in dir(kind) if not name.startswith("_")}
    assert names
    assert {name for name in names if not re.search(rf"`{name}\b", REFERENCE)} == set()


def test_the_reference_names_the_configuration(pytestconfig: pytest.Config) -> None:
    for name in ("codeartifact_compat", "codeartifact_public"):
        pytestconfig.getini(name)
        assert f"`{name}`" in REFERENCE
    marker = next(line for line in pytestconfig.getini("markers") if line.startswith("codeartifact("))
    assert set(re.findall(r"(\w+)=", marker.partition(")")[0])) == {"compat", "region", "aws_hosts"}
