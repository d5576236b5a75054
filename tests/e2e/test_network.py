#!/usr/bin/env python3
"""The analysis on the machine of a node uses the coverage of the node and its partners, when it may."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nodes import Refused, Tap  # noqa: E402
import story  # noqa: E402

ROWS = """data_cancelamento;motivo;cep_destino;cidade_destino;uf_destino
2025-03-01;mudança de endereço;29300-100;Cachoeiro de Itapemirim;ES
2025-03-02;mudança de endereço;29010-120;Vitória;ES
2025-03-03;mudança de endereço;29300-200;Cachoeiro de Itapemirim;ES
"""

VITORIA = 3205309

tap = Tap()


def analysis(node, path, *more):
    code, out, err = node.run("analyze", path, "--today", "2025-06-01", "--rejects", "none", *more,
                              json_out=True)
    tap.check(code == 0 and err == "", f"the analysis runs ({' '.join(more) or 'plain'}): {err}")
    return json.loads(out)


with story.cluster(partners=2) as c:
    c[0].cover([VITORIA], [(29000000, 29099999)], name="casa")
    path = os.path.join(c[0].dir, "cancelamentos.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write(ROWS)
    members = c[0].ctl("coverage.export")["members"]
    tap.equal([m["self"] for m in members].count(True), 1, "oneself is in the export")
    tap.equal({m["name"] for m in members}, {n.name for n in c}, "and every partner")
    tap.equal([m["id"] for m in c[0].ctl("coverage.export", cursor=members[0]["id"])["members"]],
              [m["id"] for m in members[1:]], "it goes on behind an id")
    try:
        c[0].ctl("coverage.export", cursor="viz1nonsense")
        tap.check(False, "an id that is none is refused")
    except Refused as e:
        tap.check("bad-cursor" in str(e), "an id that is none is refused")
    tap.equal([p["found"] for p in c[0].ctl("lead.lookup", place=story.PLACE)["partners"]],
              ["postcode"] * 2, "a look-up reports how a partner was found")
    found = analysis(c[0], path)
    tap.check(found["own_coverage_known"], "own coverage is known")
    tap.equal(found["could_have_kept"], 1, "one mover went to where we serve")
    tap.equal({p["name"]: p["movers"] for p in found["partners"]}, {n.name: 2 for n in list(c)[1:]},
              "two went to where both partners serve")
    alone = analysis(c[0], path, "--no-node")
    tap.check(not alone["own_coverage_known"] and alone["partners"] == [], "nothing with --no-node")
    c[0].stop()
    tap.equal(analysis(c[0], path)["partners"], [], "nothing, silently, when nobody answers")
tap.done()
