"""What an OAI-PMH request asks for, checked; every error of the protocol. Pure."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sauran.kg.model.errors import SauranError
from sauran.server.api.xml_text import fits_xml

__all__ = ["OaiError", "OaiRequest", "read_request"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_WORD = r"[A-Za-z0-9\-_.!~*'()]+"
_PREFIX, _SET = re.compile(_WORD), re.compile(f"{_WORD}(:{_WORD})*")
_LIST = frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})
# The arguments of each verb: those it must have, and those it may.
_VERBS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
        "Identify": (frozenset(), frozenset()),
        "ListIdentifiers": _LIST,
        "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
        "ListRecords": _LIST,
        "ListSets": (frozenset(), frozenset()),
    }
)
_IN_PARTS = frozenset({"ListIdentifiers", "ListRecords", "ListSets"})
_TOKEN = "resumptionToken"  # noqa: S105 (the name of an argument)


class OaiError(SauranError):
    """An error of the protocol: one of its codes, and what is wrong in words."""

    def __init__(self, code: str, what: str) -> None:
        self.code = code
        super().__init__("request", what)

    @property
    def of_arguments(self) -> bool:
        """Whether the response must not repeat the arguments of the request, because they are invalid."""
        return self.code in ("badVerb", "badArgument")


@dataclass(frozen=True, slots=True)
class OaiRequest:
    """A verb and its arguments; `token` stands for all others of a list that goes on."""

    verb: str
    arguments: Mapping[str, str]

    @property
    def token(self) -> str | None:
        """The resumption token, if it is one part of a list more that is asked for."""
        return self.arguments.get(_TOKEN)

    @property
    def prefix(self) -> str:
        """The metadata format."""
        return self.arguments.get("metadataPrefix", "")

    def covers(self, spec: str, day: str) -> bool:
        """Whether records of a set, or of one above it, and with a datestamp are asked for."""
        wanted = self.arguments.get("set", spec)
        inside = spec == wanted or spec.startswith(f"{wanted}:")
        return inside and self.arguments.get("from", day) <= day <= self.arguments.get("until", day)


def read_request(said: Iterable[tuple[str, str]]) -> OaiRequest:
    """Read the arguments of a request.

    Raises: OaiError badVerb or badArgument.
    Source: OAI-PMH 2.0, sections 3.1.1, 3.3.1 and 3.6.
    """
    values: dict[str, list[str]] = {}
    for name, value in said:
        values.setdefault(name, []).append(value)
    verb = _read_verb(values.pop("verb", []))
    repeated = [name for name, given in values.items() if len(given) > 1]
    if repeated:
        raise _bad(f"{repeated[0]!r} is given more than once.")
    arguments = {name: given[0] for name, given in values.items()}
    required, optional = _VERBS[verb]
    known = required | optional | ({_TOKEN} if verb in _IN_PARTS else set())
    for name in arguments:
        if name not in known:
            there_are = f"It takes {', '.join(sorted(known))}." if known else "It takes none."
            raise _bad(f"{verb} has no argument {name!r}. {there_are}")
    if _TOKEN in arguments and len(arguments) > 1:
        raise _bad(f"{_TOKEN} stands alone: it says all that the first request said.")
    for name in sorted(required - set(arguments)):
        if _TOKEN not in arguments:
            raise _bad(f"{verb} needs the argument {name}.")
    _check_values(arguments)
    return OaiRequest(verb, MappingProxyType(arguments))


def _read_verb(given: Sequence[str]) -> str:
    if len(given) == 1 and given[0] in _VERBS:
        return given[0]
    wrong = "is missing" if not given else "is given more than once" if len(given) > 1 else "is unknown"
    raise OaiError("badVerb", f"The verb {wrong}. There are: {', '.join(_VERBS)}.")


def _check_values(arguments: Mapping[str, str]) -> None:
    for name, value in arguments.items():
        if name != _TOKEN and (not value or not fits_xml(value)):
            raise _bad(f"{name} is empty, or holds a character that XML cannot hold.")
    for name, pattern in (("metadataPrefix", _PREFIX), ("set", _SET)):
        if name in arguments and not pattern.fullmatch(arguments[name]):
            raise _bad(f"{name} holds a character that it may not hold.")
    for name in ("from", "until"):
        if name in arguments:
            _check_day(name, arguments[name])
    if "from" in arguments and arguments.get("until", arguments["from"]) < arguments["from"]:
        raise _bad("from is later than until.")


def _check_day(name: str, value: str) -> None:
    if _SECOND.fullmatch(value):
        raise _bad(f"{name} has a time of day; datestamps here are days, as 2026-11-22.")
    try:
        if _DAY.fullmatch(value):
            datetime.date.fromisoformat(value)
            return
    except ValueError:
        pass
    raise _bad(f"{name} is not a day such as 2026-11-22.")


def _bad(text: str) -> OaiError:
    return OaiError("badArgument", text)
