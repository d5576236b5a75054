#!/usr/bin/env python3
"""test_cli.py VIZINHO-ANALYZE SAMPLE: the command as people call it."""
import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAM, SAMPLE = sys.argv[1], sys.argv[2]
KEYS = ["rows", "rejected", "by_month", "by_reason", "movers", "could_have_kept", "covered", "uncovered",
        "revenue_month_brl_cents", "columns"]
count, failed = 0, 0


def ok(condition, what):
    global count, failed
    count += 1
    failed += not condition
    print(f"{'ok' if condition else 'not ok'} {count} - {what}")


def run(*args, stdin=None, env=None):
    clean = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG")}
    return subprocess.run([PROGRAM, *args], input=stdin, capture_output=True, env={**clean, **(env or {})},
                          timeout=240, check=False)


def write(path, data):
    with open(path, "wb") as out:
        out.write(data if isinstance(data, bytes) else data.encode())
    return path


def sample_report():
    r = run("--json", "--rejects", "none", SAMPLE)
    o = json.loads(r.stdout)
    ok(r.returncode == 0 and all(k in o for k in KEYS), "the sample gives JSON with its keys")
    ok(o["rows"] == o["rejected"] + o["not_cancelled"] + o["cancellations"], "rows add up")
    ok(sum(o["by_reason"].values()) == o["cancellations"], "reasons add up")
    ok(sum(m["total"] for m in o["by_month"]) + o["undated"] == o["cancellations"], "months add up")
    ok(o["could_have_kept"] + o["covered"] + o["uncovered"] + o["own_municipality"]
       == o["movers"]["with_destination"], "destinations add up")
    ok(o["own_municipality"] > 0 and o["uncovered"] == sum(m["uncovered"] for m in o["by_municipality"]),
       "a municipality with customers is not uncovered while own coverage is unknown")
    text = run("--rejects", "none", "--lang", "pt", SAMPLE).stdout.decode()
    ok(f"  {o['uncovered']} foram para" in text.replace(".", ""), "the text says the same")
    table = run("--csv", "--rejects", "none", SAMPLE).stdout.decode().split("\n")
    ok(f"uncovered;;;{o['uncovered']};" in table, "and so does CSV")
    ok(0 <= o["revenue_month_brl_cents"]["low"] <= o["revenue_month_brl_cents"]["high"], "a range")
    with open(SAMPLE, "rb") as source:
        piped = run("--json", "-", stdin=source.read())
    p = json.loads(piped.stdout)
    for key in ("files", "rejects_file"):
        o.pop(key), p.pop(key)
    ok(o == p, "a pipe gives the same")


def languages():
    for env, args, word in (({"LC_ALL": "pt_BR.UTF-8"}, (), "Por motivo"), ({"LANG": "pt_PT"}, (), "Por motivo"),
                            ({"LC_ALL": "C", "LANG": "pt_BR"}, (), "By reason"), ({}, (), "By reason"),
                            ({"LC_ALL": "en_US"}, ("--lang", "pt-BR"), "Por motivo")):
        out = run("--rejects", "none", *args, SAMPLE, env=env).stdout.decode()
        ok(word in out, f"{env} {args} speaks: {word}")


