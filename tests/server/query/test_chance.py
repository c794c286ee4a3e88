"""What a query draws by chance differs from process to process; and the way out that an operator may open."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from engine_support import open_pool, question

from sauran.kg.release.release import Release
from sauran.server.query.question import LimitReached

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.parametrize("drawn", ["UUID()", "STRUUID()", "RAND()"])
def test_forked_processes_do_not_draw_the_same(briefing: Release, drawn: str) -> None:
    with open_pool(briefing.folder, processes=1) as pool:
        found = []
        for _ in range(4):
            reply = pool.ask(question(f"SELECT ({drawn} AS ?x) {{}}"))
            found.append(reply.whole)
            reply.close()
            with pytest.raises(LimitReached):  # the next question meets a process that was forked anew
                pool.ask(question(HEAVY), timeout_s=0.05)
    assert len(set(found)) == 4


class _Canary(http.server.BaseHTTPRequestHandler):
    """Counts who comes."""

    visits = 0

    def do_GET(self) -> None:
        type(self).visits += 1
        self.send_error(404)

    do_POST = do_GET  # noqa: N815 (the standard library calls it so)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@pytest.fixture
def canary() -> Iterator[str]:
    _Canary.visits = 0
    with http.server.HTTPServer(("127.0.0.1", 0), _Canary) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.parametrize(("keep_sockets", "visits"), [(False, 0), (True, 1)])
def test_sockets_are_there_only_where_endpoints_are_allowed(
    briefing: Release, canary: str, keep_sockets: bool, visits: int
) -> None:
    with open_pool(briefing.folder, keep_sockets=keep_sockets) as pool:
        reply = pool.ask(question(f"SELECT * {{ SERVICE SILENT <{canary}> {{ ?s ?p ?o }} }}"))
        assert reply.whole is not None
        reply.close()
    assert visits == _Canary.visits
