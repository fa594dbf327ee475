"""How many names and addresses are found: these have no check digits, so the recall is stated and held.

The names and streets are common ones in Flanders and Brussels, put together for this test and not taken from the list that
finds them. `pytest tests/text/test_recall.py -s` prints the figures of docs/checks/privacy.md.
"""

import itertools
import random
import re
import time

import pytest

from vangrail.model.vocabulary import IdentifierKind as K
from vangrail.text import identifiers, persons

STREETS = """
    Kerkstraat,Stationsstraat,Nieuwstraat,Molenstraat,Schoolstraat,Dorpsstraat,Kapelstraat,Veldstraat,Hoogstraat,Beukenlaan,
    Eikenlaan,Populierenlaan,Kloosterstraat,Bosstraat,Kasteelstraat,Groenstraat,Lindelaan,Kouterstraat,Leopoldlaan,Grote Markt,
    Koning Albertlaan,Antwerpsesteenweg,Gentsesteenweg,Brusselsesteenweg,Mechelsesteenweg,Oude Baan,Heirbaan,Ringlaan,
    Industrielaan,Parklaan,Sint-Jansstraat,Sint-Pietersplein,Korenmarkt,Vrijdagmarkt,Botermarkt,Groenplaats,Meir,
    De Keyserlei,Turnhoutsebaan,Bredabaan,Bist,Italiëlei,Coupure Links,Coupure Rechts,Kouter,Dok Noord,Zuid,Muinkkaai,
    Visserij,Heuvelpoort,Rooigemlaan,Overpoortstraat,Sleepstraat,Dampoortstraat,Meulesteedsesteenweg,Wondelgemstraat,
    Markt,Burg,Dijver,Langestraat,Ezelstraat,Gentpoortstraat,Naamsestraat,Bondgenotenlaan,Tiensevest,Oude Markt,Vaartkom,
    Demerstraat,Koning Boudewijnlaan,Guffenslaan,Elfde-Liniestraat,Kapermolenstraat,Zeedijk,Torhoutsesteenweg,Kapellestraat,
    Dorp,Dries,Plein,Heide,Heikant,Kruisstraat,Hoek,Zandberg,Molenberg,Leegveld,Meerstraat,Broekstraat,Vijverstraat,
    Rozenlaan,Merellaan,Zwaluwenlaan,Lijsterstraat,Akkerstraat,Meiboomstraat,Wijngaardstraat,Krekelberg,Kattestraat,
    Steenweg op Gent,Steenweg naar Halle,Ter Linden,Hof ten Walle,Pastorijdreef,Beekstraat,Vlierbeekveld,Zavelput,
    Watertorenwijk,Tuinwijk,Populierenhof,Sportlaan,Fabriekskaai,Havenlaan,Vaartdijk,Leiekant,Scheldekaai,Kasteeldreef,
    Rue Neuve,Avenue Louise,Chaussée de Wavre,Boulevard Anspach,Rue de la Loi,Place Flagey,Quai au Foin,Louizalaan,
    Nieuwstraat,Waversesteenweg,Anspachlaan,Wetstraat,Flageyplein,Paul Janssonlaan,Jubelpark,Hooikaai
"""
TOWNS = """
    9000 Gent,2000 Antwerpen,8000 Brugge,3000 Leuven,3500 Hasselt,8500 Kortrijk,9300 Aalst,2800 Mechelen,9100 Sint-Niklaas,
    8400 Oostende,3600 Genk,8800 Roeselare,2300 Turnhout,1000 Brussel,1050 Ixelles,1070 Anderlecht,1180 Ukkel,9030 Mariakerke,
    9032 Wondelgem,9040 Sint-Amandsberg,9041 Oostakker,9050 Gentbrugge,9052 Zwijnaarde,8310 Assebroek,8200 Sint-Andries,
    8380 Lissewege,2018 Antwerpen,2100 Deurne,2140 Borgerhout,2180 Ekeren,2610 Wilrijk,3010 Kessel-Lo,3001 Heverlee,
    3511 Kuringen,3550 Heusden,8510 Marke,8560 Moorsele,9310 Moorsel,9320 Erembodegem,2811 Leest,9111 Belsele,8420 De Haan,
    8430 Westende,9070 Heusden,9090 Melle,9820 Merelbeke,9840 De Pinte,1500 Halle,1700 Dilbeek,1702 Groot-Bijgaarden,
    1800 Vilvoorde,1930 Zaventem,1853 Strombeek-Bever,2570 Duffel,2221 Booischot,2387 Baarle-Hertog,3290 Diest,3300 Tienen,
    3384 Attenrode,3620 Lanaken,3680 Maaseik,3700 Tongeren,3717 Herstappe,3800 Sint-Truiden,3798 Sint-Martens-Voeren,
    8670 Koksijde,8660 De Panne,8900 Ieper,8970 Poperinge,9500 Geraardsbergen,9600 Ronse,9700 Oudenaarde,9960 Assenede
"""
FIRST = """
    Jan,Maria,Emma,Noah,Lucas,Olivia,Mohamed,Fatima,Marc,Martine,Nathalie,Luc,Rita,Johan,Ann,Peter,Els,Koen,Ilse,Wim,Sofie,
    Kristof,Lien,Pieter-Jan,Anne-Marie,Marie-Louise,Jean-Pierre,Yassine,Aya,Mehmet,Zeynep,Piotr,Agnieszka,Ionut,Elena,Dimitar,
    Svetlana,Youssef,Hanane,Rachida,Karim,Samira,Ömer,Hatice,Gheorghe,Mariam,Abdoulaye,Aminata,Kofi,Blessing,Precious,
    Tenzin,Nguyen,Wei,Priya,Rahul,Ahmad,Nour,Omar,Khalil,Samuel,Ruben,Lotte,Fien,Marthe,Jules,Arthur,Leon,Louise,Ella,
    Mila,Finn,Vic,Lou,Juul,Cas,Lowie,Gust,Georgette,Yvonne,Roger,Georges,Simonne,Godelieve,Lutgard,Marie-Jeanne,Etienne,
    Gilbert,Willy,Jacqueline,Denise,Christiane,Rudi,Patrick,Danny,Sandra,Wendy,Kelly,Kevin,Jordy,Dylan,Kimberly,Nick
"""
FAMILY = """
    Peeters,Janssens,Maes,Jacobs,Mertens,Willems,Claes,Goossens,Wouters,De Smet,Van den Berghe,Vandenbroucke,De Backer,
    Vermeulen,Van Damme,De Clercq,Van de Velde,El Amrani,Benali,Yılmaz,Kaya,Nowak,Popescu,Ivanova,Dubois,Lambert,Diallo,
    Nguyen,Singh,De Vos,Verhaeghe,D'Hondt,Van 't Hof,Desmedt,Bogaert,Ait Said,Ben Haddou,Vanden Bossche
"""


