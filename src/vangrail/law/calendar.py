"""What starts when, for one application and for a whole organisation; also as iCalendar (RFC 5545)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from vangrail.law.classification import Classification
from vangrail.law.texts import word
from vangrail.model.framework import Text
from vangrail.model.vocabulary import Language


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One duty of one application that starts on one day."""

    day: date
    application: str
    """The name under which the application was given; empty when only one is asked."""
    duty: str
    article: str
    title: Text
    text: Text
    contested: bool
    """Whether the day is contested; then the other day has an entry of its own."""
    presumed: bool


def calendar(classification: Classification, *, application: str = "") -> tuple[Entry, ...]:
    """Every duty that has a day, in order of day: also what applies already. Duties that may not apply are left out."""
    entries = [
        Entry(
            day=day,
            application=application,
            duty=duty.id,
            article=duty.article,
            title=duty.title,
            text=duty.text,
            contested=bool(duty.contested),
            presumed=duty.presumed,
        )
        for duty in classification.duties
        if duty.applies != "unknown"
        for day in dict.fromkeys((*duty.contested, *([duty.from_day] if duty.from_day else [])))
    ]
    return tuple(sorted(entries, key=lambda e: e.day))


def calendar_of_organisation(applications: Mapping[str, Classification]) -> tuple[Entry, ...]:
    """The calendars of several applications, by name, as one."""
    entries = [e for name, c in applications.items() for e in calendar(c, application=name)]
    return tuple(sorted(entries, key=lambda e: (e.day, e.application)))


def icalendar(entries: Iterable[Entry], *, stamp: datetime, language: Language = Language.NL) -> str:
    """The entries as an iCalendar text (RFC 5545), one all-day event each.

    stamp   when the calendar was made, in UTC; an argument, because the law reads no clock
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Vangrail//AI Act//NL", "CALSCALE:GREGORIAN"]
    for entry in entries:
        about = f"{entry.application}: " if entry.application else ""
        note = f" ({word('contested')[language]})" if entry.contested else ""
        key = f"{entry.application}|{entry.duty}|{entry.day.isoformat()}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{sha256(key.encode()).hexdigest()[:32]}@vangrail",
            f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(f'{about}{entry.title[language]}{note}')}",
            f"DESCRIPTION:{_escaped(f'{entry.text[language]} ({entry.duty}, {entry.article})')}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """RFC 5545, 3.1: no line over 75 octets; a continuation starts with a space."""
    parts: list[str] = []
    part, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > 75:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += octets
    return "\r\n".join([*parts, part])
