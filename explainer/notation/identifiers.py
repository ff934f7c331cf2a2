"""Quantities as names in a Python program: valid, readable, and never two alike."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping
from itertools import count

from explainer.mathematics.written import Key
from explainer.notation import plain_name

TAKEN = frozenset([*keyword.kwlist, *keyword.softkwlist, *dir(builtins)])


def identify(keys: Iterable[Key], reserved: Iterable[str] = ()) -> Mapping[Key, str]:
    """A Python name for each quantity; `reserved` are names that the program has for
    other things.

    >>> w5, error = Key("weight", ("w5",)), Key("total")
    >>> slope = Key("derivative", (error, w5))
    >>> output = Key("activation", ("h1",), (("sample", 2),))
    >>> rate = Key("regularization")
    >>> list(identify([w5, slope, output, rate]).values())
    ['w5', 'dE_dw5', 'out_h1_sample2', 'lambda_']
    """
    names: dict[Key, str] = {}
    taken = {*TAKEN, *reserved}
    for key in keys:
        if key not in names:
            names[key] = next(name for name in _candidates(key) if name not in taken)
            taken.add(names[key])
    return names


def _candidates(key: Key) -> Iterable[str]:
    """The plain name, then a name that says more, then numbers without end."""
    name = readable(plain_name(key))
    yield name
    if key.kind == "derivative":
        # The local derivative of one formula has the plain name, too.
        yield f"whole_{name}"
    yield f"{name}_"
    for number in count(2):
        yield f"{name}_{number}"


def readable(plain: str) -> str:
    """The plain name of a quantity with no sign that Python reads otherwise.

    >>> readable("dE/dw1|h1,o1"), readable("dE/dout_h1[sample=2,time=1]")
    ('dE_dw1_via_h1_o1', 'dE_dout_h1_sample2_time1')
    """
    words = plain.replace("|", "_via_").replace("=", "").replace("'", "prime")
    name = re.sub("[^A-Za-z0-9]+", "_", words).strip("_")
    return name if name[:1].isalpha() else f"q_{name}"
