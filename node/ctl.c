#include "node/ctl.h"

#include <malloc.h>
#include <stdarg.h>
#include <time.h>

static void wiping_free(void *p)
{
	if (p)
		viz_wipe(p, malloc_usable_size(p));
	free(p);
}

void viz_ctl_init(void)
{
	json_set_alloc_funcs(malloc, wiping_free);
}

int viz_ctl_fail(struct viz_ctl *c, int err, const char *code, const char *format, ...)
{
	va_list args;

	snprintf(c->code, sizeof c->code, "%s", code);
	va_start(args, format);
	vsnprintf(c->message, sizeof c->message, format, args);
	va_end(args);
	return err;
}

int viz_ctl_error(struct viz_ctl *c, int err, const char *what)
{
	if (err == VIZ_OK)
		return VIZ_OK;
	if (err == VIZ_ERR_STATE && c->node->self.revoked)
		return viz_ctl_fail(c, err, "own-key-revoked",
				    "our key is revoked: vizinho key rotate");
	if (err == VIZ_ERR_STATE && viz_self_ahead_ms(c->node) > 0)
		return viz_ctl_fail(
		    c, err, "clock",
		    "%s: what we signed last is %lld s ahead of the clock: set the clock right",
		    what, (long long)(viz_self_ahead_ms(c->node) / 1000));
	return viz_ctl_fail(c, err, viz_err_name(err), "%s: %s", what, viz_err_name(err));
}

int viz_ctl_text(struct viz_ctl *c, char *out, size_t max, const char *name, size_t min,
		 const char *def)
{
	json_t *v = json_object_get(c->args, name);
	size_t len;

	if (!v || json_is_null(v)) {
		if (!def)
			return viz_ctl_fail(c, VIZ_ERR_INPUT, "missing", "%s is missing", name);
		snprintf(out, max + 1, "%s", def);
		return VIZ_OK;
	}
	len = json_string_length(v);
	if (!json_is_string(v) || len < min || len > max ||
	    !viz_text_utf8(json_string_value(v), len))
		return viz_ctl_fail(
		    c, VIZ_ERR_INPUT, "bad-text",
		    "%s must be text of %zu to %zu bytes without control characters", name, min,
		    max);
	if (!viz_text_valid(json_string_value(v), len))
		return viz_ctl_fail(
		    c, VIZ_ERR_INPUT, "bad-text",
		    "%s has a character that is invisible or changes the direction of the text: "
		    "type it anew instead of pasting it",
		    name);
	memcpy(out, json_string_value(v), len + 1);
	return VIZ_OK;
}

int viz_ctl_int(struct viz_ctl *c, int64_t *out, const char *name, int64_t min, int64_t max,
		const int64_t *def)
{
	json_t *v = json_object_get(c->args, name);

	if (!v || json_is_null(v)) {
		if (!def)
			return viz_ctl_fail(c, VIZ_ERR_INPUT, "missing", "%s is missing", name);
		*out = *def;
		return VIZ_OK;
	}
	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-number",
				    "%s must be a whole number from %lld to %lld", name,
				    (long long)min, (long long)max);
	*out = json_integer_value(v);
	return VIZ_OK;
}

bool viz_ctl_flag(struct viz_ctl *c, const char *name)
{
	return json_is_true(json_object_get(c->args, name));
}

int viz_ctl_bytes(struct viz_ctl *c, uint8_t **out, size_t *len, const char *name, size_t max)
{
	json_t *v = json_object_get(c->args, name);
	size_t n;

	*out = NULL;
	*len = 0;
	if (!v || json_is_null(v))
		return VIZ_OK;
	n = json_string_length(v) / 2;
	if (!json_is_string(v) || n > max)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-bytes", "%s: at most %zu bytes in hex",
				    name, max);
	*out = viz_core_alloc(n + 1);
	if (viz_unhex(*out, n, json_string_value(v)) != VIZ_OK) {
		free(*out);
		*out = NULL;
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-bytes", "%s is not hexadecimal", name);
	}
	*len = n;
	return VIZ_OK;
}

void viz_ctl_set_id(json_t *o, const char *name, const struct viz_id *id)
{
	char text[VIZ_TEXT_ID_MAX];

	if (viz_id_is_zero(id)) {
		json_object_set_new(o, name, json_null());
		return;
	}
	viz_id_text(text, "viz", id->b);
	json_object_set_new(o, name, json_string(text));
}

void viz_ctl_set_time(json_t *o, const char *name, struct viz_time t)
{
	time_t seconds = (time_t)(t.ms / 1000);
	char text[40];
	struct tm tm;
	size_t n;

	if (t.ms == 0) {
		json_object_set_new(o, name, json_null());
		return;
	}
	gmtime_r(&seconds, &tm);
	n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof text - n, ".%03dZ", (int)(t.ms % 1000));
	json_object_set_new(o, name, json_string(text));
}

void viz_slot_text(char out[VIZ_SLOT_TEXT_MAX], uint64_t slot)
{
	time_t seconds = (time_t)(viz_slot_day(slot) * 86400);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	snprintf(out, VIZ_SLOT_TEXT_MAX, "%04d%02d%02d-%u", (tm.tm_year + 1900) % 10000,
		 tm.tm_mon + 1, tm.tm_mday, viz_slot_number(slot) + 1);
}

