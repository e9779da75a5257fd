"""The life of an import, and what may become of one of its rows."""

from datetime import timedelta
from enum import StrEnum

from common.state_machine import StateMachine, move


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    COMMITTING = "committing"
    COMMITTED = "committed"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    DISCARDED = "discarded"


class ImportParty(StrEnum):
    OWNER = "owner"
    SYSTEM = "system"


class RowState(StrEnum):
    READY = "ready"
    FAULTY = "faulty"
    SUSPICIOUS = "suspicious"
    DUPLICATE = "duplicate"
    LOADED = "loaded"
    UNDONE = "undone"


class ImportKind(StrEnum):
    LISTINGS = "listings"
    DEMANDS = "demands"


S, P = ImportState, ImportParty

IMPORT = StateMachine(
    "import",
    initial=S.UPLOADED,
    moves=(
        #    move        from                                             to             asked for by
        move("check",    {S.UPLOADED, S.CHECKED, S.FAILED},               S.CHECKING,    {P.OWNER}),
        move("checked",  {S.CHECKING},                                    S.CHECKED,     {P.SYSTEM}),
        move("commit",   {S.CHECKED, S.COMMITTED},                        S.COMMITTING,  {P.OWNER}),
        move("loaded",   {S.COMMITTING},                                  S.COMMITTED,   {P.SYSTEM}),
        move("undo",     {S.COMMITTED},                                   S.UNDOING,     {P.OWNER}),
        move("undone",   {S.UNDOING},                                     S.UNDONE,      {P.SYSTEM}),
        move("fail",     {S.CHECKING},                                    S.FAILED,      {P.SYSTEM}),
        move("abandon",  {S.COMMITTING},                                  S.CHECKED,     {P.SYSTEM}),
        move("restore",  {S.COMMITTING, S.UNDOING},                       S.COMMITTED,   {P.SYSTEM}),
        move("discard",  {S.UPLOADED, S.CHECKED, S.FAILED, S.UNDONE},     S.DISCARDED,   {P.OWNER}),
    ),
)  # fmt: skip

STOPPED_AFTER = timedelta(minutes=10)  # a step that nobody is working at then, nor queued for, is given up
RUNNING = frozenset({S.CHECKING, S.COMMITTING, S.UNDOING})
CHOOSABLE = frozenset({RowState.READY, RowState.SUSPICIOUS, RowState.DUPLICATE})  # faulty rows cannot be loaded
