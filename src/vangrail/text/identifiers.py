"""Finds what points to a person or an organisation: Belgian numbers, e-mail, telephone, plates, addresses.

Every run of digits is looked at once, with the few forms that can begin there; then the check digits decide. Whatever has
check digits is only found when they are right. All of it is linear in the length of the text: every repetition has a
bound, so a hostile text costs no more than another.

Sources: national number, Royal Decree of 3 April 1984 (mod 97; a 2 before the nine digits for whoever was born from 2000
on), and bis number, Crossroads Bank for Social Security (20 or 40 added to the month); enterprise number, Royal Decree of 24
June 2003 (mod 97); IBAN, ISO 13616 with ISO 7064 mod 97-10; structured communication, Febelfin (mod 97).
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import Final

from stdnum import numdb
from stdnum.be import ogm_vcs, vat

from vangrail.model.vocabulary import IdentifierKind
from vangrail.text import places

K = IdentifierKind


@dataclass(frozen=True, slots=True)
class Found:
    """One identifier: what it is, and where in the text.

    certain     its check digits are right or, for e-mail, its form can be nothing else. The rest is "may contain"
    """

    kind: IdentifierKind
    start: int
    end: int
    certain: bool


HINT: Final = (
    r"@|([0-9][^0-9]{0,5}){9}|[A-Za-z][ .-]?[0-9]{3}|[0-9]{3}[ .-]?[A-Z]|[0-9]\.[0-9]+\.[0-9]+\.|"
    r"[A-Za-z.][ \t]+(nr\.?[ \t]*)?[0-9]|[1-9][0-9]{3}[ \t]+[A-Za-z]|[0-9][,;][ \t]*[0-9]"
)
"""Matches every text in which `find` can find something. In the words that RE2, PostgreSQL and Python share, so that an
engine can leave the other texts where they are."""

_BLANKS: Final = frozenset(" \u00a0\u202f")
_S: Final = "[ \u00a0\u202f]"
_RUN = re.compile(r"[0-9](?<![0-9]{2})(?<!\d[.,/-][0-9])[0-9]*")
"""A run of digits that is no part of a longer one, nor in the middle of a date, an amount or a number with points."""
_MAIL = re.compile(r"(?<![\w.%+'-])[\w.%+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w@-])")
_INSZ = re.compile(rf"\d\d[./-]?{_S}?\d\d[./-]?{_S}?\d\d{_S}?[./–-]?{_S}?\d{{3}}{_S}?[./–-]?{_S}?\d\d(?!\d)")
_KBO = re.compile(rf"[01]?\d{{3}}(?:[./]{_S}?|{_S}|-)?\d{{3}}(?:[./]{_S}?|{_S}|-)?\d{{3}}(?!\d)")
_COUNTRY = re.compile(r"(?<!\w)[Bb][Ee][ .\u00a0]?$")
_OGM = re.compile(r"\d{3} ?/ ?\d{4} ?/ ?\d{5}(?!\d)")
_OGM_MARKED = re.compile(r"(?<=[+*]{3})(?P<pad> ?)\d{3}[ /]{0,3}\d{4}[ /]{0,3}\d{5}(?= ?[+*]{3})|(?!)")
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IP = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}(?!\w|[.,]\d)")
_PLATE = re.compile(r"[1-9](?P<gap>[-.· ]?)[A-Z]{3}(?P=gap)\d{3}(?!\w|[.,-]\d)")
_OLD_PLATE = re.compile(r"(?:[A-Z]{1,3}[ .-]?\d{3}|\d{3}[ .-]?[A-Z]{3}|[A-Z]{3}[ .-]?\d\d[A-Z])(?!\w|[.,-]\d)")
_SEP: Final = "[ ./\u00a0\u202f-]{0,3}"
_SIX: Final = r"(?:\d\d[ .\u00a0-]?\d\d[ .\u00a0-]?\d\d|\d{3}[ .\u00a0-]?\d{3})"
_PHONE = re.compile(
    rf"(?:(?P<abroad>(?:\+|00)[ ]?32{_SEP}(?:\(0\) ?|0(?=[1-9]))?)|\(?0)"
    rf"(?:(?P<mobile>4[5-9]\d)\)?{_SEP}{_SIX}"
    rf"|[2349]\)?(?P<gap>{_SEP})\d{{3}}[ .\u00a0-]?\d\d[ .\u00a0-]?\d\d"
    rf"|[15678]\d\)?(?P<gap2>{_SEP}){_SIX})(?!\d|[.,]\d)"
)
_HOUSE = re.compile(r"\d{1,4}(?:[A-Za-z]\b)?(?:(?:,? ?(?:bus|bte) ?|/)\w{1,5})?")
_NOT_A_HOUSE = re.compile(
    r"\.\d|,\d|[:%€]|\d| ?(?:uur|u\b|h\b|km|m\b|meter|euro|eur\b|keer|maal|dagen|dag\b|weken|maanden|jaar|jaren|jan|feb|maart|"
    r"apr|mei|jun|jul|aug|sep|okt|nov|dec|auto|wagens|mensen|personen|kinderen|gezinnen|woningen|huizen|bomen|meldingen|"
    r"klachten|ton\b|kg\b|graden|procent)",
    re.IGNORECASE,
)
_PLACE = re.compile(r" {1,2}([A-Z][\w'’]+(?:[ -][A-Za-z][\w'’]+){0,4})")
_ABOUT_PLATES = re.compile(r"plaat|plate\b|kenteken|wagen|auto|voertuig|bromfiets|plaque|immatricul", re.IGNORECASE)
_ABOUT_DEVICES = re.compile(r"\bip\b|ip-|toestel|server|aanmeld|ingelogd|login|adres|host|netwerk", re.IGNORECASE)
_PLATE_SIGNS: Final = frozenset("-.·")
_INSZ_RUNS: Final = frozenset((2, 4, 6, 9, 11))
_KBO_RUNS: Final = frozenset((3, 4, 7, 9, 10, 12))
_NUMBER_WORDS: Final = frozenset(("nr", "nr.", "nummer", "huisnummer"))
_NEAR: Final = 40
_LONGEST: Final = 60


def find(text: str) -> tuple[Found, ...]:
    """Every identifier in a text, in order, none overlapping another."""
    found = [Found(K.EMAIL, *m.span(), True) for m in _MAIL.finditer(text)] if "@" in text else []
    mails = len(found)
    done = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        if start < done:
            continue  # part of what was found
        one = _at(text, start, end, text[start - 1 : start])
        if one is not None and one.start >= done:
            found.append(one)
            done = one.end
    if not mails:
        return tuple(found)
    # What stands within an e-mail address is a part of it.
    spans = [(m.start, m.end) for m in found[:mails]]
    kept = [f for f in found[mails:] if not _overlaps(spans, f)]
    return tuple(sorted([*found[:mails], *kept], key=lambda f: f.start))


def _overlaps(spans: list[tuple[int, int]], found: Found) -> bool:
    """Whether it overlaps one of these spans, which stand in order."""
    last = bisect_right(spans, (found.end - 1, len(spans) + found.end)) - 1
    return last >= 0 and spans[last][1] > found.start


def _at(text: str, start: int, end: int, before: str) -> Found | None:
    """The identifier at whose first digits the run stands, if there is one. What has check digits goes first."""
    found, length = None, end - start
    if length >= 2:
        letters = text[start - 3 : start - 1] if before in _BLANKS else text[start - 2 : start]
        two = len(letters) == 2 and letters.isalpha() and letters.isascii()
        if two and (form := _iban_form(letters.upper())) is not None:
            found = _iban(text, start - len(letters) - (before in _BLANKS), form)
        if found is None and length in _INSZ_RUNS and (m := _INSZ.match(text, start)) and is_national_number(m[0]):
            found = Found(K.NATIONAL_NUMBER, start, m.end(), True)
        if found is None and length in _KBO_RUNS:
            found = _enterprise(text, start) or _ogm(text, start)
    if found is None and (text[start] == "0" or before == "+"):
        found = _phone(text, start)
    if found is None and length <= 3:
        after = text[end : end + 1]
        if after == ".":
            found = _ip(text, start)
        if found is None and (after in _PLATE_SIGNS or after.isupper() or before in _PLATE_SIGNS or before.isupper()):
            found = _plate(text, start, end)
    if found is None and length <= 4 and not before.isalnum():
        found = _address(text, start, end)
    return found


# --- with check digits -----------------------------------------------------------------------------------------------


def is_national_number(text: str) -> bool:
    """Whether the digits are a national register number or a bis number with right check digits, of either century.

    `stdnum.be.nn` gives the same answer but for a birth year that is yet to come: it reads the clock to know which, and
    the same text must give the same answer every day.
    """
    digits = "".join(c for c in text if "0" <= c <= "9")
    if len(digits) != 11 or int(digits[2:4]) % 20 > 12 or int(digits[2:4]) > 52 or int(digits[4:6]) > 31:
        return False
    nine, check = int(digits[:9]), int(digits[9:])
    return nine > 0 and check in (97 - nine % 97, 97 - (2_000_000_000 + nine) % 97)


def _iban(text: str, start: int, form: re.Pattern[str]) -> Found | None:
    """Letters before the two check digits, and as many signs behind them as that country has."""
    m = form.match(text, start) if start >= 0 else None
    if m is None or text[start - 1 : start].isalnum():
        return None
    digits = m[0].upper().translate(_BASE_36)  # the country takes four of them
    return Found(K.IBAN, start, m.end(), True) if int(digits[6:] + digits[:6]) % 97 == 1 else None


_BASE_36: Final = {ord(c): None for c in "".join(_BLANKS) + ".-"} | {
    ord(c): str(n) for n, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)
}


@cache
def _iban_form(country: str) -> re.Pattern[str] | None:
    """The form of an IBAN of a country, from the registry that python-stdnum carries; nothing where there is none.

    It is written out: looking at each sign in turn, and its own check, took a fifth of the time of everything here.
    """
    structure = numdb.get("iban").info(country + "00")[0][1].get("bban")
    if not structure:
        return None
    signs = sum(int(n) for n in re.findall(r"(\d+)!", structure))
    return re.compile(rf"[A-Za-z]{{2}}{_S}?[0-9]{{2}}(?:[ \u00a0\u202f.-]?[A-Za-z0-9]){{{signs}}}(?![^\W_])")


def _ogm(text: str, start: int) -> Found | None:
    m = _OGM.match(text, start) or _OGM_MARKED.match(text, start)
    if m is None or not ogm_vcs.is_valid(m[0].replace(" ", "")):
        return None
    end, left = m.end(), start
    while left and start - left < 4 and text[left - 1] in "+* ":
        left -= 1
    while end < len(text) and end - m.end() < 4 and text[end] in "+* ":
        end += 1
    return Found(
        K.STRUCTURED_COMMUNICATION, left + _blanks(text[left:start]), end - _blanks(text[m.end() : end][::-1]), True
    )


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _enterprise(text: str, start: int) -> Found | None:
    """Ten digits that begin with 0 or 1; nine only behind BE, as old letterheads have it."""
    m = _KBO.match(text, start)
    if m is None:
        return None
    digits = "".join(c for c in m[0] if "0" <= c <= "9")
    country = _COUNTRY.search(text, max(0, start - 4), start)
    if len(digits) == 9 and country is not None:
        digits = "0" + digits
    if len(digits) != 10 or digits[0] not in "01" or vat.checksum(digits) != 0 or int(digits) == 0:
        return None
    return Found(K.ENTERPRISE_NUMBER, country.start() if country else start, m.end(), True)


# --- without check digits: "may contain" -----------------------------------------------------------------------------


def _phone(text: str, start: int) -> Found | None:
    left = start
    while left and start - left < 2 and text[left - 1] in "+(":
        left -= 1
    for at in range(left, start + 1):
        m = _PHONE.match(text, at)
        if m is None:
            continue
        # A fixed number without any sign between zone and number is nine digits like many others.
        if m["abroad"] or m["mobile"] or m["gap"] or m["gap2"] or _alone(text, m):
            return Found(K.PHONE, m.start(), m.end(), False)
    return None


def _ip(text: str, start: int) -> Found | None:
    m = _IP.match(text, start)
    if m is None:
        return None
    small = all(int(part) < 30 for part in m[0].split("."))  # a section of a regulation looks the same
    if small and not _ABOUT_DEVICES.search(text, max(0, start - _NEAR), start) and not _alone(text, m):
        return None
    return Found(K.IP_ADDRESS, start, m.end(), False)


def _plate(text: str, start: int, end: int) -> Found | None:
    """Plates since 2010 by their form; older and looser forms only where the text is about a vehicle, or is only that."""
    m = _PLATE.match(text, start) if end - start == 1 and not text[start - 1 : start].isalnum() else None
    if m is not None and m["gap"] not in ("", " "):
        return Found(K.LICENCE_PLATE, start, m.end(), False)
    if m is None and end - start >= 2:
        left = start
        while left and start - left < 4 and (text[left - 1] in " .-" or "A" <= text[left - 1] <= "Z"):
            left -= 1
        for at in range(left, start + 1):
            if not text[at - 1 : at].isalnum() and (m := _OLD_PLATE.match(text, at)):
                break
    if m is None or m.end() <= start:
        return None
    if not _alone(text, m) and not _ABOUT_PLATES.search(text, max(0, m.start() - _NEAR), m.start()):
        return None
    return Found(K.LICENCE_PLATE, m.start(), m.end(), False)


def _alone(text: str, m: re.Match[str]) -> bool:
    """Whether it is all that the text holds, as in a column of such things."""
    return len(text) < _LONGEST and text.strip() == m[0]


def _address(text: str, start: int, end: int) -> Found | None:
    """A postcode with a municipality, or a street with a house number."""
    if end - start == 4 and text[start] != "0" and (m := _PLACE.match(text, end)):
        words = m[1].split(" ")
        for n in range(len(words), 0, -1):
            name = " ".join(words[:n])
            if name.casefold() in _small_names():
                return Found(K.ADDRESS, start, m.start(1) + len(name), False)
    first = max(0, start - _LONGEST)
    word = text[max(first, text.rfind(" ", first, start - 1) + 1) : start - 1]
    if not word[:1].isupper() and word not in _NUMBER_WORDS:
        return None
    words = text[first:start].replace(",", " ").split()
    while words and words[-1] in _NUMBER_WORDS:
        words.pop()
    if not words or not _street(words):
        return None
    house = _HOUSE.match(text, start)
    if house is None or _NOT_A_HOUSE.match(text, house.end()):
        return None
    return Found(K.ADDRESS, text.rfind(words[-1], first, start), house.end(), False)


def _street(words: list[str]) -> bool:
    """Whether these words end in the name of a street: Kerkstraat, Grote Markt, Avenue Louise."""
    word = words[-1].lstrip("('\"")
    if not word[:1].isupper():
        return False
    small = word.lower()
    if small in ("markt", "plein"):
        return words[-2:-1] in (["Grote"], ["Oude"], ["Nieuwe"], ["Kleine"])
    if small.endswith(places.STREETS) and small not in places.NOT_STREETS:
        return True
    return any(w.lower() in places.FRENCH for w in words[-5:-1])


@cache
def _small_names() -> frozenset[str]:
    return frozenset(name.casefold() for name in places.MUNICIPALITIES)


FORMS: Final = tuple(
    (kind, rf"(^|[^0-9A-Za-z]){form}([^0-9A-Za-z]|$)")
    for kind, form in (
        (K.EMAIL, r"[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,24}"),
        (K.IBAN, r"[A-Za-z]{2} ?[0-9]{2}([ .-]?[A-Za-z0-9]{4}){2,7}([ .-]?[A-Za-z0-9]{1,3})?"),
        (K.STRUCTURED_COMMUNICATION, r"[0-9]{3}/?[0-9]{4}/?[0-9]{5}"),
        (K.NATIONAL_NUMBER, r"[0-9]{2}[./ -]?[0-9]{2}[./ -]?[0-9]{2} ?[./–-]? ?[0-9]{3} ?[./–-]? ?[0-9]{2}"),
        (K.ENTERPRISE_NUMBER, r"(BE ?)?[01]?[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}"),
        (K.PHONE, r"((\+|00) ?32|\(?0)[ ./()0-9-]{8,16}"),
        (K.LICENCE_PLATE, r"[1-9][-.][A-Z]{3}[-.][0-9]{3}"),
    )
)
"""The forms alone, for a server that keeps its rows: what has one of these may hold an identifier. No check digits, and no
addresses. In the words that PostgreSQL and Python share."""
