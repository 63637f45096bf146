"""Commands about places in doubt: list the questions of a run, answer them, and take an answer back."""

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.csv_output import write_csv
from app.finished_run import reading, take_run

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from rich.text import Text

app = typer.Typer(
    no_args_is_help=True,
    help="Tinjau tempat yang meragukan: lihat antrean, terima, tolak, batalkan.",
    short_help="Tinjau tempat yang meragukan: lihat, terima, tolak, batalkan.",
)
console = Console(highlight=False, markup=False, emoji=False)

Run = Annotated[
    Path, typer.Argument(metavar="HASIL", help="Folder hasil, atau folder berisi beberapa hasil.")
]
Item = Annotated[str, typer.Argument(metavar="BUTIR", help="Kunci butir, atau awalnya bila hanya satu.")]
Why = Annotated[str, typer.Option(metavar="ALASAN", help="Alasannya, satu baris, tanpa nama orang.")]
Who = Annotated[
    str, typer.Option(metavar="NAMA", help="Siapa yang memutuskan; bila kosong, nama masuk komputer.")
]
File = Annotated[
    Path | None,
    typer.Option(
        "--decisions", metavar="BERKAS", envvar="PETA_DECISIONS", help="Berkas keputusan; bawaannya di folder batas."
    ),
]  # fmt: skip


@app.command("list", short_help="Tampilkan yang menunggu keputusan.")
def list_(
    run: Run,
    kind: Annotated[str, typer.Option(help="Hanya jenis ini: nama, kode, luar, atau titik.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Juga yang sudah diputuskan.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Paling banyak sekian butir di layar.")] = 20,
    csv: Annotated[Path | None, typer.Option(metavar="BERKAS", help="Tulis semuanya sebagai CSV.")] = None,
    decisions: File = None,
) -> None:
    """Tampilkan tempat yang menunggu keputusan, yang menyangkut rumah tangga terbanyak dahulu."""
    from geo.files import require_file  # noqa: PLC0415 - heavy, as these
    from geo.review.decisions import KINDS  # noqa: PLC0415
    from geo.symbology import number  # noqa: PLC0415 - likewise

    if kind and kind not in KINDS:
        raise typer.BadParameter(f"jenisnya {', '.join(KINDS)}", param_hint="--kind")
    if csv is not None:
        require_file(csv, what="Daftar")
    run = take_run(run, console)
    queue = _queue(run, _file(run, decisions))
    chosen = queue[(queue["kind"] == kind) if kind else slice(None)]
    chosen = chosen if everything else chosen[chosen["decision"] == ""]
    rows = number(int(chosen["households"].sum()))
    if csv is not None:
        _write_csv(chosen, csv)
        console.print(f"{number(len(chosen))} butir tentang {rows} baris ditulis ke {csv}.", soft_wrap=True)
        return
    if chosen.empty:
        console.print("Tidak ada yang menunggu keputusan.")
        return
    console.print(_table(chosen.head(limit)))
    console.print(
        f"{number(len(chosen))} butir tentang {rows} baris; tampil {number(min(limit, len(chosen)))}."
    )
    console.print("Putuskan: peta review accept HASIL BUTIR CALON --why ALASAN, atau reject.")


@app.command(short_help="Terima satu calon.")
def accept(
    run: Run,
    item: Item,
    candidate: Annotated[
        str, typer.Argument(metavar="CALON", help="Nomor calon dalam daftar, atau kode desa.")
    ] = "",
    *,
    why: Why,
    who: Who = "",
    decisions: File = None,
) -> None:
    """Terima satu calon: semua baris yang menulis tempat itu dihitung di sana, juga pada lembar berikutnya."""
    _answer(run, item, "accept", candidate, why, who, decisions)


@app.command(short_help="Nyatakan tidak ada calon yang cocok.")
def reject(
    run: Run,
    item: Item,
    *,
    why: Why,
    who: Who = "",
    decisions: File = None,
) -> None:
    """Nyatakan tidak ada calon yang cocok: barisnya tetap seperti adanya, tetapi tidak lagi ditanyakan."""
    _answer(run, item, "reject", "", why, who, decisions)


@app.command(short_help="Tarik keputusan terakhir tentang satu butir.")
def undo(
    item: Item,
    *,
    why: Why,
    who: Who = "",
    decisions: File = None,
) -> None:
    """Tarik keputusan terakhir tentang satu butir; riwayatnya tetap tersimpan."""
    from geo.boundaries import default_folder  # noqa: PLC0415 - heavy
    from geo.review.decisions import DECISIONS, record, take_back  # noqa: PLC0415 - likewise

    name, reason = _who(who), why
    record(decisions or default_folder() / DECISIONS, lambda words: take_back(words, item, name, reason))
    console.print(
        "Keputusan itu ditarik. Jalankan peta assess lagi agar hasilnya ikut berubah.", soft_wrap=True
    )


def _answer(
    run: Path, item: str, action: str, candidate: str, why: str, who: str, decisions: Path | None
) -> None:
    from geo.review import answer, question  # noqa: PLC0415 - likewise
    from geo.review.decisions import record  # noqa: PLC0415 - heavy
    from geo.symbology import number  # noqa: PLC0415 - likewise

    run = take_run(run, console)
    file = _file(run, decisions)
    asked = question(_queue(run, file), item)
    decision = answer(asked, _desa(run), action, candidate, _who(who), why)
    record(file, lambda _: decision)
    what = f"dihitung di {decision.kode_desa}" if decision.kode_desa else "tidak ada calon yang cocok"
    console.print(
        f"Butir {decision.item}: {what}; {number(int(asked['households']))} baris. Tersimpan di {file}. "
        f"Jalankan peta assess lagi agar hasilnya ikut berubah.",
        soft_wrap=True,
    )


