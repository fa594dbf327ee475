"""What points to a person in a text: every valid number is found, and nothing where there is none."""

import itertools
import random
import re
import time
from datetime import date

import duckdb
import pytest
from stdnum import iban
from stdnum.be import bis, nn, ogm_vcs, vat

from vangrail.model.vocabulary import IdentifierKind as K
from vangrail.text.identifiers import FORMS, HINT, find, is_national_number


def kinds(text):
    return [(f.kind, text[f.start : f.end]) for f in find(text)]


def national_number(born: date, serial: int, *, month_plus: int = 0) -> str:
    nine = f"{born:%y}{born.month + month_plus:02}{born:%d}{serial:03}"
    return nine + f"{97 - int(('2' if born.year >= 2000 else '') + nine) % 97:02}"


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        # The example of python-stdnum and of the instructions of the National Register.
        (K.NATIONAL_NUMBER, "85.07.30-033.28"),
        (K.NATIONAL_NUMBER, "85073003328"),
        (K.NATIONAL_NUMBER, "85 07 30 033 28"),
        (K.NATIONAL_NUMBER, "850730-033-28"),
        (K.NATIONAL_NUMBER, "850730 033 28"),
        (K.NATIONAL_NUMBER, "85/07/30-033/28"),
        (K.NATIONAL_NUMBER, "85.07.30 - 033.28"),
        (K.NATIONAL_NUMBER, "85.07.30\u2013033.28"),
        (K.NATIONAL_NUMBER, "17.07.30-033.84"),  # born in 2017: the check digits of the other century
        (K.NATIONAL_NUMBER, "98.47.28-997.65"),  # bis, sex known
        (K.NATIONAL_NUMBER, "01.49.07-001.85"),
        (K.IBAN, "BE68 5390 0754 7034"),
        (K.IBAN, "BE68539007547034"),
        (K.IBAN, "be68 5390 0754 7034"),
        (K.IBAN, "BE68-5390-0754-7034"),
        (K.IBAN, "BE 68 5390 0754 7034"),
        (K.IBAN, "NL91 ABNA 0417 1643 00"),
        (K.IBAN, "FR14 2004 1010 0505 0001 3M02 606"),
        (K.IBAN, "DE89370400440532013000"),
        (K.ENTERPRISE_NUMBER, "0403.019.261"),
        (K.ENTERPRISE_NUMBER, "0403019261"),
        (K.ENTERPRISE_NUMBER, "0403 019 261"),
        (K.ENTERPRISE_NUMBER, "BE 0403.019.261"),
        (K.ENTERPRISE_NUMBER, "BE0403019261"),
        (K.ENTERPRISE_NUMBER, "BE 403.019.261"),
        (K.STRUCTURED_COMMUNICATION, "+++010/8068/17183+++"),
        (K.STRUCTURED_COMMUNICATION, "010/8068/17183"),
        (K.STRUCTURED_COMMUNICATION, "***010/8068/17183***"),
        (K.STRUCTURED_COMMUNICATION, "+++010806817183+++"),
        (K.EMAIL, "jan.peeters@telenet.be"),
        (K.EMAIL, "fatima+gemeente@mail.stad-voorbeeld.be"),
        (K.EMAIL, "j0477123456@x.eu"),
    ],
)
def test_what_is_certain_is_found_as_a_whole(kind, written):
    for text in (written, f"Graag antwoord: {written}.", f"({written})", f"Dat is {written} en niets anders 12."):
        assert (kind, written) in kinds(text), text
        assert all(f.certain for f in find(text) if f.kind is kind)
        assert re.search(HINT, text)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        *(
            (K.PHONE, p)
            for p in (
                "0477 12 34 56",
                "0477/12.34.56",
                "0477/12 34 56",
                "0477.12.34.56",
                "0477-12-34-56",
                "0477 123 456",
                "0477123456",
                "0477/123456",
                "+32 477 12 34 56",
                "+32477123456",
                "0032 477 12 34 56",
                "0032477123456",
                "+32 (0)477 12 34 56",
                "09 234 56 78",
                "09/234.56.78",
                "09/234 56 78",
                "02-234 56 78",
                "02.234.56.78",
                "+32 9 234 56 78",
                "0032 9 234 56 78",
                "+32 2 234 56 78",
                "050 12 34 56",
                "050/12.34.56",
                "056/12 34 56",
                "011-12 34 56",
                "+32 50 12 34 56",
                "(09) 234 56 78",
            )
        ),
        *((K.LICENCE_PLATE, p) for p in ("1-ABC-123", "2-XYZ-987", "1.ABC.123")),
        *(
            (K.ADDRESS, a)
            for a in ("Kerkstraat 12", "Koning Albertlaan 5 bus 3", "Grote Markt 1", "Gentsesteenweg 114A")
        ),
        *((K.ADDRESS, a) for a in ("9000 Gent", "2000 Antwerpen", "8500 KORTRIJK", "9830 Sint-Martens-Latem")),
        *((K.ADDRESS, a) for a in ("Rue de la Loi 16", "Avenue Louise 54", "Dorpsstraat nr. 7")),
        (K.IP_ADDRESS, "193.58.4.12"),
    ],
)
def test_what_may_be_one_is_said_to_be_uncertain(kind, written):
    for text in (written, f"Dat was {written}.", f"Zie: {written}, aub"):
        (found,) = [f for f in find(text) if f.kind is kind]
        assert not found.certain and written.endswith(text[found.start : found.end]), text
        assert re.search(HINT, text)


