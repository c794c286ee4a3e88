"""Perl's RDF::Query::Client from Debian: its own headers, its own parser."""

import pytest
from support import output_of

# Reads XML rightly with libxml-libxml-perl only: the parser in Perl alone takes undeclared UTF-8 for Latin-1.
pytestmark = pytest.mark.needs("librdf-query-client-perl")

SCRIPT = r"""
use RDF::Query::Client; binmode STDOUT, ":utf8";
my ($endpoint, $question) = @ARGV;
my $rows = RDF::Query::Client->new($question)->execute($endpoint) or die "no answer";
while (my $row = $rows->next) { print $row->{claim}->uri, "\t", $row->{text}->literal_value, "\n" }
"""


def test_rows_are_right(endpoint: str, question: str, rows: list) -> None:
    printed = output_of("perl", "-e", SCRIPT, endpoint, question)
    assert [tuple(line.split("\t")) for line in printed.splitlines()] == rows


def test_triples_are_right(endpoint: str) -> None:
    script = SCRIPT.partition("while")[0] + 'my $n = 0; $n++ while $rows->next; print "$n"'
    query = "CONSTRUCT { ?c a <urn:x-claim> } WHERE { ?c a <https://w3id.org/sauran/ontology#Claim> }"
    assert output_of("perl", "-e", script, endpoint, query) == "148"
