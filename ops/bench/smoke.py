"""Whether Baton is still as fast as it was made: `make check-speed`, within a minute.

Baton beside a plain peer in the same run, as a ratio, so that a slow machine fails nothing; the margins are
wide, and catch what makes something several times slower. Exits 1 and says what is too slow.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence

from ops.bench import chat
from ops.bench.chat_contenders import CHANNELS, CONTENDERS
from ops.bench.contenders import FANOUT, TORNADO
from ops.bench.fanout import burst, measure, single
from ops.bench.harness import BATON, Sample, Target, rounds_of
from ops.bench.kit import MissingError
from ops.bench.spread import ratios, values

SUBSCRIBERS = 200
ROUNDS = 3
LONGEST_S = 25.0
"""No new round of the fan-out begins after this."""

TARGETS = (
    Target("cpu_us", single(SUBSCRIBERS), "at most", 0.8, (TORNADO,)),
    Target("cpu_us", burst(SUBSCRIBERS), "at most", 0.2, (TORNADO,)),
    Target("per_s", single(SUBSCRIBERS), "at least", 1.2, (TORNADO,)),
)
"""Measured on two busy cores: 0.45, 0.05 and 1.9."""

CHAT = Target("per_s", "50 writing", "at least", 2.0, (CHANNELS,))
"""Durable messages a second, of visitors who wait for each ack."""

CHAT_PLAN = chat.Plan(visitors=100, writers=(10, 50), settle_s=0.5, window_s=2.0)


def main(argv: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    del argv
    failed: list[str] = []
    for what, run, targets in (("fan-out", _fan_out, TARGETS), ("chat", _chat, (CHAT,))):
        try:
            samples = run()
        except MissingError as error:
            print(f"Not checked: {what}: {error}.")
        else:
            failed += [complaint for target in targets if (complaint := judge(samples, target))]
    for complaint in failed:
        print(complaint)
    print("Something is slower than it should be." if failed else "As fast as it should be.")
    return 1 if failed else 0


def _fan_out() -> list[Sample]:
    began = time.monotonic()
    chosen = [one for one in FANOUT if one.name in {BATON, TORNADO}]
    samples: list[Sample] = []
    for number, contender in rounds_of(chosen, ROUNDS):
        if time.monotonic() - began > LONGEST_S and number > 1:
            break
        samples += measure(contender, number, (SUBSCRIBERS,), 0.3)
    return samples


def _chat() -> list[Sample]:
    chosen = [one for one in CONTENDERS if one.name in {BATON, CHANNELS}]
    for contender in chosen:
        contender.prepare()
    found = {contender.name: chat.measure(contender, CHAT_PLAN, {}) for contender in chosen}
    return [Sample("chat", CHAT.case, name, 1, cases[CHAT.case]) for name, cases in found.items()]


def judge(samples: Sequence[Sample], target: Target) -> str:
    """What is wrong, in words; empty when nothing is."""
    (other,) = target.against
    ours = values(samples, target.case, target.contender, target.measure)
    pairs = ratios(ours, values(samples, target.case, other, target.measure))
    if not pairs:
        return f"Nothing was measured of {target.measure} with {target.case}."
    ratio = statistics.median(pairs)
    print(f"{target.measure}, {target.case}: {ratio:.2f} × {other}, {target.must_be} {target.bound:g}")
    if target.met_by(ratio):
        return ""
    return (
        f"Too slow: {target.measure} with {target.case} is {ratio:.2f} × that of {other}, "
        f"and should be {target.must_be} {target.bound:g}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
