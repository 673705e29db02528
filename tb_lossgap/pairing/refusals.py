"""Quantities that are never a side of a pair: settings, times, counts, reinforcement learning, summaries."""

from __future__ import annotations

import re

from tb_lossgap.pairing.words import is_measure

REINFORCEMENT = "reinforcement learning, not a supervised measure"
COUNTER = "a counter, not a measurement"
_SETTING = "a setting, not a measurement"

# Patterns over the words of a name, in lower case, one space between them, its split words taken out.
_NEVER = {
    r"hp metric|hparams?": "a hyperparameter summary, not a curve",
    r"best": "a best-so-far summary, not a curve",
    r"(?<!kl )(?<!js )(?<!leibler )(?<!shannon )divergence$": "a difference of two splits already",
    r"(?:loss|kl|reg|aux) (?:scales?|scaler|weights?|coeff?|coefficient|factor|lambda)$": _SETTING,
    r"(?:lr|learning rate)(?: \d+)*$": _SETTING,
    r"(?:grads?|gradients?) norm": "a gradient norm, not a loss",
    r"rewards?|returns?|episodes?|episodic|ep (?:rew|len)|rollouts?|elo|advantages?": REINFORCEMENT,
    r"success(?:es)?|win ?rate": REINFORCEMENT,
    r"approx kl|clip ?(?:frac|fraction)": REINFORCEMENT,
    r"(?:policy|actor|critic|td|surrogate)(?: \d)? (?:\w+ )?(?:loss|error)|value (?:function )?loss": REINFORCEMENT,
    r"(?<!cross )(?:alpha|ent|vf|pg|pi|v|qf?(?: \d)?) (?:loss|error)": REINFORCEMENT,
    r"loss (?:actor|critic|policy|pi|v|q|vf|pg)": REINFORCEMENT,
    r"(?<!cross )(?<!binary )(?<!categorical )entropy (?:loss|bonus)": REINFORCEMENT,
    r"std|stddev|stdev": "how much a measure varies, not the measure",
    r"signed": "a signed error: zero is best, neither more nor less",
}
_UNLESS_MEASURE = {
    r"lr|lrs|learning rate|momentum|weight decay|wd|temperature|teacher forcing|schedule[rd]?": _SETTING,
    r"warmup|annealing|dropout|coeff?|coefficient|scale|scaler": _SETTING,
    r"times?|timers?|timing|seconds?|secs?|ms|duration|runtime|latency|eta|elapsed|wall|hours|minutes": (
        "a time, not a measure of the model"
    ),
    r"speed|fps|throughput|wps|ups|flops?|tflops|flos|mfu|tps|ctps|ltps|exps|tgtper|per second|samples per": (
        "a speed, not a measure of the model"
    ),
    r"num|counts?|counter|samples|examples|exs|expb|tokens|words|bsz|wpb|tpb|ctpb|ltpb|updates|size|lengths?|len": (
        "a count, not a measure of the model"
    ),
    r"llen|clen|ctrunc|ltrunc|memory|mem|gpu|cpu|gb|mb|ram|global step": "a count, not a measure of the model",
    r"grads?|gradients?|gnorm|weights?|params?|parameters|kernels?|bias|biases|activations?|clip|histogram": (
        "weights or gradients, not a measure of the model"
    ),
    r"policy|actor|critic|entropy coeff?": REINFORCEMENT,
}
_ALONE = {
    r"(?:(?:epochs?|steps?|batch(?:es)?|iter(?:s|ations?)?|n|i|t|total|global|idx|index|current)(?: |$))+": COUNTER,
    r"alpha|beta|gamma|sigma|epsilon|lambda|tau|mu": _SETTING,
}


def _any_of(patterns: dict[str, str], form: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return one pattern for all, the n-th of them in a group called "n", and the reasons in their order."""
    groups = (f"(?P<_{place}>{pattern})" for place, pattern in enumerate(patterns))
    return re.compile(form.format("|".join(groups))), tuple(patterns.values())


_SEARCHED = _any_of(_NEVER, r"\b(?:{})(?!\w)")
_MATCHED = _any_of(_ALONE, r"(?:{})\Z")
_SEARCHED_UNLESS = _any_of(_UNLESS_MEASURE, r"\b(?:{})\b")


def refusal(words: tuple[str, ...]) -> str:
    """Return why a quantity can never be a side of a pair, or "" if it can.

    Args:
        words: The words of a name in lower case, its split words taken out.
    """
    text = " ".join(words)
    for (pattern, reasons), find in ((_SEARCHED, re.Pattern.search), (_MATCHED, re.Pattern.match)):
        found = find(pattern, text)
        if found:
            return _reason(found, reasons)
    pattern, reasons = _SEARCHED_UNLESS
    found = pattern.search(text)
    return _reason(found, reasons) if found and not is_measure(words) else ""


def _reason(found: re.Match[str], reasons: tuple[str, ...]) -> str:
    return next(why for place, why in enumerate(reasons) if found[f"_{place}"] is not None)
