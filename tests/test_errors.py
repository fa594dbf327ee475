"""What a user can solve is said in the language of who reads it."""

import ast
from pathlib import Path

import pytest

import vangrail
from vangrail.model.errors import VangrailError
from vangrail.model.framework import both
from vangrail.model.vocabulary import Language

SOURCE = Path(vangrail.__file__).parent
FILES = {file.relative_to(SOURCE).as_posix(): ast.parse(file.read_text()) for file in sorted(SOURCE.rglob("*.py"))}
ONLY_A_TERMINAL = (
    "cli/",
    "ledger/",
    "web/__main__.py",
    "web/backup.py",
    "web/demo.py",
    "web/doctor.py",
    "web/environment.py",
    "web/organisations/oidc.py",
    "web/serving.py",
)
"""What these say is read by whoever runs the program, in a terminal or in the log of the server."""
ERRORS = {"VangrailError"} | {
    node.name
    for tree in FILES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.ClassDef) and "VangrailError" in [getattr(base, "id", "") for base in node.bases]
}


def test_an_error_has_its_parts_in_each_language():
    error = VangrailError(
        both(nl="'doel' is leeg.", en="'purpose' is empty."), do=both(nl="Vul het in.", en="Fill it in.")
    )
    assert error.told(Language.NL) == "'doel' is leeg.\nVul het in."
    assert str(error) == error.said[Language.EN] == "'purpose' is empty.\nFill it in."


def in_one_language(node):
    """Whether a text stands in this expression outside `both(nl=..., en=...)`, or was chosen already."""
    match node:
        case ast.Call(func=ast.Name(id="in_each")):
            return False
        case ast.Call(keywords=given) if {"nl", "en"} <= {k.arg for k in given} and node.func.id != "pick":
            return False
        case ast.Call(func=ast.Name(id="pick")):
            return True
        case ast.Constant():
            return isinstance(node.value, str) and node.value.strip() != ""
        case _:
            return any(in_one_language(part) for part in ast.iter_child_nodes(node))


def plain_texts(file):
    """The lines where an error is given a text in one language."""
    # Outside the card a ValueError is a mistake of ours.
    errors = ERRORS | {"ValueError"} if file == "model/card.py" else ERRORS
    for node in ast.walk(FILES[file]):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in errors:
            said = [*node.args, *(k.value for k in node.keywords if k.arg in ("what", "why", "do"))]
            if any(in_one_language(value) for value in said):
                yield node.lineno


@pytest.mark.parametrize("file", [f for f in FILES if not f.startswith(ONLY_A_TERMINAL)])
def test_what_can_reach_a_page_is_said_in_both_languages(file):
    assert list(plain_texts(file)) == []
