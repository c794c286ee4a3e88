"""publication.toml and dataset.toml as frozen dataclasses; errors name file and line."""

import datetime
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyoxigraph import NamedNode

from sauran.kg.model.errors import PublicationError
from sauran.kg.publication.catalogue_metadata import (
    Cataloguing,
    check_iris,
    check_publisher_and_contact,
    check_texts,
    read_cataloguing,
    read_keywords,
    read_languages,
    read_licence,
)
from sauran.kg.publication.distributions import PARTS, WHOLE
from sauran.kg.publication.package_paths import packaged_publication
from sauran.kg.publication.toml_with_lines import SettingsFile, read_settings_file

__all__ = ["Dataset", "Publication", "Texts", "as_plain", "find_publication", "load_publication"]

Texts = MappingProxyType[str, str]
Words = MappingProxyType[str, tuple[str, ...]]
_RESERVED = (WHOLE, "ontology", "shapes", "alignments")


@dataclass(frozen=True)
class Dataset:
    """One dataset: a folder with dataset.toml, Turtle files and queries."""

    slug: str
    base: str
    folder: Path
    title: Texts
    description: Texts
    issued: datetime.date
    modified: datetime.date
    licence: str
    files: tuple[Path, ...]
    requires: tuple[str, ...]
    sources: tuple[str, ...]
    themes: tuple[str, ...]
    keywords: Words
    cataloguing: Cataloguing

    @property
    def iri(self) -> NamedNode:
        """The dataset itself."""
        return NamedNode(f"{self.base}dataset/{self.slug}")

    @property
    def graph(self) -> NamedNode:
        """The named graph of what its files say."""
        return NamedNode(f"{self.base}graph/{self.slug}")

    @property
    def derived_graph(self) -> NamedNode:
        """The named graph of the plain triples derived from its claims."""
        return NamedNode(f"{self.base}graph/{self.slug}/derived")

    @property
    def query_files(self) -> tuple[Path, ...]:
        """Its .rq files, by name."""
        return tuple(sorted((self.folder / "queries").glob("*.rq")))


@dataclass(frozen=True)
class Publication:
    """A publication: its datasets and their catalogue metadata."""

    file: Path
    version: str
    issued: datetime.date
    base: str
    languages: tuple[str, ...]
    licence: str
    code_licence: str
    title: Texts
    description: Texts
    publisher: Texts
    contact: Texts
    themes: tuple[str, ...]
    keywords: Words
    canonical_literals: bool
    cataloguing: Cataloguing
    datasets: tuple[Dataset, ...]

    @cached_property
    def ontology_graph(self) -> NamedNode:
        """The named graph of ontology and concept schemes."""
        return NamedNode(f"{self.base}graph/ontology")

    @cached_property
    def shapes_graph(self) -> NamedNode:
        """The named graph of the shapes."""
        return NamedNode(f"{self.base}graph/shapes")

    def dataset(self, slug: str) -> Dataset:
        """Find a dataset; the caller knows that it is there."""
        return next(dataset for dataset in self.datasets if dataset.slug == slug)


def find_publication(wanted: Path | None = None) -> Path:
    """Find the publication.toml to use: the one named, ./publication.toml, else the packaged one.

    Raises: PublicationError when the one named does not exist.
    """
    if wanted is not None:
        if wanted.is_file():
            return wanted
        raise PublicationError(str(wanted), "there is no such file.", "Give the path of a publication.toml.")
    here = Path("publication.toml")
    return here if here.is_file() else packaged_publication()


def load_publication(file: Path) -> Publication:
    """Read a publication and its datasets.

    Raises: PublicationError with file and line for a key that is unknown, missing or of the wrong kind.
    """
    settings = read_settings_file(file, _names_in(Publication))
    base = _absolute_base(settings)
    slugs = settings.strings("datasets")
    languages = read_languages(settings)
    check_texts(settings, languages)
    check_publisher_and_contact(settings)
    cataloguing = read_cataloguing(settings)
    publication = Publication(
        file=file,
        version=_version(settings),
        issued=settings.date("issued"),
        base=base,
        languages=languages,
        licence=read_licence(settings),
        code_licence=settings.string("code_licence", default=""),
        title=settings.texts("title"),
        description=settings.texts("description"),
        publisher=settings.texts("publisher"),
        contact=settings.texts("contact"),
        themes=settings.strings("themes", default=()),
        keywords=read_keywords(settings),
        canonical_literals=settings.boolean("canonical_literals", default=True),
        cataloguing=cataloguing,
        datasets=tuple(_load_dataset(settings, slug, base, languages, cataloguing) for slug in slugs),
    )
    settings.refuse_unknown()
    known: set[str] = set()
    for dataset in publication.datasets:
        for needed in dataset.requires:
            if needed not in known:
                raise settings.fault(
                    "datasets",
                    f"{dataset.slug} requires {needed}, which is not listed before it.",
                    f"Add {needed} before {dataset.slug}.",
                )
        known.add(dataset.slug)
    return publication


