/* Prints the tables of node/control/ as JSON, for tests/lint/control.py: {codes: {node: [...],
 * command:
 * [...]}, requests: [{name, space, privacy, roles, fields: [{name, type, needed}]}]}. */
#include <jansson.h>
#include <stdio.h>

#include "node/control/request.h"
#include "node/core/event.h"

static const char *const spaces[] = {
    [VIZ_SPACE_NONE] = "none", [VIZ_SPACE_SOME] = "some", [VIZ_SPACE_MUCH] = "much"};

static const char *const privacies[] = {[VIZ_PRIVACY_NONE] = "none",
					[VIZ_PRIVACY_TAKES] = "takes",
					[VIZ_PRIVACY_GIVES] = "gives",
					[VIZ_PRIVACY_ASKED] = "asked"};

/* "text, 1 to 80 bytes", as CONTROL.md has it. */
static void type_of(char *out, size_t max, const struct viz_field *f)
{
	const char *kind = viz_field_kind_name(f->kind);
	long long least = (long long)f->min, most = (long long)f->max;
	char of[512];

	switch (f->kind) {
	case VIZ_FIELD_TEXT:
	case VIZ_FIELD_FREE:
	case VIZ_FIELD_READ:
	case VIZ_FIELD_BYTES:
	case VIZ_FIELD_NUMBER:
	case VIZ_FIELD_RANGE:
		snprintf(out, max, "%s %lld..%lld", kind, least, most);
		return;
	case VIZ_FIELD_CHOICE: {
		size_t n = (size_t)snprintf(out, max, "one of %s", f->choices);

		for (size_t i = 0; i < n && i < max; i++)
			out[i] = out[i] == '|' ? '/' : out[i];
		return;
	}
	case VIZ_FIELD_LIST:
		type_of(of, sizeof of, f->of);
		snprintf(out, max, "list 0..%lld of %s", most, of);
		return;
	case VIZ_FIELD_FLAG:
	case VIZ_FIELD_TIME:
	case VIZ_FIELD_OBJECT:
		break;
	}
	snprintf(out, max, "%s", kind);
}

static void add_fields(json_t *list, const char *at, const struct viz_field *fields)
{
	for (const struct viz_field *f = fields; f->name; f++) {
		char name[128], type[600], below[140];

		snprintf(name, sizeof name, "%s%s", at, f->name);
		type_of(type, sizeof type, f);
		json_array_append_new(list, json_pack("{s:s,s:s,s:b}", "name", name, "type", type,
						      "needed", f->needed));
		if (f->kind == VIZ_FIELD_OBJECT && f->of) {
			snprintf(below, sizeof below, "%s.", name);
			add_fields(list, below, f->of);
		}
		if (f->kind == VIZ_FIELD_LIST && f->of->kind == VIZ_FIELD_OBJECT) {
			snprintf(below, sizeof below, "%s[].", name);
			add_fields(list, below, f->of->of);
		}
	}
}

static json_t *roles_of(unsigned roles)
{
	json_t *list = json_array();

	for (unsigned role = VIZ_ROLE_CUSTOMER; role <= VIZ_ROLE_PUBLIC; role <<= 1)
		if (roles & role)
			json_array_append_new(
			    list, json_string(viz_control_role_name((enum viz_control_role)role)));
	return list;
}

int main(void)
{
	json_t *node = json_array(), *command = json_array(), *requests = json_array(), *o;
	const struct viz_control_op *op;

	for (size_t t = 0; (op = viz_control_ops(t)) != NULL; t++)
		for (; op->name; op++) {
			json_t *fields = json_array();

			add_fields(fields, "", op->fields);
			json_array_append_new(requests,
					      json_pack("{s:s,s:s,s:s,s:o,s:o}", "name", op->name,
							"space", spaces[op->space], "privacy",
							privacies[op->privacy], "roles",
							roles_of(op->roles), "fields", fields));
		}
#define X(name, text) json_array_append_new(node, json_string(text));
	VIZ_CODES_NODE(X)
#undef X
#define X(name, text) json_array_append_new(command, json_string(text));
	VIZ_CODES_COMMAND(X)
#undef X
	o = json_pack("{s:i,s:{s:o,s:o},s:o}", "protocol", VIZ_CONTROL_PROTOCOL, "codes", "node",
		      node, "command", command, "requests", requests);
	json_dumpf(o, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(o);
	return 0;
}
