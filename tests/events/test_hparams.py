from __future__ import annotations

from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.summary_pb2 import SummaryMetadata
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from tb_lossgap.events.hparams import session_hparams


def summary(content: bytes, tag: str = "_hparams_/session_start_info") -> Summary.Value:
    data = SummaryMetadata.PluginData(plugin_name="hparams", content=content)
    return Summary.Value(tag=tag, metadata=SummaryMetadata(plugin_data=data))


def session(**hparams: object) -> bytes:
    content = HParamsPluginData()
    for name, setting in hparams.items():
        value = content.session_start_info.hparams[name]
        if isinstance(setting, bool):
            value.bool_value = setting
        elif isinstance(setting, float):
            value.number_value = setting
        elif isinstance(setting, str):
            value.string_value = setting
        else:
            value.null_value = 0
    return bytes(content.SerializeToString())


def test_numbers_words_and_switches_are_hyperparameters() -> None:
    hparams = {"lr": 0.1, "optimizer": "adam", "nesterov": False}
    assert session_hparams(summary(session(**hparams))) == hparams


def test_what_has_no_value_is_left_out() -> None:
    assert session_hparams(summary(session(lr=0.1, nothing=None))) == {"lr": 0.1}


def test_more_than_anybody_chooses_is_left_out() -> None:
    assert session_hparams(summary(session(notes="x" * (1 << 20)))) == {}


def test_other_summaries_of_the_plugin_name_none() -> None:
    assert session_hparams(summary(session(lr=0.1), tag="_hparams_/experiment")) == {}


def test_content_that_is_damaged_names_none() -> None:
    assert session_hparams(summary(b"\xff\xff")) == {}


def test_their_order_is_the_same_in_every_process() -> None:
    names = [f"setting_{number:02}" for number in range(20)]
    assert list(session_hparams(summary(session(**dict.fromkeys(names, 1.0))))) == names
