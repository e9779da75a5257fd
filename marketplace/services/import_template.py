"""An empty table that an import understands at once, with a page that tells what each column means."""

from collections.abc import Iterator
from typing import IO

from common import tables
from marketplace.core.import_states import ImportKind
from marketplace.directions import Label, direction
from marketplace.services import import_columns
from marketplace.services.import_columns import Target

_SHEETS = Label("数据", "Data"), Label("填写说明", "How to fill it in")
_TOLD = Label("列名", "Column"), Label("须填", "Needed"), Label("怎么写", "How it is written"), Label("级别", "Says")
_NEEDED = Label("须填", "needed")
_WHOLE = Label("每项需求一次，写在首行即可", "about the demand; its first row is enough")
_LEG = Label("每个环节各写一行", "about the leg; in every row")


def write(out: IO[bytes], *, kind: str, code: str) -> None:
    """Write a workbook for `kind` in a direction: headers alone on the first sheet, their meaning on the second.

    Raises:
        KeyError, ValueError: no such direction or kind.
    """
    wanted = [target for target in import_columns.targets(kind, code) if target.name != "total_10k_fen"]
    has_legs = ImportKind(kind) == ImportKind.DEMANDS and direction(code).has_legs
    headers = [str(target.label) for target in wanted]
    told = [str(label) for label in (_TOLD if has_legs else _TOLD[:3])]
    data, notes = map(str, _SHEETS)
    tables.write_xlsx(out, [(data, headers, ()), (notes, told, _notes(wanted, has_legs=has_legs))])


def _notes(targets: list[Target], *, has_legs: bool) -> Iterator[list[str]]:
    for target in targets:
        line = [str(target.label), str(_NEEDED) if target.is_required else "", str(target.hint)]
        yield [*line, str(_LEG if target.is_of_leg else _WHOLE)] if has_legs else line
