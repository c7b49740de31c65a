"""Making a new library: all of it or nothing."""

import gc
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from client_fakes import Answer, FakeRepository, FakeRunner

from inhouse.errors import (
    AnswersError,
    CredentialsMissingError,
    FolderTakenError,
    InhouseError,
    LibraryNameError,
    NewProjectError,
    NotFoundError,
    ProgramFailedError,
    TemplateError,
)
from inhouse.process import SubprocessRunner
from inhouse.project.answers import Answers, Question
from inhouse.project.manifest import Coordinates, read_manifest
from inhouse.template import find_template
from inhouse.workflow.defaults import Defaults
from inhouse.workflow.new import gather, initialise_git, make_project, named, target_folder

ANSWERS = Answers(
    package_name="Acme.Greetings",
    package_description="Greets people well.",
    author_name="Ada Example",
    author_email="ada@acme.example",
    licence="MIT",
    version="0.1.0",
    minimum_python="3.11",
    domain="acme",
    owner="111122223333",
    region="eu-central-1",
    repository="shared",
    index_name="acme",
    endpoint="http://127.0.0.1:9/pypi/d/acme-111122223333/shared/",
    local_publish_reason="",
    inhouse_version="0.1.0",
)
GIVEN = {"package_name": "acme-greetings", "domain": "acme", "region": "eu-central-1", "repository": "shared"}


# ---------------------------------------------------------------------------------------------------------------------
# The folder


def test_the_folder_is_named_as_indexes_name_the_library(tmp_path: Path) -> None:
    assert target_folder("Acme.Greetings", tmp_path) == tmp_path / "acme-greetings"


def test_other_folders_are_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "acme-greetings-2").mkdir()
    (tmp_path / "acme").write_text("", "utf-8")

    assert target_folder("acme-greetings", tmp_path) == tmp_path / "acme-greetings"


def test_an_empty_folder_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "acme-greetings").mkdir()

    assert target_folder("acme-greetings", tmp_path) == tmp_path / "acme-greetings"


@pytest.mark.parametrize("name", ["class", "json", "1st", "../up", ""])
def test_an_impossible_name_is_refused_with_a_hint(name: str, tmp_path: Path) -> None:
    with pytest.raises(LibraryNameError, match="cannot be named") as raised:
        target_folder(name, tmp_path)

    assert "choose another name" in raised.value.hint


@pytest.mark.parametrize("beside", ["acme_greetings", "Acme.Greetings", "ACME--GREETINGS"])
def test_a_folder_that_an_index_could_not_tell_apart_is_in_the_way(beside: str, tmp_path: Path) -> None:
    (tmp_path / beside).mkdir()

    with pytest.raises(FolderTakenError, match="to an index its name is the same as `acme-greetings`") as raised:
        target_folder("acme-greetings", tmp_path)

    assert raised.value.folder == tmp_path / beside
    assert "choose another name" in raised.value.hint


def test_a_folder_that_is_not_empty_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "acme-greetings").mkdir()
    (tmp_path / "acme-greetings" / ".hidden").touch()

    with pytest.raises(FolderTakenError, match="is not empty"):
        target_folder("Acme.Greetings", tmp_path)


def test_a_file_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "acme-greetings").touch()

    with pytest.raises(FolderTakenError, match="is no folder"):
        target_folder("acme-greetings", tmp_path)


def test_a_folder_above_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(NewProjectError, match="No such file or directory"):
        target_folder("acme-greetings", tmp_path / "nowhere")


# ---------------------------------------------------------------------------------------------------------------------
# The answers


