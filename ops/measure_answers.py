"""How well the demo's bot answers, over thresholds: `.venv/bin/python -m ops.measure_answers`.

The questions are those of tests/server/data/questions.json. `tuned` ones were looked at while the ranking,
the synonyms, the rule of when to refuse and the demo's knowledge were written; `unseen` and `held out` ones
were written apart from that and only measured. Each is asked twice: of the demo's knowledge as it is, and
without the phrases that its authors expected, as most knowledge is. What a small shop is asked was written
with the rule, Portuguese and Arabic after it.
"""

from __future__ import annotations

from server.bot.answers import KNOWN_FROM
from tests.support.demo_answers import Measured, demo_index, measure, questions, shops

THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.7)


def main() -> None:
    """Print a table for each set of questions, a line for each set in another language."""
    sets = questions()
    for title, index in (("as it is", demo_index()), ("without expected phrases", demo_index(phrases=False))):
        print(f"\nThe demo's knowledge {title}: {len(index)} passages")
        for name, asked in sets.items():
            measured = measure(index, asked)
            print(
                f"\n{name}: {len(asked.answerable)} answerable, {len(asked.unanswerable)} unanswerable"
                f" questions; right source ranked first {measured.first:.1%}, or second {measured.second:.1%}"
            )
            print("threshold  answered  right  right of answered  refused when it should")
            for threshold in sorted({*THRESHOLDS, KNOWN_FROM}) if name in _IN_ENGLISH else [KNOWN_FROM]:
                print(_row(measured, threshold))
    print("\nA small shop's pages, by language")
    for language, (index, asked) in shops().items():
        print(f"{language}  {_row(measure(index, asked), KNOWN_FROM)}")


_IN_ENGLISH = ("tuned", "unseen", "held out")


def _row(measured: Measured, threshold: float) -> str:
    at = measured.at(threshold)
    return f"{threshold:9.2f}  {at.answered:8.1%}  {at.right:5.1%}  {at.precision:17.1%}  {at.refused:22.1%}"


if __name__ == "__main__":
    main()
