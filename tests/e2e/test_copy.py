"""A state directory that was copied: an old one that is restored, and two processes with one key. The one that
signed less notices it by LAST and signs nothing, until its operator says that no copy runs."""
import copy
import os
import shutil
import sys

import story
from nodes import Cluster, Refused, Tap, free_port, wait_until


def second(node, state_dir):
    """Another process of this node, with another state directory, socket and port."""
    other = copy.copy(node)
    other.name = f"{node.name} (copy)"
    other.state_dir = state_dir
    other.address = f"127.0.0.1:{free_port()}"
    other.config_path = node.config_path + ".copy"
    other.log_path = node.log_path + ".copy"
    other.socket_path = node.socket_path + "c"
    other.process = None
    shutil.copy(node.config_path, other.config_path)
    other.configure()
    return other


def code(call, *args, **more):
    try:
        call(*args, **more)
    except Refused as e:
        return e.error["code"]
    return "none"


def quarantined(node):
    return node.ctl("status")["quarantine"]


def main():
    t = Tap()
    with story.cluster(2) as c:
        a, b = c[0], c[1]
        a.stop()
        old = os.path.join(c.dir, "old")
        shutil.copytree(a.state_dir, old)
        a.start()
        a.wait_started()
        t.check(not quarantined(a), "a start is none of this")
        lead = story.offer(a, "P-after-the-copy")
        story.wait_state(a, lead, "choosing")
        a.stop()

        restored = second(a, old)
        c.nodes.append(restored)
        restored.start()
        wait_until(lambda: quarantined(restored), "it learns what it signed last")
        t.check(True, "an old state learns from its partners that it is old")
        t.equal(code(story.offer, restored, "P-quarantine"), "quarantine", "it makes no offer")
        t.check("quarantine: " in restored.log(), "and tells its operator")
        status, out, _ = restored.run("status")
        t.check(status == 2 and "vizinho key resume" in out, f"with what to do {status} {out!r}")
        restored.stop()
        restored.start()
        t.check(quarantined(restored), "a restart does not end it")
        # It must hold its own records again, or it would use their slots a second time.
        wait_until(lambda: restored.ctl("status")["record_count"] == b.ctl("status")["record_count"], "its records are back")
        restored.cli("key", "resume", "--yes")
        t.check(not quarantined(restored), "its operator does")
        restored.wait_started()
        story.wait_covered(restored, 2)
        story.wait_state(restored, story.offer(restored, "P-resumed"), "choosing")
        t.check(True, "and offers go on")

        a.start()
        wait_until(lambda: quarantined(a) or quarantined(restored), "two processes with one key")
        t.check(True, "a second process with that key is noticed")
        for n in (b, c[2]):
            t.equal(n.ctl("audit.show")["findings"], [], f"{n.name} has nothing against the author")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
