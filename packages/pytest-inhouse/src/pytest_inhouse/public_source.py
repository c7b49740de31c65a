"""What PyPI has in a test run: a folder of wheels that is empty before each test."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from pytest_inhouse.errors import UsageError
from pytest_inhouse.made_wheels import make_wheel


class PublicSource:
    """Stands for PyPI behind repositories with the external connection `public:pypi`.

    Args:
        folder: None where the run's options name a source of their own.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def add(
        self,
        package: str | Path,
        version: str = "1.0",
        *,
        requires: Sequence[str] = (),
        requires_python: str | None = None,
        files: Mapping[str, str] | None = None,
    ) -> Path:
        """Let PyPI have a release.

        Args:
            package: A project's name, and a wheel is made as `make_wheel` does; or the path of a wheel or source
                distribution that there is.
            version: Of the wheel that is made, as are the other arguments.

        Returns:
            Where the file lies now; removing it takes the release away again.

        Raises:
            UsageError: The run has a public source of its own.
        """
        folder = self._needed()
        if isinstance(package, Path):
            filename, content = package.name, package.read_bytes()
        else:
            made = make_wheel(package, version, requires=requires, requires_python=requires_python, files=files)
            filename, content = made.filename, made.content
        unready = folder / f".{filename}"
        unready.write_bytes(content)
        return unready.replace(folder / filename)  # at once: the server may be reading the folder

    def clear(self) -> None:
        """Let PyPI have nothing; a source of the run's own is left as it is."""
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder.mkdir()

    def _needed(self) -> Path:
        if self._folder is None:
            raise UsageError(
                "This run has a public source of its own, to which nothing can be added.",
                hint="Take the option codeartifact_public out of pytest's configuration.",
            )
        return self._folder
