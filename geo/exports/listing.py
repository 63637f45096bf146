"""A file of a package, as its lists tell it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Listed:
    """A file in the folder of a package.

    Attributes
    ----------
    path
        From that folder, with slashes.
    size, sha256
        Of its bytes.
    format, collection
        Ids, where it is data; the collection is empty when it holds several, or goes with another file.
    """

    path: str
    size: int
    sha256: str
    format: str = ""
    collection: str = ""
