from fastapi.testclient import TestClient

from tests.api.description import broken_promises


def test_the_app_keeps_every_promise_of_its_description(client: TestClient) -> None:
    requests, broken = broken_promises(client.app, 3, seed=1)
    assert broken == []
    assert requests > 500
