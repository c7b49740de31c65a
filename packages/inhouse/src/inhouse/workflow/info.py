"""What there is to know about a project, at a glance; what cannot be known is said to be unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from inhouse.errors import InhouseError
from inhouse.project.branch import branch_of_pipeline, read_branch
from inhouse.workflow.context import Context


@dataclass(frozen=True)
class Fact:
    """Something about the project.

    Attributes:
        value: What it is, or all that it is; None when it is not known.
        why: Why it is not known.
        note: What else there is to say of it.
    """

    value: str | tuple[str, ...] | None
    why: str = ""
    note: str = ""


@dataclass(frozen=True)
class Info:
    """Facts, in the order in which they are shown.

    Attributes:
        sections: Section to label to fact. Labels hold no spaces, but those in `links` are the project's own.
        trouble: What is wrong with the project's one index, on which everything that is installed depends.
    """

    sections: Mapping[str, Mapping[str, Fact]] = field(default_factory=dict)
    trouble: InhouseError | None = None


def gather_info(context: Context, *, online: bool = False) -> Info:
    """Gather what there is to know.

    Args:
        context: The project.
        online: Also ask the repository; otherwise nothing is asked of anybody but git.
    """
    manifest, layout = context.manifest, context.layout
    sections: dict[str, dict[str, Fact]] = {
        "project": {
            "name": Fact(manifest.name),
            "version": Fact(manifest.version),
            "imports": Fact(manifest.import_packages),
            "python": Fact(manifest.requires_python or "any"),
            "manager": Fact(manifest.manager.value),
            "groups": Fact(tuple(sorted(manifest.groups))),
        },
        "branch": _branch(context),
        "repository": _repository(context),
    }
    trouble: InhouseError | None = None
    try:
        context.one_index()
    except InhouseError as error:
        trouble = error
    if online:
        sections["asked"] = _asked(context)
    sections["paths"] = {
        label: Fact(f"{path}", note="" if path.exists() else "not there yet")
        for label, path in (
            ("project", layout.root),
            ("environment", layout.environment),
            ("lock", layout.root / manifest.manager.lock),
            ("dist", layout.dist),
            ("documentation", layout.site / "index.html"),
        )
    }
    sections["links"] = {label: Fact(url) for label, url in manifest.urls.items()}
    return Info({title: facts for title, facts in sections.items() if facts}, trouble)


def _branch(context: Context) -> dict[str, Fact]:
    # A pipeline checks out a commit, and its variables know the branch; elsewhere git does.
    git = context.git()
    name = branch_of_pipeline(context.settings.environment) or git.branch()
    if not name:
        if not git.is_there():
            why = "git was not found on this machine"
        else:
            why = "no branch is checked out" if git.commit() else "this is no git repository with a commit"
        return {"name": Fact(None, why), "kind": Fact(None, why)}
    return {"name": Fact(name), "kind": Fact(read_branch(name).kind.value)}


def _repository(context: Context) -> dict[str, Fact]:
    if context.manifest.inhouse is None:
        return {"repository": Fact(None, "pyproject.toml has no table [tool.inhouse]")}
    table = context.manifest.inhouse
    facts = {
        "domain": Fact(table.coordinates.domain),
        "owner": Fact(table.coordinates.owner),
        "region": Fact(table.coordinates.region),
        "repository": Fact(table.coordinates.repository),
        "local-publish": Fact(f"open: {table.local_publish}" if table.local_publish else "closed"),
        "index": Fact(table.index),
    }
    try:
        index = context.one_index()
    except InhouseError as error:
        return {**facts, "endpoint": Fact(None, f"{error.message}; {error.hint}")}
    page = f"{index.url}{context.manifest.normalized_name}/"
    return {**facts, "endpoint": Fact(index.publish_url), "project-page": Fact(page)}


def _asked(context: Context) -> dict[str, Fact]:
    return {
        "you": _ask(lambda: context.repository().identity().arn),
        "endpoint": _ask(lambda: context.repository().endpoint()),
    }


def _ask(question: Callable[[], str]) -> Fact:
    try:
        return Fact(question())
    except InhouseError as error:
        return Fact(None, error.message)
