"""`vangrail meter`: what is noted, what is not, what is sent (nothing) and with which exit code it ends."""

import os
import socket
import sys
from datetime import date
from importlib.metadata import version

import pytest
from click.testing import CliRunner
from helping import application, vangrail

from vangrail.cards import read_application
from vangrail.cli import meter
from vangrail.model.errors import VangrailError

CARD = """\
vangrail: 1
id: schrijfhulp
name: Schrijfhulp
phase: operate
organisation: {name: Gemeente Zavelbeke}
alternatives:
  - {name: groot model, chosen: true}   # gekozen in maart
  - {name: zoekbalk}
energy:
  pue: 1.5                              # uit het contract
"""
WORK = [
    sys.executable,
    "-c",
    "import time\nend = time.time() + 2.3\nwhile time.time() < end: sum(range(1000))\nprint('worked')",
]


@pytest.fixture
def folder(tmp_path):
    return application(tmp_path / "app", card=CARD)


def runs(folder):
    return read_application(folder).card.energy.runs


def test_a_run_is_noted_on_the_card_and_the_rest_of_it_stays(folder, tmp_path):
    """In a home, a working folder and a temporary folder of its own, so that whatever is left behind is seen."""
    places = {name: tmp_path / name for name in ("home", "work", "tmp")}
    for place in places.values():
        place.mkdir()
    # Settings that lie around must not turn anything on.
    settings = "[codecarbon]\noutput_methods=csv,api\nsave_to_file=true\nemissions_endpoint=http://localhost:1\nlog_level=debug\n"
    (places["home"] / ".codecarbon.config").write_text(settings, encoding="utf-8")
    env = {
        "HOME": str(places["home"]),
        "TMPDIR": str(places["tmp"]),
        "CODECARBON_LOG_LEVEL": "debug",
        "CODECARBON_OUTPUT_METHODS": "csv",
    }
    done = vangrail("meter", folder, "--uses", 20, "--", *WORK, cwd=places["work"], env=env, check=0)
    (run,) = runs(folder)
    assert (
        run.uses == 20 and run.wh > 0 and 2 <= run.seconds < 20 and run.on == date.today() and run.alternative is None
    )
    assert run.method in ("metered", "estimated") and run.tool.startswith("codecarbon ")
    text = (folder / "card.yaml").read_text(encoding="utf-8")
    assert "# gekozen in maart" in text and "# uit het contract" in text
    assert "range(1000)" not in text and sys.executable not in text, "the command itself is not noted"
    assert done.stdout == "worked\n", "the output is that of the command"
    assert "codecarbon INFO" not in done.stderr and "DEBUG" not in done.stderr
    says = "Metered by the processor's own meter" if run.method == "metered" else "Estimated, not metered"
    assert says in done.stderr
    left = [f for place in places.values() for f in place.rglob("*") if f.is_file() and f.name != ".codecarbon.config"]
    assert left == [] and sorted(f.name for f in folder.iterdir()) == ["card.yaml", "log.csv"]


def test_nothing_is_sent(folder, monkeypatch):
    def refused(*_, **__):
        raise AssertionError("something was sent")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setenv("CODECARBON_CO2_SIGNAL_API_TOKEN", "secret")
    monkeypatch.setenv("CODECARBON_ELECTRICITYMAPS_API_TOKEN", "secret")
    monkeypatch.setenv("CODECARBON_EMISSIONS_ENDPOINT", "http://localhost:1")
    monkeypatch.setenv("CODECARBON_CLOUD_PROVIDER", "aws")
    done = CliRunner().invoke(meter.command, [str(folder), "--", *WORK], standalone_mode=False)
    assert done.exception is None and len(runs(folder)) == 1


@pytest.mark.parametrize(("ends", "code"), [("raise SystemExit(7)", 7), ("import os; os.kill(os.getpid(), 9)", 137)])
def test_it_ends_with_the_code_of_the_command_and_notes_no_failed_run(folder, ends, code):
    done = vangrail("meter", folder, "--", sys.executable, "-c", ends, check=code)
    assert f"ended with code {code}. Nothing was noted" in done.stderr and not runs(folder)


def test_a_command_that_is_too_short_is_not_noted(folder):
    done = vangrail("meter", folder, "--", sys.executable, "-c", "pass", check=3)
    assert "too short to be metered" in done.stderr and "--uses" in done.stderr and not runs(folder)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--", "there-is-no-such-program"], "There is no program 'there-is-no-such-program'"),
        (["--alternative", "zoekbak", "--", "true"], "no alternative 'zoekbak'"),
        (["--uses", "0", "--", "true"], "--uses"),
        ([], "COMMAND"),
    ],
)
def test_wrong_usage_runs_nothing(folder, arguments, said):
    done = vangrail("meter", folder, *arguments, check=3)
    assert said in done.stderr and not runs(folder)


def test_a_card_that_is_not_in_order_stops_before_the_command_runs(tmp_path):
    folder, made = application(tmp_path / "app", card=CARD.replace("phase: operate", "phase: never")), tmp_path / "made"
    vangrail("meter", folder, "--", sys.executable, "-c", f"open({str(made)!r}, 'w')", check=3)
    assert not made.exists()


class Tracker:
    """codecarbon as it would be on a computer with this hardware."""

    def __init__(self, hardware, watt_hours=0.5):
        self._conf = {"hardware": hardware}
        self.watt_hours = watt_hours

    def start(self):
        pass

    def stop(self):
        class Data:
            energy_consumed, ram_energy, duration, codecarbon_version = self.watt_hours / 1000, 0.0001, 12.0, "3.3.2"

        self.final_emissions_data = Data


