"""The entry point that TensorBoard loads: imports next to nothing and never raises."""

from __future__ import annotations

import argparse
import logging
from typing import TYPE_CHECKING

from tensorboard.plugins import base_plugin

if TYPE_CHECKING:
    from tb_lossgap.plugin import LossGapPlugin

_logger = logging.getLogger(__name__)

PAIR_HELP = """\
How to pair scalars that Loss Gap does not pair by itself: two regular expressions that are looked for in "run/tag".
Named groups tie the two sides together. May be given several times."""


MEMORY_HELP = """\
About how many MiB the points of the logdir may take up in Loss Gap; the event files written last come first, and the
page says how much is left out. Default: half the memory of the machine or container."""


class LossGapLoader(base_plugin.TBLoader):  # type: ignore[misc]  # TensorBoard ships no types
    """Makes the plugin when TensorBoard starts, and keeps every failure of ours away from it."""

    def define_flags(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command-line flags of the plugin."""
        try:
            group = parser.add_argument_group("Loss Gap plugin")
            group.add_argument(
                "--lossgap_pair", metavar="train=REGEX,val=REGEX", action="append", default=[], help=PAIR_HELP
            )
            group.add_argument("--lossgap_memory", metavar="MIB", type=int, default=None, help=MEMORY_HELP)
        except argparse.ArgumentError as error:
            _logger.warning("Loss Gap: another plugin already has this flag; it is left to that plugin: %s", error)

    def load(self, context: base_plugin.TBContext) -> LossGapPlugin | None:
        """Makes the plugin; without it, and with the reason in the log, if that fails."""
        try:
            from tb_lossgap.plugin import LossGapPlugin  # a failing import must not end TensorBoard

            return LossGapPlugin(context)
        except Exception:
            _logger.exception("Loss Gap could not be loaded; TensorBoard goes on without it")
            return None
