"""The command line: thin commands, each flags to settings, one call, one rendering; errors are shown in one place."""

from inhouse.cli.application import main

__all__ = ["main"]
