"""Finds what points to a person or an organisation: Belgian numbers, e-mail, telephone, plates, addresses.

Every run of digits is looked at once, with the few forms that can begin there; then the check digits decide. Whatever has
check digits is only found when they are right. All of it is linear in the length of the text: every repetition has a
bound, so a hostile text costs no more than another.

Sources: national number, Royal Decree of 3 April 1984 (mod 97; a 2 before the nine digits for whoever was born from 2000
on), and bis number, Crossroads Bank for Social Security (20 or 40 added to the month); enterprise number, Royal Decree of 24
June 2003 (mod 97); IBAN, ISO 13616 with ISO 7064 mod 97-10; structured communication, Febelfin (mod 97).
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from stdnum import numdb
from stdnum.be import ogm_vcs

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


_SPACES: Final = " \u00a0\u2000-\u200a\u202f\u205f\u3000"
_DASHES: Final = "\\-\u2010-\u2015\u2212"
_UNSEEN: Final = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_OTHER_DIGITS: Final = "\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff0b\uff10-\uff19\uff20\U0001d7ce-\U0001d7ff"
HINT: Final = (
    rf"@|%40|&#64;|[(\[]at[)\]]|([0-9][^0-9]{{0,6}}){{9}}|[A-Za-z][{_SPACES}.{_DASHES}]?[0-9]{{3}}|"
    rf"[0-9]{{3}}[{_SPACES}.{_DASHES}]?[A-Za-z]|[0-9]\.[0-9]+\.[0-9]+\.|[1-9][0-9]{{3}}[{_SPACES}\t\r\n]+[A-Za-z]|"
    rf"[A-Za-z.],?[{_SPACES}\t\r\n]+(nr\.?[{_SPACES}\t]*)?[0-9]|[0-9][,;][ \t]*[0-9]|"
    rf"[0-9],? ([Rr]ue|[Aa]venue|[Bb]oulevard|[Cc]hauss|[Pp]lace|[Qq]uai)|[Pp]laat|[Kk]enteken|"
    rf"[{_UNSEEN}{_OTHER_DIGITS}]"
)
"""Matches every text in which `find` can find something. In the words that RE2, PostgreSQL and Python share, so that an
engine can leave the other texts where they are."""

_ODD = re.compile(rf"[{_UNSEEN}\uff01-\uff5e]|[^\x00-\x7f](?<=\d)|&nbsp;|&#(?:160|64);|%(?:20|40)")
"""What stands for another sign or for none: a digit of another script, a space without width, a space in a web page."""
_STANDS_FOR: Final = {"&nbsp;": " ", "&#160;": " ", "%20": " ", "&#64;": "@", "%40": "@"}

_S: Final = f"[{_SPACES}]"
_GAP: Final = rf"[{_SPACES}{_DASHES}./_\u00b7\r\n]{{0,3}}+"
"""What people write between the parts of a number. It gives nothing back, so that a hostile text costs no more."""
_RUN = re.compile(
    r"[0-9](?<![0-9]{2})(?:(?<!\d[.,/-][0-9])|(?<!\.[0-9])(?=[0-9]{8}|[0-9]\.[0-9]{2}\.[0-9]{2}-|[0-9]{3}\.[0-9]{3}\.))[0-9]*"
)
"""A run of digits that is no part of a longer one. In the middle of a date or an amount only when a whole number begins there."""
_MAIL = re.compile(
    r"(?:(?<![\w.%+'-])[\w.%+'-]{1,64}|\"[^\"\n]{1,62}\")@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![^\W_]|@)"
)
_MAIL_TOLD = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?[(\[]at[)\]] ?[\w-]{1,63}(?:(?:\.| ?[(\[](?:dot|punt)[)\]] ?)[\w-]{2,63}){1,8}",
    re.IGNORECASE,
)
_PAIRS = re.compile(rf"(?!\d+\.\d{{4}}|\d{{9}}\.)\d\d{_GAP}\d\d{_GAP}\d\d{_GAP}\d{{3}}{_GAP}\d\d(?!\d)")
_THREES = re.compile(rf"(?:\d{{3}}{_GAP}){{3}}\d\d(?!\d)")
_ONES = re.compile(r"\d(?: \d){10}(?! ?\d)")
_INSZ: Final = {1: _ONES, 2: _PAIRS, 3: _THREES, 4: _PAIRS, 6: _PAIRS, 9: _PAIRS, 11: _PAIRS}
"""How a national number can go on (but as no decimal fraction: 50.063065522 is a latitude), by how many digits stand together first."""
_IN_HASH = re.compile("[0-9][a-f-]{1,6}$")
_KBO = re.compile(rf"(?:\d(?=\.\d{{3}}\.| \d{{3}} )[. ]\d{{3}}|[0-8]?\d{{3}}){_GAP}\d{{3}}{_GAP}\d{{3}}(?!\d)")
_COUNTRY = re.compile(rf"(?<!\w)(?:BE|be|BTW|btw|TVA)(?:[ -]?(?:nr|nummer)\b\.?:?)?[{_SPACES}.{_DASHES}]?$")
_ABOUT_COMPANIES = re.compile(r"ondernem|kbo|bce|btw|tva|entreprise", re.IGNORECASE)
_ABOUT_BRANCHES = re.compile(r"vestig|[eé]tabliss|\bVEN?\b", re.IGNORECASE)
_OGM = re.compile(r"\d{3} ?/ ?\d{4} ?/ ?\d{5}(?!\d)")
_OGM_MARKED = re.compile(r"(?<=[+*]{3})(?P<pad> ?)\d{3}[ /]{0,3}\d{4}[ /]{0,3}\d{5}(?= ?[+*]{3})|(?!)")
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IP = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}(?!\w|[.,]\d| ?(?:euro|EUR|€))")
_PLATE = re.compile(
    rf"[1-9](?P<gap>[{_SPACES}{_DASHES}.\u00b7]?)(?P<letters>[A-Za-z]{{3}})[{_SPACES}{_DASHES}.\u00b7]?\d{{3}}(?!\w|[.,-]\d)"
)
_OLD_PLATE = re.compile(
    rf"(?:[A-Z]{{3}}[{_SPACES}.{_DASHES}]?\d{{3}}|\d{{3}}[{_SPACES}.{_DASHES}]?[A-Z]{{3}}|"
    r"(?P<loose>[A-Z]{1,2}[ .-]?\d{3}(?:[ .-]?[A-Z]{1,2})?|[A-Z]{3}[ .-]?\d\d[A-Z]))(?!\w|[.,-]\d)"
)
_LETTER_PLATE = re.compile(rf"(?<![\w-])[OT]([{_DASHES}])[A-Z]{{3}}\1\d{{3}}(?![\w-])")
"""Oldtimers and taxis: a letter of their own before the form that plates had before 2010."""
_TOLD_PLATE = re.compile(
    r"(?i:nummerplaat|kentekenplaat|kenteken|\bplaat)(?: (?:is|was|met|nr\.?|nummer))?[ :]{1,3}[\"'(]?"
    rf"(?P<plate>(?=[A-Z0-9{_DASHES}. ]{{0,9}}[0-9])(?=[0-9{_DASHES}. ]{{0,9}}[A-Z])[A-Z0-9](?:[{_DASHES}. ]?[A-Z0-9]){{3,9}})(?!\w)"
)
_SEP: Final = rf"[{_SPACES}{_DASHES}./\r\n]{{0,3}}"
_G: Final = rf"[{_SPACES}{_DASHES}.\r\n]?"
_SIX: Final = rf"(?:\d\d{_G}\d\d{_G}\d\d|\d{{3}}{_G}\d{{3}})"
_PHONE = re.compile(
    rf"(?:(?P<abroad>\(?(?:\+|00){_S}?32\)?{_SEP}(?:\(0\){_S}?|0(?=[1-9]))?)|\(?0)"
    rf"(?:(?P<mobile>4{_S}?[5-9]\d)\)?{_SEP}{_SIX}"
    rf"|(?:80|90)\d(?P<gap3>{_SEP})(?:\d\d{_G}\d{{3}}|\d{{3}}{_G}\d\d)"
    rf"|[2349]\)?(?P<gap>{_SEP})(?:\d{{3}}{_G}\d\d{_G}\d\d|\d\d{_G}\d\d{_G}\d{{3}})"
    rf"|[15678]\d\)?(?P<gap2>{_SEP}){_SIX}"
    r")(?!\d|[.,]\d)"
)
_FOREIGN_PHONE = re.compile(
    rf"(?:\+[1-9]\d{{0,2}}|00{_S}?[1-9]\d{{0,2}}(?=[{_SPACES}./-]))(?:[{_SPACES}./()-]{{0,3}}+\d){{8,12}}"
    r"(?!\d|[.,]\d| ?(?:euro|eur|€|%|k?m\b|kg))",
    re.IGNORECASE,
)
_ABOUT_PHONES = re.compile(r"\btel|gsm|fax|\bbel|bereik", re.IGNORECASE)
_HOUSE = re.compile(r"\d{1,4}(?:[A-Za-z]\b)?(?:(?:,? ?(?:bus|bte) ?|/)\w{1,5})?")
_NOT_A_HOUSE = re.compile(
    r"\.\d|,\d|[:%€]|\d| ?(?:uur|u\b|h\b|km|m\b|m2|m²|meter|euro|eur\b|keer|maal|dagen|dag\b|weken|maanden|jaar|jaren|jan|feb|"
    r"maart|apr|mei|jun|jul|aug|sep|okt|nov|dec|auto|wagens|mensen|personen|kinderen|gezinnen|woningen|huizen|bomen|meldingen|"
    r"klachten|ton\b|kg\b|graden|procent)",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"[{_SPACES}\r\n]{{1,2}}([A-Z][\w'’]+(?:[ -][A-Za-z][\w'’]+){{0,4}})")
_FRENCH_STREET = re.compile(
    rf",? (?:{'|'.join(sorted(places.FRENCH))})(?: (?:de|du|des|la|le|les|d'|l'|de l'|d’|l’)){{0,3}} ?[A-Z][\w'’-]+",
    re.IGNORECASE,
)
_ABOUT_PLATES = re.compile(r"plaat|plate\b|kenteken|wagen|auto|voertuig|bromfiets|plaque|immatricul", re.IGNORECASE)
_ABOUT_DEVICES = re.compile(r"\bip\b|ip-|toestel|server|aanmeld|ingelogd|login|adres|host|netwerk", re.IGNORECASE)
_PLATE_SIGNS: Final = frozenset("-.\u00b7\u2010\u2011\u2012\u2013\u2014\u2212")
_KBO_RUNS: Final = frozenset((1, 3, 4, 7, 9, 10, 12))
_NUMBER_WORDS: Final = frozenset(("nr", "nr.", "nummer", "huisnummer"))
_NEAR: Final = 40
_LONGEST: Final = 60


def find(text: str) -> tuple[Found, ...]:
    """Every identifier in a text, in order, none overlapping another."""
    if (not text.isascii() or "&" in text or "%" in text) and _ODD.search(text):
        plain, at = _plain(text)
        return tuple(replace(f, start=at[f.start], end=at[f.end - 1] + 1) for f in _find(plain))
    return _find(text)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as a reader sees it, and for each sign of it the place where it stands in the text."""
    signs: list[str] = []
    at: list[int] = []
    done = 0
    for m in _ODD.finditer(text):
        signs += text[done : m.start()]
        at += range(done, m.start())
        if not re.match(f"[{_UNSEEN}]", m[0]):
            digit = unicodedata.digit(m[0], None) if len(m[0]) == 1 else None
            signs.append(
                str(digit) if digit is not None else _STANDS_FOR.get(m[0], unicodedata.normalize("NFKC", m[0]))
            )
            at.append(m.start())
        done = m.end()
    return "".join(signs) + text[done:], at + list(range(done, len(text)))


