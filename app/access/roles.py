"""The one place that says who may do and see what: for pages, tiles, downloads and filters alike."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from geo.errors import NotAllowed


class Permission(StrEnum):
    """One thing that a role may do; the value is how a refusal names it."""

    SEE_AREAS = "melihat angka wilayah"
    SEE_HOUSEHOLDS = "melihat rumah tangga"
    SEE_NAMES = "melihat nama dan alamat"
    CHOOSE = "menyusun daftar sasaran"
    PLAN_VISITS = "menyusun kunjungan"
    ENTER_OUTCOMES = "mencatat hasil kunjungan"
    PRINT = "mencetak buku peta"
    MANAGE_DATA = "mengunggah dan menerbitkan data"
    CORRECT_SHEET = "menerima baris bernama dan ber-NIK untuk diperbaiki"
    DOWNLOAD_RUN = "mengunduh hasil"
    SHARE = "membagikan data kepada instansi lain"
    SHARE_NAMES = "membagikan nama dan alamat"
    RECEIVE = "menerima data yang dibagikan"
    MANAGE_USERS = "mengatur pengguna"
    READ_TRAIL = "membaca jejak"


class Role(StrEnum):
    """What somebody is in the district."""

    PERENCANA = "perencana"
    PETUGAS = "petugas"
    OPD = "opd"
    PIMPINAN = "pimpinan"
    ADMIN = "admin"


_P = Permission
_PLANNER = frozenset({
    _P.SEE_AREAS, _P.SEE_HOUSEHOLDS, _P.CHOOSE, _P.PLAN_VISITS, _P.ENTER_OUTCOMES, _P.PRINT, _P.MANAGE_DATA,
    _P.DOWNLOAD_RUN, _P.SHARE,
})  # fmt: skip

ROLES: dict[Role, frozenset[Permission]] = {
    Role.PERENCANA: _PLANNER,
    Role.PETUGAS: frozenset({_P.SEE_AREAS, _P.SEE_HOUSEHOLDS, _P.SEE_NAMES, _P.ENTER_OUTCOMES, _P.PRINT}),
    Role.OPD: frozenset({_P.RECEIVE}),
    Role.PIMPINAN: frozenset({_P.SEE_AREAS}),
    Role.ADMIN: _PLANNER | {_P.SHARE_NAMES, _P.CORRECT_SHEET, _P.MANAGE_USERS, _P.READ_TRAIL},
}

ROLE_TITLES = {
    Role.PERENCANA: "Perencana: peta, rumah tangga tanpa nama dan NIK, daftar sasaran, data",
    Role.PETUGAS: "Petugas: nama dan alamat di desa tugasnya saja",
    Role.OPD: "OPD: hanya data yang dibagikan kepada instansinya",
    Role.PIMPINAN: "Pimpinan: angka wilayah saja, tanpa rumah tangga",
    Role.ADMIN: "Admin: seperti perencana, ditambah pengguna, jejak, baris ber-NIK yang perlu dibetulkan, dan "
    "pembagian nama",
}

HOUSEHOLD_FIELDS: dict[Permission, tuple[str, ...]] = {
    _P.SEE_HOUSEHOLDS: (
        "sheet_row", "kode_desa", "nama_desa", "kode_kecamatan", "nama_kecamatan", "dusun", "rt", "rw",
        "location_quality", "desil", "jumlah_art", "zone", "group", "need", "why", "severity", "rank", "chosen",
        "point",
    ),
    _P.SEE_NAMES: ("nama", "alamat", "location_note"),
}  # fmt: skip
"""Columns of households by the permission that opens them. No page shows NIK, KK or register numbers; they
leave the server in the workbooks of ``CORRECT_SHEET`` alone."""


@dataclass(frozen=True)
class Person:
    """Who asks: everything that permissions depend on.

    Attributes
    ----------
    desa
        The kode_desa that somebody is assigned to; ``None`` when the whole district is theirs.
    recipient
        Of ``opd``: the id of their agency, see :attr:`geo.recipes.Recipe.agency`; empty for none yet.
    """

    name: str
    full_name: str
    role: Role
    desa: frozenset[str] | None = None
    must_change: bool = False
    recipient: str = ""

    def may(self, permission: Permission) -> bool:
        """Tell whether they may do something."""
        return permission in ROLES[self.role]

    def require(self, permission: Permission) -> None:
        """Refuse what they may not do.

        Raises
        ------
        NotAllowed
            Naming what is not theirs.
        """
        if not self.may(permission):
            raise NotAllowed(
                f"Akun Anda ({self.role}) tidak untuk {permission}. Minta kepada admin bila ini tugas Anda."
            )

    def fields(self) -> tuple[str, ...]:
        """Return the columns of households they may see; only those may they filter and sort on."""
        return tuple(name for need, names in HOUSEHOLD_FIELDS.items() if self.may(need) for name in names)

    def require_fields(self, names: Collection[str]) -> None:
        """Refuse a filter, an order or a column that they may not see.

        Raises
        ------
        NotAllowed
            Naming the first such column.
        """
        hidden = [name for name in names if name not in self.fields()]
        if hidden:
            raise NotAllowed(
                f"Akun Anda ({self.role}) tidak boleh menyaring atau mengurutkan menurut «{hidden[0]}»."
            )

    def reaches(self, kode_desa: str) -> bool:
        """Tell whether a desa is theirs."""
        return self.desa is None or kode_desa in self.desa

    def require_desa(self, kode_desa: str) -> None:
        """Refuse a desa that is not theirs.

        Raises
        ------
        NotAllowed
            Without saying what is there.
        """
        if not self.reaches(kode_desa):
            raise NotAllowed("Desa itu bukan wilayah tugas Anda.")


def person(
    name: str,
    full_name: str,
    role: str,
    desa: Collection[str],
    *,
    must_change: bool = False,
    recipient: str = "",
) -> Person:
    """Make a person of what the records say; somebody in the field has no desa but those assigned.

    Examples
    --------
    >>> person("sari", "", "petugas", []).desa, person("budi", "", "perencana", []).desa
    (frozenset(), None)
    """
    of_role = Role(role)
    reached = frozenset(desa) if of_role is Role.PETUGAS else None
    of_agency = recipient if of_role is Role.OPD else ""
    return Person(name, full_name, of_role, reached, must_change, of_agency)
