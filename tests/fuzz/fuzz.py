"""Looks for bytes of which the two readers tell different things, and for reads beyond a buffer: `make fuzz`.

Guided by coverage (Atheris, libFuzzer) it finds new inputs; by chance it runs the native module that was built with
sanitizers on them and on what mutation makes of them. An input that fails is left in build/fuzz.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HOME = ROOT / "build" / "fuzz"
CORPUS = HOME / "corpus"


def guided(seconds: int) -> None:
    """Fuzzes until something differs, or for so long; what reaches new code is kept for the next time."""
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


def sanitized(seconds: int, native: str) -> None:
    """Runs another build of the native module on the corpus and on mutations of it, for so long."""
    take_native(native)
    from tests.events.mutation import mutated
    from tests.fuzz.decoders import check
    from tests.fuzz.decoders import seeds

    corpus = [*seeds(), *(path.read_bytes() for path in sorted(CORPUS.glob("*")))]
    chance, end, runs = random.Random(), time.monotonic() + seconds, 0
    last = HOME / "last"
    while time.monotonic() < end:
        data = corpus[runs] if runs < len(corpus) else mutated(chance, chance.choice(corpus), corpus)
        # A sanitizer ends the process at once: what it was given has to be there by then.
        last.write_bytes(data)
        check(data)
        runs += 1
    print(f"{runs:,} inputs, none read differently, no sanitizer complained")  # noqa: T201  its result


def take_native(path: str) -> None:
    """Puts another build of the native module in the place of the installed one.

    Raises:
        ImportError: There is none in that file.
    """
    name = "tb_lossgap.events._decode"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def main() -> None:
    """Fuzzes in one of the two ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--native", help="file of a native module built with sanitizers")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    HOME.mkdir(parents=True, exist_ok=True)
    if options.native:
        sanitized(options.seconds, options.native)
    else:
        guided(options.seconds)


if __name__ == "__main__":
    main()
