"""What people decided about places in doubt: a file that travels with the district, one line a decision."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from geo.errors import NotWritable, ReviewError, cause_of

DECISIONS = "keputusan.jsonl"
"""Name of the file inside a district's folder."""

KINDS = ("nama", "kode", "luar", "titik")
"""What is in doubt: a name, a code, a row that names another kabupaten, a point that speaks against its desa."""

LONGEST_REASON = 200
MASK = "…"
"""Stands where a text held the number of a person."""

_LONGEST_KEY = 200
_KEYS = ("kode", "desa", "kecamatan", "kabupaten")
_PERSONAL = re.compile(r"\d(?:[.'-]?\d){9,}|\d{8} \d{8}|\d{4,6}(?: \d{4,6}){2,}")
_KODE_DESA = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}")


def one_line(text: str, longest: int = LONGEST_REASON) -> str:
    r"""Reduce a text that may come from anywhere to what one line of a terminal can show.

    Examples
    --------
    >>> one_line("Wono\x1b[31mkerto\u202e \n Kulon", 30)
    'Wono [31mkerto Kulon'
    """
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * longest])
    return " ".join(shown.split())[:longest].strip()


def masked(text: str) -> str:
    """Put an ellipsis for every number long enough to be a person's: ten digits or more, together or in groups.

    A code of a desa in the form of Kemendagri stays.

    Examples
    --------
    >>> masked("Muara 3326010101900001 Lor"), masked("33.26.02.2008 atau 0812-3456-7890"), masked("3326 0101 0190 0001")
    ('Muara … Lor', '33.26.02.2008 atau …', '…')
    """
    return _PERSONAL.sub(lambda found: found[0] if _KODE_DESA.fullmatch(found[0]) else MASK, text)


class Decision(BaseModel):
    """One word about one item of the review queue.

    Attributes
    ----------
    item
        Key of the item, see :func:`geo.review.item_keys`.
    kind
        One of :data:`KINDS`.
    action
        ``accept`` a desa, ``reject`` every candidate, or ``undo`` the last word about the item.
    kode_desa
        The desa that is accepted, else empty.
    keys
        Normalised ``kode``, ``desa``, ``kecamatan``, ``kabupaten`` of the stated place; empty for a point.
    written
        The same as one of the rows writes it, for the reader; empty for a point.
    who, when, why
        Who decided, when (ISO 8601), and the reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str = Field(pattern=r"^[nklt][0-9a-f]{12}$")
    kind: Literal["nama", "kode", "luar", "titik"]
    action: Literal["accept", "reject", "undo"]
    kode_desa: str = Field(default="", pattern=r"^(?:[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4})?$")
    keys: dict[str, str] = {}
    written: dict[str, str] = {}
    who: str = Field(min_length=1, max_length=LONGEST_REASON)
    when: str
    why: str = Field(min_length=1, max_length=LONGEST_REASON)

    @field_validator("keys", "written")
    @classmethod
    def _short(cls, value: dict[str, str]) -> dict[str, str]:
        if not set(value) <= set(_KEYS) or any(len(text) > _LONGEST_KEY for text in value.values()):
            raise ValueError("tempat yang tertulis tidak benar")
        return value

    @field_validator("when")
    @classmethod
    def _moment(cls, value: str) -> str:
        return datetime.fromisoformat(value).isoformat()

    @field_validator("who", "why")
    @classmethod
    def _line(cls, value: str) -> str:
        if one_line(value) != value:
            raise ValueError("harus satu baris tanpa tanda kendali")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.action == "accept") != bool(self.kode_desa):
            raise ValueError("kode_desa diisi pada accept saja")
        if self.item[0] != self.kind[0]:
            raise ValueError("butir dan jenisnya tidak cocok")
        if self.action != "undo" and self.kind != "titik" and not any(self.keys.values()):
            raise ValueError("tempat yang diputuskan tidak disebut")
        return self


def read_decisions(path: Path | None) -> dict[str, Decision]:
    """Read the decisions that hold: for each item the last word that was not taken back; none without a file.

    Raises
    ------
    ReviewError
        When the file cannot be read or a line of it is damaged, with the number of the line.
    """
    return in_force(_history(path, _content(path))) if path is not None else {}


def in_force(history: Iterable[Decision]) -> dict[str, Decision]:
    """Return the decision that holds for each item, in the order of the items' keys."""
    standing: dict[str, list[Decision]] = {}
    for decision in history:
        words = standing.setdefault(decision.item, [])
        if decision.action != "undo":
            words.append(decision)
        elif words:
            words.pop()
    return {item: words[-1] for item, words in sorted(standing.items()) if words}


