#!/usr/bin/env python3
"""Learns reason_hints.tsv: for texts on which no rule of reasons.tsv speaks, how much each word (its
first five letters) speaks for each reason. An averaged perceptron over the labelled texts of
tests/vectors; those that measure (reasons_heldout.tsv, reasons_typos.tsv) are not read.

    tools/analyze/learn_hints.py tests/vectors > tools/analyze/reason_hints.tsv
"""

import random
import re
import sys
import unicodedata

REASONS = ["move", "price", "quality", "nonpayment", "competition", "closure", "other", "none"]
FILES = ["reasons_tuning.tsv", "reasons_field.tsv", "reasons_notes.tsv", "reasons_notes_own.tsv"]
LETTERS = 5
ROUNDS = 30
SCALE = 20

HEAD = """# How much a word speaks for each reason, where no rule of reasons.tsv does: its first letters, and a
# number for each of {}.
# Made by learn_hints.py from the texts of tests/vectors; do not edit.
"""


def features(text):
    bare = unicodedata.normalize("NFD", text.lower())
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", bare)
    return sorted({w[:LETTERS] for w in words if not w[0].isdigit()})


def texts(folder):
    for name in FILES:
        with open(f"{folder}/{name}", encoding="utf-8") as file:
            for line in file:
                part = line.rstrip("\n").split("\t")
                if line.startswith("#") or part[0] == "id":
                    continue
                text, label = (part[1] + " " + part[2], part[3]) if len(part) > 3 else (part[1], part[0])
                yield features(text), REASONS.index("competition" if label == "competitor" else label)


def learn(data):
    weight = {w: [0.0] * len(REASONS) for words, _ in data for w in words}
    total = {w: [0.0] * len(REASONS) for w in weight}
    order = random.Random(1)
    step = 1
    for _ in range(ROUNDS):
        order.shuffle(data)
        for words, right in data:
            scale = (len(words) + 1) ** 0.5
            score = [sum(weight[w][r] for w in words) / scale for r in range(len(REASONS))]
            other = max((r for r in range(len(REASONS)) if r != right), key=lambda r: score[r])
            if score[right] - score[other] < 1:
                for w in words:
                    weight[w][right] += 1
                    weight[w][other] -= 1
                    total[w][right] += step
                    total[w][other] -= step
            step += 1
    return {w: [weight[w][r] - total[w][r] / step for r in range(len(REASONS))] for w in weight}


def main():
    hints = learn(list(texts(sys.argv[1])))
    sys.stdout.write(HEAD.format(", ".join(REASONS)))
    for word in sorted(hints):
        numbers = [round(x * SCALE) for x in hints[word]]
        if any(numbers):
            print(word + "\t" + " ".join(str(n) for n in numbers))


main()
