"""Remake the lock files from ``pyproject.toml``: ``python3 scripts/lock.py [--upgrade]``; needs ``uv``.

Its words are passed on to ``uv pip compile``. A version that a lock already names stays, unless upgraded.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = "requirements.lock"
FOR_ALL = ["--universal", "--python-version", "3.11"]
PLAIN = ["--generate-hashes", "--no-emit-index-url", "--quiet"]


def compile_lock(lock: str, requirements: list[str], options: list[str]) -> None:
    """Write one lock file: exact versions with hashes, for every system and Python."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("Perlu uv untuk membuat berkas kunci: pasang uv, lalu jalankan lagi.")
    named = ["--custom-compile-command", "python3 scripts/lock.py", "--output-file", lock]
    command = [uv, "pip", "compile", *FOR_ALL, *PLAIN, *named, *options, "-"]
    subprocess.run(command, cwd=ROOT, input="\n".join(requirements), text=True, check=True)


def main(options: list[str]) -> None:
    """Lock what runs and tests first, then the small environments so that they agree with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    compile_lock(MAIN, [*project["dependencies"], *extras["test"]], options)
    for name in ("check", "clients", "bench"):
        compile_lock(f"requirements-{name}.lock", extras[name], ["--constraint", MAIN, *options])


if __name__ == "__main__":
    main(sys.argv[1:])
