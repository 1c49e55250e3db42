"""`docs/errors.md`: what the API's errors say."""

from gutenberg_explorer.api.problem_types import KNOWN

_HEAD = """\
# Errors

Generated from `src/gutenberg_explorer/api/problem_types.py` by `make generate`.

Every error of the API is a problem document (RFC 9457), `application/problem+json`:

```json
{
  "type": "/docs#empty-query",
  "title": "The query is empty",
  "status": 400,
  "detail": "q: type one word or more to search for.",
  "trace_id": "5b8efff798038103d269b633813fc60c"
}
```

`type` is for programs: it stays as it is, and leads to its description at `/docs`. `title` and
`detail` are English sentences, and may change. `trace_id` is there where the request is traced.

| type | status | meaning |
|---|---|---|
"""
_TAIL = """
All else has the type `about:blank`, which says that the status tells enough: 403, 404 and 405 for
addresses and methods that are not served, 408, 413 and 415 for spans that can't be taken, 414 and
431 for an address or headers that are too large, 421 for a host that is not allowed, 429 for spans
that come too fast, 500 for what is in the log, 502, 503 and 504 for a search that does not answer
just now.

The page has words of its own for what a person can meet, in each language, by type or else by
status. What it does not know it shows in the server's words.
"""


def page() -> str:
    """Return `docs/errors.md`."""
    rows = [f"| `{kind}` | {kind.status} | {kind.meaning} |\n" for kind in KNOWN]
    return _HEAD + "".join(rows) + _TAIL
