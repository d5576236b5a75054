"""A stand-in for SGP (TSMX): the API of the URA and the pre-registration. See README.md."""
import json
import re

from people import SECRET, day, person
from stand_in import HTML_LOGIN, Reply, StandIn, main

STATES = {1: "Ativo", 2: "Inativo", 3: "Cancelado", 4: "Suspenso", 5: "Inviabilidade Técnica", 6: "Novo", 7: "Ativo V. Reduzida"}
NEEDED = ("nome", "logradouro")


class Sgp(StandIn):
    """Switches: `basic` (Basic instead of token and app), `host_ok` (False: the second text of 403), `logged_out` (each
    answer is the login page, with status 200), `hides_new` (a pre-registration is in no list), `no_id` (its answer has no
    id), `drops` (fields that it loses), `repeats_page` (offset is passed over), `no_total` (no `paginacao`), `short_page`
    (customers that a page lacks)."""

    def __init__(self, **more):
        self.secret, self.app, self.basic, self.host_ok = "4a3b2c1d-0000-4000-8000-77c0ffee7777", "Vizinho", None, True
        self.logged_out, self.hides_new, self.no_id, self.drops = False, False, False, set()
        self.repeats_page, self.no_total, self.short_page = False, False, 0
        self.customers, self.contracts, self.registrations = {}, {}, {}
        self.reasons = {1: "Pedido do cliente", 2: "Inadimplência", 3: "Mudança de endereço", 4: "Sem viabilidade no novo endereço"}
        self.how = f"token={self.secret} app={self.app}"
        for number in range(12):
            self.customer(number)
        super().__init__(**more)

    # what the provider's staff does

    def customer(self, number):
        key = 1000 + number
        self.customers[key] = person(number)
        self.contracts[key + 1000] = {"customer": key, "status": 1, "reason": None, "since": str(day(700))}
        return key + 1000

    def set(self, contract, status, reason=None, days_ago=0):
        self.contracts[contract].update(status=status, reason=reason, since=str(day(days_ago)))
        return contract

    def cancel(self, contract, reason=3, days_ago=0):
        return self.set(contract, 3, reason, days_ago)

    def undo(self, contract):
        return self.set(contract, 1)

    # what a client sees

    def answer(self, request):
        if self.logged_out or not request.path.startswith("/api/"):
            return Reply(HTML_LOGIN, kind="text/html; charset=utf-8")
        fields = request.form()
        act = {"/api/ura/clientes/": self.list, "/api/ura/contrato/status/motivos/": self.list_reasons,
               "/api/precadastro/F": self.register, "/api/precadastro/J": self.register}.get(request.path)
        if act is None:
            return Reply("<html><body><h1>Not Found</h1></body></html>", 404, "text/html")
        if request.method != "POST":
            return Reply({"detail": f'Método "{request.method}" não é permitido.'}, 405)
        refused = self.refused(request, fields or {})
        return refused or act({k: str(v) if not isinstance(v, bool) else str(int(v)) for k, v in fields.items()})

    def refused(self, request, fields):
        if not self.host_ok:
            return Reply({"detail": "Você não tem permissão para executar essa ação. Host não permitido."}, 403)
        if self.basic:
            good = request.basic() == self.basic
            return None if good else Reply({"detail": "Nome de usuário/senha inválidos."}, 403)
        if not fields.get("token") or not fields.get("app"):
            return Reply({"detail": "As credenciais de autenticação não foram fornecidas."}, 403)
        if fields["token"] != self.secret or fields["app"] != self.app:
            return Reply({"detail": "Credenciais de autenticação incorretas."}, 403)
        return None

    def list_reasons(self, _):
        return Reply([{"id": key, "descricao": text} for key, text in self.reasons.items()])

    def list(self, f):
        low, high = f.get("data_contrato_status_inicio"), f.get("data_contrato_status_fim")
        if bool(low) != bool(high) or any(d and not re.fullmatch(r"\d{4}-\d\d-\d\d", d) for d in (low, high)):
            return Reply({"error": "Informe data_contrato_status_inicio e data_contrato_status_fim (AAAA-MM-DD)"}, 400)
        rows = []
        for key, p in sorted(self.customers.items()):
            own = {n: c for n, c in self.contracts.items() if c["customer"] == key}
            matching = [n for n, c in own.items() if (not f.get("contrato_status") or str(c["status"]) in f["contrato_status"].split(","))
                        and (not low or low <= c["since"] <= high) and (not f.get("contrato") or f["contrato"] == str(n))]
            asked = any(f.get(k) for k in ("contrato_status", "contrato")) or low
            if (matching or not asked) and f.get("cliente_id", str(key)) == str(key) and \
                    f.get("cliente_nome", "").lower() in p["name"].lower() and f.get("telefone", "") in p["phone"]:
                rows.append(self.shape(key, p, own, f))
        limit, offset = min(int(f.get("limit") or 100), 100), 0 if self.repeats_page else int(f.get("offset") or 0)
        shown = rows[offset:offset + limit]
        shown = shown[:max(len(shown) - self.short_page, 0)]
        page = {} if self.no_total else {"paginacao": {"offset": offset, "limit": limit, "parcial": len(shown), "total": len(rows)}}
        return Reply({**page, "clientes": shown})

    def shape(self, key, p, own, f):
        row = {"id": key, "nome": p["name"], "cpfcnpj": p.get("document", ""), "dataCadastro": p.get("since", "2020-01-02"), "tipo": "F",
               "endereco": {"logradouro": p["street"], "numero": p["house"], "bairro": p["quarter"], "cidade": p["city"],
                            "uf": p["uf"], "cep": p["cep"], "complemento": "", "pontoreferencia": ""}}
        if f.get("omitir_contatos", "0") in ("0", "", "False", "false"):
            row["contatos"] = {"celulares": [p["phone"]], "telefones": [], "emails": []}
        if f.get("omitir_contratos", "0") in ("0", "", "False", "false"):
            # The date of the status is in no answer: it is only a filter.
            row["contratos"] = [{"contrato": n, "status": STATES[c["status"]], "status_id": c["status"],
                                 "motivo_status": c["reason"] and self.reasons[c["reason"]], "motivo_status_id": c["reason"],
                                 "dataCadastro": "2020-01-02", "centralSenha": SECRET} for n, c in own.items()]
        if f.get("omitir_titulos", "0") in ("0", "", "False", "false"):
            row["titulos"] = []
        if p.get("note") and f.get("exibir_observacao_cliente", "0") not in ("0", ""):
            row["observacao"] = p["note"]
        return row

    def register(self, f):
        absent = [k for k in NEEDED if not f.get(k)]
        if absent:
            return Reply({"error": f"Campo obrigatório: {', '.join(absent)}"}, 400)
        document = re.sub(r"\D", "", f.get("cpfcnpj", ""))
        if document and any(p.get("document") == document for p in self.customers.values()):
            return Reply({"error": "CPF/CNPJ já cadastrado"}, 402)
        number = 9000 + len(self.registrations)
        kept = {k: v for k, v in f.items() if k not in self.drops and k not in ("token", "app")}
        self.registrations[number] = kept
        if not self.hides_new:
            self.customers[number] = {"name": kept.get("nome", ""), "phone": kept.get("celular", ""), "document": document,
                                      "street": kept.get("logradouro", ""), "house": kept.get("numero", ""), "quarter": kept.get("bairro", ""),
                                      "city": kept.get("cidade", ""), "uf": kept.get("uf", ""), "cep": kept.get("cep", ""),
                                      "note": kept.get("observacao", ""), "since": str(day())}
        return Reply({"message": "Pré-cadastro realizado com sucesso", **({} if self.no_id else {"id": number})})

    # what a test asks

    def leads(self):
        return list(self.registrations.values())

    def leaks(self, values):
        text = json.dumps(self.leads(), ensure_ascii=False).lower()
        return [v for v in values if v.lower() in text]


if __name__ == "__main__":
    main(Sgp)
