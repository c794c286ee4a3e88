"""The release in use: the current one, looked after at each request, swapped when the next is whole."""

import logging
import os
import threading
import time

from sauran.kg.model.errors import ReleaseError, SauranError
from sauran.kg.release.release import CURRENT, current_release
from sauran.server.http.served_release import Edition, open_edition
from sauran.server.http.settings import Settings
from sauran.server.query.limits import Limits
from sauran.server.query.pool import PoolSize

__all__ = ["Current"]

_LOG = logging.getLogger(__name__)
_GRACE_S = 5
_MIB = 1024 * 1024
_KEPT_FOR_LIGHT = 2  # processes that clients with heavy queries never hold all at once


class Current:
    """The edition of `releases/current`; goes on with the last good one until the next is opened."""

    def __init__(self, settings: Settings) -> None:
        """Open the current release.

        Raises: ReleaseError when there is none, or it cannot be opened.
        """
        self.releases, self._settings = settings.releases, settings
        self._link = os.fspath(settings.releases / CURRENT)  # looked at by every request: no Path
        self._opening = threading.Lock()
        self._mark = self._look()
        self._edition = self._open()

    def edition(self) -> Edition:
        """The edition to answer from; one lstat where nothing has changed."""
        mark = self._look()
        # A large release takes long to open: nobody waits for it, everybody is answered from the last.
        if mark != self._mark and mark is not None and self._opening.acquire(blocking=False):
            self._mark = mark  # also when it cannot be opened: one attempt, one line in the log
            threading.Thread(target=self._change, name="next release", daemon=True).start()
        return self._edition

    def close(self) -> None:
        """End the query processes."""
        self._edition.pool.close()

    def _change(self) -> None:
        last = self._edition
        try:
            self._edition = self._open()
            _LOG.info("now serving release %s", self._edition.release.version)
        except SauranError as error:
            _LOG.error("still serving release %s: %s", last.release.version, error)
        finally:
            self._opening.release()
        if self._edition is not last:
            # Requests that began with the last edition may still ask it, and may wait before they do.
            time.sleep(self._settings.query_timeout_s + self._settings.query_wait_s + _GRACE_S)
            last.pool.close()

    def _look(self) -> tuple[int, int] | None:
        """Which link `current` is: publishing always makes a new one."""
        try:
            status = os.lstat(self._link)
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def _open(self) -> Edition:
        release = current_release(self.releases)
        if release is None:
            raise ReleaseError(str(self.releases), "holds no release yet.", "Run: sauran build")
        try:
            return open_edition(
                release, self._settings.address, _limits(self._settings), _pool_size(self._settings)
            )
        except (OSError, ValueError, KeyError) as error:
            raise ReleaseError(
                str(release.folder), f"cannot be opened: {error}.", "Build it anew."
            ) from error


def _limits(settings: Settings) -> Limits:
    """What one query may take."""
    return Limits(
        settings.query_timeout_s,
        settings.query_memory_mb,
        settings.query_max_rows,
        settings.query_max_mb * _MIB,
        ways_out=bool(settings.service_allow),
    )


def _pool_size(settings: Settings) -> PoolSize:
    """How many query processes a web process has, and how long it lets queries wait."""
    return PoolSize(
        processes=settings.query_processes,
        kept_for_light=min(_KEPT_FOR_LIGHT, settings.query_processes - 1),
        most_waiting=settings.query_waiting,
        wait_s=settings.query_wait_s,
        buffer_bytes=settings.buffer_mb * _MIB,
    )
