"""An Assessment saved as a run, a folder that appears whole or not at all, and opened again."""

import errno
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import __version__
from geo.errors import NoRun, NotWritable

if TYPE_CHECKING:
    from geo.assessment import Assessment

MAPPED = ("households", "desa", "kecamatan", "zones", "clusters", "scans")
PLAIN = (
    "rejects", "hot_spots", "dusun", "priorities", "equity", "visits", "visits_left_out", "combinations", "groups",
    "comparison", "rejected_cells", "review",
)  # fmt: skip
MANIFEST = "manifest.json"
LIBRARIES = ("geopandas", "numpy", "pandas", "pyarrow", "pyogrio", "pyproj", "shapely")

_CAUSES = {
    errno.ENOSPC: "ruang disk habis. Kosongkan ruang, atau pilih folder di disk lain",
    errno.EDQUOT: "jatah disk habis. Kosongkan ruang, atau pilih folder di disk lain",
    errno.EROFS: "disk ini hanya dapat dibaca. Pilih folder lain",
    errno.EACCES: "tidak ada izin menulis di sana. Pilih folder lain, atau minta izin kepada pengelola",
    errno.EPERM: "tidak ada izin menulis di sana. Pilih folder lain, atau minta izin kepada pengelola",
    errno.ENOTDIR: "bagian dari jalur itu adalah berkas, bukan folder. Pilih folder lain",
    errno.EBUSY: "folder itu tempat sebuah disk dipasang. Pilih folder baru di dalamnya",
    errno.EIO: "disk melaporkan kerusakan. Periksa disk, atau pilih disk lain",
    errno.EFBIG: "berkasnya terlalu besar untuk disk itu. Pilih disk lain",
    errno.EEXIST: "bagian dari jalur itu adalah berkas, bukan folder. Pilih folder lain",
    errno.ENAMETOOLONG: "namanya terlalu panjang. Pilih nama yang lebih pendek",
}


def write_run(
    folder: Path,
    assessment: "Assessment",
    *,
    make_outputs: Callable[[Path], None] | None = None,
    seconds: Mapping[str, float] | None = None,
) -> Path:
    """Write an assessment, with its outputs, as one run.

    Parameters
    ----------
    folder
        Where the run shall stand; a run that stands there is replaced.
    assessment
        What is saved; personal columns too, hence readable by the owner alone.
    make_outputs
        Writes maps, sheets and exports into the folder it is given.
    seconds
        How long each stage took, for the manifest; ``make_outputs`` may still add to it.

    Returns
    -------
    Path
        The folder, complete.

    Raises
    ------
    NotWritable
        When the folder or the disk does not take it; what stood there before still stands.
    """
    # the tables are compressed and written by compiled code, which leaves the interpreter free for the outputs
    with new_run(folder) as building, ThreadPoolExecutor(max_workers=1) as beside:
        tables = beside.submit(write_tables, assessment, building)
        if make_outputs:
            make_outputs(building)
        tables.result()
        write_manifest(assessment.facts, building, seconds or {})
    return folder


def require_place(folder: Path) -> None:
    """Refuse a place that would not take a run, before the long work for it begins; nothing is left there.

    Raises
    ------
    NotWritable
        When the target holds something that is no run, or cannot be made.
    """
    folder = folder.resolve()
    try:
        _require_free(folder)
        ground = next(parent for parent in folder.parents if parent.exists())
        trial = ground / f".{folder.name}.tmp-{os.getpid()}"
        trial.mkdir()
        trial.rmdir()
    except OSError as fault:
        cause = _CAUSES.get(fault.errno or 0, "folder itu tidak dapat dibuat di sana. Pilih folder lain")
        raise NotWritable(f"Hasil tidak dapat disimpan di {folder}: {cause}.") from fault


@contextmanager
def new_run(folder: Path) -> Iterator[Path]:
    """Yield a hidden folder beside the target; it takes the target's place when the block ends well.

    A block that fails or is interrupted leaves nothing behind, and what stood there still stands. What a killed
    process left is cleared, or put back, by the next run for the same folder.

    Raises
    ------
    NotWritable
        When the target holds something that is no run, or cannot be written.
    """
    folder = folder.resolve()
    building = folder.parent / f".{folder.name}.tmp-{os.getpid()}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(folder)
        _require_free(folder)
        building.mkdir(mode=0o700)
        yield building
        _take_place(building, folder)
    except OSError as fault:
        cause = _CAUSES.get(fault.errno or 0)
        if cause is None:
            raise  # a fault of the block, not of the place
        raise NotWritable(f"Hasil tidak dapat disimpan di {folder}: {cause}.") from fault
    finally:
        shutil.rmtree(building, ignore_errors=True)


