"""Make the environment once, then run a command in it: ``python3 scripts/bootstrap.py demo``.

``test``, ``check`` and ``bench`` are for developers; all other words go to ``peta``. Nothing but Python is
needed. ``WHEELHOUSE=folder`` installs without a network. An old Python (3.6) must be able to parse this file.
"""

# ruff: noqa: E402 - the version comes before all that an old Python lacks
import sys


def require_python(version: "tuple[int, ...]") -> None:
    """Stop with one line when this Python is too old."""
    if tuple(version) < (3, 11):
        found = ".".join(str(number) for number in version[:2])
        sys.exit(f"Perlu Python 3.11 atau lebih baru; yang dipakai sekarang Python {found}.")


require_python(sys.version_info[:3])

import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import signal
import subprocess
import sysconfig
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = os.name == "nt"
MAIN = ".venv"
ENVIRONMENTS = {  # each with its lock, and its size on disk in MB; the small ones see the main one's packages
    MAIN: ("requirements.lock", 930),
    ".venv-check": ("requirements-check.lock", 120),
    ".venv-clients": ("requirements-clients.lock", 90),
    ".venv-bench": ("requirements-bench.lock", 740),
}
CHECKS = [
    ["-m", "ruff", "format", "--check"],
    ["-m", "ruff", "check"],
    ["-m", "mypy"],
    ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
]
# as many at a time as there are cores, four at most: each takes about 1 GB; what a file sets up is set up once
PYTEST = ["-m", "pytest", "-n", "logical", "--maxprocesses", "4", "--dist", "loadfile"]
PIP = "--require-hashes --no-deps --only-binary=:all: --no-compile --no-input --disable-pip-version-check"
NOT_PASSED_ON = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER"}  # would install elsewhere
NOT_COMPILED = r"[/\\](tests?|pip|setuptools|pkg_resources|selenium|lexers)[/\\]"  # large, seldom imported
HASH_FAULT = "DO NOT MATCH THE HASHES"
REASONS = {  # what pip or the system says: what it means; the first that fits
    HASH_FAULT + r"(?s:.*?)\n\s+(\S+==\S+)": "berkas paket {} rusak (hash tidak cocok)",
    "No space left|not enough space": "disk penuh, kosongkan sekitar 2 GB (juga di folder sementara, TMPDIR)",
    r"Retrying \(|Connection|timed out|SSLError|ProxyError": "unduhan terputus, periksa sambungan internet",
    r"No matching distribution found for (\S+)": "paket {} tidak tersedia untuk komputer dan Python ini",
    r"([^\n]*?)\.?\s*\Z": "{}",
}


def say(message: str) -> None:
    """Tell the user what happens, apart from the command's own output."""
    print(message, file=sys.stderr, flush=True)


def fail(complaint: str, name: str) -> NoReturn:
    """Stop with one line: what went wrong with an environment, and what to do."""
    found = ((re.search(pattern, complaint), reason) for pattern, reason in REASONS.items())
    reason = next(reason.format(*match.groups()) for match, reason in found if match)
    sys.exit(
        f"Lingkungan {name} belum siap: {reason}. Jalankan lagi perintah yang sama; yang sudah selesai tidak "
        f"diulang. Bila tetap gagal, lihat {name}/pip.log, atau hapus folder {name} dan mulai lagi."
    )


def python_of(env: Path) -> str:
    """Where an environment keeps its Python."""
    return str(env / ("Scripts/python.exe" if WINDOWS else "bin/python"))


def site_of(env: Path) -> Path:
    """Where an environment keeps its packages."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(env), "platbase": str(env)}))


def fingerprint(name: str) -> str:
    """All that an environment depends on, as one hash."""
    files = ["pyproject.toml", ENVIRONMENTS[MAIN][0], ENVIRONMENTS[name][0]]
    digests = [hashlib.sha256((ROOT / file).read_bytes()).hexdigest() for file in files]
    return " ".join([sys.implementation.cache_tag, *digests, str(ROOT)])


def ready(name: str) -> bool:
    """Whether an environment is finished and still fits: its stamp, written last, says so."""
    stamp = ROOT / name / "stamp"
    return Path(python_of(ROOT / name)).exists() and stamp.exists() and stamp.read_text() == fingerprint(name)


def take(handle: IO[str]) -> bool:
    """Take the lock if it is free. The system frees it when its holder ends, however that happens."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists elsewhere only

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in {errno.EAGAIN, errno.EACCES}  # else the file system knows no locks
    return True


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one start at a time change the environments; an orphaned pip still counts as its starter."""
    folder = ROOT / ".venv-lock"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as handle:
        os.set_inheritable(handle.fileno(), True)
        if not take(handle):
            say("Menunggu: lingkungan sedang disiapkan oleh perintah lain ...")
            while not take(handle):
                time.sleep(0.2)
        yield


def usable(env: Path) -> bool:
    """Whether an environment, perhaps half-made, can be gone on with: this Python, and a whole pip."""
    probe = (
        "import sys, pip; from importlib.metadata import distribution;"
        "print(sys.implementation.cache_tag, distribution('pip').read_text('INSTALLER'))"
    )
    if not Path(python_of(env)).exists():
        return False
    done = subprocess.run([python_of(env), "-I", "-c", probe], capture_output=True, text=True, check=False)
    return done.stdout.split()[:1] == [sys.implementation.cache_tag] and "None" not in done.stdout


def create(env: Path) -> None:
    """Make an empty environment with pip: by venv, else by virtualenv or uv."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        import venv  # noqa: PLC0415 - some systems lack it

        venv.create(env, clear=True, symlinks=not WINDOWS, with_pip=True)
        return
    for tool, *options in (["virtualenv"], ["uv", "venv", "--seed"]):
        found = shutil.which(tool)
        if found:
            command = [found, *options, "--quiet", "--clear", "--python", sys.executable, str(env)]
            subprocess.run(command, check=True)
            return
    sys.exit("Modul venv belum ada. Di Debian/Ubuntu: apt install python3-venv, lalu jalankan lagi.")


