"""api.py ROWS.C ROUTES.C DOCUMENT.C API.TSV CONTROL.MD BASE.JSON: the routes of the API, and the document that describes them
(OpenAPI 3.1). Both are made of one table and of the fields in node/CONTROL.md, so neither says what the other does not."""
import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/lint"))
import control_doc  # noqa: E402

METHODS = {"GET", "POST", "PUT", "DELETE"}
SCOPES = {"read", "leads", "inbox", "persons", "board", "admin"}
ROLES = ("reader", "agent", "admin")
NOT_HERE = {"wait_ms"}  # a stream waits instead
BRACES = re.compile(r":(\w+)")


class Wrong(Exception):
    """The table and CONTROL.md do not fit."""


class Row:
    def __init__(self, line, doc):
        self.method, self.path, self.op, scopes, self.key, self.how = line.split("\t")
        self.params = BRACES.findall(self.path)
        said, _, more = ("" if scopes == "-" else scopes).partition(",")
        self.if_field, _, self.if_scope = more.partition("=")
        self.scopes = [s for s in said.split("+") if s]
        self.list = self.how[5:] if self.how.startswith("page:") else ""
        self.own = self.how if self.how not in ("-", "large") and not self.list else ""
        self.request = doc.requests.get(self.op)
        self.fields = dict(self.request["fields"]) if self.request else {}
        for name in NOT_HERE:
            self.fields.pop(name, None)
        self.roles = [r for r in ROLES if self.request and r in self.request["roles"]]
        self.look(doc)

    def look(self, doc):
        def need(ok, what):
            if not ok:
                raise Wrong(f"{self.method} {self.path}: {what}")
        need(self.method in METHODS, "no method")
        need(self.op == "-" or self.request, f"CONTROL.md has no request {self.op}")
        need(set(self.scopes) | ({self.if_scope} - {""}) <= SCOPES and len(self.scopes) <= 2, "no scopes")
        need(set(self.params) <= set(self.fields), "a part of the path is no field")
        need(self.key == "-" or self.key in doc.requests, "no request shows what was made")
        need(self.key == "-" or self.method == "POST", "only a POST creates")
        need(not self.scopes or self.roles, "no role may ask for it")
        if self.method == "GET":
            for name, (kind, _) in self.fields.items():
                need(letter(kind) != "o", f"{name} is no field of a query")
        privacy = self.request["privacy"] if self.request else "none"
        need(privacy != "gives" or "persons" in self.scopes, "what gives personal data needs the scope persons")
        need(privacy != "asked" or self.if_scope == "persons" or self.own, "likewise, when it is asked for")


def letter(kind):
    """How the value of a path or a query is read."""
    word = re.sub(r" .*", "", kind)
    if word in ("number", "flag", "real"):
        return word[0]
    return "t" if word in ("text", "free", "read", "time", "bytes", "one") else "o"


def read_rows(path, doc):
    with open(path, encoding="utf-8") as f:
        rows = [Row(line.rstrip("\n"), doc) for line in f if not line.startswith("#")]
    there = {r.op for r in rows}
    for name, request in doc.requests.items():
        if set(request["roles"]) & set(ROLES) and name not in there:
            raise Wrong(f"{name}: the desk has it, and the API does not")
    return rows


# --- the table ---

def c_text(text):
    return json.dumps(text) if text else "NULL"


def rows_c(rows):
    out = ['#include "tools/web/api.h"', ""]
    for i, r in enumerate(rows):
        out.append("static const struct viz_api_arg args%d[] = {" % i)
        out += ["\t{%s, '%s', %s}," % (c_text(n), letter(kind), str(n in r.params).lower())
                for n, (kind, _) in r.fields.items()]
        out.append("\t{0},\n};")
    out += ["", "const struct viz_api_row viz_api_rows[] = {"]
    for i, r in enumerate(rows):
        scopes = ", ".join(c_text(s) for s in (r.scopes + [None, None])[:2])
        out.append("\t{VIZ_WEB_%s, %s, %s, {%s}, %s, %s, %s, %s, args%d}," % (
            r.method, c_text(r.path), c_text(r.op if r.op != "-" else ""), scopes, c_text(r.if_field), c_text(r.if_scope),
            c_text(r.key if r.key != "-" else ""), c_text(r.list), i))
    return "\n".join(out + ["};", ""])


