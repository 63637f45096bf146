"""Where the web keeps its runs and records, as options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

State = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="Tempat akun, jejak, unggahan, dan kunci; bawaannya .peta di antara hasil."
    ),
]
Database = Annotated[
    str,
    typer.Option(
        metavar="ALAMAT",
        envvar="PETA_DATABASE",
        show_envvar=True,
        help="PostgreSQL untuk akun dan jejak, misalnya postgresql://peta@server/peta. Alamat yang memuat kata sandi "
        "ditaruh di PETA_DATABASE: baris perintah terbaca oleh pengguna lain komputer ini.",
    ),
]
