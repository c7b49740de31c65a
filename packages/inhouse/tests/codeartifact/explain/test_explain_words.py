"""What people and programs read."""

import json
import shlex
from dataclasses import replace

from explain_facts import facts, files, group, hidden, ours, place, public
from inline_snapshot import snapshot

from inhouse.codeartifact.explain.document import as_document
from inhouse.codeartifact.explain.facts import Facts, Known, Mode, OriginType, Page, Record, Status
from inhouse.codeartifact.explain.findings import Code
from inhouse.codeartifact.explain.reasoning import explain
from inhouse.codeartifact.explain.words import SENTENCES, as_text
from inhouse.codeartifact.interface import PublishedFile

ENTRY = place("shared", upstreams=("team", "store"))
STORE = place("store", source="public:pypi")


def text(told: Facts, version: str = "") -> str:
    return as_text(explain(told, version)) + "\n"


def test_every_case_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Code)


def test_a_library_of_ours() -> None:
    sdist = PublishedFile("acme_core-1.2.0.tar.gz", "1.2.0", "", requires_python=">=3.11")
    told = facts(
        place("shared", ours("1.2.0"), ours("1.1.0"), upstreams=("store",), upstream=False),
        STORE,
        page=[*files("1.1.0", "1.2.0", requires_python=">=3.11"), sdist],
        of_group=group("/pypi//acme~", external_upstream=Mode.BLOCK, publish=("shared", "team")),
    )
    assert text(told) == snapshot("""\
pip and uv take acme-core 1.2.0 from `shared` (1 wheel, 1 source distribution, for Python >=3.11)

  1. `shared` itself holds 1.2.0, published there (Published)
  2. nothing comes into `shared` from the repositories behind it, not even from public:pypi: the
     package's own origin control in `shared` is upstream=BLOCK

searched    shared → store (public:pypi)
publishing  acme-core can be published in `shared`, as far as origin controls decide
group       /pypi//acme~: PUBLISH=ALLOW_SPECIFIC_REPOSITORIES (shared, team);
            EXTERNAL_UPSTREAM=BLOCK; INTERNAL_UPSTREAM=ALLOW
""")


def test_nothing_because_of_the_group() -> None:
    team = place("team", *(ours(version, source="team") for version in ("1.0", "1.1", "1.2", "1.3")))
    told = facts(ENTRY, team, STORE, of_group=group("/pypi//acme~", source="/*", internal_upstream=("other",)))
    assert text(told) == snapshot("""\
pip and uv find no acme-core in `shared`

  1. `team`, upstream, holds 1.3, 1.2, 1.1 and 1 more (Published), and upstream versions are not let
     in: the package group /pypi//acme~ has INTERNAL_UPSTREAM=ALLOW_SPECIFIC_REPOSITORIES (set in
     /*), and `shared` is not on the list
     $ aws codeartifact copy-package-versions --region us-east-1 --domain acme --domain-owner \\
          111122223333 --source-repository team --destination-repository shared --format pypi \\
          --package acme-core --versions 1.3

searched    shared → team → store (public:pypi)
publishing  acme-core can be published in `shared`, as far as origin controls decide
group       /pypi//acme~: PUBLISH=ALLOW from /*; EXTERNAL_UPSTREAM=ALLOW from /*;
            INTERNAL_UPSTREAM=ALLOW_SPECIFIC_REPOSITORIES (other) from /*
""")


def test_a_stranger_under_our_name_and_what_is_hidden() -> None:
    team = replace(place("team", ours("1.0", source="team")), controls=hidden("DescribePackage"))
    told = facts(ENTRY, team, STORE, page=files("1.0", "99.0"))
    assert text(told) == snapshot("""\
pip and uv take acme-core 99.0 from `shared` (1 wheel)

  1. no repository of the search holds 99.0: it comes from public:pypi through `store`, and is kept
     once somebody downloads it

warning: acme-core is a name of yours, and 99.0 comes from a public source, where anybody may have
         put it; reserve the name
         $ aws codeartifact create-package-group --region us-east-1 --domain acme --domain-owner \\
              111122223333 --package-group '/pypi//acme-core$'
         $ aws codeartifact update-package-group-origin-configuration --region us-east-1 --domain \\
              acme --domain-owner 111122223333 --package-group '/pypi//acme-core$' --restrictions \\
              EXTERNAL_UPSTREAM=BLOCK

?1 unknown: DescribePackage (it is not allowed to you; ask for codeartifact:DescribePackage)

searched    shared → team → store (public:pypi)
publishing  acme-core can be published in `shared`, except for versions that upstream has, held back
            there or not (the newest is 99.0): those are refused (409)
            $ aws codeartifact put-package-origin-configuration --region us-east-1 --domain acme \\
                 --domain-owner 111122223333 --repository shared --format pypi --package acme-core \\
                 --restrictions publish=ALLOW,upstream=BLOCK
group       /*, which reserves no name: PUBLISH=ALLOW; EXTERNAL_UPSTREAM=ALLOW;
            INTERNAL_UPSTREAM=ALLOW
""")


def test_a_number_that_is_held_back_upstream_is_taken() -> None:
    told = facts(ENTRY, place("team", ours("1.0", Status.ARCHIVED, source="team")))
    assert "publishing  1.0 is held back by `team`, upstream (Archived), so publishing" in text(told, "1.0")
    assert "except for versions that upstream has, held back" in text(told)


