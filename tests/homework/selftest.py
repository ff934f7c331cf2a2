"""The self-test: every mistake injected, written as a sheet, and found again.

    python -m tests.homework.selftest            mistakes, by digits
    python -m tests.homework.selftest correct    correct sheets: false accusations
    python -m tests.homework.selftest pairs      two mistakes at once
    python -m tests.homework.selftest narrow     mistakes in one layer, unit or cell
    python -m tests.homework.selftest noise      values without an explanation
    python -m tests.homework.selftest speed      sheets a minute

Seeds from 1 are for work; those from 9000 are held back for the final number.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from explainer.homework.answers import Answers
from explainer.homework.diagnosing import diagnose
from explainer.homework.diagnosis import Diagnosis
from explainer.homework.entry import Entry
from explainer.homework.examiner import Examiner
from explainer.homework.injecting import EVERYWHERE, Scope, edits_of, inject
from explainer.homework.judging import Judgement, Verdict, judge
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.conventions import CONVENTIONS
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ordering import Circular
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import FULL
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError
from explainer.notation import plain_name
from tests.homework.sheets import STYLES, Style, asked, entry, examiners, write_sheet

METHODS = ("signals", "paths")


@dataclass
class Row:
    """Counts of one way of writing numbers, and the failures by mistake."""

    counts: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    tied: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)

    def share(self, part: str, whole: str) -> str:
        total = self.counts[whole]
        return f"{100 * self.counts[part] / total:6.2f} %" if total else "   -"

    def line(self) -> str:
        seen = self.counts["visible"]
        return (
            f"sheets {seen:6d}  detected {self.share('detected', 'visible')}"
            f"  first step {self.share('first', 'detected')}"
            f"  by then {self.share('by_then', 'plainly')}"
            f"  among {self.share('among', 'detected')}"
            f"  exactly one {self.share('one', 'detected')}"
            f"  only finding {self.share('alone', 'detected')}"
        )


def wrong_sheets(
    seed: int, styles: tuple[Style, ...], every: int = 1
) -> Iterator[tuple[str, Examiner, Mistake, Style, Answers, tuple[Key, ...]]]:
    """Every mistake in every network, by both methods, in these styles."""
    for name, examiner, _ in examiners(seed, every=every):
        keys = {method: asked(examiner.answers, method) for method in METHODS}
        for mistake in MISTAKES.values():
            wrong = injected(examiner.answers, mistake)
            if wrong is None:
                continue
            for method in METHODS:
                for style in styles:
                    label = f"{name} {method} {mistake.name}"
                    yield label, examiner, mistake, style, wrong, keys[method]


def injected(
    answers: Answers, mistake: Mistake, scope: Scope = EVERYWHERE
) -> Answers | None:
    """The answers with the mistake; None where it does not apply or cannot be made."""
    try:
        return inject(answers, mistake, scope)
    except Circular:
        return None


def first_changed(right: Answers, wrong: Answers, keys: tuple[Key, ...]) -> Key | None:
    """The first cell, in the order of work, whose value is another one."""
    try:
        old, new = right.read(FULL), wrong.read(FULL)
    except NetworkError:
        return None
    for key in keys:
        a, b = as_decimal(old[key].value), as_decimal(new[key].value)
        if abs(a - b) > abs(a).scaleb(-30):
            return key
    return None


def first_seen(right: Mapping[Key, Entry], wrong: Mapping[Key, Entry]) -> Key | None:
    """The first cell that is written so differently that it cannot be rounding."""
    for key, typed in wrong.items():
        far = abs(as_decimal(typed.value) - as_decimal(right[key].value))
        if far > 8 * max(typed.half_unit, right[key].half_unit):
            return key
    return None


def is_named(diagnosis: Diagnosis, mistake: Mistake) -> tuple[bool, bool]:
    """Whether the mistake is among the hypotheses, and whether it stands alone."""
    for finding in diagnosis.findings:
        names = [h.name for h in finding.hypotheses]
        ids = {part for h in finding.hypotheses for m in h.ids for part in m.split("+")}
        if mistake.name in names or ids.issuperset(mistake.id.split("+")):
            return True, len(names) == 1
    return False, False


Part = Callable[[Answers, tuple[Key, ...]], tuple[Key, ...]]


def everything(answers: Answers, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    return keys


def results(answers: Answers, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The forward pass, the gradients and the new values; no steps between."""
    gradients = {
        Key("derivative", (answers.graph.objective, k)) for k in answers.graph.wanted
    }
    kinds = ("sum", "activation", "loss", "total", "new")
    return tuple(key for key in keys if key.kind in kinds or key in gradients)