def broken(work):
    path = write(os.path.join(work, "quebrado.csv"),
                 b"id;nome;data_cancelamento;motivo;valor;cep_novo;cidade_novo;uf_novo\r\n"
                 b"1;CANARIO;15/03/2025;Mudan\xe7a;99,90;29700-123;Colatina;ES\r\n"
                 b"2;CANARIO;31/02/2025;x;1;;;\r\n"
                 b"3;CANARIO;15/03/2025;pre\xe7o;a combinar;;;\r\n"
                 b"4;CANARIO;15/03/2025;mudou;1,00;123;;\r\n"
                 b"5;CANARIO;15/03/2025;mudou;1,00;;Xyz;ES\r\n"
                 b"6;CANARIO;15/03/2025;a;b;c;d;e;f;g;h\r\n"
                 b"7;CANARIO\r\n"
                 b"8;\"CANARIO never closed;15/03/2025;x;1;;;\r\n"
                 b"9;CANARIO;01/01/2099;x;1;;;\r\n"
                 b"10;CANARIO;15/03/2025;\xd3bito;89,90;;;\r\n")
    r = run("--json", path)
    o = json.loads(r.stdout)
    ok(r.returncode == 0 and o["rows"] == 10 and o["rejected"] == 5 and o["rejected_values"] == 3,
       "a broken file is read as far as it goes")
    with open(path + ".rejects.csv", encoding="utf-8") as source:
        rejects = source.read()
    want = ["quebrado.csv;3;data_cancelamento;not-a-date;row", "quebrado.csv;4;valor;not-an-amount;value",
            "quebrado.csv;5;cep_novo;not-a-cep;value", "quebrado.csv;6;cidade_novo;no-such-municipality;value",
            "quebrado.csv;7;;too-many-columns;row", "quebrado.csv;8;;too-few-columns;row",
            "quebrado.csv;9;;row-too-long-or-quote-never-closed;row",
            "quebrado.csv;10;data_cancelamento;date-in-the-future;row"]
    ok(rejects.splitlines()[1:] == want, "the rejects file has line, column, reason")
    outputs = [rejects.encode(), r.stdout, r.stderr]
    page = os.path.join(work, "page.html")
    for args in ((), ("--csv",), ("--lang", "pt"), ("--html", page)):
        one = run(*args, path)
        outputs += [one.stdout, one.stderr]
    with open(page, "rb") as source:
        outputs.append(source.read())
    ok(not any(b"CANARIO" in text or b"Xyz" in text or b"combinar" in text for text in outputs),
       "no value of the file in any output")


def unusable(work):
    cases = (("vazio.csv", b"", b"is empty"), ("a.xlsx", b"PK\x03\x04abc", b"damaged"), ("b.xls", b"\xd0\xcf\x11\xe0", b"Excel"),
             ("u.csv", "data;motivo\n".encode("utf-16") + b"\x00\xd8a\x00", b"u.csv: 2: the text in UTF-16"),
             ("e.xls", b"<html><body>Entrar</body></html>", b"page without a table"), ("n.bin", b"a\0b", b"not a text"),
             ("c.csv", b"foo;bar\n1;2\n", b"data_cancelamento"), ("d.csv", b"data;motivo\n", b"no row"))
    for name, data, word in cases:
        r = run(write(os.path.join(work, name), data))
        ok(r.returncode == 1 and word in r.stderr and not r.stdout, f"{name}: says what is wrong")
    r = run(os.path.join(work, "none.csv"))
    ok(r.returncode == 1 and b"No such file" in r.stderr, "no such file")
    ok(run(work).returncode == 1, "a directory")
    good = write(os.path.join(work, "good.csv"), b"data;motivo\n01/02/2025;mudou\n")
    r = run("--json", os.path.join(work, "vazio.csv"), good)
    ok(r.returncode == 1 and json.loads(r.stdout)["rows"] == 1, "one bad file stops nothing")
    ok(b"vazio.csv" in r.stderr, "and is named beside the report")
    r = run("--json", os.path.join(work, "vazio.csv"), os.path.join(work, "none.csv"))
    error = json.loads(r.stdout)["error"]
    ok(r.returncode == 1 and r.stderr == b"" and error["code"] == "input" and "vazio.csv" in error["message"] and
       "No such file" in error["message"], "with --json the errors are one object")
    ok(not os.path.exists(good + ".rejects.csv"), "no rejects, no file")
    r = run("--map", "date=nope", good)
    ok(r.returncode == 1 and b"nope" in r.stderr, "--map to a column that is not there")
    for args in ((), ("--nope", good), ("--map", "x", good), ("--partner", "nofile", good), ("--json", "--csv", good),
                 ("--html",)):
        ok(run(*args).returncode == 2, f"usage: {args[:1]}")
    ok(run("--html", "/nonexistent/x.html", good).returncode == 1, "a page that cannot be written")
    r = run("--coverage", os.path.join(work, "nope.kml"), good)
    ok(r.returncode == 1 and b"nope.kml" in r.stderr, "coverage that cannot be read")


