"""A disk that gives errors. The node ends without a word to anybody of what may not be on disk, waits for the disk, says
so, and is back by itself. Then a few faults of each kind over a story (faults.py)."""
import argparse
import sys
import time

import faults
import story
from nodes import Tap, wait_until


def broken_disk(t, plan):
    with story.cluster(2) as c:
        play = faults.Play(c)
        a = c[0]
        a.stop()
        plan.set()
        faults.start_broken(play, faults.preload(plan))
        wait_until(a.answers, "it answers")
        a.wait_started()
        lead = story.offer(a, "P-1")
        story.wait_state(a, lead, "choosing")
        for kind in ("sync", "write"):
            plan.set(kind, 1, 2**32 - 1)
            wait_until(lambda: a.process.poll() is not None, f"{kind}: it ends")
            t.equal(a.process.returncode, 1, f"{kind}: it ends in order")
            t.check("the core cannot go on" in a.log(), f"{kind}: and says why")
            faults.start_broken(play, faults.preload(plan))
            said = a.log().count("waits for it")
            wait_until(lambda: a.log().count("waits for it") >= said + 2, f"{kind}: it waits, and says so")
            t.check(a.process.poll() is None, f"{kind}: and lives")
            plan.set()
            wait_until(a.answers, f"{kind}: it is back by itself")
            t.equal(story.state(a, lead), "choosing", f"{kind}: what was acknowledged is there")
            a.wait_started()
        play.leads["P-1"] = lead
        play.open = "P-1"
        play.drive(time.monotonic() + faults.nodes.PATIENCE)
        play.finish()
        t.equal((play.lost, play.twice), ([], []), "and the lead goes to its end")


def main():
    t = Tap()
    broken_disk(t, faults.Break())
    args = argparse.Namespace(kill=8, read=2, write=2, sync=2, alloc=4, system=0, ever=False, only=None, json=False,
                              seed=int(faults.os.environ.get("VIZ_SEED", faults.random.SystemRandom().randrange(10**6))))
    args.system = 3 if faults.shutil.which("strace") else None
    print(f"# VIZ_SEED={args.seed}", flush=True)
    faults.random.seed(args.seed)
    faults.run(args, t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
