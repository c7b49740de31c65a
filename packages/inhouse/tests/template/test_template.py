"""The template: both engines make the same project of the same answers, and refuse the same ones."""

import importlib.util
import itertools
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import copier
import jinja2
import pytest
import yaml
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter

from inhouse.project.answers import LICENCES, PYTHONS, QUESTIONS, problems
from inhouse.project.manifest import read_manifest
from inhouse.project.names import RESERVED
from inhouse.template import find_template

TEMPLATE = find_template()
SETTINGS = yaml.safe_load((TEMPLATE / "copier.yml").read_text("utf-8"))
ROOT = TEMPLATE / "{{ cookiecutter.__project_name }}"

ANSWERS: Mapping[str, str] = {
    "package_name": "acme-greetings",
    "package_description": "Greets people well.",
    "author_name": "Ada Example",
    "author_email": "ada@acme.example",
    "licence": "Proprietary",
    "version": "0.1.0",
    "minimum_python": "3.11",
    "domain": "acme",
    "owner": "111122223333",
    "region": "eu-central-1",
    "repository": "shared",
    "index_name": "acme",
    "endpoint": "https://acme-111122223333.d.codeartifact.eu-central-1.amazonaws.com/pypi/shared/",
    "local_publish_reason": "",
    "inhouse_version": "0.1.0",
}

FILES = [
    ".copier-answers.yml",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".inhouse-version",
    ".inhouse/bootstrap.py",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "changelog.d/+first.added.md",
    "changelog.d/README.md",
    "docs/changelog.md",
    "docs/conf.py",
    "docs/index.md",
    "docs/reference.md",
    "pyproject.toml",
    "src/acme_greetings/__init__.py",
    "src/acme_greetings/greeting.py",
    "src/acme_greetings/py.typed",
    "tests/test_greeting.py",
    "tests/test_public_interface.py",
    "tests_int/test_installed.py",
]

# One value of each kind that could break a file or an engine, and all answers that decide about contents.
HARD_TEXT = "Says \"hi\" to Zoë's <friends> & 'foes' \\o/ {x} # 100 % 😀 $HOME ~"
CHOICES: Mapping[str, tuple[str, ...]] = {
    "licence": LICENCES,
    "minimum_python": PYTHONS,
    "package_name": ("acme-greetings", "Acme.Greetings", "acme_greetings"),
    "package_description": (ANSWERS["package_description"], HARD_TEXT),
    "author_email": (ANSWERS["author_email"], ""),
    "local_publish_reason": ("", HARD_TEXT),
}
COMBINATIONS = [dict(zip(CHOICES, values, strict=True)) for values in itertools.product(*CHOICES.values())]
# Every answer occurs here with the neighbours it has in this list, every other combination in the slow test.
FEW = [dict(zip(CHOICES, (values[i % len(values)] for values in CHOICES.values()), strict=True)) for i in range(4)]


def with_copier(answers: Mapping[str, str], folder: Path, template: str = str(TEMPLATE)) -> Path:
    project = folder / "copier"
    copier.run_copy(template, project, data=dict(answers), settings=copier.Settings(), defaults=True, quiet=True)
    return project


def with_cookiecutter(answers: Mapping[str, str], folder: Path) -> Path:
    project = cookiecutter(
        str(TEMPLATE),
        no_input=True,
        extra_context=dict(answers),
        output_dir=folder / "cookiecutter",
        default_config={"replay_dir": str(folder / "replay"), "cookiecutters_dir": str(folder / "clones")},
    )
    return Path(project)


def files(project: Path) -> dict[str, bytes]:
    found = (path for path in project.rglob("*") if path.is_file())
    return dict(sorted((path.relative_to(project).as_posix(), path.read_bytes()) for path in found))


def assert_engines_agree(answers: Mapping[str, str], folder: Path) -> None:
    of_copier = with_copier(answers, folder)
    of_cookiecutter = with_cookiecutter(answers, folder)

    assert of_cookiecutter.name == "acme-greetings"
    assert list(files(of_copier)) == FILES
    assert files(of_copier) == files(of_cookiecutter)


