#include "tools/vizinho/lead_view.h"

#include <time.h>
#include <unistd.h>

#include "tools/vizinho/plan_table.h"
#include "tools/vizinho/where.h"

#define WAIT_MS 60000

static void row(struct viz_grid *g, const struct viz_cli *cli, enum viz_say_id name,
		const char *value)
{
	viz_grid_add(g, viz_say_text(cli->lang, name));
	viz_grid_add(g, value[0] != '\0' ? value : "-");
}

static void time_row(struct viz_grid *g, const struct viz_cli *cli, enum viz_say_id name,
		     const json_t *time)
{
	char text[VIZ_TELL_MAX];

	if (!json_is_string(time))
		return;
	viz_tell_time(text, cli, time);
	row(g, cli, name, text);
}

static void town(char *out, size_t max, const struct viz_cli *cli, const json_t *lead)
{
	struct viz_where where = {.cli = cli};

	if (viz_gazetteer_open(&where.gazetteer, NULL) != VIZ_OK)
		where.gazetteer = NULL;
	viz_where_name(out, max, &where, viz_tell_number(lead, "municipality"));
	viz_where_close(&where);
}

static void asked(const struct viz_cli *cli, const json_t *peers)
{
	static const enum viz_say_id heads[] = {VIZ_SAY_HEAD_ASKED, VIZ_SAY_HEAD_ANSWER,
						VIZ_SAY_HEAD_PROPOSAL, VIZ_SAY_HEAD_CONTACT,
						VIZ_SAY_HEAD_ERASED};
	static const char *const flags[] = {"revealed", "awarded", "erased"};
	struct viz_grid g;
	json_t *p;
	size_t i;

	if (json_array_size(peers) == 0)
		return;
	viz_tell_gap(cli);
	viz_tell_heads(&g, cli, heads, 5);
	json_array_foreach(peers, i, p)
	{
		viz_grid_add(&g, viz_tell_peer(p));
		viz_grid_add(&g, viz_tell_word(cli, viz_tell_text(p, "answer")));
		for (size_t f = 0; f < 3; f++)
			viz_grid_add(&g, viz_say_text(cli->lang, viz_tell_true(p, flags[f])
								     ? VIZ_SAY_YES
								     : VIZ_SAY_NO));
	}
	viz_tell_print(&g);
}

static bool given_back(const json_t *lead)
{
	static const char *const held[] = {"awarded", "delivered", "contacted"};

	for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
		if (strcmp(viz_tell_text(lead, "state"), held[i]) == 0)
			return viz_tell_true(lead, "released");
	return false;
}

const char *viz_lead_view_state(const struct viz_cli *cli, const json_t *lead)
{
	return given_back(lead) ? viz_say_text(cli->lang, VIZ_SAY_GIVEN_BACK)
				: viz_tell_word(cli, viz_tell_text(lead, "state"));
}

void viz_lead_view_one(const struct viz_cli *cli, const json_t *lead)
{
	char where[VIZ_GAZETTEER_NAME_BYTES + 8], days[24];
	struct viz_grid g;

	town(where, sizeof where, cli, lead);
	viz_grid_init(&g, 2);
	row(&g, cli, VIZ_SAY_HEAD_LEAD, viz_tell_text(lead, "lead"));
	row(&g, cli, VIZ_SAY_HEAD_STATE, viz_lead_view_state(cli, lead));
	row(&g, cli, VIZ_SAY_HEAD_PROTOCOL, viz_tell_text(lead, "protocol"));
	row(&g, cli, VIZ_SAY_HEAD_TOWN, where);
	time_row(&g, cli, VIZ_SAY_HEAD_CANCELLED, json_object_get(lead, "cancelled"));
	if (json_is_string(json_object_get(lead, "awarded_to"))) {
		row(&g, cli, VIZ_SAY_HEAD_CHOSEN, viz_tell_text(lead, "awarded_to"));
		time_row(&g, cli, VIZ_SAY_HEAD_DELIVERED, json_object_get(lead, "delivered"));
		time_row(&g, cli, VIZ_SAY_HEAD_CONTACTED, json_object_get(lead, "contacted"));
		time_row(&g, cli, VIZ_SAY_HEAD_LATEST, json_object_get(lead, "latest"));
	}
	if (viz_tell_number(lead, "days_offline") > 0) {
		snprintf(days, sizeof days, "%lld",
			 (long long)viz_tell_number(lead, "days_offline"));
		row(&g, cli, VIZ_SAY_HEAD_OFFLINE, days);
	}
	viz_tell_print(&g);
	if (viz_tell_true(lead, "neighbour_came"))
		viz_tell(cli, VIZ_SAY_NEIGHBOUR_CAME);
	asked(cli, json_object_get(lead, "eligible"));
	if (given_back(lead))
		viz_tell(cli, VIZ_SAY_GIVEN_BACK_NEXT, viz_tell_text(lead, "awarded_to"),
			 viz_tell_text(lead, "lead"), viz_tell_text(lead, "lead"));
}

