"""The arrows between the parts: who may import whom. Edges -> assessment -> law, checks, ledger -> model."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "vangrail"

MAY_IMPORT = {
    "model": set(),
    "knowledge": {"model"},
    "cards": {"model"},
    "imports": {"model", "cards"},
    "tables": {"model"},
    "text": {"model"},
    "exports": {"model"},
    "predictors": {"model"},
    "ledger": {"model"},
    "law": {"model", "knowledge"},
    "checks": {"model", "knowledge", "tables", "text"},
    "assessment": {"model", "knowledge", "cards", "tables", "predictors", "law", "checks", "ledger"},
    "cli": {"model", "knowledge", "cards", "tables", "predictors", "law", "checks", "ledger", "assessment", "exports"},
    "web": {
        "model",
        "knowledge",
        "cards",
        "tables",
        "predictors",
        "law",
        "checks",
        "ledger",
        "assessment",
        "exports",
        "imports",
        "text",
    },
}
DRIVERS = {
    "duckdb": "tables",
    "psycopg": "tables",
    "sqlite3": "tables web",  # the site's own database: its backup, and what may be wrong with it
    "pyspark": "tables",
    "onnxruntime": "predictors",
    "skops": "predictors",
    "apsw": "ledger",
    "codecarbon": "cli",
    "ecologits": "checks",
    "django": "web",
    "openpyxl": "imports",
}
EDGES = {"cli", "web", "gateway"}


def imports(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(f for f in SOURCE.rglob("*.py") if f.parent != SOURCE)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SOURCE)))
def test_imports_follow_the_arrows(file):
    part = file.relative_to(SOURCE).parts[0]
    for name in imports(file):
        if name.startswith("vangrail."):
            other = name.split(".")[1]
            # The root holds only the version.
            assert other == part or other in MAY_IMPORT[part] or other == "__version__", f"{part} may not import {name}"
        else:
            owners = DRIVERS.get(name.split(".")[0], part).split()
            assert part in owners, f"only {owners} may import {name}"


def test_every_part_has_its_place_in_the_arrows():
    parts = {p.name for p in SOURCE.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert parts <= set(MAY_IMPORT), "name the new part and what it may import"


def test_the_core_reads_no_clock_and_no_environment():
    """The date is an argument: only the edges know what day it is."""
    forbidden = {
        "date.today",
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "time.time",
        "os.getenv",
        "os.environ",
    }
    for file in FILES:
        if file.relative_to(SOURCE).parts[0] in EDGES:
            continue
        attributes = (n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.Attribute))
        used = {f"{a.value.id}.{a.attr}" for a in attributes if isinstance(a.value, ast.Name)}
        assert not used & forbidden, f"{file.relative_to(SOURCE)} uses {used & forbidden}"
