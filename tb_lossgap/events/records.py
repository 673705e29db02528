"""The reference decoder: one record in, its scalars out, by TensorBoard's own protocol buffers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import TypeAlias

from tensorboard.compat.proto.summary_pb2 import SummaryMetadata

from tb_lossgap.events.errors import NotAnEventError
from tb_lossgap.events.hparams import session_hparams
from tb_lossgap.events.memory import CHARACTER
from tb_lossgap.events.memory import TAG
from tb_lossgap.events.messages import UNPARSABLE
from tb_lossgap.events.messages import event_of
from tb_lossgap.events.tensors import scalar_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tensorboard.compat.proto.summary_pb2 import Summary

    from tb_lossgap.model import HParam

    Appends: TypeAlias = (
        tuple[Callable[[int], object], Callable[[float], object], Callable[[float], object]] | tuple[()]
    )

SCALARS = "scalars"
HPARAMS = "hparams"
_NOTHING = SummaryMetadata()


class RecordDecoder:
    """Decodes the records of one event file, one after the other.

    A tag belongs to the plugin that its first value names, as in TensorBoard (`dataclass_compat.py`): writers of
    TensorFlow 1 name it only once. A `simple_value` is a scalar whatever its metadata say (`data_compat.py`).

    Attributes:
        first_wall_time: Wall time of the first record, None before it.
        hparams: Hyperparameters that the file's hparams summaries name.
        weight: About how many bytes the names of the tags, and the hyperparameters, take up.
    """

    __slots__ = ("_appends", "_plugins", "first_wall_time", "hparams", "weight")

    def __init__(self) -> None:
        self.first_wall_time: float | None = None
        self.hparams: dict[str, HParam] = {}
        self.weight = 0
        self._appends: dict[str, Appends] = {}
        self._plugins: dict[str, str] = {}

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
        event, values = event_of(record)
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
                    number = scalar_of(value.tensor)
                    if number is None:
                        continue
                append_step, append_wall_time, append_value = appends
                append_step(event.step)
                append_wall_time(wall_time)
                append_value(number)
            elif self._plugins[tag] == HPARAMS:
                self._add_hparams(session_hparams(value))

    def _meet(self, tag: str, value: Summary.Value, columns_of: Callable[[str], Appends]) -> Appends:
        plugin = _plugin(value.metadata, simple=value.HasField("simple_value"))
        is_scalar = self._owner(tag, plugin) == SCALARS
        appends = self._appends[tag] = columns_of(tag) if is_scalar else ()
        return appends

    def plugin(self, tag: str, metadata: bytes, *, simple: bool) -> str:
        """Names the plugin of a tag, a value of which is about to be decoded elsewhere.

        Args:
            tag: The tag.
            metadata: The value's metadata, serialized; b"" when there are none.
            simple: Whether it is a `simple_value`.

        Raises:
            NotAnEventError: The metadata cannot be parsed.
        """
        try:
            parsed = SummaryMetadata.FromString(metadata) if metadata else _NOTHING
        except UNPARSABLE:
            raise NotAnEventError from None
        return self._owner(tag, _plugin(parsed, simple=simple))

    def _add_hparams(self, hparams: dict[str, HParam]) -> None:
        self.hparams.update(hparams)
        for name, setting in hparams.items():
            self.weight += TAG + CHARACTER * (len(name) + len(str(setting)))

    def _owner(self, tag: str, plugin: str) -> str:
        """Names the plugin of a tag: that of its first value."""
        if tag not in self._plugins:
            self._plugins[tag] = plugin
            self.weight += TAG + CHARACTER * len(tag)
        return self._plugins[tag]


def _plugin(metadata: SummaryMetadata, *, simple: bool) -> str:
    """Names the plugin that a tag belongs to by its first value; a tensor without one is judged by its form."""
    if simple:
        return SCALARS
    name: str = metadata.plugin_data.plugin_name
    return name or SCALARS
