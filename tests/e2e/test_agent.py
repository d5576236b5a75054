"""The agent with a customer on the line, at a scripted terminal: another choice while the first partner holds the
contact."""
import json
import re
import sys
import time

from nodes import Cluster, Refused, Tap, VIZINHO, wait_until
from story import entry
from terminal import Terminal

POINT = "-20.3194,-40.3378"
VITORIA = 3205309
PERSON = {"name": "Ana Souza", "phone": "+5527999990000", "address": "Rua Sete 100, Vitória"}
tap = Tap()


def terminal(node, *words):
    return Terminal([VIZINHO, "--socket", node.socket_path, "--lang", "pt-BR", *words])


def offered(a, protocol):
    """A lead whose proposals have come."""
    drawn = a.cli("lead", "draw", POINT)
    lead = a.cli("lead", "offer", input={"protocol": protocol, "address": POINT, "draw": drawn["draw"],
                                         "consent": {"given": True, "text": drawn["consent"]["text"]}})["lead"]["id"]
    wait_until(lambda: a.cli("lead", "show", lead)["lead"]["state"] == "choosing", "proposals")
    return lead


def choose(a, lead, name):
    text = [p["consent_text"] for p in a.cli("lead", "proposals", lead)["proposals"] if p["name"] == name][0]
    a.cli("lead", "choose", lead, name, input={"consent": {"given": True, "text": text}, "contact": PERSON})
    wait_until(lambda: a.cli("lead", "show", lead)["lead"].get("delivered_at"), f"{name} has the contact")


def contacted(node, lead, a):
    id = entry(node, lead, origin=a)["id"]
    wait_until(lambda: "contact" in node.ctl("inbox.show", lead=id), "the contact is shown")
    node.cli("inbox", "contacted", id)
    wait_until(lambda: a.cli("lead", "show", lead)["lead"]["state"] == "contacted", "A hears of the call")
    return id


def test_choose_again(a, b, c):
    lead = offered(a, "9-1")
    choose(a, lead, "Provedor B")
    contacted(b, lead, a)
    check = a.ctl("lead.choice", lead=lead)["choice"]
    tap.check(check["open"] is False and check["waits_for"] == "holder" and check["until"], f"what it waits for {check}")
    tap.check(not a.cli("lead", "show", lead)["lead"]["recalled"], "who asks changes nothing")
    # the link is cut: the release comes late, and what was typed stays
    b.stop()
    t = terminal(a, "lead", "choose", lead, "Provedor C")
    t.expect("Provedor B ainda pode ver o contato")
    t.answer("[sim/não]", "sim")
    t.expect("só Provedor C recebe")
    t.answer("O cliente autoriza?", "sim")
    t.answer("Canal", "")
    t.answer("Referência", "")
    t.answer("de antes? [SIM/não]", "")
    t.expect("aguardando Provedor B soltar o contato")
    b.start()
    t.expect("Entregue: Provedor C")
    code, text = t.end()
    tap.check(code == 0 and "Nome:" not in text, "it waits, and nothing is typed twice")
    id = entry(c, lead, origin=a)["id"]
    tap.check(wait_until(lambda: c.ctl("inbox.show", lead=id).get("contact"), "C sees it")["phone"] == PERSON["phone"],
              "C has the contact that the customer gave once")


def test_wrong_name(a, b):
    """A partner who proposed nothing is told so before anybody has to let go of the contact."""
    lead = offered(a, "9-3")
    choose(a, lead, "Provedor B")
    t = terminal(a, "lead", "choose", lead, "Provedor X")
    code, text = t.end()
    tap.check(code == 1 and "não identifica" in text and "Tomar de volta" not in text, f"at a terminal {text!r}")
    code, out, err = a.run("lead", "choose", lead, "Provedor X", lang="pt-BR", input=json.dumps(
        {"consent": {"given": True, "text": "x"}, "contact": PERSON}))
    tap.check(code == 1 and "Provedor X" in err and not a.cli("lead", "show", lead)["lead"]["recalled"],
              f"from a file {err!r}")
    a.cli("lead", "revoke", lead, "--yes")