def routes_c(rows):
    out = ['#include "tools/web/api.h"', "", "const struct viz_route viz_api_routes[] = {"]
    for r in rows:
        roles = " | ".join("VIZ_WEB_" + x.upper() for x in r.roles) if r.scopes else "0"
        flags = ["VIZ_ROUTE_API"] + (["VIZ_ROUTE_LARGE"] if r.how == "large" else []) + \
            (["VIZ_ROUTE_STREAM"] if r.how == "events" else []) + (["VIZ_ROUTE_OFFLINE"] if r.how == "metrics" else [])
        name = r.own or ("keyed" if r.key != "-" else "op")
        out.append("\t{VIZ_WEB_%s, %s, VIZ_WEB_PRIVATE, %s, %s, viz_api_%s_ask, viz_api_%s_answer}," % (
            r.method, c_text(r.path), roles, " | ".join(flags), name, name))
    return "\n".join(out + ["\t{0},", "};", ""])


# --- the document ---

def bounded(kind, low, high):
    """The bounds behind a type: "text 1..80"."""
    m = re.search(r" (-?\d+)\.\.(-?\d+)", kind)
    return {low: int(m[1]), high: int(m[2])} if m else {}


def schema(kind, prefix=""):
    """The schema of a type of CONTROL.md. `prefix`: that of the objects, "request." in requests."""
    m = re.fullmatch(r"list(?: (\d+)\.\.(\d+))? of (.*)", kind)
    if m:
        bounds = {"minItems": int(m[1]), "maxItems": int(m[2])} if m[1] else {}
        return {"type": "array", **bounds, "items": schema(m[3], prefix)}
    if kind.startswith("one of "):
        return {"type": "string", "enum": kind[7:].split("/")}
    word = re.sub(r"^free ", "", kind).split(" ")[0]
    if word in ("text", "read"):
        least = {} if prefix else {"minLength": 1}
        return {"type": "string", **least, **bounded(kind, "minLength", "maxLength")}
    if word == "number":
        return {"type": "integer", **bounded(kind, "minimum", "maximum")}
    if word == "bytes":
        bytes_of = bounded(kind, "minLength", "maxLength")
        return {"type": "string", "pattern": "^([0-9a-f]{2})*$", **{k: 2 * v for k, v in bytes_of.items()}}
    if word == "range":
        return {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "integer", **bounded(kind, "minimum", "maximum")}}
    simple = {"real": {"type": "number"}, "flag": {"type": "boolean"}, "time": {"type": "string", "format": "date-time"}}
    return simple.get(word) or {"$ref": "#/components/schemas/" + prefix + word}


def object_schema(fields, notes, prefix="", optional=()):
    properties = {}
    for name, (kind, _) in fields.items():
        properties[name] = schema(kind, prefix)
        if notes.get(name):
            properties[name]["description"] = notes[name]
    needed = [n for n, (_, may_lack) in fields.items() if not may_lack and n not in optional]
    closed = {"additionalProperties": False} if prefix else {}
    return {"type": "object", **({"required": needed} if needed else {}), "properties": properties, **closed}


def notes_of(part):
    """{field: what the third column says}."""
    return {m[1].rstrip("?"): m[2] for m in re.finditer(r"^\| `([\w?]+)` \| [^|]* \| ([^|]+) \|$", part, flags=re.M)}


def prose(part):
    """What is said of a request before its tables."""
    words = re.split(r"^(?:\||Errors:|Roles:|```)", part, flags=re.M)[0]
    words = re.sub(r"\s*(Brings persons|Space: \w+|Readers|Logged)\.", "", re.sub(r"\s+", " ", words))
    return words.strip()


def operation_id(r):
    name = (r.own or r.op) if r.own and r.own != "events" and r.own != "metrics" else r.op
    return re.sub(r"[.-]", "_", name)


def parameters(r, notes):
    out = []
    for name, (kind, may_lack) in r.fields.items():
        where = "path" if name in r.params else "query" if r.method == "GET" else None
        if where:
            said = {"description": notes[name]} if notes.get(name) else {}
            out.append({"name": name, "in": where, "required": where == "path" or not may_lack, **said,
                        "schema": schema(kind, "request.")})
    if r.list:
        out += [{"$ref": "#/components/parameters/page_" + n} for n in ("max", "cursor")]
    if r.key != "-":
        out.append({"$ref": "#/components/parameters/key"})
    return out


