"""What a tag can mean: which split it names, and which quantity is left when the split is taken out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.pairing import words as w
from tb_lossgap.pairing.naming import metric_label
from tb_lossgap.pairing.tokens import tokenise

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Sequence

    from tb_lossgap.pairing.tokens import Token
    from tb_lossgap.pairing.words import Split

# Lightning appends this for every loader after the first when there are several.
_LOADER = re.compile(r"(.+)/dataloader_idx_(\d+)")


class Quantity(NamedTuple):
    """What a series measures, whatever the split.

    Attributes:
        key: Equal for equal quantities: its words without separators and without scale of averaging.
        total_key: The key without words for a total, where the quantity is a loss; else the key.
        words: The words of the key.
        label: The quantity as a person reads it.
        refused: Why it can never be paired, or "".
    """

    key: str
    total_key: str
    words: tuple[str, ...]
    label: str
    refused: str


class Reading(NamedTuple):
    """One way to understand a tag.

    Attributes:
        split: The split that the tag names, None where it names none.
        quantity: What is left of the tag.
        scale: How values were averaged, as in `words.SCALE_WORDS`.
        weak: Whether the split was told by a word that also means other things.
        prefixed: Whether the split word opens the tag or a path segment of it ("val_loss").
        foreign: How many words for another split are left in the quantity.
        set: Which of several validation sets, "" for the plain one.
        convention: The entry of conventions.toml that reads it so, "" for the grammar.
    """

    split: Split | None
    quantity: Quantity
    scale: int
    weak: bool = False
    prefixed: bool = False
    foreign: int = 0
    set: str = ""
    convention: str = ""


@lru_cache(maxsize=65536)
def read_tag(tag: str, key: str = "") -> tuple[Reading, ...]:
    """Return every way to read `tag`, the plainest first.

    Args:
        tag: The tag.
        key: The key under which `add_scalars` logged it, where it did: it speaks before the tag.
    """
    loader = _LOADER.fullmatch(tag)
    text, which = (loader[1], f"dataloader_idx_{loader[2]}") if loader else (tag, "")
    start_of_key = len(text) + 1 if key else len(text)
    text = f"{text}/{key}" if key else text
    tokens = tokenise(text)
    splits = [(i, w.SPLIT_WORDS[token.word]) for i, token in enumerate(tokens) if token.word in w.SPLIT_WORDS]
    in_key = [found for found in splits if tokens[found[0]].start >= start_of_key]
    if in_key:
        named = {found.split for _, found in in_key}
        everywhere = frozenset(i for i, _ in splits)
        return tuple(_reading(text, tokens, split, everywhere, splits, which) for split in sorted(named))
    if not splits:
        return (_reading(text, tokens, None, frozenset(), splits, which),)
    return tuple(
        _reading(text, tokens, split, cut, splits, which)
        for split in sorted({found.split for _, found in splits})
        for cut in _cuts([i for i, found in splits if found.split == split])
    )


@lru_cache(maxsize=65536)
def read_blindly(tag: str) -> tuple[Quantity, int]:
    """Return the quantity and scale of a tag with every split word taken out, for where the run names the split."""
    tokens = tokenise(tag)
    return _quantity(tag, tokens, frozenset(i for i, token in enumerate(tokens) if token.word in w.SPLIT_WORDS))


def names_several_splits(readings: Sequence[Reading]) -> bool:
    """Whether a tag holds words for different splits, so that it names none by itself."""
    return len({reading.split for reading in readings}) > 1


def _cuts(places: list[int]) -> list[frozenset[int]]:
    """All places of a split word together, then the last and the first alone ("training/train_loss")."""
    cuts = [frozenset(places), frozenset(places[-1:]), frozenset(places[:1])]
    return list(dict.fromkeys(cuts))


def _reading(
    text: str,
    tokens: tuple[Token, ...],
    split: Split | None,
    cut: frozenset[int],
    splits: Sequence[tuple[int, w.SplitWord]],
    which: str,
) -> Reading:
    quantity, scale = _quantity(text, tokens, cut)
    return Reading(
        split,
        quantity,
        scale,
        weak=bool(cut) and all(found.weak for i, found in splits if i in cut),
        prefixed=any(tokens[i].start == 0 or text[tokens[i].start - 1] == "/" for i in cut),
        foreign=len(splits) - len(cut),
        set=which,
    )


def _quantity(text: str, tokens: tuple[Token, ...], cut: Collection[int]) -> tuple[Quantity, int]:
    """Take split words, fillers beside them, scale words and namespaces out of `tokens`."""
    raw = tuple(token.word for i, token in enumerate(tokens) if i not in cut)
    refused = w.refusal(raw)
    out = set(cut)
    scale = w.PLAIN
    averages = w.MEAN_WORDS if w.is_loss(raw) else frozenset()
    for i, token in enumerate(tokens):
        if token.word == "vs" and i + 1 < len(tokens) and tokens[i + 1].word in w.AXIS_WORDS:
            out.update(range(i, len(tokens)))
            scale = w.OTHER_AXIS
            break
        if i in cut:
            continue
        if token.word in w.SCALE_WORDS:
            out.add(i)
            found = w.SCALE_WORDS[token.word]
            scale = found if scale == w.PLAIN or found > scale else scale
        elif token.word in averages:
            out.add(i)
            scale = w.MEAN if scale == w.PLAIN else scale
    _cut_fillers(tokens, out)
    out |= _namespaces(text, tokens, out)
    kept = [i for i in range(len(tokens)) if i not in out]
    if not kept and not refused and any(tokens[i].word in w.SCALE_WORDS for i in out - set(cut)):
        refused = "a counter, not a measurement"
    words = _without_repeats(tuple(w.SYNONYMS.get(tokens[i].word, tokens[i].word) for i in kept))
    total = tuple(word for word in words if word not in w.TOTAL_WORDS) if w.is_loss(words) else words
    label = metric_label(text, tokens, kept)
    return Quantity(_key(words), _key(total), words, label, refused), scale


def _cut_fillers(tokens: Sequence[Token], out: set[int]) -> None:
    for order in (range(len(tokens)), range(len(tokens) - 1, -1, -1)):
        behind = -1
        for i in order:
            if behind in out and tokens[i].word in w.ATTACHED:
                out.add(i)
            behind = i


def _namespaces(text: str, tokens: Sequence[Token], out: Collection[int]) -> set[int]:
    """Leading path segments that say nothing more: "Loss/" before "total_loss", "lm-loss/" before "lm loss"."""
    segments: list[list[int]] = [[]]
    for i, token in enumerate(tokens):
        if i and "/" in text[tokens[i - 1].end : token.start]:
            segments.append([])
        if i not in out:
            segments[-1].append(i)
    segments = [segment for segment in segments if segment]
    gone: set[int] = set()
    while len(segments) > 1:
        first = [tokens[i].word for i in segments[0]]
        rest = tuple(tokens[i].word for segment in segments[1:] for i in segment)
        if not (set(first) <= set(rest) or (len(first) == 1 and first[0] in w.NAMESPACES and w.is_measure(rest))):
            break
        gone.update(segments.pop(0))
    return gone


def _without_repeats(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for i, word in enumerate(words) if i == 0 or word != words[i - 1] or word.isdigit())


def _key(words: tuple[str, ...]) -> str:
    """Join words so that separators and case do not tell names apart but numbers do."""
    return "".join(f" {word} " if word.lstrip("-").isdigit() else word for word in words)
