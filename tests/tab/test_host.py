from __future__ import annotations

import os

import pytest

from tb_lossgap.tab.host import spec_roots
from tb_lossgap.tab.host import usable_rules


def test_a_named_specification_gives_its_runs_a_prefix(tmp_path: os.PathLike[str]) -> None:
    assert spec_roots(f"a:{tmp_path}") == [("a", os.path.realpath(tmp_path))]


def test_several_specifications_are_separated_by_commas() -> None:
    assert spec_roots("a:/x,b:/y:z") == [("a", "/x"), ("b", "/y:z")]


def test_several_roots_may_have_no_name() -> None:
    assert spec_roots("/x,/y,name:/x") == [("name", "/x"), ("", "/y")]


@pytest.mark.parametrize("spec", ["/x:y", "gs://bucket/x", "relative"])
def test_a_path_or_url_alone_has_no_prefix(spec: str) -> None:
    assert [name for name, _ in spec_roots(spec)] == [""]


def test_a_bad_rule_is_named_in_the_log_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    assert len(usable_rules(["train=^(?P<x>.*)/a$,val=^(?P<x>.*)/b$", "train=("])) == 1
    assert "train=(" in caplog.text
