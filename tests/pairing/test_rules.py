from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tb_lossgap.model import Pairing
from tb_lossgap.model import Scalar
from tb_lossgap.model import SeriesKey
from tb_lossgap.pairing import RuleError
from tb_lossgap.pairing import load_rules
from tb_lossgap.pairing import pair_scalars
from tb_lossgap.pairing import parse_rule

if TYPE_CHECKING:
    from pathlib import Path


def paired(names: list[tuple[str, str]], *rules: str) -> Pairing:
    scalars = [Scalar(SeriesKey(run, tag), 20) for run, tag in names]
    return pair_scalars(scalars, rules=[parse_rule(rule) for rule in rules])


def sides(pairing: Pairing) -> list[tuple[str, str, str]]:
    return [
        (training.name, f"{pair.train.run}/{pair.train.tag}", f"{pair.val.run}/{pair.val.tag}")
        for training in pairing.trainings
        for pair in training.pairs
    ]


def test_a_rule_pairs_what_grammar_cannot_know() -> None:
    found = paired([("a", "fit_loss"), ("a", "check_loss")], "train=fit_loss,val=check_loss")
    assert sides(found) == [("a", "a/fit_loss", "a/check_loss")]


def test_what_a_pattern_leaves_over_ties_the_sides() -> None:
    names = [("a", "seen"), ("a", "unseen"), ("b", "seen"), ("c", "unseen")]
    assert sides(paired(names, "train=/seen,val=/unseen")) == [("a", "a/seen", "a/unseen")]


def test_named_groups_tie_the_sides() -> None:
    names = [("fit/1", "loss"), ("fit/2", "loss"), ("check/2", "loss"), ("check/3", "loss")]
    found = paired(names, r"train=^fit/(?P<id>\d+)/loss$,val=^check/(?P<id>\d+)/loss$")
    assert sides(found) == [("fit/2", "fit/2/loss", "check/2/loss")]


def test_the_run_of_the_logdir_itself_is_a_dot() -> None:
    assert sides(paired([(".", "one"), (".", "two")], r"train=^\./one$,val=^\./two$")) == [(".", "./one", "./two")]


def test_a_rule_beats_grammar() -> None:
    names = [("a", "train_loss"), ("a", "val_loss"), ("a", "val_loss_ema")]
    found = paired(names, "train=train_loss$,val=val_loss_ema$")
    assert sides(found) == [("a", "a/train_loss", "a/val_loss_ema")]
    assert [unpaired.key.tag for unpaired in found.unpaired] == ["val_loss"]


def test_the_earlier_rule_wins() -> None:
    names = [("a", "x"), ("a", "y"), ("a", "z")]
    assert sides(paired(names, "train=/x$,val=/z$", "train=/x$,val=/y$")) == [("a", "a/x", "a/z")]


def test_a_rule_that_ties_too_much_pairs_nothing_and_says_how_to_mend_it() -> None:
    found = paired([("a", "fit"), ("b", "fit"), ("a", "check"), ("b", "check")], "train=.+/fit,val=.+/check")
    assert sides(found) == []
    assert {
        ("2 training and 2 validation" in each.reason, "(?P<run>.+)" in each.reason) for each in found.unpaired
    } == {(True, True)}


def test_a_pair_by_rule_says_so_and_is_primary_among_equals() -> None:
    found = paired(
        [("a", "train/loss"), ("a", "val/loss"), ("a", "fit/loss"), ("a", "check/loss")], "train=fit,val=check"
    )
    (training,) = found.trainings
    assert [(pair.convention, pair.primary) for pair in training.pairs] == [("rule", True), ("grammar", False)]


def test_two_pairs_of_one_name_are_told_apart() -> None:
    found = paired(
        [("a", "train/loss"), ("a", "val/loss"), ("a", "fit_loss"), ("a", "val2/loss")], "train=/fit_,val=/val2/"
    )
    (training,) = found.trainings
    assert len({pair.metric for pair in training.pairs}) == 2


def test_a_rule_across_sibling_runs_names_the_training_as_grammar_does() -> None:
    found = paired([("x/train", "a"), ("x/val", "b")], "train=x/train/a,val=x/val/b")
    assert [training.name for training in found.trainings] == ["x"]


@pytest.mark.parametrize(
    ("text", "train", "val"),
    [
        ("train=a{1,2}b,val=c{1,2}d", "a{1,2}b", "c{1,2}d"),
        ("train=a,b,val=c,d", "a,b", "c,d"),
        (" val = c , train = a", " a", " c "),
        ("train=a,val=[xy],val=z", "a", "[xy],val=z"),
    ],
)
def test_commas_belong_to_the_patterns(text: str, train: str, val: str) -> None:
    rule = parse_rule(text)
    assert (rule.train.pattern, rule.val.pattern) == (train, val)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected train=REGEX,val=REGEX"),
        ("train=a", "expected train=REGEX,val=REGEX"),
        ("loss,val_loss", "expected train=REGEX,val=REGEX"),
        ("train=(,val=b", r"the train pattern '\(' is not valid"),
        ("train=a,val=[", r"the val pattern '\[' is not valid"),
        ("train=,val=b", "the train pattern '' matches any name"),
        ("train=a,val=.*", "the val pattern '.*' matches any name"),
        ("train=a,val=a", "both patterns are the same"),
        ("train=(?P<run>.+)/a,val=b", "the named group 'run' stands in one pattern only"),
    ],
)
def test_a_bad_rule_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        parse_rule(text)


def test_rules_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "lossgap.toml"
    path.write_text(
        "[[pair]]\ntrain = 'fit'\nval = 'check'\n\n[[pair]]\ntrain = '/a,b$'\nval = '/c$'\n", encoding="utf-8"
    )
    assert [(rule.train.pattern, rule.val.pattern) for rule in load_rules(path)] == [("fit", "check"), ("/a,b$", "/c$")]


@pytest.mark.parametrize(
    "text",
    [
        "[[pair]]\ntrain = 'a'\n",
        "[[pair]]\ntrain = 'a'\nval = 3\n",
        "[[pair]]\ntrain = '('\nval = 'b'\n",
        "[[rules]]\ntrain = 'a'\nval = 'b'\n",
        "pair = 'train=a,val=b'\n",
        "[[pair]\n",
        b"\xff\xfe".decode("latin-1"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lossgap.toml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(RuleError, match=r"lossgap\.toml"):
        load_rules(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"lossgap\.toml"):
        load_rules(tmp_path / "lossgap.toml")
