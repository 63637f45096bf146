"""Invented households and land cover on any boundaries, for tests, benchmarks and the demonstration."""

from geo.sample.register import SEED, Sample, make_sample
from geo.sample.writing import write_sample

__all__ = ["SEED", "Sample", "make_sample", "write_sample"]
