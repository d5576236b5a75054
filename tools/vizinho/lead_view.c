#include "tools/vizinho/lead_view.h"

#include <time.h>
#include <unistd.h>

#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/plan_table.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"
#include "tools/vizinho/where.h"

#define WAIT_MS   60000
#define REACH_MAX 256

static void time_row(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg name,
		     const json_t *time)
{
	char text[VIZ_FORMAT_MAX];

	if (!json_is_string(time))
		return;
	viz_format_time(text, cli, time);
	viz_table_row(g, cli, name, text);
}

static void town(char *out, size_t max, const struct viz_cli *cli, const json_t *lead)
{
	struct viz_where where = {.cli = cli};

	if (viz_gazetteer_open(&where.gazetteer, NULL) != VIZ_OK)
		where.gazetteer = NULL;
	viz_where_name(out, max, &where, viz_reply_code(lead, "municipality"));
	viz_where_close(&where);
}

static void asked(const struct viz_cli *cli, const json_t *peers)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_ASKED, VIZ_MSG_HEAD_ANSWER,
					     VIZ_MSG_HEAD_PROPOSAL, VIZ_MSG_HEAD_CONTACT,
					     VIZ_MSG_HEAD_ERASED};
	static const char *const flags[] = {"revealed", "awarded", "erased"};
	struct viz_grid g;
	json_t *p;
	size_t i;

	if (json_array_size(peers) == 0)
		return;
	viz_print_blank(cli);
	viz_table_heads(&g, cli, heads, 5);
	json_array_foreach(peers, i, p)
	{
		viz_grid_add(&g, viz_reply_peer(p));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(p, "answer")));
		for (size_t f = 0; f < 3; f++) {
			bool yes = viz_reply_true(p, flags[f]);
			bool none = f == 2 && !yes && !viz_reply_true(p, "located");

			/* Who got no location has nothing to erase. */
			viz_grid_add(&g, none ? viz_format_word(cli, "none")
					      : viz_msg(cli->lang, yes ? VIZ_MSG_YES : VIZ_MSG_NO));
		}
	}
	viz_table_print(&g);
}

/* Whether a partner was chosen, and nothing has ended it yet. */
static bool chosen(const json_t *lead)
{
	static const char *const held[] = {"awarded", "delivered", "contacted"};

	for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
		if (strcmp(viz_reply_text(lead, "state"), held[i]) == 0)
			return true;
	return false;
}

static bool given_back(const json_t *lead)
{
	return chosen(lead) && viz_reply_true(lead, "released");
}

bool viz_lead_view_held(const json_t *lead)
{
	return chosen(lead) && !viz_reply_true(lead, "released");
}

const char *viz_lead_view_state(const struct viz_cli *cli, const json_t *lead)
{
	return given_back(lead) ? viz_msg(cli->lang, VIZ_MSG_GIVEN_BACK)
				: viz_format_word(cli, viz_reply_text(lead, "state"));
}

/* Nobody serves the place yet: how long it is kept, and what comes next. */
static void waits(const struct viz_cli *cli, const json_t *until)
{
	char text[VIZ_FORMAT_MAX];

	viz_format_time(text, cli, until);
	viz_print(cli, VIZ_MSG_LEAD_WAITS, text);
}

