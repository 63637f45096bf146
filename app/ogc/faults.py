"""What is wrong with a request, and how the API says so: a code, and a text that helps (OGC API, exception schema)."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from app.errors import STATUS
from app.ogc.negotiation import prefers_html
from app.rendering import page
from geo.errors import PetaError

CODES = {
    400: "InvalidParameterValue",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    406: "NotAcceptable",
    429: "TooManyRequests",
}


_READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Crs, ETag, Retry-After",
}
"""Pages of other sites may read an answer that their token opens; the cookie of a session they cannot send."""


class Refusal(PetaError):
    """A request that is not answered, with its status and what the answer's headers say."""

    def __init__(self, text: str, status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.headers = headers or {}


def refused(request: Request, fault: PetaError) -> Response:
    """Return what the caller reads: JSON, or a page for whoever wants pages."""
    status = (
        fault.status
        if isinstance(fault, Refusal)
        else next((code for kind, code in STATUS.items() if isinstance(fault, kind)), 400)
    )
    answer: Response
    if status != 401 and prefers_html(request):  # noqa: PLR2004  -- programs are told how to present a token
        answer = page(request, "fault.html", {"message": str(fault)}, status=status)
    else:
        told = {"code": CODES.get(status, CODES[400]), "description": str(fault)}
        answer = JSONResponse(told, status_code=status)
    if isinstance(fault, Refusal):
        answer.headers.update(fault.headers)
    return answer


class ApiRoute(APIRoute):
    """A route of the API: its faults are told as the standard wants, not as the pages tell theirs."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with its faults answered."""
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                found = await answer(request)
            except PetaError as fault:
                found = refused(request, fault)
            found.headers.update(_READABLE)
            return found

        return guarded
