"""The command ``peta``: every fault becomes one clear line, and nothing heavy loads before it is needed."""

import os
import signal
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from app import boundaries_cli, review_cli, user_cli
from app.assess_cli import assess, columns
from app.atlas_cli import atlas
from app.compare_cli import compare
from app.console import aside
from app.export_cli import export, linkage
from app.outcome_cli import outcome
from app.profile_cli import profile
from app.serve_cli import demo, serve
from app.target_cli import target
from app.usage import speak_indonesian, told_in_indonesian
from app.visits_cli import visits
from geo import __version__
from geo.errors import PetaError

ROOT = Path(__file__).parents[1]
FAULT, UNEXPECTED = 1, 70
"""Exit codes: a fault the user can do something about, and one of the program; 128 + n after a signal n."""


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
            aside.print(f"Galat: {fault}", style="red")
            raise typer.Exit(FAULT) from fault
        except KeyboardInterrupt as stopped:
            aside.print("Dibatalkan. Tidak ada yang ditulis; hasil lama tetap utuh.")
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
app.add_typer(user_cli.app, name="user")


def version() -> None:
    """Sebut versi alat ini."""
    typer.echo(f"peta {__version__}")


for command, told in (
    (assess, "Olah lembar menjadi tabel, peta, buku peta, dan laporan."),
    (columns, "Tunjukkan arti tiap kolom lembar, tanpa mengolahnya."),
    (serve, "Buka hasil di peramban, untuk yang punya akun."),
    (demo, "Buat data rekaan, olah, dan buka hasilnya."),
    (target, "Pilih rumah tangga dengan anggaran, kuota, dan bobot."),
    (visits, "Bagi rumah tangga terpilih menjadi hari kerja regu."),
    (atlas, "Cetak buku peta dan daftar untuk regu lapangan."),
    (profile, "Cetak profil dua halaman tiap desa atau kecamatan, tanpa nama."),
    (outcome, "Catat hasil kunjungan menurut lembar cetak dan nomor."),
    (export, "Bagikan data kepada instansi lain sebagai satu ZIP."),
    (linkage, "Uji apakah seseorang dapat dikenali dari data yang dibagikan."),
    (compare, "Bandingkan dua definisi RTLH pada satu hasil."),
    (version, "Sebut versi alat ini."),
):
    app.command(short_help=told)(command)


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
        aside.print(
            f"Galat tak terduga: {type(fault).__name__} di {_where(fault)}. Tidak ada yang ditulis; hasil lama "
            f"tetap utuh. Rinciannya tampak bila dijalankan lagi dengan PETA_DEBUG=1; rincian itu dapat memuat "
            f"isi lembar, jadi periksa sebelum dikirim kepada orang lain.",
            style="red",
        )
        sys.exit(UNEXPECTED)


if __name__ == "__main__":
    main()
