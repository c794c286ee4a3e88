"""The table of settings in the documentation for operators; `make docs` rewrites it."""

import sys
from collections.abc import Iterable
from pathlib import Path

from sauran.server.http.setting_types import Setting
from sauran.server.http.settings import SETTINGS

__all__ = ["settings_table", "with_settings_table"]

_BEGIN = "<!-- settings: written by `make docs` from server/http/settings.py -->\n"
_END = "<!-- end of settings -->\n"
_HEAD = "| variable | default | unit | option of | meaning |\n|---|---|---|---|---|\n"


def settings_table(settings: Iterable[Setting] = SETTINGS) -> str:
    """The table in Markdown, one row for each setting."""
    return _HEAD + "".join(f"| {' | '.join(_cells(one))} |\n" for one in settings)


def with_settings_table(page: str, settings: Iterable[Setting] = SETTINGS) -> str:
    """A page with the text between its two markers replaced by the table."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{settings_table(settings)}\n{_END}{after}"


def _cells(one: Setting) -> tuple[str, ...]:
    default = f"`{one.default}`" if one.default else one.described_default
    commands = ", ".join(f"`{command}`" for command in one.commands)
    return f"`{one.variable}`", default, one.unit, commands, one.help


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_settings_table(target.read_text("utf-8")), "utf-8")