def test_older_plates_only_where_the_text_is_about_a_vehicle():
    assert kinds("De wagen met plaat ABC-123 stond fout.") == [(K.LICENCE_PLATE, "ABC-123")]
    assert kinds("nummerplaat 123-ABC") == [(K.LICENCE_PLATE, "123-ABC")]
    assert kinds("1ABC123") == [(K.LICENCE_PLATE, "1ABC123")], "a column of plates"
    assert kinds("Volgens norm ISO-270 en WZC-200.") == []


WITHOUT = [
    "Ik betaalde op 14/03/2026 een bedrag van 1.245,50 euro.",
    "Mijn dossiernummer is 2026/004512.",
    "Het referentienummer 99887766554 staat op uw brief.",
    "De lantaarnpaal aan huisnummer 112 is stuk sinds 3 februari.",
    "Er is geluidsoverlast van vrijdag 22u30 tot zaterdag 04u00.",
    "Volgens artikel 12.3.1.1 van het reglement, versie 1.2.3.4, hebben wij recht op een toelage.",
    "De factuur 20260311-778 klopt niet; zie ook 2026-03-11 en 11-03-2026.",
    "In maart 2026 Gentse feesten? De raad van 2019 Antwerpse stijl.",
    "Er kwamen 5000 Vlamingen en 1500 Gentenaars, en 1382 Burgerlijk Wetboek geldt.",
    "Op het Kerkplein 5 dagen na 12 mei waren er 3 wagens en 40 mensen.",
    "Op de Kerkstraat 30 km per uur rijden.",
    "Wij kozen optie 2 en 3, dus 12,5 % van 3.000.000 euro.",
    "Het kenteken is niet gekend.",
    "De supermarkt 3 straten verder. Het Fietspad 12 meter breed.",
    "Lambert 72: 104325.12 193456.78; wgs84 51.0543422 3.7174243.",
    "Bouwjaar 1987, EPC 245 kWh/m2, kadaster 44021A0123/00B000.",
    "Vergadering 09/03/2026 van 09:00 tot 10:30, zaal 1.02.",
    "ISBN 978-90-5985-123-4 en ondernemer @ home.",
    "De ploeg van 10.02.2026 reed 120 km met code 12345678901234567890.",
]


@pytest.mark.parametrize("text", WITHOUT)
def test_nothing_is_found_where_there_is_nothing(text):
    assert find(text) == ()


