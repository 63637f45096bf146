"""The forms in which people write the answer to a coded question: its code, its words, or both."""

import re

from geo.columns.code_lists import Question, plain

_CODE = re.compile(r"(?:kode ?)?[\[(]?0*([0-9]{1,3})(?:[.,]0+)?[\])]?(?:[\s.):=_|/–—-]+([^0-9]*))?")
_CODE_LAST = re.compile(r"([^0-9]+?)[\s:=_|–—-]*[\[(]?0*([0-9]{1,3})[\])]?")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_DENIED = re.compile(r"\b(?:bukan|tidak|tdk|tak|belum|dulu|bekas|rencana)\b")


def find_code(question: Question, word: str) -> int | None:
    """Return the code that an answer states beyond doubt; nothing where it may be two codes, or none.

    Parameters
    ----------
    question
        What the codes are.
    word
        The answer in small letters, single spaces between its words.

    Examples
    --------
    >>> from geo.columns.code_lists import read_code_list
    >>> floor = read_code_list().questions["jenis_lantai"]
    >>> [find_code(floor, word) for word in ("[8] tanah", "papan/kayu", "semen (retak)", "keramik/granit", "3 keramik")]
    [8, 5, 6, None, None]
    """
    code = question.words.get(plain(word))
    for read in (_numbered, _in_parts, _before_brackets):
        code = read(question, word) if code is None else code
    return code


def _numbered(question: Question, word: str) -> int | None:
    """Read a code, alone or beside words that do not gainsay it, as «[8] Tanah»; «3 keramik», which is 2, is none."""
    if (found := _CODE.fullmatch(word)) and int(found[1]) in question.labels:
        stated, words = int(found[1]), found[2] or ""
        code = _in_parts(question, words)
        code = _named(question, plain(words)) if code is None else code
        return stated if code in {None, stated} else None
    # a number after words is more often a count than a code: the words must be the answer by themselves
    if found := _CODE_LAST.fullmatch(word):
        return int(found[2]) if question.words.get(plain(found[1])) == int(found[2]) else None
    return None


def _in_parts(question: Question, word: str) -> int | None:
    """Read «kayu/papan», whose parts are each an answer and all the same one; «seng/asbes» is two answers."""
    codes = {question.words.get(plain(part)) for part in word.split("/")}
    return codes.pop() if "/" in word and len(codes) == 1 else None


def _before_brackets(question: Question, word: str) -> int | None:
    """Read «air permukaan (sungai, danau)»: what stands in brackets may explain the answer, not deny or change it."""
    inside = " ".join(_BRACKETS.findall(word))
    if not inside or _DENIED.search(inside) or re.search(r"[0-9]", inside):
        return None
    outside = _BRACKETS.sub(" ", word)
    code = question.words.get(plain(outside)) or _in_parts(question, outside)
    return code if _named(question, plain(inside)) in {None, code} else None


def _named(question: Question, words: str) -> int | None:
    """Return the code of the longest answer of the list that stands, whole, in the words."""
    inside = [known for known in question.words if f" {known} " in f" {words} "]
    return question.words[max(inside, key=len)] if inside else None
