"""Makes access keys and unique ids as IAM makes them: letters that are easily read, and enough of them."""

import secrets
import string

from inhouse_server.model import AccessKey, Principal

KEY_LETTERS = string.ascii_uppercase + "234567"
_SECRET_LETTERS = string.ascii_letters + string.digits + "+/"


def new_key(principal: Principal) -> AccessKey:
    """Return a new long-term access key for a user."""
    return AccessKey(f"AKIA{random_text(KEY_LETTERS, 16)}", random_text(_SECRET_LETTERS, 40), principal)


def new_user_id() -> str:
    """Return a new unique id of a user."""
    return f"AIDA{random_text(KEY_LETTERS, 17)}"


def new_role_id() -> str:
    """Return a new unique id of a role."""
    return f"AROA{random_text(KEY_LETTERS, 17)}"


def random_text(letters: str, length: int) -> str:
    """Return a text that nobody can guess."""
    return "".join(secrets.choice(letters) for _ in range(length))
