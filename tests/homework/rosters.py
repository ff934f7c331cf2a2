"""A class of two hundred whose names and groups are all that a roster may hold."""

from __future__ import annotations

import csv
import io
import unicodedata
from random import Random

# Given names and family names by script; some are written in two normal forms.
GIVEN = """
Ana José Zoë Łukasz Đorđe Þórunn Åse Nguyễn
Ọláyínká Ağça Šárka Ştefan Ĝis Ελένη Νίκος Дмитрий
Ганна Ђорђе محمد فاطمة عائشة דוד שרה 山田 太郎 伟 秀英 민준
서연 अनिता राहुल தமிழ் สมชาย ვახტანგ Արամ አበበ ᏣᎳᎩ
আয়েশা 👩🏽‍🎓 Mary-Jane O'Neil Jean-Luc X Æ
""".split()
FAMILY = """
García Müller Øster Çelik Nuñez Müller Vũ Åkesson
Παπαδοπούλου Иванова العربي כהן 佐藤 陳 김 शर्मा สุขใจ
Smith,Jr. van;der Berg "Doc" A|B a_b $x$ 50% #1
c\\d {e} ~f^ <b> &amp; *bold* [l](m) `q` --dash
Kwame' =1+1 @home 0 1e5 null
""".split()
GROUPS = ["A", "B", "Ω-1", "Mo 8:15", "", "A, B"]
SEED = 20261


def write_roster(count: int = 200, delimiter: str = ",") -> str:
    """The CSV of a class, the same one whenever it is asked for."""
    chance = Random(SEED)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["ID", "Name", "group", "e-mail"])
    for number in range(count):
        name = _name(chance, number)
        ident = _ident(chance, number)
        writer.writerow([ident, name, chance.choice(GROUPS), f"s{number}@example.org"])
    return text.getvalue()


def _name(chance: Random, number: int) -> str:
    between = chance.choice([" ", " ", " ", "  ", "\n", "\t", " \u200d", "\u00a0"])
    name = f"{chance.choice(GIVEN)}{between}{chance.choice(FAMILY)}"
    if number % 50 == 49:
        return name + " al" * 150
    if number % 40 == 39:
        return ""
    return unicodedata.normalize(chance.choice(["NFC", "NFD"]), name)


def _ident(chance: Random, number: int) -> str:
    """Ids as schools have them, and worse."""
    kinds = [
        f"{number:07}",
        f"k{number}@uni.example",
        f"../{number}",
        f"CON{number}" if number else "CON",
        f"{number}/2026",
        f"Ñ-{number}",
        f"学号{number}",
        f"a b {number}.",
        f"=SUM({number})",
    ]
    return chance.choice(kinds)
