"""A person's own rules: two patterns that say which series are the sides of a pair."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from tb_lossgap.model import SeriesKey


class RuleError(ValueError):
    """A rule that cannot be used; the message says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Two patterns, searched for in "run/tag"; the run of the logdir itself is ".".

    Two series are a pair when one matches `train`, the other matches `val`, the named groups hold the same text
    in both, and what the patterns leave over before and after the match is the same.
    """

    text: str
    train: re.Pattern[str]
    val: re.Pattern[str]


class RulePairs(NamedTuple):
    """What a rule found: pairs, and series it matched without finding the one other side, with the reason."""

    pairs: tuple[tuple[SeriesKey, SeriesKey], ...]
    ambiguous: tuple[tuple[SeriesKey, str], ...]


def parse_rule(text: str) -> Rule:
    """Return the rule written as 'train=REGEX,val=REGEX'; the patterns may hold commas.

    Raises:
        RuleError: If it is not of that form, or a pattern cannot be used.
    """
    errors: list[RuleError] = []
    for train, val in _splits(text):
        try:
            return _rule(text, train, val)
        except RuleError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    example = "'train=(?P<run>.+)/fit_loss,val=(?P<run>.+)/check_loss'"
    raise RuleError(f"pairing rule {text!r}: expected train=REGEX,val=REGEX, such as {example}")


def load_rules(path: str | os.PathLike[str]) -> tuple[Rule, ...]:
    """Return the rules of a lossgap.toml: tables `[[pair]]`, each with `train` and `val`.

    Raises:
        RuleError: If the file cannot be read or a rule in it cannot be used; names the file.
    """
    name = os.fspath(path)
    try:
        document = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(f"{name}: cannot be read: {error}") from error
    entries = document.get("pair", [])
    if set(document) - {"pair"} or not isinstance(entries, list):
        raise RuleError(f"{name}: expected only [[pair]] tables, each with train = 'REGEX' and val = 'REGEX'")
    return tuple(_entry(name, number, entry) for number, entry in enumerate(entries, 1))


def apply_rule(rule: Rule, keys: Iterable[SeriesKey]) -> RulePairs:
    """Return what `rule` pairs among the series `keys`."""
    sides: dict[tuple[str, ...], tuple[list[SeriesKey], list[SeriesKey]]] = {}
    for key in keys:
        for which, tie in matches(rule, key):
            sides.setdefault(tie, ([], []))[which].append(key)
    pairs: list[tuple[SeriesKey, SeriesKey]] = []
    ambiguous: dict[SeriesKey, str] = {}
    for train, val in sides.values():
        if len(train) == len(val) == 1 and train != val:
            pairs.append((train[0], val[0]))
        elif train and val:
            why = (
                f"the rule {rule.text!r} matches {len(train)} training and {len(val)} validation series here:"
                " tie the sides with a named group in both, such as (?P<run>.+)"
            )
            ambiguous.update(dict.fromkeys((*train, *val), why))
    return RulePairs(tuple(sorted(pairs)), tuple(sorted(ambiguous.items())))


def matches(rule: Rule, key: SeriesKey) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the sides that a series may be by `rule`, 0 for training and 1 for validation, and what ties it there."""
    name = f"{key.run}/{key.tag}"
    for side, pattern in enumerate((rule.train, rule.val)):
        match = pattern.search(name)
        if match:
            groups = (value or "" for _, value in sorted(match.groupdict().items()))
            yield side, (name[: match.start()], name[match.end() :], *groups)


def _splits(text: str) -> Iterable[tuple[str, str]]:
    """Every way to cut `text` into a train and a val pattern, at each ",val=" (or ",train=" where val stands first)."""
    text = text.strip()
    for first, second, swap in (("train", "val", False), ("val", "train", True)):
        if not re.match(rf"{first}\s*=", text):
            continue
        for cut in re.finditer(rf",\s*{second}\s*=", text):
            one, other = text[text.index("=") + 1 : cut.start()], text[cut.end() :]
            yield (other, one) if swap else (one, other)


def _entry(name: str, number: int, entry: object) -> Rule:
    where = f"{name}: rule {number}"
    if not isinstance(entry, dict) or set(entry) != {"train", "val"}:
        raise RuleError(f"{where}: expected train = 'REGEX' and val = 'REGEX', nothing else")
    train, val = entry["train"], entry["val"]
    if not isinstance(train, str) or not isinstance(val, str):
        raise RuleError(f"{where}: train and val must be strings")
    try:
        return _rule(f"train={train},val={val}", train, val)
    except RuleError as error:
        raise RuleError(f"{where}: {error}") from error


def _rule(text: str, train: str, val: str) -> Rule:
    patterns = [_compiled(text, side, pattern) for side, pattern in (("train", train), ("val", val))]
    if train == val:
        raise RuleError(f"pairing rule {text!r}: both patterns are the same, so nothing tells training from validation")
    lone = set(patterns[0].groupindex) ^ set(patterns[1].groupindex)
    if lone:
        raise RuleError(
            f"pairing rule {text!r}: the named group {min(lone)!r} stands in one pattern only;"
            " give it to both, since groups of one name tie the two sides"
        )
    return Rule(text, patterns[0], patterns[1])


def _compiled(text: str, side: str, pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise RuleError(f"pairing rule {text!r}: the {side} pattern {pattern!r} is not valid: {error}") from error
    if compiled.search(""):
        raise RuleError(f"pairing rule {text!r}: the {side} pattern {pattern!r} matches any name; say more of it")
    return compiled
