"""Tests of the service description: what its manifest names in words; holds no test."""

from collections.abc import Callable

from pyoxigraph import Dataset, NamedNode, RdfFormat, parse
from w3c.client import Client, Reply
from w3c.manifests import Case
from w3c.verdicts import Outcome, Verdict

__all__ = ["run_description_case"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_TURTLE = "text/turtle"
# SPARQL 1.1 Service Description, section 3: the classes of what has a property, and the class of its values
# where the description itself has to say it.
_COLLECTION = ("GraphCollection", "Dataset")
_SCHEMA = {
    "endpoint": (("Service",), None),
    "feature": (("Service",), None),
    "defaultEntailmentRegime": (("Service",), None),
    "defaultSupportedEntailmentProfile": (("Service",), None),
    "entailmentRegime": (("NamedGraph",), None),
    "supportedEntailmentProfile": (("NamedGraph",), None),
    "extensionFunction": (("Service",), "Function"),
    "extensionAggregate": (("Service",), "Aggregate"),
    "languageExtension": (("Service",), None),
    "supportedLanguage": (("Service",), None),
    "propertyFeature": (("Service",), None),
    "inputFormat": (("Service",), None),
    "resultFormat": (("Service",), None),
    "defaultDataset": (("Service",), "Dataset"),
    "availableGraphs": (("Service",), "GraphCollection"),
    "defaultGraph": (("Dataset",), "Graph"),
    "namedGraph": (_COLLECTION, "NamedGraph"),
    "name": (("NamedGraph",), None),
    "graph": (("NamedGraph",), "Graph"),
}


def run_description_case(case: Case, client: Client) -> Verdict:
    """Ask the endpoint for its description, and check what the test is named after."""
    reply = client.send("GET", headers={"Accept": _TURTLE})
    checks: dict[str, Callable[[], bool]] = {
        "returns-rdf": lambda: len(_description(reply)) > 0,
        "has-endpoint-triple": lambda: _has_endpoint(_description(reply), client.endpoint),
        "conforms-to-schema": lambda: _conforms(_description(reply)),
    }
    passed = checks[case.iri.rpartition("#")[2]]()
    return Verdict(case, Outcome.PASSED if passed else Outcome.FAILED, "" if passed else reply.seen)


def _description(reply: Reply) -> Dataset:
    assert (reply.status, reply.media_type) == (200, _TURTLE), reply.seen
    return Dataset(parse(reply.body, format=RdfFormat.TURTLE))


def _has_endpoint(description: Dataset, endpoint: str) -> bool:
    return any(
        quad.predicate.value == f"{_SD}endpoint" and quad.object == NamedNode(endpoint)
        for quad in description
    )


def _conforms(description: Dataset) -> bool:
    kinds = {(quad.subject, quad.object.value) for quad in description if quad.predicate == _TYPE}
    services = [node for node, kind in kinds if kind == f"{_SD}Service"]
    for quad in description:
        if quad.predicate.value.startswith(_SD):
            domain, range_ = _SCHEMA[quad.predicate.value.removeprefix(_SD)]
            if not any((quad.subject, _SD + kind) in kinds for kind in domain):
                return False
            if range_ and not any((quad.object, _SD + kind) in kinds for kind in (range_, *_below(range_))):
                return False
    return len(services) == 1


def _below(kind: str) -> tuple[str, ...]:
    """The subclasses of a class of the vocabulary."""
    return ("Dataset",) if kind == "GraphCollection" else ()
