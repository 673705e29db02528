from __future__ import annotations

import importlib.resources
import json
from typing import TYPE_CHECKING
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from schemathesis import GenerationMode
from werkzeug.test import Client
from werkzeug.wrappers import Request

from tb_lossgap.library import Library
from tb_lossgap.loader import LossGapLoader
from tb_lossgap.tab import requests
from tb_lossgap.tab.routes import METHODS
from tb_lossgap.tab.routes import Routes
from tests.inprocess import BASE
from tests.sources import FakeSource

if TYPE_CHECKING:
    from collections.abc import Iterator

DESCRIPTION = yaml.safe_load(importlib.resources.files("tb_lossgap").joinpath("openapi.yaml").read_text("utf-8"))
REQUIRED: dict[str, Any] = {"ids": [], "groups": {}}
# What a route reads with the others of its kind, and does not use.
UNUSED = {"trainings": {"than"}, "judgements": {"joined"}, "groups": {"from", "to"}}
EXAMPLES = 15
OPERATIONS = ["trainings", "judgements", "series", "groups", "patience", "tags", "static"]


class Asked(dict[str, Any]):
    """Remembers which parameters somebody asked for."""

    def __init__(self, held: dict[str, Any]) -> None:
        super().__init__(held)
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)


def described() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of each described route."""
    for path, methods in DESCRIPTION["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolved(part: dict[str, Any]) -> Any:
    found: Any = part
    while "$ref" in found:
        target: Any = DESCRIPTION
        for name in found["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        found = target
    return found


def described_parameters(operation: dict[str, Any]) -> set[str]:
    query = {one["name"] for one in map(resolved, operation.get("parameters", ())) if one["in"] == "query"}
    body = operation.get("requestBody", {"content": {"application/json": {"schema": {"properties": {}}}}})
    return query | set(body["content"]["application/json"]["schema"]["properties"])


def test_every_route_is_described_with_its_method() -> None:
    from tensorboard.plugins import base_plugin

    plugin = LossGapLoader().load(base_plugin.TBContext(logdir="logs"))
    assert plugin is not None
    served = {path.removesuffix("*") for path in plugin.get_plugin_apps()}
    assert {path.partition("{")[0] for path, _, _ in described()} == served
    methods = {path.strip("/").partition("/")[0]: method.upper() for path, method, _ in described()}
    assert methods == {name: method for name, (method, *_) in METHODS.items()}


@pytest.mark.parametrize("operation", [one for _, _, one in described()], ids=lambda one: one["operationId"])
def test_exactly_the_described_parameters_are_read(operation: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    name = operation["operationId"]
    source = FakeSource()
    source.add("a", "loss", [1.0, 0.5])
    source.add("a", "val_loss", [1.0, 0.5])
    library = Library(source, "logs", reload_interval=0)
    (known,) = library.refresh().entries
    args, body = Asked({"id": known}), Asked(REQUIRED)
    monkeypatch.setattr(requests, "_body", lambda _request: body)
    request = Request({"REQUEST_METHOD": METHODS[name][0], "PATH_INFO": "/static/index.js"})
    request.__dict__["args"] = args
    assert Routes(library).answer(name, request).status_code == 200
    assert (args.names | body.names) - UNUSED.get(name, set()) == described_parameters(operation)


def test_exactly_the_described_parameters_of_a_comparison_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked({})
    monkeypatch.setattr(requests, "_parsed", lambda _text, name, default: asked if name == "than" else default)
    requests.judging(Request({}))
    (than,) = (one for one in DESCRIPTION["paths"]["/judgements"]["get"]["parameters"] if one.get("name") == "than")
    assert asked.names == set(than["content"]["application/json"]["schema"]["properties"])


def test_the_page_about_the_routes_names_every_route_and_parameter() -> None:
    page = importlib.resources.files("tb_lossgap").joinpath("http_api.md").read_text("utf-8")
    for path, method, operation in described():
        if not path.startswith("/static"):
            assert f"## `{method.upper()} {path.strip('/')}`" in page
            assert all(f"`{name}`" in page for name in described_parameters(operation)), path


@pytest.fixture(scope="module")
def schema(app: Any) -> Any:
    def application(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/openapi.json":
            # What asks here does not unpack.
            environ.pop("HTTP_ACCEPT_ENCODING", None)
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(DESCRIPTION).encode()]

    return schemathesis.openapi.from_wsgi("/openapi.json", application)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_asked_is_answered_as_described(schema: Any, operation: str, mode: GenerationMode) -> None:
    strategy = schema.find_operation_by_id(operation).as_strategy(generation_mode=mode)

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def ask(case: Any) -> None:
        case.call_and_validate()

    ask()


def test_ids_that_exist_are_answered_as_described(app: Any) -> None:
    client = Client(app)
    ids = [one["id"] for one in client.get(f"{BASE}/trainings").get_json()["trainings"]]
    assert client.post(f"{BASE}/series", json={"ids": ids}).status_code == 200
    assert client.post(f"{BASE}/groups", json={"groups": {"all": ids}}).status_code == 200
    assert client.get(f"{BASE}/tags", query_string={"id": ids[0]}).status_code == 200
