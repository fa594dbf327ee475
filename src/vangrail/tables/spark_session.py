"""The Spark of this process: started once, quietly, on the cluster that the environment names, and gone with the process.

Spark runs in a Java program beside ours, of which there can be one. It is started with its output kept from the terminal, and
its temporary files in a folder that only this user can read, since they may hold rows. Settings of the cluster are handed
over after the start and not on the command line, where every user of the machine could read them.
"""

import atexit
import contextlib
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from vangrail.model.errors import VangrailError
from vangrail.model.framework import Text, both
from vangrail.tables.source import Source
from vangrail.tables.wording import data_set, said

MASTER = re.compile(r"local(\[[\d*,]+\])?|local-cluster\[\d+,\d+,\d+\]|spark://\S+|k8s://\S+|yarn")
OTHERS = "'spark://host:7077 spark.executor.memory=4g', 'yarn', 'k8s://https://host:443'"
JAVA = 17
"""Spark 4 needs this version of Java, or a newer one."""
CONNECT_SECONDS, EXECUTOR_SECONDS, LEAVE_SECONDS = 10, 120, 10
AT_START = ("spark.driver.", "spark.jars", "spark.submit.")
"""Settings that the Java program must know before it runs. None of them is a secret."""
OURS = {
    "spark.app.name": "vangrail",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}
