"""One query process, as the web process holds it."""

import contextlib
import math
import os
import signal
from dataclasses import dataclass

from sauran.kg.processes.frames import Channel

__all__ = ["QueryProcess"]


@dataclass(eq=False, slots=True)
class QueryProcess:
    """A query process, and our end of its connection.

    `handle` is a pidfd, which names this process also when it has ended and its number is another's; -1
    where the system has none. `last_used` is when it was given back, in seconds of the monotonic clock; it
    lies ahead until then.
    """

    pid: int
    channel: Channel
    handle: int = -1
    niced: bool = False
    last_used: float = math.inf

    def kill(self) -> None:
        """End it now, from any thread; a thread that waits for it reads the end of its connection."""
        with contextlib.suppress(ProcessLookupError):
            if self.handle >= 0:
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Let go of it; only who has it, or took it from the free ones, may do so."""
        self.channel.close()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def set_niceness(self, niceness: int) -> bool:
        """Say how readily it lets others run; False where this is refused, as less of it is to most users."""
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, niceness)
        except OSError:
            return False
        self.niced = niceness > 0
        return True