def coverage(work):
    own = write(os.path.join(work, "own.csv"), "cep_inicio;cep_fim\n29900000;29905999\n")
    north = write(os.path.join(work, "north.csv"), "municipio;uf\nColatina;ES\n")
    data = write(os.path.join(work, "m.csv"), "data;motivo;cep_novo;cidade_novo;uf_novo\n"
                 "01/02/2025;mudou;29900-123;;\n01/02/2025;mudou;29918-500;;\n"
                 "01/02/2025;mudou;;Colatina;ES\n01/02/2025;mudou;;Serra;ES\n01/02/2025;mudou;;;\n")
    o = json.loads(run("--json", "--coverage", own, "--partner", "Norte=" + north, data).stdout)
    ok((o["could_have_kept"], o["covered"], o["uncovered"]) == (1, 1, 2), "kept, covered, uncovered")
    ok(o["could_have_kept_by"]["postcode"] == 1 and o["partners"][0]["movers"] == 1
       and o["partners"][0]["name"] == "Norte", "how sure, and by whom")
    text = write(os.path.join(work, "t.csv"), "data;motivo;destino\n01/02/2025;mudou;Linhares/ES\n"
                 "01/02/2025;mudou;-19.391123, -40.068123\n01/02/2025;mudou;29900-123\n"
                 "01/02/2025;mudou;https://www.google.com/maps/@-19.391123,-40.068123,17z\n")
    o = json.loads(run("--json", text).stdout)
    ok(o["movers"]["with_destination"] == 4 and o["by_municipality"][0]["ibge"] == 3203205
       and len(o["by_municipality"]) == 1, "a column of towns, coordinates, postcodes and links")


def words(work):
    """The singular is used for one, a name does not touch its bar, and the report claims only what is known."""
    path = write(os.path.join(work, "w.csv"), "data;motivo;valor;cidade_novo;uf_novo\n"
                 "31/02/2025;mudou;99,90;;\n" + "01/06/2025;mudou;99,90;Colatina;ES\n" * 5
                 + "01/06/2025;mudou;99,90;São José do Vale do Rio Preto;RJ\n")
    out = run("--lang", "pt", "--rejects", "none", "--today", "2025-06-20", path).stdout.decode()
    ok("1 linha rejeitada, 0 valores" in out and "1 rejeitada\n" in out and "não é uma data" in out,
       "one row rejected, in Portuguese")
    ok("Rio Preto/RJ ▏" not in out and "Rio Preto/RJ █" in out, "a long name keeps off its bar")
    ok("não atendemos" not in out and "Zona sem vizinho" not in out and "em 90 dias" in out,
       "without own coverage nobody says that we do not serve a place")
    ok("R$\u00a099,90" in out, "an amount stays on one line")
    old = run("--lang", "pt", "--rejects", "none", "--today", "2025-12-01", path).stdout.decode()
    ok("em 90 dias" not in old and "entre 03/2025 e 06/2025" in old, "an old file says its months")
    own = write(os.path.join(work, "own2.csv"), "cep_inicio;cep_fim\n29900000;29905999\n")
    out = run("--lang", "pt", "--rejects", "none", "--coverage", own, path).stdout.decode()
    ok("Nenhum de 6 mudou" in out and ": ." not in out, "no dangling end of a sentence")
    ok("não atendemos" in " ".join(out.split()) and "Zona sem vizinho" in out, "with it, it is said")
    one = write(os.path.join(work, "one.csv"), "data;motivo\n01/06/2025;mudou\n")
    out = run("--lang", "pt", one).stdout.decode()
    ok("  1 cancelamento, de" in out and ", 1 linha, 0 rejeitadas" in out and "1 se mudou;" in out,
       "one of everything")


def how_sure_on_the_page(work):
    north = write(os.path.join(work, "n.csv"), "cep_inicio;cep_fim\n29700000;29719999\n")
    for few, want in ((6, "6 pelo CEP da rua, 7 pelo município"), (2, ">pelo CEP da rua, pelo município")):
        path = write(os.path.join(work, "h.csv"), "data;motivo;cep_novo\n" + "01/06/2025;mudou;29700-123\n" * few
                     + "01/06/2025;mudou;29700-000\n" * 7)
        page = os.path.join(work, "how.html")
        run("--lang", "pt", "--rejects", "none", "--html", page, "--partner", "Norte=" + north, path)
        with open(page, encoding="utf-8") as source:
            ok(want in source.read(), f"the page shows how sure a partner's count is: {want}")


