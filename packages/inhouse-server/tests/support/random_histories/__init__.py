"""Random histories: what clients might do, done to a server and to the reference model and compared step by step."""

from random_histories.driver import Place
from random_histories.machine import RandomHistory

__all__ = ["Place", "RandomHistory"]