def _names_in(kind: type[Publication | Dataset]) -> frozenset[str]:
    """The keys of a file, which are those of what is made of it."""
    return frozenset(field.name for part in (kind, Cataloguing) for field in fields(part))


def _load_dataset(
    publication: SettingsFile, slug: str, base: str, languages: tuple[str, ...], whole: Cataloguing
) -> Dataset:
    folder = publication.file.parent / "datasets" / slug
    if not (folder / "dataset.toml").is_file():
        raise publication.fault(
            "datasets",
            f"there is no {folder / 'dataset.toml'}.",
            f"Create it, or remove {slug} from datasets.",
        )
    settings = read_settings_file(folder / "dataset.toml", _names_in(Dataset))
    check_texts(settings, languages)
    dataset = Dataset(
        slug=settings.string("slug"),
        base=base,
        folder=folder,
        title=settings.texts("title"),
        description=settings.texts("description"),
        issued=settings.date("issued"),
        modified=settings.date("modified"),
        licence=read_licence(settings),
        files=tuple(folder / name for name in settings.strings("files")),
        requires=settings.strings("requires", default=()),
        sources=check_iris(settings, "sources", settings.strings("sources", default=())),
        themes=check_iris(settings, "themes", settings.strings("themes", default=())),
        keywords=read_keywords(settings),
        cataloguing=read_cataloguing(settings, whole),
    )
    settings.refuse_unknown()
    if dataset.slug != slug:
        raise settings.fault("slug", f"{dataset.slug!r} is not the folder's name.", f'Write slug = "{slug}".')
    _refuse_reserved(settings, slug, publication.strings("datasets"))
    _check_files(settings, dataset)
    return dataset


def _refuse_reserved(settings: SettingsFile, slug: str, slugs: tuple[str, ...]) -> None:
    """Refuse a slug under which something else is dumped."""
    other, _, part = slug.rpartition("-")
    if slug in _RESERVED or (part in PARTS and other in slugs):
        raise settings.fault(
            "slug", f"{slug!r} is reserved for another file in dumps.", "Rename the dataset and its folder."
        )


def _check_files(settings: SettingsFile, dataset: Dataset) -> None:
    for file in dataset.files:
        if not file.is_file():
            raise settings.fault("files", f"there is no {file}.", "Create it, or remove it from files.")
    listed = {file.resolve() for file in dataset.files}
    for file in sorted(dataset.folder.rglob("*.ttl")):
        if file.resolve() not in listed:
            raise settings.fault(
                "files",
                f"{file} is not in the list.",
                f'Add "{file.relative_to(dataset.folder).as_posix()}" to files, or move the file away.',
            )


def _absolute_base(settings: SettingsFile) -> str:
    base = settings.string("base")
    if not base.startswith(("http://", "https://")) or not base.endswith("/"):
        raise settings.fault(
            "base",
            f"{base!r} is not a valid base IRI.",
            "It begins with http:// or https:// and ends with /.",
        )
    return base


def _version(settings: SettingsFile) -> str:
    version = settings.string("version")
    if not version or any(not (c.isascii() and (c.isalnum() or c in ".+")) for c in version):
        raise settings.fault(
            "version", f"{version!r} is not a valid version.", "Use letters, digits and dots, as 1.0.0."
        )
    return version


def as_plain(publication: Publication) -> dict[str, Any]:
    """The publication for the manifest, as plain data for JSON."""
    return {
        "base": publication.base,
        "issued": publication.issued.isoformat(),
        "languages": list(publication.languages),
        "licence": publication.licence,
        "code_licence": publication.code_licence,
        "title": dict(publication.title),
        "description": dict(publication.description),
        "publisher": dict(publication.publisher),
        "contact": dict(publication.contact),
        "themes": list(publication.themes),
        "keywords": {language: list(words) for language, words in publication.keywords.items()},
        **publication.cataloguing.as_plain(),
        "datasets": [
            {
                "slug": dataset.slug,
                "iri": dataset.iri.value,
                "graph": dataset.graph.value,
                "derived_graph": dataset.derived_graph.value,
                "title": dict(dataset.title),
                "description": dict(dataset.description),
                "issued": dataset.issued.isoformat(),
                "modified": dataset.modified.isoformat(),
                "licence": dataset.licence,
                "requires": list(dataset.requires),
                "sources": list(dataset.sources),
                "themes": list(dataset.themes),
                "keywords": {language: list(words) for language, words in dataset.keywords.items()},
                **dataset.cataloguing.as_plain(),
            }
            for dataset in publication.datasets
        ],
    }
