"""Every setting, documented where it is declared; `docs/settings.md` is generated from here."""

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
    """A setting's value cannot be used; the message says which and why."""


class TraceLink(NamedTuple):
    """Another place of traces; `{trace_id}` stands in its address for the id."""

    name: str
    url: str


_TRACE_LINK = re.compile(
    r"\s*([^=<>\x00-\x1f]{1,40}?)\s*=\s*(https?://[^\s<>\"]{0,250}\{trace_id\}[^\s<>\"]{0,250})\s*"
)
_MAX_TRACE_LINKS = 8


def _trace_links(value: object) -> object:
    """Return the parts of `NAME=ADDRESS,NAME=ADDRESS`."""
    if not isinstance(value, str):
        return value
    entries = value.split(",")
    found = [match for entry in entries if (match := _TRACE_LINK.fullmatch(entry))]
    if len(found) < len(entries) or len(entries) > _MAX_TRACE_LINKS:
        raise ValueError(
            f"at most {_MAX_TRACE_LINKS} NAME=ADDRESS, parted by commas; an address begins with "
            "http:// or https:// and holds {trace_id}"
        )
    return tuple(TraceLink(*match.groups()) for match in found)


def _shelf_pattern() -> str:
    kinds = (re.escape(kind.name) + (":.+" if kind.argument else "") for kind in SHELVES.values())
    return f"^({'|'.join([AUTO, *kinds])})$"


def _shelf_description() -> str:
    kinds = "; ".join(f"`{kind.form}`: {kind.meaning}" for kind in SHELVES.values())
    return (
        f"Which books to serve. `{AUTO}`: `nltk`, or `starter` where it can't be reached; {kinds}."
    )


class Settings(BaseModel):
    """The application's settings, read from `GUTENBERG_EXPLORER_…` by `from_environment`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("gutenberg-explorer"),
        description="Folder of the books, the index and the trace store.",
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
        description="Where the `nltk` shelf is downloaded from.",
        json_schema_extra={"shown_default": "NLTK's data index"},
    )
    gutenberg_mirror: str = Field(
        default="https://gutenberg.pglaf.org",
        pattern=r"^(https?://.+|file://.+|([A-Za-z]:)?[^:]+)$",
        description=(
            "Where `gutenberg:…` takes books from: the address of a mirror of Project Gutenberg, "
            "or a folder that holds one. The default is one of its own mirrors; its main site is "
            "for people and closed to programs."
        ),
    )
    gutenberg_pause: float = Field(
        default=2.0, ge=0, le=3600, description="Seconds between two requests to the mirror."
    )
    contact: str | None = Field(
        default=None,
        pattern=r"^[ -~]+$",
        description=(
            "How a mirror's keeper can reach you, such as an address of mail: it is sent along "
            "with the program's name and version."
        ),
        json_schema_extra={"shown_default": "none"},
    )
    build_memory: int = Field(
        default=768,
        ge=128,
        le=1024 * 1024,
        description="How many MiB of memory the indexing of books may use, in all its processes.",
    )
    allowed_hosts: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.:\[\]_*-]+(\s*,\s*[A-Za-z0-9.:\[\]_*-]+)*$",
        description=(
            "The names that the server answers to, without ports and parted by commas, such as "
            "`books.example.org,localhost`; `*`: any. Requests that name another host are refused, "
            "but for those of `/healthz` and `/readyz`."
        ),
        json_schema_extra={
            "shown_default": (
                "`localhost,127.0.0.1,[::1]`, but `*` when told by `--host` to listen elsewhere"
            )
        },
    )
    drain: float = Field(
        default=0.0,
        ge=0,
        le=300,
        description=(
            "How many seconds the server serves on when SIGTERM has told it to end. Meanwhile "
            "`/readyz` answers 503 and every answer ends its connection, so that a load balancer "
            "sends requests elsewhere."
        ),
    )
    api_docs: Literal["on", "off"] = Field(
        default="on",
        description="Whether the API is described at `/docs` and `/openapi.json`: `on` or `off`.",
    )
    engine: str = Field(
        default=LOCAL,
        pattern=f"^({'|'.join(map(re.escape, ENGINES))})$",
        description="Which engine searches the books. "
        + "; ".join(f"`{kind.name}`: {kind.meaning}" for kind in ENGINES.values())
        + ".",
        json_schema_extra={"choices": len(ENGINES)},
    )
    trace_store: Literal["on", "off"] | None = Field(
        default=None,
        description="Whether traces are kept here for the page's waterfall: `on` or `off`.",
        json_schema_extra={"shown_default": "`on` unless an OTLP endpoint is set"},
    )
    trace_store_max_traces: int = Field(
        default=2000, ge=1, description="How many traces the store keeps at most."
    )
    trace_store_max_bytes: int = Field(
        default=256 * 1024 * 1024, ge=1024 * 1024, description="How large the store may grow."
    )
    trace_store_max_age_days: float = Field(
        default=7.0, gt=0, description="How many days the store keeps a trace."
    )
    trace_links: Annotated[tuple[TraceLink, ...], BeforeValidator(_trace_links)] = Field(
        default=(),
        description=(
            "Where else traces can be looked at, as `NAME=ADDRESS` parted by commas; `{trace_id}` "
            "in an address stands for the id. The page shows each as a link beside every trace, "
            "such as `Jaeger=http://localhost:16686/trace/{trace_id}`."
        ),
        json_schema_extra={"shown_default": "none"},
    )
    query_text: Literal["plain", "hashed", "omitted"] = Field(
        default="plain",
        description=(
            "What traces keep of the text of a query: all of it (`plain`), a hash by which equal "
            "ones are found (`hashed`), or nothing (`omitted`)."
        ),
    )
    metrics_address: str | None = Field(
        default=None,
        pattern=r"^([^/\s]+:)?\d{1,5}$",
        description=(
            "Where Prometheus finds `/metrics`: `PORT`, which is opened on `127.0.0.1`, or "
            "`HOST:PORT`. A worker process takes the next port that is free."
        ),
        json_schema_extra={"shown_default": "nowhere"},
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        description=(
            "Form of the log lines: `json`, `text`, or `auto` (text on a terminal, in colours "
            "unless `NO_COLOR` is set)."
        ),
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least severe level that is logged."
    )
    log_datadog: Literal["on", "off"] = Field(
        default="off",
        description="Whether JSON lines also name trace and service as Datadog does (`dd.…`).",
    )

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
        """Return the settings that `environ` asks for.

        Raises SettingsError when a value can't be used. An empty value counts as unset.
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
