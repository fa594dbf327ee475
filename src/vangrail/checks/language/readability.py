"""dem-11, tru-trans-2: whether public texts and explanations can be read without help."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

from vangrail import knowledge
from vangrail.checks import Check
from vangrail.model.card import TEXTS, Card
from vangrail.model.evidence import Measurement
from vangrail.model.framework import Text, both
from vangrail.model.needs import Answers, Field, Need, Wording
from vangrail.model.outcome import Detail, Measured, NotMeasurable, Outcome
from vangrail.model.vocabulary import Unit
from vangrail.text.plain_dutch import Reading, read

MIN_WORDS = 25
"""On fewer words the index hangs on one or two of them, so it is not given. Douma and Flesch count samples of 100 words."""
SHOWN_WORDS = 8


def plan(card: Card) -> Iterator[Measurement]:
    """One measurement over every public text of the card."""
    texts = card.public_texts
    if texts:
        settings = {
            "texts": [{"what": t.what, "file": t.file, "audience": t.audience} for t in texts],
            "words": _words_digest(),
        }
        yield Measurement(check=CHECK.id, version=CHECK.version, dataset=TEXTS, subject="texts", settings=settings)


def _words_digest() -> str:
    """Which list of difficult words was used: another list finds other words."""
    known = "\n".join(f"{form}:{d.word}:{','.join(d.instead)}" for form, d in knowledge.difficult_words().items())
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def _names(measurement: Measurement) -> list[str]:
    return [str(t["what"]) for t in measurement.settings["texts"]]


def needs(measurement: Measurement, fields: Sequence[Field], on: date) -> list[Need]:
    """Every text."""
    return [Wording(name) for name in _names(measurement)]


def measure(measurement: Measurement, fields: Sequence[Field], on: date, answers: Answers) -> Outcome:
    """The reading ease (Flesch-Douma) of the text that is hardest to read. Higher is easier.

    Measured        coefficient, mostly between 0 and 100; all sentences are counted, so there is no interval. `rows` is the
                    number of texts; one detail per text, with its sentences, and those of more than 20 words
    NotMeasurable   when no text has 25 words or more
    """
    found = {name: read(answers.wording(Wording(name)), knowledge.difficult_words()) for name in _names(measurement)}
    long = {name: r for name, r in found.items() if r.words >= MIN_WORDS}
    short = [name for name in found if name not in long]
    if not long:
        return NotMeasurable(
            reason=both(
                nl=f"Geen enkele tekst heeft minstens {MIN_WORDS} woorden, dus de leesindex zegt niets.",
                en=f"No text has {MIN_WORDS} words or more, so the reading index says nothing.",
            ),
            do=both(
                nl="Zet de teksten die inwoners lezen op de kaart bij 'texts', bijvoorbeeld de webpagina.",
                en="Put the texts that residents read on the card under 'texts', for instance the web page.",
            ),
            rows=len(found),
        )
    order = sorted(long, key=lambda n: _ease(long[n]))
    hardest = order[0]
    notes = [
        both(nl=f"De moeilijkste tekst: '{hardest}'.", en=f"The hardest text: '{hardest}'."),
        both(
            nl="Leesindex van Flesch-Douma: hoger is makkelijker. Hij telt alleen de lengte van zinnen en woorden en is geen"
            " taalniveau zoals B1.",
            en="Flesch-Douma reading index: higher is easier. It only counts the length of sentences and words, and is no"
            " language level such as B1.",
        ),
    ]
    if short:
        names = ", ".join(f"'{n}'" for n in short)
        notes.append(
            both(
                nl=f"Te kort voor de index (minder dan {MIN_WORDS} woorden): {names}.",
                en=f"Too short for the index (fewer than {MIN_WORDS} words): {names}.",
            )
        )
    return Measured(
        value=_ease(long[hardest]),
        unit=Unit.COEFFICIENT,
        rows=len(long),
        details=tuple(
            Detail(name=n, rows=found[n].sentences, counted=found[n].long_sentences, note=_said(found[n]))
            for n in (*order, *short)
        ),
        notes=tuple(notes),
    )


def _ease(reading: Reading) -> float:
    assert reading.flesch_douma is not None  # noqa: S101  it has words
    return reading.flesch_douma


def _said(r: Reading) -> Text:
    """What a writer can look at, in one line. Words are proposals: the plainer one does not fit everywhere."""
    nl, en = [], []
    if r.words >= MIN_WORDS:
        nl.append(f"index {_dutch(_ease(r))}, LIX {_dutch(r.lix or 0)}")
        en.append(f"index {_ease(r):.1f}, LIX {r.lix or 0:.1f}")
    nl.append(f"{_dutch(r.words_per_sentence)} woorden per zin, de langste {r.longest_sentence}")
    en.append(f"{r.words_per_sentence:.1f} words per sentence, the longest {r.longest_sentence}")
    nl.append(f"zinnen van meer dan 20 woorden: {r.long_sentences}")
    en.append(f"sentences of more than 20 words: {r.long_sentences}")
    if r.passives:
        nl.append(f"lijdende zinnen: {r.passives}")
        en.append(f"passive sentences: {r.passives}")
    if r.nominal:
        nl.append(f"werkwoorden als naamwoord ('de behandeling van'): {r.nominal}")
        en.append(f"verbs written as nouns ('de behandeling van'): {r.nominal}")
    if r.difficult:
        words = "; ".join(f"{d.word} → {' of '.join(d.instead)}" for d, _ in r.difficult[:SHOWN_WORDS])
        nl.append(f"moeilijke woorden: {words}")
        en.append(f"difficult words: {words}")
    if r.abbreviations:
        names = ", ".join(r.abbreviations[:SHOWN_WORDS])
        nl.append(f"afkortingen zonder uitleg: {names}")
        en.append(f"abbreviations without explanation: {names}")
    return both(nl=". ".join(nl) + ".", en=". ".join(en) + ".")


def _dutch(number: float) -> str:
    return f"{number:.1f}".replace(".", ",").replace("-", "−")


CHECK = Check(
    id="readability",
    family="language",
    title=both(nl="Leesbaarheid", en="Readability"),
    measures=both(
        nl="Hoe makkelijk de moeilijkste tekst leest die inwoners krijgen: lengte van zinnen en woorden. Hoger is makkelijker.",
        en="How easily the hardest text reads that residents get: length of sentences and words. Higher is easier.",
    ),
    wants=both(nl="een samenvatting, of een tekst bij 'texts'", en="a summary, or a text under 'texts'"),
    formula="min over texts of 206.84 − 0.77 × syllables per 100 words − 0.93 × words per sentence",
    source="Douma (1960), De leesbaarheid van landbouwbladen, Landbouwhogeschool Wageningen; Björnsson (1968), Läsbarhet (LIX)",
    counted=both(nl="teksten", en="texts"),
    plan=plan,
    needs=needs,
    measure=measure,
    version=3,  # 1 counted 'i.v.m.' as three short words; 2 counted tags of web pages as words, and English as it is written
    subjects={"texts": both(nl="openbare teksten", en="public texts")},
)
