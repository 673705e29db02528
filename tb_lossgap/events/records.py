"""The reference decoder: one record in, its scalars out, by TensorBoard's own protocol buffers."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import TypeAlias

from tb_lossgap.events.memory import CHARACTER
from tb_lossgap.events.memory import TAG

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tensorboard.compat.proto.summary_pb2 import Summary

    from tb_lossgap.model import HParam

    Appends: TypeAlias = (
        tuple[Callable[[int], object], Callable[[float], object], Callable[[float], object]] | tuple[()]
    )

# How an event begins: the keys of its wall time (a double) and of its step, and that varint's first byte.
_BEGINNING = struct.Struct("<BdBB")
_WALL_TIME, _STEP = 1 << 3 | 1, 2 << 3
_FLOAT = struct.Struct("<f")
# The shortest event of a single simple value: the longest step of nine bytes ends before that.
_SHORTEST = 23
_LONGEST_TAG = 100

SCALARS = "scalars"
HPARAMS = "hparams"


@lru_cache(maxsize=1)
def _parsing() -> ModuleType:
    """What needs protocol buffers: plain records do without, and to import them takes as long as to read 100 files."""
    from tb_lossgap.events import parsing

    return parsing


class RecordDecoder:
    """Decodes the records of one event file, one after the other.

    A tag belongs to the plugin that its first value names, as in TensorBoard (`dataclass_compat.py`): writers of
    TensorFlow 1 name it only once. A `simple_value` is a scalar whatever its metadata say (`data_compat.py`).

    Attributes:
        first_wall_time: Wall time of the first record, None before it.
        hparams: Hyperparameters that the file's hparams summaries name.
        weight: About how many bytes the names of the tags, and the hyperparameters, take up.
    """

    __slots__ = ("_appends", "_plain", "_plugins", "first_wall_time", "hparams", "weight")

    def __init__(self) -> None:
        self.first_wall_time: float | None = None
        self.hparams: dict[str, HParam] = {}
        self.weight = 0
        self._appends: dict[str, Appends] = {}
        self._plugins: dict[str, str] = {}
        # By what stands between step and number where an event is nothing but a simple value of a known tag.
        self._plain: dict[bytes, Appends] = {}

    @property
    def tags(self) -> int:
        """How many tags the file has, scalars or not."""
        return len(self._plugins)

    def decode(self, record: bytes, columns_of: Callable[[str], Appends]) -> None:
        """Decodes one record and appends its scalars to columns, each by its step, wall time and value.

        Args:
            record: The record's content.
            columns_of: Gives what appends to the three columns of a new tag, () for one whose points are not kept.

        Raises:
            NotAnEventError: The record cannot be parsed.
        """
        if self._take_plain(record):
            return
        event, values = _parsing().event_of(record)
        wall_time: float = event.wall_time
        if self.first_wall_time is None:
            self.first_wall_time = wall_time
        for value in values:
            # Before tags there were the names of nodes.
            tag = value.tag or value.node_name
            try:
                appends = self._appends[tag]
            except KeyError:
                appends = self._meet(tag, value, columns_of)
            if appends:
                number = value.simple_value
                # Asking what is there takes longer than taking it.
                if not number and not value.HasField("simple_value"):
                    number = _parsing().scalar_of(value.tensor)
                    if number is None:
                        continue
                append_step, append_wall_time, append_value = appends
                append_step(event.step)
                append_wall_time(wall_time)
                append_value(number)
            elif self._plugins[tag] == HPARAMS:
                self._add_hparams(_parsing().session_hparams(value))

    def _take_plain(self, record: bytes) -> bool:
        """Decodes a record if it is as most are, byte for byte, in half the time that protocol buffers take."""
        if len(record) < _SHORTEST:
            return False
        wall_time_key, wall_time, step_key, step = _BEGINNING.unpack_from(record)
        if wall_time_key != _WALL_TIME or step_key != _STEP:
            return False
        end = _BEGINNING.size
        if step >= 0x80:  # noqa: PLR2004
            step, end = _varint_at(record, end - 1)
        appends = self._plain.get(record[end:-4])
        if appends:
            append_step, append_wall_time, append_value = appends
            append_step(step)
            append_wall_time(wall_time)
            append_value(_FLOAT.unpack_from(record, len(record) - 4)[0])
        return appends is not None

    def _meet(self, tag: str, value: Summary.Value, columns_of: Callable[[str], Appends]) -> Appends:
        plugin = value.metadata.plugin_data.plugin_name
        is_scalar = self.owner(tag, plugin, simple=value.HasField("simple_value")) == SCALARS
        appends = self._appends[tag] = columns_of(tag) if is_scalar else ()
        name = tag.encode()
        if value.tag and len(name) <= _LONGEST_TAG:
            self._plain[_middle(name)] = appends
        return appends

    def owner(self, tag: str, plugin: str, *, simple: bool) -> str:
        """Names the plugin of a tag: that of its first value.

        Args:
            tag: The tag.
            plugin: What a value of it names, "" for none; then a tensor is judged by its form.
            simple: Whether that is a `simple_value`.
        """
        if tag not in self._plugins:
            self._plugins[tag] = SCALARS if simple else plugin or SCALARS
            self.weight += TAG + CHARACTER * len(tag)
        return self._plugins[tag]

    def _add_hparams(self, hparams: dict[str, HParam]) -> None:
        self.hparams.update(hparams)
        for name, setting in hparams.items():
            self.weight += TAG + CHARACTER * (len(name) + len(str(setting)))


def _middle(tag: bytes) -> bytes:
    """What the summary of a single simple value of a tag begins with: all of it but the number (summary.proto)."""
    value = b"\x0a" + bytes((len(tag),)) + tag + b"\x15"
    summary = b"\x0a" + bytes((len(value) + 4,)) + value
    return b"\x2a" + bytes((len(summary) + 4,)) + summary


def _varint_at(record: bytes, at: int) -> tuple[int, int]:
    """Reads a varint of up to nine bytes and where it ends; of a longer one that end is no use to anybody."""
    number = 0
    for shift in range(0, 63, 7):
        byte = record[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004
            return number, at
    return 0, 0
