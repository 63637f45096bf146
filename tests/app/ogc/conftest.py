"""Those who ask the API: every role, a token, and nobody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.access.roles import Role
from app.ogc.callers import Caller, scope_of_person
from app.records.tables import Handover
from app.sharing.tokens import new_token
from geo.products import Collection, Product
from tests.conftest import DISTRICT
from tests.server import Client, Served, serving

CALLERS = ("perencana", "petugas", "pimpinan", "opd", "token")
SEES_HOUSEHOLDS = ("perencana", "petugas", "token")
RECIPE = "dinkes"


@dataclass
class Api:
    """The API of a served run, asked by somebody."""

    served: Served
    token: str
    number: int
    clients: dict[str, Client] = field(default_factory=dict)

    def get(self, caller: str, path: str = "", **more: Any) -> httpx.Response:  # noqa: ANN401
        """Ask for something below ``/ogc``; parameters with a hyphen in ``params``."""
        if caller not in self.clients:
            known = caller in set(Role)
            self.clients[caller] = self.served.sign_in(caller) if known else self.served.visitor()
        headers = dict(more.pop("headers", {}))
        if caller == "token":
            headers["authorization"] = f"Bearer {self.token}"
        address = path if path.startswith("http") else f"/ogc{path}"
        return self.clients[caller].get(address, headers=headers, **more)

    def json(self, caller: str, path: str = "", **params: object) -> Any:  # noqa: ANN401
        """Return an answer that must be there, as JSON."""
        answer = self.get(caller, path, **({"params": params} if params else {}))
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def ids(self, caller: str) -> list[str]:
        """Return the ids of a caller's collections."""
        return [each["id"] for each in self.json(caller, "/collections")["collections"]]

    def everything(self, caller: str, collection: str, **params: object) -> list[dict[str, Any]]:
        """Return all features, by the links to the next page."""
        answer, features = self.json(caller, f"/collections/{collection}/items", **params), []
        while True:
            features += answer["features"]
            after = links(answer, "next")
            if not after:
                return features
            answer = self.json(caller, after[0])

    def caller(self, name: str) -> Caller:
        """Return a caller as the application knows them."""
        state = self.served.app.state
        if name == "token":
            with state.records.session() as session:
                held = session.get(Handover, self.number)
            from app.ogc.callers import caller_of_token  # noqa: PLC0415

            return caller_of_token(held, state.records, state.products)
        who = state.standing.of(name)
        return Caller(name, scope_of_person(who), person=who)

    def product(self, name: str) -> Product:
        """Return what a caller may have."""
        state = self.served.app.state
        caller = self.caller(name)
        return caller.product(state.products, caller.opened(state.library))

    def collection(self, name: str, collection: str) -> Collection:
        """Return a collection as a caller may have it."""
        return self.product(name).collections[collection]


def links(told: dict[str, Any], rel: str) -> list[str]:
    """Return the addresses of the links of one relation."""
    return [each["href"] for each in told["links"] if each["rel"] == rel]


def hand_over(served: Served, **changed: object) -> tuple[str, int]:
    """Hand over by API; return the token and the number."""
    token, kept = new_token()
    shown = served.app.state.library.shown()
    told: dict[str, Any] = {
        "kind": "api", "recipient": RECIPE, "recipient_name": "Dinas Kesehatan", "purpose": "uji", "level": "opd",
        "run": shown.id, "run_created": shown.facts["created"], "by": "perencana", "token_hash": kept,
        "until": date.today() + timedelta(days=9),  # noqa: DTZ011
    }  # fmt: skip
    with served.app.state.records.session() as session:
        held = Handover(**told | changed)
        session.add(held)
        session.flush()
        return token, held.id


@pytest.fixture(scope="session")
def api(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Serve the run of the sample to all who may ask; the petugas has its first two desa."""
    with serving(
        run_folder, state=tmp_path_factory.mktemp("catatan"), boundaries=DISTRICT, ogc_per_minute=0
    ) as served:
        desa = served.app.state.library.shown().assessment.desa["kode_desa"].tolist()
        for role in Role:
            served.add(role.value, role.value, desa[:2] if role is Role.PETUGAS else ())
        yield Api(served, *hand_over(served))
