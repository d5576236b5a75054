/* `vizinho restore report`: what a restore has lost, and whom to call. It names leads by the
 * numbers of our own system; what they need of a person is there. */
#include <jansson.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

struct report {
	const struct viz_cli *cli;
	json_t *status, *leads, *entries; /* replies */
	json_t *own, *ours;               /* lists that are made of them */
};

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words != NULL && strcmp(word, *words) != 0)
		words++;
	return *words != NULL;
}

/* How sales of that provider are called, as it publishes it. */
static void add_reach(const struct report *r, json_t *o, const json_t *peer)
{
	struct viz_cli quiet = *r->cli;
	json_t *result = NULL;
	const char *whatsapp;

	quiet.quiet = true;
	json_object_set(o, "call", (json_t *)(uintptr_t)peer);
	if (viz_client_ask(&result, &quiet, "peer.show",
			   json_pack("{s:s}", "peer", viz_reply_text(peer, "id"))) != VIZ_EXIT_OK)
		return;
	whatsapp = viz_reply_text(json_object_get(result, "peer"), "whatsapp");
	if (whatsapp[0] != '\0')
		json_object_set_new(o, "whatsapp", json_string(whatsapp));
	json_decref(result);
}

/* Whether this was made before the backup, of which the store was restored. */
static bool is_older(const struct report *r, const json_t *time)
{
	const char *from = viz_reply_text(r->status, "restored_from");
	const char *at = json_string_value(time);

	return at != NULL && strcmp(at, from) <= 0; /* both in UTC, with milliseconds */
}

/* What a partner has said of this lead since; NULL: nothing. */
static const json_t *told_of(const struct report *r, const char *lead)
{
	json_t *told;
	size_t i;

	json_array_foreach(json_object_get(r->leads, "told"), i, told)
	{
		if (strcmp(viz_reply_id(told, "lead"), lead) == 0)
			return told;
	}
	return NULL;
}

/* A lead of ours that had no end in the backup. */
static void add_own(struct report *r, const json_t *lead)
{
	static const char *const open[] = {"no-neighbour", "open",      "closed",    "choosing",
					   "awarded",      "delivered", "contacted", NULL};
	const json_t *told = told_of(r, viz_reply_text(lead, "id"));
	const json_t *peer = told ? json_object_get(told, "peer") : NULL;
	json_t *o;

	if (!is_older(r, json_object_get(lead, "created_at")) ||
	    !is_one_of(viz_reply_text(lead, "state"), open))
		return;
	if (peer == NULL)
		peer = json_object_get(lead, "awarded_to");
	o = json_pack("{s:{s:s},s:s,s:s}", "lead", "id", viz_reply_text(lead, "id"), "protocol",
		      viz_reply_text(lead, "protocol"), "state",
		      viz_reply_text(told ? told : lead, "state"));
	if (peer != NULL)
		add_reach(r, o, peer);
	json_array_append_new(r->own, o);
}

/* A lead that was offered after the backup: partners alone know of it. */
static void add_unknown(struct report *r, const json_t *told)
{
	const char *id = viz_reply_id(told, "lead");
	json_t *lead, *o;
	size_t i;

	json_array_foreach(json_object_get(r->leads, "leads"), i, lead)
	{
		if (strcmp(viz_reply_text(lead, "id"), id) == 0)
			return;
	}
	o = json_pack("{s:{s:s},s:s}", "lead", "id", id, "state", viz_reply_text(told, "state"));
	add_reach(r, o, json_object_get(told, "peer"));
	json_array_append_new(r->own, o);
}

/* A customer of a partner who has chosen us: the origin can hand over again. */
static void add_entry(struct report *r, const json_t *entry)
{
	static const char *const ended[] = {"installed", "lost", "released", "over", NULL};
	json_t *o;

	if (viz_reply_number(entry, "award") == 0 ||
	    !is_older(r, json_object_get(entry, "awarded_at")) ||
	    is_one_of(viz_reply_text(entry, "state"), ended))
		return;
	o = json_pack("{s:{s:s},s:s}", "lead", "id", viz_reply_text(entry, "id"), "state",
		      viz_reply_text(entry, "state"));
	add_reach(r, o, json_object_get(entry, "origin"));
	json_array_append_new(r->ours, o);
}

