"""What several folders of tests share."""

import os
import signal
from collections.abc import Iterator

import pytest

import postgres
import spark


def pytest_configure() -> None:
    """A shell that starts the tests in the background makes them deaf to Ctrl-C, which some of them press."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    """A running PostgreSQL. Without its programs the test is skipped, except in CI, where it must be there."""
    programs = postgres.programs()
    if programs is None:
        message = "no PostgreSQL server found (initdb): install Debian's package 'postgresql'"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(message)
        pytest.skip(message)
    with postgres.cluster(programs) as running:
        yield running


@pytest.fixture(scope="session")
def spark_address() -> str:
    """The address of a Spark that starts when a table is opened on it. Without Java the test is skipped, except in CI."""
    if message := spark.missing():
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(message)
        pytest.skip(message)
    return spark.SMALL
