"""Public sources of packages, each behind one interface."""

from inhouse_server.remotes.create import create_remote
from inhouse_server.remotes.faulty import FaultyRemote
from inhouse_server.remotes.fetching import Patience
from inhouse_server.remotes.interface import Listing, Remote
from inhouse_server.remotes.simple_index import SimpleIndex
from inhouse_server.remotes.wheelhouse import Wheelhouse

__all__ = ["FaultyRemote", "Listing", "Patience", "Remote", "SimpleIndex", "Wheelhouse", "create_remote"]
