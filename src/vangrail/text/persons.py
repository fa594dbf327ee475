"""Finds what is told of a person in words: a name behind a title or a first name, and a date of birth.

There is no form for names that holds, so all of this is "may contain". A first name has to be on the list, and a family name
has to follow or precede it; a name behind a title needs no list. The list is our own: first names that are common in
Flanders and Brussels, of whatever origin. How many are found is in docs/checks/privacy.md.
"""

import re
from collections.abc import Iterator
from typing import Final

from vangrail.model.vocabulary import IdentifierKind as K
from vangrail.text import places
from vangrail.text.identifiers import Found

FIRST_NAMES: Final = frozenset(
    re.findall(
        r"\S+",
        """
        Aaron Abdel Abdelkader Abdellah Abdullah Adam Adel Adriaan Agnes Ahmed Aisha Alain Albert Alex Alexander Alexandra
        Alexia Ali Alice Alicia Aline Amber Amélie Amin Amina Amir Amira An Anass Andrea Andreas Andrei Andrzej André Anita
        Anja Ann Anna Anne Anneleen Annelies Annemie Annick Annie Anouk Antoine Anton Antoon Anwar Ariane Arne Arno Arnaud
        Arthur Aslı Astrid Axel Axelle Aya Ayoub Ayse Ayşe Aziz Aziza Barbara Bart Bas Beatrijs Ben Benjamin Benoît Bernadette
        Bernard Bert Bianca Bie Bilal Bjorn Björn Bo Bob Boris Bram Brecht Brenda Brigitte Britt Bruno Burak Carine Carla
        Carlo Carlos Carmen Carolien Caroline Casper Catharina Cathérine Catherine Cedric Cédric Céline Celine Chantal
        Charlotte Chiara Chloë Chloe Chris Christel Christelle Christian Christiane Christina Christine Christophe Cindy Claire
        Clara Claude Claudia Colette Conny Cristina Daan Daniel Daniël Daniela Danielle Daniëlle Danny Daphne Dario David Davy
        Debby Deborah Denis Denise Diana Diane Didier Diego Dieter Dimitri Dirk Dominique Dorien Dries Driss Eddy Edith Eduard
        Edward Efe Elena Elias Elien Elif Eline Elisa Elisabeth Elise Elke Ella Ellen Els Elsa Emel Emiel Emilia Emilie Emma
        Emmanuel Emre Eric Erica Erik Erika Erna Ernest Esma Estelle Esther Etienne Eva Eveline Evelien Evelyne Ewa Fabienne
        Fabio Fadila Farah Farid Fatiha Fatih Fatima Fatma Febe Felix Femke Ferdinand Fernand Ferre Fien Filip Finn Firas Flor
        Flora Florence Florian Floor Fran Francis Francisca Francine Franck François Françoise Frank Frans Fred Freddy Frederic
        Frédéric Frederik Freya Frida Frieda Gabriel Gabriela Gaston Geert Georges Georgette Gerard Gerda Germaine Gerrit Gert
        Ghislain Gianni Gilbert Gilles Gina Giovanni Gitte Godelieve Godfried Goedele Greet Greta Griet Guido Guillaume Gunther
        Gust Gustaaf Guy Hadewych Hakan Hamid Hamza Hanan Hanna Hannah Hannelore Hanne Hannes Hans Harry Hasan Hassan Hatice
        Heidi Heleen Helena Hélène Hendrik Henk Henri Herman Hilda Hilde Houda Hubert Hugo Hugues Huseyin Hüseyin Ibrahim Ida
        Igor Ikram Ilham Ilias Ilona Ilse Iman Imane Imke Ine Inès Ines Ingrid Ioana Irena Irene Iris Isabel Isabelle Ismael
        Ismail Ivan Ivo Jaak Jacob Jacqueline Jacques Jade Jamal Jamila Jan Jana Janne Jasmien Jasmine Jasper Jean Jeanne
        Jeannine Jef Jelle Jennifer Jenny Jens Jeroen Jérôme Jessica Jessie Jill Jo Joachim Joanna Johan Johanna Johannes John
        Johnny Jolien Jonas Jonathan Joost Joris Jos José Josée Jozef Joseph Josephine Juan Jules Julia Julian Julie Julien
        Juliette Jürgen Jurgen Justine Kaat Kamal Kamiel Karel Karen Karim Karima Karin Karine Karl Karolien Kasper Katarzyna
        Kathleen Kathy Kato Katrien Katrijn Kelly Kemal Ken Kenneth Kevin Khadija Khalid Khaled Kim Kirsten Klaas Kobe Koen
        Koenraad Kris Kristel Kristien Kristina Kristof Krzysztof Kurt Lander Lara Lars Laura Laure Laurence Laurens Laurent
        Lauren Lea Lena Leen Lennert Leo Léon Leon Leona Leonie Leopold Lia Liam Lien Lies Liesbet Liesbeth Lieselot Lieve
        Lieven Lili Lilly Lina Linda Lisa Lise Lode Loes Loïc Lore Loredana Lorenzo Lotte Lou Louis Louisa Louise Lowie Luc
        Luca Lucas Lucia Lucie Lucien Ludo Ludovic Luis Luka Lukas Luna Lut Lutgarde Lydia Lynn Maaike Maarten Machteld Magali
        Magda Magdalena Mahmoud Maja Malika Manon Manu Manuel Marc Marcel Marco Margaretha Margaux Margot Margriet Maria Mariam
        Marianne Marie Marieke Mariette Marijke Marijn Marina Mario Marita Marjan Mark Marleen Marlies Marta Martha Marthe
        Martin Martina Martine Maryam Mathias Mathieu Mathilde Mathis Matteo Matthias Matthieu Maud Maurice Maurits Max Maxim
        Maxime Maya Mehdi Mehmet Melanie Mélanie Melissa Mercedes Merel Meryem Mia Michael Michaël Michel Michèle Michiel Mieke
        Mihai Miguel Mila Milan Mira Miranda Miriam Mohamed Mohammed Mona Monica Monika Monique Morgane Mouad Mourad Muhammad
        Muhammed Murat Musa Mustafa Mustapha Myriam Nabil Nadia Nadine Najat Naima Nancy Naomi Natalia Natalie Nathalie Nathan
        Nele Nelly Nicolas Nicole Niels Nico Nikita Nina Noa Noah Noëlla Noémie Noël Noor Nora Nour Norbert Odette Olga Oliver
        Olivia Olivier Omar Oscar Oskar Osman Othmane Paola Pascal Pascale Patricia Patrick Paul Paula Paulien Pauline Pedro
        Peggy Peter Petra Philip Philippe Pierre Piet Pieter Pieterjan Piotr Quinten Rachel Rachid Rafael Raf Raoul Raphaël
        Raymond Rebecca Régine Reinhilde Reinout Rémi Renaat Renaud René Renée Ria Riet Riad Richard Rik Rita Robbe Robert
        Roberto Robin Roel Roeland Roger Rogier Roland Romain Romeo Ronald Ronny Roos Rosa Rosalie Rosanne Roy Ruben Rudi Rudy
        Ruth Saar Sabine Sabrina Said Saïd Salima Salma Sam Samir Samira Samuel Sander Sandra Sandrine Sanne Sara Sarah
        Sébastien Sebastien Sebastian Selim Selma Serge Seppe Siegfried Sigrid Silke Silvia Simon Simonne Simone Sien Siska
        Sofia Sofie Soufiane Sonia Sonja Sophie Stan Staf Stef Stefaan Stefan Stefanie Steffi Steven Stephan Stéphanie
        Stephanie Stijn Suzanna Suzanne Svetlana Sven Sylvia Sylvie Tamara Tania Tanja Tarik Tatiana Thea Theo Théo Thérèse
        Thibault Thibo Thijs Thomas Tibo Tiffany Tijs Tim Timo Tina Tine Tinne Tobias Tom Tomas Tomasz Tony Tuur Umut Urbain
        Ursula Valentijn Valérie Valerie Vanessa Veerle Vera Véronique Veronique Veronika Victor Victoria Vik Viktor Vince
        Vincent Viviane Vladimir Walter Wannes Ward Wendy Werner Wesley Wiet Wilfried Willem Willy Wim Wout Wouter Xander Xavier
        Yana Yannick Yasin Yasmina Yasmine Yassin Yassine Youssef Yunus Yusuf Yves Yvette Yvonne Zahra Zainab Zakaria Zeynep
        Zita Zoë Zoé
        """,
    )
)

