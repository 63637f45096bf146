"""How the command line speaks of its own use: the words of the library under it, in Indonesian."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

WRONG_USE = 2
"""Exit code of a command that cannot be understood."""

# typer exports these two and keeps what they are made from to itself
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
_AnyContext: Any = typer.Context.__mro__[1]

_HEADINGS = {"Options": "Pilihan", "Arguments": "Argumen", "Commands": "Perintah"}
_KIND = re.compile(r" <[a-z ]+>")
_HELP = (
    (re.compile(r"\brequired\]"), "wajib]"),
    (re.compile(r"(?<=[\[ ])default: (?=[^\[]*\]$)"), "bawaan: "),
    (re.compile(r"(?<=[\[ ])env var: (?=[^\[]*\]$)"), "variabel lingkungan: "),
    (re.compile(r"^Show this message and exit\.$"), "Tampilkan bantuan ini."),
)
_FAULTS = (
    (r"Input should be a valid integer.*", "harus bilangan bulat"),
    (r"Input should be a valid number.*", "harus angka"),
    (r"Input should be (?:greater than or equal to|at least) (?P<given>.+)", "paling kecil {given}"),
    (r"Input should be (?:less than or equal to|at most) (?P<given>.+)", "paling besar {given}"),
    (r"Option '?(?P<given>[^' ]+)'? requires an argument\.?", "pilihan {given} harus diikuti nilainya"),
    (r"Option '?(?P<given>[^' ]+)'? does not take a value\.?", "pilihan {given} tidak memakai nilai"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<given>.+)\)\.?", "ada kata yang berlebih: {given}"),
    (r"No such option:? '?(?P<given>[^. ']+)'?\.?.*", "pilihan {given} tidak ada"),
    (r"No such command '?(?P<given>.+?)'?\..*", "perintah {given} tidak ada"),
    (r"Missing command\.", "perintahnya belum disebut"),
)


@contextmanager
def told_in_indonesian() -> Iterator[None]:
    """Tell a command that cannot be understood in one line, and leave with :data:`WRONG_USE`."""
    try:
        yield
    except _UsageError as fault:
        if type(fault).__name__ == "NoArgsIsHelpError":  # help that was not asked for is no fault
            raise
        context: Any = getattr(fault, "ctx", None)
        path = context.command_path if context else "peta"
        typer.echo(f"Galat: {_sentence(fault)}. Cara pakainya: {path} --help", err=True)
        raise typer.Exit(WRONG_USE) from fault


def _sentence(fault: Any) -> str:  # noqa: ANN401  -- the type is private to typer
    parameter, hint = getattr(fault, "param", None), _hint(fault)
    if type(fault).__name__ == "MissingParameter":
        kind = "argumen" if getattr(parameter, "param_type_name", "") == "argument" else "pilihan"
        return f"{kind} {hint} belum diisi".replace("  ", " ")
    near = ", ".join(getattr(fault, "possibilities", None) or ())
    said = _translated(str(getattr(fault, "message", "")))
    sentence = f"{hint}: {said}" if hint else said
    return sentence.rstrip(".") + (f"; mungkin maksudnya {near}" if near else "")


def _hint(fault: Any) -> str:  # noqa: ANN401
    """Name the option or argument that a fault is about, as the user writes it."""
    given, parameter = getattr(fault, "param_hint", None), getattr(fault, "param", None)
    if given:
        return given if isinstance(given, str) else " / ".join(given)
    if parameter is None:
        return ""
    longest = max(parameter.opts, key=len)
    return longest if longest.startswith("-") else str(parameter.metavar or longest.upper())


def _translated(message: str) -> str:
    for pattern, words in _FAULTS:
        if found := re.fullmatch(pattern, message, flags=re.DOTALL):
            return words.format(**found.groupdict())
    return "nilainya tidak dapat dipakai" if message.startswith("Input should") else message


class _Help(_AnyContext.formatter_class):  # type: ignore[misc]  # the class is private to typer
    """The pages of help with Indonesian headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        words = args.replace("[OPTIONS]", "[PILIHAN]").replace("COMMAND [ARGS]...", "PERINTAH ...")
        super().write_usage(prog, words, prefix or "Cara pakai: ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a part."""
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Any, *widths: Any, **more: Any) -> None:  # noqa: ANN401
        """Write options or commands, each with what it is for."""
        super().write_dl([(_KIND.sub("", first), _helped(second)) for first, second in rows], *widths, **more)


def _helped(words: str) -> str:
    for pattern, put in _HELP:
        words = pattern.sub(put, words)
    return words


def speak_indonesian() -> None:
    """Let every page of help have Indonesian headings."""
    _AnyContext.formatter_class = _Help
