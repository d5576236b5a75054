"""What an operator does without a connector, and by `vizinho`: the card of a lead, its CSV, `vizinho erp`, and a node that
knows vizinho-erp by its user alone."""
import csv
import json
import os
import stat
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import story  # noqa: E402
from nodes import Refused, Tap, wait_until  # noqa: E402

from erp_conf import KINDS  # noqa: E402

PERSON = story.CONTACT


def hand_over(a, b, protocol):
    lead = story.offer(a, protocol)
    story.proposals(a, lead)
    story.choose(a, lead, b.name)
    story.wait_contact(b, lead)
    return story.entry(b, lead)["id"]


def views(b):
    return sum(e["event"] == "view-inbox" for e in b.ctl("events", log="access", max=500)["events"])


def cards(t, b, entries):
    before = views(b)
    code, out, err = b.run("inbox", "card", entries[0], lang="pt-BR")
    lines = out.splitlines()
    t.check(code == 0 and all(v in lines for v in (PERSON["name"], "28987650001", PERSON["address"], PERSON["plan"], "17/05/2031",
                                                   "Cachoeiro de Itapemirim/ES", entries[0], "Alfa")),
            f"each value stands alone in its line {err}")
    t.check("Nome:" in lines and "Endereço:" in lines, "under its name")
    t.equal(views(b) - before, 1, "the view is logged")
    path = os.path.join(str(b.dir), "leads.csv")
    code, out, err = b.run("inbox", "card", "--csv", path)
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter=";"))
    t.equal([code, len(rows), {r["Lead"] for r in rows}, {r["Telephone"] for r in rows}], [0, 2, set(entries), {"28987650001"}],
            f"all as CSV {out} {err}")
    t.equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "for its owner alone")
    t.check(PERSON["name"] not in out + err and "2" in out, "what is printed has no person in it")
    t.check(b.run("inbox", "card", "--csv", path)[0] == 1, "no file is written over")
    other = os.path.join(str(b.dir), "other.csv")
    t.check(b.run("inbox", "card", "a1b2c3d4-20261123-9", "--csv", other)[0] == 1 and not os.path.exists(other),
            "a lead that is not there leaves no file")
    got = b.cli("inbox", "card", "--csv", other)
    t.equal(got, {"file": other, "entry_count": 2}, "as JSON: the file, not what is in it")


def forwarded(t, b, folder):
    erp = KINDS["ixc"].make()
    conf = KINDS["ixc"].conf(erp, folder, b.socket_path)
    state = os.path.join(folder, "state")
    os.mkdir(state)
    more = ("--config", conf, "--dir", state)
    checks = {c["what"]: c["result"] for c in b.cli("erp", "check", *more)["checks"]}
    t.check(checks["contracts"] == checks["node"] == "ok", f"vizinho erp check {checks}")
    code, out, _ = b.run("erp", "check", *more, lang="pt-BR")
    t.check(code == 0 and "contratos" in out and "o nó" in out, "in Portuguese")
    reasons = b.cli("erp", "reasons", *more)["reasons"]
    t.check({"key": "move_reasons", "id": "1", "name": "Mudança de endereço", "active": True, "ticked": True} in reasons, "vizinho erp reasons")
    t.equal(b.cli("erp", "list", *more), {"streams": [], "draft_count": 0, "leads": []}, "vizinho erp list")
    code, out, err = b.run("erp", "done", "a1b2c3d4-20261123-1", *more)
    t.check(code == 1 and "a1b2c3d4-20261123-1" in err, "vizinho erp done, of no lead")
    code, out, _ = b.run("erp", "run", "--dry-run", *more)
    t.check("***" in out and erp.token.split(":")[1] not in out and os.listdir(state) == ["lock"], "a dry run shows no token and keeps nothing")
    os.chmod(os.path.join(folder, "ixc.token"), 0o644)
    code, _, err = b.run("erp", "check", *more)
    t.check(code == 2 and "chmod 600" in err, "a token that others may read is refused")
    os.chmod(os.path.join(folder, "ixc.token"), 0o600)
    return erp, conf, state


def by_user(t, b, more):
    """[access] names the user of vizinho-erp: it may ask as a connector, and as nothing else."""
    def answers():
        try:
            return b.ctl_as("connector", "inbox.list")
        except (OSError, Refused):
            return None

    for face, allowed in (("erp", True), ("web", False)):
        b.stop()
        b.configure()
        with open(b.config_path) as f:
            text = f.read().replace("[access]\n", f"[access]\n{face} = root\n")
        with open(b.config_path, "w") as f:
            f.write(text)
        b.start(wait=False)
        if allowed:
            wait_until(answers, "it answers a connector")
        else:
            wait_until(lambda: "not-allowed" in b.run("--json", "status")[1], "it answers")
        code, out, _ = b.run("--json", "erp", "check", *more)
        node = {c["what"]: c for c in json.loads(out)["checks"]}["node"]
        t.equal([code, node["result"], node["why"]], [0, "ok", ""] if allowed else [1, "denied", "not-allowed"], f"[access] {face}: {node}")
        t.check("not-allowed" in b.run("--json", "inbox", "list")[1], "without a role nothing is told")


def main():
    t = Tap()
    with story.cluster(partners=1, names=["Alfa", "Beta"]) as c, tempfile.TemporaryDirectory() as folder:
        a, b = c
        entries = [hand_over(a, b, f"P-{i}") for i in range(2)]
        cards(t, b, entries)
        erp, conf, state = forwarded(t, b, folder)
        by_user(t, b, ("--config", conf, "--dir", state))
        erp.close()
        b.process.kill()
        b.process.wait()
        b.process = None
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
