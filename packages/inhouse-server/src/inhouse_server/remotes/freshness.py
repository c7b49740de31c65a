"""How long a listing may be used without asking for it again, by what the source says of it.

Source: RFC 9111, 5.1 (Age) and 5.2.2 (Cache-Control in answers).
"""

import re
from collections.abc import Mapping

_MAXIMUM_AGE = re.compile(r"max-age\s*=\s*\"?([0-9]{1,10})\"?", re.ASCII | re.IGNORECASE)
_ASK_ALWAYS = re.compile(r"(?:^|,)\s*(?:no-cache|no-store)\s*(?:,|=|$)", re.IGNORECASE)


def fresh_seconds(headers: Mapping[str, str], most: float) -> float:
    """Return for how many seconds an answer holds; none where the source does not say.

    Args:
        headers: Of the answer.
        most: Whatever the source says.
    """
    control = headers.get("Cache-Control", "")
    found = _MAXIMUM_AGE.search(control)
    if found is None or _ASK_ALWAYS.search(control):
        return 0.0
    age = headers.get("Age", "").strip()
    old = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
    return max(0.0, min(float(int(found[1]) - old), most))
