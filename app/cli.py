"""The command ``peta``: every fault becomes one clear line, and nothing heavy loads before it is needed."""

import gc
import os
import signal
import sys
import traceback
import warnings
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from app import boundaries_cli, review_cli
from app.usage import speak_indonesian, told_in_indonesian
from geo import __version__
from geo.errors import PetaError, SheetError, cause_of

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "out" / "demo"
FAULT, UNEXPECTED = 1, 70
"""Exit codes: a fault the user can do something about, and one of the program; 128 + n after a signal n."""

console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


class _Commands(TyperGroup):
    """The commands, whose faults and interruptions reach the user as one line each."""

    def make_context(self, *words: Any, **more: Any) -> Any:  # noqa: ANN401
        """Read what stands before the chosen command."""
        with told_in_indonesian():
            return super().make_context(*words, **more)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  -- the type is private to typer
        """Run the chosen command."""
        try:
            with told_in_indonesian():
                return super().invoke(ctx)
        except PetaError as fault:
            console.print(f"Galat: {fault}", style="red")
            raise typer.Exit(FAULT) from fault
        except KeyboardInterrupt as stopped:
            console.print("Dibatalkan. Tidak ada yang ditulis; hasil lama tetap utuh.")
            number = stopped.args[0] if stopped.args else signal.SIGINT
            raise typer.Exit(128 + number) from stopped


speak_indonesian()
app = typer.Typer(
    cls=_Commands,
    help="Peta Sasaran: dari lembar rumah tangga ke peta, lembar cetak, dan daftar sasaran.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(boundaries_cli.app, name="boundaries")
app.add_typer(review_cli.app, name="review")

SheetName = Annotated[
    str | None,
    typer.Option(
        "--sheet",
        metavar="NAMA",
        help='Nama lembar di dalam buku kerja; "*": semua yang judul kolomnya sama.',
    ),
]
Columns = Annotated[Path | None, typer.Option(metavar="BERKAS", help="Arti kolom (TOML).")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Nomor port peramban.")]


@app.command(short_help="Olah lembar menjadi tabel, peta, buku peta, dan laporan.")
def assess(
    sheet: Annotated[Path, typer.Argument(metavar="LEMBAR", help="CSV, XLSX, XLS, atau ODS.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Tempat hasil; hasil lama di sana diganti.")],
    boundaries: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Batas desa lain, hanya untuk kali ini.")
    ] = None,
    settings: Annotated[Path | None, typer.Option(metavar="BERKAS", help="Setelan (TOML).")] = None,
    sheet_name: SheetName = None,
    columns: Columns = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="BERKAS", envvar="PETA_DECISIONS", help="Keputusan tinjauan (JSONL)."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Berkas berisi kata sandi lembar terkunci.")
    ] = None,
    outputs: Annotated[
        str, typer.Option(metavar="DAFTAR", help="Yang dibuat, dipisah koma.")
    ] = "peta,atlas,geojson,laporan",
) -> None:
    """Olah lembar rumah tangga menjadi hasil: tabel, peta, buku peta, GeoJSON, dan laporan.

    Hasil muncul utuh di akhir, atau tidak sama sekali. Baris yang salah tidak menghentikan pekerjaan: baris itu
    ditolak dengan alasan dan nomor barisnya.
    """
    gc.set_threshold(
        100_000, 50, 50
    )  # tables are no rubbish: looking for some every 700 objects costs a tenth
    from app.work import run_assess  # noqa: PLC0415  -- heavy

    run_assess(
        sheet,
        out,
        boundaries=boundaries,
        settings=settings,
        sheet_name=sheet_name,
        columns=columns,
        decisions=decisions,
        password=_password(password_file),
        outputs=[name.strip() for name in outputs.split(",") if name.strip()],
        console=console,
    )


@app.command(short_help="Tunjukkan arti tiap kolom lembar, tanpa mengolahnya.")
def columns(
    sheet: Annotated[Path, typer.Argument(metavar="LEMBAR", help="CSV, XLSX, XLS, atau ODS.")],
    sheet_name: SheetName = None,
    columns: Columns = None,
    settings: Annotated[Path | None, typer.Option(metavar="BERKAS", help="Setelan (TOML).")] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="BERKAS", help="Simpan arti kolom (TOML) untuk diperbaiki dan dipakai lagi."),
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Berkas berisi kata sandi lembar terkunci.")
    ] = None,
) -> None:
    """Tunjukkan bagaimana lembar dimengerti: jenis berkas, lembar, judul kolom, dan arti tiap kolom.

    Isi sel tidak ditampilkan. Dengan --save arti kolom disimpan; betulkan berkas itu bila perlu, lalu berikan
    dengan --columns.
    """
    from app.column_report import show_columns  # noqa: PLC0415  -- heavy

    show_columns(
        sheet,
        sheet_name=sheet_name,
        columns=columns,
        settings=settings,
        save=save,
        password=_password(password_file),
        console=Console(highlight=False, markup=False, soft_wrap=True),
    )


