"""What a check found, and how much it looked at: a law that was never tried is not kept."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

SHOWN = 12


@dataclass
class Findings:
    """Faults by law, and how many things each law was tried on."""

    tried: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    worst: dict[str, float] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    def law(self, name: str, *, tried: int = 1, faults: list[str] | None = None, worst: float = 0.0) -> None:
        """Add what came of trying a law; ``worst`` is the largest deviation seen."""
        self.tried[name] += tried
        self.faults[name].extend(faults or [])
        self.worst[name] = max(self.worst.get(name, 0.0), worst)

    def kept(self, laws: tuple[str, ...] = ()) -> bool:
        """Say whether nothing is wrong and every one of some laws was tried."""
        return not any(self.faults.values()) and all(self.tried[law] for law in laws)

    def report(self) -> str:
        """Return a line a law, and the first faults of each."""
        lines = []
        for law, tried in self.tried.items():
            faults = self.faults[law]
            worst = f", worst {self.worst[law]:.3g}" if self.worst[law] else ""
            lines.append(
                f"{'FAIL' if faults else 'ok  '} {law}: {len(faults)} faults in {tried:,} tried{worst}"
            )
            lines.extend(f"       {fault}" for fault in faults[:SHOWN])
            if len(faults) > SHOWN:
                lines.append(f"       ... and {len(faults) - SHOWN} more")
        lines.extend(f"note {what}: {count:,}" for what, count in self.told.items())
        return "\n".join(lines)