def _find(text: str) -> tuple[Found, ...]:
    # What has a form of its own goes first, and what stands within it is a part of it.
    first = [Found(K.EMAIL, *m.span(), True) for m in _MAIL.finditer(text)] if "@" in text else []
    if "at)" in text or "at]" in text:
        first += [Found(K.EMAIL, *m.span(), True) for m in _MAIL_TOLD.finditer(text)]
    if "plaat" in text or "kenteken" in text:
        first += [Found(K.LICENCE_PLATE, *m.span("plate"), False) for m in _TOLD_PLATE.finditer(text)]
    found: list[Found] = []
    done = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        if start < done:
            continue  # part of what was found
        one = _at(text, start, end, text[start - 1 : start])
        if one is not None and one.start >= done:
            found.append(one)
            done = one.end
    if not first:
        return tuple(found)
    first.sort(key=lambda f: f.start)
    spans = [(f.start, f.end) for f in first]
    return tuple(sorted([*first, *(f for f in found if not _overlaps(spans, f))], key=lambda f: f.start))


def _overlaps(spans: list[tuple[int, int]], found: Found) -> bool:
    """Whether it overlaps one of these spans, which stand in order."""
    last = bisect_right(spans, (found.end - 1, len(spans) + found.end)) - 1
    return last >= 0 and spans[last][1] > found.start


