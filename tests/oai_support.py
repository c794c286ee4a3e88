"""Answers of an OAI-PMH repository, held to the rules of its schema; holds no test."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from flask.testing import FlaskClient

__all__ = ["DC", "OAI", "RDF", "ask", "broken_rules", "error_of", "harvest", "read_xml", "records_of"]

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_VERBS = "GetRecord|Identify|ListIdentifiers|ListMetadataFormats|ListRecords|ListSets"
_DAY = r"\d{4}-\d\d-\d\d"
_WORD = r"[A-Za-z0-9\-_.!~*'()]+"
_CODES = (
    "badArgument|badResumptionToken|badVerb|cannotDisseminateFormat|idDoesNotExist|noMetadataFormats"
    "|noRecordsMatch|noSetHierarchy"
)
# The children of each element, in their order; what is behind a slash is of another namespace.
_CHILDREN = {
    "OAI-PMH": f"responseDate request ((error )+|({_VERBS}) )",
    "Identify": "repositoryName baseURL protocolVersion (adminEmail )+earliestDatestamp deletedRecord "
    "granularity (compression )*(description )*",
    "ListMetadataFormats": "(metadataFormat )+",
    "metadataFormat": "metadataPrefix schema metadataNamespace ",
    "ListSets": "(set )+(resumptionToken )?",
    "set": "setSpec setName (setDescription )*",
    "GetRecord": "record ",
    "ListRecords": "(record )+(resumptionToken )?",
    "ListIdentifiers": "(header )+(resumptionToken )?",
    "record": "header (metadata )?(about )*",
    "header": "identifier datestamp (setSpec )*",
    "metadata": "/ ",
    "description": "/ ",
    "setDescription": "/ ",
}
_TEXTS = {
    "responseDate": rf"{_DAY}T\d\d:\d\d:\d\dZ",
    "protocolVersion": r"2\.0",
    "adminEmail": r"\S+@(\S+\.)+\S+",
    "earliestDatestamp": _DAY,
    "deletedRecord": "no|persistent|transient",
    "granularity": "YYYY-MM-DD|YYYY-MM-DDThh:mm:ssZ",
    "compression": "gzip|deflate|compress",
    "metadataPrefix": _WORD,
    "schema": r"https?://\S+",
    "metadataNamespace": r"https?://\S+",
    "setSpec": f"{_WORD}(:{_WORD})*",
    "setName": r"\S.*",
    "identifier": r"[a-z]+:\S+",
    "datestamp": _DAY,
    "request": r"https?://\S+",
    "baseURL": r"https?://\S+",
    "repositoryName": r"\S.*",
    "error": r"\S.*",
    "resumptionToken": r"\S*",
}
_ATTRIBUTES = {
    "request": {
        "verb": _VERBS,
        "identifier": ".+",
        "metadataPrefix": _WORD,
        "from": _DAY,
        "until": _DAY,
        "set": f"{_WORD}(:{_WORD})*",
        "resumptionToken": ".*",
    },
    "error": {"code": _CODES},
    "resumptionToken": {"completeListSize": "[1-9][0-9]*", "cursor": "[0-9]+"},
    "OAI-PMH": {_SCHEMA_LOCATION: r"http://www\.openarchives\.org/OAI/2\.0/ \S+/OAI-PMH\.xsd"},
}


def broken_rules(answer: ET.Element) -> list[str]:
    """What in an answer is against the schema of OAI-PMH 2.0, or against that of its Dublin Core."""
    found = []
    for element in answer.iter():
        name = element.tag.removeprefix(OAI)
        if name != element.tag:
            found += _wrong_with(name, element)
        elif element.tag.startswith(DC):
            allowed = "{http://www.w3.org/XML/1998/namespace}lang"
            if set(element.attrib) - {allowed} or len(element) or not (element.text or "").strip():
                found.append(f"{element.tag} is no element of simple Dublin Core")
    return found


def _wrong_with(name: str, element: ET.Element) -> Iterator[str]:
    inside = "".join(f"{c.tag.removeprefix(OAI) if c.tag.startswith(OAI) else '/'} " for c in element)
    if not re.fullmatch(_CHILDREN.get(name, ""), inside):
        yield f"{name} holds {inside.split()}"
    if name in _TEXTS and not re.fullmatch(_TEXTS[name], element.text or "", re.DOTALL):
        yield f"{name} says {element.text!r}"
    if name not in _TEXTS and name not in _CHILDREN:
        yield f"{name} is unknown"
    known = _ATTRIBUTES.get(name, {})
    for attribute, value in element.attrib.items():
        if attribute not in known or not re.fullmatch(known[attribute], value):
            yield f"{name} has {attribute}={value!r}"


def read_xml(text: bytes | str) -> ET.Element:
    """The root of an XML document of our own."""
    return ET.fromstring(text)  # noqa: S314 (nobody else wrote it)


def ask(client: FlaskClient, **arguments: str) -> ET.Element:
    """The answer to a request, which must be XML that keeps the rules; `from` is written from_."""
    response = client.get("/oai", query_string={name.rstrip("_"): said for name, said in arguments.items()})
    assert (response.status_code, response.content_type) == (200, "text/xml; charset=utf-8")
    answer = read_xml(response.data)
    assert answer.tag == f"{OAI}OAI-PMH"
    assert broken_rules(answer) == []
    return answer


def error_of(answer: ET.Element) -> str | None:
    """The code of the error that an answer is, if it is one."""
    error = answer.find(f"{OAI}error")
    return None if error is None else error.get("code")


def harvest(client: FlaskClient, verb: str, **arguments: str) -> list[ET.Element]:
    """All pages of a list, one after the other, as a harvester gets them."""
    pages = [ask(client, verb=verb, **arguments)]
    while (token := pages[-1].findtext(f"{OAI}{verb}/{OAI}resumptionToken")) and len(pages) < 100:
        pages.append(ask(client, verb=verb, resumptionToken=token))
    return pages


def records_of(pages: list[ET.Element]) -> dict[str, ET.Element]:
    """The records of some pages, or their headers, by identifier; none may come twice."""
    found: dict[str, ET.Element] = {}
    for page in pages:
        for element in (*page.iter(f"{OAI}record"), *page.findall(f"{OAI}ListIdentifiers/{OAI}header")):
            identifier = next(element.iter(f"{OAI}identifier")).text or ""
            assert identifier not in found
            found[identifier] = element
    return found
