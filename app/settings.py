"""Where the web application finds its runs and keeps its records, and where it may listen."""

import ipaddress
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.errors import NotAllowed

STATE = ".peta"
"""Folder beside the runs that holds what the application remembers; hidden, hence never taken for a run."""


class WebSettings(BaseSettings):
    """Read from the environment (``PETA_RUNS``, ``PETA_DATABASE`` ...) unless given.

    Attributes
    ----------
    runs
        A folder of runs, or one run.
    state
        Where uploads, secrets and the embedded database lie; ``.peta`` among the runs when not given.
    database
        Address of a database (``postgresql://user@host/name``); the embedded SQLite in ``state`` when empty.
    boundaries, settings_file, decisions
        Of the district, for runs made by upload; the defaults of ``peta assess`` when not given.
    hostnames
        Names under which other machines may ask; this machine's own are always taken.
    basemap
        A base map of the internet, off unless named: ``osm`` or ``big``.
    secure
        The pages are reached by HTTPS only, through a proxy on this machine: the cookie goes by HTTPS alone, and the
        proxy says who asks.
    upload_mb
        The largest sheet that is taken, in millions of bytes.
    uploads_most, uploads_gb
        So many uploaded sheets are kept, and so many billions of bytes of them; the oldest that no run needs go first.
    open_publik
        What is fit for everybody (level ``publik``) is told by ``/ogc`` without signing in.
    ogc_per_minute, ogc_burst
        So many requests of each caller of ``/ogc`` are answered a minute, and so many of them at once; 0 a minute for
        any number.
    worker
        Start a process for jobs that wait; off where ``python -m app.jobs.worker`` is kept running otherwise.
    """

    model_config = SettingsConfigDict(env_prefix="PETA_", frozen=True)

    runs: Path = Path("hasil")
    state: Path | None = None
    database: str = ""
    boundaries: Path | None = None
    settings_file: Path | None = None
    decisions: Path | None = None
    hostnames: tuple[str, ...] = ()
    basemap: Literal["", "osm", "big"] = ""
    secure: bool = False
    upload_mb: int = 200
    uploads_most: int = 60
    uploads_gb: int = 5
    open_publik: bool = False
    ogc_per_minute: int = 1_800
    ogc_burst: int = 100
    worker: bool = True

    @cached_property
    def library(self) -> Path:
        """Return the folder that holds the runs."""
        from geo.runs import is_run  # noqa: PLC0415  -- settings are read before anything heavy

        return self.runs.resolve().parent if is_run(self.runs) else self.runs

    @cached_property
    def state_folder(self) -> Path:
        """Return the folder of the application's own records."""
        return self.state or self.library / STATE

    @cached_property
    def database_url(self) -> str:
        """Return the address of the database for SQLAlchemy."""
        return self.database or f"sqlite:///{(self.state_folder / 'catatan.db').resolve()}"


def settings_of(**given: object) -> WebSettings:
    """Return the settings that were given, and what the environment says of the others.

    Examples
    --------
    >>> settings_of(runs="hasil/2026", state=None, hostnames=()).runs.as_posix()
    'hasil/2026'
    """
    return WebSettings.model_validate({name: value for name, value in given.items() if value})


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is this machine's own, out of reach of any other.

    Examples
    --------
    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "192.168.1.5", "contoh.id", "")]
    [True, True, True, False, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_https(settings: WebSettings) -> None:
    """Refuse names for other machines where no proxy for HTTPS is said to stand before the pages.

    Without one passwords would travel in the open, and everybody would seem to come from this machine, so that a
    stranger's wrong passwords counted against all.

    Raises
    ------
    NotAllowed
        With the way out.

    Examples
    --------
    >>> require_https(WebSettings(hostnames=("peta.contoh.id",), secure=True))
    >>> require_https(WebSettings(hostnames=("peta.contoh.id",)))
    Traceback (most recent call last):
    ...
    geo.errors.NotAllowed: Nama peta.contoh.id dibuka dari komputer lain, jadi hanya lewat HTTPS. Jalankan...
    """
    if settings.hostnames and not settings.secure:
        raise NotAllowed(
            f"Nama {', '.join(settings.hostnames)} dibuka dari komputer lain, jadi hanya lewat HTTPS. Jalankan di "
            f"belakang peladen HTTPS di komputer ini, lalu tambahkan --proxy-https (atau PETA_SECURE=true)."
        )


def require_loopback(host: str) -> None:
    """Refuse an address that other machines can reach.

    Raises
    ------
    NotAllowed
        With the reason and the way out.

    Examples
    --------
    >>> require_loopback("127.0.0.1")
    >>> require_loopback("0.0.0.0")
    Traceback (most recent call last):
    ...
    geo.errors.NotAllowed: Alamat 0.0.0.0 dapat dibuka dari komputer lain. Data keluarga miskin hanya boleh dilayani...
    """
    if not is_loopback(host):
        raise NotAllowed(
            f"Alamat {host} dapat dibuka dari komputer lain. Data keluarga miskin hanya boleh dilayani lewat HTTPS: "
            f"pakai --host 127.0.0.1 di belakang peladen HTTPS kantor, dan sebut namanya dengan --hostname."
        )
