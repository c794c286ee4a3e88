"""Claims and entities as CSV tables with CSV on the Web metadata."""

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sauran.kg.describe.tables.columns import (
    CSVM,
    METADATA_SUFFIX,
    TABLES,
    Column,
    columns_of,
    describe_columns,
    describe_table,
)
from sauran.kg.describe.tables.rows import Row, claim_rows, entity_rows
from sauran.kg.loading.content import Content
from sauran.kg.loading.dumps import ReleaseFile, write_file, write_packed
from sauran.kg.model.triple_index import TripleIndex

__all__ = ["write_tables"]

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")


def write_tables(folder: Path, content: Content) -> tuple[list[ReleaseFile], list[dict[str, Any]]]:
    """Write the tables of every dataset below folder/dumps; one without rows is left out.

    Shape: the files, and for each table what the manifest says of it: its dump, dataset, file, metadata, how
    many rows, the column that tells rows apart, and the columns.
    """
    everything = TripleIndex([*content.asserted])
    files: list[ReleaseFile] = []
    tables: list[dict[str, Any]] = []
    for dataset in content.publication.datasets:
        own, derived = TripleIndex(content.datasets[dataset.slug]), TripleIndex(content.derived[dataset.slug])
        for table in TABLES:
            columns = describe_columns(columns_of(table, content.publication.languages), content.ontology)
            if table == "claims":
                rows = list(claim_rows(columns, own, everything, derived))
            else:
                rows = list(entity_rows(columns, own))
            if rows:
                path = f"dumps/{dataset.slug}-{table}.csv"
                metadata = describe_table(Path(path).name, table, dataset, columns)
                names = [column.name for column in columns]
                files += _write(folder, path, _as_csv(names, rows), metadata)
                tables.append(
                    {
                        "dump": f"{dataset.slug}-{table}",
                        "dataset": dataset.slug,
                        "path": path,
                        "metadata": path + METADATA_SUFFIX,
                        "rows": len(rows),
                        "key": names[0],
                        "columns": [
                            _said(column, cells)
                            for column, cells in zip(columns, zip(*rows, strict=True), strict=True)
                        ],
                    }
                )
    return files, tables


def _said(column: Column, cells: Sequence[str]) -> dict[str, Any]:
    """What the manifest says of a column; also whether its codes look like numbers, as 004 does."""
    found = column.as_dict()
    written = [cell for cell in cells if cell]
    if column.datatype == "string" and written and all(map(_NUMBER.fullmatch, written)):
        found["numerals"] = True
    return found


def _write(folder: Path, path: str, data: bytes, metadata: dict[str, Any]) -> list[ReleaseFile]:
    name = Path(path).stem
    text = json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"
    return [
        *write_packed(folder, path, data, "text/csv", dump=name, format="csv"),
        write_file(folder, path + METADATA_SUFFIX, text.encode(), CSVM),
    ]


def _as_csv(names: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Source: RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()
