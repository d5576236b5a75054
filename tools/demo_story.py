"""Plays one customer's move with five real nodes. tools/demo builds them and runs this.

The municipalities, outlines and postcodes of Espírito Santo are real (tools/data). The providers are invented."""
import csv
import datetime
import gzip
import json
import os
import pathlib
import re
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tests" / "web"), str(ROOT / "tools" / "text")]
import nodes  # noqa: E402
import texts  # noqa: E402
import web  # noqa: E402
from nodes import wait_until  # noqa: E402

VITORIA, LINHARES, COLATINA, AFONSO_CLAUDIO = 3205309, 3203205, 3201506, 3200102
HOME, *NEIGHBOURS = "Ilha Fibra", "Doce Conecta", "Rio Novo Telecom", "Cacau Net", "Foz Internet"
# The street is real. The person is invented.
NEW_ADDRESS = "-19.3946, -40.0643"
ANSWERS = {"yes": "answer_yes", "analysis": "answer_analysis", "no": "answer_no"}
PERSON = {"name": "Marina Exemplo", "phone": "+5527999990000",
          "address": "Rua do Exemplo, 100, Centro, Linhares - ES", "date": "", "plan": ""}


class Story:
    def __init__(self, lang, as_json):
        self.lang = lang
        files = sorted(pathlib.Path(__file__).parent.glob("demo_story.*.tsv"))
        at = [texts.tag_of(path) for path in files].index(lang)
        self.texts = {key: each[at] for key, each in texts.load(files, braces=True)}
        self.as_json = as_json
        self.result = {"steps": {}}
        self.started = time.monotonic()

    def text(self, key, *args):
        return re.sub(r"\{([1-9])\}", lambda m: str(args[int(m[1]) - 1]), self.texts[key])

    def decimal(self, number, places):
        return f"{number:.{places}f}".replace(".", self.text("decimal_mark"))

    def say(self, key, *args):
        print(self.text(key, *args), flush=True)

    def chapter(self, key):
        print(f"\n== {self.text(key)}", flush=True)

    def done(self, step, **facts):
        """Notes a step that has happened."""
        self.result["steps"][step] = {"at_ms": round((time.monotonic() - self.started) * 1000), **facts}


def outline(code):
    """The polygon of the municipality, in place of a plant that a provider has drawn."""
    with gzip.open(ROOT / f"tools/data/outlines/geojs-{code // 100000}-mun.json.gz", "rt") as f:
        for feature in json.load(f)["features"]:
            if feature["properties"]["id"] == str(code):
                return feature
    raise KeyError(code)


def seat(code):
    with open(ROOT / "tools/data/municipios.csv", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if row["codigo_ibge"] == str(code):
                return float(row["latitude"]), float(row["longitude"])
    raise KeyError(code)


def postcodes(code):
    with open(ROOT / "tools/data/cep_faixas.csv", encoding="utf-8") as f:
        return [(r["cep_ini"], r["cep_fim"]) for r in csv.DictReader(f, delimiter=";")
                if r["codigo_ibge"] == str(code) and r["tipo_faixa"] == "T"]


def write_plants(directory):
    """Writes the files that the providers import: polygons, boxes with a radius, postcode ranges."""
    def geojson(name, features):
        path = os.path.join(directory, name)
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"type": "FeatureCollection", "features": features}, f)
        return path

    def box(lat, lon, radius):
        return {"type": "Feature", "properties": {"name": "CTO", "radius": radius},
                "geometry": {"type": "Point", "coordinates": [lon, lat]}}

    lat, lon = seat(LINHARES)
    ranges = os.path.join(directory, "foz.csv")
    with open(ranges, "w", encoding="utf-8") as f:
        f.write("cep_ini;cep_fim\n" + "".join(f"{a};{b}\n" for a, b in postcodes(LINHARES)))
    return {
        HOME: geojson("ilha.geojson", [outline(VITORIA)]),
        NEIGHBOURS[0]: geojson("doce.geojson", [outline(LINHARES), outline(COLATINA)]),
        NEIGHBOURS[1]: geojson("rio-novo.geojson", [outline(LINHARES)]),
        NEIGHBOURS[2]: geojson("cacau.geojson", [box(lat + dy * 0.001, lon + dx * 0.001, 150)
                                                 for dx in range(-3, 4) for dy in range(-3, 4)]),
        NEIGHBOURS[3]: ranges,
    }


