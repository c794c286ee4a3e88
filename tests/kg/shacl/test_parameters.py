"""The table of parameters: it has what SHACL has, and all that is about parameters reads it."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import Babel
from pyoxigraph import NamedNode
from small_shapes import EX, triples

from sauran.kg.model.triple_index import TripleIndex
from sauran.kg.shacl.messages import Result, conditions_of, make_finding
from sauran.kg.shacl.parameters import CONSTRAINING, PARAMETERS, Parameter, Role, Takes
from sauran.kg.shacl.result import SH_IRI
from sauran.kg.validate.engine_routing import route
from sauran.kg.validate.lint import nested_shapes
from sauran.kg.validate.lint.syntax import syntax_faults
from sauran.kg.validate.lint.vocabulary import ADVANCED_TERMS, KNOWN_TERMS
from sauran.server.http.localised_labels import Label
from sauran.server.site.vocabulary.constraint_texts import constraints_of

SHAPE = NamedNode(f"{EX}S")
# Source: SHACL, appendix B; for expression SHACL Advanced Features, for js SHACL JavaScript Extensions.
OF_SHACL = {
    "AndConstraintComponent": {"and"},
    "ClassConstraintComponent": {"class"},
    "ClosedConstraintComponent": {"closed", "ignoredProperties"},
    "DatatypeConstraintComponent": {"datatype"},
    "DisjointConstraintComponent": {"disjoint"},
    "EqualsConstraintComponent": {"equals"},
    "ExpressionConstraintComponent": {"expression"},
    "HasValueConstraintComponent": {"hasValue"},
    "InConstraintComponent": {"in"},
    "JSConstraintComponent": {"js"},
    "LanguageInConstraintComponent": {"languageIn"},
    "LessThanConstraintComponent": {"lessThan"},
    "LessThanOrEqualsConstraintComponent": {"lessThanOrEquals"},
    "MaxCountConstraintComponent": {"maxCount"},
    "MaxExclusiveConstraintComponent": {"maxExclusive"},
    "MaxInclusiveConstraintComponent": {"maxInclusive"},
    "MaxLengthConstraintComponent": {"maxLength"},
    "MinCountConstraintComponent": {"minCount"},
    "MinExclusiveConstraintComponent": {"minExclusive"},
    "MinInclusiveConstraintComponent": {"minInclusive"},
    "MinLengthConstraintComponent": {"minLength"},
    "NodeConstraintComponent": {"node"},
    "NodeKindConstraintComponent": {"nodeKind"},
    "NotConstraintComponent": {"not"},
    "OrConstraintComponent": {"or"},
    "PatternConstraintComponent": {"pattern", "flags"},
    "PropertyConstraintComponent": {"property"},
    "QualifiedMaxCountConstraintComponent": {
        "qualifiedMaxCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint",
    },
    "QualifiedMinCountConstraintComponent": {
        "qualifiedMinCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint",
    },
    "SPARQLConstraintComponent": {"sparql"},
    "UniqueLangConstraintComponent": {"uniqueLang"},
    "XoneConstraintComponent": {"xone"},
}  # fmt: skip
# By what a parameter takes: such a value, and one that is none, where there are such.
VALUES = {
    Takes.ANY: ('"a"', '"a"'),
    Takes.COUNT: ("1", "-1"),
    Takes.IRI: ("ex:a", '"a"'),
    Takes.LIMIT: ("1", '"b"^^xsd:integer'),
    Takes.NODE: ("[]", '"a"'),
    Takes.NODE_KIND: ("sh:IRI", "sh:Kind"),
    Takes.SHAPE: ("ex:T", '"a"'),
    Takes.STRING: ('"a"', "1"),
    Takes.SWITCH: ("true", '"yes"'),
}
# One parameter that SHACL does not have, for each way in which a parameter is known.
NEW = (
    "words,WordsConstraintComponent,constraint,count,,yes,yes,,More than {} words.,has {} or fewer words",
    "least,LeastConstraintComponent,constraint,limit,,yes,,,Is below {}.,is not below {}",
    "nand,NandConstraintComponent,constraint,shape,yes,,,,Conforms to all.,does not conform to all of: {}",
    "hint,LeastConstraintComponent,option,string,,yes,,least,,",
    "oracle,OracleConstraintComponent,advanced,any,,,,,,",
)


def value_of(parameter: Parameter, *, right: bool = True) -> str:
    value = VALUES[parameter.takes][not right]
    return f"( {value} )" if parameter.is_list else value


def shapes_with(parameter: Parameter, value: str) -> TripleIndex:
    return TripleIndex(triples(f"ex:S a sh:NodeShape ; sh:targetNode ex:n ; sh:{parameter.name} {value} ."))


def is_said_in_conditions(parameter: Parameter, shapes: TripleIndex) -> bool:
    begin = parameter.phrase.partition("{}")[0] or "nothing is asked"
    return conditions_of(shapes, SHAPE).startswith(begin)


def is_said_in_messages(parameter: Parameter, shapes: TripleIndex) -> bool:
    """What has nothing to say is not told of: it belongs to another, leads to shapes, or is not supported."""
    if not parameter.sentence:
        return parameter.role is not Role.CONSTRAINT or parameter.name == "property"
    begin = parameter.sentence.partition("{}")[0]
    results = (Result(SHAPE, SH_IRI + name, None, None, None, None) for name in parameter.components)
    return all(make_finding(shapes, result).message.startswith(begin) for result in results)


def has_syntax(parameter: Parameter) -> bool:
    right, wrong = value_of(parameter), value_of(parameter, right=False)
    other = f"( {right} )" if parameter.is_list else "ex:other"
    rules = {finding.rule for finding in syntax_faults(shapes_with(parameter, f"{right} , {other}"))}
    of_wrong = {finding.rule for finding in syntax_faults(shapes_with(parameter, wrong))}
    return (
        ("too-many-values" in rules) is parameter.once
        and ("wrong-kind-of-shape" in rules) is parameter.needs_path
        and ("incomplete-constraint" in rules) is (bool(parameter.needs) or parameter.name == "sparql")
        and ("ill-formed-value" in of_wrong) is (parameter.takes is not Takes.ANY)
    )


def is_routed(parameter: Parameter) -> bool:
    """Whether the fast engine is kept from values that it gets wrong."""
    hard = {Takes.LIMIT: '"a"', Takes.COUNT: f"{10**12}"}.get(parameter.takes)
    return hard is None or bool(route(shapes_with(parameter, hard)).reasons)


def is_worded(parameter: Parameter, shapes: TripleIndex) -> bool:
    """Whether the site says it in words; what is no constraint of its own it tells of elsewhere or not."""
    if parameter.role is not Role.CONSTRAINT or parameter.name == "property":
        return True
    graph = SimpleNamespace(
        shapes=shapes,
        name=lambda iri: Label(iri.value),
        reader=SimpleNamespace(show=lambda literal: Label(literal.value)),
    )
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        (asked,) = constraints_of(graph, SHAPE)  # type: ignore[arg-type]
    return asked.words != f"sh:{parameter.name}"


def where_unknown(parameter: Parameter) -> Iterator[str]:
    """The modules that do not know a parameter as the table describes it."""
    shapes = shapes_with(parameter, value_of(parameter))
    terms = {
        parameter.name,
        *parameter.components,
        *(f"{name}-{parameter.name}" for name in parameter.components if name != "JSConstraintComponent"),
    }
    known = {
        "sauran.kg.shacl.parameters": (parameter.iri in CONSTRAINING) is parameter.asks,
        "sauran.kg.shacl.messages": is_said_in_conditions(parameter, shapes)
        and is_said_in_messages(parameter, shapes),
        "sauran.kg.validate.lint": bool(nested_shapes(shapes, SHAPE)) is (parameter.takes is Takes.SHAPE),
        "sauran.kg.validate.engine_routing": is_routed(parameter),
        "sauran.kg.validate.lint.syntax": has_syntax(parameter),
        "sauran.kg.validate.lint.vocabulary": terms <= KNOWN_TERMS
        and (parameter.name in ADVANCED_TERMS) is (parameter.role is Role.ADVANCED),
        "sauran.server.site.vocabulary.constraint_texts": is_worded(parameter, shapes),
    }
    yield from (place for place, knows in known.items() if not knows)


def test_the_table_has_the_parameters_of_shacl() -> None:
    components = {component for parameter in PARAMETERS for component in parameter.components}
    found = {name: {p.name for p in PARAMETERS if name in p.components} for name in components}
    assert found == OF_SHACL
    assert len({p.name for p in PARAMETERS}) == len(PARAMETERS)


def test_a_component_has_one_sentence() -> None:
    told = [component for p in PARAMETERS if p.sentence for component in p.components]
    assert len(told) == len(set(told))
    assert OF_SHACL.keys() - told == {
        "ExpressionConstraintComponent",
        "JSConstraintComponent",
        "PropertyConstraintComponent",
    }


def test_what_a_parameter_needs_is_a_parameter() -> None:
    names = {parameter.name for parameter in PARAMETERS}
    assert {name for parameter in PARAMETERS for name in parameter.needs} <= names


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_a_parameter_is_known_everywhere(parameter: Parameter) -> None:
    assert list(where_unknown(parameter)) == []


AFTER_READING = """
import json, sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("sauran.kg.shacl.parameters", sys.argv[1])
parameters = sys.modules[spec.name] = module_from_spec(spec)
spec.loader.exec_module(parameters)
from test_parameters import where_unknown
print(json.dumps({p.name: list(where_unknown(p)) for p in parameters.PARAMETERS}))
"""


def test_a_parameter_that_is_added_is_known_everywhere_but_in_translated_words(
    tmp_path: Path, checkout: Path
) -> None:
    shacl = checkout / "kg" / "shacl"
    table = (shacl / "parameters.csv").read_text("utf-8")
    (tmp_path / "parameters.csv").write_text("\n".join([table.rstrip("\n"), *NEW, ""]), "utf-8")
    copy = tmp_path / "parameters.py"  # it reads the table beside it
    copy.write_text((shacl / "parameters.py").read_text("utf-8"), "utf-8")
    paths = [str(checkout), str(checkout / "tests"), str(Path(__file__).parent)]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}\n{AFTER_READING}", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    unknown = {name: places for name, places in json.loads(done.stdout).items() if places}
    added = list(csv.DictReader([table.partition("\n")[0], *NEW]))
    words = ["sauran.server.site.vocabulary.constraint_texts"]
    assert unknown == {row["name"]: words for row in added if row["role"] == Role.CONSTRAINT}
