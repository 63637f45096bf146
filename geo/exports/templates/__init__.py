"""Templates of what explains a package; every text in them is escaped, and rid of signs that no file should hold."""

import re
from functools import cache
from pathlib import Path

import jinja2

from geo.symbology import long_date, number

_UNFIT = re.compile(
    "[^\t\n\r\u0020-\u007e\u00a0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
"""What XML does not take, and what turns the direction of writing."""


@cache
def template(name: str) -> jinja2.Template:
    """Return a template of this folder."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=fit,
    )
    environment.filters |= {"long_date": long_date, "number": number, "bytes": size_text}
    return environment.get_template(name)


def fit(value: object) -> object:
    r"""Put a blank for every sign that a text from a sheet may bring and no document should hold.

    Examples
    --------
    >>> fit("Wono\x00kerto\u202e"), fit(3)
    ('Wono kerto ', 3)
    """
    return _UNFIT.sub(" ", value) if type(value) is str else value


def size_text(size: int) -> str:
    """Return a size as people say it.

    Examples
    --------
    >>> size_text(900), size_text(45_600), size_text(12_345_678)
    ('1 kB', '46 kB', '12,3 MB')
    """
    kilo, mega = 1_000, 1_000_000
    return f"{number(size / mega, 1)} MB" if size >= mega else f"{number(max(1, round(size / kilo)))} kB"
