"""The list of addresses for programmers, for admins alone: it tells every door of the application."""

import base64
import hashlib
import re

from fastapi import APIRouter, Depends, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import JSONResponse, Response

from app.access.roles import Permission
from app.dependencies import allowed

router = APIRouter(include_in_schema=False, dependencies=[Depends(allowed(Permission.MANAGE_USERS))])

FILES = "/static-offline-docs"
"""Where the scripts and styles of the page are served from."""

_SCHEMA = "/openapi.json"
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@router.get("/docs")
def docs(request: Request) -> Response:
    """Show the addresses."""
    return described(request.app.title, _SCHEMA)


def described(title: str, schema: str) -> Response:
    """Return a page that shows a description by OpenAPI; the one script inside the page is named by its content.

    Parameters
    ----------
    schema
        Address of the description, on this server.
    """
    answer = get_swagger_ui_html(
        openapi_url=schema,
        title=title,
        swagger_js_url=f"{FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{FILES}/swagger-ui.css",
        swagger_favicon_url=f"{FILES}/favicon.png",
    )
    scripts = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
        for text in _INLINE.findall(bytes(answer.body))
    )
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return answer


@router.get(_SCHEMA)
def schema(request: Request) -> JSONResponse:
    """Return the addresses as OpenAPI."""
    return JSONResponse(request.app.openapi())
