"""Load a laboratory's instrument register and a nanofab's tools as instrument listings."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from marketplace.management.loading import Source, table
from marketplace.management.loading_command import LoadingCommand

REGISTER = "t_instrument_name.csv"
TOOLS = "nanofab_splash_pad.json"
RATES = "nanofab_splash_pad_rates.json"
# What the nanofab calls its groups, in the classes of GB/T 32847; all others are semiconductor processes.
CATEGORIES = {
    "Metrology": "metrology.other",
    "Imaging and Analysis": "analytical.electron",
    "Optical Microscopes": "analytical.microscope",
    "Focused Ion Beams": "analytical.electron",
}
CHROMATOGRAPHS = ("_LC", "HPLC", "_GC")
SEQUENCERS = ("Sequencer",)


class Command(LoadingCommand):
    help = "Load a mass spectrometer register and a nanofab's tools, with rates where they are known."
    party_name = "真实数据：仪器名录"
    party_number = 3

    def sources(self, path: Path) -> Iterator[Source]:
        with (path / REGISTER).open(encoding="utf-8-sig", newline="") as file:
            register = [_register_row(row) for row in csv.DictReader(file)]
        yield Source("t_instrument_name.csv", table(register), "listings", "instruments", {}, {})
        rates = {
            entry["item"]: entry["rate"]
            for entry in json.loads((path / RATES).read_text(encoding="utf-8"))
            if (entry["table_id"], entry["rate_class"]) == ("primetime_eq_hourly_rate", "full cost")
        }
        entries = json.loads((path / TOOLS).read_text(encoding="utf-8"))
        tools = [_tool_row(entry["fields"], rates) for entry in entries if entry["model"] == "NEMO.tool"]
        yield Source("nanofab_splash_pad.csv", table(tools), "listings", "instruments", {}, {})


def _register_row(row: dict[str, str]) -> dict[str, object]:
    kind = row["instrument_class"]
    category = "analytical.mass"
    if any(sign in kind for sign in CHROMATOGRAPHS):
        category = "analytical.chromatography"
    elif any(sign in kind for sign in SEQUENCERS):
        category = "analytical.biochemical"
    return {
        "title": row["instrument"],
        "category": category,
        "summary": row["description"],
        "model": kind,
        "functions": row["usage"],
        "address": row["room_number"],
        "notes": f"status: {row['status']}",
    }


def _tool_row(fields: dict[str, str], rates: dict[str, float]) -> dict[str, object]:
    return {
        "title": fields["name"],
        "category": CATEGORIES.get(fields["_category"], "process.semiconductor"),
        "summary": fields["_category"],
        "functions": (fields["_description"] or "")[:2000],
        "operation_modes": "self_operated",
        "requires_training": "yes",
        "address": fields["_location"],
        "price": rates.get(fields["name"], ""),
    }
