#!/usr/bin/env python3
"""Learns reason_weights.tsv: how much each feature of a row (reason_features.h) speaks for each reason.

    learn_reasons.py SEEN VECTORS > reason_weights.tsv
    learn_reasons.py SEEN VECTORS --hold d,reasons_notes_blind.tsv
                    leaves the notes d... and those of a file out, and measures each of these parts

SEEN is the program reason_seen of the build, VECTORS is tests/vectors. Multinomial logistic regression, with steps of
AdaGrad (Duchi 2011). It reads the texts of TUNED and NOTES, and the phrases of reason_phrases.tsv; the other labelled
texts of VECTORS measure. The rules were tuned on the texts of TUNED and would look infallible there; so what the rules
say counts in the notes of NOTES alone.
"""
import math
import pathlib
import random
import re
import subprocess
import sys

REASONS = ["move", "price", "quality", "nonpayment", "competition", "closure", "other", "none"]
TUNED = ["reasons_notes.tsv", "reasons_notes_own.tsv", "reasons_field.tsv", "reasons_tuning.tsv"]
NOTES = ["reasons_notes_more.tsv", "reasons_notes_wide.tsv", "reasons_notes_blind.tsv", "reasons_notes_fresh.tsv"]
ROUNDS, RATE, DECAY = 12, 0.1, 2e-2
CLOSE = 0.01  # of a likelihood: nothing is learned from less
WORDS, RULES = 4.0, 0.3  # of all words of a row (over the root of their number), and of one rule
SCALE = 30  # of the weights in the file
LEAST = 6  # the least weight that is kept
MOVE_MORE = 40  # how much more must speak for a move: as many moves are missed as are made up, over the sets left out
SEED = 7

HEAD = """# How much a feature (reason_features.h) speaks for or against each reason:
# {}.
# Made by learn_reasons.py; do not edit.
"""


