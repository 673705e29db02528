"""Names that people read: of a quantity, and of a training."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tb_lossgap.pairing import words as w
from tb_lossgap.pairing.tokens import tokenise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tb_lossgap.pairing.tokens import Token

# Stands for the split word that was taken out of a run's path; no path can hold it.
HOLE = "\0"

_SEPARATORS = re.compile(r"[\s_\-./:|,;=]+")
_FILLERS = frozenset({"set", "data", "dataset", "split", "log", "logs"})
_PLAIN_WORDS = w.words_of("loss losses accuracy acc precision recall error perplexity dice score total")


def metric_label(text: str, tokens: Sequence[Token], kept: Sequence[int]) -> str:
    """Return `text` with only the tokens at the indices `kept`, tidied; "Loss" alone becomes "loss"."""
    plain = all(tokens[i].word in _PLAIN_WORDS or tokens[i].word.isdigit() for i in kept)
    label = ""
    for place, i in enumerate(kept):
        token = tokens[i]
        joint = _joint(text, tokens, kept[place - 1], i) if place else ""
        camel = (place and not joint) or any(tokens[j].start == token.end for j in kept[place + 1 : place + 2])
        label += joint + (token.word if plain and not camel else text[token.start : token.end])
    for opening, closing in ("()", "[]"):
        label += closing * (label.count(opening) - label.count(closing))
    return label or "value"


def _joint(text: str, tokens: Sequence[Token], left: int, right: int) -> str:
    gap = text[tokens[left].end : tokens[right].start]
    if right == left + 1:
        return gap
    between = [text[tokens[i].end : tokens[i + 1].start] for i in range(left, right)]
    if any("/" in part for part in between):
        return "/"
    return next((part for part in between if _SEPARATORS.fullmatch(part)), "_")


def training_name(path: str, measured: tuple[str, ...] = ()) -> str:
    """Return the name of the training whose runs share `path`, the split word's place marked by HOLE.

    Args:
        path: A run's path with HOLE in place of the split words.
        measured: The words of the one quantity that these runs hold, if they hold but one: "train_loss" and
            "val_loss" as runs are named for what is in them, not for a training.
    """
    segments = []
    for segment in path.split("/"):
        if HOLE not in segment:
            segments.append(segment)
            continue
        left = _close(segment)
        words = tuple(w.SYNONYMS.get(token.word, token.word) for token in tokenise(left))
        if measured and words[: len(measured)] == measured:
            left = left[tokenise(left)[len(measured) - 1].end :].lstrip("_-. ")
            words = words[len(measured) :]
        if left and not set(words) <= _FILLERS:
            segments.append(left)
    return "/".join(segments) or "."


def _close(segment: str) -> str:
    """Take each HOLE out together with one separator beside it."""
    before, *parts = segment.split(HOLE)
    for after in parts:
        if not before:
            before = after.lstrip("_-. ")
        elif not after:
            before = before.rstrip("_-. ")
        else:
            before = before + _SEPARATORS.sub("", after, count=1) if _SEPARATORS.match(after) else before + after
    return before
