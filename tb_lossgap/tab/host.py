"""What TensorBoard was started with, turned into a library."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import re
from typing import TYPE_CHECKING

from tb_lossgap.events import LogReader
from tb_lossgap.events import default_memory
from tb_lossgap.library import Library
from tb_lossgap.library import wanted_tags
from tb_lossgap.pairing import RuleError
from tb_lossgap.pairing import parse_rule
from tb_lossgap.tab.provider import FallbackSource
from tb_lossgap.tab.provider import ProviderSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tensorboard.plugins import base_plugin

    from tb_lossgap.library import Source
    from tb_lossgap.pairing import Rule

_logger = logging.getLogger(__name__)

_URL = re.compile("[a-zA-Z][0-9a-zA-Z.]*://")


def open_library(context: base_plugin.TBContext) -> Library:
    """The library over the logdir that TensorBoard shows; reads nothing yet."""
    # A process that ends looks several times for cycles among all its objects; a large logdir's take it seconds.
    atexit.register(gc.freeze)
    flags = context.flags
    logdir = context.logdir or getattr(flags, "logdir", "") or ""
    spec = getattr(flags, "logdir_spec", "") or ""
    roots = [("", os.path.expanduser(logdir))] if logdir else spec_roots(spec)
    rules = usable_rules(getattr(flags, "lossgap_pair", None) or ())
    rules_file = None if not logdir or _URL.match(logdir) else os.path.join(roots[0][1], "lossgap.toml")
    wanted = wanted_tags(rules, rules_file)
    mebibytes = getattr(flags, "lossgap_memory", None)
    memory = default_memory() if mebibytes is None else mebibytes << 20
    source: Source = LogReader(roots, wanted=wanted, memory=memory)
    if context.data_provider is not None:
        source = FallbackSource(source, ProviderSource(context.data_provider, wanted=wanted))
    return Library(
        source,
        logdir or spec,
        rules=rules,
        rules_file=rules_file,
        reload_interval=float(getattr(flags, "reload_interval", None) or 0),
    )


def usable_rules(texts: Sequence[str]) -> tuple[Rule, ...]:
    """The rules that can be understood; the others are named in the log, with what is wrong."""
    rules = []
    for text in texts:
        try:
            rules.append(parse_rule(text))
        except RuleError as error:
            _logger.warning("Loss Gap goes on without --lossgap_pair %r: %s", text, error)
    return tuple(rules)


def spec_roots(spec: str) -> list[tuple[str, str]]:
    """Prefixes of runs with their directories, as TensorBoard reads `--logdir_spec name:path,name:path`.

    A specification that starts with "/", with a URL's scheme or with a drive has no name, and its runs have no prefix.
    A directory that is named twice has the name that comes last.
    """
    names = {}
    for one in filter(None, spec.split(",")):
        named = ":" in one and not one.startswith("/") and not _URL.match(one) and not os.path.splitdrive(one)[0]
        name, _, path = one.partition(":") if named else ("", "", one)
        names[path if _URL.match(path) else os.path.realpath(os.path.expanduser(path))] = name
    return [(name, path) for path, name in names.items()]
