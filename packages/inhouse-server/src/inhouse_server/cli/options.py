"""Flags that commands share: those of the settings, each with its variable and its default."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from inhouse_server.settings import ServerSettings, declarations, load

_Decorated = TypeVar("_Decorated", bound=Callable[..., object])


def settings_options(*names: str) -> Callable[[_Decorated], _Decorated]:
    """Return a decorator that adds the flags of these settings to a command, in this order."""

    def decorate(function: _Decorated) -> _Decorated:
        for name in reversed(names):
            declaration = declarations()[name]
            default = getattr(ServerSettings(), name)
            shows = isinstance(default, str | int) and not declaration.is_flag  # no folder of this machine
            shown = f"; default: {default}" if shows else ""
            help_text = f"{declaration.help}  [variable: {declaration.variable}{shown}]"
            how: dict[str, Any] = (
                {"is_flag": True, "flag_value": "yes", "default": None}
                if declaration.is_flag
                else {"metavar": declaration.metavar}
            )
            function = click.option(declaration.flag, name, help=help_text, **how)(function)
        return function

    return decorate


def load_settings(**flags: str | None) -> ServerSettings:
    """Return the settings that flags and the environment make.

    Raises:
        SettingError: A value cannot be used.
    """
    return load(flags, os.environ)
