"""`GET /api/trace-links`: where else traces can be looked at, also when none are kept here."""

from fastapi import APIRouter

from gutenberg_explorer.api.running import Here
from gutenberg_explorer.api.schemas import TraceLink, TraceLinks

router = APIRouter(prefix="/api", tags=["traces"])


@router.get("/trace-links", summary="Links to other trace tools")
def list_trace_links(here: Here) -> TraceLinks:
    """Return the places that `GUTENBERG_EXPLORER_TRACE_LINKS` names."""
    links = here.backend.settings.trace_links
    return TraceLinks(links=[TraceLink(name=name, url=url) for name, url in links])