def help_and_faults(work):
    good = write(os.path.join(work, "today.csv"), b"data;motivo\n01/02/2025;mudou\n")
    for args in (("--help", "--lang", "pt-BR"), ("--lang=pt", "--help"), (good, "--lang", "pt", "-h")):
        r = run(*args)
        ok(r.returncode == 0 and b"ponto_destino" in r.stdout and b"PAPEL" in r.stdout, f"help: {args}")
    r = run("--help", env={"LANG": "en_US"})
    ok(all(w in r.stdout.decode() for w in ("dest_point", "number", "status", "document", "ROLE")), "all roles")
    for args, word in ((("--lang", "pt"), "espera uma data"), ((), "expects a date")):
        r = run("--today", "32/13/2025", good, *args)
        ok(r.returncode == 2 and word in r.stderr.decode(), f"--today: {word}")


def points(work):
    data = write(os.path.join(work, "p.csv"), "data;motivo;cep_novo\n01/02/2025;mudou;29900-155\n")
    absent = os.path.join(work, "absent.bin")
    r = run("--json", data, env={"VIZINHO_CEP_POINTS": absent})
    ok(r.returncode == 0 and absent.encode() in r.stderr, "points that are not there are missed aloud")
    damaged = write(os.path.join(work, "damaged.bin"), b"x" * 100)
    r = run("--json", data, env={"VIZINHO_CEP_POINTS": damaged})
    ok(r.returncode == 0 and b"damaged" in r.stderr, "and so are damaged ones")


def dates(work):
    head = "data_cancelamento;motivo_cancelamento\n"
    mixed = write(os.path.join(work, "misto.csv"), head + "03/25/2024;mudou\n25/03/2024;mudou\n03/11/2024;mudou\n")
    r = run("--lang", "pt-BR", "--rejects", "none", mixed)
    ok(r.returncode == 1 and "misto.csv: a coluna \"data_cancelamento\"" in r.stderr.decode() and
       "(linha 3)" in r.stderr.decode() and "--dates dia ou --dates mes" in r.stderr.decode(), "mixed dates: a question")
    r = run("--json", "--rejects", "none", "--dates", "month", mixed)
    o = json.loads(r.stdout)
    ok(o["files"][0]["dates"] == "month-first" and [m["month"] for m in o["by_month"]] == ["2024-03"] and
       o["rejected"] == 1, "and --dates answers it")
    ok(run("--dates", "ano", mixed).returncode == 2, "--dates takes two words")
    r = run("--rejects", "none", write(os.path.join(work, "mes.csv"), head + "03/25/2024;mudou\n"))
    ok(b"mes.csv: dates are read with the month first" in r.stdout.replace(b"\n ", b""), "the report says so")
    r = run("--rejects", "none", write(os.path.join(work, "dia.csv"), head + "03/04/2024;mudou\n"))
    ok(b"--dates month" in r.stdout, "and that nothing shows it")


def tables(work):
    page = ("<html><table><tr><th>Data de cancelamento</th><th>Motivo</th><th>Cidade nova</th></tr>"
            "<tr><td>10/02/2024</td><td>Mudan&ccedil;a de endere&ccedil;o</td><td>Linhares/ES</td></tr></table></html>")
    o = json.loads(run("--json", "--rejects", "none", write(os.path.join(work, "erp.xls"), page)).stdout)
    ok(o["movers"]["with_destination"] == 1 and o["files"][0]["encoding"] == "html", "the page that an ERP calls .xls")
    text = "data;motivo\r\n10/02/2024;Mudança\r\n".encode("utf-16")
    o = json.loads(run("--json", "-", stdin=text).stdout)
    ok(o["movers"]["total"] == 1 and o["files"][0]["encoding"] == "utf-16", "UTF-16, through a pipe")
    plant = write(os.path.join(work, "p.csv"), "lat,lon,raio\n-19.39,-40.07,100\n0,0,100\n")
    good = write(os.path.join(work, "g.csv"), "data;motivo\n10/02/2024;mudou\n")
    r = run("--rejects", "none", "--coverage", plant, good)
    ok(r.returncode == 0 and b"left out: p.csv:3:1: 0.000000, 0.000000 is no place" in r.stderr,
       "a part of a coverage that cannot be used is named")


