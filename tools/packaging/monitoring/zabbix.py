"""The template of Zabbix 6.0, in the form of its own export. Two master items run the command on the machine of the
node (zabbix-agent.conf); all else depends on them by JSONPath."""
import hashlib
from xml.sax.saxutils import escape

from alerts import ALERTS

SEVERITY = {"critical": "HIGH", "warning": "WARNING", "info": "INFO"}
METRICS, STATUS = "vizinho.metrics", "vizinho.status"
REFUSED = "handshake|timeout|frame|auth|padding|half-open|prefix|full"


def value(metric, rest=""):
    """The value of a metric's one sample; or `rest`, behind its samples."""
    return f'$.metrics[?(@.name == "vizinho_{metric}")].samples' + (rest or "[0].value.first()")


def labelled(metric, label, text):
    return value(metric, f'[?(@.{label} == "{text}")].value.first()')


# key, English, Portuguese, JSONPath, units, more steps: a difference to the value before, by time or not
ITEMS = [
    ("up", "Answers", "Responde", value("up"), "", None),
    ("ready", "May sign", "Pode assinar", value("ready"), "", None),
    ("starting", "Waits after its start", "Espera depois de subir", value("starting"), "", None),
    ("quarantine", "Quarantine", "Quarentena", value("quarantine"), "", None),
    ("key_revoked", "Key revoked", "Chave revogada", value("key_revoked"), "", None),
    ("alone", "Without any partner", "Sem nenhum parceiro", value("alone"), "", None),
    ("start_time_seconds", "Started at", "No ar desde", value("start_time_seconds"), "unixtime", None),
    ("resident_memory_bytes", "Memory", "Memória", value("resident_memory_bytes"), "B", None),
    ("cpu", "Share of a processor", "Parte de um processador", value("cpu_seconds_total"), "", "CHANGE_PER_SECOND"),
    ("confined", "Protections are on", "Proteções ligadas", value("confined", "[*].value.min()"), "", None),
    ("store_used_bytes", "Store: used", "Armazenamento: em uso", value("store_used_bytes"), "B", None),
    ("store_size_bytes", "Store: limit", "Armazenamento: limite", value("store_size_bytes"), "B", None),
    ("store_full", "Store: full", "Armazenamento: cheio", value("store_full"), "", None),
    ("disk_free_bytes", "Disk: free", "Disco: livre", value("disk_free_bytes"), "B", None),
    ("disk_full", "Disk: full", "Disco: cheio", value("disk_full"), "", None),
    ("members", "Members", "Membros", value("members"), "", None),
    ("members_left_out", "Members left out", "Membros deixados de fora", value("members_left_out"), "", None),
    ("links", "Links", "Ligações", value("links"), "", None),
    ("partners_wanted", "Partners", "Parceiros", value("partners_wanted"), "", None),
    ("partners_linked", "Partners that are linked", "Parceiros ligados", value("partners_linked"), "", None),
    ("mail", "Mail that waits", "Correio em espera", value("mail"), "", None),
    ("last_signed_ahead_seconds", "Signed ahead of the clock", "Assinado adiante do relógio",
     value("last_signed_ahead_seconds"), "s", None),
    ("clock_offset_seconds", "Clock: ahead of a peer", "Relógio: adiante de um par", value("clock_offset_seconds"), "s",
     None),
    ("clock_wrong", "Clock: wrong", "Relógio: errado", value("clock_wrong"), "", None),
    ("records_accepted", "Records taken a second", "Registros aceitos por segundo",
     labelled("records_received_total", "result", "accepted"), "", "CHANGE_PER_SECOND"),
    ("records_refused", "Records refused a second", "Registros recusados por segundo",
     labelled("records_received_total", "result", "refused"), "", "CHANGE_PER_SECOND"),
    ("leads", "Leads", "Indicações", value("leads", "[*].value.sum()"), "", None),
    ("leads_choosing", "Leads: the customer chooses", "Indicações: o cliente escolhe",
     labelled("leads", "state", "choosing"), "", None),
    ("inbox_waiting", "Inbox: to be done", "Caixa de entrada: a fazer", value("inbox_waiting"), "", None),
    ("inbox_overdue", "Inbox: overdue", "Caixa de entrada: atrasados", value("inbox_overdue"), "", None),
    ("contradictions", "Audit: contradictions", "Auditoria: contradições",
     labelled("audit_findings", "verdict", "contradiction"), "", None),
    ("suspicions", "Audit: suspicions", "Auditoria: suspeitas", labelled("audit_findings", "verdict", "suspicion"), "",
     None),
    ("probing_alarms", "Audit: probing", "Auditoria: sondagem", value("probing_alarms"), "", None),
    ("strangers", "Connections refused a second", "Conexões recusadas por segundo",
     value("connections_closed_total", f'[?(@.reason =~ "^({REFUSED})$")].value.sum()'), "", "CHANGE_PER_SECOND"),
    ("bytes_in", "Network: in", "Rede: entrada", value("network_received_bytes_total"), "Bps", "CHANGE_PER_SECOND"),
    ("bytes_out", "Network: out", "Rede: saída", value("network_sent_bytes_total"), "Bps", "CHANGE_PER_SECOND"),
    ("queue_messages", "Messages that wait for the core", "Mensagens à espera do núcleo", value("queue_messages"), "",
     None),
    ("batches", "Batches a second", "Lotes por segundo",
     value("batch_duration_seconds", '[?(@.suffix == "_count")].value.first()'), "", "CHANGE_PER_SECOND"),
    ("batch_seconds", "Time in batches a second", "Tempo em lotes por segundo",
     value("batch_duration_seconds", '[?(@.suffix == "_sum")].value.first()'), "s", "CHANGE_PER_SECOND"),
    ("hooks_done", "Hook: done", "Hook: feito", labelled("hook_runs_total", "result", "done"), "", "SIMPLE_CHANGE"),
    ("hooks_failed", "Hook: failed", "Hook: falhou", labelled("hook_runs_total", "result", "failed"), "",
     "SIMPLE_CHANGE"),
]
TEXTS = [
    ("version", "Version", "Versão", "$.version"),
    ("federation_name", "Federation", "Federação", "$.federation_name"),
    ("name", "Name", "Nome", "$.name"),
]
PARTNER = [
    ("partner_linked", "{#NAME}: linked", "{#NAME}: ligado"),
    ("partner_mail", "{#NAME}: mail that waits", "{#NAME}: correio em espera"),
]


