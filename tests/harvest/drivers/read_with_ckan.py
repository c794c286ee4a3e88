"""Harvest DCAT catalogues as CKAN does, one after the other; print what would come into the portal as JSON.

CKAN's own gather stage runs, with its models, over a database in memory; its schema then judges each dataset.
"""

import copy
import json
import logging
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from ckan import model  # noqa: E402
from ckan.common import config  # noqa: E402
from ckan.lib.navl.dictization_functions import validate  # noqa: E402
from ckan.logic.schema import default_create_package_schema  # noqa: E402
from ckanext.dcat.harvesters.rdf import DCATRDFHarvester  # noqa: E402
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource  # noqa: E402
from sqlalchemy import CheckConstraint, create_engine  # noqa: E402
from sqlalchemy.dialects.postgresql import JSONB  # noqa: E402
from sqlalchemy.ext.compiler import compiles  # noqa: E402
from sqlalchemy.pool import StaticPool  # noqa: E402

OWNER = "organisation"


@compiles(JSONB, "sqlite")
def _json(*_: object, **__: object) -> str:
    return "JSON"


def prepare(address: str) -> HarvestSource:
    """Make the tables, with an organisation that owns what comes in, and the source with its own dataset."""
    config.update({"ckan.site_url": "http://portal.example", "ckan.locale_default": "en"})
    engine = create_engine("sqlite://", poolclass=StaticPool)
    model.meta.Session.configure(bind=engine)
    model.meta.engine = engine
    for table in model.meta.metadata.tables.values():
        # Some indexes and conditions are written in functions of PostgreSQL.
        table.indexes.clear()
        for part in (table, *table.columns):
            part.constraints -= {each for each in part.constraints if isinstance(each, CheckConstraint)}
    model.meta.metadata.create_all(engine)
    owner = model.Group(name=OWNER, is_organization=True, type="organization")
    owner.id = OWNER
    model.Session.add(owner)
    model.Session.add(model.User(name="harvest", sysadmin=True))
    source = HarvestSource(url=address, type="dcat_rdf")
    source.save()
    model.Session.add(model.Package(id=source.id, name="source", url=address, owner_org=OWNER))
    model.repo.commit()
    return source


def faults_of(dataset: dict[str, object]) -> dict[str, object]:
    """What CKAN's schema finds wrong with a dataset that would be created."""
    context = {"model": model, "session": model.Session, "user": "harvest", "ignore_auth": True}
    return validate(copy.deepcopy(dataset), default_create_package_schema(), context)[1]


def gather(source: HarvestSource) -> dict[str, object]:
    """Run one harvest; what it found counts as imported afterwards."""
    job = HarvestJob(source=source)
    job.save()
    identifiers = DCATRDFHarvester().gather_stage(job)
    found = [HarvestObject.get(identifier) for identifier in identifiers]
    gone = [item for item in found if any(extra.key == "status" for extra in item.extras)]
    kept = [item for item in found if item not in gone]
    for item in kept:
        item.current, item.package_id, item.source = True, item.id, source
        item.save()
    datasets = {item.guid: json.loads(item.content) for item in kept}
    return {
        "datasets": datasets,
        "faults": {guid: faults for guid, dataset in datasets.items() if (faults := faults_of(dataset))},
        "deleted": sorted(item.guid for item in gone),
        "errors": [error.message for error in job.gather_errors],
    }


def main() -> None:
    """Read the addresses that are named: each as if the source had moved there since the last harvest."""
    source = prepare(sys.argv[1])
    answers = []
    for address in sys.argv[1:]:
        source.url = address
        answers.append(gather(source))
    json.dump(answers, sys.stdout)


main()