@pytest.mark.parametrize(
    ("hardware", "method", "tool"),
    [
        (["RAM()", "CPU(Intel Rapl)"], "metered", "codecarbon 3.3.2, RAPL"),
        (["CPU(Windows Emi)", "GPU(gpu_ids=None) (A100)"], "metered", "codecarbon 3.3.2, EMI, NVML"),
        (["RAM()", "CPU(Cpu Load)"], "estimated", "codecarbon 3.3.2, processor load"),
        (["CPU(AMD EPYC > 240W [generic])"], "estimated", "codecarbon 3.3.2, constant power"),
        ([], "estimated", "codecarbon 3.3.2, constant power"),
    ],
)
def test_it_is_called_metered_only_when_a_meter_was_read(folder, monkeypatch, hardware, method, tool):
    monkeypatch.setattr(meter, "_tracker", lambda: Tracker(hardware))
    done = CliRunner().invoke(
        meter.command, [str(folder), "--alternative", "zoekbalk", "--", "true"], standalone_mode=False
    )
    assert done.exception is None
    (run,) = runs(folder)
    assert (run.method, run.tool, run.alternative, run.wh) == (method, tool, "zoekbalk", 0.5)
    assert ("Geschat, niet gemeten" in done.stderr) is (method == "estimated")


def test_the_real_tracker_reads_the_counter_of_the_processor_and_calls_that_metered(folder, tmp_path, monkeypatch):
    """A counter of our own, which the command itself raises by 36 joules: 0.01 Wh besides what memory is estimated at."""
    from codecarbon.core import cpu, hardware_cache

    # It remembers what the computer has for as long as the process lives.
    monkeypatch.setattr(hardware_cache, "_plans", {})
    place = tmp_path / "powercap"
    for name, called, joules in (("intel-rapl:0", "package-0", 1000), ("intel-rapl:1", "psys", 5000)):
        (place / name).mkdir(parents=True)
        (place / name / "name").write_text(called)
        (place / name / "energy_uj").write_text(str(joules * 10**6))
        (place / name / "max_energy_range_uj").write_text(str(10**12))
    available, start = cpu.is_rapl_available, cpu.IntelRAPL.__init__
    monkeypatch.setattr(cpu, "is_rapl_available", lambda *_: available(str(place)))
    monkeypatch.setattr(cpu.IntelRAPL, "__init__", lambda self, **more: start(self, **more | {"rapl_dir": str(place)}))
    monkeypatch.setenv("CODECARBON_RAPL_PREFER_PSYS", "true")
    monkeypatch.setenv("CODECARBON_FORCE_CPU_POWER", "500")
    counter = place / "intel-rapl:0" / "energy_uj"
    work = f"import pathlib, time; time.sleep(1.2); pathlib.Path({str(counter)!r}).write_text('1036000000'); time.sleep(1.2)"
    done = CliRunner().invoke(meter.command, [str(folder), "--", sys.executable, "-c", work], standalone_mode=False)
    assert done.exception is None, done.exception
    (run,) = runs(folder)
    assert (run.method, run.tool) == ("metered", f"codecarbon {version('codecarbon')}, RAPL")
    assert run.wh - run.memory_wh == pytest.approx(0.01, rel=1e-3)


def test_the_tracker_is_the_offline_one_of_belgium():
    tracker = meter._tracker()
    assert type(tracker).__name__ == "OfflineEmissionsTracker" and tracker._country_iso_code == "BEL"


def test_the_descriptions_that_it_reads_are_those_of_the_package():
    """The words come from codecarbon itself: a release that says otherwise must not turn a meter into an estimate."""
    from codecarbon.external.hardware import CPU, MODE_CPU_LOAD, AppleSiliconChip, Raspberry

    for mode, start in (
        ("intel_rapl", "CPU(Intel Rapl"),
        ("windows_emi", "CPU(Windows Emi"),
        ("intel_power_gadget", "CPU(Intel Power Gadget"),
        (MODE_CPU_LOAD, meter._LOAD),
    ):
        cpu = CPU.__new__(CPU)
        cpu._mode = mode
        assert repr(cpu).startswith(start)
    for chip, name in ((AppleSiliconChip, "AppleSiliconChip"), (Raspberry, "Raspberry")):
        assert chip.__name__ == name and name in meter._INSTRUMENTS


def test_without_the_package_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "codecarbon", None)
    with pytest.raises(VangrailError, match=r"vangrail\[energy\]"):
        meter._tracker()


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_card_that_may_not_be_written_stops_before_the_command_runs(folder):
    (folder / "card.yaml").chmod(0o400)
    assert "cannot be written" in vangrail("meter", folder, "--", "true", check=3).stderr


def test_metered_runs_become_a_figure(folder, monkeypatch):
    monkeypatch.setattr(meter, "_tracker", lambda: Tracker(["CPU(Intel Rapl)"], watt_hours=5))
    for _ in range(3):
        CliRunner().invoke(meter.command, [str(folder), "--uses", "10", "--", "true"], standalone_mode=False)
    vangrail("assess", folder)
    done = vangrail("explain", "sus-1", folder, env={"VANGRAIL_LANG": "nl"})
    assert "Energie per keer, gemeten: 0,75 Wh" in done.stdout, "5 Wh for 10 uses, times a PUE of 1.5"
