"""`vangrail case FOLDER CASE.json`: what weighed in the model's advice about one case, and what would turn it."""

import json
from pathlib import Path
from typing import Any

import click

from vangrail.cli import options
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language


@click.command("case")
@options.folder
@click.argument("case", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--model", metavar="NAME", help="Which model of the card, where there are several that can be called.")
@options.as_format
@options.in_language
def command(folder: Path, case: Path, model: str | None, format_: str, language: Language) -> None:
    """Explain the model's advice about CASE, a JSON file with a value per input of the model.

    It says what weighed most, what spoke against it, and which small change would turn an unfavourable advice. Nothing is
    written down: the values are those of a person.
    """
    from vangrail.cards import read_application
    from vangrail.checks.explanation import cases, counterfactual_available, one_case
    from vangrail.cli import workspace

    application = read_application(folder)
    card = application.card
    callable_ = {m.name: (m, dataset) for m, dataset in cases.models(card)}
    chosen, name = _chosen(callable_, model)
    given = _read(case)
    work = workspace.Workspace(application=application, ledger=None, on=workspace.now().date())
    settings = cases.settings(card, chosen, name)
    with work.open_table(name, card.datasets[name]) as table, work.open_predictor(chosen.name) as predictor:
        values = one_case.typed(given, table.fields, chosen.inputs)
        others = table.rows(cases.columns(settings), at_most=chosen.tried_rows)
        log = card.decision_log
        search = None
        if log is not None:
            favourable = log.favourable == "yes"
            search = counterfactual_available.search(dict(chosen.can_change), table.fields, favourable=favourable)
        found = one_case.explain_case(predictor.predict, values, others, inputs=chosen.inputs, search=search)
    names = {c: d.description for c, d in card.datasets[name].columns.items() if d.description}
    if format_ == "json":
        ways = [dict(zip(w.columns, map(_plain, w.values), strict=True)) for w in found.ways or ()]
        shown = {
            "advice": found.advice,
            "favourable": found.favourable,
            "towards": dict(found.towards),
            "against": dict(found.against),
            "ways": ways,
        }
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for sentence in one_case.in_words(found, values, names, language):
        click.echo(sentence)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _chosen(callable_: dict[str, Any], model: str | None) -> Any:
    if model is not None and model in callable_:
        return callable_[model]
    if model is None and len(callable_) == 1:
        return next(iter(callable_.values()))
    known = ", ".join(callable_) or "none"
    raise VangrailError(
        f"Which model? On the card can be called on cases: {known}.",
        do="Choose one with --model."
        if callable_
        else "Give a model on the card a 'source' and 'inputs', and a data set with cases.",
    )


def _read(path: Path) -> dict[str, Any]:
    """The case in the file. VangrailError without a word of what is in it."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VangrailError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError:
        raise VangrailError(
            f"{path} is no JSON in UTF-8.", do='Write for example: {"income": 1500, "rent": 700}'
        ) from None
    if not isinstance(found, dict) or any(isinstance(v, dict | list) for v in found.values()):
        raise VangrailError(f"{path} holds no case: a value per input of the model.")
    return found
