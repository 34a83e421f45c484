import json
from pathlib import Path

import pytest

import salesmirror

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def assessor():
    return salesmirror.Assessor.load()


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def reports():
    """Labelled reports of different writers, as www/e2e/parity.spec.ts takes them."""
    lines = (ROOT / "data/reports/specified.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[:: len(lines) // 40]][:40]
