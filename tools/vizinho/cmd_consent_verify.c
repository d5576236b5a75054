/* `vizinho consent verify`: checks the proof that a customer has kept, or what this node keeps. */
#include <time.h>

#include "crypto/hash.h"
#include "crypto/id.h"
#include "node/offer/proof.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/cmd_consent.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/proof_input.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

enum check { RIGHT, WRONG, UNKNOWN };

static const char *const words_of[] = {"right", "wrong", "unknown"};

/* What was checked, in the order in which it is printed. */
struct report {
	struct viz_offer_proof proof;
	json_t *checks; /* name -> "right", "wrong" or "unknown" */
	json_t *names;  /* id -> name, as the node knows them; empty without it. Not printed */
	bool wrong;     /* one of them is */
};

static void set(struct report *r, const char *name, enum check check)
{
	json_object_set_new(r->checks, name, json_string(words_of[check]));
	r->wrong |= check == WRONG;
}

static enum check is(bool right)
{
	return right ? RIGHT : WRONG;
}

/* H("vizinho/consent-text", text) is the hash of the proof. */
static bool hash_fits(const struct report *r, const char *text, size_t len)
{
	struct viz_hash h;
	struct viz_id id;

	viz_hash_init(&h, "vizinho/consent-text");
	viz_hash_part(&h, (const uint8_t *)text, len);
	viz_hash_final(&h, &id);
	return viz_id_eq(&id, &r->proof.body.text_hash);
}

/* An editor ends a file with a newline that was not read aloud. */
static int check_text(struct report *r, const struct viz_cli *cli, const char *path)
{
	struct viz_input in;
	int status;

	if (path == NULL) {
		set(r, "text", UNKNOWN);
		return VIZ_EXIT_OK;
	}
	status = viz_input_file(&in, cli, path);
	if (status != VIZ_EXIT_OK)
		return status;
	set(r, "text",
	    is(hash_fits(r, in.text, in.len) ||
	       (in.len > 0 && in.text[in.len - 1] == '\n' && hash_fits(r, in.text, in.len - 1))));
	viz_input_free(&in);
	return VIZ_EXIT_OK;
}

