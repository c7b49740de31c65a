from pathlib import Path

from inhouse.project.layout import Layout, interpreter

ROOT = Path("project")


def test_everything_lies_in_the_project() -> None:
    layout = Layout(ROOT)
    properties = [name for name, value in vars(Layout).items() if isinstance(value, property)]
    paths = {name: getattr(layout, name).relative_to(ROOT).as_posix() for name in properties}
    assert paths == {
        "manifest": "pyproject.toml",
        "uv_configuration": "uv.toml",
        "lock": "uv.lock",
        "tool_version": ".inhouse-version",
        "coverage_configuration": ".coveragerc",
        "environment": ".venv",
        "tests": "tests",
        "integration_tests": "tests_int",
        "docs": "docs",
        "site": "build/docs/html",
        "build": "build",
        "integration": "build/integration",
        "dist": "dist",
    }


def test_an_interpreter_lies_elsewhere_on_windows() -> None:
    assert interpreter(ROOT, windows=False) == ROOT / "bin" / "python"
    assert interpreter(ROOT, windows=True) == ROOT / "Scripts" / "python.exe"