int viz_slot_parse(uint64_t *slot, const char *text)
{
	struct tm tm = {0};
	unsigned n;
	char end;

	if (sscanf(text, "%4d%2d%2d-%u%c", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &n, &end) != 4 ||
	    n == 0 || n > VIZ_OFFERS_PER_DAY || tm.tm_year < 2020)
		return VIZ_ERR_FORM;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*slot = viz_slot_make((struct viz_time){(int64_t)timegm(&tm) * 1000}, n - 1);
	return VIZ_OK;
}

json_t *viz_ctl_member_json(struct viz_ctl *c, const struct viz_member *m)
{
	struct viz_node *node = c->node;
	char label[VIZ_CTL_LABEL_MAX], fingerprint[VIZ_FINGERPRINT_MAX] = "";
	json_t *o = json_object(), *addresses = json_array();

	viz_ctl_set_id(o, "id", &m->id);
	json_object_set_new(o, "name", json_string(viz_member_name(m)));
	viz_ctl_label(c, label, m);
	json_object_set_new(o, "label", json_string(label));
	if (m->has_node) {
		json_object_set_new(o, "cnpj", json_string(m->node.cnpj));
		json_object_set_new(o, "asn", json_integer(m->node.asn));
		json_object_set_new(o, "version", json_string(m->node.version));
		json_object_set_new(o, "answers",
				    json_string(m->node.by_hand ? "hand" : "machine"));
		for (size_t i = 0; i < m->node.address_count; i++)
			json_array_append_new(addresses, json_string(m->node.address[i]));
		viz_ctl_set_time(o, "heartbeat", m->node_time);
	}
	json_object_set_new(o, "addresses", addresses);
	if (m->key_count > 0)
		viz_fingerprint(fingerprint, &m->id, &m->key[m->key_count - 1].pub);
	json_object_set_new(o, "fingerprint", json_string(fingerprint));
	json_object_set_new(o, "key_number",
			    json_integer(m->key_count > 0 ? (json_int_t)m->key_count - 1 : 0));
	json_object_set_new(o, "revoked", json_boolean(viz_member_revoked(m)));
	json_object_set_new(o, "member", json_boolean(m->member));
	json_object_set_new(o, "pending", json_boolean(m->peer.pending));
	json_object_set_new(o, "vouched", json_boolean(m->peer.vouched));
	json_object_set_new(o, "partner_wanted", json_boolean(m->peer.partner));
	json_object_set_new(o, "blocked", json_boolean(m->peer.blocked));
	json_object_set_new(o, "partner", json_boolean(viz_partner_now(node, &m->id)));
	json_object_set_new(o, "linked", json_boolean(m->link != 0));
	viz_ctl_standing(o, node, m);
	return o;
}

static const struct viz_ctl_op *find_op(const char *name)
{
	static const struct viz_ctl_op *const tables[] = {viz_ctl_status_ops, viz_ctl_peer_ops,
							  viz_ctl_key_ops,    viz_ctl_coverage_ops,
							  viz_ctl_lead_ops,   viz_ctl_inbox_ops};

	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct viz_ctl_op *op = tables[t]; op->name; op++)
			if (strcmp(op->name, name) == 0)
				return op;
	return NULL;
}

static int run(struct viz_ctl *c, json_t *request)
{
	const char *name = json_string_value(json_object_get(request, "op"));
	const struct viz_ctl_op *op;

	if (!json_is_object(request) || !name)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-request",
				    "a request is {\"op\": NAME, \"args\": {...}}");
	op = find_op(name);
	if (!op)
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "no-such-op", "no operation of that name");
	c->args = json_object_get(request, "args");
	if (c->args && !json_is_object(c->args))
		return viz_ctl_fail(c, VIZ_ERR_INPUT, "bad-request", "args must be an object");
	if (viz_ctl_room(c, name) != VIZ_OK)
		return VIZ_ERR_LIMIT;
	return op->run(c);
}

void viz_ctl_request(struct viz_node *node, const struct viz_event *ev)
{
	struct viz_ctl c = {.node = node, .who = ev->who ? ev->who : "", .result = json_object()};
	json_t *request, *reply = json_object();
	json_error_t error;
	char *text;
	int err;

	request = json_loadb((const char *)ev->bytes, ev->len, JSON_REJECT_DUPLICATES, &error);
	err = run(&c, request);
	json_object_set_new(reply, "ok", json_boolean(err == VIZ_OK));
	if (err == VIZ_OK) {
		json_object_set(reply, "result", c.result);
	} else {
		json_t *e = json_object();

		json_object_set_new(e, "code", json_string(c.code[0] ? c.code : viz_err_name(err)));
		json_object_set_new(e, "message", json_string(c.message));
		if (c.candidates)
			json_object_set(e, "candidates", c.candidates);
		if (c.state)
			json_object_set_new(e, "state", json_string(c.state));
		json_object_set_new(reply, "error", e);
	}
	text = json_dumps(reply, JSON_COMPACT);
	VIZ_REQUIRE(text);
	viz_effects_add(node->fx, VIZ_EFFECT_REPLY, (const uint8_t *)text, strlen(text))->client =
	    ev->client;
	viz_wipe(text, strlen(text));
	free(text);
	json_decref(reply);
	json_decref(c.result);
	json_decref(c.candidates);
	json_decref(request);
	free(c.names);
}
