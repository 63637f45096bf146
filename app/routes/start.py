"""Beranda: what the run in force holds, and where to go from here."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.access.roles import Permission, Person
from app.data_view.queue import open_questions
from app.dependencies import Records, Runs, Settings, Who
from app.library import Library, OpenedRun
from app.rendering import page
from app.settings import WebSettings
from app.visiting import open_days, progress_summary
from geo.symbology import number

router = APIRouter()

WAYS = (
    (
        "/peta",
        "Peta",
        "RTLH, jamban, zona, dan kantong; saring, cari desa, kirim tautannya.",
        Permission.SEE_AREAS,
    ),
    (
        "/prioritas",
        "Prioritas",
        "Siapa lebih dahulu dan mengapa; ubah bobot, anggaran, kuota.",
        Permission.CHOOSE,
    ),
    ("/kunjungan", "Kunjungan", "Rencana per regu dan hari; catat hasilnya.", Permission.ENTER_OUTCOMES),
    (
        "/laporan",
        "Laporan",
        "Apa yang terbaca dan desa mana yang perlu dilihat lebih dahulu.",
        Permission.DOWNLOAD_RUN,
    ),
    ("/data", "Data", "Unggah lembar, tinjau, dan terbitkan hasil.", Permission.MANAGE_DATA),
    ("/bagikan", "Bagikan", "Serahkan data kepada instansi lain, dengan batas waktu.", Permission.SHARE),
    ("/bandingkan", "Bandingkan", "Dua indikator, definisi, atau hasil berdampingan.", Permission.SEE_AREAS),
)


@router.get("/", include_in_schema=False)
def start(request: Request, who: Who, settings: Settings, library: Runs, records: Records) -> Response:
    """Show what the run in force holds; whoever may not see areas goes to their own page.

    An office that has no run yet begins with its data.
    """
    if not who.may(Permission.SEE_AREAS):
        return RedirectResponse("/kiriman" if who.may(Permission.RECEIVE) else "/kata-sandi", 303)
    if who.may(Permission.MANAGE_DATA) and not library.in_force():
        return RedirectResponse("/data", 303)
    shown = library.shown()
    inside = who.may(Permission.SEE_HOUSEHOLDS)
    found = {
        "manifest": shown.manifest,
        "facts": shown.facts if inside else shown.public.facts,
        "needs": who.desa is None,
        "ways": WAYS,
        "today": [*_visits(who, shown, library, records), *_waiting(who, shown, settings)],
        "in_field": who.desa is not None,
        "rows": who.may(Permission.MANAGE_DATA),
    }
    return page(request, "start.html", found)


def _visits(who: Person, shown: OpenedRun, library: Library, records: Records) -> list[dict[str, str]]:
    """Return the next visits of somebody in the field, or how far all visits have come."""
    if who.desa is not None and who.may(Permission.ENTER_OUTCOMES):
        plan, days = open_days(records, library, who)
        key = f"daftar={plan.key}&" if plan and plan.key else ""
        return [
            {
                "link": f"/kunjungan/regu?{key}regu={day['team']}&hari={day['day']}",
                "title": f"Hari {day['day']}, regu {day['team']}",
                "words": f"{day['desa']}: {number(day['visited'])} dari {number(day['listed'])} sudah dikunjungi.",
            }
            for day in days
        ]
    found = progress_summary(records, shown, who)
    if found is None:
        return []
    link = "/kunjungan" if who.may(Permission.ENTER_OUTCOMES) else "/kunjungan/kemajuan"
    words = f"{found.done} dari {found.listed} selesai; {found.visited} sudah dikunjungi."
    return [{"link": link, "title": "Kunjungan", "words": words}]


def _waiting(who: Person, shown: OpenedRun, settings: WebSettings) -> list[dict[str, str]]:
    """Return what somebody can go on with."""
    if not who.may(Permission.MANAGE_DATA) or not (asked := open_questions(shown.folder, settings)).items:
        return []
    words = f"{number(asked.items)} pertanyaan tentang tempat, {number(asked.rows)} rumah tangga."
    link = f"/data/tinjau?hasil={quote(shown.id, safe='')}"
    return [{"link": link, "title": "Tinjauan", "words": words}]
