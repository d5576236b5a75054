"""A stand-in for Voalle (Elleven): sign-in on one port, the API for third parties on another. See README.md."""
import json
import secrets
import time

from people import SECRET, day, person
from stand_in import Reply, StandIn, main

THIRD = "/external/integrations/thirdparty"
NORMAL, CANCELLED, CLOSED = 1, 4, 9


def said(ok, response=None, *messages, status=200):
    return Reply({"success": ok, "messages": [{"message": m, "code": 300, "type": "Error"} for m in messages] or None,
                  "response": response}, status)


class SignIn(StandIn):
    """The port of /connect/token, :45700 of a real one."""

    def __init__(self, api, **more):
        self.api = api
        super().__init__(**more)

    def answer(self, request):
        if request.path != "/connect/token" or request.method != "POST":
            return Reply("", 404, "text/plain")
        if "application/x-www-form-urlencoded" not in request.headers.get("content-type", ""):
            return Reply({"error": "invalid_request"}, 400)
        fields, own = request.form() or {}, self.api.client
        if fields.get("grant_type") != "client_credentials":
            return Reply({"error": "unsupported_grant_type"}, 400)
        if fields.get("scope") != "syngw":
            return Reply({"error": "invalid_scope"}, 400)
        if any(fields.get(k) != own[k] for k in ("client_id", "client_secret")):
            return Reply({"error": "invalid_client"}, 400)
        if fields.get("syndata") != own["syndata"] or not self.api.integrator:
            return Reply({"error": "unauthorized", "error_description": "Não Autorizado"}, 401)
        value = secrets.token_urlsafe(60)
        self.api.tokens[value] = time.time() + self.api.life_s
        return Reply({"access_token": value, "expires_in": self.api.life_s, "token_type": "Bearer", "scope": "syngw"})


class Voalle(StandIn):
    """`sign_in` is the server of the other port. Switches: `life_s` (of a token, an hour when not set), `integrator` (False: the
    user is none), `zero_based` (the first page is 0, not 1), `short_page` (records that a page lacks), `sale_needs_document`
    (startsale refuses without txId, as its document says), `drops` (fields that a write loses)."""

    def __init__(self, tls=None, per_minute=None, **more):
        self.client = {"client_id": "vizinho", "client_secret": "segredo-do-integrador", "syndata": "c3luZGF0YS1kZS10ZXN0ZQ=="}
        self.life_s, self.integrator, self.tokens, self.zero_based, self.short_page = 3600, True, {}, False, 0
        self.sale_needs_document, self.drops, self.per_minute = True, set(), per_minute
        self.integrator_data = {"crmContactOriginCode": "VIZ", "crmFormCode": "F1", "integratorAlias": "vizinho"}
        self.contracts, self.made, self.sales = {}, [], {}
        for number in range(12):
            self.customer(number)
        super().__init__(tls=tls, **more)
        self.sign_in = SignIn(self, tls=tls)
        self.how = f"sign in at {self.sign_in.url}: " + " ".join(f"{k}={v}" for k, v in self.client.items())

    def close(self):
        super().close()
        self.sign_in.close()

    # what the provider's staff does

    def customer(self, number):
        key = 3000 + number
        self.contracts[key] = {"person": person(number), "status": NORMAL, "date": None}
        return key

    def cancel(self, contract, days_ago=0, status=CANCELLED):
        self.contracts[contract].update(status=status, date=str(day(days_ago)))
        return contract

    def undo(self, contract):
        """The date stays: in this ERP it does not say alone that a contract is cancelled."""
        self.contracts[contract]["status"] = NORMAL

    # what a client sees

    def answer(self, request):
        act = {f"{THIRD}/contract/getpaged": self.paged, "/external/crm/leads/create": self.lead,
               f"{THIRD}/crm/startsale": self.start, f"{THIRD}/crm/cancelsale": self.stop}.get(request.path)
        if act is None:
            return Reply("", 404, "text/plain")
        if self.tokens.get(request.bearer(), 0) <= time.time():
            return Reply("", 401, "text/plain", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        fields = request.form()
        if request.method != "POST":
            return Reply("", 405, "text/plain")
        if fields is None or "json" not in request.headers.get("content-type", ""):
            return Reply({"success": False, "messages": [{"message": "Corpo inválido."}], "response": None}, 400)
        return act(fields)

    def expire(self):
        self.tokens.clear()

    def paged(self, f):
        page, size = f.get("page"), f.get("pageSize")
        if not isinstance(page, int) or not isinstance(size, int) or not 5 <= size <= 100:
            return said(False, None, "pageSize deve estar entre 5 e 100.", status=400)
        rows = [self.shape(k, c) for k, c in sorted(self.contracts.items()) if c["status"] == NORMAL or not f.get("onlyActiveContracts")]
        at = max(page if self.zero_based else page - 1, 0)
        shown = rows[at * size:(at + 1) * size]
        return said(True, {"data": shown[:max(len(shown) - self.short_page, 0)], "page": page, "pageSize": size,
                           "totalPages": -(-len(rows) // size), "totalRecords": len(rows)})

    @staticmethod
    def shape(key, c):
        p = c["person"]
        return {"id": key, "contractNumber": f"N{key}", "contractStatus": c["status"], "collectionDay": 10,
                "cancellationDate": c["date"] and f"{c['date']}T00:00:00", "user": "login", "password": SECRET,
                "clientInformation": {"id": key - 1000, "name": p["name"], "clientTxId": p["document"], "email": None, "phone": p["phone"]},
                "servicesInformation": [{"code": "FIBRA500", "amount": 99.9}]}

    def lead(self, f):
        own, wrong = f.get("integratorData") or {}, []
        if own.get("crmContactOriginCode") != self.integrator_data["crmContactOriginCode"]:
            wrong.append("Origem de contato inválida.")
        if own.get("integratorAlias") != self.integrator_data["integratorAlias"] or not own.get("integrationCode"):
            wrong.append("Integrador inválido.")
        if not (f.get("personalData") or {}).get("name"):
            wrong.append("Nome é obrigatório.")
        if not isinstance((f.get("address") or {}).get("codeCityId"), int):
            wrong.append("Cidade inválida.")
        if wrong:
            return said(False, None, *wrong)
        self.made.append({k: {n: v for n, v in part.items() if n not in self.drops} for k, part in f.items() if isinstance(part, dict)})
        return said(True)

    def start(self, f):
        wrong = [f"{k} é obrigatório." for k in ("contractType", "crmCampaignCode", "serviceProducts") if not f.get(k)]
        if self.sale_needs_document and not f.get("txId"):
            wrong.append("txId é obrigatório.")
        if wrong:
            return said(False, None, *wrong)
        number = 880000 + len(self.sales)
        self.sales[number] = {"fields": f, "cancelled": None}
        return said(True, {"protocolId": number})

    def stop(self, f):
        sale = self.sales.get(f.get("protocolId"))
        if sale is None:
            return said(False, None, "Negociação não encontrada.")
        if sale["cancelled"] is not None:
            return said(False, None, "Negociação já está cancelada.")
        if not f.get("description"):
            return said(False, None, "description é obrigatório.")
        sale["cancelled"] = f["description"]
        return said(True, "Negociação cancelada com sucesso.")

    # what a test asks

    def leads(self):
        return self.made

    def leaks(self, values):
        text = json.dumps([self.made, [s["fields"] for s in self.sales.values() if s["cancelled"] is None]], ensure_ascii=False).lower()
        return [v for v in values if v.lower() in text]


if __name__ == "__main__":
    main(Voalle)
