"""`docs/errors.md`: what the API's errors say."""

from gutenberg_explorer.api.problem_types import KNOWN

_HEAD = """\
# Errors

Generated from `src/gutenberg_explorer/api/problem_types.py` by `make generate`.

Every error of the API is a problem document (RFC 9457), `application/problem+json`, except those of
the [OTLP receiver](#otlp):

```json
{
  "type": "/docs#empty-query",
  "title": "The query is empty",
  "status": 400,
  "detail": "q: type one word or more to search for.",
  "trace_id": "5b8efff798038103d269b633813fc60c"
}
```

`type` is for programs. It does not change, and links to its description at `/docs`. `title` and
`detail` are English sentences that may change. `trace_id` is present if the request is traced.
Below `/api` the document also has `errors`, in the format of Jaeger's query API: see
[the API for traces](api.md).

| type | status | meaning |
|---|---|---|
"""
_TAIL = """
All other errors have the type `about:blank`, which means that the status says enough:

| status | meaning |
|---|---|
| 400 | a request that is not valid HTTP/1.1; the connection is closed |
| 403, 404, 405 | a path or a method that is not served |
| 414, 431 | a URL or headers that are too large |
| 421 | a host that is not allowed |
| 500 | an unexpected error; the log has the details |
| 502, 503, 504 | a search that is not available at the moment |

The page has its own texts for the errors that a reader can get, in each language. It selects them
by type, or else by status. For other errors it shows the server's sentence.

## OTLP

Errors under `/v1/` are a `google.rpc.Status`, as the OTLP specification asks: with the content type
`application/x-protobuf` if the request had it, and else as `application/json`:

```json
{ "code": 8, "message": "the body is larger than 20971520 bytes" }
```

`code` is a `google.rpc.Code`, and `message` is an English sentence for a developer. Exporters look
at the HTTP status: after 429, 502, 503 and 504 they may send the request again, and `Retry-After`
says when.

| status | meaning |
|---|---|
| 400 | the body can't be decoded |
| 403 | the sender may not send spans to this server |
| 408, 413, 415 | the body is too slow, too large, or of another type or encoding |
| 429 | requests arrive too fast |
| 503 | the trace store is not available, or too many spans wait |

A request that is accepted in part has the status 200. `partialSuccess` counts the rejected spans,
and its message gives the reasons. The message also says what was changed, such as a name that was
clipped, even if no span was rejected.
"""


def page() -> str:
    """Return `docs/errors.md`."""
    rows = [f"| `{kind}` | {kind.status} | {kind.meaning} |\n" for kind in KNOWN]
    return _HEAD + "".join(rows) + _TAIL
