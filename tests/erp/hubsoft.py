"""A stand-in for HubSoft's integration API v1. See README.md."""
import json
import re
import secrets
import time

from people import SECRET, day, person
from stand_in import Reply, StandIn, main

API = "/api/v1/integracao"
STATES = {"servico_habilitado": "Serviço Habilitado", "cancelado": "Cancelado", "suspenso_debito": "Suspenso por Débito",
          "aguardando_instalacao": "Aguardando Instalação"}
LONG = 30 * 86400
FLAT = ("cep", "bairro", "endereco", "numero", "complemento", "referencia")


def error(message, errors=None, status=200):
    return Reply({"status": "error", "msg": message, **({"errors": errors} if errors is not None else {})}, status)


class Hubsoft(StandIn):
    """Switches: `life_s` (of a token, 30 days when not set), `hides` (clients that /todos leaves out though it counts
    them), `br_dates` (day first), `drops` (fields that a write loses), `converted` (ids of prospects that became customers),
    `keeps_external` (False: id_externo is not stored), `no_total` (no `paginacao` in the answer)."""

    def __init__(self, **more):
        self.client = {"client_id": "17", "client_secret": "segredo-de-cliente", "username": "integracao@exemplo.invalid",
                       "password": "senha-do-usuario"}
        self.life_s, self.hides, self.br_dates, self.drops = LONG, set(), False, set()
        self.converted, self.keeps_external, self.no_total = set(), True, False
        self.tokens, self.services, self.prospects, self.attendances = {}, {}, {}, {}
        self.reasons = {"3": "MUDANÇA DE ENDEREÇO", "4": "INADIMPLÊNCIA", "9": "MUDANÇA - SEM VIABILIDADE"}
        self.plans, self.kinds = {10: 99.9, 11: 129.9}, {20: "SEM ACESSO A INTERNET", 21: "MUDANÇA DE ENDEREÇO"}
        self.how = " ".join(f"{k}={v}" for k, v in self.client.items())
        for number in range(12):
            self.customer(number)
        super().__init__(**more)

    # what the provider's staff does

    def customer(self, number):
        key = 20000 + number
        self.services[key] = {"person": person(number), "state": "servico_habilitado", "reason": None, "cancelled": None,
                              "changed": str(day(30))}
        return key

    def cancel(self, service, reason="3", days_ago=0):
        self.services[service].update(state="cancelado", reason=reason, cancelled=str(day(days_ago)), changed=str(day(days_ago)))
        return service

    def undo(self, service):
        self.services[service].update(state="servico_habilitado", reason=None, cancelled=None, changed=str(day()))

    def attend(self, service, kind=21, days_ago=0):
        key = 500 + len(self.attendances)
        self.attendances[key] = {"service": service, "kind": kind, "opened": str(day(days_ago)), "deleted": None}
        return key

    def delete_attendance(self, key):
        self.attendances[key]["deleted"] = f"{day()} 12:00:00"

    # what a client sees

    def answer(self, request):
        if request.path == "/oauth/token":
            return self.token(request) if request.method == "POST" else Reply("Method Not Allowed", 405, "text/html")
        if not request.path.startswith(API):
            return Reply("<html><body>404</body></html>", 404, "text/html")
        if self.tokens.get(request.bearer(), 0) <= time.time():
            return Reply({"message": "Unauthenticated."}, 401)
        path = request.path[len(API):].rstrip("/")
        number = re.fullmatch(r"/prospecto/(\d+)", path)
        if path == "/cliente/all":
            return error("Rota desativada. Utilize /cliente/todos", status=403)
        if number and request.method in ("PUT", "PATCH"):
            return self.change(int(number[1]), request.form())
        act = {("GET", "/cliente/todos"): self.customers, ("GET", "/atendimento/todos"): self.attended,
               ("GET", "/cliente"): self.one, ("GET", "/configuracao/tipo_atendimento"): self.list_kinds, ("GET", "/prospecto"): self.find, ("GET", "/prospecto/all"): self.all_prospects,
               ("GET", "/prospecto/create"): self.offered, ("POST", "/prospecto"): self.create}.get((request.method, path))
        if act is None:
            return Reply({"message": "Not Found"}, 405 if number else 404)
        return act(request)

    def token(self, request):
        fields = request.form() or {}
        if fields.get("grant_type") != "password":
            return Reply({"error": "unsupported_grant_type", "message": "The grant type is not supported."}, 400)
        if any(str(fields.get(k, "")) != v for k, v in self.client.items() if k.startswith("client")):
            return Reply({"error": "invalid_client", "message": "Client authentication failed"}, 401)
        if any(fields.get(k) != self.client[k] for k in ("username", "password")):
            return Reply({"error": "invalid_credentials", "message": "The user credentials were incorrect."}, 401)
        value = secrets.token_urlsafe(40)
        self.tokens[value] = time.time() + self.life_s
        return Reply({"token_type": "Bearer", "expires_in": self.life_s, "access_token": value, "refresh_token": secrets.token_hex(8)})

    def expire(self):
        """Each token ends now, whatever was said when it was given."""
        self.tokens.clear()

    def date(self, text):
        return text and ("/".join(reversed(text.split("-"))) if self.br_dates else text)

    def paged(self, request, rows, name):
        q = request.query
        if not re.fullmatch(r"\d+", q.get("pagina", "")) or not re.fullmatch(r"\d+", q.get("itens_por_pagina", "")):
            return error("Favor informar os campos obrigatórios", ["pagina é obrigatório", "itens_por_pagina é obrigatório"])
        page, size = int(q["pagina"]), int(q["itens_por_pagina"])
        if not 1 <= size <= 500:
            return error("O campo itens_por_pagina deve ser entre 1 e 500")
        shown = [r for r in rows[page * size:(page + 1) * size] if r.get("id_cliente") not in self.hides]
        last = max((len(rows) - 1) // size, 0)
        return Reply({"status": "success", "msg": "Dados consultados com sucesso",
                      **({} if self.no_total else {"paginacao": {"primeira_pagina": 0, "ultima_pagina": last, "pagina_atual": page,
                                                                 "total_registros": len(rows)}}), name: shown})

    def customers(self, request):
        q = request.query
        dates = [q[k] for k in ("data_inicio", "data_fim", "data_inicio_cliente_servico", "data_fim_cliente_servico") if q.get(k)]
        if any(not re.fullmatch(r"\d{4}-\d\d-\d\d", d) for d in dates):
            return error("Data inválida, utilize o formato YYYY-MM-DD")
        states = [s for s in q.get("servico_status", "").split(",") if s]
        rows = []
        for key, s in sorted(self.services.items()):
            which = {"data_cancelamento": s["cancelled"], "data_atualizacao": s["changed"]}.get(
                q.get("tipo_data_cliente_servico"), str(day(700)))
            low, high = q.get("data_inicio_cliente_servico", ""), q.get("data_fim_cliente_servico", "") or "9"
            dated = not (low or q.get("data_fim_cliente_servico")) or (which is not None and low <= which <= high)
            shown = q.get("cancelado") == "sim" or s["state"] != "cancelado"
            wanted = q.get("motivo_cancelamento")
            if dated and shown and (not states or s["state"] in states) and (not wanted or s["reason"] in wanted.split(",")):
                rows.append(self.shape(key, s, q.get("relacoes", "")))
        return self.paged(request, rows, "clientes")

    def shape(self, key, s, relations):
        p = s["person"]
        service = {"id_cliente_servico": key, "id_servico": 10, "numero_plano": 1, "nome": "FIBRA 500", "valor": 99.9,
                   "status": STATES[s["state"]], "status_prefixo": s["state"], "login": "login", "senha": SECRET,
                   "id_motivo_cancelamento": s["reason"] and int(s["reason"]),
                   "motivo_cancelamento": s["reason"] and self.reasons[s["reason"]],
                   "data_cancelamento": self.date(s["cancelled"]), "data_habilitacao": "2020-01-02 10:00:00",
                   "data_atualizacao": self.date(s["changed"])}
        if "endereco_instalacao" in relations:
            service["endereco_instalacao"] = {"completo": f"{p['street']}, {p['house']}", "endereco": p["street"],
                                              "numero": p["house"], "bairro": p["quarter"], "cep": p["cep"],
                                              "cidade": p["city"], "ibge_cidade": p["ibge"]}
        return {"id_cliente": key - 10000, "codigo_cliente": key - 19000, "nome_razaosocial": p["name"].upper(), "tipo_pessoa": "pf",
                "cpf_cnpj": p["document"], "telefone_primario": p["phone"], "telefone_secundario": None, "email_principal": None,
                "data_cadastro": "2020-01-02 10:00:00", "servicos": [service]}

    def attended(self, request):
        q = request.query
        if not q.get("data_inicio") or not q.get("data_fim"):
            return error("Favor informar os campos obrigatórios", ["data_inicio é obrigatório", "data_fim é obrigatório"])
        wanted = [k for k in q.get("tipo_atendimento", "").replace(" ", "").split(",") if k]
        rows = []
        for key, a in self.attendances.items():
            if q["data_inicio"] <= a["opened"] <= q["data_fim"] and (not wanted or str(a["kind"]) in wanted):
                rows.append({"id_atendimento": key, "id_atendimento_status": 23, "id_tipo_atendimento": a["kind"],
                             "id_cliente_servico": a["service"], "protocolo": f"{a['opened'].replace('-', '')}{key:06}",
                             "descricao_abertura": f"{self.services[a['service']]['person']['name']} pede mudança",
                             "data_cadastro": f"{a['opened']} 08:00:00", "data_fechamento": None, "status_fechamento": None,
                             "deleted_at": a["deleted"], "status": {"id_atendimento_status": 23, "prefixo": "pendente"}})
        return self.paged(request, rows, "atendimentos")

    def list_kinds(self, _):
        return Reply({"status": "success", "msg": "Dados consultados com sucesso", "tipos_atendimento": [
            {"id_tipo_atendimento": k, "descricao": v} for k, v in self.kinds.items()]})

    def one(self, request):
        """Another route than /todos: cancelled services are left out unless asked for."""
        q = request.query
        if q.get("busca") not in ("id_cliente_servico", "codigo_cliente", "cpf_cnpj") or not q.get("termo_busca"):
            return error("Tipo de busca inválido")
        rows = [self.shape(k, s, "") for k, s in self.services.items()
                if q["termo_busca"] == str({"id_cliente_servico": k, "codigo_cliente": k - 19000}.get(q["busca"], s["person"]["document"]))
                and (q.get("cancelado") == "sim" or s["state"] != "cancelado")]
        return Reply({"status": "success", "msg": "Dados consultados com sucesso", "clientes": rows})

    def offered(self, request):
        if not request.query.get("cep"):
            return error("CEP não informado.")
        return Reply({"status": "success", "msg": "Dados consultados com sucesso", "servicos": [
            {"id_servico": i, "descricao": f"FIBRA {i}", "valor": v, "display": f"FIBRA {i} - (R$ {v:.2f})"} for i, v in self.plans.items()]})

    def create(self, request):
        f = request.form()
        if f is None:
            return error("JSON inválido", status=422)
        plan = f.get("servico") if isinstance(f.get("servico"), dict) else {}
        needed = {**{k: f.get(k) for k in ("cep", "nome_razaosocial", "telefone", "tipo_pessoa", "bairro", "endereco", "numero")},
                  "servico.id_servico": plan.get("id_servico"), "servico.valor": plan.get("valor")}
        wrong = [f"{k} é obrigatório" for k, v in needed.items() if v in (None, "")]
        if not isinstance(f.get("numero"), int) or isinstance(f.get("numero"), bool):
            wrong.append("numero deve ser numérico")
        if not re.fullmatch(r"\d{8}", str(f.get("cep", ""))) or not re.fullmatch(r"\d{10,11}", str(f.get("telefone", ""))):
            wrong.append("cep e telefone devem ser numéricos")
        if f.get("tipo_pessoa") not in ("pf", "pj") or plan.get("id_servico") not in self.plans:
            wrong.append("tipo_pessoa ou servico.id_servico inválido")
        if wrong:
            return error("Favor preencher os campos obrigatórios de acordo com as especificações", wrong)
        same = [p for p in self.prospects.values() if f.get("cpf_cnpj") and p["cpf_cnpj"] == f["cpf_cnpj"]]
        if same:
            return error(f"O CPF/CNPJ já foi cadastrado antes no prospecto {same[0]['nome_razaosocial']}")
        number = 100 + len(self.prospects)
        kept = {k: v for k, v in f.items() if k not in self.drops}
        p = {"id_prospecto": number, "nome_razaosocial": str(kept.get("nome_razaosocial", "")).upper(), "cpf_cnpj": kept.get("cpf_cnpj"),
             "telefone": kept.get("telefone"), "email": kept.get("email"), "observacao": kept.get("observacao"), "id_cliente": None,
             "tipo_pessoa": kept["tipo_pessoa"], "origem": "API", "created_at": f"{day()} 10:27:56", "updated_at": f"{day()} 10:27:56",
             "id_externo": kept.get("id_externo") if self.keeps_external else None, "id_endereco_numero": 33000 + number,
             "_address": {k: kept.get(k) for k in FLAT}, "prospecto_servico": {"id_servico": plan["id_servico"], "valor": str(plan["valor"])}}
        self.prospects[number] = p
        return Reply({"status": "success", "msg": "Prospecto adicionado com sucesso", "prospecto": self.shown(p)})

    @staticmethod
    def shown(p):
        """A search shows no address: only its number in the ERP's own table."""
        return {k: v for k, v in p.items() if not k.startswith("_")}

    def find(self, request):
        kind, text = request.query.get("busca", ""), request.query.get("termo_busca", "")
        if kind not in ("id_prospecto", "nome_razaosocial", "telefone", "origem", "email", "id_externo", "id_cliente") or not text:
            return error("Tipo de busca inválido")
        found = [self.shown(p) for p in self.prospects.values() if (text.upper() in str(p["nome_razaosocial"]) if kind == "nome_razaosocial"
                                                                    else str(p.get(kind)) == text)]
        return Reply({"status": "success", "msg": "Dados consultados com sucesso", "prospectos": found})

    def all_prospects(self, request):
        return Reply({"status": "success", "msg": "Dados consultados com sucesso", "prospectos": [self.shown(p) for p in self.prospects.values()]})

    def change(self, number, f):
        """The shape is another than that of POST: what is not in it is passed over without a word."""
        p = self.prospects.get(number)
        if p is None:
            return error("Prospecto não encontrado")
        if number in self.converted:
            return error(f"Prospecto foi convertido para o cliente: \"{p['nome_razaosocial']}\". Não é possível alterar.")
        basic = {k: v for k, v in (f or {}).items() if k in ("nome_razaosocial", "telefone", "email", "observacao", "id_externo", "tipo_pessoa")}
        address = (f or {}).get("prospecto_endereco") or {}
        if not basic and not address and not (f or {}).get("prospecto_servico"):
            return error("Nenhum campo foi enviado para atualização. Envie ao menos um campo válido para alterar o prospecto.")
        if "telefone" in basic and not re.fullmatch(r"\d{10,11}", str(basic["telefone"])):
            return error("Favor preencher os campos obrigatórios de acordo com as especificações", ["Telefone é inválido"])
        if "nome_razaosocial" in basic and not basic["nome_razaosocial"]:
            return error("Favor preencher os campos obrigatórios de acordo com as especificações", ["Nome é obrigatório"])
        p.update({k: str(v).upper() if k == "nome_razaosocial" else v for k, v in basic.items() if k not in self.drops})
        p["_address"].update({k: v for k, v in address.items() if k in FLAT and k not in self.drops})
        return Reply({"status": "success", "msg": "Prospecto atualizado com sucesso"})

    # what a test asks

    def leads(self):
        return list(self.prospects.values())

    def leaks(self, values):
        text = json.dumps(self.leads(), ensure_ascii=False).lower()
        return [v for v in values if v.lower() in text]


if __name__ == "__main__":
    main(Hubsoft)
