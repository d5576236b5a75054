/* `vizinho lead offer`, in the order of the job: the cancellation, our own coverage, the consent. A
 * no is one word and stores nothing. */
#include <time.h>

#include "proto/statement.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/lead_offer.h"
#include "tools/vizinho/lead_send.h"
#include "tools/vizinho/lookup.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

static const struct viz_input_key offer_keys[] = {
    {"protocol", VIZ_INPUT_TEXT, true},   {"cancelled_at", VIZ_INPUT_TEXT, false},
    {"address", VIZ_INPUT_TEXT, false},   {"place", VIZ_INPUT_OBJECT, false},
    {"service", VIZ_INPUT_TEXT, false},   {"month", VIZ_INPUT_TEXT, false},
    {"previous", VIZ_INPUT_TEXT, false},  {"strike", VIZ_INPUT_TEXTS, false},
    {"draw", VIZ_INPUT_NUMBER, false},    {"keep", VIZ_INPUT_FLAG, false},
    {"consent", VIZ_INPUT_OBJECT, false}, {"contact", VIZ_INPUT_OBJECT, false},
    {"later", VIZ_INPUT_FLAG, false},     {"confirmed", VIZ_INPUT_FLAG, false},
    {NULL, VIZ_INPUT_TEXT, false},
};

static const struct viz_input_key place_keys[] = {
    {"municipality", VIZ_INPUT_OBJECT, true},
    {"cep", VIZ_INPUT_NUMBER, false},
    {"lat_udeg", VIZ_INPUT_NUMBER, false},
    {"lon_udeg", VIZ_INPUT_NUMBER, false},
    {"precision_m", VIZ_INPUT_NUMBER, false},
    {"cell", VIZ_INPUT_NUMBER, false},
    {NULL, VIZ_INPUT_TEXT, false},
};

static int check(const struct viz_input *in)
{
	const json_t *place = json_object_get(in->root, "place");
	const json_t *consent = json_object_get(in->root, "consent");
	const json_t *contact = json_object_get(in->root, "contact");
	int status = viz_input_check(in, in->root, "", offer_keys);

	if (status == VIZ_EXIT_OK && place != NULL)
		status = viz_input_check(in, place, "place", place_keys);
	if (status == VIZ_EXIT_OK && consent != NULL)
		status = viz_person_check_consent(in, consent);
	if (status == VIZ_EXIT_OK && contact != NULL)
		status = viz_person_check_contact(in, contact);
	if (status != VIZ_EXIT_OK)
		return status;
	if ((place == NULL) == (json_object_get(in->root, "address") == NULL))
		return viz_print_error(in->cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, VIZ_MSG_ONE_PLACE,
				       in->name);
	if (consent == NULL && !viz_reply_true(in->root, "keep"))
		return viz_print_error(in->cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT,
				       VIZ_MSG_MISSING_KEY, in->name, "", "", "consent");
	return VIZ_EXIT_OK;
}

/* The file's fields in the daemon's form, those that the operation takes. */
static int convert(json_t *args, const struct viz_input *in, const char *op)
{
	static const char *const same[] = {"protocol", "service", "previous", "consent",
					   "contact",  "draw",    "strike"};
	/* how many of them each takes */
	const size_t taken = strcmp(op, "lead.keep") == 0    ? 3
			     : strcmp(op, "lead.later") == 0 ? 4
							     : 7;
	const char *cancelled = viz_reply_text(in->root, "cancelled_at");
	const char *typed = viz_reply_text(in->root, "month");
	const char *service = viz_reply_text(in->root, "service");
	char month[8];
	int64_t ms;

	if (cancelled[0] != '\0') {
		if (viz_person_time(&ms, cancelled) != VIZ_OK || ms > (int64_t)time(NULL) * 1000)
			return viz_input_wrong(in, "cancelled_at", "2026-11-23 14:05 (<= now)");
		json_object_set_new(args, "cancelled_at", viz_person_time_json(ms));
	}
	if (typed[0] != '\0') {
		if (viz_person_month(month, typed) != VIZ_OK)
			return viz_input_wrong(in, "month", "2026-12");
		json_object_set_new(args, "month", json_string(month));
	}
	if (service[0] != '\0' && strcmp(service, "internet") != 0 &&
	    strcmp(service, "business") != 0)
		return viz_input_wrong(in, "service", "internet, business");
	for (size_t i = 0; i < taken; i++)
		if (json_object_get(in->root, same[i]) != NULL)
			json_object_set(args, same[i], json_object_get(in->root, same[i]));
	return VIZ_EXIT_OK;
}