LOCAL = {  # a Spark of our own: reachable from this machine only, and modest
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.catalogImplementation": "in-memory",
}
SESSION = {
    "spark.sql.ansi.enabled": "true",  # an overflow stops the statement instead of giving a wrong figure
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.variable.substitute": "false",  # or ${...} in a value of the card would be replaced
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.parser.quotedRegexColumnNames": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.parquet.mergeSchema": "false",
    "spark.sql.maxPlanStringLength": "1000",  # a plan of thousands of totals is never shown, and long to write out
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the environment variable says: the cluster, and settings for it. Secrets may be among these."""

    master: str
    settings: dict[str, str]

    @property
    def local(self) -> bool:
        """Whether Spark runs on this machine only."""
        return self.master.startswith("local")

    @property
    def apart(self) -> bool:
        """Whether the work is done by other programs than the one that we start."""
        return not self.local or self.master.startswith("local-cluster")


@dataclass(kw_only=True)
class Running:
    """A Spark that runs. `private` and `output` are ours to remove; without a `program` someone else started it."""

    connection: str
    context: Any
    wanted: Wanted
    program: subprocess.Popen[bytes] | None = None
    private: Path | None = None
    users: int = 0
    """How many tables are open on it."""

    @property
    def gone(self) -> bool:
        """Whether the Java program has ended, or has ended its work."""
        if self.program is not None and self.program.poll() is not None:
            return True
        try:
            return bool(self.context._jsc.sc().isStopped())
        except Exception:  # whatever py4j says of a program that does not answer
            return True


_RUNNING: Running | None = None


def read(source: Source) -> Wanted:
    """What is asked. VangrailError, without a word of the value, when it cannot be understood."""
    variable = source.connection_name
    wrong = VangrailError(
        said(
            data_set(source.name),
            nl=f": de omgevingsvariabele {variable} zegt niet welke Spark te gebruiken.",
            en=f": the environment variable {variable} does not say which Spark to use.",
        ),
        why=both(
            nl="Er staat het adres van de cluster in, en zo nodig instellingen erachter.",
            en="It holds the address of the cluster, and settings behind it where these are needed.",
        ),
        do=both(
            nl=f"Stel ze in, bijvoorbeeld: export {variable}='local[2]', of {OTHERS}",
            en=f"Set it, for example: export {variable}='local[2]', or {OTHERS}",
        ),
    )
    try:
        master, *rest = shlex.split(source.connection or "")
    except ValueError:
        raise wrong from None
    settings = dict(part.partition("=")[::2] for part in rest)
    if not MASTER.fullmatch(master) or not all(k.startswith("spark.") and v for k, v in settings.items()):
        raise wrong
    return Wanted(master=master, settings=settings)


def session(source: Source) -> tuple[Running, Any]:
    """A session of its own on the running Spark, which is started when there is none.

    To be called from another thread than the main one (as `stoppable` does): in that one pyspark puts its own hand on Ctrl-C,
    and asks Java a second thing in the middle of the first.

    VangrailError when pyspark or Java is missing, the cluster does not answer or gives no executor, or this process
    already has another cluster.
    """
    global _RUNNING  # noqa: PLW0603  one Java program per process is how pyspark works
    what = data_set(source.name)
    wanted = read(source)
    try:
        import pyspark  # only who measures on Spark needs it
        from pyspark.sql import SparkSession
    except ImportError:
        raise VangrailError(
            said(what, nl=": pyspark is niet geïnstalleerd.", en=": pyspark is not installed."),
            do=both(nl='Installeer het: pip install "vangrail[spark]"', en='Install it: pip install "vangrail[spark]"'),
        ) from None
    if _RUNNING is not None and _RUNNING.gone:
        stop()
    if _RUNNING is not None and _RUNNING.connection != source.connection:
        if _RUNNING.users:
            raise VangrailError(
                said(what, nl=": er is een andere Spark in gebruik.", en=": another Spark is in use."),
                why=both(
                    nl="Een programma kan maar op één Spark-cluster tegelijk zijn.",
                    en="One program can be on one Spark cluster at a time.",
                ),
                do=both(
                    nl="Zet de datasets van deze kaart op dezelfde cluster.",
                    en="Let the data sets of this card be on the same cluster.",
                ),
            )
        stop()
    if _RUNNING is None:
        around = pyspark.SparkContext._active_spark_context
        if around is not None:  # a notebook has a Spark already
            if around.master != wanted.master:
                raise VangrailError(
                    said(
                        what,
                        nl=f": dit programma gebruikt al een andere Spark dan die in {source.connection_name}.",
                        en=f": this program already uses another Spark than {source.connection_name} names.",
                    ),
                    do=both(nl="Stop die eerst, of noem dezelfde.", en="Stop that one first, or name the same."),
                )
            _RUNNING = Running(connection=source.connection or "", context=around, wanted=wanted)
        else:
            _RUNNING = _start(source, wanted)
    running = _RUNNING
    found = SparkSession(running.context).newSession()
    for name, value in SESSION.items():
        found.conf.set(name, value)
    if "spark.sql.shuffle.partitions" not in wanted.settings:  # for 200, its default, a small table is too small
        found.conf.set("spark.sql.shuffle.partitions", str(max(2, running.context.defaultParallelism)))
    return running, found


def _start(source: Source, wanted: Wanted) -> Running:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    what = data_set(source.name)
    _require_answer(what, source, wanted)
    private = Path(tempfile.mkdtemp(prefix="vangrail-spark-"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)  # also when it is stopped while it starts
    settings = OURS | {"spark.local.dir": str(private)}
    if wanted.local:
        settings |= LOCAL | {"spark.sql.warehouse.dir": str(private / "warehouse")}
    settings |= wanted.settings | {"spark.master": wanted.master}
    first = SparkConf(loadDefaults=False)
    for name, value in settings.items():
        if name.startswith(AT_START):
            first.set(name, value)
    program: subprocess.Popen[bytes] | None = None
    with tempfile.TemporaryFile() as output:
        try:
            gateway = launch_gateway(first, {"stdout": output, "stderr": output})  # type: ignore[no-untyped-call]
            program = gateway.proc
            conf = SparkConf(loadDefaults=False)
            for name, value in settings.items():
                conf.set(name, value)
            context = SparkContext(conf=conf, gateway=gateway)
            running = Running(
                connection=source.connection or "", context=context, wanted=wanted, program=program, private=private
            )
            if wanted.apart:
                _require_executor(what, running)
        except BaseException as error:
            _forget(program, private)
            if isinstance(error, VangrailError) or not isinstance(error, Exception):
                raise
            raise _not_started(what, source, f"{_said(output)}\n{error}") from None
    atexit.register(stop)
    return running


def _said(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode("utf-8", errors="replace")


def _require_answer(what: Text, source: Source, wanted: Wanted) -> None:
    """Spark itself would try for a minute before it says that a cluster does not answer."""
    if not wanted.master.startswith("spark://"):
        return
    for address in wanted.master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        with contextlib.suppress(OSError, ValueError):
            socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS).close()
            return
    raise _no_answer(what, source)


def _no_answer(what: Text, source: Source) -> VangrailError:
    return VangrailError(
        said(what, nl=": de Spark-cluster antwoordt niet.", en=": the Spark cluster does not answer."),
        why=both(
            nl="Draait hij, en is hij van hieruit te bereiken?", en="Is it running, and does this machine reach it?"
        ),
        do=both(
            nl=f"Kijk het adres in {source.connection_name} na.", en=f"Check the address in {source.connection_name}."
        ),
    )


def _require_executor(what: Text, running: Running) -> None:
    """One small piece of work must come back: without an executor Spark would wait for ever, and say nothing."""
    from pyspark.sql import SparkSession

    failed: list[Exception] = []

    def work() -> None:
        try:
            SparkSession(running.context).range(1).count()
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(EXECUTOR_SECONDS)
    if thread.is_alive() or failed:
        raise VangrailError(
            said(
                what,
                nl=f": de Spark-cluster gaf binnen {EXECUTOR_SECONDS} seconden geen uitvoerder (executor).",
                en=f": the Spark cluster gave no executor within {EXECUTOR_SECONDS} seconds.",
            ),
            why=both(
                nl="Hij heeft er geen, alle zijn bezet, of ze bereiken deze computer niet.",
                en="It has no worker, all are busy, or they cannot reach this machine.",
            ),
            do=both(
                nl="Kijk de cluster na, of vraag hem minder: spark.executor.memory en spark.cores.max.",
                en="Look at the cluster, or ask it for less: spark.executor.memory and spark.cores.max.",
            ),
        )


def _not_started(what: Text, source: Source, words_of_spark: str) -> VangrailError:
    """Why Spark did not start. Its own words are only looked at: they may hold settings, and a setting may be a secret."""
    reasons = (
        (
            ("JAVA_HOME is not set", "bin/java: ", "java: not found"),
            both(
                nl="Spark heeft Java nodig, en er is geen, of niet waar JAVA_HOME naar wijst.",
                en="Spark needs Java, and there is none, or not where JAVA_HOME points.",
            ),
            both(
                nl=f"Installeer Java {JAVA} of nieuwer; op Debian: apt install openjdk-17-jre-headless.",
                en=f"Install Java {JAVA} or newer; on Debian: apt install openjdk-17-jre-headless.",
            ),
        ),
        (
            ("UnsupportedClassVersionError", "class file version"),
            both(
                nl=f"Deze Java is te oud: Spark heeft Java {JAVA} of nieuwer nodig.",
                en=f"This Java is too old: Spark needs Java {JAVA} or newer.",
            ),
            both(
                nl="Installeer die, of laat JAVA_HOME ernaar wijzen.", en="Install one, or let JAVA_HOME point to it."
            ),
        ),
        (
            ("Could not reserve enough space", "Invalid maximum heap", "insufficient memory", "must be at least"),
            both(
                nl="Er is niet zoveel geheugen als het mag gebruiken.",
                en="There is not the memory that it is asked to use.",
            ),
            both(
                nl=f"Stel spark.driver.memory in, in {source.connection_name}.",
                en=f"Set spark.driver.memory in {source.connection_name}.",
            ),
        ),
        (
            ("All masters are unresponsive", "Connection refused", "UnknownHostException", "Failed to connect"),
            both(nl="De cluster antwoordt niet.", en="The cluster does not answer."),
            both(
                nl=f"Kijk het adres in {source.connection_name} na.",
                en=f"Check the address in {source.connection_name}.",
            ),
        ),
        (
            ("HADOOP_CONF_DIR", "YARN_CONF_DIR"),
            both(nl="Het weet niet waar YARN is.", en="It does not know where YARN is."),
            both(
                nl="Laat HADOOP_CONF_DIR naar de instellingen van de cluster wijzen.",
                en="Let HADOOP_CONF_DIR point to the cluster's settings.",
            ),
        ),
        (
            ("No space left", "Failed to create a temp directory"),
            both(
                nl="Er is geen plaats voor zijn tijdelijke bestanden.", en="There is no room for its temporary files."
            ),
            both(
                nl=f"Maak plaats vrij in {tempfile.gettempdir()}, of laat TMPDIR naar een grotere schijf wijzen.",
                en=f"Free some disk space in {tempfile.gettempdir()}, or point TMPDIR to a larger disk.",
            ),
        ),
    )
    not_started = said(what, nl=": Spark startte niet.", en=": Spark did not start.")
    for words, why, do in reasons:
        if any(w in words_of_spark for w in words):
            return VangrailError(not_started, why=why, do=do)
    return VangrailError(
        not_started,
        why=both(
            nl="Wat het zegt, is niet getoond: er kunnen instellingen in staan.",
            en="What it says is not shown because it may hold settings.",
        ),
        do=both(nl="Probeer pyspark --master met hetzelfde adres.", en="Try pyspark --master with the same address."),
    )


@contextlib.contextmanager
def without_logs() -> Iterator[None]:
    """Nothing on the terminal: pyspark logs each error with its full text, in which there may be values of rows."""
    from pyspark.logger import PySparkLogger

    loggers = [PySparkLogger.getLogger(n) for n in ("SQLQueryContextLogger", "DataFrameQueryContextLogger")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def stop() -> None:
    """End the Spark that we started, and remove what it left. The next session starts one anew."""
    global _RUNNING
    running, _RUNNING = _RUNNING, None
    if running is None or running.program is None:
        return
    if running.program.poll() is None:
        _within(LEAVE_SECONDS, running.context.stop)
    _forget(running.program, running.private)


def _within(seconds: float, work: Callable[[], object]) -> None:
    """Do it, or give up after so long: a program that was cut off may not answer any more."""

    def do() -> None:
        with contextlib.suppress(Exception):
            work()

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    thread.join(seconds)


def _forget(program: subprocess.Popen[bytes] | None, private: Path | None) -> None:
    """End the Java program, and let pyspark forget it: it keeps it for the next session, dead or alive."""
    if program is not None:
        if program.stdin is not None:
            with contextlib.suppress(OSError):
                program.stdin.close()  # by which it knows that we are gone
        try:
            program.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    gateway = SparkContext._gateway
    if gateway is not None:
        with contextlib.suppress(Exception):
            gateway.shutdown()
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    SparkSession._instantiatedSession = None
    if private is not None:
        shutil.rmtree(private, ignore_errors=True)
