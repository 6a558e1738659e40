"""How well the demo's bot answers, over thresholds: `.venv/bin/python -m ops.measure_answers`.

The questions are those of tests/server/data/questions.json. `tuned` ones were looked at while the ranking,
the synonyms and the demo's knowledge were written; `unseen` ones were written afterwards and only measured.
"""

from __future__ import annotations

from tests.support.demo_answers import Measured, demo_index, measure, questions

THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.48, 0.5, 0.52, 0.55, 0.6, 0.65, 0.7)


def main() -> None:
    """Print a table for each set of questions."""
    index = demo_index()
    print(f"{len(index)} passages")
    for name, asked in questions().items():
        measured = measure(index, asked)
        print(
            f"\n{name}: {len(asked.answerable)} answerable, {len(asked.unanswerable)} unanswerable questions"
        )
        print(f"right source ranked first {measured.first:.1%}, first or second {measured.second:.1%}")
        print("threshold  answered  right  right of answered  refused when it should")
        for threshold in THRESHOLDS:
            print(_row(measured, threshold))


def _row(measured: Measured, threshold: float) -> str:
    at = measured.at(threshold)
    return f"{threshold:9.2f}  {at.answered:8.1%}  {at.right:5.1%}  {at.precision:17.1%}  {at.refused:22.1%}"


if __name__ == "__main__":
    main()
