"""What is the same text for names that are easily taken for each other.

Source: CodeArtifact user guide, "Package group definition syntax and matching behavior": case is folded, runs of
separators become one, confusable characters are normalised.
"""

import re
import unicodedata
from functools import lru_cache

from inhouse_server import compat

_SEPARATORS = re.compile(f"[{re.escape(compat.SEPARATORS)}]+")


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """Return `text` without what an eye may overlook; names that look alike have the same."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = text
        for _ in range(2):  # what is decomposed may have a case to fold, and the other way round
            plain = unicodedata.normalize("NFKD", plain.casefold())
        # Invisible characters (zero-width joiners and the like) are in nobody's eye.
        plain = "".join(character for character in plain if unicodedata.category(character) != "Cf")
        plain = plain.translate(compat.CONFUSABLES)
    return _SEPARATORS.sub(".", plain)
