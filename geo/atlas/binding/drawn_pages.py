"""What pages hold, put away on disk as it is drawn: a PDF of streams alone, from which a book is made."""

import zlib
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

import pikepdf

_PRESSURE = 4  # of zlib: a third of the time of its default, a tenth more bytes


class DrawnPages:
    """Content streams in a nameless temporary file, which is gone however the program ends.

    pikepdf reads streams of other documents into memory, those of the document itself only while it writes them:
    hence a file that becomes the book.

    Parameters
    ----------
    folder
        On a disk that has room for a book.
    """

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  -- closed with this object
        self._starts: list[int] = []
        self._file.write(b"%PDF-1.7\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, content: bytes) -> None:
        """Put away what the next page holds."""
        data = zlib.compress(content, _PRESSURE)
        head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(data)
        self._add(b"%b%b\nendstream" % (head, data))

    def open(self) -> pikepdf.Pdf:
        """Open the document without pages whose ``Root.Drawn`` are the streams; nothing may be put away any more."""
        streams = b" ".join(b"%d 0 R" % (place + 1) for place in range(len(self._starts)))
        self._add(b"<< /Type /Pages /Kids [] /Count 0 >>")
        self._add(b"<< /Type /Catalog /Pages %d 0 R /Drawn [%b] >>" % (len(self._starts), streams))
        table, size = self._file.tell(), len(self._starts) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        self._file.write(b"".join(b"%010d 00000 n \n" % start for start in self._starts))
        self._file.write(
            b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, size - 1, table)
        )
        self._file.seek(0)
        return pikepdf.open(self._file, access_mode=pikepdf.AccessMode.stream)

    def _add(self, body: bytes) -> None:
        self._starts.append(self._file.tell())
        self._file.write(b"%d 0 obj\n%b\nendobj\n" % (len(self._starts), body))
