"""What the machine is that measures."""

import datetime
import os
import platform
from pathlib import Path
from typing import Any

__all__ = ["describe_machine"]


def describe_machine() -> dict[str, Any]:
    """Date, cores, processor, memory, Python and load."""
    cpus = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "processor": cpus[0].partition(":")[2].strip() if cpus else platform.machine(),
        "memory_gib": round(memory_kb / 2**20),
        "python": platform.python_version(),
        "load_at_start": os.getloadavg(),
    }
