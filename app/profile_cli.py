"""The command that prints the profile of a desa or kecamatan: two pages without a name."""

from pathlib import Path
from typing import Annotated

import typer

from app.console import aside, counting
from app.finished_run import reading, take_run


def profile(
    run: Annotated[Path, typer.Argument(metavar="HASIL", help="Folder hasil.")],
    out: Annotated[Path, typer.Option(metavar="BERKAS", help="PDF yang ditulis.")],
    desa: Annotated[
        list[str] | None,
        typer.Option(metavar="KODE", help="Kode atau nama desa; boleh berulang. Tanpa pilihan: semua desa."),
    ] = None,
    kecamatan: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KODE", help="Kode atau nama kecamatan: profil kecamatan itu sendiri; boleh berulang."
        ),
    ] = None,
    paper: Annotated[str, typer.Option(metavar="KERTAS", help="A4, F4, atau A3.")] = "A4",
) -> None:
    """Cetak profil: dua halaman tiap desa, atau tiap kecamatan, untuk kepala desa, lurah, dan camat.

    Peta, angka dengan intervalnya, pengelompokan, kekurangan, dan apa yang didahulukan; tanpa nama dan letak rumah.
    """
    from geo.atlas.profile import DESA, KECAMATAN, write_profiles  # noqa: PLC0415  -- heavy, as these
    from geo.atlas.selection import find_areas  # noqa: PLC0415
    from geo.errors import SettingsError  # noqa: PLC0415
    from geo.files import require_file, whole  # noqa: PLC0415
    from geo.privacy import without_sensitive_cells  # noqa: PLC0415
    from geo.runs import open_run  # noqa: PLC0415

    if desa and kecamatan:
        raise SettingsError("Pilih --desa atau --kecamatan; satu berkas untuk satu jenis profil.")
    require_file(out, what="Profil")
    folder = take_run(run, aside)
    with reading(folder):
        shown = without_sensitive_cells(open_run(folder))
    level = KECAMATAN if kecamatan else DESA
    table = shown.kecamatan if kecamatan else shown.desa
    asked = kecamatan or desa
    codes = find_areas(table, asked, level) if asked else sorted(table[f"kode_{level}"])
    with whole(out, what="Profil") as part, counting("Mencetak profil") as told:
        pages = write_profiles(shown, part, codes, level=level, paper=paper, progress=told)
    aside.print(
        f"Profil {len(codes)} {level}, {pages} halaman, tanpa nama dan letak rumah: {out}", soft_wrap=True
    )
