"""Kinds of noise in the code of a desa, on a draft."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from geo.evaluation.drafts import ABROAD, BROKEN, Apply
from geo.evaluation.ground import Ground
from geo.evaluation.spelling import pick


def _digits(ground: Ground, place: np.ndarray, column: str) -> list[str]:
    return ["".join(filter(str.isdigit, str(code))) for code in ground.names(place, column)]


def _thinner(draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Leave out the kecamatan of some rows (strength 2), or both names (strength 3): the code must carry them."""
    some = rng.random(len(draft)) < (strength - 1) * 0.25
    places = ("kecamatan", "kec_said", "desa", "name_said", "shortened", "alamat")
    left_out = places if strength == 3 else places[:2]  # noqa: PLR2004  -- the heaviest
    return draft.assign(**{name: draft[name].mask(some, "") for name in left_out})


def _coded(column: str, *forms: str) -> Apply:
    """Write the right code; ``{c}`` is ten digits, ``{k}`` with dots, ``{p}`` in blocks, ``{f}`` as a float."""

    def apply(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
        place = draft["place"].to_numpy()
        digits = _digits(ground, place, column)
        kept = np.array([len(code) == 10 for code in digits])  # noqa: PLR2004  -- ten digits, by law
        cells = [
            pick(forms, strength, rng).format(
                c=code, k=f"{code[:2]}.{code[2:4]}.{code[4:6]}.{code[6:]}",
                p=f"{code[:2]} {code[2:4]} {code[4:6]} {code[6:]}",
                b=f"{code[:2]}.{code[2:4]}.{code[4:7]}.{code[7:]}",
            )
            for code, keep in zip(digits, kept, strict=True) if keep
        ]  # fmt: skip
        return draft[kept].assign(kode=cells, code_said=place[kept])

    return apply


def _alone(code: Apply) -> Apply:
    def apply(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
        return _thinner(code(ground, draft, strength, rng), strength, rng)

    return apply


def other_desa(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Write the code of another desa: of the same kecamatan when the hand is light."""
    place = draft["place"].to_numpy()
    near = place + np.where(rng.random(place.size) < 0.5, 1, -1)  # noqa: PLR2004  -- the row above or below in the list
    far = (place + rng.integers(1, len(ground.desa), place.size)) % len(ground.desa)
    other = np.where(strength == 1, np.clip(near, 0, len(ground.desa) - 1), far)
    other = np.where(other == place, (place + 1) % len(ground.desa), other)
    named = (draft["name_said"] != "").to_numpy() & (draft["shortened"] == "").to_numpy()
    return draft.assign(kode=ground.names(other, "kode_desa"), code_said=other)[named]


_LOSSES: tuple[Callable[[str], str], ...] = (
    lambda code: code[:-1], lambda code: code[:-2], lambda code: code[:6], lambda code: code[4:],
    lambda code: f"{code[0]},{code[1:3]}E+09", lambda code: code[:9] + "#",
)  # fmt: skip


def lost_digits(ground: Ground, draft: pd.DataFrame, strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Lose digits: the last ones, the province, or to the display of Excel; at strength 3 often with no name."""
    cells = [_LOSSES[int(rng.integers(2 * strength))](code)
             for code in _digits(ground, draft["place"].to_numpy(), "kode_desa")]  # fmt: skip
    return _thinner(draft.assign(kode=cells, code_said=BROKEN), strength, rng)


def mistyped(ground: Ground, draft: pd.DataFrame, _strength: int, rng: np.random.Generator) -> pd.DataFrame:
    """Type one digit of the code wrongly; now and then that is the code of another desa."""
    codes = ground.desa["kode_desa"].tolist()
    cells = []
    for code in ground.names(draft["place"].to_numpy(), "kode_desa"):
        at = int(rng.choice([at for at, sign in enumerate(code) if sign.isdigit()]))
        cells.append(f"{code[:at]}{(int(code[at]) + int(rng.integers(1, 10))) % 10}{code[at + 1 :]}")
    abroad = np.array([not code.startswith(codes[0][:5]) for code in cells])
    said = pd.Index(codes).get_indexer(cells)
    return draft.assign(kode=cells, code_said=np.where(said >= 0, said, np.where(abroad, ABROAD, BROKEN)))


_KEMENDAGRI = _coded("kode_desa", "{k}", " {k} ", "{k}", "'{k}", "{k}.")
_UNDOTTED = _coded("kode_desa", "{c}")
_BPS = _coded("kode_bps", "{c}")
CODES: Mapping[str, Apply] = {
    "kemendagri": _alone(_KEMENDAGRI),
    "kemendagri_undotted": _alone(_UNDOTTED),
    "kemendagri_damaged": _alone(
        _coded("kode_desa", "{c}.0", "{p}", "{k}", "{c},0", "'{c}", "{c}.00", "{c} ")
    ),
    "bps": _alone(_BPS),
    "bps_damaged": _alone(_coded("kode_bps", "{c}.0", "'{c}", "{b}", "{c},0")),
    "code_of_other": other_desa,
    "code_lost_digits": lost_digits,
    "code_mistyped": mistyped,
}
"""Kinds by name; a sheet keeps to one scheme, so those of one kind stand in a sheet together."""
