"""The stand-ins show what README.md says of each ERP. Asked by urllib, without a connector."""
import base64
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
from nodes import Tap  # noqa: E402

import hubsoft  # noqa: E402
import ixc  # noqa: E402
import sgp  # noqa: E402
import voalle  # noqa: E402
from people import day  # noqa: E402


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def ask(erp, method, path, body=None, headers=None, form=False):
    """(status, parsed JSON or text, headers); None for a connection that ends too early."""
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    data = None if body is None else (urllib.parse.urlencode(body) if form else json.dumps(body)).encode()
    request = urllib.request.Request(erp.url + path, data, {"Content-Type": kind, **(headers or {})}, method=method)
    try:
        try:
            with OPENER.open(request, timeout=20) as r:
                status, raw, got = r.status, r.read(), r.headers
        except urllib.error.HTTPError as r:
            status, raw, got = r.code, r.read(), r.headers
    except (http.client.HTTPException, OSError):
        return None
    try:
        return status, json.loads(raw), got
    except ValueError:
        return status, raw.decode("utf-8", "replace"), got


def of_ixc(t):
    e = ixc.Ixc()
    basic = {"Authorization": "Basic " + base64.b64encode(e.token.encode()).decode()}
    listing = {**basic, "ixcsoft": "listar"}

    def rows(table, qtype, oper, query, headers=listing, **more):
        return ask(e, "POST", f"/webservice/v1/{table}", {"qtype": f"{table}.{qtype}", "oper": oper, "query": query, "page": "1",
                                                          "rp": "5", "sortname": f"{table}.id", "sortorder": "asc", **more}, headers)

    t.equal(ask(e, "GET", "/webservice/v1/cliente", {}, {})[0], 401, "IXC: a wrong token is 401")
    t.equal(ask(e, "GET", "/webservice/v1/cliente", {}, basic)[0], 404, "IXC: no header ixcsoft is 404")
    status, got, _ = rows("cliente_contrato", "id", ">=", "1")
    t.equal([status, got["total"], len(got["registros"])], [200, "12", 5], "IXC: a page, and how many there are")
    t.check(all(isinstance(v, str) for v in got["registros"][0].values()), "IXC: each value is a text")
    t.equal({r["data_cancelamento"] for r in got["registros"]}, {"0000-00-00", "1899-11-30"}, "IXC: never, in two ways")
    t.equal(rows("cliente_contrato", "status", "=", "I")[1], {"page": "1"}, "IXC: an empty answer has neither total nor registros")
    e.cancel("3", days_ago=2)
    e.cancel("4", days_ago=9)
    grid = json.dumps([{"TB": "cliente_contrato.data_cancelamento", "OP": ">=", "P": str(day(3))}])
    t.equal([r["id"] for r in rows("cliente_contrato", "status", "=", "I", grid_param=grid)[1]["registros"]], ["3"], "IXC: grid_param")
    e.undo("3")
    t.equal(rows("cliente_contrato", "id", "=", "3")[1]["registros"][0]["status"], "A", "IXC: an undone cancellation")
    wrong = rows("cliente_contrato", "nada", "=", "1")
    t.check(wrong[0] == 200 and "<div" in wrong[1], "IXC: an error is HTML with status 200")
    e.closed_tables.add("su_ticket")
    closed = rows("su_ticket", "id", "=", "1")
    t.equal([closed[0], closed[1]["type"]], [200, "error"], "IXC: a table that the token may not see: status 200")
    refused = ask(e, "POST", "/webservice/v1/contato", {"nome": "Zuleide"}, basic)
    t.check(refused[0] == 200 and refused[1]["type"] == "error" and "fone_celular" in refused[1]["message"], "IXC: what is needed")
    lead = {"nome": "Zuleide", "data_cadastro": f"{day():%d/%m/%Y}", "fone_celular": "00900000000", "obs": "vizinho", "nada": "x"}
    made = ask(e, "POST", "/webservice/v1/contato", lead, basic)[1]
    t.check(made["type"] == "success" and "nada" not in e.tables["contato"][made["id"]], "IXC: an unknown field is lost without a word")
    ask(e, "PUT", f"/webservice/v1/contato/{made['id']}", {**lead, "obs": "", "nome": "Outra"}, basic)
    ask(e, "PUT", f"/webservice/v1/contato/{made['id']}", {k: lead[k] for k in ("nome", "data_cadastro", "fone_celular")}, basic)
    t.equal([e.tables["contato"][made["id"]][k] for k in ("nome", "obs")], ["Zuleide", ""], "IXC: a partial PUT empties the rest")
    e.dependents.add(made["id"])
    held = ask(e, "DELETE", f"/webservice/v1/contato/{made['id']}", None, basic)
    t.check(held[0] == 200 and "<div" in held[1] and made["id"] in e.tables["contato"], "IXC: DELETE fails on dependents")
    e.dependents.clear()
    ask(e, "DELETE", f"/webservice/v1/contato/{made['id']}", None, basic)
    t.equal(e.leads(), [], "IXC: DELETE")
    e.addresses_ok = False
    t.check("<div" in rows("cliente", "id", "=", "1")[1], "IXC: an address that is not on the list")
    e.close()


