"""The LL(1) grammar of SPARQL queries as a table.

The notation is ours: a rule is a name, an equals sign and alternatives with / between. Names of rules begin
with a capital and go on with small letters; terminals are keywords in capitals, kinds of tokens in small
letters, and signs in quotation marks. After a symbol ? is none or one, * any number, + one or more. Of each
two alternatives the first terminals differ, so one terminal decides. Precedence of operators is left out: it
refuses nothing.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["START", "Grammar", "grammar", "read_grammar"]

START = "Query"
_QUERY = """
Query = Prologue* Form Values? end
Prologue = BASE iri / PREFIX prefix iri / VERSION string
Form = Select / CONSTRUCT Construct / DESCRIBE Described From* Where? Modifiers
  / ASK From* WHERE? Group Modifiers
Select = SELECT Distinct? Projection From* WHERE? Group Modifiers
Distinct = DISTINCT / REDUCED
Projection = '*' / Column+
Column = variable / '(' Expression AS variable ')'
Construct = '{' PlainTriples? '}' From* WHERE? Group Modifiers
  / From* WHERE '{' PlainTriples? '}' Modifiers
Described = '*' / Name+
From = FROM FromWhat
FromWhat = Iri / NAMED Iri
Where = WHERE Group / Group
Modifiers = Grouping? Having? Ordering? Limits?
Grouping = GROUP BY GroupKey+
GroupKey = variable / Call / Iri List / '(' Expression Alias? ')'
Alias = AS variable
Having = HAVING Constraint+
Ordering = ORDER BY OrderKey+
OrderKey = variable / Constraint / Direction '(' Expression ')'
Direction = ASC / DESC
Limits = LIMIT integer Offset? / OFFSET integer Limit?
Limit = LIMIT integer
Offset = OFFSET integer
Values = VALUES Data
Data = variable '{' Datum* '}' / '(' variable* ')' '{' Row* '}'
Row = '(' Datum* ')'
Datum = Iri / Literal / UNDEF / '<<(' DataTriple
DataTriple = Iri DataVerb DataObject ')>>'
DataVerb = Iri / a
DataObject = Iri / Literal / '<<(' DataTriple
Group = '{' Inside '}'
Inside = SubSelect / Body
SubSelect = SELECT Distinct? Projection WHERE? Group Modifiers Values?
Body = PathTriples? Part*
Part = Piece Dot? PathTriples?
Dot = '.'
Piece = Group Union* / OPTIONAL Group / MINUS Group / LATERAL Group / GRAPH Name Group
  / SERVICE SILENT? Name Group / FILTER Constraint / BIND '(' Expression AS variable ')' / Values
Union = UNION Group
Constraint = '(' Expression ')' / Call / Iri List
Expression = Comparison Logic*
Logic = '||' Comparison / '&&' Comparison
Comparison = Sum Compared?
Compared = '=' Sum / '!=' Sum / '<' Sum / '>' Sum / '<=' Sum / '>=' Sum / IN List / NOT IN List
Sum = Operand Term*
Term = '+' Operand / '-' Operand / '*' Operand / '/' Operand / signed
Operand = '!' Operand / '-' Value / '+' Value / Value
Value = '(' Expression ')' / Call / Iri List? / Literal / variable / '<<(' ValueTriple
ValueTriple = ValueObject Verb ValueObject ')>>'
ValueObject = Name / Literal / '<<(' ValueTriple
List = '(' ListRest
ListRest = ')' / Expression More* ')'
More = ',' Expression
Call = Nullary '(' ')' / Unary '(' Expression ')' / Binary '(' Expression ',' Expression ')'
  / Ternary '(' Expression ',' Expression ',' Expression ')' / Listed List / BNODE '(' Expression? ')'
  / BOUND '(' variable ')' / TwoOrThree '(' Expression ',' Expression More? ')'
  / REPLACE '(' Expression ',' Expression ',' Expression More? ')' / EXISTS Group / NOT EXISTS Group
  / COUNT '(' DISTINCT? Counted ')' / Fold '(' DISTINCT? Expression ')'
  / GROUP_CONCAT '(' DISTINCT? Expression Separator? ')'
Nullary = NOW / RAND / STRUUID / UUID
Unary = ABS / CEIL / DATATYPE / DAY / ENCODE_FOR_URI / FLOOR / HASLANG / HASLANGDIR / HOURS / IRI / ISBLANK
  / ISIRI / ISLITERAL / ISNUMERIC / ISTRIPLE / ISURI / LANG / LANGDIR / LCASE / MD5 / MINUTES / MONTH / OBJECT
  / PREDICATE / ROUND / SECONDS / SHA1 / SHA256 / SHA384 / SHA512 / STR / STRLEN / SUBJECT / TIMEZONE / TZ
  / UCASE / URI / YEAR
Binary = ADJUST / CONTAINS / LANGMATCHES / SAMETERM / STRAFTER / STRBEFORE / STRDT / STRENDS / STRLANG
  / STRSTARTS
