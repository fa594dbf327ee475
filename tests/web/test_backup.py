"""One file with everything, made while people write; and an installation from it, in which database and ledger agree."""

import io
import json
import os
import subprocess
import sys
import tarfile
import time

import killed
import pytest

from vangrail.model.errors import VangrailError
from vangrail.web import backup


def vangrail(environment, *arguments):
    """A command of the site, as an administrator gives it."""
    command = [sys.executable, "-m", "vangrail.web", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_backup_made_while_people_write_gives_an_installation_that_agrees_with_itself(tmp_path):
    there, file = killed.Installation(tmp_path / "one", clients=3), tmp_path / "backup.tar.gz"
    there.start()
    try:
        with there.writing():
            end = time.monotonic() + 60
            while min(map(len, (there.acknowledged[k] for k in ("answer", "comment", "decision")))) < 2:
                assert time.monotonic() < end, there.refused
                time.sleep(0.2)
            before = {kind: list(marks) for kind, marks in there.acknowledged.items()}
            code, said = vangrail(there.environment, "backup", file)
            assert code == 0 and "keep it safe" in said, said
        assert not [status for status in there.refused if status >= 500], "whoever wrote meanwhile waited"
    finally:
        there.serve.terminate()
        there.serve.wait(timeout=20)
    assert file.stat().st_mode & 0o777 == 0o600
    assert vangrail(there.environment, "backup", file) == (
        3,
        f"{file} is there already.\nGive another name: a backup is never written over another.\n",
    )
    code, said = vangrail(there.environment, "restore", file)
    assert code == 3 and "is not empty" in said

    elsewhere = {**there.environment, "VANGRAIL_DATA": str(tmp_path / "two")}
    if url := elsewhere.get("VANGRAIL_DATABASE_URL"):
        elsewhere["VANGRAIL_DATABASE_URL"] = killed.empty_database(url)
    code, said = vangrail(elsewhere, "restore", file)
    assert code == 0, said
    assert (tmp_path / "two/secret-key").read_text() == (tmp_path / "one/secret-key").read_text()
    assert (tmp_path / "two/secret-key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "two/files/voorbeeld/meldingen/meldingen.csv").exists()
    there.environment = elsewhere
    there.start()
    there.stop()
    assert there.inside("look", there.tried, before) == []


@pytest.fixture
def archive(tmp_path):
    """A backup file with these contents."""

    def made(**files):
        with tarfile.open(tmp_path / "backup.tar.gz", "w:gz") as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(name.replace("_", "."))
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return tmp_path / "backup.tar.gz"

    return made


def test_what_is_no_backup_is_refused_and_nothing_is_left(tmp_path, archive):
    (tmp_path / "text").write_text("no archive")
    for file, said in (
        (tmp_path / "nowhere", "nowhere is not there"),
        (tmp_path / "text", "cannot be read as a backup"),
        (archive(other_json=b"{}"), "about.json is not there"),
    ):
        with pytest.raises(VangrailError, match=said):
            backup.restore(file, {"VANGRAIL_DATA": str(tmp_path / "data")})
        assert not (tmp_path / "data").exists() and not list(tmp_path.glob(".vangrail-*"))


def test_a_backup_of_another_kind_of_database_is_refused(tmp_path, archive):
    file = archive(about_json=json.dumps({"database": "postgresql"}).encode())
    with pytest.raises(VangrailError, match="of a postgresql database"):
        backup.restore(file, {"VANGRAIL_DATA": str(tmp_path / "data")})
    file = archive(about_json=json.dumps({"database": "sqlite"}).encode())
    with pytest.raises(VangrailError, match="of a sqlite database"):
        backup.restore(file, {"VANGRAIL_DATA": str(tmp_path / "d"), "VANGRAIL_DATABASE_URL": "postgresql://h/x"})


def test_a_backup_that_reaches_outside_its_folder_is_refused(tmp_path, archive):
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as bad:
        bad.addfile(tarfile.TarInfo("../escaped"), io.BytesIO(b""))
    with pytest.raises(VangrailError, match="cannot be read as a backup"):
        backup.restore(tmp_path / "bad.tar.gz", {"VANGRAIL_DATA": str(tmp_path / "x/data")})
    assert not (tmp_path / "escaped").exists() and not os.path.lexists(tmp_path / "x/escaped")
