"""The self-test: every mistake injected, written as a sheet, and found again.

    python -m tests.homework.selftest            mistakes, by digits
    python -m tests.homework.selftest correct    correct sheets: false accusations
    python -m tests.homework.selftest pairs      two mistakes at once
    python -m tests.homework.selftest speed      sheets a minute

Seeds from 1 are for work; those from 9000 are held back for the final number.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from explainer.homework.answers import Answers
from explainer.homework.diagnosing import diagnose
from explainer.homework.diagnosis import Diagnosis
from explainer.homework.examiner import Examiner
from explainer.homework.injecting import EVERYWHERE, Scope, inject
from explainer.homework.judging import Judgement, Verdict, judge
from explainer.homework.mistakes import MISTAKES
from explainer.homework.mistakes.mistake import Mistake
from explainer.homework.ordering import Circular
from explainer.mathematics.evaluation import as_decimal
from explainer.mathematics.rounding import FULL
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError
from explainer.notation import plain_name
from tests.homework.sheets import STYLES, Style, asked, examiners, write_sheet

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
            f"  among {self.share('among', 'detected')}"
            f"  exactly one {self.share('one', 'detected')}"
            f"  only finding {self.share('alone', 'detected')}"
        )


def wrong_sheets(
    seed: int, styles: tuple[Style, ...], count: int = 1
) -> Iterator[tuple[str, Examiner, Mistake, Style, Answers, tuple[Key, ...]]]:
    """Every mistake in every network, by both methods, in these styles."""
    for name, examiner, _ in examiners(seed, count):
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


def is_named(diagnosis: Diagnosis, mistake: Mistake) -> tuple[bool, bool]:
    """Whether the mistake is among the hypotheses, and whether it stands alone."""
    for finding in diagnosis.findings:
        names = [h.name for h in finding.hypotheses]
        ids = [h.ids for h in finding.hypotheses]
        if mistake.name in names or any(mistake.id in known for known in ids):
            return True, len(names) == 1
    return False, False


def run_mistakes(seeds: range, styles: tuple[Style, ...]) -> Mapping[Style, Row]:
    rows = {style: Row() for style in styles}
    firsts: dict[str, Key | None] = {}
    for seed in seeds:
        for label, examiner, mistake, style, wrong, keys in wrong_sheets(seed, styles):
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
            count(row, examiner, mistake, first, judge(examiner, sheet), label)
        firsts.clear()
    return rows


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
    """Correct sheets: how many, and how many have any value that is not right."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        for name, examiner, _ in examiners(seed):
            for method in METHODS:
                keys = asked(examiner.answers, method)
                for style in styles:
                    sheet = write_sheet(examiner.answers, keys, style)
                    if sheet is None:
                        continue
                    counts["sheets"] += 1
                    judgement = judge(examiner, sheet)
                    wrong = [
                        key
                        for key, judged in judgement.cells.items()
                        if judged.verdict is not Verdict.CORRECT
                    ]
                    counts["accused"] += bool(wrong)
                    counts["cells"] += len(sheet)
                    if wrong:
                        print(name, method, style, [plain_name(key) for key in wrong])
    return counts


def run_pairs(seeds: range, style: Style, each: int = 30) -> Counter[str]:
    """Two mistakes at once: found are both among the hypotheses."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        for name, examiner, chance in examiners(seed):
            keys = asked(examiner.answers, chance.choice(METHODS))
            for one, other in drawn_pairs(chance, each):
                both = injected_pair(examiner.answers, one, other)
                if both is None:
                    continue
                try:
                    sheet = write_sheet(both, keys, style)
                except ArithmeticError:
                    continue
                if sheet is None or first_changed(examiner.answers, both, keys) is None:
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


def injected_pair(answers: Answers, one: Mistake, other: Mistake) -> Answers | None:
    """Both mistakes, where each of them changes something of its own."""
    first = injected(answers, one)
    if first is None or injected(answers, other) is None:
        return None
    return injected(first, other)


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
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--decimals", type=int, nargs="*", default=[2, 3, 4, 6])
    parser.add_argument("--figures", type=int, nargs="*", default=[3, 4])
    chosen = parser.parse_args()
    VERBOSE = chosen.verbose
    seeds = range(chosen.seed, chosen.seed + chosen.seeds)
    styles = tuple(Style(n, "decimals", carry="shown") for n in chosen.decimals)
    styles += tuple(Style(n, "figures", carry="shown") for n in chosen.figures)
    if chosen.what == "correct":
        print(run_correct(seeds))
    elif chosen.what == "pairs":
        for style in styles:
            print(style, run_pairs(seeds, style))
    elif chosen.what == "speed":
        run_speed(seeds, Style(4))
    else:
        for style, row in run_mistakes(seeds, styles).items():
            print(f"{style.count} {style.unit:8}", row.line())
            for what in ("missed", "tied", "late"):
                print("   ", what, getattr(row, what).most_common(12))


if __name__ == "__main__":
    main()
