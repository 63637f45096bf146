"""How the web shows a fault: one table from kinds of error to HTTP status, and one small page."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from app.rendering import page
from geo.errors import NoRun, NotAllowed, PetaError

STATUS: dict[type[PetaError], int] = {NoRun: 404, NotAllowed: 403}
"""Status of each kind; any other is a fault of what was asked, 400."""

WORDS = {
    400: "Permintaan ini tidak dapat dipahami.",
    403: "Permintaan ini ditolak.",
    404: "Halaman atau berkas itu tidak ada di sini.",
    405: "Halaman ini hanya dapat dibaca.",
    413: "Isian ini terlalu panjang. Kirim sebagian demi sebagian.",
}


class SignInFirst(Exception):
    """Nobody is signed in, or the first password is still to be changed."""

    def __init__(self, *, change: bool = False) -> None:
        super().__init__()
        self.change = change


def fault_page(request: Request, status: int, message: str) -> Response:
    """Return the page that says what went wrong; a script gets the same as JSON."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"galat": message}, status_code=status)
    return page(request, "fault.html", {"message": message}, status=status)


async def send_to_sign_in(request: Request, fault: Exception) -> Response:
    """Lead to the page of signing in, and from there back."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"galat": "Anda sudah keluar. Masuk lagi, lalu ulangi."}, status_code=401)
    if isinstance(fault, SignInFirst) and fault.change:
        return RedirectResponse("/kata-sandi", 303)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = asked if request.method in {"GET", "HEAD"} and asked != "/" else ""
    return RedirectResponse(f"/masuk?ke={quote(back, safe='')}" if back else "/masuk", 303)


async def show_error(request: Request, fault: Exception) -> Response:
    """Answer a known fault with its own message."""
    status = next((code for kind, code in STATUS.items() if isinstance(fault, kind)), 400)
    return fault_page(request, status, str(fault))


async def show_refusal(request: Request, fault: Exception) -> Response:
    """Answer what the framework refuses (no such page, no such method) in the user's language."""
    status = fault.status_code if isinstance(fault, HTTPException) else 400
    answer = fault_page(request, status, WORDS.get(status, WORDS[400]))
    if isinstance(fault, HTTPException):
        answer.headers.update(fault.headers or {})  # which methods there are, where one is not
    return answer


async def show_unfit(request: Request, _: Exception) -> Response:
    """Answer a form or an address that lacks something, or holds a word where a number belongs."""
    return fault_page(
        request, 422, "Isian atau alamat ini tidak lengkap atau salah bentuk. Kembali, lalu isi lagi."
    )


async def show_breakdown(request: Request, _: Exception) -> HTMLResponse | Response:
    """Answer a fault of the program itself without a word of what it was working on."""
    return fault_page(
        request,
        500,
        "Terjadi galat tak terduga. Muat ulang; bila terulang, beri tahu admin kapan terjadinya.",
    )
