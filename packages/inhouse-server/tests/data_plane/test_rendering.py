"""The pages as clients get them: frozen, and read back by a strict client."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from packaging.utils import NormalizedName
from pypi_simple import ProjectPage as ParsedPage

from inhouse_server.data_plane.rendering import render
from inhouse_server.model import Digests, File, Sha256
from inhouse_server.rules.negotiation import Representation
from inhouse_server.services.pages import ProjectPage

JSON, HTML, PLAIN = Representation.JSON, Representation.HTML, Representation.PLAIN_HTML
A, B = Sha256("a1"), Sha256("b2")

PAGE = ProjectPage(
    NormalizedName("acme-core"),
    (
        File(
            "acme_core-1.0+local.1-py3-none-any.whl",
            "1.0+local.1",
            Digests(A, md5="c3"),
            size=12,
            requires_python='>=3.11,<"4"',
            upload_time=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
            yanked='broken <b>"badly"</b>',
            metadata_sha256=B,
        ),
        File("acme_core-1.0.0.tar.gz", "1.0.0", Digests(B), yanked=True),
        File("acme_core-1.0-py3-none-any.whl", "1.0", Digests(B)),
        File("acme_core-1!2.0.tar.gz", "1!2.0", Digests(B)),
    ),
)


def test_html() -> None:
    assert render(PAGE, PLAIN) == render(PAGE, HTML)
    assert render(PAGE, PLAIN).decode().replace(" data-", "\n      data-") == snapshot("""\
<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="1.1">
    <title>Links for acme-core</title>
  </head>
  <body>
    <h1>Links for acme-core</h1>
    <a href="1.0%2Blocal.1/acme_core-1.0%2Blocal.1-py3-none-any.whl#sha256=a1"
      data-requires-python="&gt;=3.11,&lt;&#34;4&#34;"
      data-upload-time="2026-03-01T12:00:00.000000Z"
      data-core-metadata="sha256=b2"
      data-dist-info-metadata="sha256=b2"
      data-yanked="broken &lt;b&gt;&#34;badly&#34;&lt;/b&gt;">acme_core-1.0+local.1-py3-none-any.whl</a><br>
    <a href="1.0.0/acme_core-1.0.0.tar.gz#sha256=b2"
      data-yanked="">acme_core-1.0.0.tar.gz</a><br>
    <a href="1.0/acme_core-1.0-py3-none-any.whl#sha256=b2">acme_core-1.0-py3-none-any.whl</a><br>
    <a href="1%212.0/acme_core-1%212.0.tar.gz#sha256=b2">acme_core-1!2.0.tar.gz</a><br>
  </body>
</html>\
""")


def test_json() -> None:
    assert json.loads(render(PAGE, JSON)) == snapshot(
        {
            "meta": {"api-version": "1.1"},
            "name": "acme-core",
            "versions": ["1.0+local.1", "1.0.0", "1!2.0"],
            "files": [
                {
                    "filename": "acme_core-1.0+local.1-py3-none-any.whl",
                    "url": "1.0%2Blocal.1/acme_core-1.0%2Blocal.1-py3-none-any.whl",
                    "hashes": {"sha256": "a1", "md5": "c3"},
                    "yanked": 'broken <b>"badly"</b>',
                    "requires-python": '>=3.11,<"4"',
                    "size": 12,
                    "upload-time": "2026-03-01T12:00:00.000000Z",
                    "core-metadata": {"sha256": "b2"},
                },
                {
                    "filename": "acme_core-1.0.0.tar.gz",
                    "url": "1.0.0/acme_core-1.0.0.tar.gz",
                    "hashes": {"sha256": "b2"},
                    "yanked": True,
                },
                {
                    "filename": "acme_core-1.0-py3-none-any.whl",
                    "url": "1.0/acme_core-1.0-py3-none-any.whl",
                    "hashes": {"sha256": "b2"},
                    "yanked": False,
                },
                {
                    "filename": "acme_core-1!2.0.tar.gz",
                    "url": "1%212.0/acme_core-1%212.0.tar.gz",
                    "hashes": {"sha256": "b2"},
                    "yanked": False,
                },
            ],
        }
    )


def test_a_page_without_the_slash_has_links_that_begin_one_folder_up() -> None:
    assert json.loads(render(PAGE, JSON, "acme-core/"))["files"][1]["url"] == "acme-core/1.0.0/acme_core-1.0.0.tar.gz"
    assert b'href="acme-core/1.0.0/acme_core-1.0.0.tar.gz#' in render(PAGE, PLAIN, "acme-core/")


def test_a_strict_client_reads_the_same_in_both() -> None:
    base = "http://127.0.0.1/simple/acme-core/"
    from_json = ParsedPage.from_json_data(json.loads(render(PAGE, JSON)), base)
    from_html = ParsedPage.from_html("acme-core", render(PAGE, PLAIN), base)
    assert from_json.repository_version == from_html.repository_version == "1.1"
    for left, right in zip(from_json.packages, from_html.packages, strict=True):
        assert left.url == right.url
        assert left.digests["sha256"] == right.digests["sha256"]
        for name in ("filename", "requires_python", "is_yanked", "metadata_digests"):
            assert getattr(left, name) == getattr(right, name), name
    assert from_json.packages[0].yanked_reason == from_html.packages[0].yanked_reason == 'broken <b>"badly"</b>'
    assert from_json.packages[0].upload_time == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert from_json.versions == ["1.0+local.1", "1.0.0", "1!2.0"]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag == "a":
            self.attributes = dict(attrs)


@given(st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), min_size=1))
def test_no_text_of_a_publisher_can_leave_its_attribute(text: str) -> None:
    file = File("a-1.tar.gz", "1", Digests(A), requires_python=text, yanked=text)
    tags = Tags()
    tags.feed(render(ProjectPage(NormalizedName("a"), (file,)), PLAIN).decode())
    assert tags.seen == ["html", "head", "meta", "meta", "title", "body", "h1", "a", "br"]
    assert tags.attributes["data-requires-python"] == tags.attributes["data-yanked"] == text
