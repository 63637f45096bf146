"""The work of a plan in a process of its own: asked on its standard input, answered on its standard output."""

import pickle
import sys

from geo.crs import measuring_crs
from geo.errors import PetaError
from geo.visits import plan_visits


def main() -> None:
    """Plan the visits that are asked for, and answer with the plan, or with the words of what is wrong."""
    # from the application itself, through a pipe of its own
    chosen, households, desa, settings = pickle.load(sys.stdin.buffer)  # noqa: S301
    try:
        answer: object = plan_visits(
            chosen, households, desa, measuring_crs(tuple(desa.total_bounds)), settings
        )
    except PetaError as fault:
        answer = str(fault)
    pickle.dump(answer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
