"""What goes wrong is one line and exit code 1, and never a key."""

import json
import sys
from pathlib import Path

import pytest

from tests.datadog.conftest import Run
from tests.datadog.fake import FakeDatadog


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DD_API_KEY": ""}, "DD_API_KEY is not set"),
        ({"DD_APP_KEY": " "}, "DD_APP_KEY is not set"),
        (
            {"DD_API_KEY": "one\ntwo"},
            "DD_API_KEY contains characters that are not allowed in a key",
        ),
        ({"DD_API_KEY": "c" * 32}, "does not know DD_API_KEY (401)"),
        ({"DD_APP_KEY": "c" * 40}, "(403): is DD_SITE right, and has the application key the sc"),
        ({"DD_HOST": "", "DD_SITE": "datadog.example"}, "DD_SITE=datadog.example: Datadog has no"),
        ({"DD_HOST": "http://api.example.org"}, "keys are only sent over https://"),
        ({"DD_HOST": "http://127.0.0.1:9@api.example.org"}, "keys are only sent over https://"),
        ({"DD_HOST": "http://127.0.0.1:9"}, "http://127.0.0.1:9 can't be reached"),
        ({"DD_HOST": "https://nowhere.invalid"}, "https://nowhere.invalid can't be reached"),
    ],
)
def test_keys_and_addresses(run: Run, environment: dict[str, str], message: str) -> None:
    result = run("apply", **environment)
    assert result.exit_code == 1
    [line] = result.output.splitlines()
    assert line.startswith("Error: ")
    assert message in line
    assert not any(key in line for key in ("c" * 32, "one"))


def test_a_rate_limit_is_waited_for(run: Run, datadog: FakeDatadog) -> None:
    datadog.trouble = [(429, {"X-RateLimit-Reset": "1"})]
    assert run("plan").exit_code == 0
    assert datadog.requests[:2] == ["GET /api/v1/slo", "GET /api/v1/slo"]


@pytest.mark.peers
def test_a_rate_limit_that_stays_is_one_line(run: Run, datadog: FakeDatadog) -> None:
    datadog.trouble = [(429, {"X-RateLimit-Reset": "0"})] * 20
    result = run("plan")
    assert result.exit_code == 1
    assert result.output.endswith(
        "accepts no more requests at the moment (429): try again later.\n"
    )
    assert result.output.count("\n") == 1
    assert len(datadog.requests) == 5


def test_keys_are_not_sent_where_a_redirection_leads(run: Run, datadog: FakeDatadog) -> None:
    datadog.trouble = [(302, {"Location": f"{datadog.url}/elsewhere"})]
    result = run("plan")
    assert result.exit_code == 1
    assert "refuses the request (302)" in result.output
    assert datadog.requests == ["GET /api/v1/slo"]


def test_what_may_have_been_created_is_not_sent_again(run: Run, datadog: FakeDatadog) -> None:
    datadog.trouble = [(502, {})]
    assert run("plan").exit_code == 0
    datadog.requests.clear()
    datadog.trouble_of["POST"] = [(502, {})]
    result = run("apply")
    assert result.exit_code == 1
    assert result.output.endswith("refuses slo search-availability (502): Something about it\n")
    assert datadog.writes == ["POST /api/v1/slo"]


def test_the_extra_is_named_where_it_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = ("datadog_api_client", "gutenberg_explorer.datadog")
    for name in [name for name in sys.modules if name.startswith(loaded)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "datadog_api_client", None)
    result = run("plan")
    assert result.exit_code == 1
    assert result.output == (
        "Error: This needs datadog-api-client: pip install 'gutenberg-explorer[datadog]'\n"
    )


def test_a_folder_without_the_files_is_one_line(run: Run, folder: Path) -> None:
    (folder / "variables.json").unlink()
    result = run("plan")
    assert result.exit_code == 1
    assert "name the folder of the files with --folder" in result.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "search-errors.json: is not valid JSON"),
        (json.dumps({"name": "${nothing}"}), "search-errors.json: there is no ${nothing}"),
        (json.dumps({"name": "${slo:none}"}), "search-errors.json: there is no ${slo:none}"),
        (json.dumps({"name": "A", "type": "query alert"}), "missing 1 required"),
        ("[]", "search-errors.json"),
    ],
)
def test_a_broken_file_is_one_line(run: Run, folder: Path, text: str, message: str) -> None:
    (folder / "monitors" / "search-errors.json").write_text(text)
    result = run("plan")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert message in result.output
