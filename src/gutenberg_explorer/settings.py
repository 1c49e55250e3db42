"""Every setting with its documentation. `docs/settings.md` is generated from this module."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from platformdirs import user_data_path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from gutenberg_explorer.corpus import AUTO, SHELVES
from gutenberg_explorer.search import ENGINES, LOCAL

PREFIX = "GUTENBERG_EXPLORER_"


class SettingsError(ValueError):
    """A setting has an invalid value; the message names the setting and the reason."""


class TraceLink(NamedTuple):
    """Another tool that shows traces. `{trace_id}` in its URL is replaced by the trace id."""

    name: str
    url: str


_TRACE_LINK = re.compile(
    r"\s*([^=<>\x00-\x1f]{1,40}?)\s*=\s*(https?://[^\s<>\"]{0,250}\{trace_id\}[^\s<>\"]{0,250})\s*"
)
_MAX_TRACE_LINKS = 8
_ORIGIN = r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?"


def _trace_links(value: object) -> object:
    """Return the links of `NAME=URL,NAME=URL`."""
    if not isinstance(value, str):
        return value
    entries = value.split(",")
    found = [match for entry in entries if (match := _TRACE_LINK.fullmatch(entry))]
    if len(found) < len(entries) or len(entries) > _MAX_TRACE_LINKS:
        raise ValueError(
            f"expected at most {_MAX_TRACE_LINKS} comma-separated NAME=URL entries; a URL starts "
            "with http:// or https:// and contains {trace_id}"
        )
    return tuple(TraceLink(*match.groups()) for match in found)


def _shelf_pattern() -> str:
    kinds = (re.escape(kind.name) + (":.+" if kind.argument else "") for kind in SHELVES.values())
    return f"^({'|'.join([AUTO, *kinds])})$"


def _shelf_description() -> str:
    kinds = "; ".join(f"`{kind.form}`: {kind.meaning}" for kind in SHELVES.values())
    return (
        f"Which books to serve. `{AUTO}`: `nltk`, or `starter` if the download fails; {kinds}. "
        "Each shelf has an index of its own. If this is not set, `corpus`, `index build` and "
        "`search` use the library that was served last."
    )


class Settings(BaseModel):
    """The application's settings, read from `GUTENBERG_EXPLORER_…` by `from_environment`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("gutenberg-explorer"),
        description="The folder for books, indexes and the trace store.",
        json_schema_extra={"shown_default": "the platform's user data directory"},
    )
    shelf: str = Field(
        default="auto",
        pattern=_shelf_pattern(),
        description=_shelf_description(),
    )
    nltk_url: str = Field(
        default=(
            "https://raw.githubusercontent.com/nltk/nltk_data/gh-pages/"
            "packages/corpora/gutenberg.zip"
        ),
        pattern=r"^https?://",
        description="The URL from which the `nltk` shelf is downloaded.",
        json_schema_extra={"shown_default": "NLTK's data index"},
    )
    gutenberg_mirror: str = Field(
        default="https://gutenberg.pglaf.org",
        pattern=r"^(https?://.+|file://.+|([A-Za-z]:)?[^:]+)$",
        description=(
            "The source of `gutenberg:…` books: the URL of a mirror of Project Gutenberg, or a "
            "folder that contains a mirror. The default is one of its own mirrors. Its main site "
            "does not allow automated downloads."
        ),
    )
    gutenberg_pause: float = Field(
        default=2.0, ge=0, le=3600, description="The seconds between two requests to the mirror."
    )
    contact: str | None = Field(
        default=None,
        pattern=r"^[ -~]+$",
        description=(
            "How a mirror's operator can contact you, such as an email address. It is sent with "
            "the program's name and version."
        ),
        json_schema_extra={"shown_default": "none"},
    )
    build_memory: int = Field(
        default=768,
        ge=192,
        le=1024 * 1024,
        description=(
            "The memory limit for indexing, in MiB, for all its processes together, at least 192. "
            "A book whose words and text need more is reported and skipped."
        ),
    )
    allowed_hosts: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.:\[\]_*-]+(\s*,\s*[A-Za-z0-9.:\[\]_*-]+)*$",
        description=(
            "The host names that the server answers to, comma-separated and without ports, such "
            "as `books.example.org,localhost`. `*` allows any. Requests for another host are "
            "refused, except `/healthz` and `/readyz`. The page for Prometheus answers to the same "
            "names, and to IP addresses if other machines can reach it."
        ),
        json_schema_extra={
            "shown_default": (
                "`localhost,127.0.0.1,[::1]`, or `*` if `--host` is not a loopback address"
            )
        },
    )
    drain: float = Field(
        default=0.0,
        ge=0,
        le=300,
        description=(
            "How many seconds the server continues to serve after SIGTERM. During this time "
            "`/readyz` answers 503 and every response closes its connection, so that a load "
            "balancer sends requests elsewhere."
        ),
    )
    api_docs: Literal["on", "off"] = Field(
        default="on",
        description="Whether `/docs` and `/openapi.json` describe the API: `on` or `off`.",
    )
    engine: str = Field(
        default=LOCAL,
        pattern=f"^({'|'.join(map(re.escape, ENGINES))})$",
        description="Which engine searches the books. "
        + "; ".join(f"`{kind.name}`: {kind.meaning}" for kind in ENGINES.values())
        + ".",
        json_schema_extra={"choices": len(ENGINES)},
    )
    search_deadline: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description=(
            "How many seconds a search may take. A search that has not ended by then returns what "
            "it has found so far, and says so (`partial`)."
        ),
    )
    trace_store: Literal["on", "off"] | None = Field(
        default=None,
        description="Whether this server stores traces for the page's waterfall: `on` or `off`.",
        json_schema_extra={"shown_default": "`on` unless an OTLP endpoint is set"},
    )
    trace_store_max_traces: int = Field(
        default=2000, ge=1, description="The maximum number of traces in the store."
    )
    trace_store_max_bytes: int = Field(
        default=256 * 1024 * 1024,
        ge=1024 * 1024,
        description="The maximum size of the store, in bytes.",
    )
    trace_store_max_age_days: float = Field(
        default=7.0, gt=0, description="How many days the store keeps a trace."
    )
    trace_store_max_spans: int = Field(
        default=20_000,
        ge=1,
        description=(
            "The maximum number of spans of one trace. Later spans are rejected, and counted in "
            "the response and in the trace."
        ),
    )
    otlp_max_bytes: int = Field(
        default=20 * 1024 * 1024,
        ge=1024 * 1024,
        le=1024 * 1024 * 1024,
        description=(
            "The maximum size of the body of a `POST /v1/traces`, in bytes, as sent and after "
            "decompression. The default is that of the OTLP specification. A browser may send "
            "256 KiB, and 1 MiB after decompression, whatever this is. The nginx of the frontend "
            "image has the default as its own limit."
        ),
    )
    otlp_max_spans: int = Field(
        default=100_000,
        ge=1,
        description="The maximum number of spans of one request. The other spans are rejected.",
    )
    otlp_max_attributes: int = Field(
        default=1024,
        ge=1,
        description=(
            "The maximum number of attributes of a span, an event, a link, a scope or a resource, "
            "of events and of links of a span, and of elements in an array. The others are dropped "
            "and counted, where OTLP has a count."
        ),
    )
    otlp_max_value_length: int = Field(
        default=4096,
        ge=1,
        description=(
            "The maximum length of an attribute's text, in characters. Longer texts are clipped, "
            "and counted as dropped attributes."
        ),
    )
    otlp_allowed_origins: str | None = Field(
        default=None,
        pattern=rf"^{_ORIGIN}(\s*,\s*{_ORIGIN})*$",
        description=(
            "The origins whose pages may send spans to `/v1/*` (CORS), comma-separated, such as "
            "`http://localhost:5173`. Their spans may be of any service. They are stored here, and "
            "never sent to the OTLP endpoint. This is for development."
        ),
        json_schema_extra={"shown_default": "none"},
    )
    trace_links: Annotated[tuple[TraceLink, ...], BeforeValidator(_trace_links)] = Field(
        default=(),
        description=(
            "Links to other tools that show the same traces: comma-separated `NAME=URL` entries, "
            "such as `Jaeger=http://localhost:16686/trace/{trace_id}`. `{trace_id}` in a URL is "
            "replaced by the trace id. The page shows the links next to every trace."
        ),
        json_schema_extra={"shown_default": "none"},
    )
    query_text: Literal["plain", "hashed", "omitted"] = Field(
        default="plain",
        description=(
            "What traces keep of a query's text: all of it (`plain`), a hash that is the same for "
            "equal queries (`hashed`), or nothing (`omitted`)."
        ),
    )
    metrics_address: str | None = Field(
        default=None,
        pattern=r"^([^/\s]+:)?\d{1,5}$",
        description=(
            "The address of `/metrics` for Prometheus: `PORT`, opened on `127.0.0.1`, or "
            "`HOST:PORT`. Each further worker process uses the next free port."
        ),
        json_schema_extra={"shown_default": "none"},
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        description=(
            "The format of the log: `json`, `text`, or `auto` (text on a terminal, JSON "
            "elsewhere). Text is coloured on a terminal unless `NO_COLOR` is set."
        ),
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The lowest level that is logged."
    )
    log_datadog: Literal["on", "off"] = Field(
        default="off",
        description="Whether JSON lines also contain Datadog's fields (`dd.…`): `on` or `off`.",
    )

    @property
    def names_shelf(self) -> bool:
        """Whether the shelf was set. The default names none."""
        return "shelf" in self.model_fields_set

    @classmethod
    def variables(cls) -> dict[str, FieldInfo]:
        """Return the fields that have a variable: those with one choice alone have none."""
        return {
            name: field
            for name, field in cls.model_fields.items()
            if not isinstance(field.json_schema_extra, dict)
            or field.json_schema_extra.get("choices") != 1
        }

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Return the settings in `environ`. An empty value counts as unset.

        Raises SettingsError for an invalid value.
        """
        values = {
            name: value
            for name in cls.variables()
            if (value := environ.get(PREFIX + name.upper(), "").strip())
        }
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            variable = PREFIX + str(first["loc"][0]).upper()
            raise SettingsError(f"{variable}={first['input']}: {first['msg']}") from None

    @classmethod
    def describe(cls) -> Iterator[tuple[str, str, str]]:
        """Yield each variable's name, meaning and default, for the documentation."""
        for name, field in cls.variables().items():
            extra = field.json_schema_extra
            shown = extra.get("shown_default") if isinstance(extra, dict) else None
            yield (
                PREFIX + name.upper(),
                str(field.description),
                str(shown or f"`{field.default}`"),
            )