def uuid(of):
    """A UUIDv4 as Zabbix writes it. The same for the same thing, so that a later template replaces this one."""
    digits = list(hashlib.sha256(("vizinho zabbix " + of).encode()).hexdigest()[:32])
    digits[12] = "4"
    digits[16] = "89ab"[int(digits[16], 16) % 4]
    return "".join(digits)


def tag(name, *inner):
    """An element with elements or with text in it."""
    if all(isinstance(x, str) for x in inner):
        return (name, escape("".join(inner)))
    return (name, [x for x in inner if x is not None])


def lines(element, depth=0):
    name, inner = element
    pad = "    " * depth
    if isinstance(inner, str):
        return f"{pad}<{name}>{inner}</{name}>\n"
    return f"{pad}<{name}>\n" + "".join(lines(x, depth + 1) for x in inner) + f"{pad}</{name}>\n"


def step(kind, parameter):
    return tag("step", tag("type", kind), tag("parameters", tag("parameter", parameter)))


def path_step(path, missing=None):
    """`missing`: the value when the node does not answer. Else there is none then: one alarm is enough."""
    how = [tag("error_handler", "DISCARD_VALUE")] if missing is None else [
        tag("error_handler", "CUSTOM_VALUE"), tag("error_handler_params", missing)]
    return tag("step", tag("type", "JSONPATH"), tag("parameters", tag("parameter", path)), *how)


def master(key, name, delay):
    return tag("item", tag("uuid", uuid(key)), tag("name", name), tag("key", key), tag("delay", delay),
               tag("history", "0"), tag("trends", "0"), tag("value_type", "TEXT"),
               tag("tags", tag("tag", tag("tag", "component"), tag("value", "raw"))))


def dependent(kind, key, name, of, steps, text=False, units=""):
    return tag(kind, tag("uuid", uuid(key)), tag("name", name), tag("type", "DEPENDENT"), tag("key", key),
               tag("delay", "0"), tag("trends", "0") if text else None,
               tag("value_type", "CHAR" if text else "FLOAT"), tag("units", units) if units else None,
               tag("preprocessing", *steps), tag("master_item", tag("key", of)),
               tag("tags", tag("tag", tag("tag", "component"), tag("value", "vizinho"))))


