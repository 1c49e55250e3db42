"""`GET /healthz` and `GET /readyz`. Neither is traced."""

from fastapi import APIRouter

from gutenberg_explorer.api.schemas import Health

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Alive")
async def healthz() -> Health:
    """Return 200 as long as the process answers."""
    return Health(status="ok")


@router.get("/readyz", summary="Ready")
async def readyz() -> Health:
    """Return 200 once the index is open; before that the port does not answer at all."""
    return Health(status="ok")
