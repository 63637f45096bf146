"""The trail: who saw, printed, downloaded or changed household data, when and why."""

from sqlalchemy.orm import Session

from app.access.roles import Person
from app.records.tables import Entry, User
from geo.review.decisions import masked, one_line

LONGEST = 300


def leave(
    session: Session,
    who: Person,
    action: str,
    subject: str = "",
    *,
    households: int | None = None,
    reason: str = "",
    run: str = "",
) -> None:
    """Write one line of the trail; it stands or falls with the transaction of what it tells.

    Parameters
    ----------
    action
        A word of :data:`ACTIONS`.
    subject
        What it was about: a kode_desa, the name of a file, of a list, of an account. Never a name or address; numbers
        that may be a person's are masked, here and in the reason.
    households
        How many households were seen, where that can be said.
    """
    session.add(
        Entry(
            user=who.name,
            role=str(who.role),
            action=action,
            subject=_fit(subject),
            households=households,
            reason=_fit(reason),
            run=run,
        )
    )


def leave_admitted(session: Session, who: Person, address: str) -> None:
    """Write that somebody signed in, and from where."""
    session.add(Entry(user=who.name, role=str(who.role), action="masuk", subject=one_line(address, LONGEST)))


def leave_refused(session: Session, user: User | None, address: str) -> None:
    """Write that somebody failed to sign in; a name that is no account is not told, as it may be a password."""
    name, role = (user.name, user.role) if user else ("", "")
    session.add(Entry(user=name, role=role, action="gagal-masuk", subject=one_line(address, LONGEST)))


def _fit(text: str) -> str:
    """Return a text as a line may hold it: people write the number of a person into names and reasons."""
    return one_line(masked(one_line(text, 4 * LONGEST)), LONGEST)


ACTIONS = {
    "masuk": "Masuk",
    "keluar": "Keluar",
    "gagal-masuk": "Gagal masuk",
    "kata-sandi": "Mengganti kata sandi",
    "lihat": "Melihat rumah tangga",
    "cetak": "Mencetak",
    "unduh": "Mengunduh",
    "daftar": "Menyusun daftar",
    "kunjungan": "Menyusun kunjungan",
    "hasil": "Mencatat hasil kunjungan",
    "bagikan": "Membagikan data",
    "cabut": "Mencabut pembagian data",
    "ambil": "Mengambil data yang dibagikan",
    "kembali": "Memasukkan hasil dari OPD",
    "unggah": "Mengunggah lembar",
    "tinjau": "Memutuskan tempat",
    "olah": "Mengolah lembar",
    "terbit": "Menerbitkan hasil",
    "buang": "Membuang hasil",
    "pengguna": "Mengatur pengguna",
}
"""What the trail tells of, and how it is called."""
