"""More steps for `peers.py`: what the manifests and the workflows are tested against."""

import json
import shutil
from pathlib import Path

from scripts.peers import SOURCES, built, go
from scripts.setup import output

KUBERNETES = "k8s.io/kubernetes"


def kubernetes() -> None:
    """Build the API server and the controllers; etcd is Debian's (`etcd-server`)."""
    source = SOURCES / "kubernetes/apiserver"
    inputs = [source / "go.mod", source / "go.sum"]
    lines = inputs[0].read_text().splitlines()
    version = next(line.split()[1] for line in lines if line.strip().startswith(f"{KUBERNETES} v"))
    # kubectl refuses a server that names no version.
    named = f"-ldflags=-s -w -X k8s.io/component-base/version.gitVersion={version}"
    for program in ("kube-apiserver", "kube-controller-manager"):

        def build(folder: Path, program: str = program) -> None:
            package = f"{KUBERNETES}/cmd/{program}"
            go(source, "build", "-trimpath", named, "-o", folder / program, package)

        built(program, "Kubernetes", inputs, build)


def datadog_agent() -> None:
    """Bring the definition of the Operator's resource, checked by go.sum."""
    source = SOURCES / "kubernetes/crd"
    module = "github.com/DataDog/datadog-operator"
    definition = "config/crd/bases/v1/datadoghq.com_datadogagents.yaml"

    def build(folder: Path) -> None:
        go(source, "mod", "download", module)
        found = json.loads(output("go", "-C", str(source), "mod", "download", "-json", module))
        shutil.copy(Path(found["Dir"]) / definition, folder / "datadogagents.yaml")

    inputs = [source / "go.mod", source / "go.sum"]
    built("datadogagents.yaml", "the definition of DatadogAgent", inputs, build)


def actionlint() -> None:
    """Build what checks the workflows."""
    source = SOURCES / "workflows/actionlint"

    def build(folder: Path) -> None:
        package = "github.com/rhysd/actionlint/cmd/actionlint"
        go(source, "build", "-trimpath", "-ldflags=-s -w", "-o", folder / "actionlint", package)

    built("actionlint", "actionlint", [source / "go.mod", source / "go.sum"], build)
