"""A full store. An operation that needs space is refused whole and with a reason. Operations that revoke or remove
still work. A larger map is enough to go on."""
import json
import math
import pathlib
import sys

import story
from nodes import Cluster, Refused, Tap, wait_until

MAP, MORE = "map_mib = 16", "map_mib = 64"


def plant(path, vertices):
    """Writes a ragged disc. Its exact form takes much space in the store."""
    ring = []
    for i in range(vertices):
        a = 2 * math.pi * i / vertices
        r = 0.02 + 0.0005 * math.sin(977 * a)
        ring.append([-41.11 + r * math.cos(a), -20.85 + r * math.sin(a)])
    ring.append(ring[0])
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    return str(path)


def small(node):
    config = pathlib.Path(node.config_path)
    config.write_text(config.read_text().replace("map_mib = 64", MAP))


def fill(node):
    """Imports until not even a small plant fits. Returns the imported names and the last refusal."""
    names, size = [], 400000
    file = plant(node.dir / "p.geojson", size)
    for n in range(200):
        try:
            node.cli("coverage", "import", file, "--name", f"p{n}")
            names.append(f"p{n}")
        except Refused as e:
            if size < 1000:
                return names, e.error
            size //= 8
            file = plant(node.dir / "p.geojson", size)
    raise AssertionError("two hundred plants went into 16 MiB")


def code(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
    except Refused as e:
        return e.error["code"]
    return "none"


def main():
    t = Tap()
    with Cluster(2, names=["Cheia", "Vizinha"], start=False) as c:
        a, b = c
        small(a)
        a.start()
        b.start()
        c.join(a, b)
        b.cover([story.CACHOEIRO], [(29300000, 29329999)])
        b.plan()
        story.wait_covered(a, 1)
        lead = story.offer(a, "P-1")
        story.wait_state(a, lead, "choosing")
        story.choose(a, lead, b.name)
        story.wait_contact(b, lead)
        names, refusal = fill(a)
        t.check(len(names) > 3, f"{len(names)} plants fit")
        t.equal(refusal["code"], "store-full", "the next one is refused, with what to do")
        t.equal({p["name"] for p in a.ctl("coverage.list")["coverages"]}, set(names), "and nothing of it is there")
        t.equal(code(story.offer, a, "P-2"), "store-full", "an offer likewise, before anything is kept")
        t.equal(len(a.ctl("lead.list")["leads"]), 1, "and it is not")
        t.check(a.ctl("status")["store_full"], "status shows it")
        a.ctl("lead.revoke", lead=lead)
        wait_until(lambda: a.ctl("lead.show", lead=lead)["lead"]["asked"][0]["erased"], "the holder has erased")
        t.check(not story.contact(b, lead), "a revocation works, and reaches the holder")
        a.ctl("coverage.withdraw", name=names[0])
        t.check(a.answers(), "what frees space works")
        a.stop()
        config = pathlib.Path(a.config_path)
        config.write_text(config.read_text().replace(MAP, MORE))
        a.start()
        t.check(not a.ctl("status")["store_full"], "with a larger map it is not full")
        story.wait_covered(a, 1)
        a.wait_started()
        story.wait_state(a, story.offer(a, "P-3"), "choosing")
        t.check(True, "and leads go on")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
