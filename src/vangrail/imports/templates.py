"""An empty list to fill in: the columns that are known, with what each is about."""

import csv
import io

from vangrail.imports.columns import COLUMNS
from vangrail.model.framework import both
from vangrail.model.vocabulary import Language

_SHEET = both(nl="Toepassingen", en="Applications")
_HELP = both(nl="Uitleg", en="Explanation")
_COLUMN = both(nl="Kolom", en="Column")
_EXAMPLE = both(nl="Voorbeeld", en="Example")


def as_csv(language: Language) -> bytes:
    """The headings, as Excel in Belgium opens them: semicolons, with the mark that says UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerow([c.title[language] for c in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(language: Language) -> bytes:
    """The headings on one sheet, and an example of each on another."""
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = _SHEET[language]
    sheet.append([c.title[language] for c in COLUMNS])
    sheet.freeze_panes = "A2"
    for number, cell in enumerate(sheet[1], 1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = max(16, len(str(cell.value)) + 2)
    explained = book.create_sheet(_HELP[language])
    explained.append([_COLUMN[language], _EXAMPLE[language]])
    for column in COLUMNS:
        explained.append([column.title[language], column.example])
    for letter in "AB":
        explained.column_dimensions[letter].width = 50
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
