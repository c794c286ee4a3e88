"""Settings: one table for environment, options and help."""

import dataclasses
from pathlib import Path

import pytest

from sauran.kg.model.errors import UsageError
from sauran.server.http.settings import SETTINGS, Settings, as_environment, read_settings


def test_defaults_need_no_environment() -> None:
    settings = read_settings({})
    assert (settings.releases, settings.host, settings.port) == (Path("releases"), "127.0.0.1", 8000)
    assert (settings.rate_loopback, settings.trusted_proxies, settings.access_log) == (False, (), "off")
    assert [str(network) for network in settings.metrics_from] == ["127.0.0.0/8", "::1/128"]


def test_what_is_given_wins_over_the_environment_which_wins_over_the_default() -> None:
    environment = {"SAURAN_PORT": "81", "SAURAN_HOST": "::1"}
    settings = read_settings(environment, port=82, host=None)
    assert (settings.port, settings.host) == (82, "::1")


def test_each_server_setting_is_a_field_and_each_field_a_setting() -> None:
    in_table = [setting.name for setting in SETTINGS if setting.used_by == "server"]
    assert sorted(in_table) == sorted(field.name for field in dataclasses.fields(Settings))
    assert all(setting.help.endswith((".", "]")) and setting.unit for setting in SETTINGS)


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
        ("SAURAN_PORTT", "SAURAN_PORTT: is no setting. Did you mean SAURAN_PORT?"),
        (
            "SAURAN_XYZ",
            "SAURAN_XYZ: is no setting. Known: "
            + ", ".join(f"SAURAN_{setting.name.upper()}" for setting in SETTINGS)
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
    assert str(caught.value) == f"port: {port!r} is not usable. Give a whole number from 1 to 65535."


@pytest.mark.parametrize(
    "site", ["example.org", "ftp://e.org/", "https://", "https://e.org/?a", "http://[e/"]
)
def test_a_site_that_is_no_address_is_refused(site: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({}, site=site)
    assert str(caught.value) == f"site: {site!r} is no address of a site. Write it as https://example.org/"


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
    assert str(caught.value) == f"log_queries: {flag!r} is not usable. Give 0 or 1."
