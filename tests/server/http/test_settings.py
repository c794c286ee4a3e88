"""Settings: one declaration for environment, options, help and documentation."""

from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from reference_tables import settings_table

from sauran.kg.model.errors import UsageError
from sauran.kg.release.build import BuildOptions
from sauran.server.cli.main import main
from sauran.server.http.setting_types import WholeNumber, declared, read_declared, setting
from sauran.server.http.settings import (
    SETTINGS,
    BuildSettings,
    Settings,
    as_environment,
    read_build_settings,
    read_settings,
    refuse_unknown,
)


def test_defaults_need_no_environment() -> None:
    settings = read_settings({})
    assert (settings.releases, settings.host, settings.port) == (Path("releases"), "127.0.0.1", 8000)
    assert (settings.rate_loopback, settings.trusted_proxies, settings.access_log) == (False, (), "off")
    assert [str(network) for network in settings.metrics_from] == ["127.0.0.0/8", "::1/128"]


def test_what_is_given_wins_over_the_environment_which_wins_over_the_default() -> None:
    environment = {"SAURAN_PORT": "81", "SAURAN_HOST": "::1"}
    settings = read_settings(environment, port=82, host=None)
    assert (settings.port, settings.host) == (82, "::1")


@dataclass(frozen=True)
class MoreSettings(Settings):
    """The server's settings and one more, declared as all others are."""

    spare_rooms: int = setting(
        "3", "rooms", WholeNumber(1, 9), "The number of spare rooms.", commands=("serve",)
    )


def test_one_field_is_all_that_a_setting_needs() -> None:
    assert read_declared(MoreSettings, {}, {}).spare_rooms == 3
    assert read_declared(MoreSettings, {"SAURAN_SPARE_ROOMS": "4"}, {}).spare_rooms == 4
    with pytest.raises(UsageError) as caught:
        read_declared(MoreSettings, {"SAURAN_SPARE_ROOMS": "10"}, {})
    assert str(caught.value) == "spare_rooms: '10' is not a valid value. Use a whole number from 1 to 9."
    refuse_unknown({"SAURAN_SPARE_ROOMS": "4"}, declared(MoreSettings))
    with pytest.raises(UsageError, match=r"Did you mean SAURAN_SPARE_ROOMS\?"):
        refuse_unknown({"SAURAN_SPARE_ROOM": "4"}, declared(MoreSettings))
    table = settings_table(declared(MoreSettings))
    assert "| `SAURAN_SPARE_ROOMS` | `3` | rooms | `serve` | The number of spare rooms. |\n" in table


def test_the_made_up_setting_is_not_in_the_real_ones() -> None:
    with pytest.raises(UsageError, match="SAURAN_SPARE_ROOMS: is not a known setting"):
        read_settings({"SAURAN_SPARE_ROOMS": "4"})


def test_every_setting_has_a_sentence_a_unit_and_a_default_that_its_parser_takes() -> None:
    assert all(one.help.endswith(".") and one.unit for one in SETTINGS)
    assert (read_settings({}), read_build_settings({})) == (
        read_settings({one.variable: one.default for one in declared(Settings)}),
        BuildSettings(BuildOptions.memory_quads, BuildOptions.cross_check_triples),
    )


def test_the_commands_of_a_setting_have_its_option() -> None:
    said = {(command, one.option) for one in SETTINGS for command in one.commands}
    context = click.Context(main)
    options = {one.option for one in SETTINGS}
    taken = {
        (name, option)
        for name in main.list_commands(context)
        for parameter in main.get_command(context, name).params
        for option in parameter.opts
        if option in options
    }
    assert taken == said


@pytest.mark.parametrize("name", ["KB", "NESTING", "OPERATORS", "PARTS", "TERMS", "IRI"])
def test_the_limits_of_a_query_s_text_are_not_settings(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({f"SAURAN_QUERY_{name}": "10"})
    assert str(caught.value).startswith(f"SAURAN_QUERY_{name}: is not a known setting.")


def test_the_environment_of_settings_makes_the_same_settings() -> None:
    settings = read_settings(
        {
            "SAURAN_RATE_PER_MINUTE": "0",
            "SAURAN_LOG_QUERIES": "true",
            "SAURAN_TRUSTED_PROXIES": "10.0.0.1, ::1",
        },
        port=81,
        site="https://e.org/",
        publication="p.toml",
        workers=3,
    )
    assert read_settings(as_environment(settings)) == settings


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("SAURAN_PORTT", "SAURAN_PORTT: is not a known setting. Did you mean SAURAN_PORT?"),
        (
            "SAURAN_XYZ",
            "SAURAN_XYZ: is not a known setting. Known: "
            + ", ".join(f"SAURAN_{one.name.upper()}" for one in SETTINGS)
            + ".",
        ),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest(variable: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({variable: "1"})
    assert str(caught.value) == message


def test_variables_of_tests_and_of_others_are_tolerated() -> None:
    read_settings({"SAURAN_TEST_COMPLETE": "1", "SAURAN_SHARED": "/x", "PATH": "/bin"})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "", "٨٠"])
def test_a_port_that_cannot_be_is_refused(port: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({"SAURAN_PORT": port})
    assert str(caught.value) == f"port: {port!r} is not a valid value. Use a whole number from 1 to 65535."


@pytest.mark.parametrize(
    "site", ["example.org", "ftp://e.org/", "https://", "https://e.org/?a", "http://[e/"]
)
def test_a_site_that_is_no_address_is_refused(site: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({}, site=site)
    assert (
        str(caught.value)
        == f"site: {site!r} is not a valid address of a site. Write it as https://example.org/"
    )


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000/"),
        ({"host": "::1", "port": 81}, "http://[::1]:81/"),
        ({"host": "0.0.0.0"}, "http://localhost:8000/"),  # noqa: S104
        ({"site": "https://e.org/kg"}, "https://e.org/kg/"),
    ],
    ids=["default", "IPv6", "all addresses", "site"],
)
def test_the_address_is_the_site_else_the_bound_one(given: dict[str, object], address: str) -> None:
    assert read_settings({}, **given).address == address


@pytest.mark.parametrize("flag", ["yes", "", "2"])
def test_a_flag_is_0_or_1(flag: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({"SAURAN_LOG_QUERIES": flag})
    assert str(caught.value) == f"log_queries: {flag!r} is not a valid value. Use 0 or 1."