def of_hubsoft(t):
    e, api = hubsoft.Hubsoft(), hubsoft.API
    t.equal(ask(e, "POST", "/oauth/token", {**e.client, "grant_type": "password", "password": "x"})[0], 401, "HubSoft: a wrong password")
    got = ask(e, "POST", "/oauth/token", {**e.client, "grant_type": "password"}, form=True)[1]
    t.equal(got["expires_in"], 30 * 86400, "HubSoft: a token of 30 days")
    bearer = {"Authorization": "Bearer " + got["access_token"]}
    for number in range(3):
        e.cancel(20000 + number, days_ago=number)

    def page(**q):
        q = {"pagina": 0, "itens_por_pagina": 2, **q}
        return ask(e, "GET", f"{api}/cliente/todos?{urllib.parse.urlencode(q)}", None, bearer)[1]

    t.equal(page()["paginacao"], {"primeira_pagina": 0, "ultima_pagina": 4, "pagina_atual": 0, "total_registros": 9},
            "HubSoft: without cancelado=sim the cancelled are not there; the first page is 0")
    t.equal(page(cancelado="sim", servico_status="cancelado")["paginacao"]["total_registros"], 3, "HubSoft: the cancelled")
    recent = page(cancelado="sim", servico_status="cancelado", tipo_data_cliente_servico="data_cancelamento",
                  data_inicio_cliente_servico=day(1))
    t.equal([c["servicos"][0]["motivo_cancelamento"] for c in recent["clientes"]], ["MUDANÇA DE ENDEREÇO"] * 2, "HubSoft: by date")
    t.equal(page(itens_por_pagina=501)["status"], "error", "HubSoft: 500 at most, said with status 200")
    e.hides.add(10001)
    short = page(cancelado="sim", servico_status="cancelado")
    t.check(len(short["clientes"]) < 2 and short["paginacao"]["total_registros"] == 3, "HubSoft: a page may lack what is counted")
    lead = {"cep": "29300100", "servico": {"id_servico": 10, "valor": 99.9}, "nome_razaosocial": "Iracema Conceição", "telefone": "00900000003",
            "tipo_pessoa": "pf", "bairro": "Centro", "endereco": "Rua do Sabiá", "numero": "S/N", "id_externo": "r-1"}
    t.check("numérico" in str(ask(e, "POST", f"{api}/prospecto", lead, bearer)[1]["errors"]), "HubSoft: the number is a number")
    made = ask(e, "POST", f"{api}/prospecto", {**lead, "numero": 0}, bearer)[1]["prospecto"]
    t.equal([made["nome_razaosocial"], "endereco" in made], ["IRACEMA CONCEIÇÃO", False], "HubSoft: capitals, and no address in the answer")
    found = ask(e, "GET", f"{api}/prospecto?busca=id_externo&termo_busca=r-1", None, bearer)[1]["prospectos"]
    t.equal([p["id_prospecto"] for p in found], [made["id_prospecto"]], "HubSoft: found by id_externo")
    path = f"{api}/prospecto/{made['id_prospecto']}"
    t.equal(ask(e, "DELETE", path, None, bearer)[0], 405, "HubSoft: no DELETE")
    t.equal(ask(e, "PUT", path, {"endereco": "x"}, bearer)[1]["status"], "error", "HubSoft: PUT does not take flat fields")
    ask(e, "PUT", path, {"observacao": "x", "endereco": "flat"}, bearer)
    t.equal(e.leads()[0]["_address"]["endereco"], "Rua do Sabiá", "HubSoft: beside others they are lost without a word")
    ask(e, "PUT", path, {"prospecto_endereco": {"endereco": "Outra"}}, bearer)
    t.equal(e.leads()[0]["_address"]["endereco"], "Outra", "HubSoft: nested ones are taken")
    e.expire()
    t.equal(ask(e, "GET", path, None, bearer)[0], 401, "HubSoft: an expired token is 401")
    e.close()