def _at(text: str, start: int, end: int, before: str) -> Found | None:
    """The identifier at whose first digits the run stands, if there is one. What has check digits goes first."""
    if before.isalpha() and _IN_HASH.search(text, max(0, start - 7), start):
        return None
    found, length = None, end - start
    after = text[end : end + 1]
    if length >= 2:
        apart = before in _BETWEEN
        letters = text[start - 3 : start - 1] if apart else text[start - 2 : start]
        if len(letters) == 2 and letters.isalpha() and letters.isascii() and (form := _iban_form(letters.upper())):
            found = _iban(text, start - 2 - apart, form)
    goes_on = length > 8 or not text[end + 1 : end + 4].isalpha()  # most numbers are followed by a word
    if found is None and goes_on and (length > 1 or after in _BETWEEN_SINGLE):
        if (form := _INSZ.get(length)) and (m := form.match(text, start)) and is_national_number(m[0]):
            return Found(K.NATIONAL_NUMBER, start, m.end(), True)
        if length in _KBO_RUNS:
            found = _enterprise(text, start) or _ogm(text, start)
    if found is None and (text[start] == "0" or before == "+"):
        found = _phone(text, start)
    if found is not None:
        return found
    if length <= 3:
        if after == "." and (found := _ip(text, start)) is not None:
            return found
        if (
            after in _PLATE_SIGNS
            or after.isalpha()
            or before.isupper()
            or text[start - 2 : start - 1].isupper()
            or text[end + 1 : end + 2].isupper()
        ) and (found := _plate(text, start, end)) is not None:
            return found
    return _address(text, start, end) if length <= 4 and not before.isalnum() else None


