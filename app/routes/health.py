"""Whether the server lives."""

from fastapi import APIRouter

from geo import __version__

router = APIRouter()


@router.get("/healthz")
def health() -> dict[str, str]:
    """Say that the server lives; nothing of what it shows."""
    return {"status": "ok", "version": __version__}