def record(path: Path, decide: Callable[[Mapping[str, Decision]], Decision]) -> Decision:
    """Add one decision to the file; nothing is lost when the process is killed or two of them write at once.

    Parameters
    ----------
    path
        The file; it is made when it does not exist.
    decide
        Makes the decision from those that hold at that moment; what it raises leaves the file as it was.

    Raises
    ------
    ReviewError
        When a line of the file is damaged.
    NotWritable
        When the folder or the disk does not take it.
    """
    path = path.resolve()
    try:
        with _locked(path):
            content = _content(path)
            decision = decide(in_force(_history(path, content)))
            line = decision.model_dump_json(exclude_defaults=True).encode()
            _replace(
                path, content + (b"" if content.endswith(b"\n") or not content else b"\n") + line + b"\n"
            )
    except OSError as fault:
        raise NotWritable(f"Keputusan tidak dapat disimpan di {path}: {cause_of(fault)}.") from fault
    return decision


def take_back(decisions: Mapping[str, Decision], item: str, who: str, why: str) -> Decision:
    """Return the decision that takes back the last word about an item (its key, or a beginning that is unique).

    Raises
    ------
    ReviewError
        When nothing was decided about it, or the reason is missing.
    """
    held = [key for key in decisions if key.startswith(item)] if item else []
    if len(held) != 1:
        raise ReviewError(f"Tidak ada keputusan tentang butir «{one_line(item, 20)}» yang dapat ditarik.")
    return make_decision(item=held[0], kind=decisions[held[0]].kind, action="undo", who=who, why=why)


def make_decision(**parts: Any) -> Decision:  # noqa: ANN401  -- the fields of a decision
    """Return a decision of this moment.

    Raises
    ------
    ReviewError
        When who or why is missing.
    """
    who, why = (one_line(parts.pop(name), LONGEST_REASON + 1) for name in ("who", "why"))
    for words, title, option in ((who, "Nama pemutus", "--who"), (why, "Alasan", "--why")):
        if not 0 < len(words) <= LONGEST_REASON:
            raise ReviewError(f"{title} harus diisi, paling panjang {LONGEST_REASON} huruf ({option}).")
        if masked(words) != words:
            raise ReviewError(
                f"{title} memuat nomor panjang seperti NIK, KK, atau telepon. Berkas keputusan disalin ke komputer "
                f"lain dan tidak boleh memuat data orang: tulis tanpa nomor itu ({option})."
            )
    return Decision(**parts, who=who, why=why, when=datetime.now().astimezone().isoformat(timespec="seconds"))


def learned(decisions: Mapping[str, Decision], known: Iterable[str]) -> pd.DataFrame:
    """Return what was decided about names and codes, for the gazetteer.

    Decisions about rows of another kabupaten are not among them: what «Sukamaju» of a neighbour means must not
    teach what «Sukamaju» means here. Nor are those for a desa that is not ``known`` (any more).

    Returns
    -------
    pandas.DataFrame
        Text columns ``kode``, ``desa``, ``kecamatan`` (normalised), ``kode_desa`` (missing: none fits).
    """
    codes = set(known)
    rows = [
        {**{name: decision.keys.get(name, "") for name in _KEYS[:3]}, "kode_desa": decision.kode_desa or None}
        for decision in decisions.values()
        if decision.kind in {"nama", "kode"} and (decision.action == "reject" or decision.kode_desa in codes)
    ]
    return pd.DataFrame(rows, columns=[*_KEYS[:3], "kode_desa"], dtype="str")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as fault:
        raise ReviewError(f"Berkas keputusan {path} tidak dapat dibaca: {cause_of(fault)}.") from fault


def _history(path: Path, content: bytes) -> list[Decision]:
    found = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(Decision.model_validate_json(line))
        except (ValidationError, ValueError) as fault:
            raise ReviewError(
                f"Berkas keputusan {path} rusak pada baris {number}. Perbaiki atau hapus baris itu, atau ambil "
                f"kembali salinan yang utuh; tidak ada keputusan yang dipakai."
            ) from fault
    return found


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock beside the file; the system frees it when the process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("a") as file:
        _lock(file)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: Any) -> None:  # noqa: ANN401
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _lock(file: Any) -> None:  # noqa: ANN401
        fcntl.flock(file, fcntl.LOCK_EX)


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")  # one name is enough: the lock is held
    try:
        # readable by its owner alone, as the runs are
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