def write_tables(assessment: "Assessment", folder: Path) -> None:
    """Write each table of an assessment as (Geo)Parquet into a folder."""
    for name in MAPPED + PLAIN:
        getattr(assessment, name).to_parquet(folder / f"{name}.parquet", index=False)


def write_manifest(facts: Mapping[str, Any], folder: Path, seconds: Mapping[str, float]) -> None:
    """Write what a run was made from and what lies in it; the last file, as it is the mark of a whole run."""
    from pyarrow import parquet  # noqa: PLC0415  the web page's start must not wait for it

    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
    manifest = {
        "peta": __version__,
        "created": facts["created"],
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in LIBRARIES},
        "tables": {
            name: parquet.read_metadata(folder / f"{name}.parquet").num_rows for name in MAPPED + PLAIN
        },
        "seconds": {stage: round(duration, 3) for stage, duration in seconds.items()},
        "facts": facts,
        "files": {path.relative_to(folder).as_posix(): _sha256(path) for path in files},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, default=_plain)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def open_run(folder: Path) -> "Assessment":
    """Open the assessment that a run holds.

    Raises
    ------
    NoRun
        When the folder holds no run, or a table of it is missing or damaged.
    """
    # some seconds of imports that a page which only names the runs does not need
    import geopandas as gpd  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    from geo.assessment import Assessment  # noqa: PLC0415

    facts = read_manifest(folder)["facts"]
    try:
        mapped = {name: gpd.read_parquet(folder / f"{name}.parquet") for name in MAPPED}
        plain = {name: pd.read_parquet(folder / f"{name}.parquet") for name in PLAIN}
    except (OSError, ValueError) as fault:
        raise NoRun(
            f"Hasil di {folder} tidak lengkap atau rusak. Jalankan kembali analisis untuk folder itu."
        ) from fault
    return Assessment(**mapped, **plain, facts=facts)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a run.

    Raises
    ------
    NoRun
        When the folder holds no run.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise NoRun(f"Tidak ada hasil analisis di {folder}. Jalankan dahulu analisisnya.") from fault
    if not isinstance(manifest, dict) or not manifest.keys() >= {"peta", "created", "facts", "tables"}:
        raise NoRun(f"{folder / MANIFEST} bukan dari alat ini.")
    return manifest


def newest_run(folder: Path) -> Path:
    """Return the folder itself when it is a run, or else the newest run directly inside it.

    Raises
    ------
    NoRun
        When there is none.
    """
    if is_run(folder):
        return folder
    inside = folder.iterdir() if folder.is_dir() else ()
    runs = [path for path in inside if not path.name.startswith(".") and is_run(path)]
    if not runs:
        raise NoRun(f"Tidak ada hasil analisis di {folder}. Jalankan dahulu analisisnya.")
    return max(runs, key=_created)


def is_run(folder: Path) -> bool:
    """Tell whether a folder holds a run."""
    try:
        read_manifest(folder)
    except NoRun:
        return False
    return True


def _created(run: Path) -> float:
    return datetime.fromisoformat(read_manifest(run)["created"]).timestamp()


def _require_free(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if is_run(folder):
        own = {*read_manifest(folder).get("files", ()), MANIFEST}
        inside = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        added = sorted(path.as_posix() for path in inside if path.as_posix() not in own)
        added = [name for name in added if not name.rpartition("/")[2].startswith((".", "Thumbs.db"))]
        if not added:
            return
        raise NotWritable(
            f"{folder} berisi berkas yang bukan bagian dari hasil ({', '.join(added[:3])}) dan yang akan hilang. "
            f"Pindahkan dahulu, atau pilih folder baru."
        )
    raise NotWritable(
        f"{folder} sudah ada dan bukan hasil analisis, jadi tidak ditimpa. Pilih folder baru atau folder kosong."
    )


def _take_place(building: Path, folder: Path) -> None:
    aside = folder.parent / f".{folder.name}.old-{os.getpid()}"
    if folder.exists():
        folder.rename(aside)
    try:
        building.rename(folder)
    except BaseException:
        if aside.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _clear_leftovers(folder: Path) -> None:
    for mark in ("old", "tmp"):
        prefix = f".{folder.name}.{mark}-"
        for left in folder.parent.iterdir():
            if not left.name.startswith(prefix) or _is_at_work(left.name.removeprefix(prefix)):
                continue
            if mark == "old" and not folder.exists():
                left.rename(folder)  # killed between the two moves: the former run comes back
            else:
                shutil.rmtree(left, ignore_errors=True)


def _is_at_work(pid: str) -> bool:
    if not pid.isdecimal() or os.name != "posix":
        return True  # not ours, or no safe way to ask
    if int(pid) == os.getpid():
        return False  # a number used again: this process has not begun
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(value: object) -> object:
    """Turn what JSON does not know (a numpy number, a path, a date) into what it knows."""
    return value.item() if hasattr(value, "item") else str(value)
