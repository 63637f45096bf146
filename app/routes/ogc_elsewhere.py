"""Pages of other sites that ask the API: their browser asks beforehand whether it may send a token."""

from fastapi import APIRouter, Response

from app.ogc.links import ROOT

router = APIRouter(prefix=ROOT, include_in_schema=False)

_ALLOWED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
"""A token is sent by a page that has it; the cookie of a session never is, as no answer here allows that."""


@router.options("")
@router.options("/{path:path}")
def allow() -> Response:
    """Say what may be sent."""
    return Response(status_code=204, headers=_ALLOWED)
