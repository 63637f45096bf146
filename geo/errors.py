"""Every way the data can be wrong, as one tree.

    PetaError                   says what was given and what to do, in the user's language
    ├── SheetError              the household spreadsheet cannot be used
    │   ├── EmptySheet              it holds no household
    │   ├── UnreadableSheet         it is no spreadsheet that can be read
    │   ├── EncryptedSheet          it needs a password, or another one
    │   ├── UnknownSheet            the workbook has no sheet of that name
    │   └── UnknownColumns          its columns are not understood, or ask for a choice
    ├── BoundaryError           the boundaries cannot be used
    │   ├── UnreadableBoundaries    it is no vector file that can be read, or holds no polygon
    │   ├── MissingCrs              a file does not say where on earth it lies
    │   ├── UnknownSchema           the columns of codes and names are not recognised
    │   ├── UnmatchedBoundaries     polygons that belong to no known desa
    │   ├── OtherDistrict           the file shows another district
    │   └── DownloadFailed          the public file did not arrive whole
    ├── LayerError              a file behind a layer cannot be used
    │   ├── OutsideDistrict         it does not cover the district
    │   └── UnknownClasses          its classes are not those of its scheme
    ├── SettingsError           the settings file asks for something that does not exist
    ├── ReviewError             a decision about a place in doubt cannot be read or taken
    ├── RunError                a run cannot be written or opened
    │   ├── NotWritable             the folder or the disk does not take it
    │   └── NoRun                   there is no run to open
    └── NotAllowed              refused for the safety of personal data

Messages are for the user: good Bahasa Indonesia, and never a name, a NIK or an address from the sheet.
"""

import errno

_CAUSES = {
    errno.ENOENT: "berkas atau foldernya tidak ada",
    errno.ENOTDIR: "bagian dari jalurnya bukan folder",
    errno.EISDIR: "itu folder, bukan berkas",
    errno.EEXIST: "sudah ada sesuatu dengan nama itu",
    errno.EACCES: "tidak ada izin",
    errno.EPERM: "tidak ada izin",
    errno.EROFS: "disk hanya dapat dibaca",
    errno.ENOSPC: "ruang disk habis",
    errno.EDQUOT: "jatah disk habis",
    errno.EFBIG: "berkasnya terlalu besar untuk disk itu",
    errno.EIO: "disk melaporkan kerusakan",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
}


class PetaError(Exception):
    """A fault that the user can do something about; ``str()`` is the whole message."""


class SheetError(PetaError):
    """The household spreadsheet cannot be used."""


class EmptySheet(SheetError):
    """The spreadsheet holds no household."""


class UnreadableSheet(SheetError):
    """The file is no spreadsheet that can be read."""


class EncryptedSheet(SheetError):
    """The spreadsheet needs a password, or another one than was given."""


class UnknownSheet(SheetError):
    """The workbook has no sheet of the name that was asked for."""


class UnknownColumns(SheetError):
    """The columns are not understood, or two of them claim one meaning."""


class BoundaryError(PetaError):
    """The boundaries cannot be used."""


class UnreadableBoundaries(BoundaryError):
    """The file is no vector file that can be read, or holds no polygon."""


class MissingCrs(BoundaryError):
    """A file does not say where on earth it lies."""


class UnknownSchema(BoundaryError):
    """The columns of codes and names are not recognised."""


class UnmatchedBoundaries(BoundaryError):
    """Some polygons belong to no known desa."""


class OtherDistrict(BoundaryError):
    """The file shows another district."""


class DownloadFailed(BoundaryError):
    """The public file did not arrive whole."""


class LayerError(PetaError):
    """A file behind a layer cannot be used."""


class OutsideDistrict(LayerError):
    """The file does not cover the district."""


class UnknownClasses(LayerError):
    """The classes are not those of the scheme."""


class SettingsError(PetaError):
    """The settings file asks for something that does not exist."""


class ReviewError(PetaError):
    """A decision about a place in doubt cannot be read or taken."""


class RunError(PetaError):
    """A run cannot be written or opened."""


class NotWritable(RunError):
    """The folder or the disk does not take the run."""


class NoRun(RunError):
    """There is no run to open."""


class NotAllowed(PetaError):
    """Refused for the safety of personal data."""


def cause_of(fault: OSError) -> str:
    """Say in the user's language why the system refused a file.

    Examples
    --------
    >>> cause_of(FileNotFoundError(2, "No such file or directory"))
    'berkas atau foldernya tidak ada'
    """
    return _CAUSES.get(fault.errno or 0, f"sistem menolaknya (galat nomor {fault.errno})")