def test_late_call(a, b):
    """Who opens the contact and calls after the lease has run out notes the call without opening it again."""
    lead = offered(a, "9-4")
    choose(a, lead, "Provedor B")
    id = entry(b, lead, origin=a)["id"]
    wait_until(lambda: "contact" in b.ctl("inbox.show", lead=id), "the contact is shown")
    a.stop()
    wait_until(lambda: entry(b, lead, origin=a)["lease_until"] < time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()),
               "the lease is over")
    code, out, err = b.run("inbox", "contacted", id, lang="pt-BR")
    tap.check(code == 1 and "no-lease" in err and "primeiro: vizinho inbox contacted" not in err,
              f"without the origin it waits, and then says for whom {err!r}")
    a.start()
    cluster_linked(a, b)
    code, out, err = b.run("inbox", "contacted", id, lang="pt-BR")
    tap.check(code == 0 and "cliente contatado" in out, f"with it, it is noted {out!r} {err!r}")
    views = [e for e in b.cli("events", "--max", "1000")["events"] if e.get("log") == "access"]
    b.cli("inbox", "outcome", id, "lost", "--reason", "price")
    code, out, err = b.run("inbox", "outcome", id, "installed", lang="pt-BR")
    tap.check(code == 1 and "vizinho peer show" in err, f"a loss that cannot be taken back says whom to call {err!r}")
    tap.equal(len(views), len([e for e in b.cli("events", "--max", "1000")["events"] if e.get("log") == "access"]),
              "and nothing personal was opened for that")


def cluster_linked(a, b):
    wait_until(lambda: (b.peer(a) or {}).get("linked") and not a.ctl("status")["starting"], "they are linked")


def test_none(a, b):
    """Whoever wants nobody after a call is not told to try for ever."""
    lead = offered(a, "9-2")
    choose(a, lead, "Provedor B")
    contacted(b, lead, a)
    code, out, err = a.run("lead", "choose", lead, "--none", lang="pt-BR")
    kept = a.cli("lead", "show", lead)["lead"]
    tap.check(code == 1 and "--yes" in err and kept["state"] == "contacted" and not kept["recalled"],
              f"a script that ends it says --yes {err!r}")
    t = terminal(a, "lead", "choose", lead, "--none")
    t.expect("Provedor B está com o cliente")
    t.answer("[sim/não]", "não")
    code, text = t.end()
    kept = a.cli("lead", "show", lead)["lead"]
    tap.check(code == 1 and kept["state"] == "contacted" and not kept["recalled"], f"a no changes nothing {text!r}")
    code, out, err = a.run("lead", "choose", lead, "--none", "--yes", lang="pt-BR")
    tap.check(code == 0 and a.cli("lead", "show", lead)["lead"]["state"] == "none-chosen",
              f"none of them, after a call {out!r} {err!r}")
    wait_until(lambda: not (entry(b, lead, origin=a) or {}).get("holds_contact"), "B erases")
    lead = offered(a, "9-6")
    t = terminal(a, "lead", "choose", lead, "--none")
    t.expect("nenhum parceiro pode mais ser escolhido")
    t.answer("[sim/não]", "sim")
    code, text = t.end()
    tap.check(code == 0 and "está com o cliente" not in text and
              a.cli("lead", "show", lead)["lead"]["state"] == "none-chosen", f"nobody has to let go {text!r}")
    lead = offered(a, "9-5")
    choose(a, lead, "Provedor B")
    t = terminal(a, "lead", "choose", lead, "--none")
    t.answer("[sim/não]", "sim")
    code, text = t.end()
    tap.check(code == 0 and text.count("[sim/não]") == 1 and a.cli("lead", "show", lead)["lead"]["state"] == "none-chosen",
              f"a yes ends it, and is asked for once {text!r}")


REACH = {"whatsapp": "+5527998765432", "hours": "seg-sex 8-18", "privacy": "privacidade@vizinho.example"}


def test_call_yourself(a, b):
    """"I will call them myself": the partner's WhatsApp and hours and a code, and no personal data."""
    tap.check({k: a.cli("peer", "show", b.id)["peer"][k] for k in REACH} == REACH, "peer show has them")
    shown = a.run("peer", "show", b.id, lang="pt-BR")[1]
    tap.check(all(v in shown for v in REACH.values()), f"in words {shown!r}")
    lead = offered(a, "12-1")
    found = [p for p in a.cli("lead", "proposals", lead)["proposals"] if p["name"] == "Provedor B"][0]
    tap.check({k: found[k] for k in REACH} == REACH, "proposals have them")
    t = terminal(a, "lead", "choose", lead, "Provedor C")
    t.answer("O cliente autoriza?", "não")
    code, text = t.end()
    number = a.cli("lead", "show", lead)["lead"]["inbox_id"]
    tap.check(code == 0 and number in text and "nada foi registrado" not in text and "primeiro sim continua valendo" in text,
              f"who publishes no telephone has a code all the same, and nothing false is said {text!r}")
    t = terminal(a, "lead", "choose", lead, "Provedor B")
    t.answer("O cliente autoriza?", "não")
    code, text = t.end()
    number = a.cli("lead", "show", lead)["lead"]["inbox_id"]
    tap.check(code == 0 and REACH["whatsapp"] in text and REACH["hours"] in text and number in text,
              f"a customer who gives no data gets number, hours and code {text!r}")
    tap.check(not a.cli("lead", "show", lead)["lead"]["holds_contact"], "and nothing of the person is held")
    there = b.cli("inbox", "show", number)
    tap.check(there["entry"]["id"] == number and "location" in there and "contact" not in there,
              "B finds the offer by the code")
    tap.check(REACH["whatsapp"] in a.run("lead", "show", lead)[1], "lead show has it too")


