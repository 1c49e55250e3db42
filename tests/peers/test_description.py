import pytest
from fastapi.testclient import TestClient

from tests.api.description import broken_promises
from tests.soak import SEED, share_of

pytestmark = [pytest.mark.peers, pytest.mark.soak]


def test_the_app_keeps_every_promise_of_its_description(client: TestClient) -> None:
    examples = share_of(100)
    requests, broken = broken_promises(client.app, examples, SEED)
    assert broken == []
    assert requests > 500 + 15 * examples
