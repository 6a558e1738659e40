"""Write RESULTS.md and its charts from what the benchmarks kept. Nothing is measured here.

python -m ops.bench report
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ops.bench.charts import Bar, bars
from ops.bench.harness import BATON, HERE, Chart, Measure, Result, Target, load
from ops.bench.spread import Spread, ratios, values

INTRODUCTION = """# What Baton costs, beside others

Written by `python -m ops.bench report` from the runs in `results/`; do not edit.
`python -m ops.bench all` measures anew.

Each figure is the median of the rounds, with the lowest and the highest. All contenders of a table ran in the
same run on the same work, each once a round in a changing order, the server on one core and the load on
another. A ratio is taken round by round, so what slowed the whole machine falls out: ratios hold elsewhere,
absolute figures do not.
"""

MANY = 4
"""So many targets that differ only in their case are one row of the summary."""


def main(argv: Sequence[str]) -> int:
    """Write all of it; gives the exit code."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(argv)
    results = sorted((load(path) for path in HERE.glob("results/*.json")), key=lambda found: found.sheet.row)
    for result in results:
        for chart in result.sheet.charts:
            draw(result, chart, HERE / "charts")
    notes = {result.sheet.bench: note_of(result.sheet.bench) for result in results}
    path = HERE / "RESULTS.md"
    path.write_text(text_of(results, notes), "utf-8")
    print(f"{path}: {len(results)} benchmarks")
    return 0


def note_of(bench: str) -> str:
    """What people have to say about a benchmark: `notes/<bench>.md`."""
    path = HERE / "notes" / f"{bench}.md"
    return path.read_text("utf-8").strip() if path.exists() else ""


def text_of(results: Sequence[Result], notes: dict[str, str]) -> str:
    """The whole report."""
    parts = [INTRODUCTION, "\n".join(summary(results))]
    for result in results:
        parts.append("\n".join(section(result)))
        if notes.get(result.sheet.bench):
            parts.append(notes[result.sheet.bench])
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def summary(results: Sequence[Result]) -> Iterator[str]:
    """Every target and whether it is reached. Of `MANY` alike only the nearest to a miss, and each miss."""
    if any(result.sheet.targets for result in results):
        yield "| # | target | measured | reached |"
        yield "|---|---|---|---|"
    for result in results:
        for verdicts in _alike(result):
            for verdict in verdicts:
                wanted, measured, reached = verdict.shown
                yield f"| {result.sheet.row} | {wanted} | {measured} | {reached} |"


@dataclass(frozen=True)
class Verdict:
    """A target in words, and what was measured; `spread` is None where it was not run.

    Args:
        target: what must be reached.
        wanted: the same in words.
        spread: what was measured: a value, or the ratio to `other`.
        digits: of it that are shown, after the point.
        other: who comes nearest, where there are several.
        within: how many targets of the kind this one stands for, as the one that came nearest.
    """

    target: Target
    wanted: str
    spread: Spread | None = None
    digits: int = 2
    other: str = ""
    within: int = 1

    @property
    def met(self) -> bool:
        """Whether it is enough."""
        return self.spread is not None and self.target.met_by(self.spread.median)

    @property
    def nearness(self) -> float:
        """How much of what is allowed was used: the more, the nearer to a miss."""
        if self.spread is None:
            return 0.0
        used = self.spread.median / self.target.bound if self.target.bound else self.spread.median
        return used if self.target.must_be == "at most" else 1 / used if used else float("inf")

    @property
    def shown(self) -> tuple[str, str, str]:
        """As a row of the summary."""
        if self.spread is None:
            return self.wanted, "", "not run"
        named = f" × {self.other}" if self.other else ""
        wanted = self.wanted
        if self.within > 1:
            wanted = f"{wanted}; of {self.within} such cases the nearest"
        return wanted, self.spread.shown(self.digits) + named, "yes" if self.met else "**no**"


def _alike(result: Result) -> Iterator[list[Verdict]]:
    groups: dict[Target, list[Verdict]] = {}
    for target in result.sheet.targets:
        groups.setdefault(replace(target, case=""), []).append(judged(result, target))
    for verdicts in groups.values():
        met = [verdict for verdict in verdicts if verdict.met]
        if len(met) < MANY:
            yield verdicts
            continue
        nearest = max(met, key=lambda verdict: verdict.nearness)
        yield [replace(nearest, within=len(met)), *(verdict for verdict in verdicts if not verdict.met)]


