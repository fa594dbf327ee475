"""`vangrail norms`: what is asked, why, and where that comes from."""

import difflib
import json
from collections.abc import Sequence

import click

from vangrail.cli import options
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language


@click.command("norms")
@click.argument("requirement", metavar="[REQUIREMENT|VOCABULARY]", required=False)
@options.as_format
@options.in_language
def command(requirement: str | None, format_: str, language: Language) -> None:
    """List what is asked of every application, explain one REQUIREMENT (such as dat-2), or list the terms of a
    VOCABULARY that a card can point to (such as oecd-risks)."""
    from vangrail import knowledge

    framework = knowledge.framework()
    vocabulary = next((v for v in framework.vocabularies if v.id == requirement), None)
    if vocabulary is not None:
        for term in vocabulary.terms:
            note = f": {term.note[language]}" if term.note else ""
            click.echo(f"{term.id}  {term.title[language]}{note}")
        return
    known = [r.id for r in framework.requirements] + [v.id for v in framework.vocabularies]
    if requirement is not None and requirement not in known:
        raise VangrailError(
            f"'{requirement}' is not a requirement.{closest(requirement, known)}", do="List them with: vangrail norms"
        )
    if format_ == "json":
        from vangrail.exports.assessment_json import norms_to_json

        norms = [n for n in norms_to_json(framework) if requirement in (None, n["id"])]
        click.echo(json.dumps(norms, ensure_ascii=False, indent=2, allow_nan=False))
        return
    from vangrail.cli.output import print_norm, print_norms

    if requirement is None:
        print_norms(framework, language)
    else:
        print_norm(framework, framework.requirement(requirement), language)


def closest(word: str, known: Sequence[str]) -> str:
    """What the user may have meant."""
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f" Did you mean '{near[0]}'?" if near else ""
