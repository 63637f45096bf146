"""The one door through which text from tables enters the page, and words that only the page needs."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

LONGEST = 400
# control characters, line and paragraph separators, marks that turn the reading direction, lone surrogates
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
# HTML's five, and what template literals and template engines act upon
_ACTIVE = str.maketrans({sign: f"&#{ord(sign)};" for sign in "&<>\"'`${}\\"})


def escape(value: object) -> Markup:
    r"""Return any value as text that is inert in HTML, attributes, template literals and Jinja.

    Missing values become empty text; text longer than 400 characters is cut.

    Examples
    --------
    >>> print(escape("<b>`${x}`</b>"))
    &#60;b&#62;&#96;&#36;&#123;x&#125;&#96;&#60;/b&#62;
    >>> print(escape(None), escape("Wira\u202edesa"))
     Wira desa
    """
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return Markup()
    text = _UNSEEN.sub(" ", str(value)).strip()
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    return Markup(text.translate(_ACTIVE))  # noqa: S704 - this is the door that makes it safe


def embed(data: Mapping[str, Any]) -> str:
    r"""Write data as JSON that may stand inside a script element.

    Examples
    --------
    >>> embed({"a": "</script><!--"})
    '{"a":"\\u003c/script>\\u003c!--"}'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
