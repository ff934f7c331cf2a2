"""The functions of a formula as a program of their own: their sources in
`functions`, without docstrings and annotations, and what these use."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from explainer.mathematics import functions
from explainer.mathematics.functions import CALLABLE

Span = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """Definitions in the order in which they are needed, and what they import: names
    by their modules."""

    definitions: tuple[str, ...]
    imports: Mapping[str, tuple[str, ...]]


def function_code(names: Iterable[str], more: Iterable[str] = ()) -> FunctionCode:
    """The code of the functions; `more` is to be imported from `decimal` as well.

    >>> print(*function_code(["exp", "tanh"]).definitions, sep="; ")
    exp = Decimal.exp; def tanh(x):
        small = (-2 * abs(x)).exp()
        value = (1 - small) / (1 + small)
        return value if x >= 0 else -value
    """
    found: dict[str, str] = {}
    for name in sorted(names):
        _gather(name, found)
    used = {n for name in found if name in _nodes() for n in _names(_nodes()[name])}
    modules = {name: _imports()[name] for name in used & _imports().keys()}
    modules |= dict.fromkeys(more, "decimal")
    return FunctionCode(
        tuple(found.values()),
        {
            module: tuple(
                sorted((n for n in modules if modules[n] == module), key=_rank)
            )
            for module in sorted({*modules.values()})
        },
    )


def _rank(name: str) -> tuple[int, str]:
    """Constants first, then classes, then functions, as import lists are sorted."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def reserved_names() -> frozenset[str]:
    """Every name that such code may define or import."""
    return frozenset([*_nodes(), *_imports(), *CALLABLE])


def _gather(name: str, found: dict[str, str]) -> None:
    """The definition of a name, after those of the names that it uses."""
    if name in found:
        return
    if name in _nodes():
        node = _nodes()[name]
        for used in _names(node):
            if used != name:
                _gather(used, found)
        found[name] = _bare(node)
    elif name in CALLABLE:
        method = CALLABLE[name].decimal.__qualname__
        if method != name:
            found[name] = f"{name} = {method}"


def _names(node: ast.stmt) -> tuple[str, ...]:
    """The names in a definition, outside its annotations, in order."""
    notes = {id(part) for note in _annotations(node) for part in ast.walk(note)}
    names = (part for part in ast.walk(node) if isinstance(part, ast.Name))
    return tuple(dict.fromkeys(name.id for name in names if id(name) not in notes))


def _annotations(node: ast.stmt) -> list[ast.expr]:
    if not isinstance(node, ast.FunctionDef):
        return []
    notes = [argument.annotation for argument in node.args.args]
    return [note for note in (*notes, node.returns) if note is not None]


@cache
def _source() -> str:
    return inspect.getsource(functions)


@cache
def _imports() -> Mapping[str, str]:
    """The names that the module imports, and the modules that they come from."""
    return {
        alias.name: node.module
        for node in ast.parse(_source()).body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


@cache
def _nodes() -> Mapping[str, ast.stmt]:
    """The functions of the module, and its plain constants."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(_source()).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            (target,) = node.targets
            found[ast.unparse(target)] = node
    return found


def _bare(node: ast.stmt) -> str:
    """The text of a definition without its docstring and annotations."""
    lines = _source().splitlines()
    for line, start, last, end in sorted(_spans_to_cut(node), reverse=True):
        lines[line] = lines[line][:start] + lines[last][end:]
        del lines[line + 1 : last + 1]
    cut = len(_source().splitlines()) - len(lines)
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(part.lineno for part in decorators)])
    text = lines[first - 1 : (node.end_lineno or node.lineno) - cut]
    return "\n".join(line for line in text if line.strip())


def _spans_to_cut(node: ast.stmt) -> list[Span]:
    """From line and column to line and column."""
    if not isinstance(node, ast.FunctionDef):
        return []
    spans = [
        (a.lineno - 1, a.col_offset + len(a.arg), *_end(a.annotation))
        for a in node.args.args
        if a.annotation is not None
    ]
    if node.returns is not None:
        arrow = len(" -> ")
        start = (node.returns.lineno - 1, node.returns.col_offset - arrow)
        spans.append((*start, *_end(node.returns)))
    if ast.get_docstring(node) is not None:
        text = node.body[0]
        spans.append((text.lineno - 1, 0, *_end(text)))
    return spans


def _end(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return (node.end_lineno or node.lineno) - 1, node.end_col_offset or 0