def of_sgp(t):
    e = sgp.Sgp()
    own = {"token": e.secret, "app": e.app}
    path = "/api/ura/clientes/"
    none, wrong = ask(e, "POST", path, {}, form=True), ask(e, "POST", path, {**own, "app": e.app.lower()}, form=True)
    t.check(none[0] == wrong[0] == 403 and none[1] != wrong[1], "SGP: 403, and the case of app matters")
    e.host_ok = False
    t.check("Host" in ask(e, "POST", path, own, form=True)[1]["detail"], "SGP: another text of 403 for the host")
    e.host_ok = True
    e.set(2003, 5, 4, days_ago=1)
    e.cancel(2004, days_ago=40)
    got = ask(e, "POST", path, {**own, "contrato_status": "5", "data_contrato_status_inicio": day(3), "data_contrato_status_fim": day()},
              form=True)[1]
    t.equal([c["contratos"][0]["contrato"] for c in got["clientes"]], [2003], "SGP: by status and date")
    t.equal(ask(e, "POST", path, {**own, "data_contrato_status_inicio": day(3)}, form=True)[0], 400, "SGP: one date alone is refused")
    got = ask(e, "POST", path, {**own, "limit": 5, "offset": 10, "omitir_titulos": "1"}, form=True)[1]
    t.equal(got["paginacao"], {"offset": 10, "limit": 5, "parcial": 2, "total": 12}, "SGP: paging")
    t.check("data" not in " ".join(got["clientes"][0]["contratos"][0]).lower().replace("datacadastro", ""), "SGP: the date of the status is not shown")
    e.logged_out = True
    page = ask(e, "POST", path, own, form=True)
    t.check(page[0] == 200 and "<form" in page[1], "SGP: the login page with status 200")
    e.logged_out = False
    t.equal(ask(e, "POST", "/api/precadastro/F", {**own, "nome": "Benvinda"}, form=True)[0], 400, "SGP: name and street are needed")
    lead = {**own, "nome": "Benvinda", "logradouro": "Rua do Sabiá", "precadastro_ativar": "0"}
    t.equal([ask(e, "POST", "/api/precadastro/F", lead, form=True)[1]["id"], len(e.leads())], [9000, 1], "SGP: a pre-registration")
    double = {**lead, "cpfcnpj": "00000000003"}
    t.equal(ask(e, "POST", "/api/precadastro/F", double, form=True)[0], 402, "SGP: 402 for a CPF that is there")
    e.fault("lost-500", method="POST", times=1)
    t.equal([ask(e, "POST", "/api/precadastro/F", lead, form=True)[0], len(e.leads())], [500, 2], "SGP: an error 500, and it is there all the same")
    e.close()