void viz_lead_view_list(const struct viz_cli *cli, const json_t *leads)
{
	static const enum viz_say_id heads[] = {
	    VIZ_SAY_HEAD_LEAD,     VIZ_SAY_HEAD_STATE,  VIZ_SAY_HEAD_PROTOCOL, VIZ_SAY_HEAD_TOWN,
	    VIZ_SAY_HEAD_ANSWERED, VIZ_SAY_HEAD_CHOSEN, VIZ_SAY_HEAD_CREATED};
	struct viz_where where = {.cli = cli};
	struct viz_grid g;
	json_t *lead;
	size_t i;

	if (json_array_size(leads) == 0) {
		viz_tell(cli, VIZ_SAY_LEAD_NONE);
		return;
	}
	if (viz_gazetteer_open(&where.gazetteer, NULL) != VIZ_OK)
		where.gazetteer = NULL;
	viz_tell_heads(&g, cli, heads, 7);
	json_array_foreach(leads, i, lead)
	{
		const json_t *peers = json_object_get(lead, "eligible");
		char name[VIZ_GAZETTEER_NAME_BYTES + 8], count[48];
		size_t answered = 0;

		for (size_t k = 0; k < json_array_size(peers); k++)
			answered += strcmp(viz_tell_text(json_array_get(peers, k), "answer"),
					   "waiting") != 0;
		viz_where_name(name, sizeof name, &where, viz_tell_number(lead, "municipality"));
		snprintf(count, sizeof count, "%zu/%zu", answered, json_array_size(peers));
		viz_grid_add(&g, viz_tell_text(lead, "lead"));
		viz_grid_add(&g, viz_tell_true(lead, "neighbour_came")
				     ? viz_tell_word(cli, "neighbour-came")
				     : viz_lead_view_state(cli, lead));
		viz_grid_add(&g, viz_tell_text(lead, "protocol"));
		viz_grid_add(&g, name);
		viz_grid_add(&g, count);
		viz_grid_add(&g, viz_tell_text(lead, "awarded_to"));
		viz_tell_cell_time(&g, cli, json_object_get(lead, "created"));
	}
	viz_tell_print(&g);
	viz_where_close(&where);
}

void viz_lead_view_proposals(const struct viz_cli *cli, const json_t *result, bool texts)
{
	const json_t *list = json_object_get(result, "proposals");
	const json_t *lead = json_object_get(result, "lead");
	json_t *p, *plan;
	size_t i, k;

	if (json_array_size(list) == 0) {
		viz_tell(cli, VIZ_SAY_PROPOSAL_NONE, viz_lead_view_state(cli, lead));
		return;
	}
	viz_tell(cli, VIZ_SAY_PROPOSAL_ORDER);
	json_array_foreach(list, i, p)
	{
		const json_t *plans = json_object_get(p, "plans");
		struct viz_grid g;

		viz_tell_gap(cli);
		viz_tell(cli, VIZ_SAY_PROPOSAL_ONE, (int)viz_tell_number(p, "position"),
			 viz_tell_peer(p), viz_tell_word(cli, viz_tell_text(p, "answer")));
		if (json_array_size(plans) > 0) {
			viz_plan_table_heads(&g, cli);
			json_array_foreach(plans, k, plan) viz_plan_table_row(&g, cli, plan);
			viz_tell_print(&g);
		} else {
			viz_tell(cli, VIZ_SAY_PROPOSAL_NO_PLANS);
		}
		if (texts)
			viz_tell_aloud(cli, VIZ_SAY_CONSENT_TEXT, viz_tell_text(p, "consent_text"));
	}
	if (strcmp(viz_tell_text(lead, "state"), "choosing") != 0)
		return;
	viz_tell_gap(cli);
	viz_tell(cli, VIZ_SAY_PROPOSAL_NEXT, viz_tell_text(lead, "lead"),
		 viz_tell_text(lead, "lead"));
}

static bool waiting(const json_t *lead)
{
	const char *state = viz_tell_text(lead, "state");

	return strcmp(state, "open") == 0 || strcmp(state, "closed") == 0;
}

static size_t answers(const json_t *lead)
{
	const json_t *peers = json_object_get(lead, "eligible");
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(peers); i++)
		n += strcmp(viz_tell_text(json_array_get(peers, i), "answer"), "waiting") != 0;
	return n;
}

int viz_lead_view_wait(json_t **lead, const struct viz_cli *cli)
{
	size_t total = json_array_size(json_object_get(*lead, "eligible"));
	bool shown = false;

	/* A window of hours: people answer, and the call with the customer ends before. */
	if (waiting(*lead) &&
	    viz_tell_seconds(json_object_get(*lead, "closes")) > time(NULL) + WAIT_MS / 1000) {
		viz_tell(cli, VIZ_SAY_WAIT_HOURS, viz_tell_text(*lead, "lead"));
		return VIZ_EXIT_OK;
	}
	for (int ms = 0; waiting(*lead) && ms < WAIT_MS; ms += 250) {
		json_t *result;
		int status;

		fprintf(stderr, "\r%s %zu/%zu ", viz_say_text(cli->lang, VIZ_SAY_WAITING_ANSWERS),
			answers(*lead), total);
		shown = true;
		usleep(250000);
		status = viz_client_ask(&result, cli, "lead.show",
					json_pack("{s:s}", "lead", viz_tell_text(*lead, "lead")));
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
