import inspect
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from gutenberg_explorer.corpus import CorpusError
from gutenberg_explorer.corpus.gutenberg.client import Client, MirrorFault, MissingFile
from tests.corpus.gutenberg.mirrors import Clock
from tests.corpus.web import Fault, FileServer, serve

CONTENT = bytes(range(256)) * 500


def _client(clock: Clock, pause: float = 0.0, contact: str | None = None) -> Client:
    return Client(pause, contact, clock=clock, sleep=clock.sleep)


def _fetch(client: Client, file: FileServer, target: Path) -> bytes:
    assert client.fetch(file.url, target, max_bytes=1_000_000) is not None
    return target.read_bytes()


def test_requests_are_a_pause_apart(tmp_path: Path) -> None:
    clock = Clock()
    client = _client(clock, pause=2.0)
    with serve(CONTENT) as file:
        for number in range(3):
            _fetch(client, file, tmp_path / f"{number}")
    assert clock.slept == [2.0, 2.0]


def test_time_that_has_passed_is_part_of_the_pause(tmp_path: Path) -> None:
    clock = Clock()
    client = _client(clock, pause=2.0)
    with serve(CONTENT) as file:
        _fetch(client, file, tmp_path / "1")
        clock.now += 1.5
        _fetch(client, file, tmp_path / "2")
        clock.now += 5
        _fetch(client, file, tmp_path / "3")
    assert clock.slept == [0.5]


def test_a_real_pause_is_kept(tmp_path: Path) -> None:
    slept: list[float] = []
    client = Client(300, None, sleep=slept.append)  # by the real clock
    with serve(CONTENT) as file:
        for number in range(3):
            _fetch(client, file, tmp_path / f"{number}")
    assert [0 < seconds <= 300 for seconds in slept] == [True, True]
    assert inspect.signature(Client).parameters["sleep"].default is time.sleep


def test_the_program_names_itself(tmp_path: Path) -> None:
    with serve(CONTENT) as file:
        _fetch(_client(Clock(), contact="ann@example.org"), file, tmp_path / "1")
        agent = file.requests[0].headers["User-Agent"]
    assert agent.startswith("gutenberg-explorer/")
    assert agent.endswith(" (ann@example.org)")


@pytest.mark.parametrize(
    ("fault", "slept"),
    [
        (Fault(429, {"Retry-After": "7"}), 7.0),
        (Fault(503, {"Retry-After": "300"}), 300.0),
        (Fault(429, {"Retry-After": "0"}), 1.0),
        (Fault(429, {"Retry-After": "soon"}), 1.0),
        (Fault(429, {"Retry-After": "-5"}), 1.0),
        (Fault(503), 1.0),
        (Fault(500), 1.0),
        (Fault(408), 1.0),
        (Fault(0), 1.0),
        (Fault(cut_after=50_000), 1.0),
    ],
)
def test_what_may_pass_is_asked_again_after_a_while(
    tmp_path: Path, fault: Fault, slept: float
) -> None:
    clock = Clock()
    with serve(CONTENT) as file:
        file.faults = [fault]
        assert _fetch(_client(clock), file, tmp_path / "file") == CONTENT
        assert len(file.requests) == 2
    assert clock.slept == [slept]


def test_a_wait_until_a_date_is_kept(tmp_path: Path) -> None:
    clock = Clock()
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    with serve(CONTENT) as file:
        file.faults = [Fault(503, {"Retry-After": until})]
        _fetch(_client(clock), file, tmp_path / "file")
    assert len(clock.slept) == 1
    assert 40 < clock.slept[0] <= 60


def test_what_broke_off_goes_on_where_it_was(tmp_path: Path) -> None:
    with serve(CONTENT) as file:
        file.faults = [Fault(cut_after=60_000), Fault(cut_after=30_000), Fault(0)]
        assert _fetch(_client(Clock()), file, tmp_path / "file") == CONTENT
        assert file.ranges == [None, "bytes=60000-", "bytes=90000-", "bytes=90000-"]


def test_waits_grow_and_end(tmp_path: Path) -> None:
    clock = Clock()
    with serve(CONTENT) as file:
        file.status = 500
        with pytest.raises(MirrorFault, match="answered 500 5 times"):
            _fetch(_client(clock), file, tmp_path / "file")
        assert len(file.requests) == 5
    assert clock.slept == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_mirror_that_stays_busy_is_left_alone(tmp_path: Path, status: int) -> None:
    with serve(CONTENT) as file:
        file.status = status
        with pytest.raises(CorpusError, match=f"answered {status} 5 times: run the command again"):
            _fetch(_client(Clock()), file, tmp_path / "file")


def test_too_long_a_wait_is_a_sentence(tmp_path: Path) -> None:
    clock = Clock()
    with serve(CONTENT) as file:
        file.faults = [Fault(429, {"Retry-After": "86400"})]
        with pytest.raises(CorpusError, match="asks for a wait of 86400 seconds"):
            _fetch(_client(clock), file, tmp_path / "file")
        assert len(file.requests) == 1
    assert clock.slept == []


def test_no_connection_is_a_sentence(tmp_path: Path) -> None:
    with serve(CONTENT) as file:
        pass
    with pytest.raises(CorpusError, match=r"can't be reached, 5 times: check the network and GUT"):
        _fetch(_client(Clock()), file, tmp_path / "file")


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_refusal_is_never_asked_again(tmp_path: Path, status: int) -> None:
    clock = Clock()
    with serve(CONTENT) as file:
        file.status = status
        with pytest.raises(CorpusError, match=r"does not allow automated downloads\. Set GUTENB"):
            _fetch(_client(clock), file, tmp_path / "file")
        assert len(file.requests) == 1
    assert clock.slept == []


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_not_asked_again(tmp_path: Path, status: int) -> None:
    with serve(CONTENT) as file:
        file.status = status
        with pytest.raises(MissingFile):
            _fetch(_client(Clock()), file, tmp_path / "file")
        assert len(file.requests) == 1


def test_what_is_too_large_is_not_asked_again(tmp_path: Path) -> None:
    with serve(CONTENT) as file:
        with pytest.raises(MirrorFault, match="larger than 10 bytes"):
            _client(Clock()).fetch(file.url, tmp_path / "file", max_bytes=10)
        assert len(file.requests) == 1


def test_not_modified_is_none(tmp_path: Path) -> None:
    client = _client(Clock())
    with serve(CONTENT) as file:
        said = client.fetch(file.url, tmp_path / "file", max_bytes=1_000_000)
        assert said is not None
        again = client.fetch(
            file.url,
            tmp_path / "other",
            max_bytes=1_000_000,
            headers={"If-None-Match": said["ETag"]},
        )
    assert again is None
    assert not (tmp_path / "other").exists()