def test_another(a):
    """Who says no to one partner may take another one on the same screen, and a plan only from the list."""
    t = terminal(a, "lead", "offer")
    t.answer("Protocolo do cancelamento", "13-1")
    t.answer("Registrado quando (14:05 ou 23/11/2026 14:05", "")
    t.answer("Novo endereço", POINT)
    t.answer("risca", "")
    t.answer("O cliente autoriza?", "s")
    t.answer("Canal", "")
    t.answer("Referência", "")
    t.answer("Qual o cliente escolhe?", "2")
    t.answer("O cliente autoriza?", "n")
    t.expect("primeiro sim continua valendo")
    t.answer("Qual o cliente escolhe?", "1")
    t.answer("O cliente autoriza?", "s")
    t.answer("Nome:", "Ana Souza")
    t.answer("Telefone", "27999990000")
    t.answer("Endereço", "Rua Sete 100, Vitória")
    t.answer("Data", "31/02/2030")
    t.expect("Esperado")
    t.answer("Data", "10/01/2020")
    t.expect("e não no passado")
    t.answer("Data", "")
    t.expect("1. 500 Mega")
    t.answer("Plano", "7")
    t.expect("Nenhum plano tem esse número")
    t.answer("Plano", "1")
    t.expect("Entregue: Provedor")
    tap.check(t.end()[0] == 0, "another one on the same screen")
    lead = max(a.ctl("lead.list")["leads"], key=lambda x: x["created_at"])["id"]
    tap.equal(a.cli("lead", "show", lead, "--personal")["contact"]["plan"], "500 Mega", "the plan by its number")
    a.cli("lead", "revoke", lead, "--yes")


def test_place(a):
    """What is less than sure is asked, and how a partner was matched stands beside it."""
    t = terminal(a, "lead", "offer")
    t.answer("Protocolo do cancelamento", "11-1")
    t.answer("Registrado quando", "")
    t.answer("Novo endereço", "CEP 99999-999")
    t.expect("Muliterno/RS")
    t.answer("Confere?", "não")
    t.answer("Novo endereço", "Rua Sete de Setembro, 10, Vitória")
    t.expect("Vitória/ES")
    t.expect("vago")
    t.answer("Confere?", "sim")
    t.expect("só o município: a rua não é certa")
    t.answer("risca", "")
    t.answer("O cliente autoriza?", "não")
    tap.check(t.end()[0] == 0, "a place that is not sure is confirmed, and the match is said")
    out = a.run("lead", "test", POINT, lang="pt-BR")[1]
    tap.check("só o município" in out, f"lead test says it too {out!r}")


# An agent at a keyboard, and the reading aloud. Both are constants: the test runs no person.
TYPED_PER_S = 5.0  # characters: 60 words a minute, which a call centre asks for
ENTER_S = 0.4      # to see that a question takes Enter, and press it
READ_PER_S = 2.7   # words: 160 a minute, clear and not hurried
BESIDE_READING_S = 20.0
CALL_S = 60.0      # the whole call


class Agent:
    """A terminal, with the seconds that a call takes: the machine's by the clock, the hands' and the voice's by the
    constants above. What the customer dictates is spoken while it is typed."""

    def __init__(self, node):
        self.t = terminal(node, "lead", "offer")
        self.start = time.monotonic()
        self.typing = self.prompts = 0

    def answer(self, question, line):
        self.t.answer(question, line)
        self.prompts += 1
        self.typing += ENTER_S + len(line) / TYPED_PER_S

    def end(self):
        code, text = self.t.end()
        self.machine = time.monotonic() - self.start
        aloud = re.findall(r"Leia ao cliente:\n\n(.*?)\n\n  Detalhes", text, re.S)
        self.aloud = len(aloud)
        self.reading = sum(len(part.split()) for part in aloud) / READ_PER_S
        return code, text