void viz_lead_view_one(const struct viz_cli *cli, const json_t *lead)
{
	const json_t *again = json_object_get(lead, "ask_again"), *peer;
	char where[VIZ_GAZETTEER_NAME_BYTES + 8], days[24];
	struct viz_grid g;
	size_t i;

	town(where, sizeof where, cli, lead);
	viz_grid_init(&g, 2);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_LEAD_NUMBER, viz_reply_text(lead, "id"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_CODE, viz_reply_text(lead, "inbox_id"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_STATE, viz_lead_view_state(cli, lead));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_PROTOCOL, viz_reply_text(lead, "protocol"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_TOWN, where);
	time_row(&g, cli, VIZ_MSG_HEAD_CANCELLED, json_object_get(lead, "cancelled_at"));
	if (json_object_get(lead, "awarded_to") != NULL) {
		viz_table_row(&g, cli, VIZ_MSG_HEAD_CHOSEN, viz_reply_name(lead, "awarded_to"));
		time_row(&g, cli, VIZ_MSG_HEAD_DELIVERED, json_object_get(lead, "delivered_at"));
		time_row(&g, cli, VIZ_MSG_HEAD_CONTACTED, json_object_get(lead, "contacted_at"));
		time_row(&g, cli, VIZ_MSG_HEAD_LATEST, json_object_get(lead, "award_until"));
	}
	if (json_is_integer(json_object_get(lead, "days_offline"))) {
		snprintf(days, sizeof days, "%lld",
			 (long long)viz_reply_number(lead, "days_offline"));
		viz_table_row(&g, cli, VIZ_MSG_HEAD_OFFLINE, days);
	}
	viz_table_print(&g);
	if (viz_reply_true(lead, "neighbour_came"))
		viz_print(cli, VIZ_MSG_NEIGHBOUR_CAME);
	else if (json_is_object(again))
		waits(cli, json_object_get(again, "until"));
	asked(cli, json_object_get(lead, "asked"));
	json_array_foreach(json_object_get(lead, "asked"), i, peer)
	{
		bool here = viz_reply_true(peer, "awarded") || viz_reply_true(peer, "revealed");

		if (here && viz_reply_text(peer, "whatsapp")[0] != '\0')
			viz_lead_view_call(cli, lead, peer);
	}
	if (json_array_size(json_object_get(lead, "asked")) > 0 &&
	    strcmp(viz_reply_text(lead, "state"), "no-neighbour") == 0)
		viz_print(cli, VIZ_MSG_NOBODY_SAID_YES);
	if (given_back(lead))
		viz_print(cli, VIZ_MSG_GIVEN_BACK_NEXT, viz_reply_name(lead, "awarded_to"),
			  viz_reply_text(lead, "id"), viz_reply_text(lead, "id"));
}

void viz_lead_view_list(const struct viz_cli *cli, const json_t *leads)
{
	static const enum viz_msg heads[] = {
	    VIZ_MSG_HEAD_LEAD_NUMBER, VIZ_MSG_HEAD_STATE,  VIZ_MSG_HEAD_PROTOCOL, VIZ_MSG_HEAD_TOWN,
	    VIZ_MSG_HEAD_ANSWERED,    VIZ_MSG_HEAD_CHOSEN, VIZ_MSG_HEAD_CREATED};
	struct viz_where where = {.cli = cli};
	struct viz_grid g;
	json_t *lead;
	size_t i;

	if (json_array_size(leads) == 0) {
		viz_print(cli, VIZ_MSG_LEAD_NONE);
		return;
	}
	if (viz_gazetteer_open(&where.gazetteer, NULL) != VIZ_OK)
		where.gazetteer = NULL;
	viz_table_heads(&g, cli, heads, 7);
	json_array_foreach(leads, i, lead)
	{
		const json_t *peers = json_object_get(lead, "asked");
		char name[VIZ_GAZETTEER_NAME_BYTES + 8], count[48];
		size_t answered = 0;

		for (size_t k = 0; k < json_array_size(peers); k++)
			answered += strcmp(viz_reply_text(json_array_get(peers, k), "answer"),
					   "waiting") != 0;
		viz_where_name(name, sizeof name, &where, viz_reply_code(lead, "municipality"));
		snprintf(count, sizeof count, "%zu/%zu", answered, json_array_size(peers));
		viz_grid_add(&g, viz_reply_text(lead, "id"));
		viz_grid_add(&g, viz_reply_true(lead, "neighbour_came")
				     ? viz_format_word(cli, "neighbour-came")
				     : viz_lead_view_state(cli, lead));
		viz_grid_add(&g, viz_reply_text(lead, "protocol"));
		viz_grid_add(&g, name);
		viz_grid_add(&g, count);
		viz_grid_add(&g, viz_reply_name(lead, "awarded_to"));
		viz_table_time(&g, cli, json_object_get(lead, "created_at"));
	}
	viz_table_print(&g);
	viz_where_close(&where);
}

void viz_lead_view_told(const struct viz_cli *cli, const json_t *told)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_LEAD_NUMBER, VIZ_MSG_HEAD_CHOSEN,
					     VIZ_MSG_HEAD_STATE};
	struct viz_grid g;
	json_t *o;
	size_t i;

	if (json_array_size(told) == 0)
		return;
	viz_print_blank(cli);
	viz_print(cli, VIZ_MSG_LEAD_TOLD);
	viz_table_heads(&g, cli, heads, 3);
	json_array_foreach(told, i, o)
	{
		viz_grid_add(&g, viz_reply_id(o, "lead"));
		viz_grid_add(&g, viz_reply_name(o, "peer"));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(o, "state")));
	}
	viz_table_print(&g);
}

/* "WhatsApp +5527999990000, seg-sex 8-18; data: privacidade@..."; "" when nothing is published. */
static void reach_text(char *out, size_t max, const struct viz_cli *cli, const json_t *peer)
{
	const char *const keys[] = {"whatsapp", "hours", "privacy"};
	const enum viz_msg words[] = {VIZ_MSG_REACH_WHATSAPP, VIZ_MSG_REACH_HOURS,
				      VIZ_MSG_REACH_PRIVACY};
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < 3 && len < max; i++) {
		const char *value = viz_reply_text(peer, keys[i]);

		if (value[0] == '\0')
			continue;
		if (len > 0)
			len += (size_t)snprintf(out + len, max - len, "; ");
		if (len < max)
			(viz_print_text)(out + len, max - len, cli->lang, words[i], value);
		len = strlen(out);
	}
}

