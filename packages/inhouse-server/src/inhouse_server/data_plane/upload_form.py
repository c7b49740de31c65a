"""Reads an upload as it arrives: the file goes to a blob, the few fields that matter are kept, the rest is counted.

Sources: PyPI's legacy upload API; RFC 7578 (multipart/form-data).
"""

from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from inhouse_server import compat
from inhouse_server.blobs import IncomingBlob
from inhouse_server.errors import InvalidRequestError, QuotaExceededError, ResourceType, ValidationReason
from inhouse_server.services.publish import Upload

_FILE_FIELD: Final = "content"
_DIGEST_FIELDS: Final = ("md5_digest", "sha256_digest", "blake2_256_digest")
_KEPT_FIELDS: Final = (":action", "name", "version", "filetype", *_DIGEST_FIELDS)
_MAXIMUM_KEPT_BYTES: Final = 1024
_MAXIMUM_PARTS: Final = 10_000
"""Every classifier and every requirement is a part of its own."""

_MAXIMUM_OTHER_BYTES: Final = 32 * 1024**2
"""Of all parts but the file together: the description is the longest of them."""

_HINT: Final = "Upload with twine, uv, poetry, pdm or hatch."


class UploadForm:
    """The form of one upload.

    Args:
        content_type: The request's header.
        blob: Where the file's bytes are written.

    Raises:
        InvalidRequestError: It is not the header of a form with a file.
    """

    def __init__(self, content_type: str | None, blob: IncomingBlob) -> None:
        self._blob = blob
        self._fields: dict[str, str] = {}
        self._filename: str | None = None
        self._ended = False
        self._parts = 0
        self._other_bytes = 0
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._disposition = b""
        self._field: str | None = None
        self._value = bytearray()
        self._in_file = False
        media_type, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if media_type != b"multipart/form-data" or not boundary:
            raise _invalid("An upload must be a multipart/form-data form with a boundary.")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._on_part_begin,
                    "on_header_field": self._on_header_field,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers_finished,
                    "on_part_data": self._on_part_data,
                    "on_part_end": self._on_part_end,
                    "on_end": self._on_end,
                },
            )
        except FormParserError as error:
            raise _invalid(f"The form cannot be read: {error}.") from error

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            InvalidRequestError: They are not those of a form, or not of one that uploads a file.
            QuotaExceededError: The file is longer than a file may be.
        """
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise _invalid(f"The form cannot be read: {error}.") from error

    def finish(self) -> Upload:
        """Return what the form says, once its last byte was fed.

        Raises:
            InvalidRequestError: The body broke off, or lacks something that an upload must have.
        """
        if not self._ended:
            raise _invalid("The form breaks off before its end.")
        for field in (":action", "name", "version"):
            if not self._fields.get(field):
                raise _invalid(f"The form lacks the field {field!r}.")
        action = self._fields[":action"]
        if action != "file_upload":
            raise _invalid(f"The action {action!r} is not offered here, only file_upload is.")
        if self._filename is None:
            raise _invalid(f"The form has no file in its field {_FILE_FIELD!r}.")
        return Upload(
            name=self._fields["name"],
            version=self._fields["version"],
            filename=self._filename,
            filetype=self._fields.get("filetype"),
            digests={field: self._fields[field] for field in _DIGEST_FIELDS if self._fields.get(field)},
        )

    def _on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > _MAXIMUM_PARTS:
            raise _invalid(f"The form has more than {_MAXIMUM_PARTS} parts.")
        self._disposition = b""
        self._value.clear()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _on_header_end(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._disposition = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _on_headers_finished(self) -> None:
        disposition, options = parse_options_header(self._disposition)
        if disposition != b"form-data" or b"name" not in options:
            raise _invalid("A part of the form has no name.")
        self._field = _text(options[b"name"])
        self._in_file = self._field == _FILE_FIELD
        if self._in_file:
            if self._filename is not None:
                raise _invalid("The form has more than one file.")
            if b"filename" not in options:
                raise _invalid(f"The field {_FILE_FIELD!r} has no file name.")
            self._filename = _text(options[b"filename"])
        elif self._field in self._fields:
            raise _invalid(f"The form has the field {self._field!r} twice.")

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            if self._blob.size + end - start > compat.MAXIMUM_ASSET_BYTES:
                raise too_long(self._filename or "")
            self._blob.write(memoryview(data)[start:end])
            return
        self._other_bytes += end - start
        if self._other_bytes > _MAXIMUM_OTHER_BYTES:
            raise _invalid(f"The fields of the form have more than {_MAXIMUM_OTHER_BYTES} bytes together.")
        if self._field in _KEPT_FIELDS:
            self._value += data[start:end]
            if len(self._value) > _MAXIMUM_KEPT_BYTES:
                raise _invalid(f"The field {self._field!r} has more than {_MAXIMUM_KEPT_BYTES} bytes.")

    def _on_part_end(self) -> None:
        if self._field in _KEPT_FIELDS:
            self._fields[self._field] = _text(bytes(self._value)).strip()

    def _on_end(self) -> None:
        self._ended = True


def too_long(filename: str) -> QuotaExceededError:
    """Return the error for a file that is longer than a file may be."""
    return QuotaExceededError(
        f"The file is longer than {compat.MAXIMUM_ASSET_BYTES} bytes.",
        ResourceType.ASSET,
        filename,
        hint="Split the distribution, or publish large data elsewhere and download it at run time.",
    )


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _invalid("The form has a name or a value that is not UTF-8.") from error


def _invalid(message: str) -> InvalidRequestError:
    return InvalidRequestError(message, ValidationReason.CANNOT_PARSE, hint=_HINT)