def count_seconds(agent, what):
    beside = agent.machine + agent.typing
    print(f"# {what}: {beside:.1f} s beside the reading ({agent.machine:.1f} s machine, {agent.typing:.1f} s for "
          f"{agent.prompts} prompts at {TYPED_PER_S:g} characters/s and {ENTER_S:g} s each); reading aloud "
          f"{agent.reading:.0f} s at {READ_PER_S * 60:.0f} words a minute", flush=True)
    tap.check(beside <= BESIDE_READING_S, f"{what}: at most {BESIDE_READING_S:g} s of machine and prompts, {beside:.1f}")
    tap.check(agent.aloud == 2 and agent.reading <= CALL_S - BESIDE_READING_S,
              f"{what}: both texts are read within a call of {CALL_S:g} s, {agent.reading:.1f}")


def test_flow(a, b, partners):
    """One flow from the protocol number to the hand-off, on one screen and with what is typed once."""
    agent = Agent(a)
    agent.answer("Protocolo do cancelamento", f"2026-{partners}")
    agent.answer("Registrado quando", "")
    agent.answer("Novo endereço", "Rua Sete 100, Vitória")
    agent.answer("Confere?", "s")
    agent.answer("risca", "" if partners > 1 else "2")
    agent.answer("O cliente autoriza?", "s")
    if partners == 1:
        agent.answer("O cliente autoriza?", "s")
    agent.answer("Canal", "")
    agent.answer("Referência", "")
    if partners > 1:
        agent.t.expect("Leia as propostas nesta ordem")
        agent.answer("Qual o cliente escolhe?", "1")
        agent.answer("O cliente autoriza?", "s")
    agent.answer("Nome:", "Ana Souza")
    agent.answer("Telefone", "27999990000")
    agent.answer("Enter = Rua Sete 100, Vitória", "")
    agent.answer("Data", "")
    agent.answer("Plano (número" if partners > 1 else "Plano (nome", "")
    if partners == 1:
        # it must look first: the customer hears that, and what was agreed and typed counts
        agent.t.expect("em análise")
        agent.answer("Qual o cliente escolhe?", "1")
    agent.t.expect("Entregue: Provedor")
    code, text = agent.end()
    tap.equal(text.count("Leia as propostas nesta ordem"), int(partners > 1), f"{partners}: an order is of two or more")
    lead = max(a.ctl("lead.list")["leads"], key=lambda x: x["created_at"])
    there = next(n for n in b if n.name == lead["awarded_to"]["name"])
    contact = wait_until(lambda: there.ctl("inbox.show", lead=entry(there, lead["id"], origin=a)["id"]).get("contact"),
                         "the chosen one sees the contact")
    tap.check(code == 0 and contact["address"] == "Rua Sete 100, Vitória" and contact["phone"] == PERSON["phone"] and
              "vizinho lead choose" not in text and text.count("Nome:") == 1 and text.count("Leia ao cliente") == 2,
              f"{partners} partners: to the hand-off without a second command")
    count_seconds(agent, f"{partners} partner{'s' if partners > 1 else ''}")


def main():
    with Cluster(3, lease_ms=5000) as cluster:
        a, b, c = cluster
        b.stop()
        with open(b.config_path) as f:
            text = f.read()
        with open(b.config_path, "w") as f:
            f.write("".join(line for line in text.splitlines(True) if not line.startswith("privacy")).replace(
                "[node]\n", "[node]\n" + "".join(f"{k} = {v}\n" for k, v in REACH.items()), 1))
        b.start()
        for x in (b, c):
            cluster.join(a, x)
            x.cover([VITORIA])
            x.plan()
        wait_until(lambda: len(a.cli("lead", "test", POINT)["partners"]) == 2, "coverage spreads")
        test_choose_again(a, b, c)
        cluster.wait_partners(a, b)
        test_wrong_name(a, b)
        test_late_call(a, b)
        test_none(a, b)
        test_call_yourself(a, b)
        test_another(a)
        test_place(a)
        test_flow(a, (b, c), 2)
        test_flow(a, (b, c), 1)


try:
    main()
except (AssertionError, Refused) as e:
    tap.check(False, f"ended early: {e}".replace("\n", " "))
    raise
finally:
    status = tap.done()
sys.exit(status)