def answer(r, doc):
    """The schema of the answer, as the API gives it."""
    part = r.request["text"]
    made_again = ("token", "path") if r.key == "link.list" else ()
    said = object_schema(r.request["reply"], notes_of(part), optional=made_again)
    if r.list:
        said["properties"]["cursor"] = {"type": "string", "description": "there is more"}
    return said


OWN = {
    "metrics": ("application/openmetrics-text", {"type": "string"}),
    "op_document": ("application/json", {"type": "object"}),
    "tmf_leads": ("application/json", {"type": "array", "items": {"$ref": "#/components/schemas/SalesLead"}}),
    "tmf_lead": ("application/json", {"$ref": "#/components/schemas/SalesLead"}),
}
OWN_FIELDS = {
    "tmf_leads": {"offset": "number 0..1000000", "limit": "number 1..1000"},
    "tmf_lead": {"persons": "flag"},
}


def operation(r, doc):
    part = r.request["text"] if r.request else ""
    kind, said = OWN.get(r.own) or ("application/json", answer(r, doc))
    out = {"operationId": operation_id(r), "summary": prose(part).split(". ")[0].rstrip(".") or r.op}
    if r.own == "op_document":
        out["summary"] = "This document"
    if prose(part) and r.own not in OWN_FIELDS:
        out["description"] = prose(part)
    if r.own in OWN_FIELDS:
        out["summary"] = "Leads as TM Forum's SalesLead (TMF699)" if r.own == "tmf_leads" else "One of them"
        path = [p for p in parameters(r, {}) if p["in"] == "path"]
        out["parameters"] = path + [{"name": n, "in": "query", "schema": schema(k, "request.")}
                                    for n, k in OWN_FIELDS[r.own].items()]
    elif parameters(r, notes_of(part)):
        out["parameters"] = parameters(r, notes_of(part))
    body = {n: f for n, f in r.fields.items() if n not in r.params}
    if r.method != "GET" and body:
        needed = any(not may_lack for _, may_lack in body.values())
        out["requestBody"] = {"required": needed, "content": {"application/json": {
            "schema": object_schema(body, notes_of(part), "request.")}}}
    content = {kind: {"schema": said}}
    if r.own == "events":
        content["text/event-stream"] = {"schema": {"type": "string", "description":
                                        "each new entry of the journal as `message`, with its cursor as id; goes on "
                                        "behind the header Last-Event-ID"}}
    out["responses"] = {"200": {"description": "done", "content": content},
                        "default": {"$ref": "#/components/responses/problem"}}
    need = r.scopes + (["persons"] if r.if_scope and not r.scopes else [])
    out["security"] = [{"token": need}] if need else []
    if r.if_field:
        out["x-scope-if"] = {r.if_field: r.if_scope}
    if r.request:
        out["x-request"] = r.op
        out["x-errors"] = r.request["errors"]
        out["x-roles"] = r.roles
    return out


def document(rows, doc, base):
    schemas = base["components"]["schemas"]
    for title, prefix, objects in (("Objects in replies", "", doc.objects), ("Objects in requests", "request.", doc.taken)):
        parts = control_doc.sections(doc.text, title, "request " if prefix else "")
        for name, fields in objects.items():
            schemas[prefix + name] = object_schema(fields, notes_of(parts[name]), prefix)
    for r in rows:
        path = BRACES.sub(r"{\1}", r.path)
        base["paths"].setdefault(path, {})[r.method.lower()] = operation(r, doc)
    return base


def document_c(text):
    data = text.encode("utf-8")
    out = ['#include "tools/web/api.h"', "", "static const unsigned char bytes[] = {"]
    out += ["\t" + "".join("%d," % b for b in data[at:at + 24]) for at in range(0, len(data), 24)]
    return "\n".join(out + ["\t0,", "};", "const char *const viz_api_document = (const char *)bytes;",
                            "const size_t viz_api_document_len = sizeof bytes - 1;", ""])


def main(argv):
    to_rows, to_routes, to_document, tsv, control, base = argv
    try:
        doc = control_doc.read(control)
        rows = read_rows(tsv, doc)
        with open(base, encoding="utf-8") as f:
            whole = document(rows, doc, json.load(f))
    except (Wrong, control_doc.Wrong) as wrong:
        sys.exit(str(wrong))
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    for path, content in ((to_rows, rows_c(rows)), (to_routes, routes_c(rows)), (to_document, document_c(text))):
        with open(path, "w", encoding="utf-8") as f:
            f.write(content)


if __name__ == "__main__":
    main(sys.argv[1:])
