"""Looks for bytes of which the two readers tell different things, and for reads beyond a buffer: `make fuzz`.

Guided by what is run of the reference (Atheris, libFuzzer) it finds inputs. On these and on mutations of them it then
runs the native module that was built with sanitizers, guided by what is run of that. What reaches new code is kept in
build/fuzz/corpus for the next time, and an input that fails in build/fuzz.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HOME = ROOT / "build" / "fuzz"
CORPUS = HOME / "corpus"
# As many as edges.c has room for.
EDGES = 1 << 16


def guided(seconds: int) -> None:
    """Fuzzes until something differs, or for so long."""
    import atheris

    with atheris.instrument_imports(include=["tb_lossgap.events"]):
        from tests.fuzz.decoders import check
        from tests.fuzz.decoders import seeds
    CORPUS.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (CORPUS / f"seed-{number:04d}").write_bytes(seed)
    options = [f"-artifact_prefix={HOME}/", f"-max_total_time={seconds}", "-max_len=4096", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, str(CORPUS)], check)
    atheris.Fuzz()


def sanitized(seconds: int, native: Path) -> None:
    """Runs another build of the native module on the corpus and on mutations of it, for so long."""
    # It calls this, so this must be there first.
    library = ctypes.CDLL(str(native.with_name("edges.so")), ctypes.RTLD_GLOBAL)
    edges = (ctypes.c_ubyte * EDGES).in_dll(library, "edges")
    take_native(native)
    from tests.events.mutation import mutated
    from tests.fuzz.decoders import check
    from tests.fuzz.decoders import seeds

    CORPUS.mkdir(parents=True, exist_ok=True)
    corpus = [*seeds(), *(path.read_bytes() for path in sorted(CORPUS.glob("*")))]
    chance, end, runs, known, reached = random.Random(), time.monotonic() + seconds, 0, len(corpus), 0
    last = HOME / "last"
    while runs < known or time.monotonic() < end:
        data = corpus[runs] if runs < known else mutated(chance, chance.choice(corpus), corpus)
        # A sanitizer ends the process at once: what it was given has to be there by then.
        last.write_bytes(data)
        check(data)
        runs += 1
        before, reached = reached, EDGES - bytes(edges).count(0)
        if reached > before and runs > known:
            corpus.append(data)
            (CORPUS / f"native-{hashlib.sha256(data).hexdigest()}").write_bytes(data)
    print(  # noqa: T201  its result
        f"{runs:,} inputs, {known:,} of them known before, {len(corpus) - known:,} kept; "
        f"{reached:,} edges of native code; none read differently, no sanitizer complained"
    )


def take_native(path: Path) -> None:
    """Puts another build of the native module in the place of the installed one.

    Raises:
        ImportError: There is none in that file.
    """
    name = "tb_lossgap.events._decode"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def main() -> None:
    """Fuzzes in one of the two ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--native", type=Path, help="file of a native module built with sanitizers, edges.so beside it")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    HOME.mkdir(parents=True, exist_ok=True)
    if options.native:
        sanitized(options.seconds, options.native)
    else:
        guided(options.seconds)


if __name__ == "__main__":
    main()