def of_voalle(t):
    e = voalle.Voalle()
    form = {**e.client, "grant_type": "client_credentials", "scope": "syngw"}
    for change, status in (({"scope": "api"}, 400), ({"client_secret": "x"}, 400), ({"syndata": "x"}, 401)):
        t.equal(ask(e.sign_in, "POST", "/connect/token", {**form, **change}, form=True)[0], status, f"Voalle: {change}")
    t.equal(ask(e.sign_in, "POST", "/connect/token", form)[0], 400, "Voalle: sign-in is a form and not JSON")
    t.equal(ask(e, "POST", "/connect/token", form, form=True)[0], 404, "Voalle: and on its own port")
    got = ask(e.sign_in, "POST", "/connect/token", form, form=True)[1]
    t.equal(got["expires_in"], 3600, "Voalle: a token of an hour")
    bearer = {"Authorization": "Bearer " + got["access_token"]}

    def page(number, size=5, **more):
        return ask(e, "POST", f"{voalle.THIRD}/contract/getpaged", {"page": number, "pageSize": size, "onlyActiveContracts": False, **more}, bearer)

    t.equal([page(1, size)[0] for size in (4, 101)], [400, 400], "Voalle: 5 to 100 a page")
    e.cancel(3001, days_ago=1)
    got = page(1)[1]["response"]
    t.equal([got["totalRecords"], got["totalPages"], [c["contractStatus"] for c in got["data"][:2]]], [12, 3, [1, 4]], "Voalle: contracts")
    e.undo(3001)
    t.check(page(1)[1]["response"]["data"][1]["cancellationDate"], "Voalle: the date stays after an undone cancellation")
    first = page(1)[1]["response"]["data"][0]["id"]
    e.zero_based = True
    t.check(page(1)[1]["response"]["data"][0]["id"] != first, "Voalle: page 0 may be the first")
    lead = {"personalData": {"name": "Adamastor"}, "address": {"codeCityId": 3201209}, "integratorData": {**e.integrator_data, "integrationCode": "1"}}
    bad = ask(e, "POST", "/external/crm/leads/create", {**lead, "integratorData": {}}, bearer)
    t.equal([bad[0], bad[1]["success"], len(bad[1]["messages"])], [200, False, 2], "Voalle: it refuses with status 200")
    good = ask(e, "POST", "/external/crm/leads/create", lead, bearer)[1]
    t.equal([good["success"], good["response"], len(e.leads())], [True, None, 1], "Voalle: a lead, and no id of it")
    sale = {"contractType": "PF", "crmCampaignCode": "1", "serviceProducts": [{"code": "F"}]}
    t.equal(ask(e, "POST", f"{voalle.THIRD}/crm/startsale", sale, bearer)[1]["success"], False, "Voalle: a negotiation needs a document")
    e.sale_needs_document = False
    number = ask(e, "POST", f"{voalle.THIRD}/crm/startsale", sale, bearer)[1]["response"]["protocolId"]
    stop = {"protocolId": number, "description": "retirado"}
    t.equal([ask(e, "POST", f"{voalle.THIRD}/crm/cancelsale", stop, bearer)[1]["success"] for _ in range(2)], [True, False],
            "Voalle: it is cancelled once")
    e.per_minute, e.served = 30, []
    t.check(429 in [page(1)[0] for _ in range(31)], "Voalle: 30 requests a minute")
    e.expire()
    e.per_minute = None
    t.equal(page(1)[0], 401, "Voalle: an expired token")
    e.close()


def faults(t):
    e = sgp.Sgp()
    own = {"token": e.secret, "app": e.app}

    def go(name, **more):
        e.heal()
        e.fault(name, **more)
        return ask(e, "POST", "/api/ura/clientes/", own, form=True)

    t.equal([go("429", seconds=7)[2]["Retry-After"], go("429-date", seconds=7)[2]["Retry-After"][-3:]], ["7", "GMT"], "fault: 429, in both forms")
    t.equal([go("status", code=503)[0], go("redirect")[0]], [503, 302], "fault: 5xx, a redirect")
    t.equal([go(name) for name in ("refuse", "cut")], [None, None], "fault: a connection that ends")
    t.check(all(go(name)[0] == 200 and "<" in go(name)[1] for name in ("html", "div")), "fault: HTML with status 200")
    t.equal([go(name)[1] for name in ("empty", "null", "array")], ["", None, []], "fault: empty answers")
    t.check(isinstance(go("half-json")[1], str), "fault: half of the JSON")
    t.check("\ufffd" in str(go("latin1")[1]), "fault: another encoding")
    began = time.monotonic()
    go("slow", seconds=1)
    t.check(time.monotonic() - began >= 1, "fault: slow")
    fault = e.fault("status", times=1)
    e.faults.remove(e.faults[0])
    t.equal([ask(e, "POST", "/api/ura/clientes/", own, form=True)[0] for _ in range(2)] + [fault.hits], [500, 200, 1], "fault: so many times")
    e.heal()
    e.fault("lost", method="POST", match="precadastro")
    lost = ask(e, "POST", "/api/precadastro/F", {**own, "nome": "Filó", "logradouro": "Rua"}, form=True)
    t.equal([lost, len(e.leads())], [None, 1], "fault: the answer is lost, and the effect is there")
    e.close()


def main():
    t = Tap()
    for part in (of_ixc, of_hubsoft, of_sgp, of_voalle, faults):
        part(t)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
