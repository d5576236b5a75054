#include "tools/vizinho/lead_send.h"

#include "tools/vizinho/ask.h"
#include "tools/vizinho/choice.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/lead_view.h"
#include "tools/vizinho/lookup.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

int viz_lead_send(const struct viz_cli *cli, const char *op, json_t *args, const json_t *members)
{
	json_t *result, *lead;
	int status = viz_client_ask(&result, cli, op, args);

	if (status != VIZ_EXIT_OK) {
		if (!cli->json)
			viz_lookup_print_members(cli, members);
		return status;
	}
	lead = json_incref(json_object_get(result, "lead"));
	if (strcmp(viz_reply_text(lead, "state"), "no-neighbour") != 0)
		members = NULL;
	if (cli->json) {
		if (json_array_size(members) > 0)
			json_object_set_new(result, "members", json_deep_copy(members));
		viz_print_json_new(result);
		json_decref(lead);
		return VIZ_EXIT_OK;
	}
	json_decref(result);
	viz_print(cli, VIZ_MSG_LEAD_MADE, viz_reply_text(lead, "id"),
		  viz_format_word(cli, viz_reply_text(lead, "state")));
	if (viz_ask_terminal())
		status = viz_lead_view_wait(&lead, cli);
	if (status == VIZ_EXIT_OK)
		viz_lead_view_one(cli, lead);
	viz_lookup_print_members(cli, members);
	if (status == VIZ_EXIT_OK && !viz_ask_terminal() &&
	    strcmp(viz_reply_text(lead, "state"), "open") == 0)
		viz_print(cli, VIZ_MSG_OFFER_NEXT, viz_reply_text(lead, "id"));
	if (status == VIZ_EXIT_OK && strcmp(viz_reply_text(lead, "state"), "choosing") == 0) {
		viz_print_blank(cli);
		status = viz_client_ask(&result, cli, "lead.proposals",
					json_pack("{s:s}", "lead", viz_reply_text(lead, "id")));
		if (status == VIZ_EXIT_OK) {
			viz_lead_view_proposals(cli, result, false);
			viz_lead_view_next(cli, json_object_get(result, "lead"));
			json_decref(result);
		}
	}
	json_decref(lead);
	return status;
}

/* The proposals have come: the customer chooses, on the same call. */
static int go_on(const struct viz_cli *cli, const json_t *lead, const json_t *args,
		 const char *street)
{
	const json_t *consent = json_object_get(args, "consent");
	const json_t *agreed = json_object_get(consent, "contact_text");
	const char *state = viz_reply_text(lead, "state");

	if (strcmp(state, "choosing") == 0)
		return viz_choice_converse(
		    cli, viz_reply_text(lead, "id"), NULL,
		    &(struct viz_choice_known){.consent = consent,
					       .street = street,
					       .contact = json_object_get(args, "contact"),
					       .agreed = json_string_value(agreed)});
	viz_lead_view_one(cli, lead);
	return VIZ_EXIT_OK;
}

int viz_lead_send_offer(const struct viz_cli *cli, json_t *args, const char *street)
{
	json_t *result, *lead;
	int status = viz_client_ask(&result, cli, "lead.offer", json_incref(args));

	if (status != VIZ_EXIT_OK) {
		json_decref(args);
		return status;
	}
	lead = json_incref(json_object_get(result, "lead"));
	json_decref(result);
	viz_print(cli, VIZ_MSG_LEAD_MADE, viz_reply_text(lead, "id"),
		  viz_format_word(cli, viz_reply_text(lead, "state")));
	status = viz_lead_view_wait(&lead, cli);
	if (status == VIZ_EXIT_OK)
		status = go_on(cli, lead, args, street);
	json_decref(lead);
	json_decref(args);
	return status;
}

int viz_lead_send_refusal(const struct viz_cli *cli, int64_t draw)
{
	json_t *result;
	int status = viz_client_ask(&result, cli, "lead.refuse",
				    json_pack("{s:I}", "draw", (json_int_t)draw));

	if (status == VIZ_EXIT_OK)
		json_decref(result);
	return status;
}