_BETWEEN_SINGLE: Final = frozenset(" .")
_BETWEEN: Final = _PLATE_SIGNS | frozenset(" \u00a0\u2007\u2009\u202f")


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
    before = text[start - 1 : start]
    if m is None or (before.isalnum() and not (before.islower() and m[0][:2].isupper())):
        return None
    digits = "".join(_BASE_36[c] for c in m[0].upper() if c in _BASE_36)  # the country takes four of them
    return Found(K.IBAN, start, m.end(), True) if int(digits[6:] + digits[:6]) % 97 == 1 else None


_BASE_36: Final = {c: str(n) for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_SIGNS: Final = {"n": "[0-9]", "a": "[A-Za-z]", "c": "[A-Za-z0-9]"}


@cache
def _iban_form(country: str) -> re.Pattern[str] | None:
    """The form of an IBAN of a country, from the registry that python-stdnum carries; nothing where there is none.

    It is written out: looking at each sign in turn, and its own check, took a fifth of the time of everything here.
    """
    structure = numdb.get("iban").info(country + "00")[0][1].get("bban")
    if not structure:
        return None
    signs = "".join(f"(?:{_GAP}{_SIGNS[kind]}){{{n}}}" for n, kind in re.findall(r"(\d+)!([nac])", structure))
    return re.compile(rf"[A-Za-z]{{2}}{_GAP}[0-9]{{2}}{signs}(?![A-Z0-9])")


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


def is_enterprise_number(digits: str) -> bool:
    """Whether ten digits are an enterprise number (it begins with 0 or 1) or one of a branch (2 to 8), with right check digits."""
    return len(digits) == 10 and digits[0] != "9" and int(digits) > 0 and 97 - int(digits[:8]) % 97 == int(digits[8:])


def _enterprise(text: str, start: int) -> Found | None:
    """Ten digits that begin with 0 or 1; nine only behind BE or BTW, as old letterheads have it.

    What may as well be an amount or any number, 1.234.567.890 or what begins with 2 to 8, only where the text names it.
    """
    m = _KBO.match(text, start)
    if m is None:
        return None
    digits = "".join(c for c in m[0] if "0" <= c <= "9")
    country = _COUNTRY.search(text, max(0, start - 16), start)
    if len(digits) == 9 and country is not None:
        digits = "0" + digits
    if not is_enterprise_number(digits):
        return None
    near = max(0, start - _NEAR)
    if country is None and digits[0] in "01":
        if digits[:2] == "04" and digits[2] > "4" and m[0][4] == "/":
            return None  # 0475/123.456 is a telephone
        if digits[0] == "1" and not m[0][1].isdigit() and not _ABOUT_COMPANIES.search(text, near, start):
            return None
    elif country is None and not _ABOUT_BRANCHES.search(text, near, start) and not (m[0][1] == "." and _alone(text, m)):
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
        if m["abroad"] or m["mobile"] or m["gap"] or m["gap2"] or m["gap3"] or _said_phone(text, m):
            unclosed = m[0].count("(") > m[0].count(")")
            return Found(K.PHONE, at + unclosed, m.end(), False)
    m = _FOREIGN_PHONE.match(text, start - 1 if text[start - 1 : start] == "+" else start)
    return Found(K.PHONE, m.start(), m.end(), False) if m is not None else None


def _said_phone(text: str, m: re.Match[str]) -> bool:
    return _alone(text, m) or _ABOUT_PHONES.search(text, max(0, m.start() - _NEAR // 2), m.start()) is not None


def _ip(text: str, start: int) -> Found | None:
    m = _IP.match(text, start)
    if m is None or "€" in text[max(0, start - 2) : start]:
        return None
    first, *others = m[0].split(".")
    like = all(int(part) < 30 for part in (first, *others))  # a section of a regulation looks the same
    like |= len(first) == 1 and all(len(part) == 3 for part in others)  # and so does an amount
    if like and not _ABOUT_DEVICES.search(text, max(0, start - _NEAR), start) and not _alone(text, m):
        return None
    return Found(K.IP_ADDRESS, start, m.end(), False)


def _plate(text: str, start: int, end: int) -> Found | None:
    """Plates since 2010 by their form; older and looser forms only where the text is about a vehicle, or is only that."""
    m, sure, alone = None, False, True
    if end - start == 1 and not re.search(r"[\w-]$", text[max(0, start - 1) : start]):
        m = _PLATE.match(text, start)
        if m is not None:
            alone = m["letters"].isupper()
            sure = alone and m["gap"] in _PLATE_SIGNS
    elif end - start >= 2:
        left = start
        while left and start - left < 6 and (text[left - 1] in _BEFORE_DIGITS or "A" <= text[left - 1] <= "Z"):
            left -= 1
        for at in range(left, start + 1):
            if text[at - 1 : at].isalnum():
                continue
            if (m := _LETTER_PLATE.match(text, at)) is not None:
                sure = True
                break
            if (m := _OLD_PLATE.match(text, at)) is not None:
                alone = m["loose"] is None
                break
    if m is None or m.end() <= start:
        return None
    if (
        not sure
        and not (alone and _alone(text, m))
        and not _ABOUT_PLATES.search(text, max(0, m.start() - _NEAR), m.start())
    ):
        return None
    return Found(K.LICENCE_PLATE, m.start(), m.end(), False)


_BEFORE_DIGITS: Final = _PLATE_SIGNS | {" "}


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
    if text[end : end + 3].lstrip(", ")[:1] in _FRENCH_INITIALS and (m := _FRENCH_STREET.match(text, end)):
        return Found(K.ADDRESS, start, m.end(), False)
    first = max(0, start - _LONGEST)
    word = text[max(first, text.rfind(" ", first, start - 1) + 1) : start - 1]
    if word.islower() and word not in _NUMBER_WORDS and ">" not in word and "\n" not in word:
        return None  # most numbers stand behind a small word
    words = text[first:start].replace(",", " ").replace(">", " ").split()
    while words and words[-1] in _NUMBER_WORDS:
        words.pop()
    if not words or not _street(words, begins=first == 0 and len(text) < _LONGEST):
        return None
    house = _HOUSE.match(text, start)
    if house is None or _NOT_A_HOUSE.match(text, house.end()):
        return None
    word = words[-1].lstrip(_OPENING)
    return Found(K.ADDRESS, text.rfind(word, first, start), house.end(), False)


_FRENCH_INITIALS: Final = frozenset("".join(w[0] + w[0].upper() for w in places.FRENCH))
_OPENING: Final = "([{<\"'\u2018\u201c\u00ab"


def _street(words: list[str], *, begins: bool) -> bool:
    """Whether these words end in the name of a street: Kerkstraat, Grote Markt, Coupure Links, Steenweg op Gent, Avenue Louise.

    begins   the words are the first of a short text, so that a capital letter there says nothing less than elsewhere
    """
    if len(words) > 1 and words[-1].lower() in places.SIDES:
        words = words[:-1]
    word = words[-1].lstrip(_OPENING)
    if not word[:1].isupper():
        return False
    small, before = word.lower(), words[-2].lstrip(_OPENING) if len(words) > 1 else ""
    if small in places.ALONE:
        # A capital within a sentence makes it a name, and so does a word such as Grote before it.
        named = before[:1].isupper() and before.endswith("e")
        return named or (before.islower() and before not in places.COUNTED) or (begins and not before)
    if before in ("Ter", "Ten") or any(w.lower().lstrip(_OPENING) in places.PREFIXES for w in words[-5:-1]):
        return True
    if small.endswith(places.STREETS):
        return small not in places.NOT_STREETS
    return small.endswith(places.RARER) and small not in places.NOT_STREETS and (begins or bool(before))


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
