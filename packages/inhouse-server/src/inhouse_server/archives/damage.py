"""What the readers of archives raise for bytes that are none, told as one error."""

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL

from inhouse_server.errors import InvalidDistributionError

_DAMAGE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    IndexError,
    MemoryError,  # asked for by a number in the archive
    NotImplementedError,  # a compression method unknown here
    OverflowError,
    RuntimeError,  # an encrypted member; also what is nested too deep (RecursionError)
    ValueError,
)


@contextmanager
def telling_damage(complaint: str, hint: str) -> Iterator[None]:
    """Tell whatever reading an archive raises for its bytes' sake as InvalidDistributionError.

    An error of the disk is none of the archive's, and goes on as it is.

    Args:
        complaint: What the archive is not, and why; the cause is put behind it in brackets.
    """
    try:
        yield
    except _DAMAGE as error:
        raise InvalidDistributionError(f"{complaint} ({str(error) or type(error).__name__}).", hint=hint) from error
    except OSError as error:
        # gzip and bz2 tell damage by an OSError without number; EINVAL is a place that no file has.
        if error.errno not in {None, EINVAL}:
            raise
        raise InvalidDistributionError(f"{complaint} ({error}).", hint=hint) from error