Ternary = IF / STRLANGDIR / TRIPLE
TwoOrThree = REGEX / SUBSTR
Listed = COALESCE / CONCAT
Fold = AVG / MAX / MIN / SAMPLE / SUM
Counted = '*' / Expression
Separator = ';' SEPARATOR '=' String
Name = variable / Iri
Iri = iri / name / prefix
Literal = String Suffix? / integer / number / signed / true / false
String = string / long
Suffix = language / '^^' Iri
Verb = variable / Iri / a
Simple = variable / Iri / Literal / blank
Reifier = '~' ReifierName?
ReifierName = Name / blank / '[' ']'
TripleTerm = Nested Verb Nested ')>>'
Nested = Simple / '[' ']' / '<<(' TripleTerm
Reified = ReifiedTerm Verb ReifiedTerm Reifier? '>>'
ReifiedTerm = Simple / '[' ']' / '<<(' TripleTerm / '<<' Reified
PlainVerbs = Verb PlainObjects
PathVerbs = variable PathObjects / '^' Direct / Direct
Direct = PathName AfterName / '(' Path ')' AfterName / '!' Negated Repeat? PathMore* BareObjects
AfterName = PathObjects / Repeat PathMore* BareObjects / PathMore PathMore* BareObjects
PathName = Iri / a
Path = Step PathMore*
PathMore = '/' Step / '|' Step
Step = '^' Primary Repeat? / Primary Repeat?
Primary = PathName / '!' Negated / '(' Path ')'
Negated = OneNegated / '(' NegatedRest
NegatedRest = ')' / OneNegated NegatedMore* ')'
NegatedMore = '|' OneNegated
OneNegated = PathName / '^' PathName
Repeat = '?' / '*' / '+'
BareObjects = PathNode BareMore*
BareMore = ',' PathNode
"""
# Once with property paths, as in patterns, and once without, as in what CONSTRUCT makes.
_TRIPLES = """
%Triples = %Subject %Next?
%Next = '.' %Triples?
%Subject = Simple %Properties / '(' %ListFirst / '[' %BlankFirst / '<<(' TripleTerm %Properties
  / '<<' Reified %Properties?
%ListFirst = ')' %Properties / %Node+ ')' %Properties?
%BlankFirst = ']' %Properties / %Properties ']' %Properties?
%Properties = %Verbs %Also*
%Also = ';' %Verbs?
%Objects = %Object %Comma*
%Comma = ',' %Object
%Object = %Node %Annotation*
%Annotation = Reifier / '{|' %Properties '|}'
%Node = Simple / '(' %ListRest / '[' %BlankRest / '<<(' TripleTerm / '<<' Reified
%ListRest = ')' / %Node+ ')'
%BlankRest = ']' / %Properties ']'
"""
_Alternatives = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a rule becomes in front of a terminal, its last symbol first; which rules may become nothing."""

    table: Mapping[str, Mapping[str, tuple[str, ...]]]
    nullable: frozenset[str]
    keywords: frozenset[str]

    @property
    def functions(self) -> frozenset[str]:
        """The keywords that arguments in brackets follow."""
        return frozenset(self.table["Call"]) - {"EXISTS", "NOT"}

    def first(self, symbol: str) -> frozenset[str]:
        """The terminals that a symbol may begin with."""
        return frozenset(self.table.get(symbol, (symbol,)))


@functools.cache
def grammar() -> Grammar:
    """Read the grammar of SPARQL queries, once."""
    return read_grammar(_QUERY + _TRIPLES.replace("%", "Path") + _TRIPLES.replace("%", "Plain"))


def read_grammar(text: str) -> Grammar:
    """Read rules in the notation of this module.

    Raises: ValueError when one terminal does not decide between two alternatives.
    """
    rules = dict(_rules(text))
    nullable = _nullable(rules)
    firsts = _firsts(rules, nullable)
    table: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, alternatives in rules.items():
        row = table.setdefault(name, {})
        for alternative in alternatives:
            for terminal in _first_of(alternative, firsts, nullable):
                if terminal in row:
                    raise ValueError(f"{name} has two alternatives that begin with {terminal}.")
                row[terminal] = alternative[::-1]
    symbols = {symbol for row in table.values() for body in row.values() for symbol in body}
    return Grammar(
        table, nullable, frozenset(word for word in symbols if re.fullmatch("[A-Z][A-Z_0-9]+", word))
    )


def _rules(text: str) -> Iterator[tuple[str, _Alternatives]]:
    for name, body in re.findall(r"^(\w+) = (.*(?:\n  .*)*)", text, re.MULTILINE):
        alternatives: list[tuple[str, ...]] = []
        for written in re.split(r"\s/\s", body):
            symbols = []
            for symbol in written.split():
                yield from _repeated(symbol)
                plain = symbol.strip("'") if symbol[0] == "'" else symbol
                symbols += [plain[:-1], f"{plain[:-1]}*"] if _is_repeated(symbol, "+") else [plain]
            alternatives.append(tuple(symbols))
        yield name, tuple(alternatives)


def _repeated(symbol: str) -> Iterator[tuple[str, _Alternatives]]:
    """The rules that a sign after a symbol stands for."""
    one = symbol[:-1]
    if _is_repeated(symbol, "?"):
        yield symbol, ((one,), ())
    elif _is_repeated(symbol, "*+"):
        yield f"{one}*", ((one, f"{one}*"), ())


def _is_repeated(symbol: str, signs: str) -> bool:
    return symbol[-1] in signs and symbol[0] != "'"


def _nullable(rules: Mapping[str, _Alternatives]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    while True:
        more = {name for name, body in rules.items() if any(found.issuperset(one) for one in body)}
        if more == found:
            return found
        found = frozenset(more)


def _firsts(rules: Mapping[str, _Alternatives], nullable: frozenset[str]) -> dict[str, set[str]]:
    firsts: dict[str, set[str]] = {name: set() for name in rules}
    grown = True
    while grown:
        grown = False
        for name, alternatives in rules.items():
            found = {first for one in alternatives for first in _first_of(one, firsts, nullable)}
            grown = grown or found != firsts[name]
            firsts[name] = found
    return firsts


def _first_of(symbols: tuple[str, ...], firsts: Mapping[str, set[str]], nullable: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for symbol in symbols:
        found |= firsts.get(symbol, {symbol})
        if symbol not in nullable:
            break
    return found