def new_values(answers: Answers, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The new values alone: whatever went wrong, it is in them."""
    return tuple(key for key in keys if key.kind == "new")


PARTS: Mapping[str, Part] = {"all": everything, "results": results, "new": new_values}


def run_mistakes(
    seeds: range, styles: tuple[Style, ...], every: int = 1, part: Part = everything
) -> Mapping[Style, Row]:
    rows = {style: Row() for style in styles}
    firsts: dict[str, Key | None] = {}
    for seed in seeds:
        for label, examiner, mistake, style, wrong, whole in wrong_sheets(
            seed, styles, every
        ):
            keys = part(examiner.answers, whole)
            if label not in firsts:
                firsts[label] = first_changed(examiner.answers, wrong, keys)
            first = firsts[label]
            sheet = write_sheet(wrong, keys, style)
            if first is None or sheet is None:
                continue
            row = rows[style]
            row.counts["sheets"] += 1
            plain = write_sheet(examiner.answers, keys, style)
            if plain and all(plain[k].text == sheet[k].text for k in keys):
                row.counts["invisible"] += 1
                continue
            judgement = judge(examiner, sheet)
            seen = first_seen(plain, sheet) if plain else None
            row.counts["plainly"] += seen is not None
            row.counts["by_then"] += seen is not None and _is_by(judgement, seen)
            count(row, examiner, mistake, first, judgement, label)
        firsts.clear()
    return rows


def _is_by(judgement: Judgement, seen: Key) -> bool:
    """Whether the first wrong step is told at the first plain difference, or before."""
    order = list(judgement.cells)
    head = judgement.headline
    return head is not None and order.index(head) <= order.index(seen)


def count(
    row: Row,
    examiner: Examiner,
    mistake: Mistake,
    first: Key,
    judgement: Judgement,
    label: str,
) -> None:
    row.counts["visible"] += 1
    if not judgement.bad:
        row.missed[f"{mistake.name} (undetected)"] += 1
        return
    row.counts["detected"] += 1
    if judgement.headline == first:
        row.counts["first"] += 1
    else:
        row.late[mistake.name] += 1
        if VERBOSE:
            head = judgement.headline
            print("late", label, plain_name(first), head and plain_name(head))
    diagnosis = diagnose(examiner, judgement)
    among, alone = is_named(diagnosis, mistake)
    row.counts["among"] += among
    row.counts["one"] += alone
    row.counts["alone"] += alone and len(diagnosis.findings) == 1
    if not among:
        row.missed[mistake.name] += 1
        if VERBOSE:
            print("missed", label, describe(diagnosis))
    elif not alone:
        row.tied[mistake.name] += 1
        if VERBOSE:
            print("tied", label, describe(diagnosis))


VERBOSE = False


def describe(diagnosis: Diagnosis) -> str:
    return "; ".join(
        f"{finding.kind} {plain_name(finding.first)}+{len(finding.cells) - 1}: "
        + " | ".join(f"{h.name} [{h.scope.kind}]" for h in finding.hypotheses)
        for finding in diagnosis.findings
    )


def run_correct(seeds: range, styles: tuple[Style, ...] = STYLES) -> Counter[str]:
    """Correct sheets, whole and with blanks: how many have any value that is not
    right."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        for name, examiner, chance in examiners(seed):
            for method in METHODS:
                whole = asked(examiner.answers, method)
                for style in styles:
                    sheet = write_sheet(examiner.answers, whole, style)
                    if sheet is None:
                        continue
                    for keys in (whole, with_blanks(whole, chance)):
                        typed = {key: sheet[key] for key in keys}
                        counts["sheets"] += 1
                        counts["cells"] += len(keys)
                        accused = not_right(judge(examiner, typed))
                        counts["accused"] += bool(accused)
                        if accused:
                            print(name, method, style, accused)
    return counts


def with_blanks(keys: tuple[Key, ...], chance: random.Random) -> tuple[Key, ...]:
    """The same sheet with some cells left blank: few of them, or most."""
    share = chance.choice((0.2, 0.5, 0.8))
    return tuple(key for key in keys if chance.random() > share)


def not_right(judgement: Judgement) -> list[str]:
    """The values that are not judged correct."""
    return [
        f"{plain_name(key)} {judged.verdict.value}"
        for key, judged in judgement.cells.items()
        if judged.verdict is not Verdict.CORRECT
    ]


def run_pairs(
    seeds: range, style: Style, each: int = 30, every: int = 1
) -> Counter[str]:
    """Two mistakes at once: found are both among the hypotheses."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        for name, examiner, chance in examiners(seed, every=every):
            keys = asked(examiner.answers, chance.choice(METHODS))
            for one, other in drawn_pairs(chance, each):
                both = injected_pair(examiner.answers, one, other)
                if both is None:
                    continue
                try:
                    sheet = write_sheet(both, keys, style)
                except ArithmeticError:
                    continue
                if sheet is None or masked(
                    examiner.answers, (one, other), sheet, style
                ):
                    continue
                judgement = judge(examiner, sheet)
                counts["sheets"] += 1
                if not judgement.bad:
                    continue
                diagnosis = diagnose(examiner, judgement)
                named = [is_named(diagnosis, m)[0] for m in (one, other)]
                counts["both"] += all(named)
                counts["one"] += any(named)
                if VERBOSE and not all(named):
                    print(name, one.name, other.name, describe(diagnosis))
    return counts


def drawn_pairs(chance: random.Random, each: int) -> Iterator[tuple[Mistake, Mistake]]:
    single = [m for m in MISTAKES.values() if "+" not in m.id]
    for _ in range(each):
        one, other = chance.sample(single, 2)
        if one.id != other.id:
            yield one, other


def masked(
    answers: Answers,
    mistakes: tuple[Mistake, Mistake],
    sheet: Mapping[Key, Entry],
    style: Style,
) -> bool:
    """Whether the sheet is that of one of the mistakes alone, to a few last digits."""
    for mistake in mistakes:
        alone = injected(answers, mistake)
        other = alone and write_sheet(alone, tuple(sheet), style)
        if other and first_seen(other, sheet) is None:
            return True
    return False


def injected_pair(answers: Answers, one: Mistake, other: Mistake) -> Answers | None:
    """Both mistakes, where each of them changes something of its own."""
    first = injected(answers, one)
    if first is None or injected(answers, other) is None:
        return None
    return injected(first, other)


def run_narrow(seeds: range, style: Style) -> Counter[str]:
    """Mistakes in one layer, one unit or one cell."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        for name, examiner, chance in examiners(seed):
            keys = asked(examiner.answers, chance.choice(METHODS))
            for mistake in MISTAKES.values():
                edits = tuple(edits_of(examiner.answers, mistake))
                if not edits or mistake in CONVENTIONS:
                    continue
                scope = drawn_scope(examiner, chance, edits)
                wrong = injected(examiner.answers, mistake, scope)
                sheet = wrong and write_sheet(wrong, keys, style)
                plain = write_sheet(examiner.answers, keys, style)
                if not sheet or not plain or first_seen(plain, sheet) is None:
                    continue
                kind = scope.kind
                counts[f"{kind} sheets"] += 1
                judgement = judge(examiner, sheet)
                diagnosis = diagnose(examiner, judgement)
                among, alone = is_named(diagnosis, mistake)
                counts[f"{kind} among"] += among
                counts[f"{kind} one"] += alone
                if VERBOSE and not among:
                    print(name, mistake.name, scope, describe(diagnosis))
    return counts


def drawn_scope(
    examiner: Examiner, chance: random.Random, edits: tuple[Key, ...]
) -> Scope:
    answers, key = examiner.answers, chance.choice(edits)
    kind = chance.choice(("layer", "unit", "cell"))
    if kind == "unit" and key in answers.unit_of:
        return Scope("unit", answers.unit_of[key])
    if kind == "layer":
        return Scope("layer", answers.layer_of[key])
    return Scope("cell", key)


def run_noise(seeds: range, style: Style, every: int = 1) -> Counter[str]:
    """One value that nobody can explain: how often is an explanation given?"""
    counts: Counter[str] = Counter()
    for seed in seeds:
        for _, examiner, chance in examiners(seed, 3, every):
            keys = asked(examiner.answers, chance.choice(METHODS))
            sheet = write_sheet(examiner.answers, keys, style)
            if sheet is None:
                continue
            for key in chance.sample(keys, min(12, len(keys))):
                right = as_decimal(sheet[key].value)
                factor = as_decimal(Fraction(chance.randrange(-3000, 3000), 1000))
                typed = entry(key, right * factor, style)
                judgement = judge(examiner, {**sheet, key: typed})
                if key not in judgement.roots:
                    continue
                counts["sheets"] += 1
                for finding in diagnose(examiner, judgement).findings:
                    if finding.first == key:
                        counts[finding.kind] += 1
                        ids = sorted({p for h in finding.hypotheses for p in h.ids})
                        counts[f"   {'/'.join(ids)}"] += finding.kind != "unexplained"
    return counts


def run_speed(seeds: range, style: Style) -> None:
    """Sheets of 2-2-2 networks with one mistake each, judged and diagnosed."""
    spent, sheets = 0.0, 0
    for seed in seeds:
        for name, examiner, _ in examiners(seed):
            if not name.startswith("2-2-2 sigmoid sigmoid half"):
                continue
            keys = asked(examiner.answers)
            for mistake in MISTAKES.values():
                wrong = injected(examiner.answers, mistake)
                sheet = write_sheet(wrong, keys, style) if wrong else None
                if sheet is None:
                    continue
                start = time.perf_counter()
                diagnose(examiner, judge(examiner, sheet))
                spent += time.perf_counter() - start
                sheets += 1
    print(f"{sheets} sheets of {len(keys)} cells, {1000 * spent / sheets:.1f} ms each")


def main() -> None:
    global VERBOSE
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="mistakes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--carry", choices=("shown", "full"), default="shown")
    parser.add_argument("--part", choices=PARTS, default="all")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--decimals", type=int, nargs="*", default=[2, 3, 4, 6])
    parser.add_argument("--figures", type=int, nargs="*", default=[3, 4])
    chosen = parser.parse_args()
    VERBOSE = chosen.verbose
    seeds = range(chosen.seed, chosen.seed + chosen.seeds)
    styles = tuple(Style(n, "decimals", carry=chosen.carry) for n in chosen.decimals)
    styles += tuple(Style(n, "figures", carry=chosen.carry) for n in chosen.figures)
    if chosen.what == "correct":
        print(run_correct(seeds))
    elif chosen.what == "pairs":
        for style in styles:
            print(style, run_pairs(seeds, style))
    elif chosen.what == "narrow":
        for style in styles:
            print(style, run_narrow(seeds, style))
    elif chosen.what == "noise":
        for style in styles:
            print(style, run_noise(seeds, style))
    elif chosen.what == "speed":
        run_speed(seeds, Style(4))
    else:
        part = PARTS[chosen.part]
        for style, row in run_mistakes(seeds, styles, part=part).items():
            print(f"{style.count} {style.unit:8}", row.line())
            for what in ("missed", "tied", "late"):
                print("   ", what, getattr(row, what).most_common(12))


if __name__ == "__main__":
    main()
