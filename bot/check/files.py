"""Who else can read the tokens and the data: modes of `.env` and of the data folder's files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.check.finding import Finding
from bot.config.settings import Settings
from storage.data_folder.file_modes import is_open, kept_in, shown_mode

ENV = Path(".env")
# Where the runtimes of containers mount secrets, with modes that are theirs to choose.
SECRETS = (Path("/run/secrets"), Path("/var/run/secrets"))


def check_files(settings: Settings, env: Path = ENV) -> Iterator[Finding]:
    """Yield what others can read; nothing where all is closed."""
    if env.is_file() and _lets_others_in(env) and not _is_mounted(env):
        yield Finding(
            f"{env} can be read by others (mode {shown_mode(env)}), and it holds the tokens.",
            f"chmod 600 {env}",
        )
    for path in kept_in(settings.data):
        if is_open(path):
            yield Finding(
                f"{path} can be read by others (mode {shown_mode(path)}).",
                f"chmod 600 {path}, or start Makegood, which does that.",
            )


def _lets_others_in(env: Path) -> bool:
    """Whether everybody can read it, or a group that this user could shut out.

    Where it is root's, the group may be the one by which the bot reads it.
    """
    found = env.stat()
    is_ours = found.st_uid == os.geteuid()
    return bool(found.st_mode & (stat.S_IRWXO | (stat.S_IRWXG if is_ours else 0)))


def _is_mounted(env: Path) -> bool:
    """Whether a container's runtime put it there: its mode cannot be changed from inside."""
    path = env.resolve()
    if any(path.is_relative_to(secrets) for secrets in SECRETS):
        return True
    is_ours = path.stat().st_uid == os.geteuid()
    return not is_ours and bool(os.statvfs(path).f_flag & os.ST_RDONLY)
