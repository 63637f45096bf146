"""The pages on PostgreSQL: signing in, accounts, the trail, and every page that reads what is remembered."""

import itertools
from pathlib import Path

import psycopg
from sqlalchemy import select

from app.records.tables import Entry
from tests.conftest import DISTRICT
from tests.server import serving

PAGES = (
    "/", "/peta", "/prioritas", "/prioritas/daftar", "/kunjungan", "/kunjungan/kemajuan", "/cetak", "/cetak/daftar",
    "/data", "/data/pekerjaan", "/pengguna", "/pengguna/1", "/jejak?akun=admin&dari=2020-01-01", "/jejak.csv",
    "/unduhan", "/bagikan", "/bagikan.csv", "/bagikan/baru", "/bagikan/baru?untuk=dinkes",
)  # fmt: skip
NUMBERS = itertools.count()


def test_the_pages_remember_on_a_server(run_folder: Path, tmp_path: Path, postgres_server: str):
    name = f"laman_{next(NUMBERS)}"
    with psycopg.connect(postgres_server % "postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    with serving(run_folder, state=tmp_path, database=postgres_server % name, boundaries=DISTRICT) as server:
        server.add("admin", "admin")
        server.visitor().post("/masuk", data={"nama": "admin", "kata_sandi": "bukan itu sandinya"})
        client = server.sign_in("admin")
        assert {page: client.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
        made = client.post("/pengguna", data={"csrf": client.csrf(), "nama": "sari", "peran": "opd"})
        assert made.status_code == 200
        with server.app.state.records.session() as session:
            told = [entry.action for entry in session.scalars(select(Entry).order_by(Entry.id))]
        assert told[:2] == ["gagal-masuk", "masuk"]
        assert told[-1] == "pengguna"
    assert not list(tmp_path.glob("*.db"))
