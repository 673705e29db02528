"""Invented logdirs: whatever the names, pairs are recovered, and where there are none, none are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tb_lossgap.model import Pairing
from tb_lossgap.model import Scalar
from tb_lossgap.model import SeriesKey
from tb_lossgap.pairing import could_pair
from tb_lossgap.pairing import pair_scalars

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

SURE = [
    *[("train", "val"), ("train", "valid"), ("train", "validation"), ("training", "validation"), ("train", "eval")],
    *[("train", "test"), ("trn", "val"), ("tr", "val"), ("train", "dev"), ("train", "cv"), ("fit", "holdout")],
    *[("training", "evaluation"), ("train", "validate"), ("training", "testing")],
]
# Two words that also mean other things are believed in fewer places.
SPLITS = st.sampled_from([*SURE, ("learn", "test"), ("tr", "te")])
SURE_SPLITS = st.sampled_from(SURE)
DOUBTFUL = {"tr", "learn", "fit"}
CASES = st.sampled_from([str.lower, str.title, str.upper])
SEPARATORS = st.sampled_from(["_", "-", ".", " ", "/"])
MEASURES = st.sampled_from(
    ["loss", "accuracy", "rmse", "box_loss", "f1", "perplexity", "nll", "dice score", "top_5_accuracy"]
)
UNKNOWN = st.sampled_from(["wibble", "chamfer", "smoothness", "alignment quality"])
DIRECTORIES = st.lists(
    st.sampled_from(
        ["runs", "exp", "resnet50", "lr=0.1", "2024-01-02_03.04.05", "fold_0", "seed 7", "a (copy)", "Mode1"]
    ),
    max_size=3,
)
NUMBERS = st.sampled_from(["fold_{}", "seed{}", "cv_{}", "version_{}", "trial-{}", "{}"])


def scalars(names: list[tuple[str, str]], points: int = 20) -> list[Scalar]:
    return [Scalar(SeriesKey(run, tag), points) for run, tag in names]


def sides(pairing: Pairing) -> set[tuple[SeriesKey, SeriesKey]]:
    return {(pair.train, pair.val) for training in pairing.trainings for pair in training.pairs}


def join(directories: list[str], *more: str) -> str:
    return "/".join([*directories, *more]) or "."


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A quantity's tag on both splits, spelt in one way."""
    words, case, separator = draw(SPLITS), draw(CASES), draw(SEPARATORS)
    quantity = draw(st.one_of(MEASURES, UNKNOWN)) if words[0] not in DOUBTFUL else draw(MEASURES)
    prefix = draw(st.booleans())
    return tuple(  # type: ignore[return-value]
        case(separator.join([word, quantity] if prefix else [quantity, word])) for word in words
    )


@given(DIRECTORIES, spellings())
def test_a_split_in_the_tag_is_found(directories: list[str], tags: tuple[str, str]) -> None:
    run = join(directories)
    found = pair_scalars(scalars([(run, tag) for tag in tags]))
    assert sides(found) == {(SeriesKey(run, tags[0]), SeriesKey(run, tags[1]))}
    assert [training.name for training in found.trainings] == [run]


@given(
    DIRECTORIES, SURE_SPLITS, CASES, MEASURES, st.sampled_from(["{}", "model_{}", "{}-model", "2024-{}_x", "{}_log"])
)
def test_a_split_in_the_run_is_found(
    directories: list[str], words: tuple[str, str], case: Callable[[str], str], tag: str, pattern: str
) -> None:
    runs = [join(directories, pattern.format(case(word))) for word in words]
    found = pair_scalars(scalars([(run, tag) for run in runs]))
    assert sides(found) == {(SeriesKey(runs[0], tag), SeriesKey(runs[1], tag))}


@given(DIRECTORIES, SPLITS, MEASURES)
def test_a_split_in_run_and_tag_is_found(directories: list[str], words: tuple[str, str], quantity: str) -> None:
    names = [(join(directories, word), f"{word}/{quantity}") for word in words]
    found = pair_scalars(scalars(names))
    assert sides(found) == {(SeriesKey(*names[0]), SeriesKey(*names[1]))}


@given(SPLITS, st.sampled_from(["loss", "acc", "Loss/fold", "Mean (IoU)", "f1.score"]))
def test_the_sub_runs_of_add_scalars_are_found(words: tuple[str, str], main: str) -> None:
    names = [(f"exp/{main.replace('/', '_')}_{word}", main) for word in words]
    found = pair_scalars(scalars(names))
    assert sides(found) == {(SeriesKey(*names[0]), SeriesKey(*names[1]))}
    assert [training.name for training in found.trainings] == ["exp"]


