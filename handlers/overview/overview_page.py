"""The overview in words and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actors.overview import Day, Overview, Tally, change
from handlers.overview.chart import Plot, Series, bars, line

_MINUTE = 60
_HOUR = 3600
_DAY = 86_400
_WEEK = 7
_MINUS = "\N{MINUS SIGN}"
_NONE = "\N{EN DASH}"
_SAME = "The same as before"
_MANY = 9.5  # from here on a percentage says less than a factor


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the period. `change` is a sentence; `way` is `up`, `down` or nothing."""

    label: str
    value: str
    change: str
    way: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with all its words; `rows` are the same numbers as a table."""

    id: str
    title: str
    about: str
    summary: str
    legend: Sequence[Series]
    plot: Plot
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    any: bool


def tiles(overview: Overview) -> list[Tile]:
    """The numbers of the period, each with its change against the period before."""
    now, before = overview.total, overview.before
    return [
        _counted("Conversations", now.started, before.started),
        _shared("Engaged", now.engaged_share, before.engaged_share),
        _counted("Leads", now.leads, before.leads),
        _counted("Takeovers", now.claimed, before.claimed),
        _waited("Median time to a person", now.wait_s, before.wait_s),
        _shared("Handled by the bot alone", now.alone_share, before.alone_share),
    ]


def charts(overview: Overview) -> list[Chart]:
    """What happened day by day."""
    days = overview.days
    return [
        _bars(
            "conversations",
            "Conversations",
            "Visitors who opened the chat, and those who used it.",
            days,
            (
                ("Engaged", "accent", [day.tally.engaged for day in days]),
                ("Only opened", "quiet", [max(0, d.tally.started - d.tally.engaged) for d in days]),
            ),
        ),
        _bars(
            "handled",
            "Who handled them",
            "Engaged conversations: the bot alone, or with a person asked for or taking over.",
            days,
            (
                ("Bot alone", "bot", [day.tally.alone for day in days]),
                ("A person", "human", [day.tally.person for day in days]),
            ),
        ),
        _waits(days),
        _bars(
            "leads",
            "Leads",
            "Visitors who left their name or address.",
            days,
            (("Leads", "accent", [day.tally.leads for day in days]),),
        ),
        _bars(
            "answers",
            "Answers of the bot",
            "Messages it answered, and those where it said that it does not know.",
            days,
            (
                ("Answered", "bot", [day.tally.answered for day in days]),
                ("Not known", "bot-hollow", [day.tally.not_known for day in days]),
            ),
        ),
        _bars(
            "takeovers",
            "Takeovers",
            "Conversations that somebody of the team took over from the bot.",
            days,
            (("Takeovers", "human", [day.tally.claimed for day in days]),),
        ),
    ]


def duration(seconds: float) -> str:
    """A time span in words of one or two units."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return (
            _two(whole, _MINUTE, "min", 1, "s") if whole < 10 * _MINUTE else f"{round(whole / _MINUTE)} min"
        )
    if whole < _DAY:
        return _two(whole, _HOUR, "h", _MINUTE, "min")
    return _two(whole, _DAY, "d", _HOUR, "h")


