"""Every stage of customer.show as a node would say it (node/CONTROL.md), for tests of the customer's pages."""
import base64
import datetime
import hashlib

TOKEN = "abcdefghijklmnopqrstuvwxyz"
LEAD_ID = "a1b2c3d4-20261201-7"
HASHES = {k: c * 64 for k, c in (("text_hash", "a"), ("contact_text_hash", "b"), ("later_text_hash", "c"))}
CONTACT = {"name": "Canaria Zuleica Trinado", "phone": "+5528987650001", "address": "Rua do Canario Secreto, 4711",
           "date": "2031-05-17", "plan": "500 Mega"}
PLACE = {"municipality": {"code": 3203205}, "service": "internet", "cep": 29900210}
# The longest that a proof can be.
LINE = "VIZPROOF1." + base64.b32encode(hashlib.shake_256(b"proof").digest(1995)).decode()[:3190]
SAID = ("Não atendemos seu novo endereço. {names} a região; tire quem não quiser. Se autorizar, recebem só a cidade, o CEP "
        "e o ponto exato no mapa, sem nome nem telefone, para ver se levam internet. As não escolhidas apagam em até 4 "
        "dias. Recusar não muda o cancelamento. Para voltar atrás: 0800 123 4567. Detalhes, se quiser. Você autoriza?\n\n"
        "Detalhes, lidos ou enviados a quem pedir. Quem pergunta: Vitória Net (dados: privacidade@vitoria.example). Seus "
        "direitos (LGPD, art. 18): saber o que temos de você e quem recebeu.")
CALL = ("Se autorizar, só {name} recebe nome, telefone, endereço, data e plano, para ligar. Ela apaga em até 90 dias; nós, "
        "até 30 dias. Você autoriza?\n\nDetalhes, lidos ou enviados a quem pedir.")


def when(days=0, hours=0):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days, hours=hours)
    return then.strftime("%Y-%m-%dT%H:%M:%S.000Z")


NAMES = ["Rede Capixaba", "Conecta Linhares Telecomunicações e Serviços de Internet", "Fibra do Vale"]
IDS = ["viz1" + c * 59 for c in "abc"]


def named(i, struck=()):
    one = {"id": IDS[i], "name": NAMES[i], "label": NAMES[i], "answers": "hand" if i == 1 else "machine",
           "struck": IDS[i] in struck}
    if i != 1:
        one.update(whatsapp="+55 27 99999-000%d" % i, hours="seg a sex, 8h às 18h", privacy="dpo@p%d.example" % i)
    return one


def plan(name, cents, down, days):
    return {"name": name, "price_cents": cents, "down_mbps": down, "up_mbps": down // 2, "technology": "fiber",
            "install_days": days, "url": "https://example.com/planos"}


def proposal(i, position, plans, answer="yes"):
    one = {k: v for k, v in named(i).items() if k not in ("struck", "answers")}
    one.update(located=True, answer=answer, pledge_id="ab" * 32, revealed=answer != "no", awarded=False, erased=False,
               position=position, plans=plans)
    if answer in ("yes", "analysis"):
        one.update(consent_text=CALL.format(name=NAMES[i]), consent_text_hash=str(i) * 64)
    return one


PROPOSALS = [proposal(2, 1, [plan("500 Mega", 9990, 500, 7), plan("Giga Família", 14990, 1000, 7)]),
             proposal(0, 2, [plan("Básico", 7990, 300, 1)]), proposal(1, 3, [], "analysis")]


def page(stage, **more):
    base = {"stage": stage, "language": "pt-BR", "call_again": False, "holds_contact": False, "has_proof": False,
            "asker": {"id": "viz1" + "z" * 59, "name": "Vitória Net", "privacy": "privacidade@vitoria.example",
                      "withdrawal": "0800 123 4567"}}
    before = stage in ("begin", "consent", "single", "no-neighbour")
    base.update({"where": PLACE, "own": {"answer": "no", "none": False}, "expires_at": when(7), "first_name": "Zuleica"}
                if before else {"inbox_id": LEAD_ID})
    return {**base, **more}