def assert_project_says_what_was_answered(answers: Mapping[str, str], project: Path) -> None:
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert recorded == dict(answers)

    text = (project / "pyproject.toml").read_text("utf-8")
    manifest = read_manifest(text)
    table = manifest.table()
    assert manifest.name == "acme-greetings"
    assert manifest.import_packages == ("acme_greetings",)
    assert manifest.requires_python == f">={answers['minimum_python']}"
    assert manifest.groups == {"automation", "dev", "doc", "test"}
    assert manifest.coverage_gate == 95
    assert (table.coordinates.domain, table.coordinates.owner) == ("acme", "111122223333")
    assert table.local_publish == answers["local_publish_reason"]
    assert manifest.one_index().url == answers["endpoint"] + "simple/"
    assert text.count("://") == 3, "the address of the index, to publish, and the link; no other"
    assert (project / ".inhouse-version").read_text("utf-8") == answers["inhouse_version"] + "\n"
    for path in project.rglob("*.py"):
        compile(path.read_text("utf-8"), path, "exec")


@pytest.mark.parametrize("chosen", FEW, ids=lambda chosen: chosen["licence"])
def test_both_engines_make_the_same_project(chosen: Mapping[str, str], tmp_path: Path) -> None:
    answers = {**ANSWERS, **chosen}

    assert_engines_agree(answers, tmp_path)
    assert_project_says_what_was_answered(answers, tmp_path / "copier")


