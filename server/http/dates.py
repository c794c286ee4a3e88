"""Days that requests name, as ISO 8601 writes them. Pure."""

import datetime

__all__ = ["read_day"]


def read_day(text: str) -> str:
    """The day in UTC of a day or a moment, as 2026-11-22; a moment without an offset is one of UTC.

    Raises: ValueError for anything else.
    """
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(datetime.UTC)
        except OverflowError as error:
            raise ValueError(text) from error
    return moment.date().isoformat()
