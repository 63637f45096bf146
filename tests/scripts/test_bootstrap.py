"""The set-up script, on a copy of it with one tiny package and no network."""

import base64
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "bootstrap.py"
PYPROJECT = '[project]\nname = "peta-sasaran"\nversion = "9.8.7"\n'
CLI = """
import os, sys
from importlib.metadata import version
import benih
print(os.getcwd(), version("peta-sasaran"), benih.NAME, sys.argv[1:])
sys.exit(int(sys.argv[2]) if sys.argv[1] == "keluar" else 0)
"""

LONGEST_S = 120

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]


def make_wheel(folder: Path, name: str = "benih") -> str:
    """Write a wheel of one line of code, and return its line in a lock."""
    files = {
        f"{name}.py": f"NAME = {name!r}\n",
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        record += f"{path},sha256={digest},{len(text)}\n"
    files[f"{name}-1.0.dist-info/RECORD"] = record + f"{name}-1.0.dist-info/RECORD,,\n"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small project beside the script, in a folder whose name has a space, and a wheelhouse."""
    root = tmp_path_factory.mktemp("salinan") / "peta sasaran"
    for folder in ("scripts", "app", "tests", "wheels"):
        (root / folder).mkdir(parents=True)
    shutil.copy(SCRIPT, root / "scripts")
    (root / "app" / "__init__.py").touch()
    (root / "app" / "cli.py").write_text(CLI)
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "requirements.lock").write_text(make_wheel(root / "wheels"))
    (root / "requirements-bench.lock").write_text(make_wheel(root / "wheels", "ukur"))
    (root / "requirements-clients.lock").write_text(make_wheel(root / "wheels", "pembaca"))
    (root / "scripts" / "benchmark.py").write_text(
        "import benih, ukur, sys; print(ukur.NAME, sys.argv[1:])\n"
    )
    return root


@pytest.fixture(scope="module")
def run(tree: Path) -> Run:
    """Return a way to start the script as a user does, from the folder above it."""

    def start(*words: str, cwd: Path = tree.parent, wheelhouse: str = "peta sasaran/wheels") -> Done:
        command = [sys.executable, str(tree / "scripts" / "bootstrap.py"), *words]
        environ = {**os.environ, "WHEELHOUSE": wheelhouse}
        return subprocess.run(  # noqa: S603 - our own words
            command, cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=LONGEST_S
        )

    return start


@pytest.fixture(scope="module", autouse=True)
def first_start(run: Run) -> Done:
    """Make the environment once, with a relative wheelhouse."""
    return run("demo", "--no-serve")


@pytest.fixture
def changed_lock(tree: Path) -> Iterator[Path]:
    """Lend the lock for a change, and put it back."""
    lock = tree / "requirements.lock"
    text = lock.read_text()
    yield lock
    lock.write_text(text)


@pytest.fixture
def bootstrap(tree: Path) -> ModuleType:
    """Return the copied script as a module."""
    spec = importlib.util.spec_from_file_location("bootstrap_copy", tree / "scripts" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_first_start_makes_the_environment_and_goes_on(first_start: Done, tree: Path):
    assert first_start.stdout == f"{tree.parent} 9.8.7 benih ['demo', '--no-serve']\n"
    assert first_start.returncode == 0
    telling, done = first_start.stderr.splitlines()
    assert telling.startswith("Menyiapkan lingkungan .venv (sekali saja, sekitar ")
    assert done.startswith("Lingkungan .venv siap")


def test_second_start_is_silent_and_makes_nothing(run: Run, tree: Path):
    made = (tree / ".venv" / "stamp").stat()
    again = run("kata", "dua kata")
    assert (tree / ".venv" / "stamp").stat() == made
    assert again.stdout.endswith("['kata', 'dua kata']\n")
    assert again.stderr == ""


def test_exit_codes_pass_through(run: Run):
    assert run("keluar", "7").returncode == 7


def test_no_words_ask_for_help(run: Run):
    assert run().stdout.endswith("['--help']\n")


def test_a_folder_named_app_where_the_user_stands_is_not_taken_for_ours(run: Run, tmp_path: Path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "cli.py").write_text("raise SystemExit('salah')\n")
    assert run("kata", cwd=tmp_path).stdout.startswith(f"{tmp_path} 9.8.7")


def test_command_peta_is_installed(tree: Path):
    name = "Scripts/peta.cmd" if os.name == "nt" else "bin/peta"
    command = [tree / ".venv" / name, "a b"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert done.stdout.endswith("['a b']\n")


def test_test_runs_pytest_in_the_root(run: Run, tree: Path):
    (tree / "pytest.py").write_text("import os, sys; print(os.getcwd(), sys.argv[1:])\n")
    told = run("test", "-k", "sesuatu").stdout
    assert told.startswith(f"{tree} ['-n', ")
    assert told.endswith(", '-k', 'sesuatu']\n")


def test_bench_adds_its_packages_to_those_of_the_main_environment(
    run: Run, tree: Path, bootstrap: ModuleType
):
    bench = tree / ".venv-bench"
    shutil.copytree(tree / ".venv", bench, symlinks=True)  # quicker than a new one
    for own in [*bench.glob("**/benih*"), bench / "stamp"]:
        shutil.rmtree(own) if own.is_dir() else own.unlink()
    assert run("bench", "cepat").stdout == "ukur ['cepat']\n"
    assert (bootstrap.site_of(bench) / "ukur.py").exists()
    assert not (bootstrap.site_of(tree / ".venv") / "ukur.py").exists()


def test_missing_wheelhouse_is_one_line(run: Run, changed_lock: Path):
    changed_lock.write_text(changed_lock.read_text() + "# lain\n")
    done = run("demo", wheelhouse="tiada")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Folder WHEELHOUSE tidak ada: tiada. Periksa namanya, lalu jalankan lagi.\n"


def test_missing_package_is_one_line(run: Run, changed_lock: Path):
    changed_lock.write_text(changed_lock.read_text() + f"tiada==2.0 --hash=sha256:{'0' * 64}\n")
    done = run("demo")
    assert (done.returncode, done.stdout) == (1, "")
    assert "paket tiada==2.0 tidak tersedia" in done.stderr.splitlines()[1]
    assert len(done.stderr.splitlines()) == 2


def test_broken_wheel_is_one_line_and_the_next_start_goes_on(run: Run, tree: Path, changed_lock: Path):
    changed_lock.write_text(changed_lock.read_text() + make_wheel(tree / "wheels", "retak"))
    wheel = tree / "wheels" / "retak-1.0-py3-none-any.whl"
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-20])
    before = (tree / ".venv" / "pyvenv.cfg").stat()
    done = run("demo")
    assert (done.returncode, done.stdout) == (1, "")
    assert "paket retak==1.0 rusak" in done.stderr.splitlines()[1]
    assert "Jalankan lagi perintah yang sama" in done.stderr
    assert len(done.stderr.splitlines()) == 2

    wheel.write_bytes(whole)
    assert run("demo").returncode == 0
    assert list((tree / ".venv").glob("**/retak.py"))
    assert (tree / ".venv" / "pyvenv.cfg").stat() == before  # gone on with, not made anew


def test_package_left_half_installed_is_installed_again(run: Run, tree: Path, bootstrap: ModuleType):
    site = bootstrap.site_of(tree / ".venv")
    (site / "benih-1.0.dist-info" / "INSTALLER").unlink()
    (site / "benih.py").write_text("")
    (tree / ".venv" / "stamp").unlink()
    assert " benih " in run("demo").stdout


def test_environment_without_a_whole_pip_is_not_gone_on_with(tree: Path, bootstrap: ModuleType):
    assert bootstrap.usable(tree / ".venv")
    installer = next(bootstrap.site_of(tree / ".venv").glob("pip-*/INSTALLER"))
    installer.rename(installer.with_name("LAIN"))
    assert not bootstrap.usable(tree / ".venv")
    installer.with_name("LAIN").rename(installer)
    assert not bootstrap.usable(tree / "tiada")


def test_old_python_gets_one_line(bootstrap: ModuleType):
    with pytest.raises(SystemExit, match=r"^Perlu Python 3\.11 atau lebih baru; .* Python 3\.6\.$"):
        bootstrap.require_python((3, 6, 15))
    bootstrap.require_python((3, 11, 0))


def test_old_python_can_parse_the_script():
    source = SCRIPT.read_text(encoding="utf-8")
    compile(source, "bootstrap.py", "exec", flags=0x400, _feature_version=6)  # 0x400: only the syntax tree


def test_missing_venv_names_the_debian_package(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="python3-venv, lalu jalankan lagi"):
        bootstrap.create(tmp_path / ".venv")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_missing_venv_falls_back_on_uv(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "uv").write_text('#!/bin/sh\necho "$@" > "$0.words"\n')
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    bootstrap.create(tmp_path / "env")
    words = (tmp_path / "uv.words").read_text()
    assert words == f"venv --seed --quiet --clear --python {sys.executable} {tmp_path / 'env'}\n"


def test_two_starts_take_turns(tree: Path, run: Run, bootstrap: ModuleType):
    (tree / ".venv" / "stamp").unlink()
    command = [sys.executable, str(tree / "scripts" / "bootstrap.py"), "keluar", "5"]
    environ = {**os.environ, "WHEELHOUSE": str(tree / "wheels")}
    with bootstrap.one_at_a_time():
        waiting = subprocess.Popen(  # noqa: S603 - our own words
            command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert waiting.stderr.readline().startswith("Menunggu: ")
        assert waiting.poll() is None
    told = waiting.communicate(timeout=LONGEST_S)[1]
    assert waiting.returncode == 5
    assert "Lingkungan .venv siap" in told
    assert run("kata").stderr == ""


def test_reasons_are_told_in_words(bootstrap: ModuleType):
    for complaint, words in {
        "ERROR: Could not install: [Errno 28] No space left on device": "disk penuh",
        "WARNING: Retrying (\nERROR: No matching distribution found for a==1": "unduhan terputus",
        "WARNING: lain\nERROR: Sesuatu yang lain.\n": ": ERROR: Sesuatu yang lain. Jalankan lagi",
    }.items():
        with pytest.raises(SystemExit, match=words):
            bootstrap.fail(complaint, ".venv")