def test_a_hundred_thousand_sentences_without_any_give_no_hit():
    """Dates, amounts, references, times and house numbers, at random: targets, soundness 5."""
    r = random.Random(3)
    forms = [
        lambda: (
            f"Op {r.randint(1, 28)}/{r.randint(1, 12)}/{r.randint(1990, 2030)} betaalde ik "
            f"{r.randint(1, 9999)},{r.randint(10, 99)} euro."
        ),
        lambda: f"Dossier {r.randint(2015, 2030)}/{r.randint(1, 999999):06} wacht al {r.randint(2, 90)} dagen.",
        lambda: (
            f"Aan huisnummer {r.randint(1, 400)} ligt sinds {r.randint(1, 28)} maart afval, meldde ik om {r.randint(0, 23)}u{r.randint(10, 59)}."
        ),
        lambda: f"Artikel {r.randint(1, 300)}.{r.randint(1, 20)} van het decreet van {r.randint(1980, 2026)} geldt.",
        lambda: (
            f"Het bedrag van {r.randint(1, 900)}.{r.randint(0, 999):03}.{r.randint(0, 999):03} euro staat op de begroting."
        ),
        lambda: (
            f"Kaart {r.choice('ABCDEF')}{r.randint(1, 99)} toont {r.randint(2, 5000)} percelen, samen {r.randint(1, 900)}.{r.randint(0, 999):03} m2."
        ),
        lambda: "Kan u mij laten weten wanneer mijn aanvraag behandeld wordt?",
    ]
    hits = [text for text in (r.choice(forms)() for _ in range(100_000)) if find(text)]
    assert hits == []


def test_every_valid_number_is_found_and_every_wrong_one_is_not():
    """Ten thousand of each, made at random; a change of the last digits makes it wrong."""
    r = random.Random(5)
    for _ in range(10_000):
        born = date(r.randint(1920, 2025), r.randint(1, 12), r.randint(1, 28))
        number = national_number(born, r.randint(1, 997), month_plus=r.choice([0, 0, 20, 40]))
        assert nn.is_valid(number) or bis.is_valid(number), "the maker of the test agrees with python-stdnum"
        assert kinds(f"Nr {number}.") == [(K.NATIONAL_NUMBER, number)]
        account = f"{r.randint(10**9, 10**10 - 1)}"
        account += f"{int(account) % 97 or 97:02}"
        full = f"BE{98 - int(account + '111400') % 97:02}{account}"
        assert iban.is_valid(full, check_country=False) and kinds(f"op {full} aub") == [(K.IBAN, full)]
        eight = f"0{r.randint(2_000_000, 7_999_999)}"
        company = f"{eight}{97 - int(eight) % 97:02}"
        assert vat.is_valid(company) and kinds(company) == [(K.ENTERPRISE_NUMBER, company)]
        ten = f"{r.randint(1, 10**10 - 1):010}"
        told = ogm_vcs.format(ten + ogm_vcs.calc_check_digits(ten + "00"))
        assert kinds(f"+++{told}+++") == [(K.STRUCTURED_COMMUNICATION, f"+++{told}+++")]
        wrong = number[:-2] + f"{(int(number[-2:]) + 1) % 98:02}"
        if not is_national_number(wrong):
            assert K.NATIONAL_NUMBER not in [k for k, _ in kinds(wrong)]


def test_python_stdnum_agrees_on_national_numbers():
    """But for a birth year that is yet to come, of which python-stdnum only knows by the clock."""
    r = random.Random(11)
    for _ in range(20_000):
        number = f"{r.randint(26, 99):02}{r.randint(0, 60):02}{r.randint(0, 31):02}{r.randint(0, 999):03}"
        number += f"{97 - int(number) % 97:02}"
        known = nn.is_valid(number) or bis.is_valid(number)
        assert is_national_number(number) == known, number


