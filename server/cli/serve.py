"""`sauran serve`: the current release on the web."""

import os
import sys
from pathlib import Path

import click

from sauran.kg.publication.publication import find_publication
from sauran.kg.release.build import build
from sauran.kg.release.release import current_release
from sauran.server.cli.build import build_exit_code, report_build
from sauran.server.cli.options import publication_option, releases_option, setting_option
from sauran.server.cli.production_server import serve
from sauran.server.cli.progress import steps
from sauran.server.cli.streams import echo_message
from sauran.server.cli.watching import Watcher
from sauran.server.http.settings import read_settings

__all__ = ["serve_command"]


@click.command("serve")
@setting_option("host")
@setting_option("port")
@setting_option("site")
@setting_option("workers")
@click.option(
    "--build", "build_first", is_flag=True, help="Build first if the content differs from the release."
)
@click.option("--watch", is_flag=True, help="Build first, and again whenever a content file changes.")
@publication_option
@releases_option
def serve_command(
    host: str | None,
    port: str | None,
    site: str | None,
    workers: str | None,
    build_first: bool,
    watch: bool,
    publication: Path | None,
    releases: Path,
) -> None:
    """Serve the current release: SPARQL, a page behind every IRI, dumps.

    The release is read-only. A newer one is taken up without a dropped request; with --watch a build that
    fails shows its findings here, and the last good release goes on being served.

    Exit codes: 0 stopped; 1 violations and no release to serve; 2 unusable input or wrong use.
    """
    settings = read_settings(
        os.environ,
        host=host,
        port=port,
        site=site,
        workers=workers,
        releases=releases,
        publication=publication,
    )
    if not (build_first or watch):
        serve(settings, settings.releases)
        return
    file = find_publication(settings.publication)
    watcher = Watcher(file, settings.releases) if watch else None
    with steps() as progress:
        result = build(file, settings.releases, progress=progress)
    report_build(result, as_json=False)
    if result.release is None:
        if current_release(settings.releases) is None:
            sys.exit(build_exit_code(result))
        echo_message("serving the last good release", fg="yellow")
    if watcher is None:
        serve(settings, settings.releases)
        return
    with watcher:
        serve(settings, settings.releases)
