"""What data say of a few nodes, where that is known without reading all of them once more."""

from collections.abc import Collection, Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from sauran.kg.model.errors import ContentError
from sauran.kg.model.findings import Term
from sauran.kg.positions import Statements, numbered_blanks
from sauran.kg.validate.reading import Data

__all__ = ["Descriptions"]

_LABEL = b"_:"


class Descriptions:
    """The statements of Turtle files, found once for all who ask; `data` are those that were validated."""

    def __init__(self, data: Data) -> None:
        self.data, self._files = data, data.files
        self._with_statements = {
            number
            for number, (source, text) in self._files.items()
            if source.format.name == "turtle" and _LABEL not in text
        }
        self._statements: dict[int, Statements] = {}

    def bytes_of(self, number: int) -> bytes:
        """A file as it was read."""
        return self._files[number][1]

    def has_statements(self, number: int) -> bool:
        """Whether the statements of a file are known by their subjects and blank nodes."""
        return number in self._with_statements

    def statements(self, number: int) -> Statements:
        """The statements of a file that has them."""
        if number not in self._statements:
            source, text = self._files[number]
            self._statements[number] = Statements(text.decode(), self.data.base(source))
        return self._statements[number]

    def about(self, nodes: Collection[Term]) -> list[Triple] | None:
        """The triples with these subjects; None where all must be read for that."""
        if len(self._with_statements) < len(self._files):
            return None
        try:
            return [triple for number in self._files for triple in self._about(number, nodes)]
        except (ContentError, SyntaxError):  # a fault of ours: who asks has another way
            return None

    def _about(self, number: int, nodes: Collection[Term]) -> Iterator[Triple]:
        prefix = f"f{number}n"
        blanks = [
            int(node.value.removeprefix(prefix))
            for node in nodes
            if isinstance(node, BlankNode) and node.value.startswith(prefix)
        ]
        named = [node for node in nodes if isinstance(node, NamedNode)]
        for first, quads in self.statements(number).parse(named, blanks):
            ours = {
                node: BlankNode(f"{prefix}{n}") for n, node in enumerate(numbered_blanks(quads), start=first)
            }
            for quad in quads:
                subject, object_ = quad.subject, quad.object
                if isinstance(subject, BlankNode):
                    subject = ours[subject]
                if isinstance(object_, BlankNode):
                    object_ = ours[object_]
                if subject in nodes:
                    yield Triple(subject, quad.predicate, object_)