def pip(env: Path, lock: str, *options: str) -> str:
    """Install a lock's packages; return what pip complains of, nothing when all went well."""
    wheelhouse = os.environ.get("WHEELHOUSE")
    offline = ["--no-index", "--find-links", str(Path(wheelhouse).resolve())] if wheelhouse else []
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    command = [python_of(env), "-I", "-m", "pip", "install", *PIP.split(), *quiet, *offline, *options]
    done = subprocess.run(
        [*command, "-r", str(ROOT / lock)],
        env={key: value for key, value in os.environ.items() if key not in NOT_PASSED_ON},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        close_fds=False,  # it holds the lock as well
        check=False,
    )
    with contextlib.suppress(OSError):
        (env / "pip.log").write_text(done.stderr, encoding="utf-8")
    return (done.stderr.strip() or "pip berhenti") if done.returncode else ""


def install(env: Path, lock: str) -> None:
    """Install a lock's packages, or stop with the reason."""
    for info in site_of(env).glob("*.dist-info"):
        if not (info / "INSTALLER").exists():  # written after all else: this package is half there
            shutil.rmtree(info)
    fault = pip(env, lock)
    if HASH_FAULT in fault and not os.environ.get("WHEELHOUSE"):  # it may be pip's own cache that is broken
        say("Ada unduhan yang rusak; mengunduh ulang ...")
        fault = pip(env, lock, "--no-cache-dir")
    if fault:
        fail(fault, env.name)
    compiling = [
        python_of(env),
        "-I",
        "-m",
        "compileall",
        "-q",
        "-j",
        "0",
        "-x",
        NOT_COMPILED,
        *map(str, (site_of(env), ROOT / "geo", ROOT / "app")),
    ]
    subprocess.run(compiling, capture_output=True, check=False)  # only makes later starts quicker


def register(env: Path) -> None:
    """Install the project itself: its name and version, and the command ``peta``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version, stem = project["name"], project["version"], project["name"].replace("-", "_")
    for older in site_of(env).glob(f"{stem}-*.dist-info"):
        shutil.rmtree(older)
    info = site_of(env) / f"{stem}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "INSTALLER").write_text("bootstrap\n")
    python = python_of(env) if WINDOWS else shlex.quote(python_of(env))
    shell = '@"{}" -P -m app.cli %*\n' if WINDOWS else '#!/bin/sh\nexec {} -P -m app.cli "$@"\n'
    command = Path(python_of(env)).with_name("peta.cmd" if WINDOWS else "peta")
    command.write_text(shell.format(python))
    command.chmod(0o755)


def build(name: str) -> None:
    """Make an environment, or finish one that was left half-made."""
    env, (lock, size) = ROOT / name, ENVIRONMENTS[name]
    say(f"Menyiapkan lingkungan {name} (sekali saja, sekitar {size} MB) ...")
    begin = time.monotonic()
    (env / "stamp").unlink(missing_ok=True)
    if not usable(env):
        create(env)
    seen = [ROOT] if name == MAIN else [ROOT, site_of(ROOT / MAIN)]
    (site_of(env) / "peta_sasaran.pth").write_text("".join(f"{path}\n" for path in seen))
    install(env, lock)
    if name == MAIN:
        register(env)
    (env / "stamp").write_text(fingerprint(name))
    say(f"Lingkungan {name} siap ({time.monotonic() - begin:.0f} detik).")


def ensure(name: str) -> str:
    """Have an environment ready, after the main one, and return its Python."""
    wheelhouse = Path(os.environ.get("WHEELHOUSE", "."))
    if name != MAIN:
        ensure(MAIN)
    try:
        if not ready(name):
            if not wheelhouse.is_dir():
                sys.exit(f"Folder WHEELHOUSE tidak ada: {wheelhouse}. Periksa namanya, lalu jalankan lagi.")
            with one_at_a_time():
                if not ready(name):
                    build(name)
    except (OSError, subprocess.CalledProcessError) as error:
        fail(str(error), name)
    return python_of(ROOT / name)


def hand_over(*command: str) -> NoReturn:
    """Become the command, so that its exit code and Ctrl-C are its own."""
    if not WINDOWS:
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            with contextlib.suppress(KeyboardInterrupt):
                process.wait()
    sys.exit(process.returncode)


def main(words: list[str]) -> NoReturn:
    """Choose by the first word."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    first, rest = (words[0], words[1:]) if words else ("--help", [])
    if first == "test":
        python = ensure(MAIN)
        ensure(".venv-clients")  # programs of others that read what leaves, apart from ours
        os.chdir(ROOT)
        hand_over(python, *PYTEST, *rest)
    if first == "check":
        python = ensure(".venv-check")
        sys.exit(max([subprocess.call([python, *check], cwd=ROOT) for check in CHECKS]))
    if first == "bench":
        hand_over(ensure(".venv-bench"), str(ROOT / "scripts" / "benchmark.py"), *rest)
    hand_over(ensure(MAIN), "-P", "-m", "app.cli", first, *rest)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Dihentikan. Jalankan lagi perintah yang sama untuk melanjutkan.")