def test_a_page_that_may_not_be_read() -> None:
    entry = replace(place("shared", public("2.0")), links=hidden("DescribeRepository"))
    assert text(facts(entry, page=hidden("ReadFromRepository"), of_group=hidden("group"))) == snapshot("""\
what pip and uv get of acme-core from `shared` is unknown, since its page could not be read; by the
records that can be seen it is 2.0, unless a public source has a newer version [depends on ?1]

  1. `shared` itself holds 2.0, fetched from public:pypi (Published)

?1 unknown: ReadFromRepository (it is not allowed to you; ask for codeartifact:ReadFromRepository)
?2 unknown: DescribeRepository (it is not allowed to you; ask for codeartifact:DescribeRepository)
?3 unknown: group (it is not allowed to you; ask for codeartifact:group)

searched    shared (what is behind it is unknown)
publishing  whether acme-core can be published in `shared` is unknown [depends on ?3]
group       unknown [depends on ?3]
""")


def test_a_public_source_that_does_not_answer() -> None:
    assert text(facts(ENTRY, STORE, page=Known(Page(failure="HTTP 503")))) == snapshot("""\
pip and uv get an error for acme-core from `shared`, not an answer: it says 503, a public source
does not answer

  1. public:pypi, asked through `store`, may be what does not answer: try again in a minute

searched    shared → store (public:pypi)
publishing  acme-core can be published in `shared`, as far as origin controls decide
group       /*, which reserves no name: PUBLISH=ALLOW; EXTERNAL_UPSTREAM=ALLOW;
            INTERNAL_UPSTREAM=ALLOW
""")


def test_an_error_that_nobody_can_be_named_for() -> None:
    blocks = text(facts(place("shared"), page=Known(Page(failure="HTTP 503")))).split("\n\n")
    assert [block.split()[0] for block in blocks] == ["pip", "searched"]


def test_origins_and_differences() -> None:
    kept = Record("3.0", Status.PUBLISHED, OriginType.INTERNAL, "team")
    unrecorded = Record("2.0", Status.PUBLISHED)
    told = facts(place("shared", kept, unrecorded), page=files("3.0", "4.0", "1.0"))
    assert "`shared` itself holds 3.0, published in `team` and kept there since (Published)" in text(told, "3.0")
    assert text(told, "2.0").split("\n\n")[2] == snapshot("""\
difference: the page lacks 2.0, which by the rules and records above should be there; what is on the
            page is what installers get. AWS may take some minutes after a change\
""")
    assert text(told).split("\n\n")[2] == snapshot("""\
difference: the page has 4.0, 1.0, which by the rules and records above should not be there; what is
            on the page is what installers get\
""")
    told = facts(place("shared", unrecorded), page=files("2.0"))
    assert "of unrecorded origin (Published)" in text(told)
    told = facts(place("shared", public("2.0")), page=files("2.0"))
    assert "fetched from public:pypi (Published)" in text(told)
    told = facts(place("shared", Record("2.0", Status.PUBLISHED, OriginType.EXTERNAL)), page=files("2.0"))
    assert "fetched from a public source (Published)" in text(told)


def test_for_programs() -> None:
    team = place("team", ours("1.0", Status.ARCHIVED, source="team"))
    told = facts(ENTRY, replace(team, controls=hidden("DescribePackage")), STORE, page=files("0.9"))
    document = json.loads(json.dumps(as_document(explain(told, "1.0"))))
    assert {key: type(value).__name__ for key, value in document.items()} == snapshot(
        {
            "name": "str",
            "domain": "str",
            "owner": "str",
            "region": "str",
            "repository": "str",
            "asked_version": "str",
            "gets": "bool",
            "version": "NoneType",
            "holder": "NoneType",
            "answer": "dict",
            "reasons": "list",
            "warnings": "list",
            "differences": "list",
            "publishing": "dict",
            "group": "dict",
            "unknown": "list",
            "search": "list",
        }
    )
    (reason,) = document["reasons"]
    (command,) = reason.pop("commands")
    assert shlex.split(command)[:3] == ["aws", "codeartifact", "update-package-versions-status"]
    assert reason == snapshot(
        {
            "code": "held-back",
            "text": "`team` holds 1.0 as Archived, and the nearest repository that holds a version decides over it",
            "about": {"repository": "team", "versions": ["1.0"], "status": "Archived"},
            "because": [],
            "depends_on": [],
        }
    )
    assert {key: document[key] for key in ("unknown", "search", "gets", "asked_version")} == snapshot(
        {
            "unknown": [
                {
                    "question": "DescribePackage",
                    "reason": "it is not allowed to you",
                    "permission": "codeartifact:DescribePackage",
                }
            ],
            "search": [
                {"repository": "shared", "source": None},
                {"repository": "team", "source": None},
                {"repository": "store", "source": "public:pypi"},
            ],
            "gets": False,
            "asked_version": "1.0",
        }
    )
    closed = facts(place("shared", upstream=False), STORE, page=hidden("page"))
    document = as_document(explain(closed))
    assert [each["code"] for each in document["reasons"][1]["because"]] == ["upstream-blocked"]
    assert document["unknown"][document["answer"]["depends_on"][0]]["question"] == "page"
    document = as_document(explain(facts(place("shared", ours("0.9")), page=files("0.9"))))
    assert {key: document[key] for key in ("gets", "asked_version", "version", "holder")} == snapshot(
        {
            "gets": True,
            "asked_version": None,
            "version": {"version": "0.9", "wheels": 1, "sdists": 0, "is_yanked": False, "requires_python": None},
            "holder": {
                "repository": "shared",
                "status": "Published",
                "origin": "INTERNAL",
                "source": "shared",
                "is_record": True,
            },
        }
    )
