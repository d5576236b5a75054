"""A small federation with coverage, and the steps of a lead, for the end-to-end tests."""
from nodes import Cluster, wait_until

CACHOEIRO = 3201209
PLACE = {"municipality": {"code": CACHOEIRO}, "cep": 29300100, "lat_udeg": -20848900, "lon_udeg": -41112900,
         "precision_m": 20}
CONTACT = {"name": "Canaria Zuleica Trinado", "phone": "+5528987650001",
           "address": "Rua do Canario Secreto, 4711", "date": "2031-05-17", "plan": "500 Mega"}
YES = {"given": True, "channel": "phone", "evidence": "gravacao-1"}


def cluster(partners=2, **more):
    """An origin and `partners` mutual partners that cover Cachoeiro de Itapemirim."""
    c = Cluster(1 + partners, **more)
    try:
        for other in list(c)[1:]:
            c.join(c[0], other)
            other.cover([CACHOEIRO], [(29300000, 29329999)])
            other.plan()
        wait_covered(c[0], partners)
    except BaseException:
        c.close(True)
        raise
    return c


def wait_covered(node, count):
    wait_until(lambda: len(node.ctl("lead.lookup", place=PLACE)["partners"]) == count,
               f"{count} partners cover the place")


def drawn(node, place=PLACE, strike=(), later=False, **wish):
    """A draw, and the consent of a customer to the texts that are read now: arguments of an offer. `wish`: the service
    and the month, of which the texts speak."""
    shown = node.ctl("lead.draw", place=place, **wish)
    if strike:
        shown = node.ctl("lead.draw", place=place, draw=shown["draw"], strike=list(strike), **wish)
    consent = shown["consent"]
    return {**({"draw": shown["draw"], "strike": list(strike)} if "draw" in shown else {}), "place": place,
            "consent": {**YES, "contact_given": True, "language": consent["language"],
                        "text": consent.get("later_text" if later else "text", ""),
                        "contact_text": consent.get("contact_text", "")}}


def offer(node, protocol="P-1", strike=(), **more):
    wish = {k: more[k] for k in ("service", "month") if k in more}
    return node.ctl("lead.offer", protocol=protocol, **{**drawn(node, strike=strike, **wish), **more})["lead"]["id"]


def state(node, lead):
    return node.ctl("lead.show", lead=lead)["lead"]["state"]


def wait_state(node, lead, wanted):
    wait_until(lambda: state(node, lead) in ((wanted,) if isinstance(wanted, str) else wanted),
               f"lead {lead} is {wanted}, not {state(node, lead)}")


def proposals(node, lead):
    wait_state(node, lead, "choosing")
    return [p["name"] for p in node.ctl("lead.proposals", lead=lead)["proposals"]]


def by_name(c, name):
    return next(n for n in c if n.name == name)


def choose(node, lead, name):
    found = [p for p in node.ctl("lead.proposals", lead=lead)["proposals"]
             if p["name"] == name or name in p["label"]]
    consent = {**YES, "text": found[0]["consent_text"] if found else ""}
    return node.ctl("lead.choose", lead=lead, peer=name, consent=consent, contact=CONTACT)["lead"]


def entry(holder, lead, everything=True, origin=None):
    """The holder's inbox entry of this lead, or None. Leads of several origins can have one number: `origin` is the
    node whose lead it is."""
    for e in holder.ctl("inbox.list", all=everything)["entries"]:
        if e["id"].endswith("-" + lead) and (origin is None or e["origin"]["id"] == origin.id):
            return e
    return None


def contact(holder, lead, origin=None):
    """The contact, if the holder may show it now; otherwise None."""
    e = entry(holder, lead, origin=origin)
    return holder.ctl("inbox.show", lead=e["id"]).get("contact") if e else None


def wait_contact(holder, lead, origin=None):
    return wait_until(lambda: contact(holder, lead, origin), f"{holder.name} may show {lead}")


def asked(node, lead, name):
    return next(p for p in node.ctl("lead.show", lead=lead)["lead"]["asked"] if p["name"] == name)
