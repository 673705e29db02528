from collections.abc import Callable

from tb_lossgap.events.columns import Columns
from tb_lossgap.events.records import RecordDecoder

class Decoder:
    damage: str | None
    records: RecordDecoder
    def __init__(self, wanted: Callable[[str], bool]) -> None: ...
    def feed(self, data: bytes) -> int: ...
    def take(self) -> dict[str, Columns]: ...
