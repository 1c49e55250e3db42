"""`GET /healthz` and `GET /readyz`. Neither is traced."""

from fastapi import APIRouter

from gutenberg_explorer.api import problems
from gutenberg_explorer.api.running import Here
from gutenberg_explorer.api.schemas import Health

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Alive")
async def healthz() -> Health:
    """Return 200 as long as the process answers."""
    return Health(status="ok")


@router.get("/readyz", summary="Ready", responses=problems.responses(503))
async def readyz(here: Here) -> Health:
    """Return 200 when the index is open. Before that, the port does not answer.

    A server that is shutting down, and still draining, answers 503.
    """
    if here.drain.has_begun:
        raise problems.Problem(503, detail="The server is shutting down.")
    return Health(status="ok")
