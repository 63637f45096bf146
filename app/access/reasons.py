"""A reason for taking data of households out of the server: asked for, and fit for the trail."""

from geo.errors import SettingsError
from geo.review.decisions import masked, one_line

FEWEST_LETTERS = 10


def stated_reason(text: str) -> str:
    """Return a reason as the trail keeps it: one line, without numbers of persons.

    Raises
    ------
    SettingsError
        When it is too short to be one.

    Examples
    --------
    >>> stated_reason("membetulkan  baris 3326010101900001")
    'membetulkan baris …'
    >>> stated_reason("data 2026-05-04 !!")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: Sebut keperluannya dengan jelas, paling sedikit 10 huruf; keperluan itu dicatat di jejak.
    """
    line = masked(one_line(text))
    if sum(sign.isalpha() for sign in line) < FEWEST_LETTERS:
        raise SettingsError(
            f"Sebut keperluannya dengan jelas, paling sedikit {FEWEST_LETTERS} huruf; keperluan itu dicatat di jejak."
        )
    return line
