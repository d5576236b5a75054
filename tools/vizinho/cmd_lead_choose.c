/* `vizinho lead choose`: the second consent, which names the one partner and the fields. */
#include <strings.h>
#include <unistd.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/lead_view.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

#define DELIVERY_WAIT_MS 10000

static const struct viz_input_key choice_keys[] = {
    {"consent", VIZ_INPUT_OBJECT, true},
    {"contact", VIZ_INPUT_OBJECT, true},
    {NULL, VIZ_INPUT_TEXT, false},
};

/* Waits until the hand-off is acknowledged. If it takes longer, the daemon goes on sending it. */
static void wait_for_delivery(const struct viz_cli *cli, const char *lead)
{
	for (int ms = 0; ms < DELIVERY_WAIT_MS; ms += 250) {
		json_t *result;
		bool there;

		if (viz_client_ask(&result, cli, "lead.show", json_pack("{s:s}", "lead", lead)) !=
		    VIZ_EXIT_OK)
			return;
		there =
		    json_is_string(json_object_get(json_object_get(result, "lead"), "delivered"));
		if (there)
			viz_print(cli, VIZ_MSG_CHOICE_DELIVERED,
				  viz_reply_text(json_object_get(result, "lead"), "awarded_to"));
		json_decref(result);
		if (there)
			return;
		if (ms == 0)
			viz_print_hint(cli, VIZ_MSG_CHOICE_WAITING);
		usleep(250000);
	}
	viz_print(cli, VIZ_MSG_CHOICE_LATER);
}

/* Sends lead.choose; args is taken. */
static int choose(const struct viz_cli *cli, json_t *args)
{
	json_t *result;
	const json_t *lead;
	int status = viz_client_query(&result, cli, "lead.choose", args);

	if (result == NULL)
		return status;
	lead = json_object_get(result, "lead");
	if (json_is_string(json_object_get(lead, "awarded_to")) &&
	    strcmp(viz_reply_text(lead, "state"), "none-chosen") != 0) {
		viz_print(cli, VIZ_MSG_CHOSEN, viz_reply_text(lead, "awarded_to"));
		if (viz_reply_number(lead, "award") > 1)
			viz_print(cli, VIZ_MSG_CHOSEN_BEFORE);
		wait_for_delivery(cli, viz_reply_text(lead, "lead"));
	} else {
		viz_print(cli, VIZ_MSG_CHOSEN_NONE, viz_reply_text(lead, "lead"));
	}
	json_decref(result);
	return VIZ_EXIT_OK;
}

static int from_file(const struct viz_cli *cli, const char *lead, const char *peer,
		     const char *file)
{
	struct viz_input in;
	int status = viz_input_json(&in, cli, file);

	if (status != VIZ_EXIT_OK)
		return status;
	/* A customer who says no gives no contact data. */
	if (json_is_false(json_object_get(json_object_get(in.root, "consent"), "given"))) {
		viz_input_free(&in);
		return viz_person_refused(cli);
	}
	status = viz_input_check(&in, in.root, "", choice_keys);
	if (status == VIZ_EXIT_OK)
		status = viz_person_check_consent(&in, json_object_get(in.root, "consent"));
	if (status == VIZ_EXIT_OK)
		status = viz_person_check_contact(&in, json_object_get(in.root, "contact"));
	if (status == VIZ_EXIT_OK)
		status = choose(cli, json_pack("{s:s,s:s,s:O,s:O}", "lead", lead, "peer", peer,
					       "consent", json_object_get(in.root, "consent"),
					       "contact", json_object_get(in.root, "contact")));
	viz_input_free(&in);
	return status;
}

/* How well the peer of a proposal fits: 2 for its whole name or id, 1 for a part of its name or of
 * its label. */
static int fits(const json_t *p, const char *peer)
{
	const char *name = viz_reply_text(p, "name"), *id = viz_reply_text(p, "id");

	if (strcasecmp(name, peer) == 0 || strcmp(id, peer) == 0)
		return 2;
	return strcasestr(viz_reply_peer(p), peer) != NULL;
}

/* The one proposal that `peer` means; NULL when it means none or several. */
static const json_t *find(bool *several, const json_t *result, const char *peer)
{
	const json_t *list = json_object_get(result, "proposals"), *found = NULL;

	*several = false;
	for (int wanted = 2; found == NULL && wanted > 0; wanted--) {
		for (size_t i = 0; i < json_array_size(list); i++) {
			const json_t *p = json_array_get(list, i);

			if (fits(p, peer) < wanted)
				continue;
			*several |= found != NULL;
			found = p;
		}
	}
	return *several ? NULL : found;
}

static int converse(const struct viz_cli *cli, const char *lead, const char *peer,
		    const json_t *proposal)
{
	json_t *consent = NULL, *contact = NULL;
	bool yes = false;
	int status = viz_person_ask_yes(&yes, cli, viz_reply_text(proposal, "consent_text"));

	if (status != VIZ_EXIT_OK)
		return status;
	if (!yes)
		return viz_person_refused(cli);
	status = viz_person_ask_consent(&consent, cli);
	if (status == VIZ_EXIT_OK)
		status = viz_person_ask_contact(&contact, cli, json_object_get(proposal, "plans"));
	if (status != VIZ_EXIT_OK) {
		json_decref(consent);
		return status;
	}
	json_object_set(consent, "text", json_object_get(proposal, "consent_text"));
	return choose(cli, json_pack("{s:s,s:s,s:o,s:o}", "lead", lead, "peer", peer, "consent",
				     consent, "contact", contact));
}

static int from_terminal(const struct viz_cli *cli, const char *lead, const char *peer)
{
	const json_t *proposal;
	json_t *result;
	bool several;
	int status =
	    viz_client_ask(&result, cli, "lead.proposals", json_pack("{s:s}", "lead", lead));

	if (status != VIZ_EXIT_OK)
		return status;
	proposal = find(&several, result, peer);
	if (several || proposal == NULL) {
		viz_lead_view_proposals(cli, result, false);
		status = viz_print_error(cli, VIZ_EXIT_FAILED,
					 several ? "ambiguous" : "no-such-proposal",
					 VIZ_MSG_NO_PROPOSAL_OF, peer);
	} else {
		status = converse(cli, lead, viz_reply_text(proposal, "id"), proposal);
	}
	json_decref(result);
	return status;
}

int viz_cmd_lead_choose(const struct viz_cli *cli, int argc, char **argv)
{
	const char *file = NULL;
	bool none = false;
	const struct viz_arg options[] = {
	    {"file", &file, NULL}, {"none", NULL, &none}, {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 2))
		return status;
	if (none == (words.count == 2) || (none && file != NULL))
		return viz_help_error(cli, VIZ_MSG_PEER_OR_NONE, "");
	if (none)
		return choose(cli, json_pack("{s:s,s:b}", "lead", words.word[0], "none", 1));
	if (file == NULL && viz_ask_terminal())
		return from_terminal(cli, words.word[0], words.word[1]);
	return from_file(cli, words.word[0], words.word[1], file);
}
