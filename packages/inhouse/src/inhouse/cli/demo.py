"""`inhouse demo`: the whole road, driven for real."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click


@click.command(short_help="Show the whole road, driven for real in a temporary folder.")
@click.option("--keep", is_flag=True, help="Leave the repository running and everything in its place.")
@click.option(
    "--offline",
    "wheelhouse",
    metavar="WHEELHOUSE",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Work without network: this folder of wheels stands in for PyPI.",
)
@click.option(
    "--save-wheelhouse",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep every file that came from PyPI in this folder, for --offline.",
)
def demo(keep: bool, wheelhouse: Path | None, save_wheelhouse: Path | None) -> None:
    """Show the whole road: a new library goes from nothing to installed by another project.

    A package repository is started on a free port, a library is made, tested, documented, built and published, a
    colleague picks it up from a fresh clone, a second project installs it, and what must be refused is refused. Every
    step drives the real programs; nothing of your own set-up is read or changed.
    """
    from importlib.metadata import distribution

    import uv

    from inhouse.codeartifact.session import client_of
    from inhouse.demo import report, road
    from inhouse.demo.story import DOMAIN, STORE, Story
    from inhouse.demo.wheelhouse import check_wheelhouse, needed_names, save
    from inhouse.process import SubprocessRunner

    if wheelhouse is not None:
        check_wheelhouse(wheelhouse, needed_names(distribution("inhouse")))
    root = Path(tempfile.mkdtemp(prefix="inhouse-demo-")).resolve()
    click.echo(f"The whole road, in {root}\n")
    story = Story(root, os.environ, SubprocessRunner(), uv.find_uv_bin(), wheelhouse and wheelhouse.resolve())
    steps = story.steps()
    try:
        outcomes, error = road.walk(
            steps,
            begins=lambda number, step: click.echo(report.opening(number, len(steps), step.name), nl=False),
            ends=lambda outcome: click.echo(report.closing(outcome)),
        )
        if error is not None:
            click.echo("\n" + report.failure(error.message, error.hint), err=True)
        elif save_wheelhouse is not None:
            saved = save(client_of(story.account.environment), DOMAIN, STORE, save_wheelhouse)
            click.echo(f"\n{saved} files saved in {save_wheelhouse}")
        click.echo("\n" + report.table(outcomes))
        if keep and story.is_running:
            running = story.running
            program = [sys.executable, "-m", "inhouse"]
            kept = report.farewell(program, str(root), running.url, str(running.data_dir), running.process.pid)
            click.echo("\n" + kept)
    finally:
        if not keep:
            if story.is_running:
                story.running.stop()
            shutil.rmtree(root, ignore_errors=True)
    sys.exit(0 if error is None else 1)
