"""A stand-in for IXC Provedor's webservice v1: one path for each table, the operation in a header. See README.md."""
import json

from people import SECRET, day, person
from stand_in import Reply, StandIn, div, main

NEVER, NEVER_TOO = "0000-00-00", "1899-11-30"
CONTACT = """principal id_cliente nome tipo_pessoa cnpj_cpf razao id_filial id_contato_tipo id_candidato_tipo id_campanha
id_responsavel indicado_por data_cadastro data lead ativo fone_residencial fone_comercial fone_celular fone_whatsapp email
website cep endereco numero bairro complemento cidade uf referencia moradia tipo_localidade latitude longitude external_id
external_system obs alerta identificador origem_source""".split()
NEEDED = {"contato": ("nome", "data_cadastro", "fone_celular")}
FIELDS = {"contato": CONTACT}
UNKNOWN = 'Recurso {} não está disponível!'


class Ixc(StandIn):
    """Switches: `drops` (fields that a write loses without a word), `lists_total` (an empty answer says total 0),
    `dependents` (ids of contacts that cannot be deleted), `closed_tables` (what the token may not see), `addresses_ok`
    (False: the address of the client is not on the list), `forgets_filter` (grid_param is passed over),
    `page_short` (a page has this many records less than asked)."""

    def __init__(self, **more):
        self.token = "12:0f1e2d3c4b5a69788796a5b4c3d2e1f0"
        self.drops, self.dependents, self.closed_tables = set(), set(), set()
        self.lists_total, self.addresses_ok, self.forgets_filter, self.page_short = False, True, False, 0
        self.tables = {name: {} for name in ("cliente", "cliente_contrato", "su_ticket", "su_oss_chamado", "su_oss_assunto",
                                             "fn_areceber_mot_cancelamento", "contato", "cidade")}
        self.how = f"token {self.token}"
        self.seed()
        super().__init__(**more)

    # what the provider's staff does

    def put(self, table, **fields):
        rows = self.tables[table]
        number = str(max((int(i) for i in rows), default=0) + 1)
        rows[number] = {"id": number, **{k: str(v) for k, v in fields.items()}}
        return number

    def seed(self):
        for reason, churn in (("Mudança de endereço", "S"), ("Insatisfação com o serviço", "S"), ("Inadimplência", "N"),
                              ("Mudança para área sem cobertura", "S")):
            self.put("fn_areceber_mot_cancelamento", motivo=reason, ativo="S", considerar_churn=churn, finalidade="C",
                     inadimplencia="S" if reason == "Inadimplência" else "N")
        for subject in ("Sem conexão", "Mudança de endereço", "Troca de senha", "Mudança de cômodo"):
            self.put("su_oss_assunto", assunto=subject, ativo="S", contrato_obrigatorio="S")
        self.put("cidade", nome="Cachoeiro de Itapemirim", cod_ibge="3201209", uf="8")
        self.put("cidade", nome="Vitória", cod_ibge="3205309", uf="8")
        for number in range(12):
            self.customer(number)

    def customer(self, number):
        """A customer with an active contract. Both have the same id."""
        p = person(number)
        self.put("cliente", razao=p["name"], cnpj_cpf=p["document"], telefone_celular=p["phone"], fone="", ativo="S",
                 senha=SECRET, cidade="1", endereco=p["street"], numero=p["house"], bairro=p["quarter"], cep=p["cep"])
        return self.put("cliente_contrato", id_cliente=len(self.tables["cliente"]), contrato="Fibra 500", status="A",
                        status_internet="A", data_ativacao=day(700), data_cancelamento=NEVER_TOO if number % 2 else NEVER,
                        motivo_cancelamento="0", obs_cancelamento="", ultima_atualizacao=f"{day(30)} 10:00:00",
                        data_cadastro_sistema=day(700), endereco=p["street"], numero=p["house"], bairro=p["quarter"], cep=p["cep"],
                        cidade="1", id_filial="1")

    def cancel(self, contract, reason="1", days_ago=0, status="I"):
        self.tables["cliente_contrato"][contract].update(
            status=status, status_internet="D", data_cancelamento=str(day(days_ago)), motivo_cancelamento=reason,
            obs_cancelamento="", ultima_atualizacao=f"{day(days_ago)} 11:30:00")
        return contract

    def undo(self, contract):
        """`estornar_cancelamento`: the contract is active, as if nothing had been."""
        self.tables["cliente_contrato"][contract].update(status="A", status_internet="A", data_cancelamento=NEVER,
                                                         motivo_cancelamento="0", ultima_atualizacao=f"{day()} 15:00:00")

    def ticket(self, customer, subject="2", days_ago=0):
        return self.put("su_ticket", id_cliente=customer, id_contrato=customer, id_assunto=subject, titulo="Atendimento",
                        menssagem=f"Cliente pede. Falar com {person(int(customer) - 1)['name']}", status="A", su_status="N",
                        protocolo=f"{day(days_ago):%Y%m%d}{int(customer):05}", data_criacao=f"{day(days_ago)} 09:00:00",
                        ultima_atualizacao=f"{day(days_ago)} 09:00:00", prioridade="M")

    def order(self, customer, subject="2", days_ago=0):
        return self.put("su_oss_chamado", id_cliente=customer, id_contrato_kit=customer, id_assunto=subject, status="A",
                        id_ticket="", protocolo=f"{day(days_ago):%Y%m%d}{int(customer):05}", mensagem="Mudança pedida pelo cliente",
                        data_abertura=f"{day(days_ago)} 09:30:00", data_fechamento="0000-00-00 00:00:00")

    def finish(self, table, number, status="F"):
        self.tables[table][number].update(status=status, su_status="S", ultima_atualizacao=f"{day()} 16:00:00")

    # what a client sees

    def answer(self, request):
        parts = request.path.strip("/").split("/")
        if parts[:2] != ["webservice", "v1"] or len(parts) not in (3, 4):
            return Reply("<html><body><h1>404 Not Found</h1></body></html>", 404, "text/html")
        if request.basic() != self.token:
            return Reply("<html><body>Unauthorized</body></html>", 401, "text/html")
        if not self.addresses_ok:
            return div("Acesso negado para este endereço de IP.")
        table, number = parts[2], parts[3] if len(parts) == 4 else None
        if table not in self.tables or table in self.closed_tables:
            return self.said("error", UNKNOWN.format(table), "text/html; charset=UTF-8")
        fields = request.form()
        if request.headers.get("ixcsoft") == "listar" and request.method in ("GET", "POST"):
            return self.list(table, fields, number)
        act = {"POST": self.insert, "PUT": self.change, "DELETE": self.remove}.get(request.method)
        if act is None or (request.method != "POST") != bool(number):
            return Reply("<html><body><h1>404 Not Found</h1></body></html>", 404, "text/html")
        return act(table, number, fields)

    @staticmethod
    def said(kind, message, content="text/x-json", **more):
        return Reply({"type": kind, "message": message, **more}, kind=content)

    def list(self, table, fields, number):
        rows = list(self.tables[table].values())
        if number:
            fields = {"qtype": f"{table}.id", "query": number, "oper": "=", "page": "1", "rp": "1"}
        if fields is None or not {"qtype", "query", "oper"} <= set(fields):
            return div(f"SELECT * FROM {table} WHERE  LIMIT 0, 20: You have an error in your SQL syntax")
        conditions = [(fields["qtype"], fields["oper"], str(fields["query"]))]
        if fields.get("grid_param") and not self.forgets_filter:
            try:
                conditions += [(c["TB"], c["OP"], str(c["P"])) for c in json.loads(fields["grid_param"])]
            except (ValueError, KeyError, TypeError):
                return div("Erro ao aplicar os filtros (grid_param).")
        try:
            rows = [row for row in rows if all(self.holds(table, row, *c) for c in conditions)]
        except KeyError as unknown:
            return div(f"Unknown column {unknown} in 'where clause'")
        key = str(fields.get("sortname") or f"{table}.id").split(".")[-1]
        rows.sort(key=lambda row: (int(row[key]) if row.get(key, "").isdigit() else 0, row.get(key, "")),
                  reverse=fields.get("sortorder") == "desc")
        page, size = int(fields.get("page") or 1), min(int(fields.get("rp") or 20), 1000)
        shown = rows[(page - 1) * size:page * size]
        if self.page_short:
            shown = shown[:max(len(shown) - self.page_short, 0)]
        if not rows:
            return Reply({"page": str(page), "total": "0"} if self.lists_total else {"page": str(page)}, kind="text/x-json")
        return Reply({"page": str(page), "total": str(len(rows)), "registros": shown}, kind="text/x-json")

    @staticmethod
    def holds(table, row, column, operator, wanted):
        prefix, _, name = column.rpartition(".")
        if (prefix and prefix != table) or name not in row:
            raise KeyError(column)
        value = row[name]
        if operator == "BE":
            low, _, high = wanted.partition(",")
            return low.strip() <= value <= high.strip() + "~"
        if operator == "L":
            return wanted.replace("%", "").lower() in value.lower()
        if operator in ("=", "!="):
            return (value == wanted) == (operator == "=")
        a, b = (int(value), int(wanted)) if value.isdigit() and wanted.isdigit() else (value, wanted)
        return {">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b}[operator]

    def missing(self, table, fields):
        absent = [f for f in NEEDED.get(table, ()) if not (fields or {}).get(f)]
        return self.said("error", "".join(f"<div>Preencha o campo {f}!</div>" for f in absent), "text/html") if absent else None

    def insert(self, table, _, fields):
        refused = self.missing(table, fields)
        if refused:
            return refused
        number = self.put(table, **{f: "" for f in FIELDS[table]})
        self.write(table, number, fields)
        return self.said("success", "Registro inserido com sucesso!", id=number, atualiza_campos=[])

    def change(self, table, number, fields):
        if number not in self.tables[table]:
            return self.said("error", "Registro não encontrado!")
        refused = self.missing(table, fields)
        if refused:
            return refused
        self.write(table, number, {**{f: "" for f in FIELDS[table]}, **fields})
        return self.said("success", "Registro atualizado com sucesso!", id=number)

    def write(self, table, number, fields):
        """Fields that the table does not have are passed over without a word, and so is what `drops` names."""
        kept = {k: str(v) for k, v in fields.items() if k in FIELDS[table] and k not in self.drops}
        if "data_cadastro" in kept and kept["data_cadastro"][2:3] == "/":
            d, m, y = kept["data_cadastro"][:10].split("/")
            kept["data_cadastro"] = f"{y}-{m}-{d}"
        self.tables[table][number].update(kept)

    def remove(self, table, number, _):
        if number not in self.tables[table]:
            return self.said("error", "Registro não encontrado!")
        if number in self.dependents:
            return div("Não foi possível excluir: o registro possui dependências (crm_negociacoes).")
        del self.tables[table][number]
        return self.said("success", "Registro deletado com sucesso!")

    # what a test asks

    def leads(self):
        return list(self.tables["contato"].values())

    def leaks(self, values):
        """Which of the values are still somewhere in the leads."""
        text = json.dumps(self.leads(), ensure_ascii=False).lower()
        return [v for v in values if v.lower() in text]


if __name__ == "__main__":
    main(Ixc)
