"""The reference decoder: one record in, its scalars out, by TensorBoard's own protocol buffers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import SummaryMetadata

from tb_lossgap.events.hparams import session_hparams
from tb_lossgap.events.tensors import scalar_of

if TYPE_CHECKING:
    from tb_lossgap.model import HParam

SCALARS = "scalars"
HPARAMS = "hparams"
_NOTHING = SummaryMetadata()


class NotAnEventError(ValueError):
    """The bytes are no serialized Event."""


class RecordDecoder:
    """Decodes the records of one event file, one after the other.

    A tag belongs to the plugin that its first value names, as in TensorBoard (`dataclass_compat.py`): writers of
    TensorFlow 1 name it only once. A `simple_value` is a scalar whatever its metadata say (`data_compat.py`).

    Attributes:
        first_wall_time: Wall time of the first record, None before it.
        hparams: Hyperparameters that the file's hparams summaries name.
    """

    def __init__(self) -> None:
        self.first_wall_time: float | None = None
        self.hparams: dict[str, HParam] = {}
        self._plugins: dict[str, str] = {}

    def decode(self, record: bytes) -> tuple[int, float, list[tuple[str, float]]]:
        """Decodes one record.

        Returns:
            Its step, its wall time in seconds since the epoch, and tag and value of every scalar in it, in order.

        Raises:
            NotAnEventError: The record cannot be parsed.
        """
        try:
            event = Event.FromString(record)
        except DecodeError:
            raise NotAnEventError from None
        wall_time: float = event.wall_time
        if self.first_wall_time is None:
            self.first_wall_time = wall_time
        scalars = []
        for value in event.summary.value:
            # Before tags there were the names of nodes.
            tag = value.tag or value.node_name
            plugin = self._plugins.get(tag)
            if plugin is None:
                plugin = self._plugins[tag] = _plugin(value.metadata, simple=value.HasField("simple_value"))
            if plugin == SCALARS:
                scalar = value.simple_value
                # Asking what is there takes longer than taking it.
                if not scalar and not value.HasField("simple_value"):
                    scalar = scalar_of(value.tensor)
                if scalar is not None:
                    scalars.append((tag, scalar))
            elif plugin == HPARAMS:
                self.hparams.update(session_hparams(value))
        return event.step, wall_time, scalars

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
        except DecodeError:
            raise NotAnEventError from None
        return self._plugins.setdefault(tag, _plugin(parsed, simple=simple))


def _plugin(metadata: SummaryMetadata, *, simple: bool) -> str:
    """Names the plugin that a tag belongs to by its first value; a tensor without one is judged by its form."""
    if simple:
        return SCALARS
    name: str = metadata.plugin_data.plugin_name
    return name or SCALARS
