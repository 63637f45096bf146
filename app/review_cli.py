"""Commands about places in doubt: list the questions of a run, answer them, and take an answer back."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.csv_output import write_csv
from app.finished_run import take_run

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
    from app.district import decisions_file  # noqa: PLC0415 - heavy
    from geo.review.decisions import record, take_back  # noqa: PLC0415 - likewise

    name, reason = _who(who), why
    record(decisions or decisions_file(), lambda words: take_back(words, item, name, reason))
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
    from app.questions import read_queue, with_words  # noqa: PLC0415 - heavy
    from geo.review.decisions import read_decisions  # noqa: PLC0415 - likewise

    return with_words(read_queue(run), read_decisions(file))


def _desa(run: Path) -> "pd.DataFrame":
    from app.questions import read_desa  # noqa: PLC0415 - heavy

    return read_desa(run)


def _file(run: Path, decisions: Path | None) -> Path:
    from app.district import decisions_about  # noqa: PLC0415 - heavy

    return decisions_about(run, decisions)


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

    from app.questions import candidate_words, written  # noqa: PLC0415 - heavy
    from geo.review.decisions import one_line  # noqa: PLC0415 - likewise

    lines = [written(row), f"{one_line(str(row['note']))}; baris {row['rows']}"]
    told = candidate_words(row)
    lines += [f" {place} {words}" for place, words in enumerate(told, start=1)]
    if not told:
        lines.append(" tidak ada calon: terima dengan kode desa, atau tolak")
    if row["decision"]:
        lines.append(f"diputuskan: {row['kode_desa'] or 'tidak ada yang cocok'}")
    return Text("\n".join(lines))


def _write_csv(queue: "pd.DataFrame", path: Path) -> None:
    import pandas as pd  # noqa: PLC0415 - heavy

    from app.questions import candidate_words  # noqa: PLC0415 - likewise

    plain = {
        "butir": "item", "jenis": "kind", "rumah_tangga": "households", "baris": "rows", "kode": "kode",
        "desa": "desa", "kecamatan": "kecamatan", "kabupaten": "kabupaten", "catatan": "note",
        "keputusan": "decision", "kode_desa": "kode_desa",
    }  # fmt: skip
    rows = queue.to_dict("records")
    table = pd.DataFrame({title: [row[name] for row in rows] for title, name in plain.items()})
    listed = [
        "; ".join(f"{place} {words}" for place, words in enumerate(candidate_words(row), start=1))
        for row in rows
    ]
    table.insert(len(plain) - 2, "calon", listed)
    write_csv(table, path, what="Daftar")
