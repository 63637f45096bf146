"""Who asks the API, and what they may have: a token of a hand-over, somebody who is signed in, or everybody."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.access.roles import HOUSEHOLD_FIELDS, Permission, Person
from app.access.sessions import visit_of
from app.dependencies import Records, Settings
from app.errors import SignInFirst
from app.library import Library, OpenedRun
from app.ogc.faults import Refusal
from app.ogc.limits import address_of, limits_of, refuse_wrong_token
from app.ogc.negotiation import prefers_html
from app.product_store import ProductStore, only, scope_of_handover
from app.records import Records as _Records
from app.records.tables import Handover
from app.sharing.tokens import caller_name, find_token
from geo.levels import Level
from geo.products import Product, Scope

CHALLENGE = 'Bearer realm="Peta Sasaran", Basic realm="Peta Sasaran", charset="UTF-8"'

_NOBODY = (
    "Sertakan kunci API: header «Authorization: Bearer KUNCI», atau Basic dengan kunci sebagai kata sandi. "
    "Pengguna aplikasi dapat masuk dahulu di peramban."
)
_UNKNOWN = (
    "Kunci API ini tidak dikenal, sudah dicabut, atau sudah berakhir. Minta yang baru kepada yang membagikan."
)


@dataclass(frozen=True)
class Caller:
    """Who asks.

    Attributes
    ----------
    name
        For the trail and for limits: of the account, or of the hand-over; empty for everybody.
    scope
        What they may have.
    collections
        Ids of the collections; empty for all of the scope.
    recipient
        Whose pseudonyms households bear; empty for none.
    handover
        Its number, where a token asks; ``run`` then the one that its rows are of, where it is about some rows.
    person
        Who is signed in.
    """

    name: str
    scope: Scope
    collections: tuple[str, ...] = ()
    recipient: str = ""
    handover: int | None = None
    run: str = ""
    person: Person | None = None

    def opened(self, library: Library) -> OpenedRun:
        """Return the run they see: the one in force, or the one that their list of rows is of.

        Raises
        ------
        NoRun
            When there is none.
        """
        return library.open(self.run) if self.run else library.shown()

    def product(self, products: ProductStore, opened: OpenedRun) -> Product:
        """Return all that they may have of a run."""
        return only(products.product(opened, self.scope, self.recipient), self.collections)


def scope_of_person(who: Person) -> Scope:
    """Return what somebody who is signed in may have: what their role sees in the pages, and no names.

    Examples
    --------
    >>> from app.access.roles import person
    >>> scope_of_person(person("rini", "", "pimpinan", [])).level.value
    'publik'
    >>> scope = scope_of_person(person("sari", "", "petugas", ["33.26.01.2001"]))
    >>> scope.level.value, scope.desa == {"33.26.01.2001"}, "nama" in scope.columns
    ('opd', True, False)
    """
    if not who.may(Permission.SEE_HOUSEHOLDS):
        return Scope(Level.PUBLIK)
    return Scope(Level.OPD, desa=who.desa, columns=HOUSEHOLD_FIELDS[Permission.SEE_HOUSEHOLDS])


def _caller(request: Request, records: Records, settings: Settings) -> Caller:
    """Return who asks.

    Raises
    ------
    Refusal
        When nobody is known (401), with the ways to be.
    SignInFirst
        Likewise, to whoever wants pages.
    """
    if "authorization" in request.headers:
        token = read_token(request.headers["authorization"])
        held = find_token(records, token) if token else None
        if held is None:
            refuse_wrong_token(request, records, token)
            raise Refusal(_UNKNOWN, 401, {"WWW-Authenticate": CHALLENGE})
        return caller_of_token(held, records, request.app.state.products)
    found = visit_of(request, records, secure=settings.secure)
    if found is not None and not found.person.must_change:
        request.state.visit = found  # the page's frame names the person
        who = found.person
        return Caller(who.name, scope_of_person(who), person=who)
    if settings.open_publik:
        return Caller("", Scope(Level.PUBLIK))
    if prefers_html(request):
        raise SignInFirst(change=found is not None)
    raise Refusal(_NOBODY, 401, {"WWW-Authenticate": CHALLENGE})


async def _in_turn(request: Request, caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    await limits_of(request).wait(caller.name or address_of(request))
    return caller


Asking = Annotated[Caller, Depends(_in_turn)]
"""Who asks."""


def caller_of_token(held: Handover, records: _Records, products: ProductStore) -> Caller:
    """Return who asks by the token of a hand-over.

    Raises
    ------
    NoRun
        When the list that it is about is gone.
    """
    with records.session() as session:
        scope = scope_of_handover(session, products.recipes(), held)
    return Caller(
        name=caller_name(held.id),
        scope=scope,
        collections=tuple(held.scope.get("collections", ())),
        recipient=held.recipient,
        handover=held.id,
        run=held.run if scope.rows is not None else "",
    )


def read_token(header: str) -> str:
    """Return the token of a header ``Authorization``; empty when there is none in it.

    Examples
    --------
    >>> read_token("Bearer abc"), read_token("Basic dXNlcjphYmM="), read_token("Digest x"), read_token("Basic ***")
    ('abc', 'abc', '', '')
    """
    kind, _, told = header.strip().partition(" ")
    if kind.lower() == "bearer":
        return told.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(told.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
