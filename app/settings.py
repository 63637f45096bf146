"""Where the web application finds its runs, and where it may listen."""

import ipaddress
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.errors import NotAllowed


class WebSettings(BaseSettings):
    """Read from the environment (``PETA_RUNS``) unless given."""

    model_config = SettingsConfigDict(env_prefix="PETA_", frozen=True)

    runs: Path = Path("hasil")


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


def require_loopback(host: str) -> None:
    """Refuse any address that other machines can reach, for as long as there are no users to ask for.

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
    geo.errors.NotAllowed: Alamat 0.0.0.0 dapat dibuka dari komputer lain, sedangkan belum ada pengguna dan kata...
    """
    if not is_loopback(host):
        raise NotAllowed(
            f"Alamat {host} dapat dibuka dari komputer lain, sedangkan belum ada pengguna dan kata sandi. "
            f"Data keluarga miskin hanya boleh dibuka di komputer ini: pakai --host 127.0.0.1."
        )
