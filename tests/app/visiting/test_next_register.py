"""Tests that a published register shows the outcomes of the one before, and lists those that found no household."""

import geopandas as gpd
from sqlalchemy import select

from app.outcome_codes import outcome_codes
from app.records.tables import Entry
from tests.app.visiting.conftest import FIRST, NEXT, SHIFT


def test_publishing_brings_the_outcomes_over_and_a_person_assigns_the_rest(both, registers):
    path = registers / NEXT / "households.parquet"
    rows = both.app.state.library.open(FIRST).assessment.visits["sheet_row"].tolist()[:2]
    table = gpd.read_parquet(path)
    table.loc[table["sheet_row"] == rows[1] + SHIFT, ["id_keluarga", "nik", "no_kk", "nama"]] = None
    table.to_parquet(path, index=False)
    client, records = both.sign_in("perencana"), both.app.state.records
    mark = client.csrf("/kunjungan")
    for row in rows:
        assert (
            client.post("/kunjungan/hasil", data={"csrf": mark, "baris": row, "hasil": "pindah"}).status_code
            == 303
        )

    assert client.post(f"/data/hasil/{NEXT}/terbit", data={"csrf": mark, "yakin": "ya"}).status_code == 303
    assert outcome_codes(records, NEXT)[1] == {rows[0] + SHIFT: 3}
    page = client.get("/kunjungan/lama").text
    assert "<h2>1 belum ada rumah tangganya</h2>" in page
    assert "dari lembar sebelumnya" in client.get(f"/kunjungan/rumah?baris={rows[0] + SHIFT}").text

    with records.session() as session:
        looked = session.scalars(select(Entry).where(Entry.subject == "hasil lembar sebelumnya")).all()
    assert [(line.action, line.households, line.run) for line in looked] == [("lihat", 1, NEXT)]

    entry = page.split('name="entri" value="')[1].split('"')[0]
    form = {"csrf": mark, "entri": entry, "baris": rows[1] + SHIFT}
    assert client.post("/kunjungan/lama", data=form | {"baris": 7}).status_code == 400
    assert both.sign_in("petugas").post("/kunjungan/lama", data=form).status_code == 403
    assert client.post("/kunjungan/lama", data=form).status_code == 303
    with records.session() as session:
        line = session.scalars(select(Entry).order_by(Entry.id.desc()).limit(1)).one()
    assert (line.action, line.households, line.user) == ("hasil", 1, "perencana")
    assert both.sign_in("admin").post("/kunjungan/lama", data=form).status_code in {400, 403}
    assert outcome_codes(records, NEXT)[1] == {rows[0] + SHIFT: 3, rows[1] + SHIFT: 3}
    assert "Tidak ada hasil lama yang menunggu" in client.get("/kunjungan/lama").text


def test_codes_of_a_replaced_run_are_not_told_of_its_successor(both):
    row = both.app.state.library.open(FIRST).assessment.visits["sheet_row"].tolist()[0]
    client = both.sign_in("perencana")
    client.post(
        "/kunjungan/hasil", data={"csrf": client.csrf("/kunjungan"), "baris": row, "hasil": "selesai"}
    )
    made = "2126-01-01T00:00:00+00:00"
    assert outcome_codes(both.app.state.records, FIRST)[1] == {row: 1}
    assert outcome_codes(both.app.state.records, FIRST, made)[1] == {}
