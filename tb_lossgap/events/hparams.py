"""Hyperparameters as the hparams plugin's summaries carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tb_lossgap.events.messages import UNPARSABLE

if TYPE_CHECKING:
    from tensorboard.compat.proto.summary_pb2 import Summary

    from tb_lossgap.model import HParam

_SESSION_START = "_hparams_/session_start_info"
# Nobody chooses more than that, and it takes up many times its length.
_LONGEST = 1 << 20


def session_hparams(value: Summary.Value) -> dict[str, HParam]:
    """Gives the hyperparameters that a session's start names, {} for every other summary.

    Lists, structures and nulls are left out: they are no column and no axis. So are more than a mebibyte of them.
    """
    if value.tag != _SESSION_START or len(value.metadata.plugin_data.content) > _LONGEST:
        return {}
    from tensorboard.plugins.hparams import plugin_data_pb2

    try:
        content = plugin_data_pb2.HParamsPluginData.FromString(value.metadata.plugin_data.content)
    except UNPARSABLE:
        return {}
    hparams: dict[str, HParam] = {}
    # A map of protobuf has another order in every process.
    for name, setting in sorted(content.session_start_info.hparams.items()):
        kind = setting.WhichOneof("kind")
        if kind in ("number_value", "string_value", "bool_value"):
            hparams[name] = getattr(setting, kind)
    return hparams
