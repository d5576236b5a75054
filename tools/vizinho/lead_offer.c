#include "tools/vizinho/lead_offer.h"

#include <time.h>

#include "crypto/secret.h"
#include "proto/limits.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/lead_send.h"
#include "tools/vizinho/lead_view.h"
#include "tools/vizinho/lookup.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

/* Shows the lead that is open for this protocol number, if there is one, and asks whether a second
 * is meant. VIZ_EXIT_FAILED, printed: it is not. */
static int ask_again(json_t *args, const struct viz_cli *cli, const char *protocol)
{
	const bool otherwise = false;
	const json_t *lead;
	bool again = false;
	json_t *result;
	int status =
	    viz_client_ask(&result, cli, "lead.list", json_pack("{s:s}", "protocol", protocol));

	if (status != VIZ_EXIT_OK)
		return status;
	lead = json_array_get(json_object_get(result, "leads"), 0);
	if (lead != NULL) {
		viz_lead_view_one(cli, lead);
		status = (viz_ask_yes)(&again, cli, &otherwise, VIZ_MSG_ASK_AGAIN);
		if (status == VIZ_EXIT_OK && !again)
			status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_PROTOCOL_OPEN,
						 VIZ_MSG_PROTOCOL_OPEN, viz_reply_text(lead, "id"));
		if (strcmp(viz_reply_text(lead, "state"), "no-neighbour") == 0)
			/* it waits for this: the new one is the next */
			json_object_set(args, "previous", json_object_get(lead, "id"));
		else
			json_object_set_new(args, "again", json_true());
	}
	json_decref(result);
	return status;
}

/* First the cancellation: nothing that follows may delay it. */
static int ask_cancellation(json_t *args, const struct viz_cli *cli)
{
	char protocol[VIZ_REF_MAX + 1], when[32];
	int64_t ms;
	int status = viz_ask_line(protocol, sizeof protocol, cli, true, VIZ_MSG_ASK_PROTOCOL);

	if (status == VIZ_EXIT_OK)
		json_object_set_new(args, "protocol", json_string(protocol));
	if (status == VIZ_EXIT_OK && !json_is_true(json_object_get(args, "again")))
		status = ask_again(args, cli, protocol);
	while (status == VIZ_EXIT_OK) {
		status = viz_ask_line(when, sizeof when, cli, false, VIZ_MSG_ASK_CANCELLED);
		if (status != VIZ_EXIT_OK || when[0] == '\0')
			break;
		if (viz_person_time(&ms, when) == VIZ_OK && ms <= (int64_t)time(NULL) * 1000) {
			json_object_set_new(args, "cancelled_at", viz_person_time_json(ms));
			break;
		}
		viz_print_to(stderr, cli->lang, VIZ_MSG_BAD_TIME);
	}
	return status;
}

/* A street that was typed is kept for the installation; a point, a link or a postcode is none. */
static void keep_street(char street[VIZ_STREET_MAX + 1], const struct viz_place *place,
			const char *text)
{
	if (place->street)
		snprintf(street, VIZ_STREET_MAX + 1, "%s", text);
}

/* What is less than sure is not taken unasked. */
static int confirm_place(bool *right, const struct viz_cli *cli, const struct viz_place *place)
{
	viz_where_print(cli, place);
	*right = place->certainty == VIZ_PLACE_SURE;
	return *right ? VIZ_EXIT_OK : viz_ask_yes(right, cli, NULL, VIZ_MSG_ASK_RIGHT_PLACE);
}

/* Asks until a place is found, and is right. `text` holds VIZ_STREET_MAX + 1. */
static int read_place(struct viz_place *place, char *text, const struct viz_where *where)
{
	const struct viz_cli *cli = where->cli;
	char words[2048];
	bool right = false;
	int status = VIZ_EXIT_OK;

	while (status == VIZ_EXIT_OK && !right) {
		struct viz_place_trouble trouble = {0};

		status = viz_ask_line(text, VIZ_STREET_MAX + 1, cli, true, VIZ_MSG_ASK_NEW_ADDRESS);
		if (status != VIZ_EXIT_OK)
			break;
		if (viz_place_find(place, &trouble, where->gazetteer, where->points, text,
				   where->near) == VIZ_OK) {
			status = confirm_place(&right, cli, place);
		} else {
			viz_where_explain(words, sizeof words, cli, &trouble);
			fprintf(stderr, "%s\n", words);
		}
	}
	return status;
}

