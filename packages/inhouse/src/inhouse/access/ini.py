"""Files in sections, `[section]` and `option = value`: read by Python's own parser, changed line by line.

Python's parser would lose comments and order on writing, so changes are made to lines. Which lines belong to an option
is decided as that parser does: deeper indented lines go on with a value, also over empty lines and comments.
"""

import configparser
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inhouse.access.interface import Entry, Key


@dataclass(frozen=True)
class _Block:
    """Consecutive lines: a section's header, or an option with all lines of its value.

    Attributes:
        section: The section.
        option: The option in small letters; "" for the header.
        start: The first line.
        stop: The line after the last.
    """

    section: str
    option: str
    start: int
    stop: int


class Ini:
    """The format; `FileFormat` says what its methods promise. Names of options are compared in small letters."""

    def entries(self, text: str) -> dict[Key, Entry]:
        """Return every option by section and name."""
        said = values(text)
        lines = _lines(text)
        return {
            (block.section, block.option): Entry(
                "".join(lines[block.start : block.stop]), said[block.section][block.option]
            )
            for block in _blocks(lines)
            if block.option
        }

    def with_entry(self, text: str, key: Key, raw: str | None) -> str:
        """Return the text with an option's lines put back or taken out; a section that becomes empty goes too."""
        section, option = key
        if raw is not None:
            return _with_lines(text, section, option, raw)
        return without_options(text, lambda where, name: (where, name) == (section, option))


def values(text: str) -> dict[str, dict[str, str]]:
    """Return what a file says: section to option, in small letters, to value. `DEFAULT` is a section like any other.

    Raises:
        ValueError: The text is no such file.
    """
    parser = configparser.RawConfigParser(default_section="\0")
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error).replace("'<string>'", "the file")) from error
    return {section: {option: value or "" for option, value in parser.items(section)} for section in parser.sections()}


def with_option(text: str, section: str, option: str, value: str) -> str:
    """Return the text with an option set; one that has the value already is left as it is spelled.

    Args:
        text: The file.
        section: The section; it is made when there is none.
        option: The option, in small letters.
        value: The value; further lines of it are indented.
    """
    if values(text).get(section, {}).get(option) == value:
        return text
    first, *rest = value.split("\n")
    line = f"{option} = {first}".rstrip() + "\n"
    return _with_lines(text, section, option, line + "".join(f"    {each}\n" for each in rest))


def without_options(text: str, is_unwanted: Callable[[str, str], bool]) -> str:
    """Return the text without some options; a section that has nothing else goes too.

    Args:
        text: The file.
        is_unwanted: Decides by section and option, in small letters.
    """
    lines = _lines(text)
    blocks = _blocks(lines)
    unwanted = [block for block in blocks if block.option and is_unwanted(block.section, block.option)]
    gone = {number for block in unwanted for number in range(block.start, block.stop)}
    for header in (block for block in blocks if not block.option):
        end = _end_of_section(lines, blocks, header)
        body = range(header.stop, end)
        touched = any(block.section == header.section for block in unwanted)
        # An indented header behind it would go on with the value of an option before it.
        is_needed = end < len(lines) and lines[end][:1].isspace()
        if touched and not is_needed and all(number in gone or not lines[number].strip() for number in body):
            gone |= {*range(header.start, header.stop), *body}
    return "".join(line for number, line in enumerate(lines) if number not in gone)


def _with_lines(text: str, section: str, option: str, raw: str) -> str:
    lines = _lines(text)
    blocks = _blocks(lines)
    for block in blocks:
        if (block.section, block.option) == (section, option):
            return "".join([*lines[: block.start], *_indented(raw, lines[block.stop :]), *lines[block.stop :]])
    own = [block for block in blocks if block.section == section]
    if own:
        stop = own[-1].stop
        before = "".join(lines[:stop])
        gap = "" if before.endswith("\n") else "\n"
        return "".join([before, gap, *_indented(raw, lines[stop:]), *lines[stop:]])
    gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    return "".join([text, gap, f"[{section}]\n", *_indented(raw, [])])


def _indented(raw: str, following: list[str]) -> list[str]:
    """Return an option's lines, indented like the next line that counts: a deeper one would go on with the value."""
    counts = (line for line in following if line.strip() and line.strip()[0] not in "#;")
    lead = re.match(r"\s*", next(counts, ""))
    lines = _lines(raw if raw.endswith("\n") else f"{raw}\n")
    own = len(lines[0]) - len(lines[0].lstrip())
    prefix = lead[0] if lead else ""
    return [prefix + (line if line[:own].strip() else line[own:]) if line.strip() else line for line in lines]


def _blocks(lines: list[str]) -> list[_Block]:
    return list(_scan(lines))


def _scan(lines: list[str]) -> Iterator[_Block]:
    """Yield headers and options as `configparser.RawConfigParser._read` finds them."""
    section, option, indent, start, stop = "", "", 0, 0, 0
    for number, line in enumerate(lines):
        said = line.strip()
        if not said or said[0] in "#;":
            continue
        depth = len(line) - len(line.lstrip())
        if option and depth > indent:
            stop = number + 1
            continue
        if option:
            yield _Block(section, option, start, stop)
        indent, option = depth, ""
        header = re.match(r"\[(?P<name>.+)\]", said)
        if header is not None:
            section = header["name"]
            yield _Block(section, "", number, number + 1)
        else:
            option = re.split(r"\s*[=:]", said, maxsplit=1)[0].rstrip().lower()
            start, stop = number, number + 1
    if option:
        yield _Block(section, option, start, stop)


def _end_of_section(lines: list[str], blocks: list[_Block], header: _Block) -> int:
    later = [block.start for block in blocks if not block.option and block.start > header.start]
    return min(later, default=len(lines))


def _lines(text: str) -> list[str]:
    # Python's parser reads files with universal newlines; other characters that `splitlines` heeds end no line there.
    return re.findall(r"[^\n]*\n|[^\n]+", text)
