"""The dossier as a PDF that can be read aloud, in which what a person wrote stays text."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from samples import assessment

from vangrail.exports.pdf import NO_SIGN, dossier_pdf
from vangrail.model.vocabulary import Language


def words(pdf):
    """The text on all pages."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture
def found():
    """An assessment with figures, answers and records in it."""
    return assessment()


@pytest.mark.parametrize("language", list(Language))
def test_it_says_that_it_keeps_to_the_standard_and_in_which_language_it_is(found, language):
    pdf = dossier_pdf(found, language=language)
    assert pdf.startswith(b"%PDF-1.7") and re.search(rb"<pdfuaid:part>1</pdfuaid:part>", pdf)
    assert f"({language.value})".encode() in pdf or f"/Lang ({language.value}".encode() in pdf


def test_the_same_assessment_gives_the_same_bytes(found):
    assert dossier_pdf(found, language=Language.NL) == dossier_pdf(found, language=Language.NL)


def test_what_a_person_wrote_is_never_read_as_markup(found):
    hostile = '#eval("1+1") $x^2$ *vet* #read("/etc/passwd") <script>'
    told = words(
        dossier_pdf(replace(found, card=found.card.model_copy(update={"summary": hostile})), language=Language.NL)
    )
    assert '#eval("1+1")' in told.replace("”", '"').replace("“", '"') and "root:" not in told


def test_a_sign_that_no_font_holds_is_replaced_and_the_rest_stays(found):
    card = found.card.model_copy(update={"summary": "Hulp 🙂 en 漢字 voor iedereen"})
    told = words(dossier_pdf(replace(found, card=card), language=Language.NL))
    assert NO_SIGN in told and "voor iedereen" in told
