"""How the web shows a fault: one table from kinds of error to HTTP status, and one small page."""

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from app.rendering import templates
from geo.errors import NoRun, NotAllowed, PetaError

STATUS: dict[type[PetaError], int] = {NoRun: 404, NotAllowed: 403}
"""Status of each kind; any other is a fault of what was asked, 400."""

WORDS = {
    400: "Permintaan ini tidak dapat dipahami.",
    404: "Halaman atau berkas itu tidak ada di sini.",
    405: "Halaman ini hanya dapat dibaca.",
}


def fault_page(request: Request, status: int, message: str) -> HTMLResponse:
    """Return the page that says what went wrong."""
    return templates.TemplateResponse(request, "fault.html", {"message": message}, status_code=status)


async def show_error(request: Request, fault: Exception) -> HTMLResponse:
    """Answer a known fault with its own message."""
    status = next((code for kind, code in STATUS.items() if isinstance(fault, kind)), 400)
    return fault_page(request, status, str(fault))


async def show_refusal(request: Request, fault: Exception) -> HTMLResponse:
    """Answer what the framework refuses (no such page, no such method) in the user's language."""
    status = fault.status_code if isinstance(fault, HTTPException) else 400
    return fault_page(request, status, WORDS.get(status, WORDS[400]))


async def show_breakdown(request: Request, _: Exception) -> HTMLResponse:
    """Answer a fault of the program itself without a word of what it was working on."""
    return fault_page(
        request, 500, "Terjadi galat tak terduga. Muat ulang; bila terulang, buat ulang hasilnya."
    )
