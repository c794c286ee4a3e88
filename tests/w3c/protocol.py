"""Tests of the protocol, as their manifest writes the requests down; holds no test."""

from urllib.parse import urlsplit

from w3c.answers import read_answer
from w3c.client import Client, Reply
from w3c.manifest_graph import MF, ManifestGraph, Node, text_of
from w3c.manifests import Case, Manifests
from w3c.verdicts import Outcome, Verdict

from sauran.kg.model.formats import RDF_FORMATS, RESULT_FORMATS

__all__ = ["run_protocol_case"]

_HT, _CNT = "http://www.w3.org/2011/http#", "http://www.w3.org/2011/content#"
_JSON, _XML, *_ = RESULT_FORMATS
_FORMATS = {"boolean": (_JSON, _XML), "tabular": RESULT_FORMATS, "RDF": RDF_FORMATS}


def run_protocol_case(case: Case, suites: Manifests, client: Client) -> Verdict:
    """Send the requests of a test one after the other; an update must be refused."""
    graph = suites.graph(case.manifest)
    action = graph.value(case.node, f"{MF}action")
    requests = list(graph.members(graph.value(action, f"{_HT}requests")))
    assert requests
    for request in requests:
        reply = _send(graph, request, client)
        response = graph.value(request, f"{_HT}resp")
        if "update" in case.iri.rpartition("#")[2] and not _wants(graph, response, "4xx"):
            refused = 400 <= reply.status < 500
            return Verdict(case, Outcome.REFUSED if refused else Outcome.FAILED, reply.seen)
        if not _is_expected(graph, response, reply):
            return Verdict(case, Outcome.FAILED, reply.seen)
    return Verdict(case, Outcome.PASSED)


def _send(graph: ManifestGraph, request: Node, client: Client) -> Reply:
    body = graph.value(request, f"{_HT}body")
    encoding = graph.text(body, f"{_CNT}characterEncoding")
    headers = {
        graph.text(header, f"{_HT}fieldName"): graph.text(header, f"{_HT}fieldValue")
        for header in graph.members(graph.value(request, f"{_HT}headers"))
    }
    return client.send(
        graph.text(request, f"{_HT}methodName"),
        # The suite's path stands for that of whatever endpoint is tested.
        urlsplit(graph.text(request, f"{_HT}absolutePath")).query,
        graph.text(body, f"{_CNT}chars").encode(encoding) if body else None,
        headers,
    )


def _wants(graph: ManifestGraph, response: Node, status: str) -> bool:
    return any(text_of(s).endswith(status) for s in graph.values(response, f"{MF}expectedStatus"))


def _is_expected(graph: ManifestGraph, response: Node, reply: Reply) -> bool:
    if not _wants(graph, response, f"{reply.status // 100}xx"):
        return False
    kind, truth = (graph.text(response, f"{MF}expected{word}") for word in ("Format", "Boolean"))
    if kind and reply.media_type not in {known.media_type for known in _FORMATS[kind]}:
        return False
    answer = read_answer(reply.body, reply.media_type) if kind else None
    return not truth or answer is (truth == "true")