def words(lang):
    """What stands in the texts of an alert."""
    return {"host": "{HOST.NAME}", "name": "{#NAME}", "value": "{ITEM.LASTVALUE1}", "seconds": "{ITEM.LASTVALUE1} s",
            "protection": ("one of its protections (vizinho status)", "uma das proteções (vizinho status)")[lang]}


def about(alert):
    """Whether it is about one partner."""
    return "{#PARTNER}" in alert[4]


def trigger(kind, alert, lang, after=None):
    name, _, _, severity, expression, *texts = alert
    what, todo = texts[2 * lang:2 * lang + 2]
    return tag(kind, tag("uuid", uuid(name)), tag("expression", expression),
               tag("name", what.format(**words(lang))), tag("priority", SEVERITY[severity]),
               tag("description", todo.format(**words(lang))),
               tag("dependencies", tag("dependency", tag("name", after[5 + 2 * lang].format(**words(lang))),
                                       tag("expression", after[4]))) if after else None,
               tag("tags", tag("tag", tag("tag", "scope"), tag("value", "availability" if severity == "critical"
                                                               else "notice"))))


def discovery(lang):
    path = '$.metrics[?(@.name == "vizinho_partner_info")].samples[*]'
    alone = next(a for a in ALERTS if a[0] == "VizinhoAlone")
    items = [dependent("item_prototype", f"vizinho.{key}[{{#PARTNER}}]", (en, pt)[lang], METRICS,
                       [path_step(labelled(key, "partner_id", "{#PARTNER}"))]) for key, en, pt in PARTNER]
    triggers = [trigger("trigger_prototype", a, lang, alone if "mail" not in a[4] else None)
                for a in ALERTS if about(a)]
    return tag("discovery_rule", tag("uuid", uuid("partners")), tag("name", ("Partners", "Parceiros")[lang]),
               tag("type", "DEPENDENT"), tag("key", "vizinho.partners"), tag("delay", "0"), tag("lifetime", "7d"),
               tag("item_prototypes", *items), tag("trigger_prototypes", *triggers),
               tag("master_item", tag("key", METRICS)),
               tag("lld_macro_paths",
                   tag("lld_macro_path", tag("lld_macro", "{#NAME}"), tag("path", "$.name")),
                   tag("lld_macro_path", tag("lld_macro", "{#PARTNER}"), tag("path", "$.partner_id"))),
               tag("preprocessing", path_step(path, "[]")))


def template(lang):
    """As text; lang 0: English, 1: Portuguese. Importing one over the other changes the language and nothing else."""
    items = [master(METRICS, ("What `vizinho metrics` says", "O que `vizinho metrics` diz")[lang], "1m"),
             master(STATUS, ("What `vizinho status` says", "O que `vizinho status` diz")[lang], "5m")]
    for key, en, pt, path, units, change in ITEMS:
        steps = [path_step(path, "0" if key == "up" else None)]
        if change:
            steps.append(step(change, ""))
        items.append(dependent("item", "vizinho." + key, (en, pt)[lang], METRICS, steps, units=units))
    for key, en, pt, path in TEXTS:
        items.append(dependent("item", "vizinho." + key, (en, pt)[lang], STATUS,
                               [path_step(path), step("DISCARD_UNCHANGED_HEARTBEAT", "1d")], text=True))
    description = ("A node of vizinho, by the command on its machine: zabbix-agent.conf goes to "
                   "/etc/zabbix/zabbix_agentd.d/, and the user zabbix into the group vizinho.",
                   "Um nó do vizinho, pelo comando na máquina dele: zabbix-agent.conf vai para "
                   "/etc/zabbix/zabbix_agentd.d/, e o usuário zabbix entra no grupo vizinho.")[lang]
    group = "Templates/Applications"
    triggers = [trigger("trigger", a, lang) for a in ALERTS if a[4] and not about(a)]
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + lines(
        tag("zabbix_export", tag("version", "6.0"), tag("date", "2026-11-30T00:00:00Z"),
            tag("groups", tag("group", tag("uuid", "a571c0d144b14fd4a87a9d9b2aa9fcd6"), tag("name", group))),
            tag("templates", tag("template", tag("uuid", uuid("template")), tag("template", "vizinho"),
                                 tag("name", "vizinho"), tag("description", description),
                                 tag("groups", tag("group", tag("name", group))), tag("items", *items),
                                 tag("discovery_rules", discovery(lang)))),
            tag("triggers", *triggers)))