static int ask_place(struct viz_lookup *l, const struct viz_cli *cli,
		     char street[VIZ_STREET_MAX + 1])
{
	struct viz_where where;
	char text[VIZ_STREET_MAX + 1];
	struct viz_place place;
	json_t *json = NULL;
	int status = viz_where_open(&where, cli);

	if (status == VIZ_EXIT_OK) {
		viz_lookup_home(&where);
		status = read_place(&place, text, &where);
	}
	if (status == VIZ_EXIT_OK) {
		json = viz_where_json(&where, &place);
		keep_street(street, &place, text);
	}
	viz_secret_wipe(text, sizeof text);
	viz_where_close(&where);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_lookup_json(l, cli, json, NULL);
	json_decref(json);
	if (status == VIZ_EXIT_OK)
		l->place = place;
	return status;
}

/* Our own coverage comes before that of partners. */
static int ask_keep(bool *keep, const struct viz_cli *cli, const struct viz_lookup *l)
{
	bool serves = strcmp(viz_lookup_own(l), "yes") == 0;

	*keep = false;
	viz_lookup_print_own(cli, l);
	if (!serves && strcmp(viz_lookup_own(l), "analysis") != 0)
		return VIZ_EXIT_OK;
	return (viz_ask_yes)(keep, cli, &serves, serves ? VIZ_MSG_ASK_KEEP : VIZ_MSG_ASK_KEEP_NEAR);
}

/* Reads "1, 3": numbers of the partners that were shown, of which there are `drawn`. */
static bool read_strikes(json_t *strike, const json_t *partners, size_t drawn, const char *text)
{
	while (*text != '\0') {
		char *end;
		unsigned long n = strtoul(text, &end, 10);

		if (end == text || n < 1 || n > drawn)
			return false;
		json_array_append(strike, json_object_get(json_array_get(partners, n - 1), "id"));
		text = end + strspn(end, " ,;");
	}
	return true;
}

static void print_numbered(const struct viz_cli *cli, const struct viz_lookup *l)
{
	const json_t *partners = json_object_get(l->result, "partners");
	size_t drawn = viz_lookup_drawn(l);

	viz_print(cli, VIZ_MSG_DRAWN, (long long)viz_lookup_number(l));
	for (size_t i = 0; i < drawn; i++) {
		const json_t *p = json_array_get(partners, i);

		printf("  %zu. %s (%s; %s)\n", i + 1, viz_reply_peer(p),
		       viz_format_word(cli, viz_reply_text(p, "answers")),
		       viz_lookup_found(cli, p));
	}
}

/* Asks which of the drawn the customer strikes, and reads the draw again without them. */
static int ask_strikes(json_t *args, const struct viz_cli *cli, struct viz_lookup *l)
{
	const json_t *partners = json_object_get(l->result, "partners");
	char text[128];
	json_t *strike;
	int status;

	print_numbered(cli, l);
	for (;;) {
		status = viz_ask_line(text, sizeof text, cli, false, VIZ_MSG_ASK_STRIKE);
		if (status != VIZ_EXIT_OK || text[0] == '\0')
			return status;
		strike = json_array();
		if (read_strikes(strike, partners, viz_lookup_drawn(l), text))
			break;
		json_decref(strike);
		viz_print_to(stderr, cli->lang, VIZ_MSG_BAD_STRIKE, viz_lookup_drawn(l));
	}
	json_object_set_new(args, "strike", strike);
	return viz_lookup_again(l, cli, viz_lookup_number(l), strike);
}

/* There is nobody to ask. The lead is kept only when the customer agrees to be asked again. */
static int offer_none(json_t *args, const struct viz_cli *cli, const struct viz_lookup *l)
{
	const json_t *shown = json_object_get(l->result, "consent");
	const char *text = viz_reply_text(shown, "later_text");
	json_t *consent = NULL;
	int status = VIZ_EXIT_OK;
	bool yes = false;

	viz_lookup_print_partners(cli, l);
	if (text[0] != '\0')
		status = viz_person_ask_yes(&yes, cli, text);
	if (status == VIZ_EXIT_OK && yes)
		status = viz_person_ask_consent(&consent, cli);
	if (status != VIZ_EXIT_OK || !yes) {
		json_decref(args);
		return status == VIZ_EXIT_OK ? viz_person_refused(cli) : status;
	}
	json_object_set(consent, "language", json_object_get(shown, "language"));
	json_object_set(consent, "text", json_object_get(shown, "later_text"));
	json_object_set_new(args, "consent", consent);
	return viz_lead_send(cli, "lead.later", args, NULL);
}

