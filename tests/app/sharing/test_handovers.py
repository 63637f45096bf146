"""Hand-overs: made once, in one state alone, taken away by those who may, and ended for all at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access.roles import Person, Role, person
from app.access.users import find_user, set_disabled
from app.jobs.packages import package_path, today
from app.jobs.queue import CANCELLED, DONE, FAILED, PACKAGE, RUNNING, WAITING
from app.product_store import only
from app.records.tables import Entry, Handover, Job, now
from app.returning.waiting import answerable, find_handover
from app.sharing.agencies import accounts_of
from app.sharing.asked import read_asked
from app.sharing.handovers import (
    create,
    find,
    find_received,
    handovers,
    make_again,
    mark_of,
    received,
    revoke,
    subject_of,
    take,
    told_of,
)
from app.sharing.log import LogFilter, read_log, read_table, recipients_in, trail_of
from app.sharing.preview import Preview, preview
from app.sharing.state import MARKS, Handed, state_in_table
from app.sharing.tokens import find_token
from geo.errors import NoRun, NotAllowed
from tests.app.sharing_office import form
from tests.server import Served

PLANNER, ADMIN = (person(role.value, "", role, ()) for role in (Role.PERENCANA, Role.ADMIN))
AGENCY = person("opd", "", "opd", (), recipient="perkim")


def decided(office: Served, who: Person = PLANNER, once: str = "", **said: object) -> tuple[int, str]:
    """Hand over what a form asks for."""
    asked, shown, seen = looked_at(office, who, **said)
    with office.app.state.records.session(alone=True) as session:
        held, token = create(session, who, asked, shown, seen, once)
        return held.id, token


def looked_at(office: Served, who: Person = PLANNER, **said: object) -> tuple[object, object, Preview]:
    products, shown = office.app.state.products, office.app.state.library.shown()
    with office.app.state.records.session() as session:
        asked = read_asked(form(**said), who, shown, session, products.recipes(), products.sharing(), today())
    product = products.product(shown, asked.scope, asked.recipe.id)
    return asked, shown, preview(only(product, asked.recipe.collections))


def made(office: Served, number: int) -> None:
    """Write a package where the job would have put it."""
    with office.app.state.records.session() as session:
        handed = find(session, number)
        handed.job.state, handed.held.file, handed.held.size = DONE, "paket.zip", 3
        path = package_path(office.app.state.settings, handed.held)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"zip")


def row(**said: object) -> Handover:
    usual = {
        "kind": "berkas", "recipient": "perkim", "recipient_name": "Dinas", "purpose": "p", "level": "opd", "run": "r",
        "run_created": "2026", "by": "keadaan", "until": today(),
    }  # fmt: skip
    return Handover(**usual | said)


STATES = [
    ({}, WAITING, "disiapkan"),
    ({}, RUNNING, "disiapkan"),
    ({}, DONE, "berlaku"),
    ({}, FAILED, "gagal"),
    ({}, CANCELLED, "gagal"),
    ({}, None, "gagal"),
    ({"kind": "api"}, None, "berlaku"),
    ({"until": today() - timedelta(days=1)}, DONE, "berakhir"),
    ({"until": today() - timedelta(days=1)}, FAILED, "berakhir"),
    ({"until": today() - timedelta(days=1), "revoked_at": now()}, DONE, "dicabut"),
    ({"revoked_at": now()}, RUNNING, "dicabut"),
    ({"kind": "api", "until": date(2020, 1, 1)}, None, "berakhir"),
]


def test_the_database_and_the_page_agree_on_every_state(office: Served):
    with office.app.state.records.session() as session:
        for said, job, _ in STATES:
            held = row(**said)
            if job is not None:
                waiting = Job(kind=PACKAGE, state=job, by="sari")
                session.add(waiting)
                session.flush()
                held.job_id = waiting.id
            session.add(held)
    with office.app.state.records.session() as session:
        told = session.execute(
            handovers().where(Handover.by == "keadaan").add_columns(state_in_table())
        ).all()
        found = [(Handed(held, job).state, state) for held, job, state in reversed(told)]
        assert found == [(state, state) for _, _, state in STATES]
        for wanted in MARKS:
            page = read_log(session, LogFilter(state=wanted, by="keadaan"), 1)
            assert {handed.state for handed in page.handed} == {wanted}
            assert page.total == len(page.handed) == sum(state == wanted for _, _, state in STATES)


def test_a_package_is_ordered_and_all_that_was_seen_is_kept(office: Served):
    number, token = decided(office)
    _, shown, seen = looked_at(office)
    assert token == ""
    with office.app.state.records.session() as session:
        handed = find(session, number)
        held, job = handed.held, handed.job
        assert (held.run, held.run_created) == (shown.id, str(shown.manifest["created"]))
        assert held.told == told_of(seen)
        assert held.households == seen.households > 0
        assert (job.kind, job.asked) == (PACKAGE, {"handover": number})
        (line,) = trail_of(session, held)
    assert (line.action, line.subject, line.households) == ("bagikan", subject_of(held), held.households)
    assert (line.reason, line.run) == (held.purpose, held.run)


def test_a_token_is_told_once_and_opens_until_it_is_revoked(office: Served):
    records = office.app.state.records
    number, token = decided(office, bentuk="api")
    assert find_token(records, token).id == number
    with records.session() as session:
        assert token not in repr(vars(session.get(Handover, number)))
        assert token not in "".join(f"{line.subject}{line.reason}" for line in session.scalars(select(Entry)))
    with records.session() as session:
        revoke(session, PLANNER, office.app.state.settings, number)
    assert find_token(records, token) is None


def test_a_token_opens_nothing_after_its_last_day(office: Served):
    records = office.app.state.records
    number, token = decided(office, bentuk="api")
    with records.session() as session:
        session.get(Handover, number).until = today() - timedelta(days=1)
    assert find_token(records, token) is None


def test_a_form_sent_twice_hands_over_once_and_by_two_people_twice(office: Served):
    first, token = decided(office, once="abc", bentuk="api")
    again, second = decided(office, once="abc", bentuk="api")
    assert (again, bool(token), second) == (first, True, "")
    assert decided(office, ADMIN, once="abc")[0] != first
    assert decided(office, once="lain")[0] != first


def test_the_mark_changes_with_all_that_is_seen(office: Served):
    others: tuple[dict[str, object], ...] = (
        {},
        {"tingkat": "publik"},
        {"format": ["csv"]},
        {"keperluan": "keperluan yang lain"},
        {"untuk": "umum", "tingkat": "publik"},
    )
    marks = {mark_of(*looked_at(office, **said)) for said in others}
    assert len(marks) == 5
    assert mark_of(*looked_at(office)) == mark_of(*looked_at(office))


def test_a_package_is_taken_by_those_who_share_and_by_its_agency_alone(office: Served):
    settings, records = office.app.state.settings, office.app.state.records
    number, _ = decided(office)
    with records.session() as session, pytest.raises(NoRun, match="masih disiapkan"):
        take(session, PLANNER, settings, find(session, number))
    made(office, number)
    with records.session() as session:
        assert take(session, PLANNER, settings, find(session, number)).read_bytes() == b"zip"
        assert take(session, AGENCY, settings, find_received(session, AGENCY, number)).is_file()
        other = person("lain", "", "opd", (), recipient="kunjung")
        nobody = person("lepas", "", "opd", ())
        for stranger in (other, nobody):
            assert received(session, stranger) == []
            with pytest.raises(NoRun, match="tidak ada di antara"):
                find_received(session, stranger, number)
        with pytest.raises(NotAllowed):
            received(session, PLANNER)
    with records.session() as session:
        assert session.get(Handover, number).taken == 2
        lines = trail_of(session, session.get(Handover, number))
        told = [(line.action, line.user, line.role) for line in reversed(lines)]
    assert told == [
        ("bagikan", "perencana", "perencana"), ("ambil", "perencana", "perencana"), ("ambil", "opd", "opd"),
    ]  # fmt: skip


def test_an_agency_sees_what_it_got_by_any_of_its_recipes(office: Served):
    number, _ = decided(office, untuk="simperum")
    other, _ = decided(office, untuk="dinkes")
    records = office.app.state.records
    with records.session() as session:
        theirs = {handed.held.id for handed in received(session, AGENCY)}
        assert (number in theirs, other in theirs) == (True, False)
        assert find_received(session, AGENCY, number).held.recipient == "simperum"
        assert number in {held.id for held in answerable(session, AGENCY)}
        assert find_handover(session, AGENCY, number).id == number
        with pytest.raises(NoRun):
            find_handover(session, AGENCY, other)


def test_only_accounts_that_can_come_in_are_counted(office: Served):
    office.add("pindah", "opd", recipient="perkim")
    with office.app.state.records.session() as session:
        assert (accounts_of(session, "perkim"), accounts_of(session, "dinkes")) == (2, 0)
        set_disabled(session, find_user(session, "pindah"), disabled=True)
        assert accounts_of(session, "perkim") == 1


def test_another_agency_is_another_mark(office: Served):
    asked, shown, seen = looked_at(office, untuk="simperum")
    moved = replace(asked, recipe=replace(asked.recipe, agency="pupr"))
    assert mark_of(asked, shown, seen) != mark_of(moved, shown, seen)


def test_names_are_taken_by_few(office: Served):
    number, _ = decided(office)
    made(office, number)
    records, settings = office.app.state.records, office.app.state.settings
    with records.session() as session:
        session.get(Handover, number).level = "petugas"
    with records.session() as session:
        with pytest.raises(NotAllowed):
            take(session, PLANNER, settings, find(session, number))
        assert take(session, ADMIN, settings, find(session, number)).is_file()
        assert take(session, AGENCY, settings, find_received(session, AGENCY, number)).is_file()


def test_what_is_revoked_is_gone_at_once_and_once(office: Served):
    settings, records = office.app.state.settings, office.app.state.records
    number, _ = decided(office)
    made(office, number)
    for who in (PLANNER, ADMIN):
        with records.session(alone=True) as session:
            revoke(session, who, settings, number)
    with records.session() as session:
        handed = find(session, number)
        assert (handed.state, handed.held.revoked_by) == ("dicabut", "perencana")
        assert not package_path(settings, handed.held).exists()
        with pytest.raises(NoRun, match="sudah dicabut"):
            take(session, AGENCY, settings, handed)
        assert [line.action for line in trail_of(session, handed.held)] == ["cabut", "bagikan"]


def test_who_may_not_share_revokes_nothing(office: Served):
    number, _ = decided(office)
    with office.app.state.records.session() as session, pytest.raises(NotAllowed):
        revoke(session, AGENCY, office.app.state.settings, number)


def test_a_package_that_waits_is_not_made_any_more_when_revoked(office: Served):
    number, _ = decided(office)
    with office.app.state.records.session() as session:
        revoke(session, PLANNER, office.app.state.settings, number)
    with office.app.state.records.session() as session:
        assert find(session, number).job.state == CANCELLED


def test_what_could_not_be_made_is_made_again_and_nothing_else(office: Served):
    number, _ = decided(office)
    with office.app.state.records.session() as session:
        with pytest.raises(NotAllowed, match="gagal"):
            make_again(session, PLANNER, number)
        find(session, number).job.state = FAILED
    with office.app.state.records.session() as session:
        assert find(session, number).state == "gagal"
        assert make_again(session, PLANNER, number).held.id == number
    with office.app.state.records.session() as session:
        assert find(session, number).state == "disiapkan"


@pytest.mark.parametrize("number", [0, -1, 999999, 2**40])
def test_a_number_that_is_not_there(office: Served, number: int):
    with office.app.state.records.session() as session:
        for look in (lambda: find(session, number), lambda: find_received(session, AGENCY, number)):
            with pytest.raises(NoRun):
                look()


def test_the_table_of_the_log_is_plain_text(office: Served):
    number, _ = decided(office, ADMIN, keperluan="=HYPERLINK(1) perbaikan rumah")
    with office.app.state.records.session() as session:
        cells = next(read_table(session, LogFilter(recipient="perkim", by="admin")))
        assert recipients_in(session)["perkim"]
    assert cells[0] == str(number)
    assert cells[2].startswith("'=HYPERLINK")
    assert cells[4] == "opd"
