"""The part of Zabbix' JSONPath that the template uses: members, [*], [0], filters by == and =~, and a function at the
end. zabbix.com/documentation/6.0/en/manual/config/items/preprocessing/jsonpath_functionality"""
import re

TOKEN = re.compile(r"""\.(?P<function>first|min|max|sum)\(\)$ | \.(?P<member>\w+) | \[(?P<all>\*)\] | \[(?P<index>\d+)\]
                       | \[\?\(@\.(?P<field>\w+)\s*(?P<op>==|=~)\s*"(?P<text>[^"]*)"\)\]""", re.X)


class Nothing(Exception):
    """Nothing is there: the item is not supported, or has the value that it gets on failure."""


def values(o):
    return list(o.values()) if isinstance(o, dict) else o if isinstance(o, list) else []


def fits(o, token):
    there = isinstance(o, dict) and o.get(token["field"])
    if not isinstance(there, str):
        return False
    return there == token["text"] if token["op"] == "==" else re.search(token["text"], there) is not None


def find(value, path):
    """Of a definite path the value; of one with [*] or a filter the list of all, unless a function makes it one."""
    if not path.startswith("$"):
        raise ValueError(path)
    found, at, definite = [value], 1, True
    while at < len(path):
        token = TOKEN.match(path, at)
        if not token:
            raise ValueError(f"{path[at:]} of {path}")
        at = token.end()
        if token["function"]:
            if not found:
                raise Nothing(path)
            return found[0] if token["function"] == "first" else {"min": min, "max": max, "sum": sum}[token["function"]](found)
        if token["member"]:
            found = [o[token["member"]] for o in found if isinstance(o, dict) and token["member"] in o]
        elif token["index"]:
            found = [o[int(token["index"])] for o in found if isinstance(o, list) and len(o) > int(token["index"])]
        else:
            definite = False
            found = [x for o in found for x in values(o) if token["all"] or fits(x, token)]
    if definite and not found:
        raise Nothing(path)
    return found[0] if definite else found