_UPPER: Final = "A-Z\u00c0-\u00de\u0130\u015e"
_WORD: Final = rf"[{_UPPER}][^\W\d_]*(?:['’-][^\W\d_]+)*"
_PARTICLE: Final = (
    r"(?:(?:[Vv]an|[Dd]e[nr]?|[Tt]e[nr]?|[Dd]u|[Dd]i|[Ll]e|[Ll]a|[Ee]l|[Aa]l|[Bb]en|[Aa][ïi]t|[Vv]on|['’]t) )"
)
_FAMILY: Final = rf"{_PARTICLE}{{0,3}}{_WORD}"
_FIRST_THEN_FAMILY = re.compile(
    rf"(?<![\w-])(?P<first>{_WORD})(?=(?: [A-Z]\.){{0,2}} (?P<family>{_FAMILY})(?P<number>,? \d)?)"
)
_FAMILY_THEN_FIRST = re.compile(rf"(?<![\w-])(?P<family>{_FAMILY}),? (?P<first>{_WORD})(?![\w-])")
_TITLED = re.compile(
    r"(?<!\w)(?:[Mm]evrouw|[Mm]evr\.?|[Mm]w\.|[Mm]eneer|[Mm]ijnheer|[Hh]eer|[Dd]hr\.?|[Jj]uffrouw|[Mm]adame|"
    r"[Mm]onsieur|Mme|[Ff]amilie|[Ff]am\.|[Dd]okter|[Dd]r\.|[Mm]eester) "
    rf"(?P<name>(?:[A-Z]\. ?){{0,3}}(?:{_WORD} ){{0,2}}{_FAMILY})"
)
_BORN = re.compile(
    r"(?:[Gg]eboren|[Gg]eb\.|[Gg]eboortedatum|GEBOORTEDATUM|(?<![\d\w])°(?= ?\d)|\bnée?\b|[Dd]ate of birth)"
    r"(?: (?:op|te|in|is|le|[A-Z][\w-]+,?)){0,3}[ :]{0,2}"
    r"(?P<date>\d{1,2}[./ -]{1,2}(?:\d{1,2}|[a-zé]{3,9}\.?)[./ -]{1,2}(?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d)(?!\d)"
)
_NO_NAME: Final = frozenset(
    re.findall(
        r"\S+",
        """
        Burgemeester Schepen Voorzitter Directeur Minister Raadslid Secretaris Dienst Afdeling Stad Gemeente Straat Januari Februari
        Maart April Mei Juni Juli Augustus September Oktober November December Maandag Dinsdag Woensdag Donderdag Vrijdag Zaterdag
        Zondag
        """,
    )
)
HINT: Final = (
    rf"[{_UPPER}][^ .,;:!?0-9]+,? (([A-Za-zï'’]{{2,3}}|[A-Z]\.) )*[{_UPPER}]|[Mm]evr|[Mm]w\.|[Mm](en|ijnh)eer |[Hh]eer |"
    r"[Dd]hr|[Jj]uffrouw |[Mm]adame |[Mm]onsieur |Mme |[Ff]am(ilie|\.) |[Dd]okter |[Dd]r\. |[Mm]eester |[Gg]eb|GEBOORTE|°|né|"
    "[Dd]ate of birth"
)
"""Matches every text in which `find` can find something, in the words that all engines share."""

