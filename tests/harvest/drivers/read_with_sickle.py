"""Harvest an OAI-PMH repository with sickle; print what it says as JSON.

After the address come requests as JSON objects: {"verb": "ListRecords", "metadataPrefix": "oai_dc", …}.
"""

import json
import sys

import sickle
from sickle import oaiexceptions

ERRORS = tuple(each for each in vars(oaiexceptions).values() if isinstance(each, type))


def plain(item: object) -> object:
    """A record, header, set, format or identification as JSON can hold it."""
    header = item.header if isinstance(item, sickle.models.Record) else item
    if isinstance(header, sickle.models.Header):
        found = {
            "identifier": header.identifier,
            "datestamp": header.datestamp,
            "sets": header.setSpecs,
            "deleted": header.deleted,
        }
        return found | {"metadata": getattr(item, "metadata", None), "xml": item.raw}
    return {name: value for name, value in vars(item).items() if isinstance(value, str | list)}


def answer(harvester: sickle.Sickle, verb: str, asked: dict[str, str]) -> object:
    """All items of a list, following its resumption tokens; or the name of the error."""
    try:
        found = getattr(harvester, verb)(**asked)
        return [plain(item) for item in found] if verb.startswith("List") else plain(found)
    except ERRORS as error:
        return {"error": type(error).__name__, "message": str(error)}


harvester = sickle.Sickle(sys.argv[1], encoding="utf-8")
answers = []
for argument in sys.argv[2:]:
    asked = json.loads(argument)
    answers.append(answer(harvester, asked.pop("verb"), asked))
json.dump(answers, sys.stdout)
