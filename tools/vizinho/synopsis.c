#include "tools/vizinho/synopsis.h"

#include "tools/vizinho/print.h"
#include "tools/vizinho/wrap.h"

/* The words of the head, one by one. */
struct reader {
	const char *at, *end;
	int depth; /* of brackets in which the last word stood */
	char word[VIZ_SYNOPSIS_WORD_MAX];
};

static struct reader open_head(const struct viz_cli *cli)
{
	const char *text = viz_msg(cli->lang, cli->command->help), *end = strstr(text, "\n\n");

	return (struct reader){.at = text, .end = end != NULL ? end : text + strlen(text)};
}

/* Reads the next word without its brackets. False at the end. */
static bool next(struct reader *r)
{
	const char *start;
	size_t len;

	while (r->at < r->end && strchr(" \n[]", *r->at) != NULL) {
		r->depth += (*r->at == '[') - (*r->at == ']');
		r->at++;
	}
	start = r->at;
	while (r->at < r->end && strchr(" \n[]", *r->at) == NULL)
		r->at++;
	len = (size_t)(r->at - start);
	snprintf(r->word, sizeof r->word, "%.*s", (int)len, start);
	return len > 0;
}

/* Whether the word that was read begins a form of the command; if so, passes over its name. */
static bool begins_form(struct reader *r, const char *name)
{
	if (r->depth > 0 || strcmp(r->word, "vizinho") != 0)
		return false;
	r->at += 1 + strlen(name);
	return true;
}

/* Adds a name that another form has at the same place. */
static void add(char out[VIZ_SYNOPSIS_WORD_MAX], const char *word)
{
	size_t len = strlen(out), n = strlen(word);

	if (n > 3 && strcmp(word + n - 3, "...") == 0)
		n -= 3;
	if (strncmp(out, word, n) == 0 && (out[n] == '\0' || out[n] == '|'))
		return;
	snprintf(out + len, VIZ_SYNOPSIS_WORD_MAX - len, "%s%.*s", len > 0 ? "|" : "", (int)n,
		 word);
}

void viz_synopsis_word(char out[VIZ_SYNOPSIS_WORD_MAX], const struct viz_cli *cli, size_t index)
{
	struct reader r = open_head(cli);
	size_t count = 0;
	bool form = false, value = false;

	out[0] = '\0';
	while (next(&r)) {
		if (begins_form(&r, cli->command->name)) {
			form = true;
			value = false;
			count = 0;
		} else if (form && r.depth == 0) {
			/* What stands behind an option is its value. */
			if (!value && r.word[0] != '-' && count++ == index)
				add(out, r.word);
			value = r.word[0] == '-';
		}
	}
}

void viz_synopsis_option(char out[VIZ_SYNOPSIS_WORD_MAX], const struct viz_cli *cli,
			 const char *option)
{
	struct reader r = open_head(cli);

	snprintf(out, VIZ_SYNOPSIS_WORD_MAX, "%s", option);
	while (next(&r)) {
		int depth = r.depth;

		if (strcmp(r.word, option) != 0)
			continue;
		if (r.at < r.end && *r.at != ']' && next(&r) && r.depth == depth &&
		    r.word[0] != '-') {
			size_t len = strlen(out);

			snprintf(out + len, VIZ_SYNOPSIS_WORD_MAX - len, " %s", r.word);
		}
		return;
	}
}

void viz_synopsis_print(FILE *out, const struct viz_cli *cli)
{
	struct reader r = open_head(cli);
	const char *example;
	char *head = strndup(r.at, (size_t)(r.end - r.at)), own[96];

	VIZ_REQUIRE(head != NULL);
	viz_wrap(out, head, viz_wrap_columns());
	free(head);
	snprintf(own, sizeof own, "\n  vizinho %s", cli->command->name);
	example = strstr(r.end, own);
	if (example != NULL) {
		size_t len = strcspn(++example, "\n");

		while (example[len - 1] == '\\')
			len += 1 + strcspn(example + len + 1, "\n");
		viz_print_to(out, cli->lang, VIZ_MSG_HELP_EXAMPLE);
		fprintf(out, "%.*s\n", (int)len, example);
	}
	viz_print_to(out, cli->lang, VIZ_MSG_HELP_MORE, cli->command->name);
}
