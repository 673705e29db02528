"""What a series measures: its name without the split, without how it was averaged, without noise."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import NamedTuple

from tb_lossgap.pairing import words as w
from tb_lossgap.pairing.naming import metric_label
from tb_lossgap.pairing.refusals import COUNTER
from tb_lossgap.pairing.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Sequence

    from tb_lossgap.pairing.tokens import Token


# Prominence: the order in which quantities are asked to stand for their training, smaller first.
_TOTAL, _SUM, _MAIN, _COMPONENT, _SIDE, STAND_IN, _METRIC = 0, 1, 2, 3, 4, 10, 20
_SUMS = w.TOTAL_WORDS | {"loss", "final"}
_SIDE_WORDS = w.words_of(
    "adversarial adv disc discriminator d fake real reg regularization regularisation aux auxiliary commit kl kld"
    " feature matching fm"
)
_MAIN_WORDS = frozenset({"generator", "gen", "g", "main"})


class Quantity(NamedTuple):
    """What a series measures, whatever the split.

    Attributes:
        key: Equal for equal quantities, however they are written.
        total_key: The key without words for a total, where the quantity is a loss; else the key.
        words: The words of the key.
        label: The quantity as a person reads it.
        refused: Why it can never be paired, or "".
        loss: Whether it is called a loss.
        stand_in: How well it stands in for a loss, 0 best; None where it cannot.
        prominence: How soon it stands for its training, 0 first.
        higher: Whether more of it is better, as its name tells.
    """

    key: str
    total_key: str
    words: tuple[str, ...]
    label: str
    refused: str
    loss: bool
    stand_in: int | None
    prominence: int
    higher: bool

    @property
    def measured(self) -> bool:
        """Whether the name holds a word for a loss or a metric."""
        return self.loss or self.stand_in is not None or self.higher


def quantity_of(text: str, tokens: Sequence[Token], cut: Collection[int]) -> tuple[Quantity, int]:
    """Return the quantity that `text` names, and the scale of averaging, as in `words.SCALE_WORDS`.

    Args:
        text: A tag.
        tokens: Its words.
        cut: Indices of the words that name the split.
    """
    raw = tuple(token.word for i, token in enumerate(tokens) if i not in cut)
    out, scale = _scales(tokens, cut, w.MEAN_WORDS if w.is_loss(raw) else frozenset())
    scaled = len(out) > len(cut)
    _cut_fillers(tokens, out)
    out |= _namespaces(text, tokens, out)
    kept = [i for i in range(len(tokens)) if i not in out]
    words = _without_repeats([w.SYNONYMS.get(tokens[i].word, tokens[i].word) for i in kept])
    loss, stand_in = w.is_loss(words), w.stand_in_rank(words)
    quantity = Quantity(
        key=_key(words),
        total_key=_key(tuple(word for word in words if not loss or word not in w.TOTAL_WORDS)),
        words=words,
        label=metric_label(text, tokens, kept),
        refused=refusal(raw) or (COUNTER if scaled and not words else ""),
        loss=loss,
        stand_in=stand_in,
        prominence=_prominence(words, stand_in, loss=loss),
        higher=w.is_higher_better(words),
    )
    return quantity, scale


def _prominence(words: tuple[str, ...], stand_in: int | None, *, loss: bool) -> int:
    """The total loss, sums of losses, the losses of a main network, components, side terms, stand-ins, metrics."""
    if not loss:
        return _METRIC if stand_in is None else STAND_IN + stand_in
    if words == ("loss",):
        return _TOTAL
    if _SUMS.issuperset(words):
        return _SUM
    if not _SIDE_WORDS.isdisjoint(words):
        return _SIDE
    return _COMPONENT if _MAIN_WORDS.isdisjoint(words) else _MAIN


def _scales(tokens: Sequence[Token], cut: Collection[int], averages: Collection[str]) -> tuple[set[int], int]:
    """Cut the words that say how values were averaged, and return what they say."""
    out = set(cut)
    scales = []
    for i, token in enumerate(tokens):
        if token.word == "vs" and tokens[i + 1 : i + 2] and tokens[i + 1].word in w.AXIS_WORDS:
            out.update(range(i, len(tokens)))
            return out, w.OTHER_AXIS
        if i in cut or token.word not in {*w.SCALE_WORDS, *averages}:
            continue
        out.add(i)
        scales.append(w.SCALE_WORDS.get(token.word, w.MEAN))
    told = [scale for scale in scales if scale != w.MEAN] or scales
    return out, max(told, default=w.PLAIN)


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
    left = Counter(tokens[i].word for segment in segments for i in segment)
    for place, segment in enumerate(segments[:-1], 1):
        first = [tokens[i].word for i in segment]
        left.subtract(first)
        repeated = all(left[word] for word in first) and not any(word.isdigit() for word in first)
        if not repeated:
            rest = tuple(tokens[i].word for segment in segments[place:] for i in segment)
            if first[0] not in w.NAMESPACES or len(first) > 1 or not w.is_measure(rest):
                break
        gone.update(segment)
    return gone


def _without_repeats(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for i, word in enumerate(words) if i == 0 or word != words[i - 1] or word.isdigit())


def _key(words: Sequence[str]) -> str:
    """Join words so that separators and case do not tell names apart but numbers do."""
    return "".join(f" {word} " if word.lstrip("-").isdigit() else word for word in words)
