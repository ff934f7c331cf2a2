"""Names that students use beside those of any notation, as data: one row a dialect.

A pattern has the slots of a notation's patterns. A row is asked only where no notation
and no plain name has the spelling.
"""

from __future__ import annotations

from collections.abc import Mapping

# Every quantity's own place: W2[1,1] as in programs.
PROGRAM: Mapping[str, str] = {
    "weight": "W<layer>[<index>,<source>]",
    "bias": "b<layer>[<index>]",
    "sum": "z<layer>[<index>]",
    "activation": "a<layer>[<index>]",
    "signal": "delta<layer>[<index>]",
}
DIALECTS: tuple[Mapping[str, str], ...] = (
    PROGRAM,
    {
        "sum": "z_{<unit>}",
        "activation": "a_{<unit>}",
        "loss": "L_{<unit>}",
        "loss_alone": "L_{total}",
        "total": "L_{total}",
        "target": "t_{<unit>}",
        "learning_rate": r"\alpha",
    },
    {
        "sum": "in_{<unit>}",
        "activation": "o_{<unit>}",
        "loss": "C_{<unit>}",
        "loss_alone": "C_{total}",
        "total": "C_{total}",
        "target": "y_{<unit>}",
        "learning_rate": "lr",
    },
    {
        "sum": "input_{<unit>}",
        "activation": "O_{<unit>}",
        "loss": "J_{<unit>}",
        "loss_alone": "J_{total}",
        "total": "J_{total}",
        "target": "T_{<unit>}",
        "learning_rate": "learning rate",
        "signal": "d_{<unit>}",
    },
    {
        "sum": "s_{<unit>}",
        "activation": "act_{<unit>}",
        "loss": "loss_{<unit>}",
        "loss_alone": "loss",
        "total": "loss",
        "learning_rate": "n",
        "signal": "error_{<unit>}",
    },
    {"loss": "error_{<index>}", "loss_alone": "E", "total": "E"},
    {"loss": "E_{<index>}", "loss_alone": "E_{total}", "total": "E_{total}"},
    {"loss": "L_{<index>}", "loss_alone": "E_{tot}", "total": "E_{tot}"},
    {"loss": "C_{<index>}", "loss_alone": "L", "total": "L"},
    {"loss": "J_{<index>}", "loss_alone": "C", "total": "C"},
    {"loss_alone": "J", "total": "J"},
    {"loss_alone": "error", "total": "error"},
    {"loss_alone": "cost", "total": "cost"},
    {"loss_alone": "total error", "total": "total error"},
)
# The marks of a new value: around the old name's spelling.
BEFORE = ("new", "newweight", "newbias", "updated", "updatedweight", "updatedbias")
AFTER = ("^new", "new", ",new", "^+", "^'", "^*", "(new)", "^(new)", "updated")