@given(
    number=NUMBERS,
    words=SURE_SPLITS,
    quantity=MEASURES,
    members=st.sets(st.integers(0, 99), min_size=2, max_size=6),
    in_tag=st.booleans(),
    before=st.booleans(),
)
def test_numbers_never_cross(
    number: str, words: tuple[str, str], quantity: str, members: set[int], *, in_tag: bool, before: bool
) -> None:
    """Every other member has lost one of its sides."""
    names: list[tuple[str, str]] = []
    whole: set[tuple[SeriesKey, SeriesKey]] = set()
    for place, member in enumerate(sorted(members)):
        name = number.format(member)
        if in_tag:
            both = [("r", f"{name}/{word}_{quantity}" if before else f"{word}_{quantity}/{name}") for word in words]
        else:
            both = [(f"{name}/{word}" if before else f"{word}/{name}", quantity) for word in words]
        if place % 2:
            names.append(both[place % 4 // 2])
        else:
            names += both
            whole.add((SeriesKey(*both[0]), SeriesKey(*both[1])))
    assert sides(pair_scalars(scalars(names))) == whole


@given(DIRECTORIES, SPLITS, MEASURES, st.integers(0, 1))
def test_one_side_alone_gives_nothing(directories: list[str], words: tuple[str, str], quantity: str, side: int) -> None:
    names = [
        (join(directories, words[side]), quantity),
        (join(directories, "other"), f"{words[side]}_{quantity}"),
        (join(directories, "third"), quantity),
        (join(directories, f"{quantity.replace(' ', '_')}_{words[side]}"), quantity),
    ]
    assert sides(pair_scalars(scalars(names))) == set()


@given(
    tags=st.lists(
        st.sampled_from(
            [
                *[
                    "train/policy_loss",
                    "train/value_loss",
                    "train/entropy_loss",
                    "train/approx_kl",
                    "train/clip_fraction",
                ],
                *[
                    "train/loss",
                    "train/reward",
                    "eval/reward",
                    "test/reward",
                    "eval/mean_reward",
                    "eval/mean_ep_length",
                ],
                *["train/ep_len", "rollout/ep_rew_mean", "rollout/ep_len_mean", "time/fps", "train/learning_rate"],
                *[
                    "Losses/Policy Loss",
                    "Losses/Value Loss",
                    "train/actor_loss",
                    "eval/actor_loss",
                    "train/critic_loss",
                ],
                *["eval/critic_loss", "train/episode_return", "eval/episode_return", "train/score", "eval/score"],
                *["train/q_loss", "train/td_error", "eval/success_rate", "train/success_rate", "eval/episode_length"],
            ]
        ),
        unique=True,
        max_size=30,
    ),
    two_runs=st.booleans(),
)
def test_reinforcement_learning_gives_no_pair(tags: list[str], *, two_runs: bool) -> None:
    names = [("agent", tag) for tag in ["train/episode_return", *tags]]
    if two_runs:
        names = [
            (run, tag.split("/", 1)[1]) for run in ("x/train", "x/eval") for _, tag in names if tag != "train/loss"
        ]
    assert sides(pair_scalars(scalars(sorted(set(names))))) == set()


@given(
    st.lists(
        st.sampled_from(
            [
                *["loss_G", "loss_D", "D/loss", "G/loss", "gan/g_loss", "gan/d_loss", "train/generator_loss"],
                *[
                    "train/discriminator_loss",
                    "loss/g/total",
                    "loss/d/total",
                    "train/loss_cycle",
                    "val/fid",
                    "val/lpips",
                ],
                *["D_real", "D_fake", "train/gp", "learning_rate_g", "learning_rate_d", "test/is", "eval/fid"],
            ]
        ),
        unique=True,
    )
)
def test_adversarial_losses_without_a_twin_give_no_pair(tags: list[str]) -> None:
    assert sides(pair_scalars(scalars([("gan", tag) for tag in tags]))) == set()


ANYTHING = st.lists(
    st.tuples(
        st.one_of(
            st.text(max_size=12), st.sampled_from([".", "train", "val", "a/train", "a/test", "eval", "loss_train"])
        ),
        st.one_of(
            st.text(max_size=12), st.sampled_from(["loss", "val_loss", "train/loss", "lr", "eval/loss", "train_val"])
        ),
        st.integers(0, 3),
    ),
    unique_by=lambda name: name[:2],
    max_size=12,
)


@given(ANYTHING, st.randoms(use_true_random=False))
def test_the_order_of_the_series_does_not_matter(names: list[tuple[str, str, int]], shuffler: random.Random) -> None:
    listed = [Scalar(SeriesKey(run, tag), points) for run, tag, points in names]
    first = pair_scalars(listed)
    shuffler.shuffle(listed)
    assert pair_scalars(listed) == first


@given(ANYTHING)
def test_every_series_ends_in_a_pair_or_among_the_unpaired(names: list[tuple[str, str, int]]) -> None:
    listed = [Scalar(SeriesKey(run, tag), points) for run, tag, points in names]
    found = pair_scalars(listed)
    pairs = [pair for training in found.trainings for pair in training.pairs]
    inside = {key for pair in pairs for key in (pair.train, pair.val, pair.test) if key}
    inside |= {key for pair in pairs for both in pair.alternatives for key in both}
    outside = [unpaired.key for unpaired in found.unpaired]
    assert len(outside) == len(set(outside))
    assert inside.isdisjoint(outside)
    assert inside | set(outside) == {scalar.key for scalar in listed}


@given(ANYTHING)
def test_every_training_has_one_primary_pair_and_names_of_its_own(names: list[tuple[str, str, int]]) -> None:
    for training in pair_scalars([Scalar(SeriesKey(run, tag), points) for run, tag, points in names]).trainings:
        assert [pair.primary for pair in training.pairs] == [True] + [False] * (len(training.pairs) - 1)
        assert len({pair.metric for pair in training.pairs}) == len(training.pairs)
        assert all(pair.train != pair.val for pair in training.pairs)


@given(ANYTHING)
def test_what_could_not_pair_is_in_no_pair(names: list[tuple[str, str, int]]) -> None:
    for training in pair_scalars([Scalar(SeriesKey(run, tag), points) for run, tag, points in names]).trainings:
        assert all(could_pair(pair.train.tag) and could_pair(pair.val.tag) for pair in training.pairs)
