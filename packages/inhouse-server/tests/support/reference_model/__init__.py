"""CodeArtifact in plain dictionaries, written from its specification and not from the server's code.

A function here is named like a method of boto3's client, takes a `World` and that method's parameters (spelled for
Python), changes the world, and returns the answer that the server is to give, or raises the `Refusal`. What the server
chooses by itself stands in the answer as `ANYTHING` or `Opaque`.
"""

from reference_model.expectations import ANYTHING, Opaque, Refusal, Unordered
from reference_model.own_names import Mode
from reference_model.state import World

__all__ = ["ANYTHING", "Mode", "Opaque", "Refusal", "Unordered", "World"]