static void table(const struct report *r, enum viz_msg title, const json_t *list)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_LEAD_NUMBER, VIZ_MSG_HEAD_PROTOCOL,
					     VIZ_MSG_HEAD_STATE, VIZ_MSG_HEAD_CALL,
					     VIZ_MSG_HEAD_WHATSAPP};
	struct viz_grid g;
	json_t *o;
	size_t i;

	if (json_array_size(list) == 0 || r->cli->json)
		return;
	viz_print_blank(r->cli);
	(viz_print)(r->cli, title);
	viz_table_heads(&g, r->cli, heads, 5);
	json_array_foreach(list, i, o)
	{
		const char *protocol = viz_reply_text(o, "protocol");
		const char *name = viz_reply_name(o, "call");

		viz_grid_add(&g, viz_reply_id(o, "lead"));
		viz_grid_add(&g, protocol[0] != '\0' ? protocol : "-");
		viz_grid_add(&g, viz_format_word(r->cli, viz_reply_text(o, "state")));
		if (name[0] != '\0')
			viz_grid_add(&g, name);
		else
			viz_table_msg(&g, r->cli, VIZ_MSG_REPORT_CUSTOMER);
		viz_grid_add(&g, viz_reply_text(o, "whatsapp"));
	}
	viz_table_print(&g);
}

static void show(struct report *r)
{
	char made[VIZ_FORMAT_MAX], restored[VIZ_FORMAT_MAX];

	viz_format_time(made, r->cli, json_object_get(r->status, "restored_from"));
	viz_format_time(restored, r->cli, json_object_get(r->status, "restored_at"));
	viz_print(r->cli, VIZ_MSG_REPORT_HEAD, restored, made);
	if (json_array_size(r->own) == 0 && json_array_size(r->ours) == 0)
		viz_print(r->cli, VIZ_MSG_REPORT_NOTHING);
	table(r, VIZ_MSG_REPORT_OWN, r->own);
	table(r, VIZ_MSG_REPORT_OURS, r->ours);
	if (r->cli->json)
		viz_print_json_new(json_pack(
		    "{s:O,s:O,s:O,s:O}", "restored_at", json_object_get(r->status, "restored_at"),
		    "restored_from", json_object_get(r->status, "restored_from"), "leads", r->own,
		    "inbox", r->ours));
}

static int gather(struct report *r)
{
	int status = viz_client_ask(&r->status, r->cli, "backup.status", NULL);
	json_t *o;
	size_t i;

	if (status != VIZ_EXIT_OK)
		return status;
	if (json_object_get(r->status, "restored_at") == NULL)
		return viz_print_error(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_RESTORED,
				       VIZ_MSG_REPORT_NOT_RESTORED);
	status = viz_client_ask(&r->leads, r->cli, "lead.list", NULL);
	if (status == VIZ_EXIT_OK)
		status = viz_client_ask(&r->entries, r->cli, "inbox.list",
					json_pack("{s:b}", "all", true));
	if (status != VIZ_EXIT_OK)
		return status;
	json_array_foreach(json_object_get(r->leads, "leads"), i, o) add_own(r, o);
	json_array_foreach(json_object_get(r->leads, "told"), i, o) add_unknown(r, o);
	json_array_foreach(json_object_get(r->entries, "entries"), i, o) add_entry(r, o);
	return VIZ_EXIT_OK;
}

int viz_cmd_restore_report(const struct viz_cli *cli, int argc, char **argv)
{
	struct report r = {.cli = cli};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	r.own = json_array();
	r.ours = json_array();
	status = gather(&r);
	if (status == VIZ_EXIT_OK)
		show(&r);
	json_decref(r.own);
	json_decref(r.ours);
	json_decref(r.status);
	json_decref(r.leads);
	json_decref(r.entries);
	return status;
}
