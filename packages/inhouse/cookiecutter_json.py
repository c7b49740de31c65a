"""Makes the template's `cookiecutter.json` from its `copier.yml`, so that no question is kept twice.

Run it after changing `copier.yml`: `python packages/inhouse/cookiecutter_json.py`. A test fails until that is done.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

TEMPLATE = Path(__file__).resolve().parents[2] / "template"
NAMESPACE = "cookiecutter"


def converted(questions: Mapping[str, Any]) -> dict[str, Any]:
    """Return cookiecutter's view of copier's questions, in the same order.

    A choice becomes a list with its default first, a hidden question a private variable (two underscores), the help
    texts cookiecutter's prompts. Expressions get the name space in front of the names of questions.

    Args:
        questions: The contents of `copier.yml`.
    """
    asked = {name: question for name, question in questions.items() if not name.startswith("_") and name != NAMESPACE}
    names = {name: f"__{name}" if question.get("when") is False else name for name, question in asked.items()}
    answers: dict[str, Any] = {}
    for name, question in asked.items():
        default = question["default"]
        if "choices" in question:
            answers[names[name]] = [default, *(choice for choice in question["choices"] if choice != default)]
        else:
            answers[names[name]] = "".join(_qualified(default, names))
    prompts = {name: question["help"] for name, question in asked.items() if "help" in question}
    return {**answers, "__prompts__": prompts}


def _qualified(template: str, names: Mapping[str, str]) -> Iterator[str]:
    before = ""
    for _, kind, text in Environment(autoescape=False).lex(template):  # noqa: S701 - makes JSON, not HTML; it only lexes
        is_variable = kind == "name" and text in names and before not in {".", "|"}
        yield f"{NAMESPACE}.{names[text]}" if is_variable else text
        before = before if kind == "whitespace" else text


def rendered(template: Path = TEMPLATE) -> str:
    """Return what `cookiecutter.json` must hold for the `copier.yml` beside it."""
    questions = yaml.safe_load((template / "copier.yml").read_text("utf-8"))
    return json.dumps(converted(questions), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (TEMPLATE / "cookiecutter.json").write_text(rendered(), "utf-8", newline="\n")
