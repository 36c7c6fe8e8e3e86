"""What a turn of the outgoing queue tells whoever asked for it."""

from collections.abc import Mapping
from types import MappingProxyType


class Turn(int):
    """How many rows were settled; ``relay`` is what was wrong with the relay in the end, without an address.

    It is "" if a relay answered, and None if none was spoken to. ``relays`` tells it of each.
    """

    relay: str | None = None
    relays: Mapping[str, str] = MappingProxyType({})