def person_file(home, address, protocol, **more):
    """The input of `vizinho lead offer --file -`, with the texts that were read to the customer."""
    draw = home.cli("lead", "test" if more.get("keep") else "draw", address)
    shown = draw["consent"]
    consent = {"given": True, "channel": "phone", "evidence": "demo",
               "text": shown.get("later_text" if more.get("later") else "text", ""),
               "contact_given": "contact_text" in shown, "contact_text": shown.get("contact_text", "")}
    if not consent["text"]:  # there is no partner to ask
        del consent["text"], consent["contact_text"]
    if draw.get("draw"):
        more["draw"] = draw["draw"]
    return {"protocol": protocol, "address": address, "consent": consent, **more}


def trust(story, cluster):
    home = cluster[0]
    story.chapter("trust")
    for other in list(cluster)[1:]:
        line = home.cli("peer", "invite")["line"]
        other.cli("peer", "accept", "--yes", line)
        wait_until(lambda: (home.peer(other) or {}).get("pending"), f"{other.name} came")
        # The fourth neighbour is a member and no partner.
        home.cli("peer", "trust", other.name, *(["--no-partner"] if other is cluster[4] else []))
    for other in list(cluster)[1:4]:
        cluster.wait_partners(home, other)
    for node in cluster:
        wait_until(lambda: node.ctl("status")["member_count"] == 4, f"{node.name} knows all")
    story.say("trusted", HOME, NEIGHBOURS[3])
    story.done("trust", members=5, partners=3)


def coverage(story, cluster, plants):
    home = cluster[0]
    story.chapter("coverage")
    for i, node in enumerate(cluster):
        node.cli("coverage", "import", plants[node.name], "--name", "rede", "--technology", "fiber",
                 "--down", "500")
        if i:
            node.cli("plan", "add", "--name", f"{500 + 100 * i} Mega", "--price", f"{89 + i},90",
                     "--down", str(500 + 100 * i), "--up", "250", "--technology", "fiber",
                     "--install-days", str(i + 1), "--url", "https://example.com/planos")
    seen = wait_until(lambda: (seen := home.cli("lead", "test", NEW_ADDRESS)) and len(seen["partners"]) == 3 and
                      len(seen["members"]) == 1 and seen, "coverage came")
    story.say("covered", ", ".join(p["name"] for p in seen["partners"]),
              ", ".join(p["name"] for p in seen["members"]))
    story.done("coverage", partners=[p["name"] for p in seen["partners"]],
               members=[p["name"] for p in seen["members"]])


def small_cases(story, cluster):
    home = cluster[0]
    story.chapter("cases")
    kept = home.cli("lead", "offer", "--file", "-",
                    input=person_file(home, "-20.3155, -40.3128", "2026-0001", keep=True))["lead"]
    assert kept["state"] == "kept", kept
    story.say("kept")
    story.done("kept")

    none = home.cli("lead", "offer", "--file", "-",
                    input=person_file(home, "Afonso Cláudio/ES", "2026-0002", later=True))["lead"]
    assert none["state"] == "no-neighbour", none
    story.say("alone")
    story.done("no_neighbour")

    lead = home.cli("lead", "offer", "--file", "-",
                    input=person_file(home, "-19.5393, -40.6308", "2026-0003",
                                       contact=PERSON))["lead"]
    wait_until(lambda: home.cli("lead", "show", lead["id"])["lead"]["state"] == "delivered",
               "the single neighbour has it")
    story.say("single", NEIGHBOURS[0])
    story.done("single", recipient=NEIGHBOURS[0])


