"""Greetings: an example to start from, which shows what typed, documented and tested code looks like here."""


def greet(name: str, *, formal: bool = False) -> str:
    """Return a greeting for somebody.

    Args:
        name: Whom to greet; spaces around it do not count.
        formal: Whether the occasion is a formal one.

    Returns:
        One line of text without a line end.

    Raises:
        ValueError: The name is empty.

    Example:
        >>> greet("Ada")
        'Hello, Ada!'
    """
    addressee = name.strip()
    if not addressee:
        message = "a greeting needs a name"
        raise ValueError(message)
    return f"Good day, {addressee}." if formal else f"Hello, {addressee}!"