void viz_lead_view_call(const struct viz_cli *cli, const json_t *lead, const json_t *peer)
{
	char reach[REACH_MAX];

	reach_text(reach, sizeof reach, cli, peer);
	if (viz_reply_text(peer, "whatsapp")[0] != '\0')
		viz_print(cli, VIZ_MSG_CALL_YOURSELF, viz_reply_peer(peer), reach,
			  viz_reply_text(lead, "inbox_id"));
	else
		viz_print(cli, VIZ_MSG_CALL_CODE, viz_reply_peer(peer),
			  viz_reply_text(lead, "inbox_id"));
}

void viz_lead_view_proposals(const struct viz_cli *cli, const json_t *result, bool texts)
{
	const json_t *list = json_object_get(result, "proposals");
	const json_t *lead = json_object_get(result, "lead");
	json_t *p, *plan;
	size_t i, k;

	if (json_array_size(list) == 0) {
		viz_print(cli, VIZ_MSG_PROPOSAL_NONE, viz_lead_view_state(cli, lead));
		return;
	}
	if (json_array_size(list) > 1)
		viz_print(cli, VIZ_MSG_PROPOSAL_ORDER);
	json_array_foreach(list, i, p)
	{
		const json_t *plans = json_object_get(p, "plans");
		char reach[REACH_MAX];
		struct viz_grid g;

		viz_print_blank(cli);
		viz_print(cli, VIZ_MSG_PROPOSAL_ONE, (int)viz_reply_number(p, "position"),
			  viz_reply_peer(p), viz_format_word(cli, viz_reply_text(p, "answer")));
		reach_text(reach, sizeof reach, cli, p);
		if (reach[0] != '\0')
			viz_print(cli, VIZ_MSG_PROPOSAL_REACH, reach);
		if (json_array_size(plans) > 0) {
			viz_plan_table_heads(&g, cli);
			json_array_foreach(plans, k, plan) viz_plan_table_row(&g, cli, plan);
			viz_table_print(&g);
		} else {
			viz_print(cli, VIZ_MSG_PROPOSAL_NO_PLANS);
		}
		if (texts)
			viz_print_aloud(cli, VIZ_MSG_CONSENT_TEXT,
					viz_reply_text(p, "consent_text"));
	}
}

void viz_lead_view_next(const struct viz_cli *cli, const json_t *lead)
{
	if (strcmp(viz_reply_text(lead, "state"), "choosing") != 0)
		return;
	viz_print_blank(cli);
	viz_print(cli, VIZ_MSG_PROPOSAL_NEXT, viz_reply_text(lead, "id"),
		  viz_reply_text(lead, "id"));
}

static bool waiting(const json_t *lead)
{
	const char *state = viz_reply_text(lead, "state");

	return strcmp(state, "open") == 0 || strcmp(state, "closed") == 0;
}

static size_t answers(const json_t *lead)
{
	const json_t *peers = json_object_get(lead, "asked");
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(peers); i++)
		n += strcmp(viz_reply_text(json_array_get(peers, i), "answer"), "waiting") != 0;
	return n;
}

int viz_lead_view_wait(json_t **lead, const struct viz_cli *cli)
{
	size_t total = json_array_size(json_object_get(*lead, "asked"));
	bool shown = false;

	/* The partners answer within hours, and the call with the customer ends before. */
	if (waiting(*lead) &&
	    viz_reply_seconds(json_object_get(*lead, "closes_at")) > time(NULL) + WAIT_MS / 1000) {
		viz_print(cli, VIZ_MSG_WAIT_HOURS, viz_reply_text(*lead, "id"));
		return VIZ_EXIT_OK;
	}
	for (int ms = 0; waiting(*lead) && ms < WAIT_MS; ms += 250) {
		json_t *result;
		int status;

		fprintf(stderr, "\r%s %zu/%zu ", viz_msg(cli->lang, VIZ_MSG_WAITING_ANSWERS),
			answers(*lead), total);
		shown = true;
		usleep(250000);
		status = viz_client_ask(&result, cli, "lead.show",
					json_pack("{s:s}", "lead", viz_reply_text(*lead, "id")));
		if (status != VIZ_EXIT_OK)
			return status;
		json_decref(*lead);
		*lead = json_incref(json_object_get(result, "lead"));
		json_decref(result);
	}
	if (shown)
		fprintf(stderr, "\n");
	return VIZ_EXIT_OK;
}
