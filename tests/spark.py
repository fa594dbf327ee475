"""One Spark for all tests of a process: small, started when the first test asks for it, gone with the process."""

import os
import shutil

SMALL = (
    "local[2] spark.driver.memory=1g spark.sql.shuffle.partitions=1 spark.default.parallelism=1 "
    "spark.sql.adaptive.enabled=false spark.sql.codegen.wholeStage=false spark.sql.codegen.factoryMode=NO_CODEGEN "
    "'spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'"
)
"""Nearly all time goes into planning statements for a few rows: so no compiling that only pays off for many."""


def missing() -> str | None:
    """Why there can be no Spark here."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "pyspark is not installed: pip install 'vangrail[spark]'"
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        return "no Java found: install Debian's package 'openjdk-17-jre-headless'"
    return None