def offer(story, cluster):
    home = cluster[0]
    story.chapter("offer")
    consent = home.ctl("lead.lookup", place={"municipality": {"code": LINHARES}})["consent"]
    story.say("read", consent["text"].split("\n\n")[0])
    began = time.monotonic()
    lead = home.cli("lead", "offer", "--file", "-",
                    input=person_file(home, NEW_ADDRESS, "2026-0004"))["lead"]
    names = [p["name"] for p in lead["asked"]]
    assert sorted(names) == sorted(NEIGHBOURS[:3]), names
    story.say("asked", ", ".join(names), HOME, NEIGHBOURS[3])
    wait_until(lambda: home.cli("lead", "show", lead["id"])["lead"]["state"] == "choosing",
               "proposals")
    answered_ms = round((time.monotonic() - began) * 1000)
    proposals = home.cli("lead", "proposals", lead["id"])["proposals"]
    story.say("answered", answered_ms)
    for p in proposals:
        plan = p["plans"][0]
        price = f"R$ {story.decimal(plan['price_cents'] / 100, 2)}"
        print(f"   {p['position']}. {p['name']:<18} {story.text(ANSWERS[p['answer']]):<9} {plan['name']}, {price}")
    story.done("offer", asked=names, order=[p["name"] for p in proposals],
               pledged={p["name"]: p["answer"] for p in lead_peers(home, lead)},
               answered_ms=answered_ms)
    return lead["id"], proposals


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def lead_peers(home, lead):
    return home.cli("lead", "show", lead["id"])["lead"]["asked"]


def hand_off(story, cluster, lead, chosen):
    home = cluster[0]
    holder = next(n for n in cluster if n.name == chosen["name"])
    story.chapter("choice")
    home.cli("lead", "choose", lead, chosen["name"], "--file", "-",
             input={"consent": {"given": True, "channel": "phone", "text": chosen["consent_text"]},
                    "contact": PERSON})
    wait_until(lambda: home.cli("lead", "show", lead)["lead"]["state"] == "delivered",
               "the signed acknowledgement")
    shown = home.cli("lead", "show", lead)["lead"]
    # by the origin's clock, from the choice on disk to the acknowledgement on disk
    ack_ms = round((instant(shown["delivered_at"]) - instant(shown["awarded_at"])).total_seconds() * 1000)
    story.say("chosen", chosen["name"], ack_ms)
    # the holder may have the single case of before too: its number there ends with the origin's
    entry = wait_until(lambda: next((e for e in holder.cli("inbox", "list")["entries"]
                                     if e["award"] and e["id"].endswith(f"-{lead}")), None), "inbox")
    shown = holder.cli("inbox", "show", entry["id"])
    assert shown["contact"]["phone"] == PERSON["phone"], shown
    holder.cli("inbox", "contacted", entry["id"])
    wait_until(lambda: home.cli("lead", "show", lead)["lead"]["state"] == "contacted", "contacted")
    story.say("opened", chosen["name"])
    story.done("hand_off", chosen=chosen["name"], acknowledged_ms=ack_ms)
    return holder, entry


def check(story, cluster):
    story.chapter("check")
    for node in list(cluster)[1:4]:
        wait_until(lambda: all(e["checked"] for e in node.cli("inbox", "list", "--all")["entries"]
                               if "pledge_id" in e), f"{node.name} checked")
        report = wait_until(lambda: (r := node.cli("audit"))["unchecked_count"] == 0 and r, f"{node.name} left nothing open")
        assert report["verdict"] == "in-order", report["findings"]
    story.say("checked")
    story.done("audit", findings=0)


def revoke(story, cluster, lead, holder, entry):
    home = cluster[0]
    story.chapter("revoke")
    home.cli("lead", "revoke", lead, "--yes")
    wait_until(lambda: all(p["erased"] for p in home.cli("lead", "show", lead)["lead"]["asked"]),
               "all have erased")
    assert not holder.cli("inbox", "show", entry["id"]).get("contact")
    story.say("revoked")
    story.done("revoked", erased=[p["name"] for p in home.cli("lead", "show", lead)["lead"]["asked"]])


def table(story):
    steps = story.result["steps"]
    offer_step, hand = steps["offer"], steps["hand_off"]
    rows = [
        ("row_asked", ", ".join(offer_step["asked"])),
        ("row_pledged", ", ".join(f"{k}: {story.text(ANSWERS[v])}" for k, v in offer_step["pledged"].items())),
        ("row_order", ", ".join(offer_step["order"])),
        ("row_chosen", hand["chosen"]),
        ("row_acknowledged", f"{hand['acknowledged_ms']} ms"),
        ("row_answers", f"{offer_step['answered_ms']} ms"),
        ("row_total", f"{story.decimal(story.result['total_ms'] / 1000, 1)} s"),
    ]
    print()
    for key, value in rows:
        print(f"  {story.text(key):<15} {value}")


