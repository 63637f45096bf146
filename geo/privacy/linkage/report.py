"""What the attackers found, held against chance, in words."""

from dataclasses import dataclass

from scipy.stats import poisson

SURE = 1e-4
"""An attack that by luck alone finds more than the limit does so once in so many tests."""


@dataclass(frozen=True)
class Attack:
    """One way of looking, and what came of it.

    Attributes
    ----------
    name
        What was done (Indonesian).
    tried, found
        What was claimed or looked at, and how much of it was right or told of few.
    expected
        What chance alone would find.
    limit
        More than this is not chance.
    worst
        The worst single case (Indonesian); empty for none.
    """

    name: str
    tried: int
    found: int
    expected: float
    limit: float
    worst: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether no more was found than chance would."""
        return self.found <= self.limit


def by_chance(name: str, tried: int, found: int, expected: float, worst: str = "") -> Attack:
    """Return an attack of which so many claims are right by chance.

    Examples
    --------
    >>> by_chance("posisi", 600, 104, 100.0).passed, by_chance("posisi", 600, 180, 100.0).passed
    (True, False)
    """
    return Attack(name, tried, found, expected, float(poisson.isf(SURE, expected)) if tried else 0.0, worst)


def by_none(name: str, tried: int, found: int, worst: str = "") -> Attack:
    """Return an attack that must find nothing."""
    return Attack(name, tried, found, 0.0, 0.0, worst)


@dataclass(frozen=True)
class LinkageReport:
    """All attacks on one product.

    Attributes
    ----------
    title
        Of the product (Indonesian).
    attacks
        In the order in which they were tried.
    notes
        What no test finds, and whoever hands it on must know (Indonesian).
    """

    title: str
    attacks: tuple[Attack, ...]
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether nobody was found above chance, and no number told of few."""
        return all(attack.passed for attack in self.attacks)

    @property
    def verdict(self) -> str:
        """Say in a sentence what came of it (Indonesian)."""
        failed = [attack.name for attack in self.attacks if not attack.passed]
        if failed:
            return f"TIDAK LULUS: {'; '.join(failed)}. Jangan serahkan data ini."
        return "LULUS: tidak ada cara yang menemukan orang lebih sering daripada menebak."

    def lines(self) -> list[str]:
        """Return the report as lines of text (Indonesian).

        Examples
        --------
        >>> for line in LinkageReport("Terbatas", (by_chance("titik terdekat", 600, 104, 100.0),)).lines():
        ...     print(line)
        Uji keterkaitan: Terbatas
        - titik terdekat: dicoba 600, kena 104, menebak saja 100,0 (batas 139): lulus
        LULUS: tidak ada cara yang menemukan orang lebih sering daripada menebak.
        """
        return [f"Uji keterkaitan: {self.title}", *map(_line, self.attacks), self.verdict, *self.notes]


def _line(attack: Attack) -> str:
    expected = f"{attack.expected:.1f}".replace(".", ",")
    said = f"- {attack.name}: dicoba {attack.tried}, kena {attack.found}, menebak saja {expected}"
    said += f" (batas {attack.limit:.0f}): {'lulus' if attack.passed else 'TIDAK LULUS'}"
    return f"{said}. {attack.worst}" if attack.worst else said
