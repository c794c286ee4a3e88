"""Load Croissant descriptions with mlcroissant; print the first rows of each record set as JSON."""

import itertools
import json
import os
import sys
import tempfile
import warnings

# What it downloads it keeps, by address; the next test may have another file there.
kept = tempfile.TemporaryDirectory()
os.environ["CROISSANT_CACHE"] = kept.name
warnings.simplefilter("ignore")

import mlcroissant  # noqa: E402


def plain(value: object) -> object:
    """A value of a row as JSON can hold it."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def described(address: str) -> dict[str, object]:
    """What a description says, what mlcroissant thinks of it, and what its tables hold."""
    dataset = mlcroissant.Dataset(jsonld=address)
    metadata, issues = dataset.metadata, dataset.metadata.ctx.issues
    rows = {each.id: list(dataset.records(each.id)) for each in metadata.record_sets}
    return {
        "name": metadata.name,
        "files": {each.id: each.content_url for each in metadata.distribution},
        "errors": sorted(map(str, issues.errors)),
        "warnings": sorted(map(str, issues.warnings)),
        "sizes": {name: len(each) for name, each in rows.items()},
        "records": {
            name: [{key: plain(value) for key, value in row.items()} for row in itertools.islice(each, 3)]
            for name, each in rows.items()
        },
    }


with kept:
    json.dump({address: described(address) for address in sys.argv[1:]}, sys.stdout, default=str)
