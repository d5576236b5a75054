#include "tools/vizinho/choice.h"

#include <strings.h>
#include <unistd.h>

#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/lead_view.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

#define DELIVERY_WAIT_MS 10000
#define RELEASE_WAIT_MS  10000 /* without a person at the terminal */
#define STEP_MS          250

/* Waits until the hand-off is acknowledged. If it takes longer, the daemon goes on sending it. */
static void wait_for_delivery(const struct viz_cli *cli, const char *lead)
{
	for (int ms = 0; ms < DELIVERY_WAIT_MS; ms += STEP_MS) {
		json_t *result;
		bool there;

		if (viz_client_ask(&result, cli, "lead.show", json_pack("{s:s}", "lead", lead)) !=
		    VIZ_EXIT_OK)
			return;
		there = json_object_get(json_object_get(result, "lead"), "delivered_at") != NULL;
		if (there)
			viz_print(cli, VIZ_MSG_CHOICE_DELIVERED,
				  viz_reply_name(json_object_get(result, "lead"), "awarded_to"));
		json_decref(result);
		if (there)
			return;
		if (ms == 0)
			viz_print_hint(cli, VIZ_MSG_CHOICE_WAITING);
		usleep(STEP_MS * 1000);
	}
	viz_print(cli, VIZ_MSG_CHOICE_LATER);
}

int viz_choice_send(const struct viz_cli *cli, json_t *args)
{
	json_t *result;
	const json_t *lead;
	int status = viz_client_query(&result, cli, "lead.choose", args);

	if (result == NULL)
		return status;
	lead = json_object_get(result, "lead");
	if (json_object_get(lead, "awarded_to") != NULL &&
	    strcmp(viz_reply_text(lead, "state"), "none-chosen") != 0) {
		viz_print(cli, VIZ_MSG_CHOSEN, viz_reply_name(lead, "awarded_to"));
		if (viz_reply_number(lead, "award") > 1)
			viz_print(cli, VIZ_MSG_CHOSEN_BEFORE);
		wait_for_delivery(cli, viz_reply_text(lead, "id"));
	} else {
		viz_print(cli, VIZ_MSG_CHOSEN_NONE, viz_reply_text(lead, "id"));
	}
	json_decref(result);
	return VIZ_EXIT_OK;
}

/* What the choice waits for, "" when it is open. *result is a new reference. */
static int check(json_t **result, const char **waits, const struct viz_cli *cli, const char *op,
		 const char *lead)
{
	int status = viz_client_ask(result, cli, op, json_pack("{s:s}", "lead", lead));

	if (status == VIZ_EXIT_OK)
		*waits = viz_reply_text(json_object_get(*result, "choice"), "waits_for");
	return status;
}

/* The holder of the contact is told to let go, when the customer wants that. */
static int recall(const struct viz_cli *cli, const json_t *result, bool confirmed)
{
	const json_t *lead = json_object_get(result, "lead");
	const char *waits, *number = viz_reply_text(lead, "id");
	char until[VIZ_FORMAT_MAX];
	json_t *after;
	bool yes = confirmed || !viz_ask_terminal();
	int status = VIZ_EXIT_OK;

	if (viz_reply_true(lead, "recalled"))
		return VIZ_EXIT_OK;
	viz_format_time(until, cli, json_object_get(json_object_get(result, "choice"), "until"));
	if (!yes)
		status = viz_ask_yes(&yes, cli, NULL, VIZ_MSG_ASK_RECALL,
				     viz_reply_name(lead, "awarded_to"), until);
	if (status != VIZ_EXIT_OK)
		return status;
	if (!yes)
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_CONFIRMED,
				       VIZ_MSG_NOT_CONFIRMED);
	status = check(&after, &waits, cli, "lead.recall", number);
	if (status == VIZ_EXIT_OK)
		json_decref(after);
	return status;
}

