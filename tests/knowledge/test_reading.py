"""The knowledge is read by a fast YAML 1.1 reader; a YAML 1.2 reader must find the same in it."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from ruamel.yaml import YAML

FILES = sorted(Path(str(files("vangrail.knowledge"))).rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_both_readings_of_yaml_agree(file):
    text = file.read_text(encoding="utf-8")
    assert yaml.safe_load(text) == YAML(typ="safe", pure=True).load(text)