def _list(names: str) -> list[str]:
    return [n.strip() for n in names.replace("\n", "").split(",")]


def _share(texts: list[str], find, kind: K) -> float:
    return sum(any(f.kind is kind for f in find(text)) for text in texts) / len(texts)


AROUND = ("Ik woon in {}.", "Adres: {}", "De put aan {} is diep.", "{}")
SAID = ("Ik sprak met {} aan de balie.", "Dossier van {}, ingediend in mei.", "{}", "Groeten, {}")


@pytest.mark.parametrize(
    ("called", "written", "around", "find", "kind", "at_least"),
    [
        ("streets with a number", [f"{s} {n}" for s, n in zip(_list(STREETS), itertools.cycle((1, 12, "7b", "114 bus 3")))], AROUND, identifiers.find, K.ADDRESS, 0.9),
        ("postcodes with a place", _list(TOWNS), AROUND, identifiers.find, K.ADDRESS, 0.9),
        ("first and family name", [f"{a} {b}" for a, b in zip(_list(FIRST), itertools.cycle(_list(FAMILY)))], SAID, persons.find, K.NAME, 0.7),
        ("family name behind a title", [f"{t} {b}" for t in ("mevrouw", "de heer", "dhr.") for b in _list(FAMILY)], SAID, persons.find, K.NAME, 0.97),
        ("date of birth", ["geboren op 12/03/1980", "geb. 3.4.75", "geboortedatum: 1980-03-12", "° 12 maart 1980", "geboren te Gent op 1/2/1990"], SAID, persons.find, K.BIRTH_DATE, 1),
    ],
)  # fmt: skip
def test_recall_is_at_least_what_the_docs_say(called, written, around, find, kind, at_least):
    texts = [form.format(w) for w in written for form in around]
    found = _share(texts, find, kind)
    print(f"{called}: {found:.1%} of {len(texts)}")
    assert found >= at_least, [w for w in written if not _share([around[0].format(w)], find, kind)]


WITHOUT = """
    De Dienst Wonen en de Dienst Mobiliteit van Stad Gent vergaderen op Dinsdag 3 Maart.|De Vlaamse Regering keurt het goed.
    Sint-Jan en Sint-Maria zijn parochies.|De Frans Masereelstraat is open.|Het Koning Boudewijnpark opent in Mei 2025.
    Geachte mevrouw, geachte heer, Wij schrijven u.|Mevrouw de Burgemeester opent de zitting.|Jan 2025 was nat.
    Het Sociaal Huis, Afdeling Zorg.|Zij zijn geboren in een ander land.|De Raad van State en het Grondwettelijk Hof beslissen.
    Open VLD, Groen en Vooruit stemmen tegen.|Het was 20° op 12/03/2025.|Het Agentschap Binnenlands Bestuur antwoordt.
    De Lijn en De Watergroep werken aan de Nieuwe Vaart.|Wij volgen ISO 27001 en de AVG.|Op Maandag Dinsdag en Woensdag gesloten.
"""


def test_words_with_capitals_are_no_names():
    texts = [t.strip() for t in WITHOUT.replace("\n", "|").split("|") if t.strip()]
    assert [t for t in texts if persons.find(t)] == []


@pytest.mark.parametrize(
    "hostile",
    [
        "Jan " * 50_000,
        "de " * 60_000 + "Jan",
        "mevrouw " + "A. " * 60_000,
        "geboren " + "Aa " * 60_000,
        "Jan-" * 50_000,
    ],
)
def test_a_hostile_text_costs_no_more_than_another(hostile):
    started = time.process_time()
    persons.find(hostile)
    assert time.process_time() - started < 1.0


def test_every_text_with_a_name_has_its_hint():
    r = random.Random(1)
    for a in _list(FIRST):
        text = r.choice(SAID).format(f"{a} {r.choice(_list(FAMILY))}")
        assert not persons.find(text) or re.search(persons.HINT, text), text