@app.command(short_help="Buka hasil terbaru di peramban komputer ini.")
def serve(
    runs: Annotated[Path, typer.Argument(metavar="FOLDER", help="Hasil, atau folder berisi beberapa hasil.")],
    host: Annotated[str, typer.Option(help="Hanya alamat komputer ini sendiri.")] = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Buka hasil terbaru di peramban; hanya dari komputer ini."""
    _serve(runs, host, port)


@app.command(short_help="Buat data rekaan, olah, dan buka hasilnya.")
def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Berhenti sesudah hasil jadi.")] = False,
    households: Annotated[int, typer.Option(min=1, help="Banyaknya rumah tangga rekaan.")] = 20_000,
    port: Port = 8000,
) -> None:
    """Buat data rekaan, olah, dan buka hasilnya.

    Dibuat sekali saja; dibuat ulang bila program, batas desa, atau banyaknya rumah tangga berubah.
    """
    from app.demo import is_made, make_demo  # noqa: PLC0415  -- the making is heavy, the look is not

    if not is_made(DEMO, households):
        make_demo(DEMO, households, console)
    console.print(f"Hasil: {DEMO / 'hasil'}")
    if not no_serve:
        _serve(DEMO / "hasil", "127.0.0.1", port, may_move=True)


@app.command(short_help="Bagi rumah tangga terpilih menjadi hari kerja regu.")
def visits(
    run: Annotated[Path, typer.Argument(metavar="HASIL", help="Folder hasil.")],
    out: Annotated[Path, typer.Option(metavar="BERKAS", help="CSV rencana kunjungan.")],
    teams: Annotated[int | None, typer.Option(min=1, max=100, help="Banyaknya regu.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=366, help="Banyaknya hari.")] = None,
    minutes: Annotated[float | None, typer.Option(metavar="MENIT", help="Lama satu kunjungan.")] = None,
    start: Annotated[
        list[str] | None,
        typer.Option(metavar="BUJUR,LINTANG", help="Tempat mulai; satu untuk semua, atau satu tiap regu."),
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(metavar="BERKAS", help="Setelan (TOML); bila kosong, setelan hasil itu."),
    ] = None,
) -> None:
    """Bagi rumah tangga terpilih menjadi hari kerja regu, desa demi desa, dan sebut siapa yang tidak terkunjungi.

    Yang tidak disebut di sini diambil dari setelan. CSV tidak memuat nama, alamat, atau letak rumah.
    """
    from app.visits_cli import write_visits  # noqa: PLC0415  -- heavy

    write_visits(
        run,
        out,
        teams=teams,
        days=days,
        minutes=minutes,
        starts=start or (),
        settings=settings,
        console=console,
    )


@app.command(short_help="Bandingkan dua definisi RTLH pada satu hasil.")
def compare(
    run: Annotated[Path, typer.Argument(metavar="HASIL", help="Folder hasil.")],
    second: Annotated[
        str, typer.Option("--with", metavar="DEFINISI", help="Definisi kedua, misalnya sepakat.")
    ],
    rtlh: Annotated[
        str, typer.Option(metavar="DEFINISI", help="Definisi pertama; bila kosong, yang dipakai hasil itu.")
    ] = "",
    out: Annotated[Path | None, typer.Option(metavar="BERKAS", help="CSV angka tiap desa.")] = None,
) -> None:
    """Bandingkan dua definisi RTLH: berapa rumah tangga berpindah sisi, ke mana, dan di desa mana."""
    from app.compare_cli import compare_definitions  # noqa: PLC0415  -- heavy

    shown = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    compare_definitions(run, rtlh, second, out, shown)


@app.command(short_help="Pilih rumah tangga dengan anggaran, kuota, dan bobot.")
def target(
    run: Annotated[Path, typer.Argument(metavar="HASIL", help="Folder hasil.")],
    number: Annotated[int | None, typer.Option(min=1, help="Paling banyak sekian rumah tangga.")] = None,
    budget: Annotated[
        str, typer.Option(metavar="RUPIAH", help="Anggaran; tanpa --number sebanyak yang cukup.")
    ] = "",
    unit_cost: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEBUTUHAN=RUPIAH", help="Biaya tiap kebutuhan, misalnya rtlh=20000000; boleh diulang."
        ),
    ] = None,
    quota: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KUOTA",
            help='Misalnya "zone:coastal:pesisir>=20", "kecamatan:33.26.09>=10%", "group:pesisir<=30"; boleh diulang.',
        ),
    ] = None,
    least_a_desa: Annotated[
        int | None, typer.Option(min=1, help="Desa yang dipilih mendapat paling sedikit sekian.")
    ] = None,
    of: Annotated[
        str,
        typer.Option(metavar="KEBUTUHAN", help="Hanya yang kebutuhannya rtlh, jamban, jamban_sendiri, babs."),
    ] = "",
    weight: Annotated[
        list[str] | None,
        typer.Option(metavar="BAGIAN=BOBOT", help="Bobot skor, misalnya rtlh=3; boleh diulang."),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="Setelan (TOML); bawaannya setelan hasil itu.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="BERKAS", help="CSV daftar dan pilihan, tanpa nama orang.")
    ] = None,
) -> None:
    """Pilih rumah tangga dari satu hasil: jumlah skor terbesar yang dimungkinkan anggaran dan kuota.

    Pilihannya tepat, bukan kira-kira. Tertulis pula harga tiap kuota, dan seberapa kokoh tiap peringkat bila bobot
    digeser. Kuota yang tidak dapat dipenuhi dijelaskan, tidak dilonggarkan. Hasil itu sendiri tidak diubah.
    """  # fmt: skip
    from app.target_cli import Wishes, choose_anew  # noqa: PLC0415  -- heavy

    shown = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    wishes = Wishes(number, budget, unit_cost or (), quota or (), least_a_desa, of, weight or ())
    choose_anew(run, wishes, settings, out, shown)


@app.command(short_help="Sebut versi alat ini.")
def version() -> None:
    """Sebut versi alat ini."""
    typer.echo(f"peta {__version__}")


def _serve(runs: Path, host: str, port: int, *, may_move: bool = False) -> None:
    from app.serving import serve_runs  # noqa: PLC0415  -- heavy

    serve_runs(runs, host, port, console, may_move=may_move)


def _password(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get("PETA_SHEET_PASSWORD")
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as fault:
        raise SheetError(f"Berkas kata sandi {file} tidak dapat dibaca: {cause_of(fault)}.") from fault
    except UnicodeDecodeError as fault:
        raise SheetError(f"Berkas kata sandi {file} bukan teks UTF-8.") from fault


def _stop(number: int, _: object) -> NoReturn:
    raise KeyboardInterrupt(number)


def _where(fault: Exception) -> str:
    """Return the last line of our own code that a fault passed."""
    own = [step for step in traceback.extract_tb(fault.__traceback__) if Path(step.filename).is_relative_to(ROOT)
           and "site-packages" not in step.filename]  # fmt: skip
    return f"{Path(own[-1].filename).relative_to(ROOT)} baris {own[-1].lineno}" if own else "luar program ini"


def main() -> None:
    """Run the command line."""
    if not os.environ.get("PETA_DEBUG"):
        warnings.simplefilter("ignore")  # they speak of libraries, in English
    # a closed terminal or an orderly shutdown must clean up as Ctrl-C does
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    try:
        app(prog_name="peta")
    except KeyboardInterrupt:  # before any command began
        sys.exit(128 + signal.SIGINT)
    except Exception as fault:
        if os.environ.get("PETA_DEBUG"):
            raise
        # its message is not shown: it may quote the sheet
        console.print(
            f"Galat tak terduga: {type(fault).__name__} di {_where(fault)}. Tidak ada yang ditulis; hasil lama "
            f"tetap utuh. Rinciannya tampak bila dijalankan lagi dengan PETA_DEBUG=1; rincian itu dapat memuat "
            f"isi lembar, jadi periksa sebelum dikirim kepada orang lain.",
            style="red",
        )
        sys.exit(UNEXPECTED)


if __name__ == "__main__":
    main()
