"""`sauran query`: query the current release with SPARQL."""

import sys
from pathlib import Path

import click

from sauran import Answer, QueryError, open_release
from sauran.kg.loading.named_queries import NamedQuery, read_query
from sauran.kg.loading.serialisation import write_triples
from sauran.kg.model.formats import BY_NAME, CSV, FORMATS, RDF_FORMATS, RESULT_FORMATS, TURTLE, Format
from sauran.kg.publication.publication import find_publication, load_publication
from sauran.server.cli.options import publication_option, releases_option

__all__ = ["query_command"]


@click.command("query")
@click.argument("query", required=False)
@click.option(
    "--file", "file", type=click.Path(path_type=Path), metavar="FILE", help="Read the query from a file."
)
@click.option("--name", metavar="SLUG", help="Run one of the datasets' own queries, by its slug.")
@click.option("--list", "list_them", is_flag=True, help="List the datasets' own queries.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(sorted(known.name for known in FORMATS)),
    help="The format of the answer.  [default: csv for rows, turtle for triples]",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json (rows) or jsonld (triples).")
@publication_option
@releases_option
def query_command(
    query: str | None,
    file: Path | None,
    name: str | None,
    list_them: bool,
    format_name: str | None,
    as_json: bool,
    publication: Path | None,
    releases: Path,
) -> None:
    """Query the current release with SPARQL; - reads the query from standard input.

    \b
    sauran query 'SELECT (COUNT(*) AS ?claims) WHERE { ?c a <https://w3id.org/sauran/ontology#Claim> }'
    sauran query --list
    sauran query --name q02-independence
    """  # noqa: D301 (click wants the character)
    if list_them:
        for slug, known in sorted(_named(publication).items()):
            click.echo(f"{slug}\t{known.question}")
        return
    text = _text(query, file, name, publication)
    release = open_release(releases)
    answer = release.query(text)
    if as_json:
        format_name = "jsonld" if answer.kind == "triples" else "json"
    wanted = _format(answer, format_name)
    if answer.kind == "triples":
        data = write_triples(answer.triples(), wanted, dict(release.manifest["prefixes"]))
    else:
        data = answer.serialize(wanted)
    sys.stdout.buffer.write(data)
    if not data.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")


def _text(query: str | None, file: Path | None, name: str | None, publication: Path | None) -> str:
    given = [kind for kind in (query, file, name) if kind is not None]
    if len(given) != 1:
        raise click.UsageError("Give one query: as an argument, with --file or with --name.")
    if query is not None:
        return sys.stdin.read() if query == "-" else query
    if file is not None:
        try:
            return file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise QueryError(str(file), "cannot be read as UTF-8 text.") from error
    known = _named(publication)
    if name not in known:
        raise QueryError(str(name), "the datasets have no query of this name.", "See: sauran query --list")
    return known[name].text


def _named(publication: Path | None) -> dict[str, NamedQuery]:
    found = load_publication(find_publication(publication))
    return {file.stem: read_query(file) for dataset in found.datasets for file in dataset.query_files}


def _format(answer: Answer, name: str | None) -> Format:
    fitting = RDF_FORMATS if answer.kind == "triples" else RESULT_FORMATS
    if name is None:
        return TURTLE if answer.kind == "triples" else CSV
    wanted = BY_NAME[name]
    if wanted not in fitting:
        raise QueryError(
            f"--format {name}",
            "does not fit the query.",
            f"Formats for {answer.kind}: {', '.join(known.name for known in fitting)}.",
        )
    return wanted
