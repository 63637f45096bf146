"""The name by which a browser asks for this server, when it is one."""

import re

_WELL_FORMED = re.compile(
    r"(?P<name>[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
)


def host_name(header: str) -> str:
    """Return the name of a ``Host`` header without its port; empty when it is anything but a name and a port.

    What is let through may stand in a policy: it holds no space, no semicolon and nothing before an ``@``.

    Examples
    --------
    >>> [host_name(header) for header in ("Peta.contoh.id:8000", "[::1]:80", "localhost")]
    ['peta.contoh.id', '::1', 'localhost']
    >>> [host_name(header) for header in ("a; script-src *@localhost", "localhost:80;x", "[", "")]
    ['', '', '', '']
    """
    found = _WELL_FORMED.fullmatch(header)
    return found["name"].strip("[]").lower() if found else ""
