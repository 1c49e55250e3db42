import re
from pathlib import Path

import pytest

from gutenberg_explorer.search import ENGINES
from gutenberg_explorer.settings import Settings, SettingsError


def test_nothing_set_is_the_defaults() -> None:
    settings = Settings.from_environment({})
    assert settings.shelf == "auto"
    assert settings.trace_store is None
    assert settings.trace_store_max_traces == 2_000
    assert settings.trace_store_max_bytes == 256 * 1024 * 1024
    assert settings.trace_store_max_age_days == 7
    assert settings.data_dir.name == "gutenberg-explorer"


def test_variables_are_read_and_empty_ones_are_not() -> None:
    settings = Settings.from_environment(
        {
            "GUTENBERG_EXPLORER_DATA_DIR": "/data",
            "GUTENBERG_EXPLORER_TRACE_STORE": "off",
            "GUTENBERG_EXPLORER_TRACE_STORE_MAX_TRACES": "5",
            "GUTENBERG_EXPLORER_SHELF": " ",
        }
    )
    assert settings.data_dir == Path("/data")
    assert settings.trace_store == "off"
    assert settings.trace_store_max_traces == 5
    assert settings.shelf == "auto"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SHELF", "gutenberg"),
        ("SHELF", "directory:"),
        ("SHELF", "gutenberg:"),
        ("GUTENBERG_MIRROR", "rsync://example.org/gutenberg"),
        ("GUTENBERG_PAUSE", "-1"),
        ("CONTACT", "me\nX-Evil: 1"),
        ("TRACE_STORE", "maybe"),
        ("TRACE_STORE_MAX_TRACES", "0"),
        ("TRACE_STORE_MAX_BYTES", "lots"),
        ("OTLP_MAX_BYTES", "1000"),
        ("OTLP_ALLOWED_ORIGINS", "*"),
        ("OTLP_ALLOWED_ORIGINS", "null"),
        ("OTLP_ALLOWED_ORIGINS", "localhost:5173"),
        ("OTLP_ALLOWED_ORIGINS", "http://localhost:5173/"),
        ("OTLP_ALLOWED_ORIGINS", "http://*.example.org"),
        ("NLTK_URL", "ftp://example.org/x.zip"),
        ("ALLOWED_HOSTS", "http://books.example.org/"),
        ("API_DOCS", "maybe"),
        ("METRICS_ADDRESS", "localhost"),
        ("METRICS_ADDRESS", "http://localhost:9464"),
        ("LOG_DATADOG", "yes"),
        ("TRACE_LINKS", "Jaeger"),
        ("TRACE_LINKS", "=https://traces.example.org/{trace_id}"),
        ("TRACE_LINKS", "Jaeger=https://traces.example.org/"),
        ("TRACE_LINKS", "Jaeger=javascript:alert({trace_id})"),
        ("TRACE_LINKS", "Jaeger=https://traces.example.org/{trace_id},"),
        ("TRACE_LINKS", f"Jaeger=https://{'x' * 251}/{{trace_id}}"),
        ("TRACE_LINKS", ",".join(["Jaeger=https://traces.example.org/{trace_id}"] * 9)),
    ],
)
def test_a_wrong_value_is_named(variable: str, value: str) -> None:
    named = re.escape(f"GUTENBERG_EXPLORER_{variable}={value}")
    with pytest.raises(SettingsError, match=f"^{named}"):
        Settings.from_environment({f"GUTENBERG_EXPLORER_{variable}": value})


def test_links_to_other_places_of_traces() -> None:
    links = (
        "Datadog=https://app.datadoghq.com/apm/trace/{trace_id}?a=b, "
        "My Jaeger = http://localhost:16686/trace/{trace_id}"
    )
    settings = Settings.from_environment({"GUTENBERG_EXPLORER_TRACE_LINKS": links})
    assert settings.trace_links == (
        ("Datadog", "https://app.datadoghq.com/apm/trace/{trace_id}?a=b"),
        ("My Jaeger", "http://localhost:16686/trace/{trace_id}"),
    )


def test_a_setting_with_one_choice_is_not_read() -> None:
    assert len(ENGINES) == 1
    assert Settings.from_environment({"GUTENBERG_EXPLORER_ENGINE": "other"}) == Settings()
    assert "GUTENBERG_EXPLORER_ENGINE" not in {name for name, _, _ in Settings.describe()}
