from pathlib import Path

from inhouse.tools.sphinx import build_arguments


def test_a_warning_is_a_failure_and_all_are_shown() -> None:
    arguments = build_arguments(Path("docs"), Path("site"))
    assert {"--fail-on-warning", "--keep-going"} < set(arguments)
    assert arguments[-2:] == ["docs", "site"]
