"""Columns as text of XML: the one door through which text from the sheet enters KML and GPX."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.exports.values import flat_array

_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "&#13;"))


def escaped(text: str) -> str:
    """Write a text as it stands in an element or an attribute.

    Examples
    --------
    >>> escaped('<b>"R&D"')
    '&lt;b&gt;&quot;R&amp;D&quot;'
    """
    for letter, entity in _ENTITIES:
        text = text.replace(letter, entity)
    return text


def xml_texts(column: pd.Series) -> pa.Array:
    """Write each value of a column of :func:`geo.exports.values.typed` as text of XML; missing stays missing.

    Examples
    --------
    >>> xml_texts(pd.Series(["a<b", None], dtype="str")).to_pylist()
    ['a&lt;b', None]
    >>> xml_texts(pd.Series([True, None], dtype="boolean")).to_pylist()
    ['1', None]
    """
    array = flat_array(column)
    if pa.types.is_timestamp(array.type):
        return array.cast(pa.date32()).cast(pa.string())
    if pa.types.is_boolean(array.type):
        return array.cast(pa.int8()).cast(pa.string())
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return array.cast(pa.string())
    coded = pc.dictionary_encode(array)  # each distinct text is looked at once
    words = coded.dictionary
    for letter, entity in _ENTITIES:
        words = pc.replace_substring(words, letter, entity)
    return pc.take(words.cast(pa.string()), coded.indices)