def judged(result: Result, target: Target) -> Verdict:
    """Whether a target is reached."""
    measure = next(each for each in result.sheet.measures if each.name == target.measure)
    ours = values(result.samples, target.case, target.contender, target.measure)
    whose = "" if target.contender == BATON else f", {target.contender}"
    wanted = f"{measure.title}, {target.case}{whose}: {target.must_be} {target.bound:g}"
    if not target.against:
        found = Spread.of(list(ours.values())) if ours else None
        return Verdict(target, f"{wanted} {measure.unit}".strip(), found, measure.digits)
    pairs = {
        other: ratios(ours, values(result.samples, target.case, other, target.measure))
        for other in target.against
    }
    spreads = {other: Spread.of(found) for other, found in pairs.items() if found}
    wanted += f" × {target.against[0] if len(target.against) == 1 else 'each other'}"
    if not spreads:
        return Verdict(target, wanted)
    # Of several the one that comes nearest decides.
    hardest = max if target.must_be == "at most" else min
    other = hardest(spreads, key=lambda name: spreads[name].median)
    return Verdict(target, wanted, spreads[other], 2, other if len(target.against) > 1 else "")


def section(result: Result) -> Iterator[str]:
    """One benchmark: its work, its tables."""
    sheet, machine = result.sheet, result.machine
    yield f"## {sheet.row}. {sheet.title}"
    yield ""
    yield sheet.work
    yield ""
    rounds = max((sample.round for sample in result.samples), default=0)
    yield (
        f"Run {result.ran_at:%Y-%m-%d}: {rounds} rounds on {machine.cores} cores of {machine.cpu}, "
        f"{machine.memory_gb:g} GB, Linux {machine.kernel}, Python {machine.python}."
    )
    for measure in sheet.measures:
        yield ""
        yield from table(result, measure)
    for chart in sheet.charts:
        yield ""
        yield f"![{chart.title}](charts/{file_of(result, chart)})"
    if result.not_run:
        yield ""
        yield from (f"- Not run: {name}: {why}" for name, why in result.not_run.items())


def table(result: Result, measure: Measure) -> Iterator[str]:
    """One measure of all contenders in all cases."""
    rows = {name: _cells(result, name, measure) for name in result.sheet.contenders}
    rows = {name: cells for name, cells in rows.items() if any(cells)}
    columns = [n for n, _ in enumerate(result.sheet.cases) if any(cells[n] for cells in rows.values())]
    if not rows:
        return
    yield f"**{measure.title}**, {measure.unit}; {measure.better} is better"
    yield ""
    yield "| | " + " | ".join(result.sheet.cases[n] for n in columns) + " |"
    yield "|---|" + "---|" * len(columns)
    for name, cells in rows.items():
        yield f"| {name} | " + " | ".join(cells[n] for n in columns) + " |"


def _cells(result: Result, contender: str, measure: Measure) -> list[str]:
    found = [values(result.samples, case, contender, measure.name) for case in result.sheet.cases]
    return [Spread.of(list(each.values())).shown(measure.digits) if each else "" for each in found]


def file_of(result: Result, chart: Chart) -> str:
    """A chart's file."""
    return f"{result.sheet.bench}-{chart.measure}-{chart.case.replace(' ', '-').replace(',', '')}.svg"


def draw(result: Result, chart: Chart, folder: Path) -> None:
    """Draw a chart, the best first."""
    measure = next(each for each in result.sheet.measures if each.name == chart.measure)
    found = {
        name: list(values(result.samples, chart.case, name, chart.measure).values())
        for name in result.sheet.contenders
    }
    drawn = [
        Bar(name, Spread.of(each), ours=name.startswith("Baton")) for name, each in found.items() if each
    ]
    drawn.sort(key=lambda bar: bar.spread.median, reverse=measure.better == "higher")
    folder.mkdir(exist_ok=True)
    title = f"{chart.title} ({measure.unit}; {measure.better} is better)"
    (folder / file_of(result, chart)).write_text(bars(title, drawn, measure.digits), "utf-8")