@pytest.mark.slow
@pytest.mark.parametrize("licence", LICENCES)
@pytest.mark.parametrize("python", PYTHONS)
def test_both_engines_make_the_same_project_of_every_combination(
    licence: str, python: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mine = [c for c in COMBINATIONS if (c["licence"], c["minimum_python"]) == (licence, python)]
    assert len(mine) == 3 * 2 * 2 * 2
    for chosen in mine:
        folder = tmp_path_factory.mktemp("both")
        answers = {**ANSWERS, **chosen}
        assert_engines_agree(answers, folder)
        assert_project_says_what_was_answered(answers, folder / "copier")


@pytest.mark.parametrize(
    ("licence", "expression", "words"),
    [
        ("Proprietary", "LicenseRef-Proprietary", "All rights reserved"),
        ("MIT", "MIT", "Permission is hereby granted, free of charge"),
        ("BSD-3-Clause", "BSD-3-Clause", "Neither the name of the copyright holder"),
        ("Apache-2.0", "Apache-2.0", "END OF TERMS AND CONDITIONS"),
    ],
)
def test_the_licence_is_the_chosen_one(licence: str, expression: str, words: str, tmp_path: Path) -> None:
    project = with_copier({**ANSWERS, "licence": licence}, tmp_path)

    assert f'\nlicense = "{expression}"\n' in (project / "pyproject.toml").read_text("utf-8")
    text = (project / "LICENSE").read_text("utf-8")
    assert words in text
    assert not text.startswith("\n")
    assert (licence == "Apache-2.0") or "Ada Example" in text


def test_nothing_of_the_template_is_left_unrendered(tmp_path: Path) -> None:
    for path, content in files(with_copier(ANSWERS, tmp_path)).items():
        assert not re.search(rb"\{\{|\{%|cookiecutter|copier_", content), path


def test_no_folder_of_the_template_can_get_an_empty_name() -> None:
    # Cookiecutter writes outside of its output folder when the name of a folder renders to nothing.
    folders = {path.relative_to(TEMPLATE).parts for path in ROOT.rglob("*") if path.is_dir()}

    assert all("{%" not in part for parts in folders for part in parts)


def test_the_names_of_the_template_exist_on_every_platform() -> None:
    for path in TEMPLATE.rglob("*"):
        assert not set(path.name) & set('|":<>*?\\'), path
        assert len(path.relative_to(TEMPLATE).as_posix()) < 100
        assert not path.is_symlink()


def test_the_template_needs_nobodys_trust() -> None:

    assert not {"_tasks", "_migrations", "_jinja_extensions"} & set(SETTINGS)


# ---------------------------------------------------------------------------------------------------------------------
# The questions


def _generator() -> ModuleType:
    path = TEMPLATE.parent / "packages" / "inhouse" / "cookiecutter_json.py"
    spec = importlib.util.spec_from_file_location("cookiecutter_json", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_questions_of_cookiecutter_are_made_from_those_of_copier() -> None:
    rendered: str = _generator().rendered()

    assert (TEMPLATE / "cookiecutter.json").read_text("utf-8") == rendered, "run packages/inhouse/cookiecutter_json.py"


def test_names_of_questions_are_qualified_only_where_they_are_variables() -> None:
    converted = _generator().converted(
        {
            "_setting": "x",
            "domain": {"type": "str", "default": "", "help": "Which domain?"},
            "shout": {"type": "str", "when": False, "default": "{{ domain.domain | domain }} 'domain' {{ shout }}"},
            "kind": {"type": "str", "choices": ["a", "b"], "default": "b"},
            "cookiecutter": {"type": "yaml", "when": False, "default": "{{ 1 }}"},
        }
    )

    assert converted == {
        "domain": "",
        "__shout": "{{ cookiecutter.domain.domain | domain }} 'domain' {{ cookiecutter.__shout }}",
        "kind": ["b", "a"],
        "__prompts__": {"domain": "Which domain?"},
    }


def test_the_questions_are_those_that_inhouse_new_asks() -> None:
    asked = {name: question["help"] for name, question in SETTINGS.items() if "help" in question}

    assert asked == {name: question.text for name, question in QUESTIONS.items()}


def test_a_new_project_pins_the_inhouse_whose_template_it_is_made_from() -> None:
    assert SETTINGS["inhouse_version"]["default"] == version("inhouse")


def test_the_template_knows_every_reserved_name() -> None:
    listed = set(SETTINGS["reserved_names"]["default"].split())

    importable = {name for name in RESERVED if name[0].isalpha() and name == name.lower()}
    assert importable <= listed


# ---------------------------------------------------------------------------------------------------------------------
# Answers that cannot be used: the rules stand in three places, and must say the same

GOOD = {
    "package_name": ["x", "Acme.Greetings", "acme_greetings", "h2o-2", "match", "a" * 60],
    "package_description": ["Greets.", HARD_TEXT, " padded ", "x" * 300],
    "author_name": ["Ada", HARD_TEXT, "x" * 100],
    "author_email": ["", "ada@acme.example", "a.b+c@localhost"],
    "version": ["0.1.0", "1.0.0", "10.20.30", "1.0.0rc1", "0.1.0a0"],
    "domain": ["ab", "my-domain", "a" * 50],
    "owner": ["111122223333", "000000000000"],
    "region": ["eu-central-1", "us-gov-west-1"],
    "repository": ["ab", "Team_A.libs-1", "r" * 100],
    "index_name": ["acme", "A_1", "x" * 50],
    "endpoint": [ANSWERS["endpoint"], "http://127.0.0.1:8080/pypi/d/acme-111122223333/shared/"],
    "local_publish_reason": ["", HARD_TEXT],
    "inhouse_version": ["0.1.0", "1.0", "1.2.3rc1.dev4", "1.0.post1"],
}
BAD = {
    "package_name": [
        "",
        "1st",
        "acme-",
        "acme greetings",
        "../acme",
        "grüße",
        "a" * 61,
        "acme\n",
        "class",
        "Json",
        "test",
        "con",
    ],
    "package_description": ["", "  ", "two\nlines", "bell\x07", "x" * 301, "a {{ b }}", "a {% b", "{# c"],
    "author_name": ["", " ", "Ada\nEve", "x" * 101, "{{ x }}"],
    "author_email": ["ada", "ada@", "ada @acme.example", "ada@acme.example\n", 'a"b@acme.example'],
    "version": ["1", "1.0", "01.0.0", "v1.0.0", "1.0.0-rc1", "1.0.0.dev1", "1.0.0\n"],
    "domain": ["", "a", "Acme", "-acme", "acme-", "1acme", "a" * 51, "ac_me"],
    "owner": ["", "1111", "1111222233334", "11112222333x", "١١١١٢٢٢٢٣٣٣٣"],
    "region": ["", "europe", "eu-central", "EU-central-1", "eu-central-1 "],
    "repository": ["", "a", "-shared", "sha red", "s" * 101],
    "index_name": ["", "my-index", "my.index", "1st", "ind ex", "ïndex", "x" * 51],
    "endpoint": [
        "",
        "ftp://acme.example/pypi/shared/",
        "https://acme.example/pypi/shared",
        "https://acme.example/pypi/shared/simple/",
        "https://aws:secret@acme.example/pypi/shared/",
        "https://acme.example/pypi/shared/?x=1/",
        'https://acme.example/"/',
    ],
    "local_publish_reason": ["two\nlines", "x" * 301, "{{ x }}"],
    "inhouse_version": ["", "latest", "1.0; evil", "1.0 \n"],
}


def _cases(table: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in table.items() for value in values]


def _copier_says(name: str, answers: Mapping[str, str]) -> str:
    environment = jinja2.Environment(
        extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],  # as Copier does
        autoescape=False,
    )
    validator = SETTINGS[name].get("validator", "")
    context = {**answers, "reserved_names": SETTINGS["reserved_names"]["default"]}
    return environment.from_string(validator).render(context).strip()


def _hook_says(answers: Mapping[str, str]) -> str:
    context = {**answers, "__reserved_names": SETTINGS["reserved_names"]["default"]}
    source = (TEMPLATE / "hooks" / "pre_gen_project.py").read_text("utf-8")
    hook = jinja2.Environment(autoescape=False).from_string(source).render(cookiecutter=context)
    try:
        exec(compile(hook, "pre_gen_project.py", "exec"), {"__name__": "__main__"})
    except SystemExit as stopped:
        return str(stopped.code)
    return ""


@pytest.mark.parametrize(("name", "value"), _cases(GOOD))
def test_all_three_places_accept(name: str, value: str) -> None:
    answers = {**ANSWERS, name: value}

    assert problems(answers) == {}
    assert _copier_says(name, answers) == ""
    assert _hook_says(answers) == ""


@pytest.mark.parametrize(("name", "value"), _cases(BAD))
def test_all_three_places_refuse(name: str, value: str) -> None:
    answers = {**ANSWERS, name: value}

    assert list(problems(answers)) == [name]
    assert _copier_says(name, answers)
    assert name in _hook_says(answers)


@pytest.mark.parametrize("engine", [with_copier, with_cookiecutter], ids=["copier", "cookiecutter"])
def test_a_refusal_leaves_nothing_behind(engine: Callable[[Mapping[str, str], Path], Path], tmp_path: Path) -> None:
    with pytest.raises((ValueError, FailedHookException)):
        engine({**ANSWERS, "owner": "1111"}, tmp_path)

    assert list(tmp_path.rglob("pyproject.toml")) == []
    assert not (tmp_path / "cookiecutter" / "acme-greetings").exists()


def test_without_answers_the_engines_say_what_is_missing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FailedHookException):
        with_cookiecutter({}, tmp_path)

    said = capfd.readouterr().err
    for name in ("package_name", "author_name", "domain", "owner", "region", "repository", "endpoint"):
        assert name in said