/* Adds what the node can check by the records that it holds. */
static int ask_node(struct report *r, const struct viz_cli *cli, char *name, size_t max)
{
	char line[VIZ_PROOF_LINE_MAX + 1];
	const char *key;
	json_t *result, *value;
	size_t i;
	int status;

	VIZ_REQUIRE(viz_offer_proof_text(line, &r->proof.line) == VIZ_OK);
	status = viz_client_ask(&result, cli, "consent.verify", json_pack("{s:s}", "line", line));
	if (status != VIZ_EXIT_OK)
		return status;
	json_object_foreach(json_object_get(result, "checks"), key, value)
	{
		json_object_set(r->checks, key, value);
		r->wrong |= strcmp(json_string_value(value), "wrong") == 0;
	}
	snprintf(name, max, "%s", viz_reply_name(result, "origin"));
	json_object_set_new(r->names, viz_reply_id(result, "origin"), json_string(name));
	json_array_foreach(json_object_get(result, "nodes"), i, value)
	    json_object_set(r->names, viz_reply_text(value, "id"), json_object_get(value, "name"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

static const char *const checks[] = {"line",  "author", "signature", "text",   "federation",
				     "offer", "asked",  "order",     "choice", "receipt"};
#define CHECKS (sizeof checks / sizeof *checks)

/* The checks that were not made. Some only a node makes, some need what is not here. */
static json_t *not_checked(const struct report *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < CHECKS; i++) {
		const char *value = viz_reply_text(r->checks, checks[i]);

		if (value[0] == '\0' || strcmp(value, words_of[UNKNOWN]) == 0)
			json_array_append_new(list, json_string(checks[i]));
	}
	return list;
}

/* A proof that is right, as far as it was checked. */
static void print_good(const struct viz_cli *cli, const struct report *r, bool node)
{
	char text[1024] = "", word[32];
	json_t *list = not_checked(r), *check;
	size_t i;

	json_array_foreach(list, i, check)
	{
		size_t at = strlen(text);

		snprintf(word, sizeof word, "check-%s", json_string_value(check));
		snprintf(text + at, sizeof text - at, "%s%s", i > 0 ? "; " : "",
			 viz_format_word(cli, word));
	}
	if (json_array_size(list) == 0)
		viz_print(cli, VIZ_MSG_PROOF_GOOD);
	else
		viz_print(cli, VIZ_MSG_PROOF_PARTLY, text);
	if (!node)
		viz_print(cli, VIZ_MSG_PROOF_NODE);
	json_decref(list);
}

/* The name of an ISP, or its id where no node was asked. */
static const char *who(char id[VIZ_TEXT_ID_MAX], const struct report *r, const struct viz_id *of)
{
	const char *name;

	viz_id_text(id, "viz", of->b);
	name = viz_reply_text(r->names, id);
	return name[0] != '\0' ? name : id;
}

/* ISPs, one below the other: those who were asked, or with `ordered` the order of the proposals. */
static void list_rows(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg head,
		      const struct report *r, bool ordered)
{
	const struct viz_proof *p = &r->proof.body;
	size_t n = ordered ? p->order_len : p->asked_count;
	char id[VIZ_TEXT_ID_MAX];

	if (n == 0)
		viz_table_row(g, cli, head, "");
	for (size_t i = 0; i < n; i++) {
		size_t k = ordered ? p->order[i] : i;

		viz_grid_add(g, i == 0 ? viz_msg(cli->lang, head) : "");
		/* An origin can sign an order of somebody who was not asked. */
		viz_grid_add(g, k < p->asked_count ? who(id, r, &p->asked[k]) : "?");
	}
}

static void print_report(const struct viz_cli *cli, const struct report *r, const char *name)
{
	char author[VIZ_TEXT_ID_MAX], chosen[VIZ_TEXT_ID_MAX], when[VIZ_FORMAT_MAX];
	struct viz_grid g;

	viz_id_text(author, "viz", r->proof.author.b);
	viz_grid_init(&g, 2);
	if (name[0] != '\0')
		viz_table_row(&g, cli, VIZ_MSG_HEAD_NAME, name);
	viz_table_row(&g, cli, VIZ_MSG_PROOF_BY, author);
	list_rows(&g, cli, VIZ_MSG_PROOF_ASKED, r, false);
	list_rows(&g, cli, VIZ_MSG_PROOF_ORDER, r, true);
	viz_table_row(&g, cli, VIZ_MSG_PROOF_CHOSEN,
		      r->proof.body.has_blinding ? who(chosen, r, &r->proof.body.chosen) : "");
	viz_table_row(&g, cli, VIZ_MSG_PROOF_TEXT, r->proof.body.text_version);
	viz_format_signed(when, cli->lang, r->proof.rec.time);
	viz_table_row(&g, cli, VIZ_MSG_PROOF_SIGNED, when);
	viz_table_print(&g);
	viz_print_blank(cli);
	viz_grid_init(&g, 2);
	for (size_t i = 0; i < CHECKS; i++) {
		const char *value = viz_reply_text(r->checks, checks[i]);
		char word[32], match[32];

		if (value[0] == '\0') /* only the node can */
			value = "not-asked";
		snprintf(word, sizeof word, "check-%s", checks[i]);
		viz_grid_add(&g, viz_format_word(cli, word));
		snprintf(match, sizeof match, "match-%s", value);
		viz_grid_add(&g, viz_format_word(cli, match));
	}
	viz_table_print(&g);
	viz_print_blank(cli);
}

/* {id, name}; without a name where no node was asked. */
static json_t *node_json(const struct report *r, const struct viz_id *of)
{
	char id[VIZ_TEXT_ID_MAX];
	json_t *o = json_object();

	viz_id_text(id, "viz", of->b);
	json_object_set_new(o, "id", json_string(id));
	if (json_object_get(r->names, id) != NULL)
		json_object_set(o, "name", json_object_get(r->names, id));
	return o;
}

static void print_json(const struct report *r, bool good)
{
	const struct viz_proof *p = &r->proof.body;
	json_t *asked = json_array(), *order = json_array(),
	       *o = json_pack("{s:b,s:O}", "good", good, "checks", r->checks);
	time_t seconds = (time_t)(r->proof.rec.time.ms / 1000);
	char text[VIZ_TEXT_ID_MAX];
	struct tm tm;

	for (size_t i = 0; i < p->asked_count; i++)
		json_array_append_new(asked, node_json(r, &p->asked[i]));
	for (size_t i = 0; i < p->order_len; i++)
		json_array_append(order, json_array_get(asked, p->order[i]));
	json_object_set_new(o, "not_checked", not_checked(r));
	json_object_set_new(o, "origin", node_json(r, &r->proof.author));
	json_object_set_new(o, "asked", asked);
	json_object_set_new(o, "order", order);
	json_object_set_new(o, "award", json_integer(p->k));
	if (p->has_blinding)
		json_object_set_new(o, "chosen", node_json(r, &p->chosen));
	if (gmtime_r(&seconds, &tm) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		json_object_set_new(o, "signed_at", json_string(text));
	viz_print_json_new(o);
}

int viz_cmd_consent_verify(const struct viz_cli *cli, int argc, char **argv)
{
	const char *path = NULL;
	bool node = false;
	const struct viz_arg options[] = {
	    {"text", &path, NULL}, {"node", NULL, &node}, {NULL, NULL, NULL}};
	struct report *r = calloc(1, sizeof *r);
	char name[VIZ_NAME_MAX + 1] = "";
	struct viz_args words;
	int status;
	bool good;

	VIZ_REQUIRE(r != NULL);
	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1)) {
		free(r);
		return status;
	}
	if (viz_cmd_consent_names_lead(words.word[0])) {
		free(r);
		return viz_cmd_consent_check(cli, words.word[0]);
	}
	r->checks = json_object();
	r->names = json_object();
	status = viz_proof_input_read(&r->proof, cli, words.word[0]);
	if (status == VIZ_EXIT_OK) {
		set(r, "line", RIGHT);
		set(r, "author", RIGHT);
		set(r, "signature", r->proof.signature_known ? RIGHT : UNKNOWN);
		status = check_text(r, cli, path);
	}
	if (status == VIZ_EXIT_OK && node)
		status = ask_node(r, cli, name, sizeof name);
	if (status == VIZ_EXIT_OK) {
		good = !r->wrong && strcmp(viz_reply_text(r->checks, "signature"), "right") == 0;
		if (cli->json)
			print_json(r, good);
		else
			print_report(cli, r, name);
		if (good)
			print_good(cli, r, node);
		else if (r->wrong)
			viz_print(cli, VIZ_MSG_PROOF_WRONG);
		else
			viz_print(cli, VIZ_MSG_PROOF_OPEN);
		status = good ? VIZ_EXIT_OK : VIZ_EXIT_FAILED;
	}
	json_decref(r->names);
	json_decref(r->checks);
	free(r);
	return status;
}
