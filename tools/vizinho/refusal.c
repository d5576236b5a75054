#include "tools/vizinho/refusal.h"

#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

/* What the first %s of a code's text is: the argument of that name, the field that the daemon
 * names, all of its message (which has the limits), or the languages. A second %s is the languages.
 * Other texts have no %s. */
#define FIELD     "."
#define MESSAGE   "*"
#define LANGUAGES "|"
static const struct {
	const char *code, *argument;
} subjects[] = {
    {"missing", FIELD},
    {"bad-text", MESSAGE},
    {"bad-number", MESSAGE},
    {"personal", FIELD},
    {"too-many", MESSAGE},
    {"unknown-field", FIELD},
    {"bad-time", FIELD},
    {"bad-choice", MESSAGE},
    {"newer-client", MESSAGE},
    {"failed", MESSAGE},
    {"bad-language", "language"},
    {"no-text", LANGUAGES},
    {"ambiguous", "peer"},
    {"no-such-coverage", "name"},
    {"no-such-lead", "lead"},
    {"no-proof", "lead"},
    {"no-such-peer", "peer"},
    {"no-such-plan", "name"},
    {"no-such-finding", "finding"},
    {"no-such-proposal", "peer"},
    {"revoked", "peer"},
    {"revoked-already", "lead"},
    {"unknown-key", "peer"},
    {"protocol-open", "lead"},
    {"not-pruned", "peer"},
    {"no-such-invite", "invite"},
};

/* Where the argument is a list, only the daemon's message has the name in question, in quotes. */
static void subject_of(char *out, size_t max, const char *code, const json_t *args,
		       const json_t *error)
{
	const char *message = viz_reply_text(error, "message");
	const char *argument = "", *text, *start = strchr(message, '"');

	for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
		if (strcmp(subjects[i].code, code) == 0)
			argument = subjects[i].argument;
	if (strcmp(argument, FIELD) == 0) {
		snprintf(out, max, "%s", viz_reply_text(error, "field"));
		return;
	}
	if (strcmp(argument, MESSAGE) == 0) {
		snprintf(out, max, "%s", message);
		return;
	}
	if (strcmp(argument, LANGUAGES) == 0) {
		snprintf(out, max, "%s", VIZ_LANG_LIST);
		return;
	}
	text = viz_reply_text(args, argument);
	if (text[0] == '\0' && start != NULL && strchr(start + 1, '"') != NULL)
		snprintf(out, max, "%.*s", (int)strcspn(start + 1, "\""), start + 1);
	else
		snprintf(out, max, "%s", text);
}

/* "%s is STATE: what fits now". False: the error has no state. */
static bool by_state(char *out, size_t max, const struct viz_cli *cli, const char *op,
		     const json_t *args, const json_t *error)
{
	const char *state = viz_reply_text(error, "state"), *id = viz_reply_text(args, "lead");
	bool inbox = strncmp(op, "inbox.", 6) == 0;
	enum viz_msg fitting = VIZ_MSG_STATE_ENDED;
	char next[256];

	if (state[0] == '\0')
		return false;
	viz_msg_find(&fitting, inbox ? "next_inbox_" : "next_lead_", state);
	(viz_print_text)(next, sizeof next, cli->lang, fitting, id);
	/* The origin's "awarded" is a call to make for the one who was chosen. */
	viz_print_text(out, max, cli->lang, VIZ_MSG_STATE_UNFIT, id,
		       inbox && strcmp(state, "awarded") == 0
			   ? viz_msg(cli->lang, VIZ_MSG_INBOX_TO_CALL)
			   : viz_format_word(cli, state),
		       next);
	return true;
}

void viz_refusal_text(char *out, size_t max, const struct viz_cli *cli, const json_t *request,
		      const json_t *error)
{
	const char *code = viz_reply_text(error, "code");
	const char *message = viz_reply_text(error, "message");
	const json_t *args = json_object_get(request, "args");
	char subject[256];
	enum viz_msg id;

	if (by_state(out, max, cli, viz_reply_text(request, "op"), args, error))
		return;
	if (viz_msg_find(&id, "refusal_", code)) {
		subject_of(subject, sizeof subject, code, args, error);
		(viz_print_text)(out, max, cli->lang, id, subject, VIZ_LANG_LIST);
	} else {
		snprintf(out, max, "%s", message);
	}
}
