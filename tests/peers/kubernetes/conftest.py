from collections.abc import Iterator
from itertools import chain

import pytest
import yaml

from tests.peers.kubernetes.cluster import Cluster, cluster
from tests.peers.kubernetes.manifests import OVERLAYS, objects
from tests.peers.programs import program
from tests.waiting import wait_until


@pytest.fixture(scope="package")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A real API server with the overlays' namespaces, and what Datadog's Operator defines."""
    with cluster(tmp_path_factory.mktemp("cluster")) as opened:
        opened.kubectl("apply", "--server-side", "-f", program("datadogagents.yaml"))
        manifests = chain.from_iterable(objects(overlay) for overlay in OVERLAYS)
        for each in {
            m["metadata"]["name"]: m for m in manifests if m["kind"] == "Namespace"
        }.values():
            opened.kubectl("apply", "--server-side", "-f", "-", stdin=yaml.safe_dump(each))
        wait_until(lambda: opened.run("get", "datadogagents").returncode == 0)
        yield opened
