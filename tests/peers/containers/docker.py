"""A Docker of the tests' own: its daemon, its socket, its images, kept in the user's cache."""

import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
_NEEDED = ("dockerd", "docker", "docker-compose", "debootstrap", "iptables")
# Debian's own before what else a machine may call `docker`.
_PATH = f"/usr/bin:/usr/sbin:/bin:/sbin:{os.environ.get('PATH', '')}"


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "gutenberg-explorer/peers/docker"


def _refusal() -> str | None:
    """Return why there can be no daemon here, or None."""
    if os.getuid() != 0:
        return "Only root can start a Docker of the tests' own."
    missing = [name for name in _NEEDED if not shutil.which(name, path=_PATH)]
    return f"There is no {', '.join(missing)} here." if missing else None


class Docker:
    """The clients of a daemon."""

    def __init__(self, socket: Path) -> None:
        self._environ = {
            **os.environ,
            "PATH": _PATH,
            "DOCKER_HOST": f"unix://{socket}",
            "DOCKER_BUILDKIT": "1",
            "COMPOSE_DOCKER_CLI_BUILD": "1",
        }

    def run(
        self, *command: str, seconds: float = 60, stdin: "IO[bytes] | int" = subprocess.DEVNULL
    ) -> str:
        """Run `docker COMMAND…` and return what it prints. Raises AssertionError if it fails."""
        return self._call(["docker", *command], seconds, {}, stdin)

    def compose(self, files: list[Path], *command: str, seconds: float = 60, **environ: str) -> str:
        """Run `docker-compose COMMAND…` on the project's files, as `run` does."""
        named = [word for file in files for word in ("-f", str(file))]
        words = ["docker-compose", "--project-directory", str(ROOT), *named]
        return self._call([*words, *command], seconds, environ)

    def _call(
        self,
        command: list[str],
        seconds: float,
        environ: dict[str, str],
        stdin: "IO[bytes] | int" = subprocess.DEVNULL,
    ) -> str:
        done = subprocess.run(
            command,
            env=self._environ | environ,
            stdin=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"[-4000:]
        return done.stdout.strip()

    def has_image(self, name: str, label: str) -> bool:
        """Return whether there is an image of this name with this value of the label `recipe`."""
        form = '{{index .Config.Labels "recipe"}}'
        try:
            return self.run("image", "inspect", "--format", form, name) == label
        except AssertionError:
            return False


@contextmanager
def daemon() -> Iterator[Docker]:
    """Run a Docker whose images and build cache outlive it. One at a time; another waits.

    Without root or its programs the test is skipped with the reason; in CI that is a failure.
    """
    if reason := _refusal():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock, (folder / "log").open("wb") as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _end_what_was_left(folder / "pid")
        paths = {
            "--data-root": "data",
            "--exec-root": "exec",
            "--pidfile": "pid",
        }
        command = [
            "dockerd",
            f"--host=unix://{folder / 'socket'}",
            *(f"{option}={folder / name}" for option, name in paths.items()),
            # Only what is published at 127.0.0.1 is to be reached, and no rule of the machine's.
            *("--iptables=false", "--ip6tables=false", "--bridge=none"),
            "--default-address-pool=base=10.213.0.0/16,size=24",
        ]
        process = subprocess.Popen(
            command,
            env={**os.environ, "PATH": _PATH},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            docker = Docker(folder / "socket")
            _wait(docker, process, folder / "log")
            yield docker
            docker.run("builder", "prune", "--force", "--keep-storage=3GB", seconds=120)
            docker.run("image", "prune", "--force", seconds=120)
        finally:
            process.terminate()
            process.wait(30)


def _end_what_was_left(pid_file: Path) -> None:
    """End the daemon of a test run that was killed before it could do so."""
    if not pid_file.exists():
        return
    process = Path("/proc") / pid_file.read_text()
    with suppress(OSError):
        if (process / "comm").read_text() == "dockerd\n":
            os.kill(int(process.name), signal.SIGTERM)
    wait_until(lambda: not process.exists(), "the end of the daemon before")
    pid_file.unlink(missing_ok=True)


def _wait(docker: Docker, process: "subprocess.Popen[bytes]", log: Path) -> None:
    def runs() -> bool:
        try:
            docker.run("version", seconds=10)
        except (AssertionError, subprocess.TimeoutExpired):
            return False
        return True

    try:
        wait_until(runs, "dockerd", process=process)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{log.read_text()[-3000:]}") from None