/* With one partner everything fits one screen: both texts, each with an answer of its own, and the
 * contact data. Who says yes to the first question alone is asked for the contact later. */
static int ask_consent(json_t *args, bool *yes, const struct viz_cli *cli,
		       const struct viz_lookup *l, const char *street)
{
	const json_t *shown = json_object_get(l->result, "consent");
	const char *contact_text = viz_reply_text(shown, "contact_text");
	bool single = viz_lookup_asked(l) == 1 && contact_text[0] != '\0';
	json_t *consent = NULL, *contact = NULL;
	int status = viz_person_ask_yes(yes, cli, viz_reply_text(shown, "text"));

	if (status != VIZ_EXIT_OK || !*yes)
		return status;
	if (single)
		status = viz_person_ask_yes(&single, cli, contact_text);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_person_ask_consent(&consent, cli);
	if (status != VIZ_EXIT_OK)
		return status;
	json_object_set(consent, "language", json_object_get(shown, "language"));
	json_object_set(consent, "text", json_object_get(shown, "text"));
	json_object_set_new(args, "consent", consent);
	if (!single)
		return VIZ_EXIT_OK;
	json_object_set_new(consent, "contact_given", json_true());
	json_object_set(consent, "contact_text", json_object_get(shown, "contact_text"));
	status = viz_person_ask_contact(&contact, cli, NULL, street);
	if (status == VIZ_EXIT_OK)
		json_object_set_new(args, "contact", contact);
	return status;
}

/* The customer has heard names and wants none of it: the draw is burnt. */
static int refuse(const struct viz_cli *cli, const struct viz_lookup *l)
{
	int status = viz_lead_send_refusal(cli, viz_lookup_number(l));

	return status == VIZ_EXIT_OK ? viz_person_refused(cli) : status;
}

static int converse(json_t *args, const struct viz_cli *cli, struct viz_lookup *l,
		    const char *street)
{
	bool keep, yes = false;
	int status = ask_keep(&keep, cli, l);

	if (status == VIZ_EXIT_OK && keep && strcmp(viz_lookup_own(l), "yes") != 0) {
		/* no promise before the technician has looked */
		json_decref(args);
		viz_print(cli, VIZ_MSG_OWN_ANALYSIS);
		return VIZ_EXIT_OK;
	}
	if (status == VIZ_EXIT_OK && keep)
		return viz_lead_send(cli, "lead.keep", args, NULL);
	if (status == VIZ_EXIT_OK)
		status = viz_lookup_draw(l, cli);
	if (status == VIZ_EXIT_OK && viz_lookup_number(l) == 0)
		return offer_none(args, cli, l);
	if (status == VIZ_EXIT_OK)
		status = ask_strikes(args, cli, l);
	if (status == VIZ_EXIT_OK && viz_lookup_asked(l) > 0)
		status = ask_consent(args, &yes, cli, l, street);
	if (status == VIZ_EXIT_OK && yes) {
		json_object_set_new(args, "draw", json_integer(viz_lookup_number(l)));
		return viz_lead_send_offer(cli, args, street);
	}
	json_decref(args);
	return status == VIZ_EXIT_OK ? refuse(cli, l) : status;
}

int viz_lead_offer_ask(const struct viz_cli *cli, bool again)
{
	char street[VIZ_STREET_MAX + 1] = "";
	json_t *args = json_pack("{s:b}", "again", again);
	struct viz_lookup lookup;
	int status = ask_cancellation(args, cli);

	if (status == VIZ_EXIT_OK)
		status = ask_place(&lookup, cli, street);
	if (status != VIZ_EXIT_OK) {
		json_decref(args);
		return status;
	}
	json_object_set(args, "place", lookup.place_json);
	status = converse(args, cli, &lookup, street); /* takes args */
	viz_secret_wipe(street, sizeof street);
	viz_lookup_free(&lookup);
	return status;
}
