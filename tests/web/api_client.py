"""A program that uses the API of vizinho-web. Each answer is compared with the document that the server gives
(/api/v1/openapi.json): its status, its type, and its body by the schema, in which no field may stand that is not there.

    api = Api(w, "agent", "read", "leads")     # with a token of its own
    api.get("/leads")                          # the body
    api.post("/leads", {...}, key="one")
    api.ask("GET", "/leads/x").status
"""
import copy
import json
import re
import urllib.parse

import jsonschema

from web import Browser

_documents = {}


def close(schema):
    """Objects of the schema may have no other fields than it says."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            close(value)
    elif isinstance(schema, list):
        for value in schema:
            close(value)


class Document:
    def __init__(self, text):
        self.json = json.loads(text)
        self.components = copy.deepcopy(self.json["components"])
        close(self.components)
        self.patterns = {}
        for path in self.json["paths"]:
            self.patterns[path] = re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + r"\Z")
        self.seen = set()

    def operation(self, method, path):
        """Of a path of a request; a path without parts comes first."""
        for pattern in sorted(self.patterns, key=lambda p: "{" in p):
            if self.patterns[pattern].match(path) and method.lower() in self.json["paths"][pattern]:
                return pattern, self.json["paths"][pattern][method.lower()]
        return None, None

    def wrong(self, schema, value):
        schema = copy.deepcopy(schema)
        close(schema)
        validator = jsonschema.Draft202012Validator({**schema, "components": self.components})
        return ["/".join(map(str, e.absolute_path)) + ": " + e.message[:200] for e in validator.iter_errors(value)]

    def look(self, method, path, answer):
        """What of the answer is not as the document says."""
        pattern, operation = self.operation(method, path)
        if not operation:
            return [f"{method} {path} is not described"]
        response = operation["responses"].get(str(answer.status)) or operation["responses"]["default"]
        if "$ref" in response:
            response = self.components["responses"][response["$ref"].rsplit("/", 1)[1]]
        kind = (answer.header("Content-Type") or "").split(";")[0]
        if kind not in response["content"]:
            return [f"{method} {pattern}: {answer.status} as {kind}"]
        if answer.status == 200:
            self.seen.add((method, pattern))
        if not kind.endswith("json"):
            return []
        return [f"{method} {pattern}: {w}" for w in self.wrong(response["content"][kind]["schema"], json.loads(answer.text))]


def document(w):
    if w.ports[1] not in _documents:
        _documents[w.ports[1]] = Document(Browser(w.ports[1]).get("/api/v1/openapi.json").text)
    return _documents[w.ports[1]]


def token(w, name, role, *scopes, days=None):
    code, out, err = w.command("token", "add", name, role, *scopes, *(["--days", str(days)] if days else []))
    assert code == 0, err
    return out.strip()


class Refused(Exception):
    """Not 200: .problem is the body."""

    def __init__(self, what, answer):
        super().__init__(f"{what}: {answer.status} {answer.text[:400]}")
        self.status, self.problem = answer.status, json.loads(answer.text)


class Api:
    wrong = []  # of all answers of all programs

    def __init__(self, w, role, *scopes, name=None, given=None):
        self.w = w
        self.token = given or token(w, name or f"{role}-{'-'.join(scopes)}", role, *scopes)

    def ask(self, method, path, body=None, **headers):
        path = "/api/v1" + path if not path.startswith("/metrics") else path
        b = Browser(self.w.ports[1], {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"})
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        answer = b.ask(method, path, body, **headers)
        Api.wrong += document(self.w).look(method, path.split("?")[0], answer)
        return answer

    def done(self, method, path, body=None, **headers):
        answer = self.ask(method, path, body, **headers)
        if answer.status != 200:
            raise Refused(f"{method} {path}", answer)
        return json.loads(answer.text)

    def get(self, path, **query):
        return self.done("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def post(self, path, body=None, key=None):
        return self.done("POST", path, body if body is not None else {}, **({"Idempotency_Key": key} if key else {}))

    def delete(self, path):
        return self.done("DELETE", path)
