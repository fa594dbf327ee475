"""`vangrail meter FOLDER -- COMMAND`: run a command, and note on the card how much energy that took.

Nothing leaves the computer. codecarbon would read settings from files and the environment that make it send, write or log;
every one of those is given here, so that none can come from elsewhere (docs/decisions/0010-energy.md).
"""

import logging
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vangrail.cli import options
from vangrail.model.errors import VangrailError
from vangrail.model.vocabulary import Language, Unit

if TYPE_CHECKING:
    from vangrail.model.card import MeterRun

LEAST_SECONDS = 2.0
_INSTRUMENTS = {
    "CPU(Intel Rapl": "RAPL",
    "CPU(Windows Emi": "EMI",
    "CPU(Intel Power Gadget": "Power Gadget",
    "AppleSiliconChip": "PowerMetrics",
    "Raspberry": "PMIC",
}
"""How codecarbon describes hardware that it reads a meter of, and what that meter is called."""
_LOAD = "CPU(Cpu Load"


@click.command("meter")
@options.folder
@click.option(
    "--uses",
    type=click.IntRange(min=1),
    default=1,
    metavar="NUMBER",
    help="How many uses the command stands for. Default: 1.",
)
@click.option(
    "--alternative", metavar="NAME", help="The command is this alternative of the card, not the application itself."
)
@options.in_language
@click.argument("command_line", metavar="-- COMMAND...", nargs=-1, type=click.UNPROCESSED, required=True)
def command(folder: Path, uses: int, alternative: str | None, language: Language, command_line: tuple[str, ...]) -> int:
    """Run COMMAND, and note on the card in FOLDER how much energy the computer took meanwhile.

    Metered where the processor has a meter that can be read (RAPL on Linux, for who may), else estimated from its load; the
    note says which. The command itself is not noted. Ends with the exit code of COMMAND; when that is not 0, nothing is
    noted.
    """
    from vangrail.cards import read_application
    from vangrail.cards.writing import add_run

    application = read_application(folder)
    file = application.folder / "card.yaml"
    _require_alternative(alternative, [a.name for a in application.card.alternatives])
    if not os.access(file, os.W_OK):
        raise VangrailError(f"{file} cannot be written.", do="Ask for the right to write there.")
    seen, code = _metered(command_line)
    if code:
        click.echo(_FAILED[language].format(code=code), err=True)
        return code
    if seen.wh <= 0 or seen.seconds < LEAST_SECONDS:
        raise VangrailError(
            f"The command ran {seen.seconds:.2f} seconds. That is too short to be metered.",
            why="The computer is looked at once a second, and starting a program would count for more than its work.",
            do="Let it do the work many times in a row, and say with --uses how many.",
        )
    run = _run(seen, on=date.today(), uses=uses, alternative=alternative)
    _show(run, language)
    add_run(file, run)
    click.echo(_NOTED[language].format(file=file), err=True)
    return 0