def language(argv):
    """The tag of --lang, or else of the locale. English when the locale is of no such language."""
    chosen = [argv[i + 1] for i, word in enumerate(argv[:-1]) if word == "--lang"]
    chosen += [word.partition("=")[2] for word in argv if word.startswith("--lang=")]
    words = chosen + [os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)]
    first = re.split(r"[-_.@]", words[0])[0].lower() if words else ""
    tags = sorted(texts.tag_of(path) for path in pathlib.Path(__file__).parent.glob("demo_story.*.tsv"))
    found = next((tag for tag in tags if tag.split("-")[0] == first), None)
    if found is None and chosen:
        print(Story(language([]), False).text("bad_lang", chosen[0], " ".join(tags)), file=sys.stderr)
        sys.exit(2)
    return found or "en"


PASSWORD = "demonstracao aberta"


def seed(home):
    """What the pages show: somebody of the ERP, a customer who can choose, and one who decides on a phone."""
    home.ctl("draft.put", source="ixc", external_id="4711", protocol="2026-0007", kind="move",
             reason="Mudança de endereço", municipality={"code": LINHARES})
    home.cli("lead", "offer", "--file", "-", input=person_file(home, NEW_ADDRESS, "2026-0005"))
    lat, lon = (round(float(part) * 1e6) for part in NEW_ADDRESS.split(","))
    place = {"municipality": {"code": LINHARES}, "lat_udeg": lat, "lon_udeg": lon, "precision_m": 50}
    return home.ctl("link.create", protocol="2026-0006", place=place, first_name="Marina")["path"]


def pages(story, cluster):
    """The pages of the first two providers, with an account for the desk and one for the board. Returns the processes."""
    started = []
    for node in list(cluster)[:2]:
        w = web.Web(node.socket_path, start=False)
        w.configure(f"url = http://127.0.0.1:{w.ports[0]}\nprivate_url = http://127.0.0.1:{w.ports[1]}\n"
                    f"language = {story.lang}\n")
        for name, role in (("ana", "agent"), ("noc", "reader")):
            code, _, err = w.command("user", "add", name, role, "--ask", input=PASSWORD + "\n")
            assert code == 0, err
        started.append(w.start())
    return started


def keep_pages(story, cluster):
    path = seed(cluster[0])
    ours, theirs = pages(story, cluster)
    story.say("pages", PASSWORD)
    for key, w, node, end in (("page_desk", ours, cluster[0], "/desk"), ("page_desk", theirs, cluster[1], "/desk"),
                              ("page_board", ours, cluster[0], "/board")):
        print(f"  http://127.0.0.1:{w.ports[1]}{end}   # {story.text(key, node.name)}")
    whose = story.text("page_customer")
    print(f"  http://127.0.0.1:{ours.ports[0]}{path}   # {whose}")
    return ours, theirs


def keep(story, cluster):
    webs = keep_pages(story, cluster)
    story.say("keep")
    for node in cluster:
        print(f"  {nodes.VIZINHO} --socket {node.socket_path} peer list   # {node.name}")
    story.say("another", NEW_ADDRESS)
    print(f"  {nodes.VIZINHO} --socket {cluster[0].socket_path} lead offer")
    pids = " ".join(str(pid) for pid in [node.pid for node in cluster] + [w.process.pid for w in webs])
    story.say("stop", pids, " ".join([cluster.dir] + [w.dir for w in webs]))


def main(argv):
    story = Story(language(argv), "--json" in argv)
    story.chapter("title")
    cluster = nodes.Cluster(5, names=[HOME, *NEIGHBOURS], location_erase_ms=60000,
                            profile={"language": story.lang})
    failed = True
    try:
        plants = write_plants(cluster.dir)
        story.done("nodes", count=len(cluster))
        trust(story, cluster)
        coverage(story, cluster, plants)
        small_cases(story, cluster)
        lead, proposals = offer(story, cluster)
        holder, entry = hand_off(story, cluster, lead, proposals[0])
        check(story, cluster)
        revoke(story, cluster, lead, holder, entry)
        story.result["total_ms"] = round((time.monotonic() - story.started) * 1000)
        table(story)
        failed = False
    except (AssertionError, nodes.Refused, KeyError, StopIteration) as error:
        story.result["error"] = str(error)
        print(f"\nFAILED: {error}", file=sys.stderr)
    story.result["ok"] = not failed
    if "--keep" in argv and not failed:
        keep(story, cluster)
    else:
        cluster.close(failed)
    if story.as_json:
        print(json.dumps(story.result, ensure_ascii=False))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
