"""Validators that others wrote, each a program of its own: the description of the API, and the API held against it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.app.ogc.conftest import CALLERS

PROGRAMS = Path(__file__).parents[3] / ".venv-clients" / "bin"
SEED = "8"

pytestmark = pytest.mark.skipif(
    not PROGRAMS.is_dir(),
    reason="validators are not installed (.venv-clients from requirements-clients.lock)",
)


def run(folder, *words: str):
    """Run a validator in a folder of its own; return what it says."""
    # no proxy stands between two programs of this machine
    environment = os.environ | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "NO_COLOR": "1"}
    done = subprocess.run(  # noqa: S603  -- our own programs
        [str(PROGRAMS / words[0]), *words[1:]],
        capture_output=True, text=True, timeout=280, cwd=folder, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-9_000:]
    return done.stdout


def description(api, caller, folder):
    path = folder / f"{caller}.json"
    path.write_text(json.dumps(api.json(caller, "/api?f=json")), "utf-8")
    return path


@pytest.mark.parametrize("caller", CALLERS)
def test_the_description_is_valid_openapi(api, caller, tmp_path):
    told = run(tmp_path, "openapi-spec-validator", str(description(api, caller, tmp_path)))
    assert "OK" in told


def test_the_api_answers_as_its_description_says(api, tmp_path):
    """No fault of the server, no status and no body that is not described, whatever is asked; with a fixed seed."""
    checks = (
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
        "response_headers_conformance", "unsupported_method", "ignored_auth",
    )  # fmt: skip
    told = run(
        tmp_path, "st", "run", str(description(api, "token", tmp_path)), "--url", f"{api.served.address}/ogc",
        "--header", f"Authorization: Bearer {api.token}", "--phases", "examples,coverage,fuzzing",
        "--checks", ",".join(checks), "--max-examples", "6", "--seed", SEED, "--workers", "2", "--warnings", "off",
        "--generation-database", "none", "--no-shrink", "--continue-on-failure",
    )  # fmt: skip
    assert "No issues found" in told, told[-2_000:]
