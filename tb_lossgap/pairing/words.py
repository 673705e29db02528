"""The words that pairing knows: splits, scales of averaging, losses, metrics, and what is no measurement."""

from __future__ import annotations

import re
from typing import Literal
from typing import NamedTuple
from typing import TypeAlias

Split: TypeAlias = Literal["train", "val", "test"]


class SplitWord(NamedTuple):
    """A word that names a split; a weak one also means other things and needs a marked counterpart."""

    split: Split
    weak: bool


_STRONG: dict[Split, str] = {
    "train": "train training trn",
    "val": "val valid validation validate validating eval evaluation evaluate holdout heldout",
    "test": "test testing tst",
}
_WEAK: dict[Split, str] = {"train": "tr learn fit", "val": "dev cv vl", "test": "te ts"}
SPLIT_WORDS: dict[str, SplitWord] = {
    word: SplitWord(split, weak)
    for weak, table in ((False, _STRONG), (True, _WEAK))
    for split, words in table.items()
    for word in words.split()
}
# Where one training has several validation sets beside each other, the earlier of these is its validation.
VALIDATION_ORDER = tuple(f"{_STRONG['val']} {_WEAK['val']} {_STRONG['test']} {_WEAK['test']}".split())

# Words that say how values were averaged, not what was measured; smaller is preferred.
EPOCH, MEAN, PLAIN, WINDOW, BATCH, OTHER_AXIS = range(6)
SCALE_WORDS: dict[str, int] = {
    **dict.fromkeys("epoch epochs epochwise".split(), EPOCH),
    **dict.fromkeys("running smooth smoothed smoothing moving mov".split(), WINDOW),
    **dict.fromkeys("step steps batch batches minibatch iter iters iteration iterations current".split(), BATCH),
}
# Averages of a loss are that loss; of other quantities ("mean IoU") they may be a different one.
MEAN_WORDS = frozenset("avg average averaged mean ave".split())
TOTAL_WORDS = frozenset("total sum overall combined full all".split())
AXIS_WORDS = frozenset("samples sample gigaflos flops tokens iterations iteration steps step epochs epoch time".split())
# Fillers that go with the split word they stand next to: "loss on the train set", "TrainEpochStats".
ATTACHED = frozenset(
    "set sets data dataset split phase stage mode stats on of the for during in over vs and per each a".split()
)
# Leading path segments that only say "what follows is one of these".
NAMESPACES = frozenset("loss losses metric metrics scalar scalars stats".split())
# Numbers after these tell models apart, never validation sets.
FOLD_WORDS = frozenset("fold folds cv k seed run trial rep repeat split version exp experiment model".split())

LOSS_WORDS = frozenset({"loss", "losses"})
# Losses whose name lacks the word, the surest first; the first that a training pairs stands in for its loss.
_STAND_INS = (
    "logloss crossentropy xent ce bce nll elbo logprob logprobs loglik loglikelihood logp",
    "rmse mse rmsle msle msd huber logcosh quantile poisson hinge tweedie kl kld",
    "mae mape smape mase l1 l2",
    "error err distortion mcd",
    "ppl perplexity bpc bpb",
    "cost objective energy wer cer ter",
)
STAND_INS: dict[str, int] = {word: rank for rank, words in enumerate(_STAND_INS) for word in words.split()}
_STAND_IN_PHRASES = {"cross entropy": 0, "log prob": 0, "log probs": 0, "log likelihood": 0, "absolute error": 2}

HIGHER_IS_BETTER = frozenset(
    "acc accuracy accuracies auc auroc auprc aucpr prauc roc precision prec recall f1 f2 fbeta fscore dice iou miou"
    " giou jaccard map ap ar r2 bleu rouge meteor cider spice ndcg mrr hit hits psnr ssim kappa mcc specificity"
    " sensitivity tpr tnr npv ppv score scores correct em logprob logprobs loglik loglikelihood logp elbo cosine similarity"
    " correlation corr pearson spearman top success gini pck likelihood f pfound margin margins chosen".split()
)
_HIGHER_PHRASES = re.compile(r"\b(?:log (?:prob|probs|probability|likelihood)|r 2|m ap|explained variance)\b")
_LOWER = re.compile(r"\b(?:neg|negative|nll|error|err|rmse|mse|mae|distance|losses|\w*loss)\b")

SYNONYMS = {"accuracy": "acc", "accuracies": "acc", "losses": "loss", "perplexity": "ppl", "error": "err"}

_GLUE_SPLIT = "training|train|trn|validation|valid|val|eval|testing|test"
_GLUE_SCALE = "epoch|batch|avg|mean|total|running"
_GLUE_MEASURE = "losses|loss|accuracy|acc|error|err|perplexity|ppl|auc|iou|dice|rmse|mse|mae"
GLUED = re.compile(
    rf"(?:({_GLUE_SPLIT})({_GLUE_SCALE})?({_GLUE_MEASURE}|set|data)"
    rf"|({_GLUE_SCALE})({_GLUE_SPLIT})?({_GLUE_MEASURE})"
    rf"|(losses|loss|accuracy|acc|error|perplexity|ppl|auc|dice)({_GLUE_SPLIT}))"
)