def as_exported(work):
    """What an operator meets with the first export."""
    text = ("Plano;Data de Ativação;Data Saída Cliente;Motivo\n"
            "A;10/02/2019;10/02/2026;Mudança\nA;11/02/2020;11/02/2026;Mudança\n")
    o = json.loads(run("--json", "--rejects", "none", write(os.path.join(work, "a.csv"), text)).stdout)
    ok(o["undated"] == 2 and o["columns"]["since"]["name"] == "Data de Ativação",
       "an activation is no cancellation")
    few = "data_cancelamento;motivo;situacao;plano\n" + "10/02/2026;Mudança;Cancelado;A\n" * 9
    for n, lang, word in ((3, "en", "--base CUSTOMERS gives the churn"), (3, "pt-BR", "--base CLIENTES dá o churn"),
                          (9, "en", "Of 18 contracts in the file 50 %"), (9, "pt-BR", "Dos 18 contratos do arquivo")):
        path = write(os.path.join(work, "few.csv"), few + ";;Ativo;A\n" * n)
        told = " ".join(run("--rejects", "none", "--lang", lang, path).stdout.decode().split())
        ok(word in told and ("75 %" in told) is False, f"{lang}: {n} in force beside 9 cancellations")
    o = json.loads(run("--json", "--rejects", "none", "--addresses", write(
        os.path.join(work, "to.csv"), "data;cidade;uf;cidade_novo\n10/02/2026;Linhares;ES;Ilhéus\n")).stdout)
    ok([m["name"] for m in o["by_municipality"]] == ["Ilhéus"] and o["columns"].get("dest_uf") is None,
       "the state that was left is not the destination's")
    o = json.loads(run("--json", "--rejects", "none", write(
        os.path.join(work, "to.csv"), "data_cancelamento;motivo;cep_novo;servico_status\n"
        "10/02/2026;Mudança;99999-999;Cancelado\n10/02/2026;Mudança;29700-010;Serviço Habilitado\n")).stdout)
    ok((o["movers"]["total"], o["movers"]["with_destination"], o["in_force"], o["rejected_values"]) == (1, 0, 1, 0),
       f"a postcode of nines is none, and the service's status counts {o['movers']} {o['in_force']}")
    other = write(os.path.join(work, "other.csv"),
                  "Cod;Nome;Maria Silva;Dt. Saida Efetiva;Classificacao da baixa;Historico Atendimento;"
                  "Observações do Novo Endereço;v_status\n1;Ana;x;10/02/2026;Mudou;foi;Colatina;Ativo\n"
                  "2;Rui;x;11/02/2026;Preço;caro;;Encerrado\n")
    r = run("--rejects", "none", other)
    ok(r.returncode == 1 and b'"date=Dt. Saida Efetiva,reason=Classificacao da baixa,detail=Historico Atendimento,'
       b'dest_text=Observa\xc3\xa7\xc3\xb5es do Novo Endere\xc3\xa7o,status=v_status"' in r.stderr,
       f"an unknown header is met with a proposal {r.stderr}")
    ok(b"Maria" not in r.stderr, "that names no person")
    r = run("--rejects", "none", "--map", "date=4,reason=5", other)
    ok(b'"detail=Historico Atendimento,' in b" ".join(r.stdout.split()) and b"Maria" not in r.stdout
       and b"column 3" in r.stdout, "and after it with what is still missing")
    r = run("--rejects", "none", "--map", "date=1,reason=3",
            write(os.path.join(work, "bare.csv"), "10/02/2026;Obs Rua 3;mudou;Nota\n11/02/2026;x;mudou;y\n"))
    ok(r.returncode == 0 and b"2 rows" in r.stdout and b"Rua" not in r.stdout and b"Nota" not in r.stdout,
       "a first row of data names no column")
    for value in ("1.200", "0", "many"):
        r = run("--base", value, other)
        ok(r.returncode == 2 and b"not \"%s\"" % value.encode() in r.stderr, f"--base {value} is told")
    moves = write(os.path.join(work, "m.csv"), "data;motivo;cidade_novo\n" + "10/02/2026;Mudança;Linhares/ES\n" * 6
                  + "10/02/2026;Preço;\n" * 4)
    r = run("--rejects", "none", "--anatel", os.path.join(work, "none.csv"), moves)
    ok(r.returncode == 1 and b"none.csv: cannot be read: No such file" in r.stderr, "a missing file of Anatel is told")
    for option in ("--html", "--rejects"):
        r = run(option, moves, moves)
        with open(moves, encoding="utf-8") as kept:
            ok(r.returncode == 2 and b"would be overwritten" in r.stderr and "Linhares" in kept.read(),
               f"{option} does not overwrite what is read")
    html = os.path.join(work, "u.html")
    run("--rejects", "none", "--html", html, moves)
    with open(html, encoding="utf-8") as page:
        ok("the month is not divided" in page.read(), "a bar without its part of moves is explained")
    write(moves, "<table><tr><td>data</td><td>motivo</td></tr>" + "<tr><td>10/02/2026</td><td>Mudança</td></tr>" * 6
          + "</table>")
    run("--rejects", "none", "--html", html, moves)
    with open(html, encoding="utf-8") as page:
        text = page.read()
        ok("m.csv: html, 6 rows" in text and "not divided" not in text, "a page has no delimiter")


