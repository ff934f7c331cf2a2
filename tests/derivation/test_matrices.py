"""Matrix equations are views over scalar quantities: compared entry by entry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from explainer import Network, NetworkError, derive
from explainer.derivation.deriving import derive_graph
from explainer.derivation.matrix_check import check_view
from explainer.derivation.matrix_view import View, Views
from explainer.derivation.matrix_views import view_by_matrices
from explainer.derivation.runs import Run, run_at
from explainer.mathematics.matrices import Transpose
from explainer.mathematics.written import Key, Name, rewrite
from explainer.network.building import build
from explainer.network.spec import Spec
from tests.network.strategies import specs

LAYOUTS = ["columns", "rows"]


def prepared(spec: Spec, layout: str) -> tuple[Run, Views]:
    derivation = derive_graph(build(spec), "matrix")
    views = view_by_matrices(derivation, layout)
    return run_at(derivation, spec.rounding, 1, {}), views


def failures(run: Run, views: Views, view: View) -> tuple[Key, ...]:
    return check_view(
        run.derivation, run.readings, run.full, run.rounding, view, views.grids
    ).failures


@pytest.mark.parametrize("layout", LAYOUTS)
@given(spec=specs(depth=3, width=3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_entry_of_a_random_network_agrees(layout: str, spec: Spec) -> None:
    try:
        run, views = prepared(spec, layout)
    except NetworkError:
        return
    for section in views.sections:
        for view in section:
            assert failures(run, views, view) == (), view


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["sum", "signal"])
def test_a_transposed_weight_matrix_is_found(layout: str, kind: str) -> None:
    spec = Network.from_example("forward-backward").spec
    run, views = prepared(spec, layout)
    section = views.forward[1][:1] if kind == "sum" else views.signals[1][-1:]
    (view,) = section
    assert failures(run, views, view) == ()
    assert view.formula is not None

    def turn(part: object) -> object:
        if isinstance(part, Transpose):
            return part.body
        if isinstance(part, Name) and part.key.kind == "matrix_weight":
            return Transpose(part)
        return None

    wrong = replace(view, formula=rewrite(view.formula, turn))  # type: ignore[arg-type]
    assert failures(run, views, wrong) == view.quantities


def test_a_graph_of_formulas_is_refused() -> None:
    text = """
    objective = "f"
    [inputs]
    x = 2
    [formulas]
    f = "x**2"
    """
    with pytest.raises(NetworkError, match="no matrices"):
        derive(Network.from_text(text), method="matrix")


def test_the_scalars_are_those_of_the_method_signals() -> None:
    network = Network.from_example("mazur")
    one = derive(network, method="matrix", verify=False)
    other = derive(network, method="signals", verify=False)
    assert one.readings == other.readings
    assert one["dE/dw5"].step == one["dE/dw8"].step
