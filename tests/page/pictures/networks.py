"""Networks of any size for pictures, and what their pictures must show."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from explainer import Network, derive
from explainer.mathematics.written import Key, Number
from explainer.notation import NOTATIONS, Speller
from explainer.page.pictures.drawing import NetworkDrawing
from explainer.page.pictures.layout import draw_network
from explainer.worked import WorkedDerivation, with_choices


def dense(sizes: tuple[int, ...]) -> str:
    """A fully connected network; the weight from unit 2 of layer 0 to unit 3 of layer 1
    is called w1x3x2."""
    names = [f"x{i}" for i in range(1, sizes[0] + 1)]
    text = "[inputs]\n" + "".join(f"{name} = 0.5\n" for name in names)
    for number, size in enumerate(sizes[1:], start=1):
        units = [f"u{number}x{i}" for i in range(1, size + 1)]
        text += f'[[layers]]\nactivation = "tanh"\nbias = {{ b{number} = 0.25 }}\n'
        text += "[layers.weights]\n"
        for place, unit in enumerate(units, start=1):
            weights = ", ".join(
                f"w{number}x{place}x{source} = -0.1{source}"
                for source in range(1, len(names) + 1)
            )
            text += f"{unit} = {{ {weights} }}\n"
        names = units
    text += "[targets]\n" + "".join(f"{name} = 0.2\n" for name in names)
    return (
        'title = "Dense"\n'
        + text
        + '[loss]\nname = "half-squared-error"\n[training]\nlearning_rate = 0.1\n'
    )


def draw(text: str, chain: str | None = None) -> NetworkDrawing:
    """The picture of a network, every computed number as long as usual."""
    graph = Network.from_text(text).graph

    def value(key: Key) -> Number:
        given = graph.givens.get(key)
        return Number(given.value if given else Decimal("-0.593270"), key)

    spell = Speller(NOTATIONS["net-out"], graph.places)
    weight = Key("weight", (chain,)) if chain else None
    return draw_network(graph, spell, value, weight)


def worked(text: str, pictures: str = "network", **choices: str) -> WorkedDerivation:
    network = Network.from_text(text)
    page = replace(network.spec.page, pictures=pictures)
    chosen = with_choices(network, page=page)
    return derive(chosen, method=choices.get("method", "signals"), verify=False)


def network_of(derivation: WorkedDerivation, name: str = "network") -> NetworkDrawing:
    drawings = {
        picture.name: picture.drawing for picture in derivation.document.pictures
    }
    drawing = drawings[name]
    assert isinstance(drawing, NetworkDrawing)
    return drawing
