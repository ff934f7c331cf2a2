"""Codes of papers: every slip of the pen is found.

Remainders of sums are sums of remainders: what holds for a code of zeros but for the
places in question holds for every code.
"""

from __future__ import annotations

import re
from itertools import combinations, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.homework.variants.codes import (
    ALPHABET,
    LENGTH,
    nearest_codes,
    read_code,
    write_code,
)

NUMBERS = st.integers(0, 2**256)


def put(code: str, place: int, signs: str) -> str:
    return code[:place] + signs + code[place + len(signs) :]


def bodies(count: int) -> list[str]:
    """Codes without hyphens, far from each other."""
    chance = Random(count)
    return [write_code(chance.getrandbits(256)).replace("-", "") for _ in range(count)]


def test_every_wrong_character_is_found() -> None:
    """At each place each character for each other one."""
    for place in range(LENGTH - 1):
        for right in range(32):
            code = write_code(right << 5 * (LENGTH - 2 - place)).replace("-", "")
            assert code[place] == ALPHABET[right]
            for wrong in ALPHABET:
                changed = put(code, place, wrong)
                assert (read_code(changed) is None) == (changed != code)
    for code in bodies(32):
        for wrong in ALPHABET:
            assert (read_code(put(code, 11, wrong)) is None) == (wrong != code[11])


def test_every_two_exchanged_characters_are_found() -> None:
    """At each two places each pair of characters."""
    for one, other in combinations(range(LENGTH - 1), 2):
        for a, b in permutations(range(32), 2):
            number = sum(
                sign << 5 * (LENGTH - 2 - place)
                for place, sign in ((one, a), (other, b))
            )
            code = write_code(number).replace("-", "")
            changed = put(put(code, one, code[other]), other, code[one])
            assert changed != code
            assert read_code(changed) is None


def test_the_last_two_characters_exchanged_are_found() -> None:
    seen = set()
    for code in (write_code(n).replace("-", "") for n in range(32**2)):
        if code[10] != code[11]:
            seen.add(code[10:])
            assert read_code(code[:10] + code[11] + code[10]) is None
    assert len(seen) > 900


@given(NUMBERS)
def test_a_code_is_safe_wherever_it_stands(number: int) -> None:
    code = write_code(number)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", code)
    assert read_code(code) == code


@given(NUMBERS, st.data())
def test_a_code_is_read_kindly(number: int, data: st.DataObject) -> None:
    code = write_code(number)
    alike = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        data.draw(st.sampled_from(alike.get(sign, sign + sign.lower())))
        for sign in code
    )
    separator = data.draw(st.sampled_from(["-", " ", "", "_", "–", " - "]))
    assert read_code(f" {typed.replace('-', separator)} ") == code


@pytest.mark.parametrize(
    "text", ["", "-", "ABCD", "U" * 12, "0" * 13, "Ä" * 12, "²" * 12]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_bits_of_a_hash_reach_every_place() -> None:
    codes = bodies(500)
    for place in range(LENGTH):
        assert {code[place] for code in codes} == {*ALPHABET}


@given(st.integers(0, 99), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_the_nearest_code_is_the_one_meant(which: int, place: int, sign: str) -> None:
    codes = bodies(100)
    bare = codes[which]
    for typed in (put(bare, place, sign), bare[:place] + bare[place + 1 :]):
        assert nearest_codes(typed, codes)[0] == bare
    assert nearest_codes("ABCD", codes) == []
