"""The commands that show a run in the browser: one that is there, or the demonstration."""

from pathlib import Path
from typing import Annotated

import typer

from app.console import aside

DEMO = Path(__file__).parents[1] / "out" / "demo"

Port = Annotated[int, typer.Option(min=1, max=65535, help="Nomor port peramban.")]


def serve(
    runs: Annotated[Path, typer.Argument(metavar="FOLDER", help="Hasil, atau folder berisi beberapa hasil.")],
    host: Annotated[str, typer.Option(help="Hanya alamat komputer ini sendiri.")] = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Buka hasil terbaru di peramban; hanya dari komputer ini."""
    _serve(runs, host, port)


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
        _serve(DEMO / "hasil", "127.0.0.1", port, may_move=True)


def _serve(runs: Path, host: str, port: int, *, may_move: bool = False) -> None:
    from app.serving import serve_runs  # noqa: PLC0415  -- heavy

    serve_runs(runs, host, port, aside, may_move=may_move)
