"""The server's settings: each declared once, read from flags, then the environment, then its default."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from inhouse_server.errors import SettingError
from inhouse_server.quotas import Quotas, parse_quotas
from inhouse_server.supersets import Compatibility

LOG_LEVELS = ("critical", "error", "warning", "info", "debug")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is said of a setting in help, documentation and errors.

    Attributes:
        flag: On the command line.
        variable: In the environment.
        metavar: What stands for the value in the help; empty for a flag that has none.
        help: One sentence.
        parse: From text to the setting's value; raises ValueError with the reason where that cannot be.
    """

    flag: str
    variable: str
    metavar: str
    help: str
    parse: Callable[[str], Any]

    @property
    def is_flag(self) -> bool:
        """Whether the flag stands alone, and means yes."""
        return not self.metavar


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65_535:
        raise ValueError("a port is a number from 0 to 65535")
    return int(text)


def _account(text: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", text, re.ASCII):
        raise ValueError("an account is twelve digits")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


def _path(text: str) -> Path:
    return Path(_filled(text)).expanduser().absolute()


def _truth(text: str) -> bool:
    truths = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.lower() not in truths:
        raise ValueError(f"known are {', '.join(truths)}")
    return truths[text.lower()]


def _compatibility(text: str) -> Compatibility:
    try:
        return Compatibility(text)
    except ValueError:
        raise ValueError(f"known are {', '.join(Compatibility)}") from None


def _log_level(text: str) -> str:
    if text not in LOG_LEVELS:
        raise ValueError(f"known are {', '.join(LOG_LEVELS)}")
    return text


def _setting(flag: str, metavar: str, help_text: str, parse: Callable[[str], Any]) -> dict[str, Declaration]:
    variable = "INHOUSE_" + flag.strip("-").replace("-", "_").upper()
    return {"declaration": Declaration(flag, variable, metavar, help_text, parse)}


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """All settings of the server.

    Attributes:
        data_dir: Everything the server keeps; all there is to back up.
        host: The address to listen on.
        port: The port to listen on; 0 picks a free one.
        ready_file: Written when the first request can be answered; None writes none.
        account: Twelve digits; None for the account that the data folder has, or the default one in a new folder.
        public_pypi: URL or folder that `public:pypi` fetches from; None for PyPI itself.
        compatibility: Whether the server does more than AWS.
        quotas: How many of each thing there may be.
        for_tests: Whether tests may move the clock and make requests fail.
        log_level: What is logged to stderr; requests from `info` on.
    """

    data_dir: Path = field(
        default_factory=lambda: platformdirs.user_data_path("inhouse", appauthor=False),
        metadata=_setting(
            "--data-dir",
            "FOLDER",
            "Folder of everything the server keeps; by default in the user's data folder of the system.",
            _path,
        ),
    )
    host: str = field(default="127.0.0.1", metadata=_setting("--host", "ADDRESS", "Address to listen on.", _filled))
    port: int = field(
        default=8765, metadata=_setting("--port", "NUMBER", "Port to listen on; 0 picks a free one.", _port)
    )
    ready_file: Path | None = field(
        default=None,
        metadata=_setting(
            "--ready-file",
            "FILE",
            "File to write, as JSON with url, pid and data_dir, when the first request can be answered.",
            _path,
        ),
    )
    account: str | None = field(
        default=None,
        metadata=_setting("--account", "DIGITS", "The AWS account id of a new data folder.", _account),
    )
    public_pypi: str | None = field(
        default=None,
        metadata=_setting(
            "--public-pypi",
            "URL|FOLDER",
            "URL or folder that the external connection public:pypi fetches from, instead of PyPI.",
            _filled,
        ),
    )
    compatibility: Compatibility = field(
        default=Compatibility.SUPERSET,
        metadata=_setting(
            "--compat",
            "MODE",
            "aws does what AWS CodeArtifact does and nothing else; superset does more where it is safer or faster.",
            _compatibility,
        ),
    )
    quotas: Quotas = field(
        default=Quotas(),
        metadata=_setting(
            "--quotas",
            "NAME=NUMBER,…",
            "How many domains, repositories of a domain and assets of a version there may be; none is no bound, aws is "
            "what an account of AWS begins with. By default domains=none,repositories=none,assets=150.",
            parse_quotas,
        ),
    )
    for_tests: bool = field(
        default=False,
        metadata=_setting(
            "--for-tests",
            "",
            "Let tests move the clock and make requests fail; never where real packages are.",
            _truth,
        ),
    )
    log_level: str = field(
        default="warning",
        metadata=_setting(
            "--log-level", "LEVEL", f"One of {', '.join(LOG_LEVELS)}; info logs each request.", _log_level
        ),
    )


def declarations() -> dict[str, Declaration]:
    """Return the declaration of every setting, by the name of its field."""
    return {each.name: each.metadata["declaration"] for each in fields(ServerSettings)}


def load(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> ServerSettings:
    """Return the settings.

    Args:
        flags: By the name of the field; None where the flag was not given.
        environment: For example `os.environ`.

    Raises:
        SettingError: A value cannot be used; the message says where it came from.
    """
    settings = ServerSettings()
    for name, declaration in declarations().items():
        source, text = declaration.flag, flags.get(name)
        if text is None:
            source, text = declaration.variable, environment.get(declaration.variable)
        if text is None:
            continue
        try:
            settings = replace(settings, **{name: declaration.parse(text)})
        except ValueError as error:
            raise SettingError(
                f"{source}: {text!r} cannot be used: {error}.",
                hint=f"Give another value with {declaration.flag} or in {declaration.variable}.",
            ) from error
    return settings
