"""Each function of each connector against its stand-in, in order and under each fault, without a node. Where something
proves nothing, the connector says so, and nothing comes out."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from nodes import PATIENCE, Tap  # noqa: E402

import erp_conf  # noqa: E402
from erp_conf import CANARY, KINDS, SECRETS  # noqa: E402
from people import day  # noqa: E402

PROGRAM = os.environ["ASK_CONNECTOR"]
PERSON = {f"P_{k.upper()}": v for k, v in CANARY.items()}
REFERENCE = "a1b2c3d4-20261201-1"


class Asked:
    """A connector, its stand-in, and what it said so far."""

    def __init__(self, kind, **keys):
        self.folder = tempfile.TemporaryDirectory()
        self.kind, self.erp, self.said = kind, KINDS[kind].make(), ""
        self.path = KINDS[kind].conf(self.erp, self.folder.name, **keys)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.erp.close()
        self.folder.cleanup()

    def __call__(self, *args, **env):
        p = subprocess.run([PROGRAM, self.path, *args], capture_output=True, text=True, timeout=PATIENCE, env={**os.environ, **PERSON, **env})
        if p.returncode:
            raise AssertionError(f"{args}: {p.returncode} {p.stderr}")
        self.said += p.stdout + p.stderr
        return json.loads(p.stdout.splitlines()[-1])

    def ids(self, stream="cancellations", cursor="", *subjects):
        """External ids of a stream, page after page, and the last cursor."""
        found, more = [], True
        while more:
            page = self("fetch", stream, cursor, *subjects)
            if page["result"] != "ok":
                return page["result"], page["why"]
            found += [n["external_id"] for n in page["notices"] if not n["undone"]]
            cursor, more = page["next"], page["more"]
        return found, cursor


# What each fault makes of a request that only reads, and of one that writes.
READ = {"429": "later", "429-date": "later", "status": "later", "slow": "later", "drip": "later", "cut": "later", "refuse": "later",
        "html": "unsure", "div": "unsure", "empty": "unsure", "null": "unsure", "half-json": "unsure", "array": "unsure",
        "redirect": "unsure", "huge": "unsure"}
WAIT = {"slow": {"seconds": 4}, "drip": {"seconds": 0.2}}


def each_fault(t, a, what, args, method=None, match=""):
    """Under each fault the function says what the table says, and gives nothing."""
    wrong = {}
    for name, wanted in READ.items():
        a.erp.heal()
        fault = a.erp.fault(name, method=method, match=match, **WAIT.get(name, {}))
        got = a(*args)
        if got["result"] != wanted or got.get("notices") or got.get("next") or got.get("there") or got.get("id", "-") != "-" or \
                not got["why"] or not fault.hits:
            wrong[name] = got
    a.erp.heal()
    if args[0] == "fetch" and args[1] == "cancellations":
        a.erp.fault("latin1", match=match)
        got = a(*args)
        if got["result"] != "unsure" or got["notices"]:
            wrong["latin1"] = got
        a.erp.heal()
    t.equal(wrong, {}, f"{a.kind}: {what}: each fault proves nothing, and is told")


def nothing_told(t, a):
    leaked = [s for s in SECRETS if s.lower() in a.said.lower()]
    secrets = [s for s in (KINDS[a.kind].token(a.erp), erp_conf.ixc.SECRET, *KINDS[a.kind].token(a.erp).split(":")[-1:]) if s in a.said]
    t.equal([leaked, secrets], [[], []], f"{a.kind}: no person and no secret in what it says")


def hubsoft_notices(t):
    with Asked("hubsoft") as a:
        e = a.erp
        t.equal(a.ids()[0], [], "hubsoft: nothing is cancelled")
        for number, ago in ((0, 0), (1, 3), (2, 29), (3, 200)):
            e.cancel(20000 + number, days_ago=ago)
        ids, cursor = a.ids()
        t.equal(sorted(ids), ["servico:20000", "servico:20001", "servico:20002"], "hubsoft: cancelled since first_days")
        page = a("fetch", "cancellations", "")
        first = page["notices"][0]
        t.equal([first["reason_id"], first["reason"], first["protocol"], first["cancelled_at"][:10]],
                ["3", "MUDANÇA DE ENDEREÇO", "1000", str(day())], "hubsoft: reason, code and date")
        t.equal(sorted(a.ids("cancellations", cursor)[0]), ["servico:20000", "servico:20001"], "hubsoft: the cursor goes back a week")
        e.br_dates = True
        t.equal(sorted(a.ids()[0]), sorted(ids), "hubsoft: dates with the day first")
        e.br_dates = False
        for number in range(4, 130):
            if number > 11:
                e.customer(number)
            e.cancel(20000 + number, days_ago=1)
        t.equal(len(a.ids()[0]), 129, "hubsoft: three pages")
        e.hides.add(10050)
        t.check(a.ids()[0] == "unsure", "hubsoft: a page that lacks a row proves nothing")
        e.hides.clear()
        e.no_total = True
        t.check(a.ids()[0] == "unsure", "hubsoft: nor does one without paginacao")
        e.no_total = False
        t.equal(a("look", "servico:20000")["undone"], False, "hubsoft: a cancellation stands")
        e.undo(20000)
        t.equal(a("look", "servico:20000")["undone"], True, "hubsoft: an undone one does not")
        t.equal(a("look", "servico:99999")["result"], "unsure", "hubsoft: what it does not name proves nothing")
        e.attend(20005)
        other, deleted = e.attend(20006, kind=20), e.attend(20007)
        e.delete_attendance(deleted)
        t.equal(a.ids("moves", "", "21")[0], ["atendimento:500"], "hubsoft: attendances of a subject; a deleted one is undone")
        t.check(other, "hubsoft: another subject is none")
        names = {(r["stream"], r["id"]): r["name"] for r in a("reasons")["reasons"]}
        t.equal([names.get(("moves", "21")), names.get(("cancellations", "3"))], ["MUDANÇA DE ENDEREÇO"] * 2, "hubsoft: reasons and subjects")
        each_fault(t, a, "cancelled", ["fetch", "cancellations", ""], match="todos")
        each_fault(t, a, "attended", ["fetch", "moves", "", "21"], match="atendimento")
        each_fault(t, a, "look", ["look", "servico:20001"], match="integracao")
        t.equal(set(a("check")["checks"].values()), {"ok"}, "hubsoft: check")
        e.client["password"] = "outra"
        t.equal(a("check")["result"], "denied", "hubsoft: a wrong password")
        nothing_told(t, a)


def hubsoft_lead(t):
    with Asked("hubsoft") as a:
        e = a.erp
        t.equal([a("find", REFERENCE)["id"], e.leads()], ["", []], "hubsoft: there is none")
        put = a("put", REFERENCE)
        p = e.leads()[0]
        t.equal([put["result"], put["id"], p["telefone"], p["tipo_pessoa"], p["_address"]["numero"]], ["ok", "100", "28987650001", "pf", 0],
                "hubsoft: a prospect, the number is a number")
        t.check("4711" in p["observacao"] and "4711" not in str(p["_address"]) and p["cpf_cnpj"] is None,
                "hubsoft: the address is in the note, which can be read back; no document")
        read = a("read", "100", REFERENCE)
        t.equal([read["there"], read["same"], read["blank"]], [True, True, False], "hubsoft: read back, in capitals")
        t.equal(a("find", REFERENCE)["id"], "100", "hubsoft: found by its reference")
        e.leads()[0]["id_externo"] = None
        t.equal(a("find", REFERENCE)["id"], "100", "hubsoft: also where id_externo is not kept")
        e.drops.add("telefone")
        put = a("put", REFERENCE + "0")
        read = a("read", put["id"], REFERENCE + "0")
        t.equal([read["same"], read["differs"]], [False, "telefone"], "hubsoft: a write that loses a field is noticed")
        e.drops.clear()
        for fault in ("lost", "lost-500", "cut", "half-json"):
            count, number = len(e.leads()), f"{REFERENCE}-{fault}"
            e.fault(fault, method="POST", match="prospecto", times=1)
            got = a("put", number)
            t.check(got["result"] in ("later", "unsure") and len(e.leads()) == count + 1 and a("find", number)["id"] == str(100 + count),
                    f"hubsoft: after {fault} it is not known, and then found")
        t.equal([a("withdraw", "100")["result"], a("read", "100")["blank"], [v for v in e.leaks(CANARY.values()) if v in str(e.prospects[100])]],
                ["ok", True, []], "hubsoft: overwritten, and read back as blank")
        e.converted.add(101)
        t.equal(a("withdraw", "101")["result"], "refused", "hubsoft: a prospect that became a customer cannot be")
        t.equal([a("withdraw", "999")["result"], a("read", "999")["there"]], ["refused", False], "hubsoft: one that is not there")
        e.expire()
        t.equal(a("find", REFERENCE + "0")["result"], "ok", "hubsoft: a token that ended")
        e.plans.clear()
        t.equal([a("check")["checks"]["the plan of a prospect"], a("put", "r-9")["result"]], ["refused", "refused"], "hubsoft: a plan that is gone")
        each_fault(t, a, "new prospect", ["put", "r-8"], method="POST", match="integracao")
        each_fault(t, a, "search", ["find", "r-8"], method="GET", match="integracao")
        each_fault(t, a, "read back", ["read", "100"], method="GET", match="integracao")
        each_fault(t, a, "withdrawal", ["withdraw", "102"], method="PUT", match="integracao")
        nothing_told(t, a)
    with Asked("hubsoft") as a:
        with open(a.path, "a") as f:
            f.write("address = fields\n")
        a("put", REFERENCE)
        t.equal(a.erp.leads()[0]["_address"]["numero"], 4711, "hubsoft: address = fields")
        a("withdraw", "100")
        read = a("read", "100")
        t.check(a.erp.leaks(["4711"]) == [] and not read["blank"] and "address" in read["why"],
                "hubsoft: then it cannot be proved that the address is gone")
        t.equal(a("read", "100", DRY="1")["result"], "ok", "hubsoft: a dry run reads")
        count = len(a.erp.leads())
        t.equal([a("put", "r-7", DRY="1")["result"], len(a.erp.leads())], ["absent", count], "hubsoft: and writes nothing")
        nothing_told(t, a)


def voalle(t):
    with Asked("voalle") as a:
        e = a.erp
        t.equal(a.ids()[0], [], "voalle: nothing is cancelled")
        e.cancel(3001, days_ago=2)
        e.cancel(3002, days_ago=3, status=9)
        e.cancel(3003, days_ago=300)
        ids, cursor = a.ids()
        t.equal(sorted(set(ids)), ["contrato:3001", "contrato:3002"], "voalle: cancelled and closed, since first_days")
        page = a("fetch", "cancellations", "")
        undone = {n["external_id"]: n["undone"] for n in page["notices"]}
        t.equal([undone["contrato:3000"], undone["contrato:3001"], "contrato:3003" in undone], [True, False, False], "voalle: who stays is told")
        e.undo(3001)
        page = a("fetch", "cancellations", cursor)
        t.check({n["external_id"]: n["undone"] for n in page["notices"]}["contrato:3001"], "voalle: undone, though the date is there")
        for number in range(12, 250):
            e.customer(number)
        e.cancel(3020)
        e.cancel(3249)
        for zero in (False, True):
            e.zero_based = zero
            t.check({"contrato:3020", "contrato:3249"} <= set(a.ids()[0]), f"voalle: all pages, the first is {0 if zero else 1}")
        e.zero_based = False
        e.short_page = 1
        t.equal(a.ids()[0], "unsure", "voalle: a page that lacks a row proves nothing")
        e.short_page = 0
        each_fault(t, a, "contracts", ["fetch", "cancellations", ""], match="contract")
        e.sign_in.fault("status", code=500)
        t.equal(a.ids()[0], "later", "voalle: no sign-in")
        e.sign_in.heal()
        e.expire()
        t.equal(a("check")["result"], "ok", "voalle: check")
        e.integrator = False
        t.equal(a("check")["result"], "denied", "voalle: a user that is no integrator")
        e.integrator = True
        t.equal([a("put", REFERENCE)["id"], len(e.leads()), e.leads()[0]["address"]["codeCityId"], e.leads()[0]["personalData"]["txId"]],
                ["lead", 1, 3201209, ""], "voalle: a lead, without a document")
        t.equal([a("withdraw", "lead")["result"], a("read", "lead")["result"]], ["absent", "absent"], "voalle: it can be neither read nor taken back")
        e.integrator_data["integratorAlias"] = "outro"
        t.equal(a("put", REFERENCE)["result"], "refused", "voalle: a refusal with status 200")
        e.integrator_data["integratorAlias"] = "vizinho"
        each_fault(t, a, "new lead", ["put", REFERENCE], match="leads")
        nothing_told(t, a)
    with Asked("voalle") as a:
        with open(a.path, "a") as f:
            f.write("contract_type = PF\ncampaign = C1\nprice_list = L1\nproduct = F500\n")
        e = a.erp
        t.equal([a("put", REFERENCE)["id"], e.sales], ["lead", {}], "voalle: a negotiation that needs a document is done without")
        e.sale_needs_document = False
        number = a("put", REFERENCE)["id"]
        t.check(number.startswith("sale:") and not any(v in str(e.sales) for v in CANARY.values()), "voalle: nothing of the person is in it")
        e.expire()
        t.equal([a("withdraw", number)["result"], a("withdraw", number)["result"]], ["ok", "refused"], "voalle: it is cancelled")
        t.equal([bool(s["cancelled"]) for s in e.sales.values()], [True], "voalle: once")
        e.integrator_data["integratorAlias"] = "outro"
        t.equal([a("put", REFERENCE)["result"], [bool(s["cancelled"]) for s in e.sales.values()]], ["refused", [True, True]],
                "voalle: where the lead is refused, so is the negotiation taken back")
        each_fault(t, a, "withdrawal", ["withdraw", number], match="cancelsale")
        nothing_told(t, a)


def ixc(t):
    with Asked("ixc") as a:
        e = a.erp
        t.equal(a.ids()[0], [], "ixc: nothing is cancelled")
        e.lists_total = True
        t.equal(a.ids()[0], [], "ixc: also where an empty list says total 0")
        e.cancel("1")
        e.cancel("2", reason="3", days_ago=3, status="D")
        e.cancel("3", days_ago=29)
        e.cancel("4", days_ago=200)
        ids, cursor = a.ids()
        t.equal(sorted(ids), ["contrato:1", "contrato:2", "contrato:3"], "ixc: cancelled since first_days")
        first = a("fetch", "cancellations", "")["notices"][0]
        t.equal([first["reason_id"], first["protocol"], first["cancelled_at"][:10]], ["1", "1", str(day())], "ixc: reason, number and date")
        t.equal(a.ids("cancellations", cursor)[0], ["contrato:1", "contrato:2"], "ixc: the cursor goes back a week")
        e.forgets_filter = True
        t.equal(sorted(a.ids()[0]), sorted(ids), "ixc: a filter that is passed over lets nothing else in")
        e.forgets_filter = False
        for number in range(12, 240):
            e.customer(number)
        for number in range(5, 241):
            e.cancel(str(number), days_ago=1)
        t.equal(len(set(a.ids()[0])), 239, "ixc: three pages")
        e.page_short = 1
        t.equal(a.ids()[0], "unsure", "ixc: a page that lacks a row proves nothing")
        e.page_short = 0
        t.equal([a("look", "contrato:1")["undone"], e.undo("1"), a("look", "contrato:1")["undone"]], [False, None, True], "ixc: estornar_cancelamento")
        t.equal(a("look", "contrato:999")["result"], "unsure", "ixc: what it does not name proves nothing")
        e.ticket("5")
        e.ticket("6", subject="1")
        t.equal(a.ids("moves", "", "2", "4")[0], ["atendimento:1"], "ixc: tickets of a subject")
        names = {(r["stream"], r["id"]): r["name"] for r in a("reasons")["reasons"]}
        t.equal([names.get(("moves", "2")), names.get(("cancellations", "1"))], ["Mudança de endereço"] * 2, "ixc: reasons and subjects")
        each_fault(t, a, "cancelled", ["fetch", "cancellations", ""])
        each_fault(t, a, "tickets", ["fetch", "moves", "", "2"])
        each_fault(t, a, "look", ["look", "contrato:1"])
        t.equal(set(a("check")["checks"].values()), {"ok"}, "ixc: check")
        e.closed_tables.add("su_ticket")
        checks = a("check")["checks"]
        t.check(checks["tickets"] != "ok" and checks["contracts"] == "ok", "ixc: check names the table that the token may not see")
        t.check(a.ids("moves", "", "2")[0] not in ([], ["atendimento:1"]), "ixc: and that table is not taken for an empty one")
        e.addresses_ok = False
        t.equal(a.ids()[0], "unsure", "ixc: an address that is not allowed")
        e.token = "1:outro"
        t.equal(a.ids()[0], "denied", "ixc: another token")
        nothing_told(t, a)


def ixc_lead(t):
    with Asked("ixc") as a:
        e = a.erp
        t.equal([a("find", REFERENCE)["id"], e.leads()], ["", []], "ixc: there is none")
        t.equal([a("put", REFERENCE)["id"], a("find", REFERENCE)["id"], e.leads()[0]["cnpj_cpf"]], ["1", "1", ""], "ixc: a contact, without a document")
        read = a("read", "1", REFERENCE)
        t.equal([read["there"], read["same"], read["blank"]], [True, True, False], "ixc: read back")
        for field in ("fone_celular", "endereco", "nome"):
            e.drops = {field}
            number = a("put", f"{REFERENCE}-{field}")["id"]
            read = a("read", number, f"{REFERENCE}-{field}") if number != "-" else {"same": False, "differs": field}
            t.equal([read["same"], read["differs"]], [False, field], f"ixc: a write that loses {field} is noticed")
        e.drops = set()
        for fault in ("lost", "lost-500", "cut", "half-json"):
            count, number = len(e.leads()), f"{REFERENCE}-{fault}"
            e.fault(fault, method="POST", match="contato", times=1)
            got = a("put", number)
            t.check(got["result"] in ("later", "unsure") and len(e.leads()) == count + 1 and a("find", number)["id"] not in ("", "-"),
                    f"ixc: after {fault} it is not known, and then found")
        t.equal([a("withdraw", "1")["result"], a("read", "1")["there"], "1" in e.tables["contato"]], ["ok", False, False], "ixc: deleted")
        last = e.leads()[-1]["id"]
        e.dependents.add(last)
        t.equal([a("withdraw", last)["result"], a("read", last)["blank"]], ["ok", True], "ixc: where DELETE fails, it is overwritten as a whole")
        t.check(not any(v in str(e.tables["contato"][last]) for v in CANARY.values()), "ixc: nothing of the person is left in it")
        last = e.leads()[-2]["id"]
        e.dependents.add(last)
        e.drops = {"endereco", "obs", "nome"}
        a("withdraw", last)
        t.equal(a("read", last)["blank"], False, "ixc: an overwriting that loses fields is no withdrawal")
        e.drops = set()
        each_fault(t, a, "new contact", ["put", "r-8"], match="contato")
        each_fault(t, a, "find", ["find", "r-8"])
        each_fault(t, a, "read back", ["read", "2"])
        each_fault(t, a, "withdrawal", ["withdraw", "2"])
        count = len(e.leads())
        t.equal([a("put", "r-7", DRY="1")["result"], len(e.leads())], ["absent", count], "ixc: a dry run writes nothing")
        nothing_told(t, a)


def sgp(t):
    with Asked("sgp") as a:
        e = a.erp
        t.equal(a.ids()[0], [], "sgp: nothing is cancelled")
        e.cancel(2000)
        e.cancel(2001, reason=2, days_ago=3)
        e.cancel(2002, days_ago=200)
        e.set(2003, 5, 4, days_ago=1)
        ids, cursor = a.ids()
        t.equal(sorted(ids), ["contrato:2000", "contrato:2001"], "sgp: cancelled since first_days")
        first = next(n for n in a("fetch", "cancellations", "")["notices"] if n["external_id"] == "contrato:2000")
        t.equal([first["reason_id"], first["protocol"]], ["3", "2000"], "sgp: reason and number")
        t.equal(a.ids("cancellations", cursor)[0], ["contrato:2000"], "sgp: the cursor goes back two days")
        t.equal(a.ids("moves", "", "5")[0], ["contrato:2003"], "sgp: status 5 is the subject of a move")
        t.equal([a("look", "contrato:2000")["undone"], e.undo(2000) and a("look", "contrato:2000")["undone"]], [False, True], "sgp: undone")
        t.equal(a("look", "contrato:9999")["result"], "unsure", "sgp: what it does not name proves nothing")
        for number in range(12, 240):
            e.customer(number)
        for number in range(4, 240):
            e.cancel(2000 + number, days_ago=1)
        t.equal(len(set(a.ids()[0])), 237, "sgp: five pages")
        e.no_total = True
        t.equal(len(set(a.ids()[0])), 237, "sgp: also without paginacao")
        e.no_total, e.short_page = False, 1
        t.equal(a.ids()[0], "unsure", "sgp: a page that lacks a customer proves nothing")
        e.short_page, e.repeats_page = 0, True
        t.equal(a.ids()[0], "unsure", "sgp: nor does the same page again")
        e.repeats_page = False
        each_fault(t, a, "cancelled", ["fetch", "cancellations", ""])
        each_fault(t, a, "look", ["look", "contrato:2001"])
        t.equal(set(a("check")["checks"].values()), {"ok"}, "sgp: check")
        e.logged_out = True
        t.equal(a.ids()[0], "unsure", "sgp: the login page with status 200")
        e.logged_out, e.host_ok = False, False
        host = a.ids()
        e.host_ok, e.app = True, "vizinho"
        app = a.ids()
        t.check(host[0] == app[0] == "denied" and host[1] != app[1], "sgp: two reasons of 403 are told apart")
        e.app = "Vizinho"
        t.check(a("put", REFERENCE)["result"] == "ok" and len(e.leads()) == 1 and e.leads()[0]["precadastro_ativar"] == "0", "sgp: a pre-registration")
        t.check(not e.leads()[0].get("cpfcnpj"), "sgp: without a document")
        e.fault("lost-500", method="POST", match="precadastro", times=1)
        t.check(a("put", REFERENCE + "0")["result"] in ("later", "unsure"), "sgp: an error 500 says nothing: it was written")
        e.no_id = True
        got = a("put", REFERENCE + "1")
        t.check(got["result"] in ("ok", "unsure"), f"sgp: an answer without an id: {got['result']}")
        each_fault(t, a, "pre-registration", ["put", "r-8"])
        count = len(e.leads())
        t.equal([a("put", "r-7", DRY="1")["result"], len(e.leads())], ["absent", count], "sgp: a dry run writes nothing")
        nothing_told(t, a)


def main():
    t = Tap()
    for part in (ixc, ixc_lead, sgp, hubsoft_notices, hubsoft_lead, voalle):
        if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
            part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
