"""Desa and kecamatan that are hidden with the small ones, so that no sum of the others gives these away."""

import numpy as np

from geo.suppression.counts import SMALLEST, Units, lacking, smallest


def hide_desa(units: Units, hidden_kecamatan: np.ndarray) -> None:
    """Hide desa of each published kecamatan until the hidden ones hold five together of all that is secret."""
    sums, secrets = np.zeros((2, len(hidden_kecamatan) + 1, units.cells.shape[1]))
    np.add.at(sums, units.place[units.hidden], units.cells[units.hidden])
    np.add.at(secrets, units.place[units.hidden], units.secret[units.hidden])
    short = (sums < SMALLEST) & (secrets > 0)
    for place in np.flatnonzero(short[:-1].any(axis=1) & ~hidden_kecamatan):
        hidden_kecamatan[place] |= not complete(units, units.place == place)


def complete(units: Units, inside: np.ndarray) -> bool:
    """Hide desa inside a published sum until the hidden ones hold five together; tell whether they do."""
    for category in range(units.cells.shape[1]):
        pool = inside & units.hidden
        if category in lacking(units.cells[pool], units.secret[pool]):
            # a published count is none or five and more: one that holds some is enough
            partner = units.partner(category, inside)
            units.hidden[partner] = True
            if not partner.size:
                return False
    return True


def hide_kecamatan(units: Units, in_kecamatan: np.ndarray, hidden_kecamatan: np.ndarray) -> None:
    """Hide kecamatan, and desa in hidden ones, until what the district leaves of the others holds five as well."""
    while True:
        inside = np.append(hidden_kecamatan, True)[units.place]
        pool = inside & units.hidden
        short = lacking(units.cells[pool], units.secret[pool])
        if not short.size:
            return
        partner = units.partner(int(short[0]), inside)
        if partner.size:
            units.hidden[partner] = True
            continue
        kecamatan = smallest(in_kecamatan, int(short[0]), ~hidden_kecamatan)
        if not kecamatan.size:
            return
        hidden_kecamatan[kecamatan] = True
