from collections.abc import Iterator

import pytest

from tests.peers.kubernetes.cluster import Cluster, cluster


@pytest.fixture(scope="package")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A real API server, in which nothing runs."""
    with cluster(tmp_path_factory.mktemp("cluster")) as opened:
        yield opened