def _queue(run: Path, file: Path) -> "pd.DataFrame":
    """Return the queue of a run with what was decided since."""
    from geo.review import COLUMNS  # noqa: PLC0415 - likewise
    from geo.review.decisions import read_decisions  # noqa: PLC0415 - heavy

    queue = _read(run, "review", list(COLUMNS))
    words = read_decisions(file)
    said = [words.get(item) for item in queue["item"]]
    return queue.assign(
        decision=[word.action if word else "" for word in said],
        kode_desa=[word.kode_desa if word else "" for word in said],
    )


def _desa(run: Path) -> "pd.DataFrame":
    return _read(run, "desa", ["kode_desa", "nama_desa", "nama_kecamatan"])


def _read(run: Path, table: str, columns: list[str]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - heavy

    with reading(run, "tidak memuat antrean, atau rusak"):
        return pd.read_parquet(run / f"{table}.parquet", columns=columns)


def _file(run: Path, decisions: Path | None) -> Path:
    """Return the file of decisions; the default one must be of the district that the run is about."""
    from geo.boundaries import default_folder, read_district  # noqa: PLC0415 - heavy
    from geo.errors import ReviewError  # noqa: PLC0415 - likewise
    from geo.review.decisions import DECISIONS  # noqa: PLC0415 - likewise
    from geo.runs import read_manifest  # noqa: PLC0415 - likewise

    if decisions is not None:
        return decisions
    folder = default_folder()
    about = read_manifest(run)["facts"]["district"]
    if about["kode"] != read_district(folder)["district"]["kode_kabupaten"]:
        raise ReviewError(
            f"Hasil itu tentang {about['nama']}, bukan kabupaten yang sedang dipakai. Sebut berkas keputusannya "
            f"dengan --decisions BERKAS, atau foldernya dengan PETA_BOUNDARIES."
        )
    return folder / DECISIONS


def _who(who: str) -> str:
    from geo.errors import ReviewError  # noqa: PLC0415 - only when it is needed

    try:
        return who or getpass.getuser()
    except (OSError, KeyError, ImportError) as fault:
        raise ReviewError(
            "Nama masuk komputer tidak diketahui. Sebut siapa yang memutuskan: --who NAMA."
        ) from fault


def _table(queue: "pd.DataFrame") -> object:
    from rich.table import Table  # noqa: PLC0415 - only when it is needed

    from geo.symbology import number  # noqa: PLC0415 - heavy

    table = Table(show_lines=True, width=min(console.width, 100))
    table.add_column("Butir", no_wrap=True)
    table.add_column("Baris", justify="right", no_wrap=True)
    table.add_column("Yang tertulis, dan calonnya", ratio=1, overflow="fold")
    for row in queue.to_dict("records"):
        table.add_row(row["item"], number(row["households"]), _told(row))
    return table


def _told(row: "Mapping[Hashable, Any]") -> "Text":
    from rich.text import Text  # noqa: PLC0415 - only when it is needed

    parts = (("desa", "desa"), ("kecamatan", "kec."), ("kabupaten", "kab."), ("kode", "kode"))
    written = ", ".join(f"{word} «{_clean(row[name])}»" for name, word in parts if row[name])
    lines = [written or "(desa tidak ditulis)", f"{_clean(row['note'])}; baris {row['rows']}"]
    candidates = _candidates(row)
    lines += [f" {place} {words}" for place, words in enumerate(candidates, start=1)]
    if not candidates:
        lines.append(" tidak ada calon: terima dengan kode desa, atau tolak")
    if row["decision"]:
        lines.append(f"diputuskan: {row['kode_desa'] or 'tidak ada yang cocok'}")
    return Text("\n".join(lines))


def _candidates(row: "Mapping[Hashable, Any]") -> list[str]:
    from geo.symbology import number  # noqa: PLC0415 - heavy

    told = []
    for one in json.loads(row["candidates"]):
        words = f"{one['kode_desa']} {one['nama_desa']} ({one['nama_kecamatan']})"
        if "score" in one:
            words += f", mirip {number(one['score'])}"
        if "metres" in one:
            words += f", {number(one['metres'])} m dari titik" if one["metres"] else ", tempat titik itu"
        elif one["points"]:
            words += f", {number(one['points'])} titik di sana"
        told.append(_clean(words))
    return told


def _clean(text: str) -> str:
    from geo.review.decisions import one_line  # noqa: PLC0415 - heavy

    return one_line(str(text))


def _write_csv(queue: "pd.DataFrame", path: Path) -> None:
    import pandas as pd  # noqa: PLC0415 - heavy

    plain = {
        "butir": "item", "jenis": "kind", "rumah_tangga": "households", "baris": "rows", "kode": "kode",
        "desa": "desa", "kecamatan": "kecamatan", "kabupaten": "kabupaten", "catatan": "note",
        "keputusan": "decision", "kode_desa": "kode_desa",
    }  # fmt: skip
    rows = queue.to_dict("records")
    table = pd.DataFrame({title: [row[name] for row in rows] for title, name in plain.items()})
    listed = [
        "; ".join(f"{place} {words}" for place, words in enumerate(_candidates(row), start=1)) for row in rows
    ]
    table.insert(len(plain) - 2, "calon", listed)
    write_csv(table, path, what="Daftar")
