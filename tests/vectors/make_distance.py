#!/usr/bin/env python3
"""Makes distance.json: lat, lon, lat, lon in microdegrees and the geodesic on WGS 84 in centimetres,
by Vincenty's inverse formula (Survey Review 176, 1975). python3 make_distance.py > distance.json
"""
import json
import math
import random

A, F = 6378137.0, 1 / 298.257223563
B = A * (1 - F)


def vincenty(lat1, lon1, lat2, lon2):
    u1 = math.atan((1 - F) * math.tan(lat1))
    u2 = math.atan((1 - F) * math.tan(lat2))
    dl = lam = lon2 - lon1
    for _ in range(200):
        sl, cl = math.sin(lam), math.cos(lam)
        s = math.hypot(math.cos(u2) * sl,
                       math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * cl)
        if s == 0:
            return 0.0
        c = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * cl
        sigma = math.atan2(s, c)
        sa = math.cos(u1) * math.cos(u2) * sl / s
        ca2 = 1 - sa * sa
        cm = c - 2 * math.sin(u1) * math.sin(u2) / ca2 if ca2 else 0.0
        k = F / 16 * ca2 * (4 + F * (4 - 3 * ca2))
        before = lam
        lam = dl + (1 - k) * F * sa * (
            sigma + k * s * (cm + k * c * (2 * cm * cm - 1)))
        if abs(lam - before) < 1e-14:
            break
    uu = ca2 * (A * A - B * B) / (B * B)
    a = 1 + uu / 16384 * (4096 + uu * (-768 + uu * (320 - 175 * uu)))
    b = uu / 1024 * (256 + uu * (-128 + uu * (74 - 47 * uu)))
    ds = b * s * (cm + b / 4 * (c * (2 * cm * cm - 1)
                                - b / 6 * cm * (4 * s * s - 3) * (4 * cm * cm - 3)))
    return B * a * (sigma - ds)


def main():
    rng = random.Random(4)
    rows = []
    while len(rows) < 400:
        lat = rng.randint(-60000000, 60000000) if len(rows) < 150 else rng.randint(-33700000, 5200000)
        lon = rng.randint(-179000000, 179000000)
        reach = 10 ** rng.uniform(2, 5.75)
        lat2 = int(lat + rng.uniform(-1, 1) * reach)
        lon2 = int(lon + rng.uniform(-1, 1) * reach)
        d = vincenty(*(math.radians(v / 1e6) for v in (lat, lon, lat2, lon2)))
        if 1 < d < 70000:
            rows.append([lat, lon, lat2, lon2, round(d * 100)])
    print('{"comment": "lat, lon, lat, lon, centimetres; made by make_distance.py", "pairs": [')
    print(",\n".join(json.dumps(r) for r in rows))
    print("]}")


main()
