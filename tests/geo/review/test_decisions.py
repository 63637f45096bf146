"""Decisions: nothing is lost, the last word counts, and a damaged line is named."""

import json
import multiprocessing
import os
import stat
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geo.errors import NotWritable, ReviewError
from geo.review.decisions import (
    Decision,
    in_force,
    learned,
    make_decision,
    masked,
    one_line,
    read_decisions,
    record,
    take_back,
)

ITEM = "n0123456789ab"
KEYS = {"desa": "muara lorr", "kecamatan": "pesisir raya"}


def decide(action: str = "accept", item: str = ITEM, **more: object) -> Decision:
    kode = {"kode_desa": "99.01.01.2001"} if action == "accept" else {}
    parts = {"kind": "nama", "keys": KEYS, "who": "peninjau", "why": "menurut peta desa", **kode, **more}
    return make_decision(item=item, action=action, **parts)


def test_what_is_written_is_read_again(tmp_path: Path):
    path = tmp_path / "folder baru" / "keputusan.jsonl"
    assert read_decisions(path) == {} == read_decisions(None)
    first, second = decide(), decide("reject", "kfedcba987654", kind="kode")
    record(path, lambda _: first)
    record(path, lambda held: second if held == {ITEM: first} else decide())
    assert read_decisions(path) == {second.item: second, ITEM: first}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0])["keys"] == KEYS


def test_the_last_word_counts_and_undo_takes_back_one():
    words = [decide(), decide("reject"), decide("undo"), decide("undo"), decide("undo"), decide("reject")]
    held = [in_force(words[:many]).get(ITEM) for many in range(1, 7)]
    assert [word and word.action for word in held] == ["accept", "reject", "accept", None, None, "reject"]


def test_undo_needs_something_to_take_back(tmp_path: Path):
    path = tmp_path / "keputusan.jsonl"
    record(path, lambda _: decide())
    before = path.read_bytes()
    for item in ("", "n9", "t0123456789ab"):
        with pytest.raises(ReviewError, match="Tidak ada keputusan"):
            record(path, lambda held, item=item: take_back(held, item, "peninjau", "keliru"))
    assert path.read_bytes() == before
    record(path, lambda held: take_back(held, "n01", "peninjau", "keliru"))
    assert read_decisions(path) == {}


@pytest.mark.parametrize(
    "line",
    ["{", '{"item": 1}', "<<<<<<< HEAD", '"\\ud800"', "\x00", "[]", decide().model_dump_json().replace("nama", "kode")],
)  # fmt: skip
def test_a_damaged_line_is_named_and_nothing_is_added(tmp_path: Path, line):
    path = tmp_path / "keputusan.jsonl"
    path.write_text(f"{decide().model_dump_json()}\r\n\n{line}\n", encoding="utf-8")
    before = path.read_bytes()
    for use in (lambda: read_decisions(path), lambda: record(path, lambda _: decide())):
        with pytest.raises(ReviewError, match="baris 3"):
            use()
    assert path.read_bytes() == before
    path.write_bytes(b"\xff\xfe{}\n")
    with pytest.raises(ReviewError, match="baris 1"):
        read_decisions(path)


def test_a_line_without_its_end_is_kept(tmp_path: Path):
    path = tmp_path / "keputusan.jsonl"
    path.write_text("\ufeff" + decide().model_dump_json(), encoding="utf-8")
    record(path, lambda _: decide("reject", "kfedcba987654", kind="kode"))
    assert len(read_decisions(path)) == 2


def _many(path: Path, first: int) -> None:
    for number in range(first, first + 20):
        record(path, lambda _, number=number: decide("reject", f"n{number:012x}"))


def test_two_at_once_lose_nothing(tmp_path: Path):
    path = tmp_path / "keputusan.jsonl"
    workers = [
        multiprocessing.get_context("fork").Process(target=_many, args=(path, 100 * at)) for at in (1, 2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert len(read_decisions(path)) == 40


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch):
    path = tmp_path / "keputusan.jsonl"
    record(path, lambda _: decide())
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritable, match="ruang disk habis"):
        record(path, lambda _: decide("reject"))
    assert path.read_bytes() == before
    assert not path.with_name(".keputusan.jsonl.part").exists()


@pytest.mark.parametrize(
    "parts",
    [{"who": " "}, {"why": "\n"}, {"why": "x" * 201}],
)
def test_who_and_why_are_asked_for(parts):
    with pytest.raises(ReviewError, match="--wh"):
        decide(**parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"keys": {}},
        {"kode_desa": "3326"},
        {"kode_desa": ""},
        {"item": "t0123456789ab"},
        {"keys": {"nama": "seseorang"}},
        {"keys": {"desa": "x" * 201}},
        {"action": "undo", "kode_desa": "99.01.01.2001"},
    ],
)
def test_a_decision_that_says_nothing_is_none(parts):
    with pytest.raises(ValidationError):
        Decision(**{**decide().model_dump(), **parts})


@given(st.text())
def test_one_line_is_one_line(text):
    line = one_line(text, 50)
    assert line.isprintable()
    assert len(line) <= 50
    assert one_line(line, 50) == line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Muara 3326010101900001", "Muara …"),
        ("3326 0101 0190 0001 Lor", "… Lor"),
        ("332601 010190 0001", "…"),
        ("33.26.01.010190.0001", "…"),
        ("telp. 0812-3456-7890", "telp. …"),
        ("33.26.02.2008", "33.26.02.2008"),
        ("RT 001/002, 15-01-2024 10:30, SK 470/12/2024", "RT 001/002, 15-01-2024 10:30, SK 470/12/2024"),
        ("123456789", "123456789"),
    ],
)
def test_numbers_of_persons_are_masked(text, told):
    assert masked(text) == masked(told) == told


@pytest.mark.parametrize("parts", [{"who": "Ani 081234567890"}, {"why": "menurut NIK 3326010101900001"}])
def test_who_and_why_hold_no_number_of_a_person(parts):
    with pytest.raises(ReviewError, match="NIK") as fault:
        decide(**parts)
    assert not any(sign.isdigit() for sign in str(fault.value))


def test_only_names_and_codes_of_known_desa_are_learned():
    words = in_force(
        [
            decide(),
            decide("reject", "nbbbbbbbbbbbb"),
            decide(item="ncccccccccccc", kode_desa="12.34.56.7890"),
            decide(item="ldddddddddddd", kind="luar"),
            decide(item="teeeeeeeeeeee", kind="titik", keys={}),
        ]
    )
    table = learned(words, ["99.01.01.2001"])
    assert table.columns.tolist() == ["kode", "desa", "kecamatan", "kode_desa"]
    assert table["desa"].tolist() == ["muara lorr"] * 2
    assert table["kode_desa"].fillna("").tolist() == ["99.01.01.2001", ""]
    assert isinstance(learned({}, []), pd.DataFrame)