def _require_alternative(name: str | None, known: Sequence[str]) -> None:
    if name is None or name in known:
        return
    names = ", ".join(f"'{k}'" for k in known) or "none"
    raise VangrailError(
        f"The card has no alternative '{name}'.",
        why="Energy is compared by the name that the card gives an alternative.",
        do=f"It has: {names}. Add it under 'alternatives' first.",
    )


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What codecarbon saw while the command ran. `instrument` is the meter that was read; nothing when there was none."""

    wh: float
    memory_wh: float
    seconds: float
    instrument: str | None
    by: str


def _metered(command_line: Sequence[str]) -> tuple[_Seen, int]:
    """Run the command under the tracker. Its input and output are those of the terminal."""
    tracker = _tracker()
    tracker.start()
    try:
        code = _ran(command_line)
    finally:
        tracker.stop()
    found = getattr(tracker, "final_emissions_data", None)
    if found is None:
        raise VangrailError(
            "codecarbon could not follow this computer.", do="Declare the computer under 'energy: hardware' instead."
        )
    # Which meter was read is nowhere in its public answer, only in the description of what it set up.
    hardware = [str(h) for h in getattr(tracker, "_conf", {}).get("hardware", ())]
    meters = [name for start, name in _INSTRUMENTS.items() if any(h.startswith(start) for h in hardware)]
    how = meters[0] if meters else "processor load" if any(h.startswith(_LOAD) for h in hardware) else "constant power"
    graphics = ", NVML" if any(h.startswith("GPU(") for h in hardware) else ""
    seen = _Seen(
        wh=1000 * found.energy_consumed,
        memory_wh=1000 * found.ram_energy,
        seconds=found.duration,
        instrument=meters[0] if meters else None,
        by=f"codecarbon {found.codecarbon_version}, {how}{graphics}",
    )
    return seen, code


def _ran(command_line: Sequence[str]) -> int:
    """The exit code of the command; as a shell would say it when a signal ended it."""
    try:
        code = subprocess.run(command_line, check=False).returncode  # noqa: S603  the user's own command, without a shell
    except FileNotFoundError as error:
        raise VangrailError(
            f"There is no program '{command_line[0]}'.", do="See how it is written, or give its full path."
        ) from error
    except PermissionError as error:
        raise VangrailError(
            f"'{command_line[0]}' may not be run.", do="See whether it is a program, and whether you may run it."
        ) from error
    return code if code >= 0 else 128 - code


def _tracker() -> Any:
    """The offline tracker, with everything off by which it could send, write or log. VangrailError without the extra."""
    # It logs from the moment that it is imported.
    logger = logging.getLogger("codecarbon")
    logger.disabled = True
    try:
        from codecarbon import OfflineEmissionsTracker
    except ImportError as error:
        raise VangrailError(
            "Metering needs the package codecarbon, which is not there.",
            why="It reads the meter of the processor, or estimates from its load.",
            do='Install it with: pip install "vangrail[energy]"',
        ) from error
    return OfflineEmissionsTracker(
        country_iso_code="BEL",
        region=None,
        cloud_provider=None,
        cloud_region=None,
        country_2letter_iso_code=None,
        output_methods=[],
        output_handlers=[],
        emissions_endpoint=None,
        # Without an emission factor of its own it would ask a web service, if a token for that lies around.
        force_carbon_intensity_g_co2e_kwh=0.0,
        electricitymaps_api_token=None,
        allow_multiple_runs=True,  # else it leaves a lock file and takes over the signals
        tracking_mode="machine",
        measure_power_secs=1.0,
        api_call_interval=-1,
        force_cpu_power=None,
        force_ram_power=None,
        force_mode_cpu_load=False,
        rapl_include_dram=False,  # memory is estimated apart, on every computer alike
        rapl_prefer_psys=False,
        gpu_ids=None,
        pue=1.0,  # the building is added when the figure is reckoned, from the card
        wue=0.0,
        metadata=None,
        log_level="critical",
    )


def _run(seen: _Seen, *, on: date, uses: int, alternative: str | None) -> "MeterRun":
    from vangrail.model.card import MeterRun

    return MeterRun(
        on=on,
        uses=uses,
        wh=float(f"{seen.wh:.6g}"),
        memory_wh=float(f"{seen.memory_wh:.6g}"),
        seconds=float(f"{seen.seconds:.4g}"),
        method="metered" if seen.instrument else "estimated",
        tool=seen.by,
        alternative=alternative,
    )


def _show(run: "MeterRun", language: Language) -> None:
    """What was seen, and on what it rests. On the error stream: the output is that of the command."""
    from vangrail.checks.energy.estimates import written

    def shown(wh: float) -> str:
        return f"{written(wh)[language]} {Unit.WATT_HOURS}"

    lines = _SHOWN[language] + (_BY_METER if run.method == "metered" else _BY_ESTIMATE)[language]
    click.echo(
        lines.format(
            all=shown(run.wh), each=shown(run.wh / run.uses), memory=shown(run.memory_wh), uses=run.uses, tool=run.tool,
            seconds=written(run.seconds)[language],
        ),
        err=True,
    )  # fmt: skip


_SHOWN = {
    Language.NL: "{all} in {seconds} seconden, voor {uses} keer: {each} per keer.\n",
    Language.EN: "{all} in {seconds} seconds, for {uses} uses: {each} per use.\n",
}
_BY_METER = {
    Language.NL: "Gemeten met de meter van de processor ({tool}); {memory} daarvan is geheugen, en dat is geschat.",
    Language.EN: "Metered by the processor's own meter ({tool}); {memory} of it is memory, which is estimated.",
}
_BY_ESTIMATE = {
    Language.NL: "Geschat, niet gemeten ({tool}): deze computer heeft geen meter die je mag lezen.\n"
    "De echte waarde kan enkele keren kleiner of groter zijn. Op Linux kan een beheerder RAPL leesbaar maken.",
    Language.EN: "Estimated, not metered ({tool}): this computer has no meter that you may read.\n"
    "The true value may be several times smaller or larger. On Linux an administrator can make RAPL readable.",
}
_NOTED = {
    Language.NL: "Genoteerd in {file}, bij 'energy: runs'. De opdracht zelf staat er niet bij.",
    Language.EN: "Noted in {file}, under 'energy: runs'. The command itself is not in it.",
}
_FAILED = {
    Language.NL: "De opdracht stopte met code {code}. Er is niets genoteerd.",
    Language.EN: "The command ended with code {code}. Nothing was noted.",
}
