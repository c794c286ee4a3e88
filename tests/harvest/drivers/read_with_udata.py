"""Harvest DCAT catalogues as uData does, one after the other, and print what is in the portal then as JSON.

Its own harvester runs and saves; the database is in memory, and tasks for the queue are run at once.
"""

import json
import logging
import secrets
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import mongomock  # noqa: E402
import pymongo  # noqa: E402

pymongo.MongoClient = mongomock.MongoClient

from udata.app import create_app, standalone  # noqa: E402
from udata.core.dataservices.models import Dataservice  # noqa: E402
from udata.core.dataset.models import Dataset, License  # noqa: E402
from udata.core.organization.models import Organization  # noqa: E402
from udata.harvest.backends import get_backend  # noqa: E402
from udata.harvest.models import HarvestSource  # noqa: E402
from udata.settings import Defaults  # noqa: E402

# Some of those that a portal begins with.
LICENCES = {
    "cc-by": "Creative Commons Attribution",
    "cc-by-sa": "Creative Commons Attribution Share-Alike",
    "cc-zero": "Creative Commons CCZero",
    "odc-by": "Open Data Commons Attribution License",
}


class Settings(Defaults):
    """A portal with nothing beside it, which may harvest this machine."""

    SECRET_KEY = secrets.token_hex()
    API_TOKEN_SECRET = secrets.token_hex()
    CACHE_TYPE = "NullCache"
    CELERY_TASK_ALWAYS_EAGER = True
    SEND_MAIL = False
    SERVER_NAME = "portal.example"
    HARVESTER_BACKENDS = ("dcat",)
    URLS_ALLOW_LOCAL = True
    URLS_ALLOW_PRIVATE = True


def plain(document: object, *names: str) -> dict[str, object]:
    """Some fields of a document, as JSON can hold them."""
    return {name: json.loads(json.dumps(getattr(document, name, None), default=str)) for name in names}


def described(dataset: Dataset) -> dict[str, object]:
    """A dataset as it is in the portal."""
    found = plain(dataset, "title", "description", "tags", "frequency")
    found |= {
        "licence": dataset.license.id if dataset.license else None,
        "contacts": [plain(contact, "name", "email", "role") for contact in dataset.contact_points],
        "temporal": plain(dataset.temporal_coverage, "start", "end") if dataset.temporal_coverage else None,
        "harvest": plain(
            dataset.harvest, "remote_id", "uri", "remote_url", "issued_at", "modified_at", "archived_at"
        ),
        "resources": [
            plain(resource, "title", "url", "type", "format", "mime", "filesize")
            | {"checksum": plain(resource.checksum, "type", "value") if resource.checksum else None}
            for resource in dataset.resources
        ],
    }
    return found


def harvest(source: HarvestSource) -> dict[str, object]:
    """Run one job, and look what the portal has afterwards."""
    job = get_backend("dcat")(source).harvest()
    return {
        "status": job.status,
        "errors": [error.message for error in job.errors],
        "items": [
            {"identifier": item.remote_id, "status": item.status, "errors": [e.message for e in item.errors]}
            for item in job.items
        ],
        "datasets": {each.harvest.uri: described(each) for each in Dataset.objects},
        "services": {
            each.harvest.uri: plain(each, "title", "base_api_url", "machine_documentation_url")
            | {"datasets": [dataset.harvest.uri for dataset in each.datasets]}
            for each in Dataservice.objects
        },
    }


def main() -> None:
    """Read the addresses that are named: each as if the source had moved there since the last harvest."""
    app = standalone(create_app(Settings))
    answers = []
    with app.app_context():
        for name, title in LICENCES.items():
            License.objects.create(id=name, title=title, url=f"http://www.opendefinition.org/licenses/{name}")
        owner = Organization.objects.create(name="Organisation", description="Owns what comes in.")
        source = HarvestSource.objects.create(
            name="source", url=sys.argv[1], backend="dcat", organization=owner
        )
        for address in sys.argv[1:]:
            source.url = address
            source.save()
            answers.append(harvest(source))
    json.dump(answers, sys.stdout)


main()
