from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from ops.bench.charts import Bar, bars
from ops.bench.harness import BATON, Chart, Measure, Sample, Sheet, Target, load, save
from ops.bench.report import judged, summary, text_of
from ops.bench.spread import Spread

CPU = Measure("cpu", "CPU per delivery", "µs", "lower")
RATE = Measure("rate", "Deliveries", "per second", "higher", 0)
SHEET = Sheet(
    bench="pigeons",
    row=1,
    title="Pigeons",
    work="One letter to all.",
    cases=("500 single", "500 burst"),
    contenders=(BATON, "fast", "slow", "away"),
    measures=(CPU, RATE),
    targets=(
        Target("cpu", "500 single", "at most", 1.3, ("fast",)),
        Target("rate", "500 single", "at least", 1.0, ("fast", "slow")),
        Target("cpu", "500 single", "at most", 9, ()),
        Target("cpu", "500 burst", "at most", 1.0, ("away",)),
    ),
    charts=(Chart("cpu", "500 single", "CPU"),),
)


def sample(contender: str, number: int, cpu: float, rate: float) -> Sample:
    return Sample("pigeons", "500 single", contender, number, {"cpu": cpu, "rate": rate})


SAMPLES = [
    *(sample(BATON, 1, 12, 100), sample("fast", 1, 10, 200), sample("slow", 1, 40, 50)),
    *(sample(BATON, 2, 24, 100), sample("fast", 2, 20, 200), sample("slow", 2, 80, 50)),
]


def kept(tmp_path):
    return load(save(SHEET, SAMPLES, {"away": "it is not installed"}, tmp_path))


def test_a_run_is_read_as_it_was_kept(tmp_path):
    result = kept(tmp_path)
    assert result.sheet == SHEET
    assert list(result.samples) == SAMPLES
    assert result.not_run == {"away": "it is not installed"}


def test_a_target_is_judged_by_the_ratio_of_each_round(tmp_path):
    result = kept(tmp_path)
    near, ahead, absolute, missing = (judged(result, target).shown for target in SHEET.targets)
    assert near == ("CPU per delivery, 500 single: at most 1.3 × fast", "1.20 (1.20–1.20)", "yes")
    assert ahead[1:] == ("0.50 (0.50–0.50) × fast", "**no**")
    assert absolute[1:] == ("18.0 (12.0–24.0)", "**no**")
    assert missing[1:] == ("", "not run")


def test_many_targets_of_a_kind_are_one_row_with_the_nearest_and_one_for_each_miss(tmp_path):
    cases = tuple(f"list {number}" for number in range(1, 7))
    sheet = replace(
        SHEET, cases=cases, targets=tuple(Target("cpu", case, "at most", 2.0, ("fast",)) for case in cases)
    )
    samples = [
        Sample("pigeons", case, name, 1, {"cpu": cpu})
        for number, case in enumerate(cases, 1)
        for name, cpu in ((BATON, 0.5 * number), ("fast", 1.0))
    ]
    assert list(summary([load(save(sheet, samples, {}, tmp_path))]))[2:] == [
        "| 1 | CPU per delivery, list 4: at most 2 × fast; of 4 such cases the nearest | 2.00 | yes |",
        "| 1 | CPU per delivery, list 5: at most 2 × fast | 2.50 | **no** |",
        "| 1 | CPU per delivery, list 6: at most 2 × fast | 3.00 | **no** |",
    ]


def test_the_report_has_tables_notes_and_what_was_not_run(tmp_path):
    text = text_of([kept(tmp_path)], {"pigeons": "Pigeons tire."})
    assert "| fast | 15.0 (10.0–20.0) |" in text
    assert "| | 500 single |\n" in text, "a case that nobody ran is no column"
    assert "Not run: away: it is not installed" in text
    assert "charts/pigeons-cpu-500-single.svg" in text
    assert text.endswith("Pigeons tire.\n")


def test_a_chart_is_a_drawing_with_a_bar_for_each():
    drawn = bars("<Speed>", [Bar("Baton", Spread.of([1.0, 3.0]), ours=True), Bar("B & C", Spread.of([4.0]))])
    root = ET.fromstring(drawn)
    rectangles = root.findall("{http://www.w3.org/2000/svg}rect")
    assert [rectangle.get("class") for rectangle in rectangles] == ["ours", "bar"]
    assert 2 * float(rectangles[0].get("width", 0)) == float(rectangles[1].get("width", 0))
