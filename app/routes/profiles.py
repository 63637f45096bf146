"""Profiles of desa and kecamatan: two pages on paper for those who head them, without a name or a house."""

import tempfile
from pathlib import Path

import pandas as pd
from fastapi import APIRouter
from fastapi.responses import Response

from app.access.roles import Permission, Person
from app.dependencies import Records, Shown, Viewer
from app.library import OpenedRun
from app.map_view import edition
from app.outcome_codes import held_outcomes
from app.visiting.plans import plan_of_run
from app.visiting.progress import words_of
from geo.atlas.profile import DESA, KECAMATAN, write_profiles
from geo.errors import NoRun, NotAllowed
from geo.outcomes import progress

router = APIRouter()


@router.get("/desa/{kode}/profil.pdf")
def of_desa(kode: str, who: Viewer, shown: Shown, records: Records) -> Response:
    """Hand out the profile of a desa."""
    return _profile(kode, DESA, who, shown, records)


@router.get("/kecamatan/{kode}/profil.pdf")
def of_kecamatan(kode: str, who: Viewer, shown: Shown, records: Records) -> Response:
    """Hand out the profile of a kecamatan."""
    return _profile(kode, KECAMATAN, who, shown, records)


def _profile(kode: str, level: str, who: Person, opened: OpenedRun, records: Records) -> Response:
    if who.desa is not None:  # a profile sets its area among others that are not theirs
        raise NotAllowed("Profil dicetak oleh perencana; mintalah kepadanya.")
    assessment = edition(opened, who)
    table = assessment.desa if level == DESA else assessment.kecamatan
    if kode not in set(table[f"kode_{level}"]):
        raise NoRun(f"{level.capitalize()} itu tidak ada dalam hasil ini. Cari namanya di halaman Peta.")
    visits = _progress(who, opened, records) if who.may(Permission.SEE_HOUSEHOLDS) else None
    with tempfile.TemporaryDirectory(prefix="peta-") as folder:
        path = Path(folder) / "profil.pdf"
        write_profiles(assessment, path, [kode], level=level, visits=visits)
        pdf = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="profil-{kode}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _progress(who: Person, opened: OpenedRun, records: Records) -> pd.DataFrame:
    """Return how far the visits of the run's plan have come, by ``kode_desa``."""
    listed = plan_of_run(opened, who).listed
    with records.session() as session:
        held = held_outcomes(session, opened, who)
    if "kode_desa" not in listed:
        return pd.DataFrame()
    return progress(listed, words_of(held), ["kode_desa"]).set_index("kode_desa")