def of_nothing(work):
    """No share of nobody: "30 % of the 0"."""
    head = "data_cancelamento;motivo;cep_novo\n"
    tables = {"nobody moved": head + "10/02/2026;Preço;\n",
              "no destination": head + "10/02/2026;Mudança;\n",
              "all elsewhere": head + "10/02/2026;Mudança;29700-010\n",
              "no cancellation": "data_cancelamento;motivo;cep_novo;status\n;Preço;;Ativo\n"}
    plant = write(os.path.join(work, "own.csv"), "cep\n01310-100\n")
    for what, table in tables.items():
        path, page = write(os.path.join(work, "few.csv"), table), os.path.join(work, "few.html")
        for lang in ("pt", "en"):
            for own in ([], ["--coverage", plant]):
                r = run("--rejects", "none", "--lang", lang, "--html", page, *own, path)
                with open(page, encoding="utf-8") as made:
                    told = re.sub(r"<[^>]*>|\s+", " ", r.stdout.decode() + made.read()).replace("\xa0", " ")
                wrong = re.findall(r".{30}% (?:dos|das|de|of the|of) 0\b.{20}|\(100 %\) of 0.{20}", told)
                ok(r.returncode == 0 and not wrong, f"{what}: {lang} {own[:1]} {wrong} {r.stderr}")
    r = run("--rejects", "none", "--lang", "en", write(os.path.join(work, "few.csv"), tables["no cancellation"]))
    ok(b"0 %" not in r.stdout, f"without cancellations no reason has a share {r.stdout.decode()}")


def wrong_options(work):
    path = write(os.path.join(work, "c.csv"), "data_cancelamento;motivo\n10/02/2026;Preço\n")
    for args, pt, en in ((["--adresses"], "Seria --addresses?", "Did you mean --addresses?"),
                         (["--qwertz"], "Não há a opção --qwertz", "There is no option --qwertz"),
                         (["-x"], "Não há a opção -x", "There is no option -x"),
                         (["--map"], "--map precisa de um valor", "--map needs a value"),
                         (["--partner", "X"], "NOME=ARQUIVO", "NAME=FILE"), ([], "Falta ARQUIVO", "FILE is missing")):
        for lang, told in (("pt", pt), ("en", en)):
            r = run("--lang", lang, *([path] if args else []), *args)
            ok(r.returncode == 2 and told in r.stderr.decode().split("\n")[0] and r.stdout == b"",
               f"{args} ({lang}) {r.stderr}")
    binary, empty = write(os.path.join(work, "b"), bytes(range(256)) * 8), write(os.path.join(work, "e"), "")
    for file, pt, en in ((work, "É um diretório", "Is a directory"), (empty, "está vazio", "is empty"),
                         (binary, "não é um arquivo de texto", "not a text file"),
                         (work + "/none", "inexistente", "No such file"), (path, "acessos da Anatel", "Anatel's file")):
        for lang, told in (("pt", pt), ("en", en)):
            r = run("--lang", lang, "--rejects", "none", "--anatel", file, path)
            ok(r.returncode == 1 and told in r.stderr.decode(), f"--anatel {os.path.basename(file)} ({lang}) {r.stderr}")


def main():
    with tempfile.TemporaryDirectory(prefix="viz-test-") as work:
        sample_report()
        languages()
        broken(work)
        unusable(work)
        dates(work)
        tables(work)
        as_exported(work)
        coverage(work)
        points(work)
        words(work)
        help_and_faults(work)
        how_sure_on_the_page(work)
        of_nothing(work)
        wrong_options(work)
    print(f"1..{count}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