/* Why the choice waits, once. */
static void say_waiting(const struct viz_cli *cli, const json_t *result, const char *waits)
{
	char until[VIZ_FORMAT_MAX];

	viz_format_time(until, cli, json_object_get(json_object_get(result, "choice"), "until"));
	if (strcmp(waits, "holder") == 0)
		viz_print_hint(cli, VIZ_MSG_WAITING_HOLDER,
			       viz_reply_name(json_object_get(result, "lead"), "awarded_to"),
			       until);
	else if (strcmp(waits, "unheard") == 0)
		viz_print_hint(cli, VIZ_MSG_WAITING_UNHEARD,
			       viz_reply_name(json_object_get(result, "lead"), "awarded_to"));
	else
		viz_print_hint(cli, VIZ_MSG_WAITING_LINK);
}

/* Whether waiting for this helps. */
static bool may_come(const char *waits)
{
	return strcmp(waits, "holder") == 0 || strcmp(waits, "unheard") == 0 ||
	       strcmp(waits, "link") == 0;
}

/* Waits until the choice is open. */
static int wait_open(const struct viz_cli *cli, const char *lead)
{
	const bool person = viz_ask_terminal();

	for (int64_t ms = 0;; ms += STEP_MS) {
		const char *waits;
		json_t *result;
		bool goes_on;
		int status = check(&result, &waits, cli, "lead.choice", lead);

		if (status != VIZ_EXIT_OK)
			return status;
		goes_on = may_come(waits) && (person || ms < RELEASE_WAIT_MS);
		if (goes_on && ms == 4 * STEP_MS)
			say_waiting(cli, result, waits);
		json_decref(result);
		if (!goes_on)
			return VIZ_EXIT_OK;
		usleep(STEP_MS * 1000);
	}
}

/* Checks whether there is a choice to make. At a terminal it waits for the proposals; *later: they
 * come within hours, which was said. A holder is recalled. */
static int begin(bool *later, const struct viz_cli *cli, const char *number, bool confirmed)
{
	const char *waits;
	json_t *result, *lead;
	int status = check(&result, &waits, cli, "lead.choice", number);

	*later = false;
	if (status != VIZ_EXIT_OK)
		return status;
	if (strcmp(waits, "holder") == 0) {
		status = recall(cli, result, confirmed);
	} else if (strcmp(waits, "proposals") == 0 && viz_ask_terminal()) {
		lead = json_incref(json_object_get(result, "lead"));
		status = viz_lead_view_wait(&lead, cli);
		*later =
		    status == VIZ_EXIT_OK && strcmp(viz_reply_text(lead, "state"), "choosing") != 0;
		json_decref(lead);
	} else if (strcmp(waits, "over") == 0 || strcmp(waits, "proposals") == 0) {
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_NOW, VIZ_MSG_NO_CHOICE,
					 number,
					 viz_lead_view_state(cli, json_object_get(result, "lead")));
	}
	json_decref(result);
	return status;
}

int viz_choice_ready(const struct viz_cli *cli, const char *lead, bool confirmed)
{
	bool later;
	int status = begin(&later, cli, lead, confirmed);

	return status == VIZ_EXIT_OK ? wait_open(cli, lead) : status;
}

