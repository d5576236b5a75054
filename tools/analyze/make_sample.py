#!/usr/bin/env python3
"""make_sample.py [--rows N] [--seed S] [--bench] OUT: an export of cancellations that nobody made.

A provider in the north of Espírito Santo that does not exist, with customers that do not exist
("Cliente 00123"): the reasons, towns, dates and the dirt are those of real exports. The same seed
gives the same bytes. Without --bench: as an ERP writes it (Windows-1252, CRLF, quotes, titles above
the header). With --bench: short rows in UTF-8, for measuring.
"""
import argparse
import random

ORIGINS = [("Linhares", "ES", "29900", 62), ("Sooretama", "ES", "29927", 12),
           ("Rio Bananal", "ES", "29920", 9), ("Aracruz", "ES", "29190", 17)]
# town, state, CEP prefix, whether CEPs are by street, weight
DESTINATIONS = [
    ("Linhares", "ES", "299", True, 26), ("Aracruz", "ES", "29190", True, 9),
    ("São Mateus", "ES", "29930", True, 11), ("Colatina", "ES", "29700", True, 10),
    ("Serra", "ES", "29160", True, 12), ("Vitória", "ES", "29040", True, 8),
    ("Vila Velha", "ES", "29100", True, 7), ("Cariacica", "ES", "29140", True, 3),
    ("Sooretama", "ES", "29927", False, 4), ("Jaguaré", "ES", "29950", False, 4),
    ("Nova Venécia", "ES", "29830", False, 4), ("Teixeira de Freitas", "BA", "45985", True, 5),
    ("Governador Valadares", "MG", "35010", True, 2), ("Rio Bananal", "ES", "29920", False, 3),
    ("São Paulo", "SP", "01310", True, 2), ("Porto Seguro", "BA", "45810", False, 2),
    ("Bom Jesus do Norte", "ES", "29460", False, 1), ("Marilândia", "ES", "29725", False, 1),
]
REASONS = [
    ("Mudança de endereço", 24), ("MUDANCA DE ENDERECO S/ VIABILIDADE", 5),
    ("Mudou de cidade", 4), ("Preço", 6), ("Dificuldade financeira", 6), ("Concorrência", 8),
    ("Insatisfação com o serviço", 5), ("Problemas técnicos", 4), ("Inadimplência", 15),
    ("Óbito do titular", 1), ("Encerramento da empresa", 2), ("Outros", 7),
    ("A pedido do cliente", 10), ("", 5), ("Mudança de titularidade", 2), ("Não utiliza mais", 2),
]
NOTES = {
    "Outros": ["cli mudou p/ outra cidade", "achou caro", "foi p/ claro", "", "", "nao informou",
               "internet lenta, cansou", "vai morar com a mae", "viagem"],
    "A pedido do cliente": ["", "", "", "mudou de casa", "vai para outro provedor", "ligou pedindo"],
    "Mudança de endereço": ["", "", "", "sem viabilidade no novo endereço", "mudou p/ Colatina",
                            "vai para São Mateus, pediu \"urgente\"", "entregou o imóvel",
                            "mudou para Serra/ES", "nao quis dizer para onde"],
    "Concorrência": ["", "vivo", "plano melhor na concorrente", "starlink"],
    "Inadimplência": ["", "", "3 faturas em aberto", "> 90 dias"],
}
PRICES = ["79,90", "89,90", "99,90", "99,90", "109,90", "119,90", "149,90", "199,90"]


def pick(rng, table):
    return rng.choices(table, weights=[row[-1] for row in table])[0]


def cep(rng, prefix, street, plain):
    if not street:
        return prefix + "000" if plain else prefix + "-000"
    text = prefix.ljust(5, "0")[:5] if len(prefix) == 5 else prefix + "%02d" % rng.choice([0, 1, 2, 3, 5])
    tail = "%03d" % rng.randrange(10, 800)
    return text + tail if plain or rng.random() < 0.3 else text + "-" + tail


def day(rng, style):
    month = rng.choices(range(18), weights=[10 + m % 12 for m in range(18)])[0] + 6
    y, m, d = 2024 + month // 12, month % 12 + 1, rng.randrange(1, 29)
    return f"{d:02d}/{m:02d}/{y}" if style else f"{y}-{m:02d}-{d:02d}"


def mover(rng, reason, note):
    return "udan" in reason and "titular" not in reason or "MUDANCA" in reason or "Mudou" in reason \
        or "mudou" in note or "morar" in note


