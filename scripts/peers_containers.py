"""Install what the tests of images and of nginx need; Debian has all of it."""

import os
import shutil
from pathlib import Path

from scripts.setup import Failed, Skipped, run, say

PROGRAMS = {
    "dockerd": "docker.io",
    "docker-compose": "docker-compose",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "nginx": "nginx",
    "envsubst": "gettext-base",
}
"""Each program with the package that has it."""


def install_docker() -> None:
    """Install Docker, Compose, debootstrap and nginx where they are missing; start none of them."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    missing = [pack for name, pack in PROGRAMS.items() if not shutil.which(name, path=path)]
    if not missing:
        return
    if os.getuid() != 0 or not Path("/etc/debian_version").exists():
        raise Skipped(f"Only root on Debian or Ubuntu can be given {', '.join(missing)}.")
    say("Installing Docker and nginx …")
    # A package's script would start the daemon; the tests start one of their own.
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        run("apt-get", "--quiet", "--yes", "update")
        run("apt-get", "--quiet", "--yes", "install", "--no-install-recommends", *missing)
    except Failed as error:
        raise Skipped(f"{', '.join(missing)} could not be installed.") from error
    finally:
        if ours:
            policy.unlink()