# (pattern over the words of a name without its split words, why such a series is no side of a pair)
_NEVER = (
    (r"hp metric|hparams?\b.*", "a hyperparameter summary, not a curve"),
    (r"best", "a best-so-far summary, not a curve"),
    (r"(?:loss|kl|reg|aux) (?:scales?|scaler|weights?|coeff?|coefficient|factor|lambda)$", "a weight or scale, not a loss"),
    (r"(?:lr|learning rate)$", "a learning rate: a setting, not a measurement"),
    (r"(?:grad|grads|gradient|gradients) norm", "a gradient norm, not a loss"),
    (
        r"rewards?|returns?|episodes?|episodic|ep (?:rew|len)|rollouts?|elo"
        r"|advantages?|approx kl|clip ?(?:frac|fraction)",
        "a reinforcement-learning figure, not a supervised measure",
    ),
    (
        r"(?:policy|actor|critic|td|surrogate)(?: \d)? (?:\w+ )?(?:loss|error)|value (?:function )?loss"
        r"|(?<!cross )(?:alpha|ent|vf|pg|pi|v|qf?(?: \d)?) (?:loss|error)"
        r"|(?<!cross )(?<!binary )(?<!categorical )entropy (?:loss|bonus)|loss (?:actor|critic|policy|pi|v|q|vf|pg)",
        "a reinforcement-learning objective, not a supervised loss",
    ),
    (r"signed", "a signed error: zero is best, neither more nor less"),
)
_UNLESS_MEASURE = (
    (
        r"lr\d*|lrs|learning rate|momentum|weight decay|wd|temperature|teacher forcing|schedule[rd]?|warmup|annealing|dropout"
        r"|coeff?|coefficient|scale|scaler",
        "a setting, not a measurement",
    ),
    (
        r"times?|timers?|timing|seconds?|secs?|ms|duration|runtime|latency|speed|fps|throughput|eta|elapsed|wall|wps|ups"
        r"|hours|minutes|flops?|tflops|flos|mfu|tps|per second",
        "a time or a speed, not a measure of the model",
    ),
    (
        r"num|counts?|counter|samples|examples|tokens|words|bsz|wpb|updates|size|lengths?|len|memory|mem|gpu|cpu"
        r"|gb|mb|ram|global step",
        "a count, not a measure of the model",
    ),
    (
        r"grads?|gradients?|gnorm|weights?|params?|parameters|kernels?|bias|biases|activations?|clip|histogram",
        "weights or gradients, not a measure of the model",
    ),
    (r"policy|actor|critic|entropy coeff?", "a reinforcement-learning figure, not a supervised measure"),
)
_ONLY = (
    (
        r"(?:(?:epochs?|steps?|batch(?:es)?|iter(?:s|ation|ations)?|n|i|t|total|global|idx|index|current) ?)+",
        "a counter, not a measurement",
    ),
    (r"alpha|beta|gamma|sigma|epsilon|lambda|tau|mu", "a setting, not a measurement"),
)
_NEVER_RULES = tuple((re.compile(rf"\b(?:{pattern})(?!\w)"), why) for pattern, why in _NEVER)
_UNLESS_RULES = tuple((re.compile(rf"\b(?:{pattern})\b"), why) for pattern, why in _UNLESS_MEASURE)
_ONLY_RULES = tuple((re.compile(pattern), why) for pattern, why in _ONLY)


def is_loss(words: tuple[str, ...]) -> bool:
    """Whether a name calls itself a loss, also glued to what it is a loss of ("nllloss")."""
    return any(word in LOSS_WORDS or word.endswith("loss") for word in words)


def stand_in_rank(words: tuple[str, ...]) -> int | None:
    """Return how well a quantity stands in for a loss, 0 best, None where it cannot."""
    text = " ".join(words)
    ranks = [STAND_INS[word] for word in words if word in STAND_INS]
    ranks += [rank for phrase, rank in _STAND_IN_PHRASES.items() if phrase in text]
    return min(ranks, default=None)


def higher_is_better(words: tuple[str, ...]) -> bool:
    """Whether more of a quantity is better, as its name tells."""
    text = " ".join(words)
    if _LOWER.search(text):
        return False
    return not HIGHER_IS_BETTER.isdisjoint(words) or bool(_HIGHER_PHRASES.search(text))


def is_measure(words: tuple[str, ...]) -> bool:
    """Whether a name holds a word for a loss or a metric."""
    return is_loss(words) or stand_in_rank(words) is not None or higher_is_better(words)


def refusal(words: tuple[str, ...]) -> str:
    """Return why a quantity can never be a side of a pair, or "" if it can.

    Args:
        words: The words of a name in lower case, its split words taken out.
    """
    text = " ".join(words)
    for pattern, why in _NEVER_RULES:
        if pattern.search(text):
            return why
    for pattern, why in _ONLY_RULES:
        if pattern.fullmatch(text):
            return why
    if not is_measure(words):
        for pattern, why in _UNLESS_RULES:
            if pattern.search(text):
                return why
    return ""
