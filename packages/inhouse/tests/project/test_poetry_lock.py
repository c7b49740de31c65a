"""The digest of Poetry's lock; the numbers are those that Poetry itself wrote (see also test_retarget_real_tools)."""

import pytest
from client_fakes import OLD_POETRY_PYPROJECT, POETRY_PYPROJECT

from inhouse.project.poetry_lock import digests, goes_with, with_digest

SOURCE = """\
[[tool.poetry.source]]
name = "shared"
url = "http://127.0.0.1:45413/pypi/d/acme-111122223333/shared/simple/"
priority = "primary"
"""
NEW = f"""\
[project]
name = "consumer"
version = "1"
requires-python = ">=3.11"
dependencies = ["acme-app"]
[dependency-groups]
test = ["acme-base"]
[tool.poetry]
package-mode = false
{SOURCE}"""
OLD = f"""\
[tool.poetry]
name = "consumer"
version = "1"
package-mode = false
description = ""
authors = []
[tool.poetry.dependencies]
python = "^3.11"
acme-app = "*"
{SOURCE}"""


def lock(digest: str) -> str:
    return f'[metadata]\r\nlock-version = "2.1"\r\ncontent-hash = "{digest}"\r\n'


def test_the_digests_are_those_of_poetry() -> None:
    assert digests(NEW)[0] == "f3921f574c310e55d61002f51bd2cc2d8f26c2379792870608c91e93c93a41dc"  # by Poetry 2.5.1
    assert set(digests(OLD)) == {"19a4c796736dd29fa0702a68dfd8835f50e0cc9f134481269a564bf0afb501ec"}  # by Poetry 1.8.5


def test_each_generation_makes_its_own_where_there_is_something_it_does_not_know() -> None:
    assert len(set(digests(NEW))) == 3
    assert digests(NEW)[1] == digests(NEW.replace('test = ["acme-base"]', ""))[0]
    assert digests(NEW)[2] == digests(f"[tool.poetry]\npackage-mode = false\n{SOURCE}")[2]
    assert digests("[dependency-groups]\ntest = []\n")[0] != digests("")[0]


@pytest.mark.parametrize("generation", [0, 1, 2])
@pytest.mark.parametrize("text", [POETRY_PYPROJECT, OLD_POETRY_PYPROJECT])
def test_the_new_digest_is_made_as_the_old_one_was(text: str, generation: int) -> None:
    other = text.replace("127.0.0.1", "test.example")
    before, after = lock(digests(text)[generation]), lock(digests(other)[generation])
    assert with_digest(before, ["", text], other) == after
    assert with_digest(after, [other], text) == before
    assert goes_with(after, other)
    assert not goes_with(after, text)


def test_a_lock_that_was_made_for_something_else_gets_none() -> None:
    for stale in (lock("0" * 64), "", lock("0" * 64) * 2):
        assert not goes_with(stale, NEW)
        with pytest.raises(LookupError):
            with_digest(stale, [NEW, OLD], OLD)