class Asker:
    """A person who gives prepared answers and takes the default for everything else."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.asked: dict[str, str] = {}

    def __call__(self, question: Question, default: str) -> str:
        self.asked[question.name] = default
        return self.answers.get(question.name, default)


def test_what_is_not_given_comes_from_what_was_found_and_from_the_repository() -> None:
    wanted: list[Coordinates] = []

    def connect(coordinates: Coordinates) -> FakeRepository:
        wanted.append(coordinates)
        return FakeRepository(address=ANSWERS.endpoint)

    found = Defaults(author_name="Ada", author_email="ada@acme.example", region="us-east-1")
    answers = gather(GIVEN, found, None, connect, inhouse_version="1.2.3")

    assert answers == Answers(
        package_name="acme-greetings",
        package_description="An in-house Python library.",
        author_name="Ada",
        author_email="ada@acme.example",
        licence="Proprietary",
        version="0.1.0",
        minimum_python="3.11",
        domain="acme",
        owner="111122223333",
        region="eu-central-1",
        repository="shared",
        index_name="acme",
        endpoint=ANSWERS.endpoint,
        local_publish_reason="",
        inhouse_version="1.2.3",
    )
    assert wanted[-1] == Coordinates("acme", "111122223333", "eu-central-1", "shared")


def test_a_given_owner_is_not_asked_for_and_the_index_is_named_after_the_domain() -> None:
    given = {**GIVEN, "domain": "my-domain", "owner": "999900001111"}

    answers = gather(given, Defaults(owner="222233334444"), None, None, inhouse_version="0.1.0")

    assert answers.owner == "999900001111"
    assert answers.index_name == "my_domain"
    assert answers.author_name == "The maintainers of acme-greetings"
    assert answers.endpoint == "https://my-domain-999900001111.d.codeartifact.eu-central-1.amazonaws.com/pypi/shared/"


def test_a_person_is_asked_for_what_was_not_given_and_sees_what_was_found() -> None:
    ask = Asker({"repository": "team", "package_description": "Says hello."})

    answers = gather(
        {"package_name": "acme-greetings", "domain": "acme"},
        Defaults(author_name="Ada", region="eu-central-1", owner="111122223333"),
        ask,
        None,
        inhouse_version="0.1.0",
    )

    assert (answers.repository, answers.package_description) == ("team", "Says hello.")
    assert ask.asked == {
        "package_description": "An in-house Python library.",
        "author_name": "Ada",
        "author_email": "",
        "region": "eu-central-1",
        "repository": "",
        "index_name": "acme",
        "owner": "111122223333",
    }


def test_all_missing_answers_are_named_at_once() -> None:
    with pytest.raises(AnswersError) as raised:
        gather({"package_name": "acme-greetings"}, Defaults(), None, None, inhouse_version="0.1.0")

    assert list(raised.value.problems) == ["--owner", "--domain", "--region", "--repository"]
    assert "it is missing" in raised.value.message
    assert "--domain" in raised.value.hint


@pytest.mark.parametrize(
    ("name", "value", "flag"),
    [
        ("domain", "Acme", "--domain"),
        ("owner", "1234", "--owner"),
        ("region", "europe", "--region"),
        ("repository", "a", "--repository"),
        ("index_name", "my-index", "--index"),
        ("licence", "GPL", "--licence"),
        ("minimum_python", "2.7", "--python"),
        ("version", "latest", "--first-version"),
        ("author_email", "ada", "--email"),
        ("author_name", " ", "--author"),
        ("package_description", "two\nlines", "--description"),
        ("local_publish_reason", "two\nlines", "--local-publish"),
    ],
)
def test_a_wrong_answer_is_refused_before_anybody_is_asked(name: str, value: str, flag: str) -> None:
    ask = Asker({})

    with pytest.raises(AnswersError) as raised:
        gather({**GIVEN, name: value}, Defaults(), ask, None, inhouse_version="0.1.0")

    assert list(raised.value.problems) == [flag]
    assert ask.asked == {}


def test_what_was_found_is_checked_like_everything_else() -> None:
    with pytest.raises(AnswersError) as raised:
        gather(GIVEN, Defaults(author_email="Ada <ada>"), None, None, inhouse_version="0.1.0")

    assert "--email" in raised.value.problems


def test_an_address_that_the_template_could_not_hold_is_refused() -> None:
    repository = FakeRepository(address="https://user:secret@acme.example/pypi/shared/")

    with pytest.raises(NewProjectError, match="address that cannot be used"):
        gather(GIVEN, Defaults(), None, lambda _: repository, inhouse_version="0.1.0")


def test_a_repository_that_cannot_be_asked_has_a_way_around() -> None:
    repository = FakeRepository(error=CredentialsMissingError("no AWS credentials", hint="log in"))

    with pytest.raises(CredentialsMissingError) as raised:
        gather(GIVEN, Defaults(), None, lambda _: repository, inhouse_version="0.1.0")

    assert raised.value.hint == "log in; or take AWS's standard address with `--owner` and `--offline`"


def test_a_repository_that_does_not_exist_has_none() -> None:
    repository = FakeRepository(error=NotFoundError("no repository", hint="look at [tool.inhouse]"))

    with pytest.raises(NotFoundError) as raised:
        gather(GIVEN, Defaults(), None, lambda _: repository, inhouse_version="0.1.0")

    assert raised.value.hint.startswith("compare --domain, --owner, --region and --repository with `aws ")
    assert "tool.inhouse" not in raised.value.hint


def test_the_name_is_asked_for_first() -> None:
    ask = Asker({"package_name": "acme-greetings"})

    assert named({"domain": "acme"}, ask) == {"domain": "acme", "package_name": "acme-greetings"}
    assert named({"package_name": "given"}, ask) == {"package_name": "given"}
    with pytest.raises(AnswersError, match="NAME: it is missing"):
        named({}, None)


# ---------------------------------------------------------------------------------------------------------------------
# The project


def test_the_project_is_rendered_into_its_folder(tmp_path: Path) -> None:
    project = make_project(ANSWERS, tmp_path / "acme-greetings", find_template())

    assert (project.folder, project.name, project.committed) == (tmp_path / "acme-greetings", "acme-greetings", False)
    assert [path.name for path in tmp_path.iterdir()] == ["acme-greetings"]
    manifest = read_manifest((project.folder / "pyproject.toml").read_text("utf-8"))
    assert manifest.one_index().url == ANSWERS.endpoint + "simple/"
    assert (project.folder / "src" / "acme_greetings" / "py.typed").exists()


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "acme-greetings").mkdir()

    make_project(ANSWERS, tmp_path / "acme-greetings", find_template())

    assert (tmp_path / "acme-greetings" / "pyproject.toml").exists()


def test_nobodys_other_templates_settings_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "settings.yml"
    settings.write_text("this: is: not: yaml", "utf-8")
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(settings))

    make_project(ANSWERS, tmp_path / "acme-greetings", find_template())


def broken_template(folder: Path) -> Path:
    """Make a copy of the template whose last file cannot be rendered."""
    template = folder / "template"
    shutil.copytree(find_template(), template)
    (template / "{{ cookiecutter.__project_name }}" / "zzz.txt").write_text("{{ 1 / 0 }}", "utf-8")
    return template


# Copier leaves a listing of a folder open when it is stopped half-way.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_template_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()

    with pytest.raises(TemplateError, match="division by zero") as raised:
        make_project(ANSWERS, place / "acme-greetings", broken_template(tmp_path))

    assert "install inhouse again" in raised.value.hint
    del raised
    gc.collect()
    assert list(place.iterdir()) == []


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(_: Path) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_project(ANSWERS, tmp_path / "acme-greetings", find_template(), interrupted)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_got_in_the_way_meanwhile_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "acme-greetings"

    def meanwhile(_: Path) -> bool:
        folder.mkdir()
        (folder / "mine").touch()
        return False

    with pytest.raises(NewProjectError, match="cannot be made"):
        make_project(ANSWERS, folder, find_template(), meanwhile)

    assert [path.name for path in folder.iterdir()] == ["mine"]
    assert [path.name for path in tmp_path.iterdir()] == ["acme-greetings"]


def test_a_folder_above_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(NewProjectError, match="cannot be made") as raised:
        make_project(ANSWERS, tmp_path / "nowhere" / "acme-greetings", find_template())

    assert "yours to write" in raised.value.hint


# ---------------------------------------------------------------------------------------------------------------------
# git


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def made_with_git(folder: Path, environment: Mapping[str, str], *, answers: Answers = ANSWERS) -> bool:
    project = make_project(
        answers,
        folder / "acme-greetings",
        find_template(),
        lambda it: initialise_git(it, answers, SubprocessRunner(), environment, evenso=False),
    )
    return project.committed


def test_the_project_is_a_git_repository_with_everything_committed(tmp_path: Path) -> None:
    assert made_with_git(tmp_path, os.environ)

    project = tmp_path / "acme-greetings"
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "symbolic-ref", "--short", "HEAD") == "main"
    assert ".inhouse/bootstrap.py" in git(project, "ls-files").splitlines()


def test_where_git_knows_nobody_the_author_commits(tmp_path: Path) -> None:
    made_with_git(tmp_path, os.environ)

    said = git(tmp_path / "acme-greetings", "log", "-1", "--format=%an %ae %cn %ce")
    assert said == "Ada Example ada@acme.example Ada Example ada@acme.example"


def test_where_git_knows_somebody_they_commit(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "GIT_AUTHOR_NAME": "Eve",
        "GIT_AUTHOR_EMAIL": "eve@acme.example",
        "GIT_COMMITTER_NAME": "Eve",
        "GIT_COMMITTER_EMAIL": "eve@acme.example",
    }
    made_with_git(tmp_path, environment)

    assert git(tmp_path / "acme-greetings", "log", "-1", "--format=%an %ce") == "Eve eve@acme.example"


def test_variables_that_point_git_elsewhere_do_not_mislead_it(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    place = tmp_path / "place"
    place.mkdir()

    made_with_git(
        place, {**os.environ, "GIT_DIR": str(other / ".git"), "GIT_INDEX_FILE": str(other / ".git" / "index")}
    )

    assert (place / "acme-greetings" / ".git").is_dir()
    assert not (other / ".git" / "index").exists()


def test_inside_another_repository_the_project_belongs_to_that_one(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")

    assert not made_with_git(tmp_path, os.environ)
    assert not (tmp_path / "acme-greetings" / ".git").exists()


def test_without_git_there_is_just_no_repository(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()

    assert not made_with_git(tmp_path, {**os.environ, "PATH": str(tmp_path / "bin")})
    assert (tmp_path / "acme-greetings" / "pyproject.toml").exists()


def test_insisting_on_git_makes_one_inside_another(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    project = tmp_path / "project"
    project.mkdir()
    (project / "file").touch()

    assert initialise_git(project, ANSWERS, SubprocessRunner(), os.environ, evenso=True)
    assert git(project, "rev-parse", "--show-toplevel") == str(project.resolve())


@pytest.mark.parametrize(
    "answer", [Answer("git commit", exit_code=1, stderr="hook says no"), Answer("git init", missing=True)]
)
def test_a_git_that_fails_leaves_nothing_and_can_be_left_out(answer: Answer, tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(answer)

    with pytest.raises(NewProjectError, match="cannot be made a git repository") as raised:
        make_project(
            ANSWERS,
            tmp_path / "acme-greetings",
            find_template(),
            lambda it: initialise_git(it, ANSWERS, runner, os.environ, evenso=True),
        )

    assert raised.value.hint.endswith("or leave git out with `--no-git`")
    assert list(tmp_path.iterdir()) == []


def test_an_author_without_an_address_commits_all_the_same(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("var GIT_AUTHOR_IDENT", exit_code=128))
    answers = Answers(**{**ANSWERS.for_template(), "author_email": ""})

    initialise_git(tmp_path, answers, runner, {}, evenso=True)

    (commit,) = runner.commands("commit")
    assert "user.email=nobody@localhost" in commit.argv


def test_errors_of_new_projects_are_errors_of_inhouse_with_hints(tmp_path: Path) -> None:
    error = FolderTakenError(tmp_path, "is taken", hint="take another")

    assert isinstance(error, InhouseError)
    assert (error.folder, error.hint) == (tmp_path, "take another")
    assert not issubclass(ProgramFailedError, NewProjectError)
