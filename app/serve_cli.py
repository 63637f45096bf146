"""The commands that show a run in the browser: one that is there, or the demonstration."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.console import aside
from app.web_options import Database, State

if TYPE_CHECKING:
    from app.settings import WebSettings

DEMO = Path(__file__).parents[1] / "out" / "demo"

Port = Annotated[int, typer.Option(min=1, max=65535, help="Nomor port peramban.")]


def serve(
    runs: Annotated[Path, typer.Argument(metavar="FOLDER", help="Hasil, atau folder berisi beberapa hasil.")],
    host: Annotated[str, typer.Option(help="Hanya alamat komputer ini sendiri.")] = "127.0.0.1",
    port: Port = 8000,
    hostname: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMA", help="Nama yang dipakai komputer lain, lewat peladen HTTPS; boleh berulang."
        ),
    ] = None,
    proxy_https: Annotated[
        bool,
        typer.Option(
            "--proxy-https",
            help="Halaman dibuka lewat peladen HTTPS di komputer ini; kuki hanya lewat HTTPS.",
        ),
    ] = False,
    state: State = None,
    database: Database = "",
    boundaries: Annotated[
        Path | None, typer.Option(metavar="BATAS", help="Batas desa untuk lembar yang diunggah.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(metavar="TOML", help="Setelan untuk lembar yang diunggah.")
    ] = None,
) -> None:
    """Buka hasil di peramban, untuk yang punya akun; dari komputer lain hanya lewat peladen HTTPS."""
    from app.settings import settings_of  # noqa: PLC0415  -- heavy

    wishes = settings_of(
        runs=runs, hostnames=tuple(hostname or ()), secure=proxy_https, state=state, database=database,
        boundaries=boundaries, settings_file=settings,
    )  # fmt: skip
    _serve(wishes, host, port)


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
        make_demo(DEMO, households, aside)
    aside.print(f"Hasil: {DEMO / 'hasil'}")
    if not no_serve:
        from app.demo_accounts import make_accounts  # noqa: PLC0415  -- heavy

        settings = demo_settings(DEMO)
        _serve(settings, "127.0.0.1", port, may_move=True, note=make_accounts(settings))


def demo_settings(folder: Path) -> "WebSettings":
    """Return the settings of the demonstration's pages: all they remember stays in its own folder."""
    from app.settings import WebSettings  # noqa: PLC0415  -- heavy

    settings_file = folder / "contoh" / "setelan.toml"
    return WebSettings(
        runs=folder / "hasil", state=folder / ".peta", database="", settings_file=settings_file
    )


def _serve(settings: "WebSettings", host: str, port: int, *, may_move: bool = False, note: str = "") -> None:
    from app.serving import serve_runs  # noqa: PLC0415  -- heavy

    serve_runs(settings, host, port, aside, may_move=may_move, note=note)
