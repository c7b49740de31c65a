"""What is answered to a tool that looks up a user name and a password for an address."""

from inhouse_keyring.memory import recall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

USERNAME = "aws"
"""The one user name that CodeArtifact knows."""

EXPORTED = "CODEARTIFACT_AUTH_TOKEN"


def password_for(service: str, username: "str | None", environment: "Mapping[str, str]") -> "str | None":
    """Return the token for a repository of ours; None for every other address, and for other users.

    A token that was exported wins, as everywhere in inhouse.

    Args:
        service: What the tool looks a password up for; often a URL, sometimes a bare name.
        username: The user it knows; None or empty if it knows none.
        environment: The variables.

    Raises:
        TokenError: The address is ours, and there is no token for it.
    """
    if username not in {None, "", USERNAME} or "/pypi/" not in service:
        return None
    question = ("password", service)
    exported = environment.get(EXPORTED)
    known = None if exported else recall(question, environment)
    if known is not None:
        return known.value
    from inhouse_keyring.questions import question_of, surroundings_of  # only when nothing is known
    from inhouse_keyring.tokens import Memo, obtain

    surroundings = surroundings_of(environment)
    wanted = question_of(service, surroundings)
    if wanted is None:
        return None
    return exported or obtain(wanted, surroundings, memo=Memo(question)).value
