"""What starts when, for one application and for an organisation, also as iCalendar (RFC 5545)."""

from datetime import date, datetime

from tests.law.cases import TODAY, bases

from vangrail.law import calendar, calendar_of_organisation, classify, icalendar, parse_facts
from vangrail.model.vocabulary import Language

STAMP = datetime(2026, 11, 22, 9, 30)


def test_a_calendar_is_in_order_of_day() -> None:
    entries = calendar(classify(parse_facts(bases()["high_risk_user"]), TODAY))
    assert [e.day for e in entries] == sorted(e.day for e in entries)
    assert (date(2027, 12, 2), "FRI-01") in [(e.day, e.duty) for e in entries]


def test_a_contested_duty_stands_on_both_days() -> None:
    entries = calendar(classify(parse_facts(bases()["high_risk_user"]), TODAY))
    assert [e.day for e in entries if e.duty == "DEP-13"] == [date(2026, 8, 2), date(2027, 12, 2)]
    assert all(e.contested for e in entries if e.duty == "DEP-13")


def test_an_organisation_sees_its_applications_together() -> None:
    both = {
        "leefloon": classify(parse_facts(bases()["high_risk_user"]), TODAY),
        "spam": classify(parse_facts(bases()["city"]), TODAY),
    }
    entries = calendar_of_organisation(both)
    assert {e.application for e in entries} == {"leefloon", "spam"}
    assert [e.day for e in entries] == sorted(e.day for e in entries)


def test_icalendar_has_the_form_of_rfc_5545() -> None:
    text = icalendar(calendar(classify(parse_facts(bases()["high_risk_user"]), TODAY)), stamp=STAMP)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") > 10
    assert "DTSTART;VALUE=DATE:20271202\r\n" in text
    assert "DTSTAMP:20261122T093000Z\r\n" in text
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in text.replace("\r\n", "")
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(uids) == len(set(uids))


def test_folding_keeps_the_text_and_commas_are_escaped() -> None:
    found = classify(parse_facts(bases()["city"]), TODAY)
    text = icalendar(calendar(found, application="a;b,c"), stamp=STAMP, language=Language.EN)
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:a\\;b\\,c: AI literacy" in unfolded


def test_the_same_calendar_is_the_same_text() -> None:
    found = classify(parse_facts(bases()["city"]), TODAY)
    assert icalendar(calendar(found), stamp=STAMP) == icalendar(calendar(found), stamp=STAMP)
