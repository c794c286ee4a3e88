"""Every type of page is valid HTML: the Nu checker finds neither errors nor warnings."""

import json
import subprocess
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest
from browser_support import BROKEN, EVERY_PAGE, PAGES, address

CHECKOUT = Path(__file__).resolve().parents[2]
CHECKER = CHECKOUT / "tests/browser/node_modules/vnu-jar/build/dist/vnu.jar"
pytestmark = [pytest.mark.slow, pytest.mark.needs("java", "nu-checker", "editor")]


def judged(*files: Path) -> list[str]:
    """What the checker says of files, all in one run."""
    result = subprocess.run(
        ["java", "-Xss4m", "-jar", CHECKER, "--format", "json", "--stdout", "--html", *files],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.stderr == ""
    said = json.loads(result.stdout)
    return [
        f"{Path(m['url']).name}:{m.get('lastLine')}: {m['message']} {m.get('extract', '')!r}"
        for m in said["messages"]
    ]


def read(url: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def test_every_type_of_page_is_valid_html(site: str, tmp_path: Path) -> None:
    files = []
    for name, language in EVERY_PAGE:
        status, text = read(f"{site}{address(name, language)[1:]}")
        assert status == BROKEN.get(name, 200)
        files.append(tmp_path / f"{name}.{language}.html")
        files[-1].write_bytes(text)
    assert len(files) == 4 * len(PAGES)
    assert judged(*files) == []


def test_faults_are_noticed(site: str, tmp_path: Path) -> None:
    _status, text = read(f"{site}en/about")
    file = tmp_path / "broken.html"
    file.write_bytes(text.replace(b"<h1>", b"<h1 align=center><p>", 1))
    assert [message for message in judged(file) if "align" in message or "h1" in message]