@pytest.mark.parametrize(
    "hostile",
    [
        "0" * 200_000,
        "1 " * 100_000,
        "12." * 70_000,
        "a" * 200_000,
        "a@" * 100_000,
        "a." * 100_000 + "@",
        "@" * 200_000,
        "x@" + "a." * 100_000,
        "BE68 " * 40_000,
        "BE" * 100_000 + "12",
        "+32" * 60_000,
        "+++010/" * 30_000,
        "0477 " * 40_000,
        "1-ABC-" * 30_000,
        "Kerkstraat " * 20_000 + "1",
        "9000 " + "Aa " * 60_000,
        "9000 A-" * 25_000,
        "rue " * 50_000 + "12",
        " " * 200_000 + "1",
        "-" * 200_000,
        "é" * 200_000 + "1",
    ],
)
def test_a_hostile_text_costs_no_more_than_another(hostile):
    """Linear: 200,000 signs of whatever kind take less than a second."""
    started = time.process_time()
    find(hostile)
    assert time.process_time() - started < 1.0


def test_raised_digits_are_no_digits():
    assert find("voetnoot \u2078\u2075 85.07.30-033.2\u00b2") == ()


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (K.NATIONAL_NUMBER, "85.07.30\u2011033.28"),  # the hyphen that does not break
        (K.NATIONAL_NUMBER, "85.07.30\u2212033.28"),
        (K.NATIONAL_NUMBER, "85\u200907\u200930\u2009033\u200928"),
        (K.NATIONAL_NUMBER, "85  07  30  033  28"),
        (K.NATIONAL_NUMBER, "85 . 07 . 30 - 033 . 28"),
        (K.NATIONAL_NUMBER, "85\u00b707\u00b730-033\u00b728"),
        (K.NATIONAL_NUMBER, "850730_03328"),
        (K.NATIONAL_NUMBER, "85.07.30-\n033.28"),
        (K.NATIONAL_NUMBER, "850730\r\n03328"),
        (K.NATIONAL_NUMBER, "850 730 033 28"),
        (K.NATIONAL_NUMBER, "8 5 0 7 3 0 0 3 3 2 8"),  # the boxes of a form
        (K.NATIONAL_NUMBER, "850730\u200b03328"),
        (K.NATIONAL_NUMBER, "8507\u00ad3003328"),
        (K.NATIONAL_NUMBER, "850730&nbsp;03328"),
        (K.NATIONAL_NUMBER, "850730%2003328"),
        (K.NATIONAL_NUMBER, "".join(chr(0xFF10 + int(c)) for c in "85073003328")),
        (K.NATIONAL_NUMBER, "".join(chr(0x660 + int(c)) for c in "85073003328")),
        (K.IBAN, "BE68\u20115390\u20110754\u20117034"),
        (K.IBAN, "BE68  5390  0754  7034"),
        (K.IBAN, "BE68 5390\n0754 7034"),
        (K.IBAN, "BE-68539007547034"),
        (K.IBAN, "BE68/5390/0754/7034"),
        (K.IBAN, "BE6853900\u200b7547034"),
        (K.ENTERPRISE_NUMBER, "0403\u2011019\u2011261"),
        (K.ENTERPRISE_NUMBER, "0403\u00b7019\u00b7261"),
        (K.ENTERPRISE_NUMBER, "0403\n019 261"),
        (K.ENTERPRISE_NUMBER, "0.403.019.261"),
        (K.ENTERPRISE_NUMBER, "BTW 403.019.261"),
        (K.ENTERPRISE_NUMBER, "BE-403.019.261"),
        (K.PHONE, "0475\u201312\u201334\u201356"),
        (K.PHONE, "\uff0b32 475 12 34 56"),
        (K.PHONE, "(+32) 475 12 34 56"),
        (K.PHONE, "04 75 12 34 56"),
        (K.PHONE, "0800 12 345"),
        (K.PHONE, "+31 6 12345678"),
        (K.PHONE, "0033 6 12 34 56 78"),
        (K.EMAIL, "an@\u200bx.be"),
        (K.EMAIL, "an\uff20x.be"),
        (K.EMAIL, "an.peeters(at)gmail.com"),
        (K.EMAIL, "an.peeters [at] gmail [dot] com"),
        (K.EMAIL, "an.peeters%40gmail.com"),
        (K.EMAIL, '"an peeters"@x.be'),
        (K.LICENCE_PLATE, "1\u2011ABC\u2011234"),
        (K.LICENCE_PLATE, "O-ABC-123"),
        (K.LICENCE_PLATE, "T-XAA-123"),
        *((K.ADDRESS, a) for a in ("12, rue de la Loi", "Groenplaats 1", "Nieuwstr. 4")),
        *((K.ADDRESS, a) for a in ("Wijngaardveld 3", "Molenberg 6")),
    ],
)
def test_other_signs_between_and_instead_hide_nothing(kind, written):
    for text in (written, f"Zo staat het er in: {written}.", f"Wij noteerden ({written})"):
        assert (kind, written) in kinds(text), text
        assert re.search(HINT, text), text