_NAMES: Final = FIRST_NAMES | {n.upper() for n in FIRST_NAMES}
_CAPITAL = re.compile(rf"[{_UPPER}][^\W\d_]+")
_TITLES: Final = (
    *("evr", "Mw.", "mw.", "eneer", "jnheer", "eer ", "hr", "uffrouw", "adame", "onsieur", "Mme", "am", "okter", "r. "),
    "eester",
)
_SIGNS_OF_BIRTH: Final = ("eboren", "eb.", "eboorte", "GEBOORTE", "°", "né", "irth")


def find(text: str) -> tuple[Found, ...]:
    """Every name and date of birth that a text may hold, in order. None is certain, and none is an everyday word alone."""
    found: list[Found] = []
    if any(sign in text for sign in _SIGNS_OF_BIRTH):
        found += [Found(K.BIRTH_DATE, *m.span("date"), False) for m in _BORN.finditer(text)]
    words = set(_CAPITAL.findall(text))
    if words and any(title in text for title in _TITLES):
        names = (m for m in _TITLED.finditer(text) if m["name"].rsplit(" ", maxsplit=1)[-1] not in _NO_NAME)
        found += [Found(K.NAME, *m.span("name"), False) for m in names]
    if len(words) > 1 and not words.isdisjoint(_NAMES):
        found += _by_first_name(text)
    return tuple(_apart(sorted(found, key=lambda f: (f.start, -f.end))))


def _by_first_name(text: str) -> Iterator[Found]:
    for m in _FIRST_THEN_FAMILY.finditer(text):
        if _is_first(m["first"]) and not m["number"] and _family(m["family"]):
            yield Found(K.NAME, m.start("first"), m.end("family"), False)
    for m in _FAMILY_THEN_FIRST.finditer(text):
        shouted = m["family"].isupper() and len(m["family"]) > 2
        alone = m.span() == (0, len(text.rstrip()))  # in a column of names
        if (shouted or alone) and _is_first(m["first"]) and _family(m["family"]):
            yield Found(K.NAME, *m.span(), False)


def _is_first(name: str) -> bool:
    return name.split("-", maxsplit=1)[0] in _NAMES


def _family(name: str) -> bool:
    """Whether a word with a capital may be the name of a family: no street, no month, no municipality."""
    last = name.rsplit(" ", maxsplit=1)[-1]
    return last not in _NO_NAME and not last.lower().endswith(places.STREETS) and name not in places.MUNICIPALITIES


def _apart(found: list[Found]) -> Iterator[Found]:
    done = 0
    for one in found:
        if one.start >= done:
            yield one
            done = one.end
