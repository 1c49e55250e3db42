"""The real API server over the real etcd, with throw-away certificates; a kubelet that pretends.

There are no nodes: pods are objects, and whether they run is what the test says.
"""

import http.client
import json
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import trustme
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.peers.programs import program
from tests.waiting import wait_until

CONTROLLERS = (
    "deployment-controller,replicaset-controller,job-controller,serviceaccount-controller,"
    "namespace-controller,horizontal-pod-autoscaler-controller"
)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def _running(log: Path, *command: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Cluster:
    """A running API server. `kubectl` and `request` act as an administrator."""

    def __init__(self, kubeconfig: Path, port: int) -> None:
        self._port = port
        self._context = ssl.create_default_context(cafile=kubeconfig.with_name("ca.pem"))
        self._context.load_cert_chain(kubeconfig.with_name("admin.pem"))
        self.environment = {
            "PATH": f"{program('kubectl').parent}:{os.environ['PATH']}",
            "HOME": str(kubeconfig.parent),
            "KUBECONFIG": str(kubeconfig),
        }

    def request(self, method: str, path: str, body: object = None) -> Any:
        """Return the server's answer, for what would start too many kubectls."""
        server = http.client.HTTPSConnection(
            "127.0.0.1", self._port, timeout=20, context=self._context
        )
        headers = {"Content-Type": "application/merge-patch+json"}
        with closing(server):
            server.request(method, path, json.dumps(body) if body else None, headers)
            return json.load(server.getresponse())

    def run(self, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run kubectl, and return what it wrote and how it ended."""
        return subprocess.run(
            [program("kubectl"), *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def kubectl(self, *arguments: str | Path, stdin: str = "") -> str:
        """Run kubectl without an error or a warning, and return what it wrote."""
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        assert not done.stderr, done.stderr
        return done.stdout

    def get(self, *arguments: str) -> Any:
        """Return what `kubectl get` finds."""
        return json.loads(self.kubectl("get", *arguments, "-o", "json"))


@contextmanager
def cluster(folder: Path, *, controllers: bool = False) -> Iterator[Cluster]:
    """Run etcd and the API server; with `controllers`, also what makes pods of Deployments."""
    etcd, server, manager = (
        program(name) for name in ("etcd", "kube-apiserver", "kube-controller-manager")
    )
    folder.mkdir(parents=True, exist_ok=True)
    store, peer = (f"http://127.0.0.1:{_free_port()}" for _ in range(2))
    port = _free_port()
    config = _credentials(folder, port)
    with ExitStack() as stack:
        stack.enter_context(
            _running(
                folder / "etcd.log",
                etcd,
                f"--data-dir={folder / 'etcd'}",
                f"--listen-client-urls={store}",
                f"--advertise-client-urls={store}",
                f"--listen-peer-urls={peer}",
            )
        )
        process = stack.enter_context(
            _running(
                folder / "apiserver.log",
                server,
                f"--etcd-servers={store}",
                "--bind-address=127.0.0.1",
                f"--secure-port={port}",
                f"--cert-dir={folder}",
                f"--tls-cert-file={folder / 'server.pem'}",
                f"--tls-private-key-file={folder / 'server.key'}",
                f"--client-ca-file={folder / 'ca.pem'}",
                "--authorization-mode=RBAC",
                "--allow-privileged",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                f"--service-account-key-file={folder / 'accounts.key'}",
                f"--service-account-signing-key-file={folder / 'accounts.key'}",
            )
        )
        opened = Cluster(config, port)
        try:
            wait_until(
                lambda: opened.run("get", "--raw", "/readyz").returncode == 0,
                "the API server",
                process=process,
            )
        except AssertionError as error:
            log = (folder / "apiserver.log").read_text()
            raise AssertionError(f"{error}\n{log[-2000:]}") from None
        if controllers:
            stack.enter_context(
                _running(
                    folder / "controllers.log",
                    manager,
                    f"--kubeconfig={config}",
                    f"--controllers={CONTROLLERS}",
                    "--leader-elect=false",
                    "--bind-address=127.0.0.1",
                    f"--secure-port={_free_port()}",
                    f"--cert-dir={folder / 'controllers'}",
                    "--horizontal-pod-autoscaler-sync-period=1s",
                )
            )
        yield opened


def _credentials(folder: Path, port: int) -> Path:
    """Write the server's certificate, the key of service accounts and an administrator's config."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    server = authority.issue_cert("127.0.0.1")
    (folder / "server.pem").write_bytes(b"".join(c.bytes() for c in server.cert_chain_pems))
    server.private_key_pem.write_to_path(folder / "server.key")
    admin = authority.issue_cert(
        "admin@localhost", common_name="admin", organization_name="system:masters"
    )
    admin.private_key_and_cert_chain_pem.write_to_path(folder / "admin.pem")
    accounts = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    (folder / "accounts.key").write_bytes(accounts)
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "throw-away",
        "clusters": [
            {
                "name": "throw-away",
                "cluster": {
                    "server": f"https://127.0.0.1:{port}",
                    "certificate-authority": str(folder / "ca.pem"),
                },
            }
        ],
        "users": [
            {
                "name": "admin",
                "user": {
                    "client-certificate": str(folder / "admin.pem"),
                    "client-key": str(folder / "admin.pem"),
                },
            }
        ],
        "contexts": [{"name": "throw-away", "context": {"cluster": "throw-away", "user": "admin"}}],
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return path


@contextmanager
def kubelet(on: Cluster, namespace: str, works: Callable[[str, str], bool]) -> Iterator[None]:
    """Let pods run that work, as told by their owner's kind and their image.

    Those of jobs succeed or fail, the others become ready or do not.
    """
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            for pod in on.request("GET", f"/api/v1/namespaces/{namespace}/pods")["items"]:
                if pod["status"].get("phase") == "Pending":
                    owner = pod["metadata"]["ownerReferences"][0]["kind"]
                    _start(on, pod, owner, works(owner, pod["spec"]["containers"][0]["image"]))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _start(on: Cluster, pod: dict[str, Any], owner: str, works: bool) -> None:
    if owner == "Job":
        status: dict[str, Any] = {"phase": "Succeeded" if works else "Failed"}
    elif works:
        status = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
    else:
        return
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    path = f"/api/v1/namespaces/{namespace}/pods/{name}/status"
    on.request("PATCH", path, {"status": status})  # it may have gone meanwhile
