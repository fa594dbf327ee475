"""A named person decides, and what was decided can be proved."""

import json

from helping import CARD, application, vangrail


def decide(folder, *more, check):
    parts = {"--by": "An Peeters", "--role": "decider", "--reasons": "De winst voor de burger weegt op."}
    return vangrail("gate", folder, *[x for pair in parts.items() for x in pair], *more, check=check)


def at(tmp_path, phase):
    return application(tmp_path / "steun", CARD.replace("phase: operate", f"phase: {phase}   # waar ze staat"))


def test_a_gate_shows_what_is_lacking_and_who_can_supply_it(tmp_path):
    shown = vangrail("gate", at(tmp_path, "design"), check=0).stdout
    assert "dem-6" in shown and "application owner" in shown


def test_opening_moves_the_phase_and_is_written_down(tmp_path):
    folder = at(tmp_path, "design")
    decide(folder, "--open", check=0)
    assert "phase: build   # waar ze staat" in (folder / "card.yaml").read_text()
    listed = [json.loads(line) for line in vangrail("ledger", "list", folder, "--format", "json").stdout.splitlines()]
    (decision,) = [leaf for leaf in listed if leaf["kind"] == "gate_decided"]
    assert decision["body"]["outcome"] == "opened" and decision["body"]["verdicts"]["dem-6"] == "unknown"
    assert "An Peeters" not in json.dumps(listed), "names stay out of what is published"


def test_refusing_moves_nothing_and_is_written_down(tmp_path):
    folder = at(tmp_path, "design")
    decide(folder, "--refuse", check=0)
    assert "phase: design" in (folder / "card.yaml").read_text()
    assert "gate_decided" in vangrail("ledger", "list", folder).stdout


def test_nobody_opens_without_name_role_and_reasons(tmp_path):
    folder = at(tmp_path, "design")
    for options, message in [
        (["--open"], "needs --by, --role, --reasons"),
        (["--open", "--by", "An Peeters", "--role", "decider", "--reasons", "ok"], "too short"),
        (["--open", "--by", "Dirk", "--role", "decider", "--reasons", "omdat het moet"], "does not name 'Dirk'"),
        (["--open", "--by", "An Peeters", "--role", "hr", "--reasons", "omdat het moet"], "may not decide"),
        (["--by", "An Peeters"], "go with --open or --refuse"),
    ]:
        done = vangrail("gate", folder, *options, check=3)
        assert message in done.stderr
    assert "phase: design" in (folder / "card.yaml").read_text()
    assert "gate_decided" not in vangrail("ledger", "list", folder).stdout


def test_the_last_phase_has_no_gate(tmp_path):
    folder = at(tmp_path, "retire")
    assert "No gate follows" in vangrail("gate", folder, check=0).stdout
    assert "no gate after" in decide(folder, "--open", check=3).stderr


def test_an_exported_ledger_verifies_alone_and_every_change_is_named(tmp_path):
    folder, file = at(tmp_path, "design"), tmp_path / "export.jsonl"
    vangrail("assess", folder)
    kept = tmp_path / "checkpoint"
    kept.write_text(vangrail("ledger", "checkpoint", folder).stdout)
    key = vangrail("ledger", "export", folder, file, check=0).stdout.splitlines()[1]
    vangrail("ledger", "verify", file, "--key", key, "--known-checkpoint", kept, check=0)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], lines[2].replace(b"1", b"2", 1), *lines[3:]]))
    done = vangrail("ledger", "verify", file, "--key", key, check=1)
    assert "line 3" in done.stdout
    file.write_bytes(b"".join(lines[:-1]))
    assert vangrail("ledger", "verify", file, "--key", key, check=1).stdout


def test_an_export_never_takes_the_place_of_another_file(tmp_path):
    folder = at(tmp_path, "idea")
    vangrail("assess", folder)
    card = (folder / "card.yaml").read_text()
    done = vangrail("ledger", "export", folder, folder / "card.yaml", check=3)
    assert "not an exported ledger" in done.stderr and (folder / "card.yaml").read_text() == card
    for _ in range(2):
        vangrail("ledger", "export", folder, tmp_path / "export", check=0)


def test_a_leaf_can_be_proved_and_its_names_erased(tmp_path):
    folder = at(tmp_path, "design")
    decide(folder, "--open", check=0)
    number = next(
        line.split()[0] for line in vangrail("ledger", "list", folder).stdout.splitlines() if "gate_decided" in line
    )
    proof = json.loads(vangrail("ledger", "prove", folder, number, check=0).stdout)
    assert json.loads(proof["leaf"])["kind"] == "gate_decided" and proof["proof"]
    vangrail("ledger", "erase", folder, number, "--rule", "GDPR 17(1)(a)", "--by", "An Peeters", check=0)
    vangrail("ledger", "verify", folder, check=0)


def test_no_ledger_is_said_with_what_to_do(tmp_path):
    done = vangrail("ledger", "verify", at(tmp_path, "design"), check=3)
    assert "vangrail assess" in done.stderr