def destination(rng, reason, note, share, plain):
    if not mover(rng, reason, note) or rng.random() > share:
        return "", "", "", ""
    town, uf, prefix, street, _ = pick(rng, DESTINATIONS)
    number = rng.choice(["S/N", "SN", "0", "", str(rng.randrange(1, 2400)), str(rng.randrange(1, 900))])
    text = cep(rng, prefix, street, plain)
    if not plain:
        dirt = rng.random()
        if dirt < 0.06:
            text = ""
        elif dirt < 0.10:
            town = town.upper()
        elif dirt < 0.14:
            town, uf = f"{town}/{uf}", ""
        elif dirt < 0.16:
            uf = {"ES": "Espírito Santo", "BA": "Bahia", "MG": "31", "SP": "São Paulo"}[uf]
        elif dirt < 0.17:
            text = "99999-999"
        elif dirt < 0.18:
            town = "Linhraes"
            text = ""
    return text, town, uf, number


def export_row(rng, i):
    reason, _ = pick(rng, REASONS)
    note = rng.choice(NOTES.get(reason, [""]))
    city, uf, prefix, _ = pick(rng, ORIGINS)
    new_cep, new_city, new_uf, number = destination(rng, reason, note, 0.34, False)
    date = day(rng, rng.random() < 0.995)
    dirt = rng.random()
    if dirt < 0.004:
        date = "31/02/2025"
    elif dirt < 0.007:
        date = "0000-00-00"
    price = rng.choice(PRICES)
    price = rng.choice(["R$ " + price, price, price]) if rng.random() > 0.01 else "a combinar"
    if '"' in note:
        note = '"' + note.replace('"', '""') + '"'
    elif rng.random() < 0.02 and note:
        note = f'"{note}\r\nprotocolo {rng.randrange(10**6)}"'
    fields = [str(10000 + i), f"Cliente {i:05d}", date, reason, note, price,
              f"{prefix}-{rng.randrange(1, 900):03d}", city, uf, new_cep, number, new_city, new_uf]
    if rng.random() < 0.002:
        fields = fields[:5]
    return ";".join(fields)


def export(rng, rows, out):
    head = ["id_contrato", "cliente", "data_cancelamento", "motivo_cancelamento", "obs_cancelamento",
            "valor_mensalidade", "cep", "cidade", "uf", "cep_novo", "numero_novo", "cidade_novo", "uf_novo"]
    lines = ["Relatório de contratos cancelados;;;;;;;;;;;;", ";".join(head)]
    lines += [export_row(rng, i) for i in range(1, rows + 1)]
    lines.append("Total: %d" % rows)
    out.write(("\r\n".join(lines) + "\r\n").encode("cp1252"))


def bench(rng, rows, out):
    """About 66 bytes a row; one in six has a text that occurs once only."""
    out.write("id_contrato;data_cancelamento;motivo;valor;cep;uf;cep_novo;cidade_novo;uf_novo\n".encode())
    for start in range(0, rows, 100000):
        block = []
        for i in range(start, min(start + 100000, rows)):
            reason = rng.choices(REASONS, weights=WEIGHTS)[0][0]
            new_cep, town, uf = "", "", ""
            if "udan" in reason or "MUDANCA" in reason or "Mudou" in reason:
                town, uf, prefix, street, _ = rng.choices(DESTINATIONS, weights=TOWN_WEIGHTS)[0]
                new_cep = (prefix + "00000")[:5] + "-" + ("%03d" % (i * 7 % 900) if street else "000")
            if i % 6 == 0:
                reason = f"{reason or 'cliente ligou'} prot {i} atendente"
            month = i * 13 % 18 + 6
            block.append(f"{10000 + i};{i % 28 + 1:02d}/{month % 12 + 1:02d}/{2024 + month // 12};{reason};"
                         f"{PRICES[i % 8]};29900-{i % 900:03d};ES;{new_cep};{town};{uf}\n")
        out.write("".join(block).encode())


WEIGHTS = [w for _, w in REASONS]
TOWN_WEIGHTS = [d[-1] for d in DESTINATIONS]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=20250801)
    parser.add_argument("--bench", action="store_true")
    parser.add_argument("out")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with open(options.out, "wb") as out:
        (bench if options.bench else export)(rng, options.rows, out)


if __name__ == "__main__":
    main()