@pytest.mark.parametrize(
    "text", ["850730\u200b03328", "\uff10\uff14\uff17\uff15", "85\u200907\u200930", "an%40x.be", "niets"]
)
def test_the_hint_says_the_same_in_the_engine(text):
    (found,) = duckdb.execute("SELECT regexp_matches($1, $2)", [text, HINT]).fetchone()
    assert found == bool(re.search(HINT, text))


@pytest.mark.parametrize("street", ["Steenweg op Gent 12", "Groene Dreef 8", "Coupure Links 200", "Ter Linden 4"])
def test_a_street_of_several_words_is_found_by_its_last(street):
    for text in (street, f"Wij wonen in ({street})", f"in de {street}."):
        (found,) = find(text)
        assert found.kind is K.ADDRESS and street.endswith(text[found.start : found.end])


@pytest.mark.parametrize("number", ["85073003328", "85.07.30-033.28", "0403019261", "0403.019.261", "BE68539007547034"])
@pytest.mark.parametrize(
    "around",
    ["nr{}", "{}inwoner", "a,{},b", "12,{},5", "2026/{}", '{{"nr":{}}}', "<td>{}</td>", "https://x.be/d/{}?a=1", "id_{}_x", "#{}", "\u20ac{}"],
)  # fmt: skip
def test_what_stands_against_it_hides_nothing(number, around):
    assert number in [f for _, f in kinds(around.format(number))]


def test_a_branch_has_a_number_that_begins_with_two_to_eight():
    """2.123.456.7xx: 97 - 21234567 mod 97. Where nothing says what it is, it may be an amount."""
    number = f"2.123.456.7{97 - 21234567 % 97:02}"
    assert kinds(f"Vestigingsnummer {number}") == [(K.ENTERPRISE_NUMBER, number)] == kinds(number)
    assert kinds(f"Een krediet van {number} frank") == []


@pytest.mark.parametrize(
    "text",
    [
        "Breedte 50.063065522, lengte 4.39544219.",  # eleven digits with right check digits, and ten
        "Het gemiddelde is 0.932338858.",
        "UUID 71b00834-2606-4732-ad9b-05c6db40d709",
        "f2634cca4bf0507067401eb1759d46cc",
        "Een krediet van 8.161.113.141 euro.",
        "op BE1725822119.Dank",  # letters where an account of Belgium has only digits
        "Standplaats 14 en de Speeltuin 3 weken later, de Parkeerplaats 12.",
        "2-in-1, 3-jan-202",
        "Het kenteken is niet gekend, wel 12 andere.",
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert [k for k, _ in kinds(text) if k is not K.ENTERPRISE_NUMBER or "BE17" not in text] == []


def test_none_overlaps_another():
    text = "Bel 0477 12 34 56 of mail j.85073003328@x.be, BE68 5390 0754 7034, 85.07.30-033.28 9000 Gent"
    found = find(text)
    assert [f.kind for f in found] == [K.PHONE, K.EMAIL, K.IBAN, K.NATIONAL_NUMBER, K.ADDRESS]
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    "text",
    ["85.07.30-033.28", "BE68 5390 0754 7034", "0403.019.261", "+++010/8068/17183+++", "a.b@c.be", "0477 12 34 56"],
)
def test_a_server_that_keeps_its_rows_still_sees_the_form(text):
    (found,) = find(f"x {text}, y")
    assert found.kind in [kind for kind, form in FORMS if re.search(form, f"x {text}, y")]
