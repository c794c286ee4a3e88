"""Virtuoso 7 over the same quads: its database is made once and kept."""

import shutil
import subprocess
import time
from pathlib import Path

from benchmarks.endpoint.processes import Launch, Running, free_port, start

__all__ = ["VIRTUOSO", "start_virtuoso"]

VIRTUOSO = "virtuoso-t"
_ISQL = "isql-vt"
_LOADED = "loaded"
# Its manual's numbers for 2 GB of memory; rows, costs and times unlimited, as the other servers are.
_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 20
DirsAllowed = {folder}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
MaxQueryMem = 2G
ThreadsPerQuery = 2
AdjustVectorSize = 0

[HTTPServer]
ServerPort = 127.0.0.1:{port}
MaxClientConnections = 40
ServerThreads = 40
MaxKeepAlives = 40
KeepAliveTimeout = 60

[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryCostEstimationTime = 100000
MaxQueryExecutionTime = 600
"""


def start_virtuoso(nquads: Path, folder: Path) -> Running:
    """Start it; the first time it loads the quads.

    Raises: RuntimeError when it does not start or cannot load.
    """
    if not (folder / _LOADED).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    (folder / "virtuoso.lck").unlink(missing_ok=True)
    port, sql_port = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_SETTINGS.format(folder=folder, port=port, sql_port=sql_port), "utf-8")
    command = [VIRTUOSO, "+foreground", "+wait", "+configfile", str(settings)]
    running = start(Launch("virtuoso", command, port, "/sparql", folder / "output.log", folder=folder))
    if not (folder / _LOADED).exists():
        try:
            _load(nquads, folder, sql_port)
        except BaseException:
            running.stop()
            raise
    return running


def _load(nquads: Path, folder: Path, sql_port: int) -> None:
    began = time.perf_counter()
    copy = folder / "all.nq"
    copy.hardlink_to(nquads)
    steps = f"ld_dir('{folder}', 'all.nq', 'https://bench.example/none'); rdf_loader_run(); checkpoint;"
    count = "SPARQL SELECT COUNT(*) WHERE { GRAPH <https://bench.example/graph/events-east> { ?s ?p ?o } };"
    for step in (steps, count):
        done = subprocess.run(
            [_ISQL, f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={step}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or "Error" in done.stdout + done.stderr:
            raise RuntimeError(f"virtuoso cannot load: {done.stdout[-500:]}{done.stderr[-500:]}")
    copy.unlink()
    (folder / _LOADED).write_text(f"{time.perf_counter() - began:.1f} s\n", "utf-8")
