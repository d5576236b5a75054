"""An answer to a person under LGPD, art. 18, as the operator's lawyer reads it: each word of it is true."""
import json
import re
import sys

import story
from nodes import Tap, wait_until
from story import by_name, choose, entry, offer, proposals, wait_contact, wait_state

FAR = {"municipality": {"code": 1302603}}  # Manaus, which nobody here serves


def dossier(node, lead):
    return node.run("consent", "dossier", lead, lang="pt-BR")[1]


def held(said):
    return said.split("O que este nó guarda da pessoa:\n")[1].split("\n\n")[0]


def who_got(said):
    """{name: (got the location, got the contact, erased)}"""
    table = said.split("\nNOME ")[1].split("\n\n")[0].splitlines()
    heads = re.split("  +", "NOME " + table[0])
    assert [h.strip() for h in heads] == ["NOME", "DADOS", "RECEBEU A LOCALIZAÇÃO", "RECEBEU O CONTATO", "APAGOU"], heads
    return {row[0]: row[2:] for row in (re.split("  +", line) for line in table[1:])}


def test_chosen(t, c):
    a = c[0]
    lead = offer(a, service="business", month="2026-12")
    first = by_name(c, proposals(a, lead)[0])
    other = next(n for n in c if n not in (a, first))
    choose(a, lead, first.name)
    wait_state(a, lead, "delivered")
    wait_contact(first, lead)
    said = dossier(a, lead)
    got = who_got(said)
    t.check(got[first.name][2] == "não" and re.match(r"\d\d/", got[first.name][1]) and
            re.match(r"\d\d/", got[other.name][0]) and got[other.name][1] == "-",
            f"who got the location, who the contact, and who has erased {got}")
    lines = dict(re.split("  +", line, maxsplit=1) for line in held(said).splitlines())
    t.equal({k: lines.get(k) for k in ("Município", "CEP", "Ponto", "Serviço", "Mês da mudança", "Data desejada")},
            {"Município": "Cachoeiro de Itapemirim/ES", "CEP": "29300-100",
             "Ponto": "-20.848900,-41.112900, com erro de 20 m", "Serviço": "internet para empresa",
             "Mês da mudança": "12/2026", "Data desejada": "17/05/2031"}, "what is held, all of it, as people write it")
    t.check(re.search("CANAL +telefone\n", said), "the channel in words")
    # a partner is looked for once a second
    wait_until(lambda: f"{other.name} é parceiro" in a.run("events", "--max", "1000", lang="pt-BR")[1], "the partner's event")
    said = a.run("events", "--max", "1000", lang="pt-BR")[1]
    t.check(all(re.search(f"  {row} *\n", said) for row in (
        f"nota +offer +lead {lead}: os parceiros foram consultados",
        f"nota +delivered +lead {lead} foi entregue: {first.name} confirmou",
        f"nota +partner +{other.name} é parceiro a partir de agora")), f"each event names the partner and the lead {said!r}")
    there = [e for e in first.ctl("events", max=1000)["events"] if e.get("event") == "handoff"]
    t.equal([(e["peer"]["id"], e["lead"]["id"]) for e in there], [(a.id, entry(first, lead, origin=a)["id"])],
            "with the id of the inbox at the partner")
    a.ctl("lead.revoke", lead=lead)
    wait_until(lambda: all(p["erased"] for p in a.ctl("lead.show", lead=lead)["lead"]["asked"]), "all have erased")
    t.equal({row[2] for row in who_got(dossier(a, lead)).values()}, {"sim"}, "and it says so of each")
    there = dossier(other, entry(other, lead, origin=a)["id"])
    t.check("nada: foi apagado" in held(there) and "RECEBEU" not in there, f"at one who was not chosen {there!r}")


def test_corrected(t, c):
    """A person may have what we have corrected: the lead is revoked, and the next one brings what is right. The same
    partner cannot be chosen twice for one lead, and does not lose the contact for the try."""
    a = c[0]
    lead = offer(a, protocol="P-right")
    first = by_name(c, proposals(a, lead)[0])
    choose(a, lead, first.name)
    wait_contact(first, lead)
    right = {**story.CONTACT, "phone": "+5528987650002"}
    again = {"consent": {"given": True, "text": "x"}, "contact": right}
    code, out, err = a.run("lead", "choose", lead, first.name, lang="pt-BR", input=json.dumps(again))
    t.check(code == 1 and "já é o escolhido" in err and f"vizinho lead revoke {lead}" in err, f"told what to do {err!r}")
    t.check(not a.ctl("lead.show", lead=lead)["lead"]["recalled"] and wait_contact(first, lead), "and nothing is lost")
    a.ctl("lead.revoke", lead=lead)
    second = offer(a, protocol="P-right")
    proposals(a, second)
    text = next(p["consent_text"] for p in a.ctl("lead.proposals", lead=second)["proposals"] if p["name"] == first.name)
    again["consent"]["text"] = text
    a.cli("lead", "choose", second, first.name, input=again)
    t.equal(wait_contact(first, second)["phone"], right["phone"], "the partner has what is right")
    t.equal(story.contact(first, lead), None, "and nothing else")
    a.ctl("lead.revoke", lead=second)


def test_waiting(t, a):
    """Who is to be asked again has said yes to that: nobody else gets it, so it is not signed."""
    args = story.drawn(a, FAR, later=True)
    args.pop("draw", None)
    args.pop("strike", None)
    args["consent"].pop("contact_text", None)
    args["consent"].pop("contact_given", None)
    lead = a.ctl("lead.later", protocol="P-later", **args)["lead"]["id"]
    kept = a.cli("consent", "show", lead)["consents"]
    t.check([(k["purpose"], k["state"], k["text"]) for k in kept] == [("waiting", "given", args["consent"]["text"])] and
            "time" not in kept[0] and "recipients" not in kept[0] and kept[0]["expires_at"] == kept[0]["erase_at"] and
            kept[0]["evidence"] == "gravacao-1", f"that yes is shown, with its text {kept}")
    said = dossier(a, lead)
    t.check(re.search("PARA +perguntar de novo", said) and "Por enquanto nenhuma vizinha" in said and
            not re.search("Nenhum consentimento|ASSINADO EM|QUEM PODE RECEBER", said) and "CEP" not in held(said),
            f"and nothing is said of it that is not {said!r}")
    code, said, _ = a.run("consent", "verify", lead, lang="pt-BR")
    t.check(code == 0 and re.search("dado +não está aqui +confere", said), f"its text is right {said!r}")
    a.ctl("lead.revoke", lead=lead)
    t.equal([k["state"] for k in a.cli("consent", "show", lead)["consents"]], ["withdrawn"], "and it can be withdrawn")
    t.check("nada: foi apagado" in held(dossier(a, lead)), "then nothing is held")


def main():
    t = Tap()
    with story.cluster(2) as c:
        test_chosen(t, c)
        test_corrected(t, c)
        test_waiting(t, c[0])
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
