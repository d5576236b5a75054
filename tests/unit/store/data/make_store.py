#!/usr/bin/env python3
"""Makes store-VERSION.mdb.gz: the store of an origin with leads, as vizinhod of that schema wrote it.

  VIZINHOD=... VIZINHO=... make_store.py VERSION

The two programs are those of a commit with that schema: c09598c4 for 9, 35fe75cf for 10. A run makes other keys and
times, and so another file."""
import gzip
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "e2e"))
import story  # noqa: E402

PAGE = 4096


def main():
    with story.cluster(2) as c:
        a = c[0]
        leads = [story.offer(a, f"P-{i}") for i in range(3)]
        for lead in leads:
            story.wait_state(a, lead, "choosing")
        name = story.proposals(a, leads[0])[0]
        story.choose(a, leads[0], name)
        story.wait_contact(story.by_name(c, name), leads[0])
        a.stop()
        data = (pathlib.Path(a.state_dir) / "store.mdb").read_bytes()
    pages = len(data) // PAGE  # without what is only kept free behind it
    while not any(data[(pages - 1) * PAGE:pages * PAGE]):
        pages -= 1
    with open(HERE / f"store-{sys.argv[1]}.mdb.gz", "wb") as f:
        f.write(gzip.compress(data[:pages * PAGE], mtime=0))


if __name__ == "__main__":
    main()
