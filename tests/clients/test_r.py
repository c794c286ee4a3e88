"""R with the package SPARQL from Debian: answers as data frames."""

import pytest
from support import output_of

pytestmark = [pytest.mark.slow, pytest.mark.needs("r-cran-sparql")]


def r(script: str) -> str:
    return output_of("Rscript", "--vanilla", "-e", f"suppressMessages(library(SPARQL))\n{script}")


def test_rows_become_a_data_frame(endpoint: str, question: str, rows: list) -> None:
    # RCurl finds the charset only in a header spelt "Content-Type", and ours are in lower case.
    printed = r(
        f'd <- SPARQL("{endpoint}", "{question}", curl_args = list(.encoding = "UTF-8"))$results\n'
        'cat(paste(d$claim, d$text, sep = "\\t"), sep = "\\n")'
    )
    assert printed.splitlines() == [f'<{iri}>\t"{text}"@kk' for iri, text in rows]


def test_numbers_are_numbers(endpoint: str) -> None:
    query = "SELECT ?n ?x WHERE { VALUES (?n ?x) { (1 1.5) (2 2.5) } } ORDER BY ?n"
    assert r(f'cat(colSums(SPARQL("{endpoint}", "{query}")$results))') == "3 4"


def test_csv_is_read_by_r_itself(endpoint: str, question: str, rows: list) -> None:
    printed = r(
        f'u <- url(paste0("{endpoint}?query=", URLencode("{question}", reserved = TRUE)),'
        ' headers = c(Accept = "text/csv"), encoding = "UTF-8")\n'
        'd <- read.csv(u)\ncat(paste(d$claim, d$text, sep = "\\t"), sep = "\\n")'
    )
    assert [tuple(line.split("\t")) for line in printed.splitlines()] == rows
