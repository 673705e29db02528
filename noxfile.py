"""Tests reading, pairing, the tab's routes and real TensorBoard processes in each combination of versions we support.

`make test-matrix` runs all of it, and all with the newest packages in each other Python that this machine has, and
writes the table in docs/compatibility.md. One combination alone:
`.venv/bin/nox --session "versions(TensorBoard 2.18, protobuf 5, NumPy 2)"`.
"""

from __future__ import annotations

from pathlib import Path

import nox

nox.needs_version = ">=2024.10"
nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
# Also where CI is set: there, other Pythons have jobs of their own.
nox.options.error_on_missing_interpreters = False

RESULTS = Path(".nox/results")
TOOLS = ("hypothesis>=6.100", "pytest>=8.4", "pytest-timeout>=2.3")
# From event files to the tab's answers, and TensorBoard itself around them.
ROOMS = ("events", "pairing", "analysis", "wire", "tab", "host", "fixtures", "test_library.py")
# These hold us against frameworks and object stores, which are not what varies here.
ELSEWHERE = ("events/test_real_writers.py", "events/test_remote.py", "analysis/test_stops.py")

# TensorBoard up to 2.20 imports pkg_resources, which setuptools has had no more since 81.
OLD = "setuptools<81"
COMBINATIONS = {
    "TensorBoard 2.14, protobuf 3, NumPy 1": ("tensorboard==2.14.*", "protobuf==3.20.*", "numpy==1.23.*", OLD),
    "TensorBoard 2.14, protobuf 4, NumPy 1": ("tensorboard==2.14.*", "protobuf==4.*", "numpy==1.*", OLD),
    "TensorBoard 2.16, protobuf 4, NumPy 1": ("tensorboard==2.16.*", "protobuf==4.*", "numpy==1.*", OLD),
    "TensorBoard 2.18, protobuf 5, NumPy 1": ("tensorboard==2.18.*", "protobuf==5.*", "numpy==1.*", OLD),
    "TensorBoard 2.18, protobuf 5, NumPy 2": ("tensorboard==2.18.*", "protobuf==5.*", "numpy==2.*", OLD),
    "TensorBoard 2.20, protobuf 6, NumPy 2": ("tensorboard==2.20.*", "protobuf==6.*", "numpy==2.*", OLD),
    "TensorBoard 2.21, protobuf 6, NumPy 1": ("tensorboard==2.21.*", "protobuf==6.*", "numpy==1.*"),
    "TensorBoard 2.21, protobuf 7, NumPy 2": ("tensorboard==2.21.*", "protobuf==7.*", "numpy==2.*"),
    "TensorBoard 2.21, no fast loader": ("tensorboard==2.21.*",),
    "TensorBoard 2.21, TensorFlow": ("tensorboard==2.21.*", "tensorflow==2.21.*"),
}


@nox.session
@nox.parametrize("packages", [nox.param(packages, id=name) for name, packages in COMBINATIONS.items()])
def versions(session: nox.Session, packages: tuple[str, ...]) -> None:
    """Run the rooms' tests with these packages."""
    run_rooms(session, *packages)


@nox.session(python=["3.10", "3.12", "3.13", "3.14"])
def pythons(session: nox.Session) -> None:
    """Run the rooms' tests in this Python, with the newest packages that it has."""
    run_rooms(session, "tensorboard")


def run_rooms(session: nox.Session, *packages: str) -> None:
    """Run the rooms' tests with these packages, and note what was installed and what came of it."""
    session.install(*packages, *TOOLS, "--editable", ".")
    # The oldest host and the one with TensorFlow are environments of `make test`.
    select = "not oldest and not (test_listing and tensorflow)"
    if "no fast loader" in session.name:
        # As on Apple silicon, Windows and Arm, for which there is none; one test shows what its sample loses.
        session.run("python", "-m", "pip", "uninstall", "--yes", "--quiet", "tensorboard-data-server")
        select += " and not test_planted_minimum"
    RESULTS.mkdir(parents=True, exist_ok=True)
    tests, installed = RESULTS / f"{session.name}.xml", RESULTS / f"{session.name}.json"
    tests.unlink(missing_ok=True)
    with installed.open("w", encoding="utf-8") as stream:
        session.run("python", "-m", "pip", "inspect", "--local", stdout=stream, stderr=None)
    session.run(
        "python",
        *("-m", "pytest", "--quiet", f"--junitxml={tests}", f"-k={select}"),
        *(f"--ignore=tests/{file}" for file in ELSEWHERE),
        *(f"tests/{room}" for room in ROOMS),
        env={"LOSSGAP_HOST": session.virtualenv.location, "CI": "true"},
    )


@nox.session(venv_backend="none")
def page(session: nox.Session) -> None:
    """Write the table of all results into docs/compatibility.md."""
    session.run("python", "docs/make_compatibility.py", str(RESULTS), external=True)
