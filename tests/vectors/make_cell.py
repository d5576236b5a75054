#!/usr/bin/env python3
"""Makes cell.json from the definition in proto/geo/cell.h, in decimal arithmetic with 60 digits and without
the C code.

python3 make_cell.py > cell.json
"""
import json
import random
from decimal import Decimal, getcontext, ROUND_FLOOR

getcontext().prec = 60
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
N = 1 << 20


def sin_cos(x):
    s = c = Decimal(0)
    term, k = Decimal(1), 0
    while abs(term) > Decimal(10) ** -58:
        if k % 2 == 0:
            c += term if k % 4 == 0 else -term
        else:
            s += term if k % 4 == 1 else -term
        k += 1
        term = term * x / k
    return s, c


def row20(lat):
    if abs(lat) > 85100000:
        return 0 if lat > 0 else N - 1
    s, c = sin_cos(Decimal(abs(lat)) * PI / Decimal(180000000))
    m = ((1 + s) / c).ln()  # asinh(tan lat)
    if lat < 0:
        m = -m
    y = (N * (Decimal("0.5") - m / (2 * PI))).to_integral_value(rounding=ROUND_FLOOR)
    return min(max(int(y), 0), N - 1)


def edge(k):
    """The latitude of the edge between rows k-1 and k, in microdegrees."""
    e = (PI * (1 - Decimal(2 * k) / N)).exp()
    # sin(lat) = tanh(t), solved by bisection without an atan
    target = (e - 1 / e) / (e + 1 / e)
    lo, hi = -85100000, 85100000
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if sin_cos(Decimal(mid) * PI / Decimal(180000000))[0] <= target:
            lo = mid
        else:
            hi = mid
    return lo


def cell(lat, lon, level):
    x = min((lon + 180000000) * (1 << level) // 360000000, (1 << level) - 1)
    y = row20(lat) >> (20 - level)
    q = 0
    for bit in reversed(range(level)):
        q = q << 2 | (y >> bit & 1) << 1 | (x >> bit & 1)
    return (2 * q + 1) << (2 * (20 - level))


def main():
    rng = random.Random(20)
    points = [(0, 0), (1, 0), (-1, 0), (0, -1), (0, 180000000), (0, -180000000),
              (90000000, 0), (-90000000, 0), (85051128, 5), (85051129, 5), (-85051129, 5),
              # the whole microdegrees closest to an edge
              *[(s * (lat + d), -47000000) for lat in
                (69090752, 73219069, 78430113, 80187611, 84368501, 84613838, 85051099)
                for s in (1, -1) for d in (-1, 0, 1)]]
    for _ in range(700):  # Brazil
        points.append((rng.randint(-33750000, 5270000), rng.randint(-73990000, -34790000)))
    for _ in range(300):  # anywhere
        points.append((rng.randint(-90000000, 90000000), rng.randint(-180000000, 180000000)))
    for _ in range(400):  # at most a microdegree from an edge of a row and of a column
        level = rng.randint(1, 20)
        lat = edge(rng.randint(1, (1 << level) - 1) << (20 - level))
        x = rng.randint(1, (1 << level) - 1)
        lon = x * 360000000 // (1 << level) - 180000000
        for d in (0, 1):
            points.append((lat + d, lon + d))
        points.append((lat, lon - 1))
    out = []
    for lat, lon in points:
        level = rng.choice((16, 20, 20, rng.randint(0, 20)))
        out.append([lat, lon, level, cell(lat, lon, level)])
    print('{"comment": "lat_udeg, lon_udeg, level, id; made by make_cell.py", "cells": [')
    print(",\n".join(json.dumps(v) for v in out))
    print("]}")


main()
