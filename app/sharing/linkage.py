"""The linkage test of a run: what ``publik`` and ``terbatas`` would tell of it, attacked with the whole register."""

import secrets
from collections.abc import Iterator
from pathlib import Path

from geo.crs import measuring_crs
from geo.levels import Level
from geo.privacy import for_audience
from geo.privacy.linkage import LinkageReport, link
from geo.privacy.masking import mask_households
from geo.products import Scope, make_product
from geo.runs import open_run
from geo.settings import SharingSettings

LEVELS = (Level.PUBLIK, Level.TERBATAS)
_KEY_BYTES = 32


def linkage_of(run: Path, sharing: SharingSettings) -> Iterator[LinkageReport]:
    """Attack both levels of a run, as they would leave for the whole district.

    Positions are drawn with keys of this test alone, which end with it; what was handed over has another.

    Raises
    ------
    NoRun
        When there is none, or a table of it is missing or damaged.
    """
    whole = open_run(run)
    public = for_audience(whole, Level.PUBLIK)
    crs = measuring_crs(tuple(public.desa.total_bounds))
    key, other_key = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_KEY_BYTES)
    for level in LEVELS:
        product = make_product(whole, Scope(level), sharing, key=key, public=public)
        released = {name: each.table for name, each in product.collections.items()}
        truth, again = None, []
        if (rows := released.get("rumah_tangga")) is not None:
            needs = [name.removeprefix("need_") for name in rows.columns if name.startswith("need_")]
            mine, other = (
                mask_households(whole.counted, public.desa, needs, sharing.others, crs, each, public.zones)
                for each in (key, other_key)
            )
            truth, again = mine.truth, [other.table]
        yield link(
            released, whole.counted, level=level, indicators=whole.facts["indicators"], others=sharing.others,
            crs=crs, facts=product.facts, truth=truth, again=again,
        )  # fmt: skip