def consent(strike=()):
    left = [i for i in range(3) if IDS[i] not in strike]
    names = " e ".join(NAMES[i] for i in left) + " atendem"
    texts = {"text_version": "1", "language": "pt-BR", "text": SAID.format(names=names), "text_hash": HASHES["text_hash"]
             if not strike else "d" * 64}
    return page("consent", consent=texts, partners=[named(i, strike) for i in range(3)])


CALLER = {k: v for k, v in named(0).items() if k not in ("struck", "answers")}
CHOSEN = dict(caller=CALLER, call_until=when(hours=2), awarded_at=when(), has_proof=True)
STAGES = {
    "begin": page("begin"),
    "consent": consent(),
    "single": page("single", partners=[named(0)],
                   consent={"text_version": "1", "language": "pt-BR", "text": SAID.format(names=NAMES[0] + " atende"),
                            "contact_text": CALL.format(name=NAMES[0]), "text_hash": HASHES["text_hash"],
                            "contact_text_hash": HASHES["contact_text_hash"]}),
    "no-neighbour": page("no-neighbour", partners=[],
                         consent={"text_version": "1", "language": "pt-BR", "later_text_hash": HASHES["later_text_hash"],
                                  "later_text": "Por enquanto nenhuma vizinha atende seu novo endereço. Você autoriza?"}),
    "later": page("later"),
    "waiting": page("waiting", partners=[named(i) for i in range(3)], closes_at=when(hours=3)),
    "proposals": page("proposals", proposals=PROPOSALS, choose_until=when(7), has_proof=True),
    "nobody": page("proposals", proposals=[proposal(0, 1, [], "no")]),
    "chosen": page("chosen", call_again=True, **CHOSEN),
    "called": page("called", contacted_at=when(), call_again=True, **CHOSEN),
    "recalled": page("recalled", choice={"open": False, "waits_for": "holder", "until": when(hours=3)}, **CHOSEN),
    "installed": page("installed", days_offline=2, **CHOSEN),
    "lost": page("lost", **CHOSEN),
    "none": page("none", has_proof=True),
    "kept": page("kept"),
    "withdrawn": page("withdrawn", holders=[
        {"id": IDS[0], "name": NAMES[0], "privacy": "dpo@p0.example", "located_at": when(), "erased": True},
        {"id": IDS[2], "name": NAMES[2], "erased": False}]),
    "over": page("over"),
}
RECIPIENT = {"id": IDS[0], "name": NAMES[0], "cnpj": "12345678000195"}
HELD = {"held": {"location": {**PLACE, "precision_m": 20, "lat_udeg": -19391000, "lon_udeg": -40072000}, "contact": CONTACT,
                 "holds_contact": True},
        "consents": [{"number": 1, "purpose": "location", "state": "given", "given_at": when(), "recipients": [RECIPIENT],
                      "text": SAID.format(names=NAMES[0] + " atende")},
                     {"number": 2, "purpose": "contact", "state": "withdrawn", "time": when(), "recipients": [RECIPIENT],
                      "text": CALL.format(name=NAMES[0])}],
        "holders": [{"id": IDS[0], "name": NAMES[0], "privacy": "dpo@p0.example", "located_at": when(), "erased": False}],
        "history": [], "view_count": 0}
PROOF = {"federation": "aa" * 32, "offer": "bb" * 32, "author": "viz1" + "z" * 59, "text_version": "1", "text_hash": "cc" * 32,
         "asked": IDS, "order": [IDS[2], IDS[0], IDS[1]], "k": 1, "chosen": IDS[0], "line": LINE,
         "nodes": [{"id": i, "name": n} for i, n in zip(IDS, NAMES)]}
CODE = {"inbox_id": LEAD_ID, "partners": [named(i) for i in range(3)]}