# ---------------------------------------------------------------------------------------------------------------------
# The template from a git repository, as an organisation would keep it


@pytest.mark.slow
def test_a_project_of_cookiecutter_can_be_updated_by_copier(tmp_path: Path) -> None:
    git = Git(tmp_path / "template.git")
    shutil.copytree(TEMPLATE, git.folder)
    git("init", "--quiet", "--initial-branch=main")
    git.commit("first")
    git("tag", "v0.1.0")
    url = git.folder.as_uri()

    project = Path(
        cookiecutter(
            url,
            checkout="v0.1.0",
            no_input=True,
            extra_context=dict(ANSWERS),
            output_dir=tmp_path,
            default_config={"replay_dir": str(tmp_path / "replay"), "cookiecutters_dir": str(tmp_path / "clones")},
        )
    )
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert recorded == {**ANSWERS, "_commit": "v0.1.0", "_src_path": url}
    mine = Git(project)
    mine("init", "--quiet")
    mine.commit("start")

    readme = git.folder / ROOT.name / "README.md"
    readme.write_text(readme.read_text("utf-8") + "\nNew in the template.\n", "utf-8")
    git.commit("second")
    git("tag", "v0.2.0")
    copier.run_update(project, settings=copier.Settings(), defaults=True, overwrite=True, quiet=True)

    assert (project / "README.md").read_text("utf-8").endswith("\nNew in the template.\n")
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert recorded == {**ANSWERS, "_commit": "v0.2.0", "_src_path": url}


class Git:
    """git in one folder, with an identity of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> None:
        who = ("-c", "user.name=Test", "-c", "user.email=test@localhost")
        subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True)

    def commit(self, message: str) -> None:
        self("add", "--all")
        self("commit", "--quiet", "--message", message)