int viz_choice_confirm_none(const struct viz_cli *cli, const char *number)
{
	const char *waits;
	const json_t *lead;
	json_t *result;
	int status = check(&result, &waits, cli, "lead.choice", number);

	if (status != VIZ_EXIT_OK)
		return status;
	lead = json_object_get(result, "lead");
	if (strcmp(waits, "over") != 0) {
		if (!cli->json && viz_lead_view_held(lead))
			viz_print(cli, VIZ_MSG_NONE_HOLDER, viz_reply_name(lead, "awarded_to"));
		if (!cli->json)
			viz_print(cli, VIZ_MSG_NONE_END);
		status = viz_ask_confirm(cli, false, VIZ_MSG_NONE_SURE, number);
	}
	json_decref(result);
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
static const json_t *find(bool *several, const json_t *list, const char *peer)
{
	const json_t *found = NULL;

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

static int no_proposal_of(const struct viz_cli *cli, bool several, const char *peer)
{
	return viz_print_error(cli, VIZ_EXIT_FAILED,
			       several ? VIZ_CODE_AMBIGUOUS : VIZ_CODE_NO_SUCH_PROPOSAL,
			       VIZ_MSG_NO_PROPOSAL_OF, peer);
}

bool viz_choice_knows(const struct viz_cli *cli, const char *lead, const char *peer)
{
	struct viz_cli quiet = *cli;
	const json_t *list, *proposal;
	bool several = false, knows;
	json_t *result;

	quiet.quiet = true;
	/* what is wrong with the lead itself is told where the choice is checked */
	if (viz_client_ask(&result, &quiet, "lead.proposals", json_pack("{s:s}", "lead", lead)) !=
	    VIZ_EXIT_OK)
		return true;
	list = json_object_get(result, "proposals");
	proposal = find(&several, list, peer);
	knows = json_array_size(list) == 0 || proposal != NULL;
	if (!knows)
		no_proposal_of(cli, several, peer);
	if (proposal != NULL && strcmp(viz_reply_id(json_object_get(result, "lead"), "awarded_to"),
				       viz_reply_text(proposal, "id")) == 0) {
		viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_NOW, VIZ_MSG_CHOSEN_ALREADY,
				viz_reply_peer(proposal), lead, lead);
		knows = false;
	}
	json_decref(result);
	return knows;
}

int viz_choice_refused(const struct viz_cli *cli, const char *lead, const char *peer)
{
	if (cli->json)
		return viz_person_refused(cli);
	viz_print(cli, VIZ_MSG_CONTACT_REFUSED, peer, lead);
	return VIZ_EXIT_OK;
}

/* Asks for the number of a proposal. *out NULL: the customer chooses later; *none: nobody. */
static int ask_which(const json_t **out, bool *none, const struct viz_cli *cli, const json_t *list)
{
	size_t n = json_array_size(list);
	char text[VIZ_FORMAT_MAX];
	bool several;
	int status;

	*out = NULL;
	*none = false;
	for (;;) {
		status = viz_ask_line(text, sizeof text, cli, false, VIZ_MSG_ASK_WHICH);
		if (status != VIZ_EXIT_OK || text[0] == '\0')
			return status;
		if (strspn(text, "0123456789") != strlen(text))
			*out = find(&several, list, text);
		else if (strtoul(text, NULL, 10) <= n && strtoul(text, NULL, 10) > 0)
			*out = json_array_get(list, strtoul(text, NULL, 10) - 1);
		*none = strcmp(text, "0") == 0;
		if (*none || *out != NULL)
			return VIZ_EXIT_OK;
		viz_print_to(stderr, cli->lang, VIZ_MSG_NO_PROPOSAL_OF, text);
	}
}

/* The contact that the customer gave for an earlier choice, or a new one; *contact stays NULL for
 * the former. */
static int ask_contact(json_t **contact, const struct viz_cli *cli, const json_t *result,
		       const json_t *proposal, const struct viz_choice_known *known)
{
	const json_t *lead = json_object_get(result, "lead");
	const bool otherwise = true;
	bool same = false;
	int status = VIZ_EXIT_OK;

	if (known->contact != NULL) {
		*contact = json_deep_copy(known->contact);
		return VIZ_EXIT_OK;
	}
	if (viz_reply_true(lead, "holds_contact"))
		status = viz_ask_yes(&same, cli, &otherwise, VIZ_MSG_ASK_SAME_CONTACT);
	if (status == VIZ_EXIT_OK && !same)
		status = viz_person_ask_contact(contact, cli, json_object_get(proposal, "plans"),
						known->street);
	return status;
}

/* Sends the choice again until it is taken, or until the agent gives up: what was typed stays. */
static int send_patiently(const struct viz_cli *cli, const char *lead, const json_t *args)
{
	const bool otherwise = true;

	for (;;) {
		bool again = false;
		int status = wait_open(cli, lead);

		if (status == VIZ_EXIT_OK)
			status = viz_choice_send(cli, json_deep_copy(args));
		if (status == VIZ_EXIT_OK ||
		    viz_ask_yes(&again, cli, &otherwise, VIZ_MSG_ASK_SEND_AGAIN) != VIZ_EXIT_OK ||
		    !again)
			return status;
	}
}

/* *no: the customer gives this one no contact, which was answered. */
static int agree(bool *no, const struct viz_cli *cli, const json_t *result, const json_t *proposal,
		 const struct viz_choice_known *known)
{
	const char *lead = viz_reply_text(json_object_get(result, "lead"), "id");
	json_t *consent = NULL, *contact = NULL, *args;
	const char *text = viz_reply_text(proposal, "consent_text");
	bool yes = known->agreed != NULL && strcmp(known->agreed, text) == 0;
	int status = yes ? VIZ_EXIT_OK : viz_person_ask_yes(&yes, cli, text);

	*no = status == VIZ_EXIT_OK && !yes;
	if (*no) {
		viz_lead_view_call(cli, json_object_get(result, "lead"), proposal);
		return viz_choice_refused(cli, lead, viz_reply_peer(proposal));
	}
	if (status == VIZ_EXIT_OK && known->consent != NULL)
		consent = json_pack("{s:b,s:O,s:O}", "given", 1, "channel",
				    json_object_get(known->consent, "channel"), "evidence",
				    json_object_get(known->consent, "evidence"));
	else if (status == VIZ_EXIT_OK)
		status = viz_person_ask_consent(&consent, cli);
	if (status == VIZ_EXIT_OK)
		status = ask_contact(&contact, cli, result, proposal, known);
	if (status == VIZ_EXIT_OK) {
		json_object_set(consent, "text", json_object_get(proposal, "consent_text"));
		args = json_pack("{s:s,s:O,s:O,s:O*}", "lead", lead, "peer",
				 json_object_get(proposal, "id"), "consent", consent, "contact",
				 contact);
		status = send_patiently(cli, lead, args);
		json_decref(args);
	}
	json_decref(consent);
	json_decref(contact);
	return status;
}

/* The customer takes one of the proposals. */
static int choose(const struct viz_cli *cli, const json_t *result, const char *peer,
		  const struct viz_choice_known *known)
{
	const json_t *list = json_object_get(result, "proposals"), *proposal = NULL;
	const char *lead = viz_reply_text(json_object_get(result, "lead"), "id");
	bool several = false, none = false, no;
	int status = VIZ_EXIT_OK;

	if (peer != NULL)
		proposal = find(&several, list, peer);
	if (proposal != NULL)
		return agree(&no, cli, result, proposal, known);
	viz_lead_view_proposals(cli, result, false);
	if (peer != NULL)
		return no_proposal_of(cli, several, peer);
	if (json_array_size(list) == 0)
		return VIZ_EXIT_OK;
	/* whoever gives one partner no contact may choose another one */
	do {
		status = ask_which(&proposal, &none, cli, list);
		if (status == VIZ_EXIT_OK && none)
			return viz_choice_send(cli,
					       json_pack("{s:s,s:b}", "lead", lead, "none", 1));
		if (status != VIZ_EXIT_OK || proposal == NULL)
			return status;
		status = agree(&no, cli, result, proposal, known);
	} while (status == VIZ_EXIT_OK && no);
	return status;
}

int viz_choice_converse(const struct viz_cli *cli, const char *lead, const char *peer,
			const struct viz_choice_known *known)
{
	json_t *result;
	bool later;
	int status;

	if (peer != NULL && !viz_choice_knows(cli, lead, peer))
		return VIZ_EXIT_FAILED;
	status = begin(&later, cli, lead, false);
	if (status != VIZ_EXIT_OK || later)
		return status;
	status = viz_client_ask(&result, cli, "lead.proposals", json_pack("{s:s}", "lead", lead));
	if (status != VIZ_EXIT_OK)
		return status;
	status = choose(cli, result, peer, known);
	json_decref(result);
	return status;
}
