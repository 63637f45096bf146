"""No text sent as a filter ends or holds up the process: each is answered or refused, in a process of its own."""

import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.ogc.cql2_text import CHAINED, DEEPEST, GROUPED, LONGEST, parse
from geo.errors import SettingsError

ROOT = Path(__file__).parents[3]

OPENINGS = (
    "(", "((", "[", "f(", "CASEI(", "NOT ", "NOT (", "a IN (", "DATE(", "INTERVAL(", "BBOX(", "POINT(", "POLYGON((",
    "MULTIPOLYGON(((", "GEOMETRYCOLLECTION(", "- ", "-", "- (", "+", "1+(", "a=(", "a BETWEEN (", "a BETWEEN 1 AND (",
    "a LIKE (", "a AND (", "S_INTERSECTS(geometry,", "f(a,(", "(1,", "a^(", "a^", "x=y=", "a<", "a AND ", "a OR ", "'",
    '"', "\\", "''", "a.", "é", "\u202e", "\U0001f600", "a=1 AND ", "1e", ".",
)  # fmt: skip
INNARDS = ("a b", "", "%", "a=1", "POINT(1 2", "1,", "\0", "NULL", "1e999")


def _hostile() -> list[str]:
    closing = {"(": ")", "[": "]"}
    texts = []
    for opening in OPENINGS:
        close = "".join(closing[letter] for letter in reversed(opening) if letter in closing)
        for times in (1, 4, 8, 16, 20, 60, 400, 1_999):
            for inner in INNARDS:
                texts += [opening * times + inner, opening * times + inner + close * times]
    chance = random.Random(8)  # noqa: S311  -- the same texts each time
    letters = [
        *OPENINGS,
        *INNARDS,
        ")",
        "]",
        ",",
        " ",
        "desil",
        "nama",
        "geometry",
        "=",
        "<>",
        "LIKE",
        "IS NULL",
        "1",
        "'x'",
    ]
    texts += [f"{opening}desil = 1{opening and ')'}" for opening in ("", "(", "NOT (")] * 10
    texts += ["".join(chance.choices(letters, k=chance.randint(1, 40))) for _ in range(3_000)]
    return [text for text in texts if len(text) < 5 * LONGEST]


def test_hostile_texts_are_answered_or_refused(tmp_path):
    """A thread with a small stack reads them, as some systems give their threads no more."""
    texts = tmp_path / "teks.py"
    texts.write_text(f"TEXTS = {_hostile()!r}", "utf-8")
    program = f"""
        import sys, threading
        sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]
        from teks import TEXTS
        from app.ogc.filtering import read_filter
        from geo.errors import SettingsError
        from tests.app.ogc.things import things
        told = []
        def read():
            one = things()
            for number, text in enumerate(TEXTS):
                try:
                    read_filter(text, "", "", one)
                    told.append("dijawab")
                except SettingsError:
                    told.append("ditolak")
                except BaseException as fault:
                    print("GALAT", number, repr(text)[:300], repr(fault)[:200], flush=True)
        threading.stack_size(512 * 1024)
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
        print(len(told), told.count("dijawab") > 20)
    """
    done = subprocess.run(  # noqa: S603  -- our own program
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)],
        capture_output=True, text=True, timeout=250, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout[-2_000:], done.stderr[-500:])
    assert done.stdout.split() == [str(len(_hostile())), "True"], done.stdout[-2_000:]


@pytest.mark.parametrize(
    "text",
    [
        "x" * (LONGEST + 1),
        "(" * (GROUPED + 1) + "a = 1" + ")" * (GROUPED + 1),
        "(" * 25 + "a = 1",
        "NOT " * (DEEPEST + 1) + "a",
        "a = " + "- " * (DEEPEST + 1) + "1",
        "f(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1) + " = 1",
        "a" + " = a" * (CHAINED + 1),
        "a = '\0'",
    ],
)
def test_what_could_harm_the_parser_does_not_reach_it(text, monkeypatch):
    monkeypatch.setattr("cql2.parse_text", lambda _: pytest.fail("parsed"))
    with pytest.raises(SettingsError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * GROUPED + "desil = 1" + ")" * GROUPED,
        "NOT " * DEEPEST + "rtlh",
        " AND ".join(["desil = 1"] * (CHAINED // 2)),
        "kode IN (" + ",".join(["'33.26.01.2001'"] * 110) + ")",
        "nama = '" + "((((((((((NOT NOT" * 5 + "'",
    ],
)
def test_what_an_office_asks_is_let_through(text):
    assert parse(text)
