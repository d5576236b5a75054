/* `vizinho lead choose`: the second consent, which names the one partner and the fields. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/choice.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

static const struct viz_input_key choice_keys[] = {
    {"consent", VIZ_INPUT_OBJECT, true},
    {"contact", VIZ_INPUT_OBJECT, true},
    {NULL, VIZ_INPUT_TEXT, false},
};

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
		return viz_choice_refused(cli, lead, peer);
	}
	status = viz_input_check(&in, in.root, "", choice_keys);
	if (status == VIZ_EXIT_OK)
		status = viz_person_check_consent(&in, json_object_get(in.root, "consent"));
	if (status == VIZ_EXIT_OK)
		status = viz_person_check_contact(&in, json_object_get(in.root, "contact"));
	if (status == VIZ_EXIT_OK && !viz_choice_knows(cli, lead, peer))
		status = VIZ_EXIT_FAILED;
	if (status == VIZ_EXIT_OK)
		status = viz_choice_ready(cli, lead, false);
	if (status == VIZ_EXIT_OK)
		status =
		    viz_choice_send(cli, json_pack("{s:s,s:s,s:O,s:O}", "lead", lead, "peer", peer,
						   "consent", json_object_get(in.root, "consent"),
						   "contact", json_object_get(in.root, "contact")));
	viz_input_free(&in);
	return status;
}

static int choose_none(const struct viz_cli *cli, const char *lead, bool yes)
{
	int status = yes ? VIZ_EXIT_OK : viz_choice_confirm_none(cli, lead);

	if (status == VIZ_EXIT_OK)
		status = viz_choice_ready(cli, lead, true);
	if (status != VIZ_EXIT_OK)
		return status;
	return viz_choice_send(cli, json_pack("{s:s,s:b}", "lead", lead, "none", 1));
}

int viz_cmd_lead_choose(const struct viz_cli *cli, int argc, char **argv)
{
	const char *file = NULL;
	bool none = false, yes = false;
	const struct viz_arg options[] = {
	    {"file", &file, NULL}, {"none", NULL, &none}, {"yes", NULL, &yes}, {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 2))
		return status;
	if (none == (words.count == 2) || (none && file != NULL))
		return viz_help_error(cli, VIZ_MSG_PEER_OR_NONE, "");
	if (yes && !none)
		return viz_help_error(cli, VIZ_MSG_YES_OF_NONE, "");
	if (none)
		return choose_none(cli, words.word[0], yes);
	if (file == NULL && viz_ask_terminal())
		return viz_choice_converse(cli, words.word[0], words.word[1],
					   &(struct viz_choice_known){.street = ""});
	return from_file(cli, words.word[0], words.word[1], file);
}
