"""The accounts of the demonstration, with one password that is new at every start, and a first hand-over."""

from datetime import timedelta

from sqlalchemy import select

from app.access.passwords import invent_password
from app.access.roles import Role, person
from app.access.users import add_user, set_password
from app.jobs.packages import today
from app.library import Library, OpenedRun
from app.product_store import only, product_store
from app.records import Records, open_records
from app.records.tables import Handover, User
from app.settings import WebSettings
from app.sharing.asked import FILES, PART, days_of, read_asked
from app.sharing.handovers import create
from app.sharing.preview import preview

_BY = "demo"
_FIELD_DESA = 3
_AGENCY = "dinkes"


def make_accounts(settings: WebSettings) -> str:
    """Make an account for each role, or renew its password, and return the line that tells how to come in."""
    password = invent_password()
    records = open_records(settings.database_url)
    try:
        library = Library(settings.library, settings.runs, records, settings.state_folder)
        desa = _largest_desa(library)
        with records.session(alone=True) as session:
            for role in Role:
                user = session.scalar(select(User).where(User.name == role.value))
                assigned = desa if role is Role.PETUGAS else []
                agency = _AGENCY if role is Role.OPD else ""
                if user is None:
                    add_user(
                        session,
                        role,
                        role,
                        password,
                        desa=assigned,
                        recipient=agency,
                        must_change=False,
                        by=_BY,
                    )
                elif user.created_by == _BY:
                    user.role, user.desa, user.recipient, user.disabled = role.value, assigned, agency, False
                    set_password(session, user, password, must_change=False)
        _share(settings, records, library.shown(), desa)
    finally:
        records.close()
    return f"Masuk sebagai {', '.join(Role)}. Kata sandi semuanya: {password}"


def _share(settings: WebSettings, records: Records, shown: OpenedRun, desa: list[str]) -> None:
    """Hand some desa to the agency, once; the worker makes the package when the server runs."""
    with records.session() as session:
        if session.scalar(select(Handover.id).limit(1)) is not None:
            return
    products, who = product_store(settings), person(Role.PERENCANA, "", Role.PERENCANA, ())
    recipes, sharing = products.recipes(), products.sharing()
    recipe = recipes[_AGENCY]
    form = {
        "untuk": [recipe.id], "tingkat": [recipe.level.value], "bentuk": [FILES], "keperluan": [recipe.purpose],
        "cakupan": [PART], "desa": desa, "format": list(recipe.formats),
        "sampai": [(today() + timedelta(days=days_of(recipe, sharing))).isoformat()],
    }  # fmt: skip
    with records.session(alone=True) as session:
        asked = read_asked(form, who, shown, session, recipes, sharing, today())
        product = only(products.product(shown, asked.scope, recipe.id), recipe.collections)
        create(session, who, asked, shown, preview(product), once="")


def _largest_desa(library: Library) -> list[str]:
    desa = library.shown().assessment.desa
    return list(desa.nlargest(_FIELD_DESA, "households")["kode_desa"])
