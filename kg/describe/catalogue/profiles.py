"""Catalogue profiles: DCAT-AP, uData, schema.org, and one for each portal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Quad

from sauran.kg.describe.catalogue.schema_profile import in_schema_org
from sauran.kg.describe.catalogue.udata_profile import in_udata
from sauran.kg.publication.catalogue_metadata import BUILT_IN

__all__ = ["DEFAULT_PROFILE", "Profile", "in_profile", "profiles"]

DEFAULT_PROFILE, _UDATA, _SCHEMA = BUILT_IN


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile: the name that people type, its IRI, the portal whose identifiers it has."""

    name: str
    iri: str
    portal: str = ""


def profiles(manifest: Mapping[str, Any]) -> dict[str, Profile]:
    """All profiles of a publication's catalogue, by name; the first is the default."""
    said = manifest["publication"]
    own = f"{said['base']}catalogue#profile-"
    portals = {name for dataset in said["datasets"] for name in dataset.get("portals", {})}
    known = [
        Profile(DEFAULT_PROFILE, "http://data.europa.eu/r5r/"),
        Profile(_UDATA, f"{own}{_UDATA}"),
        Profile(_SCHEMA, "https://schema.org/"),
        *(Profile(name, f"{own}{name}", name) for name in sorted(portals)),
    ]
    return {profile.name: profile for profile in known}


def in_profile(quads: Sequence[Quad], profile: Profile) -> list[Quad]:
    """Translate DCAT-AP quads to a profile."""
    if profile.name == _SCHEMA:
        return in_schema_org(quads)
    if profile.name == _UDATA:
        return in_udata(quads)
    return list(quads)