static int look(struct viz_lookup *l, const struct viz_input *in)
{
	const json_t *strike = json_object_get(in->root, "strike");
	const json_t *place = json_object_get(in->root, "place");

	return place != NULL
		   ? viz_lookup_json(l, in->cli, place, strike)
		   : viz_lookup_text(l, in->cli, viz_reply_text(in->root, "address"), strike);
}

/* What is less than sure is not taken unasked: somebody has seen what was understood, and says so.
 */
static int sure(const struct viz_input *in, const struct viz_place *place)
{
	char words[512];

	if (json_object_get(in->root, "address") == NULL || place->certainty == VIZ_PLACE_SURE ||
	    viz_reply_true(in->root, "confirmed"))
		return VIZ_EXIT_OK;
	viz_where_words(words, sizeof words, in->cli, place);
	return viz_print_error(in->cli, VIZ_EXIT_FAILED, VIZ_CODE_NOT_SURE, VIZ_MSG_PLACE_NOT_SURE,
			       in->name, words);
}

/* `again`: a second lead of one protocol number is meant. */
static int offer_file(const struct viz_input *in, bool again)
{
	const json_t *keep = json_object_get(in->root, "keep");
	const char *op = json_is_true(keep)                  ? "lead.keep"
			 : viz_reply_true(in->root, "later") ? "lead.later"
							     : "lead.offer";
	struct viz_lookup lookup;
	json_t *args;
	int status = check(in);

	if (status != VIZ_EXIT_OK)
		return status;
	if (!json_is_true(keep) && !viz_person_agrees(in->root)) {
		if (json_object_get(in->root, "draw") != NULL)
			status = viz_lead_send_refusal(in->cli, viz_reply_number(in->root, "draw"));
		return status == VIZ_EXIT_OK ? viz_person_refused(in->cli) : status;
	}
	status = look(&lookup, in);
	if (status != VIZ_EXIT_OK)
		return status;
	/* We serve this address, so the file must say whether the customer stays with us. */
	if (keep == NULL && strcmp(viz_lookup_own(&lookup), "yes") == 0) {
		viz_lookup_free(&lookup);
		return viz_print_error(in->cli, VIZ_EXIT_FAILED, VIZ_CODE_OWN_COVERAGE,
				       VIZ_MSG_OWN_COVERAGE);
	}
	status = sure(in, &lookup.place);
	if (status != VIZ_EXIT_OK) {
		viz_lookup_free(&lookup);
		return status;
	}
	args = json_object();
	status = convert(args, in, op);
	json_object_set(args, "place", lookup.place_json);
	json_object_set_new(args, "again", json_boolean(again));
	if (status == VIZ_EXIT_OK)
		status =
		    viz_lead_send(in->cli, op, args, json_object_get(lookup.result, "members"));
	else
		json_decref(args);
	viz_lookup_free(&lookup);
	return status;
}

int viz_cmd_lead_offer(const struct viz_cli *cli, int argc, char **argv)
{
	const char *file = NULL;
	bool again = false;
	const struct viz_arg options[] = {
	    {"file", &file, NULL}, {"again", NULL, &again}, {NULL, NULL, NULL}};
	struct viz_args words;
	struct viz_input in;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	if (file == NULL && viz_ask_terminal())
		return viz_lead_offer_ask(cli, again);
	status = viz_input_json(&in, cli, file);
	if (status != VIZ_EXIT_OK)
		return status;
	status = offer_file(&in, again);
	viz_input_free(&in);
	return status;
}