def labelled(path):
    """Rows (id, choice, note, reason) of a file of tests/vectors, of either form."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        part = line.split("\t")
        if line.startswith("#") or part[0] == "id" or len(part) < 2:
            continue
        name, choice, note, label = part[:4] if len(part) > 3 else [str(number), "", part[1], part[0]]
        yield name, choice, note, "competition" if label == "competitor" else label


class Phrases:
    """reason_phrases.tsv: each phrase some times, with other words in its places and other habits of writing."""

    def __init__(self, path):
        self.random = random.Random(SEED)
        self.lists = {}
        self.phrases = []
        for line in path.read_text(encoding="utf-8").splitlines():
            key, _, text = line.partition("\t")
            if key.startswith("="):
                self.lists[key[1:]] = text.split("|")
            elif text and not line.startswith("#"):
                self.phrases.append((key, text))

    def filled(self, text):
        text = re.sub(r"\{(\w+)\}", lambda m: self.random.choice(self.lists[m.group(1)]), text)
        for habit in self.lists["habits"]:
            word, *others = habit.split(",")
            if self.random.random() < 0.5:
                text = re.sub(r"(?<!\w)" + word + r"(?!\w)", lambda m, o=others: self.random.choice(o), text)
        return text

    def note(self, text):
        text = self.filled(text)
        if self.random.random() < 0.3:
            text = self.random.choice(self.lists["before"]) + " " + text
        chance = self.random.random()
        if chance < 0.35:
            return text.rstrip(".") + ". " + self.random.choice(self.lists["beside"])
        return text if chance < 0.45 else self.random.choice(self.lists["beside"]) + " " + text if chance < 0.5 else text

    def rows(self):
        for label, text in self.phrases:
            for note in sorted({self.note(text) for _ in range(4 if "{" in text else 2)}):
                yield "", self.random.choice(self.lists["choice"]).strip(), note, label


def seen(program, rows):
    """What the program makes of the rows: (label, features of words, features of rules)."""
    text = "".join(f"{choice}\t{note}\n" for _, choice, note, _ in rows)
    out = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    for (_, _, _, label), line in zip(rows, out, strict=True):
        words, rules = line.split("\t")
        yield REASONS.index(label), words.split(), rules.split()


def valued(label, words, rules, trusted):
    """The features of a row with their values. Of a row that is not trusted, the reason of the choice is all that
    the rules may say."""
    value = {}
    share = WORDS / (len(words) + 1) ** 0.5
    for name in words:
        value[name] = value.get(name, 0) + share
    for name in rules:
        if trusted or name.startswith("l:"):
            value[name] = RULES
    return label, value


def common(data):
    """Leaves out the features of one row alone."""
    count = {}
    for _, value in data:
        for name in value:
            count[name] = count.get(name, 0) + 1
    return [(label, [(name, v) for name, v in value.items() if count[name] > 1]) for label, value in data]


def scores(weight, value):
    a = b = c = d = e = f = g = h = 0.0
    for name, v in value:
        row = weight.get(name)
        if row:
            a += row[0] * v
            b += row[1] * v
            c += row[2] * v
            d += row[3] * v
            e += row[4] * v
            f += row[5] * v
            g += row[6] * v
            h += row[7] * v
    return [a, b, c, d, e, f, g, h]


def slopes(score, right):
    """How far the likelihood of each reason is from what it should be, where it matters."""
    most = max(score)
    power = [math.exp(s - most) for s in score]
    total = sum(power)
    slope = [p / total - (reason == right) for reason, p in enumerate(power)]
    return [(reason, s) for reason, s in enumerate(slope) if abs(s) > CLOSE]


def step(weight, square, value, slope):
    for name, v in value:
        row, sum_of = weight[name], square[name]
        for reason, s in slope:
            gradient = s * v + DECAY * row[reason]
            sum_of[reason] += gradient * gradient
            row[reason] -= RATE * gradient / sum_of[reason] ** 0.5


def rounded(name, row):
    more = [MOVE_MORE * name.startswith("l:")] + [0] * (len(REASONS) - 1)  # each row of a file has one of these
    whole = [round(w * SCALE) - m for w, m in zip(row, more)]
    return [w if abs(w) >= LEAST else 0 for w in whole]


def learn(data):
    data = common(data)
    weight = {name: [0.0] * len(REASONS) for _, value in data for name, _ in value}
    square = {name: [0.01] * len(REASONS) for name in weight}
    order = random.Random(SEED)
    for _ in range(ROUNDS):
        order.shuffle(data)
        for right, value in data:
            slope = slopes(scores(weight, value), right)
            if slope:
                step(weight, square, value, slope)
    return {name: whole for name in sorted(weight) if any(whole := rounded(name, weight[name]))}


def said(score, value):
    """The reason with the best score; a note that says nothing leaves the choice, as in reason.c."""
    best = max(range(len(REASONS)), key=lambda r: score[r])
    if REASONS[best] == "none":
        listed = next(name for name in value if name.startswith("l:"))
        best = ord(listed[2]) - ord("a") if listed[2] < "g" else best
    return best


def measure(part, weight, data):
    confusion = [[0] * len(REASONS) for _ in REASONS]
    for right, value in data:
        confusion[right][said(scores(weight, value.items()), value)] += 1
    for name, row in zip(REASONS, confusion):
        print(f"# {name:12}" + "".join(f"{n:5}" for n in row))
    hit = confusion[0][0]
    n = sum(map(sum, confusion))
    right = sum(confusion[i][i] for i in range(len(REASONS)))
    print(f"{part}: accuracy {right / n:.3f} move-precision {hit / sum(row[0] for row in confusion):.3f} "
          f"move-recall {hit / sum(confusion[0]):.3f} of {n}")


def main():
    program, vectors = sys.argv[1], pathlib.Path(sys.argv[2])
    held = {part: [] for part in (sys.argv[4].split(",") if sys.argv[3:4] == ["--hold"] else [])}
    tuned = [row for name in TUNED for row in labelled(vectors / name)]
    tuned += Phrases(pathlib.Path(__file__).with_name("reason_phrases.tsv")).rows()
    notes = []
    for file in NOTES:
        for row in labelled(vectors / file):
            part = next((p for p in held if p == file or row[0].startswith(p)), None)
            held.get(part, notes).append(row)
    data = [valued(*row, False) for row in seen(program, tuned)]
    data += [valued(*row, True) for row in seen(program, notes)]
    weight = learn(data)
    for part, rows in held.items():
        measure(part, weight, [valued(*row, True) for row in seen(program, rows)])
    if held:
        return
    sys.stdout.write(HEAD.format(", ".join(f"{chr(ord('a') + r)} {name}" for r, name in enumerate(REASONS))))
    for name, row in weight.items():
        print(name + "\t" + "".join(chr(ord("a") + r) + str(w) for r, w in enumerate(row) if w))


main()