def tick(seconds: float) -> str:
    """A time span, short enough to stand beside an axis: 30 s, 1:30, 2 min, 1:30 h."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s" if whole else "0"
    if whole < _HOUR:
        minutes, rest = divmod(whole, _MINUTE)
        return f"{minutes}:{rest:02}" if rest else f"{minutes} min"
    hours, rest = divmod(whole, _HOUR)
    return f"{hours}:{rest // _MINUTE:02} h" if rest else f"{hours} h"


def percent(share: float | None) -> str:
    """A share as a whole percentage."""
    return _NONE if share is None else f"{round(100 * share)}%"


def _two(whole: int, unit: int, name: str, part: int, part_name: str) -> str:
    rest = whole % unit // part
    return f"{whole // unit} {name} {rest} {part_name}" if rest else f"{whole // unit} {name}"


def _counted(label: str, now: int, before: int) -> Tile:
    changed = change(now, before)
    if changed is None:
        said = "None before either" if now == 0 else "None in the period before"
    elif now == before:
        said = _SAME
    elif changed >= _MANY:
        said = f"{round(changed + 1):,} times as many, was {before:,}"
    else:
        said = f"{_signed(round(100 * changed))}%, was {before:,}"
    return Tile(label, f"{now:,}", said, _way(now - before) if before else "")


def _shared(label: str, now: float | None, before: float | None) -> Tile:
    if now is None or before is None:
        return Tile(label, percent(now), "Nothing to compare with")
    points = round(100 * now) - round(100 * before)
    said = f"{_signed(points)} points, was {percent(before)}" if points else _SAME
    return Tile(label, percent(now), said, _way(points))


def _waited(label: str, now: int | None, before: int | None) -> Tile:
    value = _NONE if now is None else duration(now)
    if now is None or before is None:
        return Tile(label, value, "Nobody waited" if now is None else "Nothing to compare with")
    if now == before:
        return Tile(label, value, _SAME)
    said = "Faster" if now < before else "Slower"
    return Tile(label, value, f"{said}, was {duration(before)}", _way(now - before))


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"{_MINUS}{-number}" if number < 0 else "0"


def _way(difference: float) -> str:
    return "up" if difference > 0 else "down" if difference < 0 else ""


def _bars(
    name: str, title: str, about: str, days: Sequence[Day], parts: Sequence[tuple[str, str, list[int]]]
) -> Chart:
    series = [Series(*part) for part in parts]
    titles = [
        _title(day, [f"{part} {values[i]:,}" for part, _, values in parts]) for i, day in enumerate(days)
    ]
    sums = ", ".join(f"{part} {sum(values):,}" for part, _, values in parts)
    return Chart(
        id=name,
        title=title,
        about=about,
        summary=f"{title} by day, {_span(days)}: {sums}.",
        legend=series if len(series) > 1 else (),
        plot=bars(series, _names(days), titles),
        headings=("Day", *(part for part, _, _ in parts)),
        rows=[(_long(day), *(f"{v[i]:,}" for _, _, v in parts)) for i, day in enumerate(days)],
        any=any(any(values) for _, _, values in parts),
    )


def _waits(days: Sequence[Day]) -> Chart:
    values = [day.tally.wait_s for day in days]
    words = [_NONE if value is None else duration(value) for value in values]
    titles = [
        _title(day, ["nobody waited" if value is None else f"half waited less than {duration(value)}"])
        for day, value in zip(days, values, strict=True)
    ]
    known = [value for value in values if value is not None]
    range_ = f"from {duration(min(known))} to {duration(max(known))}" if known else "nobody waited"
    return Chart(
        id="waits",
        title="Time to a person",
        about="From asking for a person to somebody taking over: half of the visitors waited less.",
        summary=f"Median time to a person by day, {_span(days)}: {range_}.",
        legend=(),
        plot=line(Series("Median", "human", values), _names(days), titles, tick),
        headings=("Day", "Median"),
        rows=[(_long(day), word) for day, word in zip(days, words, strict=True)],
        any=bool(known),
    )


def _title(day: Day, said: Sequence[str]) -> str:
    return f"{_long(day)}: {', '.join(said)}"


def _names(days: Sequence[Day]) -> list[str]:
    return [day.date.strftime("%a") if len(days) <= _WEEK else _short(day) for day in days]


def _short(day: Day) -> str:
    return f"{day.date.day} {day.date:%b}"


def _long(day: Day) -> str:
    return f"{day.date:%a} {_short(day)}"


def _span(days: Sequence[Day]) -> str:
    return f"{_short(days[0])} to {_short(days[-1])}"


def is_empty(tally: Tally) -> bool:
    """Whether nothing at all happened."""
    return not (tally.started or tally.engaged or tally.leads or tally.loaded)
