"""What `login` has written, so that `logout` can take it back: one record for each file. Pure; text in, text out.

It may hold secrets that were in a file before us, and none of ours.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from inhouse.access.ini import Ini
from inhouse.access.interface import FileFormat
from inhouse.access.netrc_text import Netrc
from inhouse.access.toml import Toml
from inhouse.access.undo import Hunk, Touched, Undo
from inhouse.tools.locations import Tool

_VERSION: Final = 1

FORMATS: Final[Mapping[str, FileFormat]] = {"ini": Ini(), "toml": Toml(), "netrc": Netrc()}
"""The formats by the names under which records know them."""


@dataclass(frozen=True)
class Record:
    """What was done to one file.

    Attributes:
        path: The file.
        tool: Whose it is.
        format: The name of its format.
        created: Whether there was none.
        undo: What it takes to take it back.
        folders: Folders that were made for it, the outermost first.
    """

    path: Path
    tool: Tool
    format: str
    created: bool
    undo: Undo = field(repr=False)
    folders: tuple[Path, ...] = ()

    @property
    def kind(self) -> FileFormat:
        """Its format."""
        return FORMATS[self.format]


def format_name(kind: FileFormat) -> str:
    """Return the name of a format."""
    return next(name for name, each in FORMATS.items() if type(each) is type(kind))


def with_record(records: Iterable[Record], record: Record) -> tuple[Record, ...]:
    """Return the records with one more, which takes the place of another one for the same file."""
    return (*without_record(records, record.path), record)


def with_folders(record: Record, folders: tuple[Path, ...]) -> Record:
    """Return a record that also knows of folders that were made for its file, the outermost first."""
    return replace(record, folders=(*folders, *record.folders))


def without_record(records: Iterable[Record], path: Path) -> tuple[Record, ...]:
    """Return the records without that of one file."""
    return tuple(record for record in records if record.path != path)


def dump_journal(records: Iterable[Record]) -> str:
    """Return the text of a journal."""
    files = [
        {
            "path": str(record.path),
            "tool": record.tool.value,
            "format": record.format,
            "created": record.created,
            "folders": [str(folder) for folder in record.folders],
            "undo": asdict(record.undo),
        }
        for record in records
    ]
    return json.dumps({"version": _VERSION, "files": files}, indent=1) + "\n"


def load_journal(text: str) -> tuple[Record, ...]:
    """Return the records of a journal; none for an empty text.

    Raises:
        ValueError: It is no journal, or that of another version.
    """
    if not text:
        return ()
    try:
        document = json.loads(text)
        if document["version"] != _VERSION:
            raise ValueError(f"it is of version {document['version']}, and this inhouse knows version {_VERSION}")
        return tuple(_record(file) for file in document["files"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is not as inhouse writes it: {error!r}") from error


def _record(file: Mapping[str, Any]) -> Record:
    undo = file["undo"]
    name = str(file["format"])
    if name not in FORMATS:
        raise ValueError(f"the format `{name}` is not known")
    return Record(
        path=Path(file["path"]),
        tool=Tool(file["tool"]),
        format=name,
        created=bool(file["created"]),
        undo=Undo(
            undo["digest"],
            tuple(Hunk(hunk["start"], hunk["count"], tuple(hunk["was"])) for hunk in undo["hunks"]),
            tuple(Touched(tuple(one["key"]), one["was"], one["now"]) for one in undo["touched"]),
        ),
        folders=tuple(Path(folder) for folder in file["folders"]),
    )
