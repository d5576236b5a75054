/* `vizinho audit`: what the records of the partners show, for the owner of an ISP: the verdict
 * first, then by partner what is not well, then counts. It accuses nobody. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/probing_table.h"
#include "tools/vizinho/protest_table.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

#define TEXT_MAX 512

/* The text of a rule, or of all like it: "means_" and "advice_" have one for each suspicion. */
static const char *rule_text(const struct viz_cli *cli, const char *prefix, const json_t *finding)
{
	enum viz_msg id = VIZ_MSG_MEANS_CONTRADICTION;

	if (!viz_msg_find(&id, prefix, viz_reply_text(finding, "rule")))
		VIZ_REQUIRE(viz_msg_find(&id, prefix, viz_reply_text(finding, "verdict")));
	return viz_msg(cli->lang, id);
}

/* What to do. What stays does not go when something comes. */
static const char *advice_text(const struct viz_cli *cli, const json_t *finding)
{
	const char *text = rule_text(cli, "advice_", finding);

	return text == viz_msg(cli->lang, VIZ_MSG_ADVICE_SUSPICION) &&
		       !viz_reply_true(finding, "ends")
		   ? viz_msg(cli->lang, VIZ_MSG_ADVICE_STAYS)
		   : text;
}

/* Since when: what did not come, else when it was found. */
static const json_t *since(const json_t *finding)
{
	const json_t *t = json_object_get(finding, "since");

	return t ? t : json_object_get(finding, "found_at");
}

/* The offer, with whose it is where it is not the accused's: "20261123-1 (Rede Serrana)". */
static const char *offer_text(char out[VIZ_FORMAT_MAX], const json_t *finding)
{
	const char *lead = viz_reply_id(finding, "lead");
	bool other =
	    strcmp(viz_reply_id(finding, "lead_origin"), viz_reply_id(finding, "origin")) != 0;

	snprintf(out, VIZ_FORMAT_MAX, other && lead[0] ? "%s (%s)" : "%s", lead,
		 viz_reply_name(finding, "lead_origin"));
	return out;
}

/* How many findings of the list before `end` have the rule of finding `i`. */
static size_t count_same(const json_t *list, size_t i, size_t end)
{
	const char *rule = viz_reply_text(json_array_get(list, i), "rule");
	size_t n = 0;

	for (size_t k = 0; k < end; k++)
		n += strcmp(viz_reply_text(json_array_get(list, k), "rule"), rule) == 0;
	return n;
}

/* How many findings of this rule are not in the list of `o`. */
static size_t left_out(const json_t *o, const json_t *finding)
{
	const json_t *u;
	size_t i;

	json_array_foreach(json_object_get(o, "unlisted"), i, u)
	{
		if (strcmp(viz_reply_text(u, "rule"), viz_reply_text(finding, "rule")) == 0)
			return (size_t)viz_reply_number(u, "count");
	}
	return 0;
}

static bool is_proved(const json_t *finding)
{
	return strcmp(viz_reply_text(finding, "verdict"), "contradiction") == 0;
}

/* What is proved, in the words of the evidence where the meaning is that of every contradiction;
 * what it means; what to do. */
static void explain(const struct viz_cli *cli, const json_t *f)
{
	const char *means = rule_text(cli, "means_", f);
	enum viz_msg claim;

	if (means == viz_msg(cli->lang, VIZ_MSG_MEANS_CONTRADICTION) &&
	    viz_msg_find(&claim, "claim_", viz_reply_text(f, "rule")))
		viz_print_under(cli, VIZ_MSG_AUDIT_CLAIM, viz_msg(cli->lang, claim));
	viz_print_under(cli, VIZ_MSG_AUDIT_MEANS, means);
	viz_print_under(cli, VIZ_MSG_AUDIT_ADVICE, advice_text(cli, f));
}

/* All findings of one rule about one partner. */
static void print_rule(const struct viz_cli *cli, const json_t *f, size_t count)
{
	char when[VIZ_FORMAT_MAX];

	viz_format_time(when, cli, since(f));
	viz_print_blank(cli);
	viz_print(cli, VIZ_MSG_AUDIT_FINDING, viz_format_word(cli, viz_reply_text(f, "verdict")),
		  viz_format_word(cli, viz_reply_text(f, "rule")), count, when,
		  viz_reply_text(f, "id"));
	explain(cli, f);
}

static void print_partner(const struct viz_cli *cli, const json_t *origin)
{
	const json_t *list = json_object_get(origin, "findings");
	size_t n = json_array_size(list);

	if (n == 0)
		return;
	viz_print_blank(cli);
	viz_print(cli, VIZ_MSG_AUDIT_PARTNER, viz_reply_text(origin, "name"));
	for (int proved = 1; proved >= 0; proved--) /* what is proved comes first */
		for (size_t i = 0; i < n; i++) {
			const json_t *f = json_array_get(list, i);

			if (is_proved(f) == proved && count_same(list, i, i) == 0) /* the first */
				print_rule(cli, f, count_same(list, i, n) + left_out(origin, f));
		}
}

static void add_number(struct viz_grid *g, const json_t *o, const char *key)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)viz_reply_number(o, key));
	viz_grid_add(g, text);
}

/* "3 with coverage not shown, 1 with a gap in the log" */
static void add_reasons(struct viz_grid *g, const struct viz_cli *cli, const json_t *reasons)
{
	char text[TEXT_MAX] = "";
	const json_t *r;
	size_t i;

	json_array_foreach(reasons, i, r)
	{
		size_t at = strlen(text);

		if (at > 0)
			at += (size_t)snprintf(text + at, sizeof text - at, ", ");
		if (at < sizeof text)
			viz_print_text(text + at, sizeof text - at, cli->lang, VIZ_MSG_AUDIT_REASON,
				       (long long)viz_reply_number(r, "count"),
				       viz_format_word(cli, viz_reply_text(r, "reason")));
	}
	viz_grid_add(g, text[0] ? text : "-");
}

static void print_counts(const struct viz_cli *cli, const json_t *origins)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_ORIGIN,        VIZ_MSG_HEAD_OFFERS,
					     VIZ_MSG_HEAD_IN_ORDER,      VIZ_MSG_HEAD_SUSPICION,
					     VIZ_MSG_HEAD_CONTRADICTION, VIZ_MSG_HEAD_UNCHECKED,
					     VIZ_MSG_HEAD_REASONS};
	struct viz_grid g;
	const json_t *o;
	size_t i;

	viz_table_heads(&g, cli, heads, sizeof heads / sizeof *heads);
	json_array_foreach(origins, i, o)
	{
		viz_grid_add(&g, viz_reply_text(o, "name"));
		add_number(&g, o, "offer_count");
		add_number(&g, o, "in_order_count");
		add_number(&g, o, "suspicion_count");
		add_number(&g, o, "contradiction_count");
		add_number(&g, o, "unchecked_count");
		add_reasons(&g, cli, json_object_get(o, "unchecked_reasons"));
	}
	viz_table_print(&g);
}

/* The verdict over all, or over the offers of one partner, in one sentence. `none`: without an
 * offer. */
static void print_verdict(const struct viz_cli *cli, const json_t *result, enum viz_msg none)
{
	const char *verdict = viz_reply_text(result, "verdict");
	long long offers = (long long)viz_reply_number(result, "offer_count");

	if (strcmp(verdict, "contradiction") == 0)
		viz_print(cli, VIZ_MSG_AUDIT_CONTRADICTION);
	else if (strcmp(verdict, "suspicion") == 0)
		viz_print(cli, VIZ_MSG_AUDIT_SUSPICION);
	else if (strcmp(verdict, "none") == 0)
		(viz_print)(cli, none);
	else if (strcmp(verdict, "in-order") == 0)
		viz_print(cli, VIZ_MSG_AUDIT_CLEAN, offers);
	else
		viz_print(cli, VIZ_MSG_AUDIT_UNCHECKED,
			  (long long)viz_reply_number(result, "unchecked_count"), offers);
}

static void print_report(const struct viz_cli *cli, const json_t *result)
{
	const json_t *origins = json_object_get(result, "origins");
	const json_t *o;
	size_t i;

	print_verdict(cli, result, VIZ_MSG_AUDIT_NONE);
	json_array_foreach(origins, i, o) print_partner(cli, o);
	if (json_array_size(origins) > 0) {
		viz_print_blank(cli);
		print_counts(cli, origins);
	}
	if (json_array_size(json_object_get(result, "findings")) > 0) {
		viz_print_blank(cli);
		viz_print(cli, VIZ_MSG_AUDIT_MORE);
	}
	viz_protest_table_print(cli, json_object_get(result, "protests"));
	viz_probing_table_print(cli, json_object_get(result, "probing"));
}

static void print_finding(const struct viz_cli *cli, const json_t *f)
{
	char text[VIZ_FORMAT_MAX];
	struct viz_grid g;

	viz_grid_init(&g, 2);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_ORIGIN, viz_reply_name(f, "origin"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_VERDICT,
		      viz_format_word(cli, viz_reply_text(f, "verdict")));
	snprintf(text, sizeof text, "%lld", (long long)viz_reply_number(f, "rule_number"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_NUMBER, text);
	viz_table_row(&g, cli, VIZ_MSG_HEAD_RULE, viz_format_word(cli, viz_reply_text(f, "rule")));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_LEAD, offer_text(text, f));
	if (viz_reply_name(f, "about")[0]) /* else of no use to people */
		viz_table_row(&g, cli, VIZ_MSG_HEAD_ABOUT, viz_reply_name(f, "about"));
	viz_format_time(text, cli, since(f));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_SINCE, text);
	if (json_object_get(f, "counted_ms")) {
		bool unlinked = strcmp(viz_reply_text(f, "rule"), "no-link") == 0;

		snprintf(text, sizeof text, "%lld",
			 (long long)(viz_reply_number(f, "counted_ms") / 60000));
		viz_table_row(&g, cli, unlinked ? VIZ_MSG_HEAD_UNLINKED : VIZ_MSG_HEAD_LINKED,
			      text);
	}
	viz_table_print(&g);
	explain(cli, f);
}

static void share_row(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg head,
		      const json_t *o, const char *key)
{
	char text[VIZ_FORMAT_MAX];

	viz_format_share(text, cli, json_object_get(o, key));
	viz_table_row(g, cli, head, text);
}

static void share_cell(struct viz_grid *g, const struct viz_cli *cli, const json_t *o,
		       const char *key)
{
	char text[VIZ_FORMAT_MAX];

	viz_format_share(text, cli, json_object_get(o, key));
	viz_grid_add(g, text);
}

/* The least, middle and longest of some times, in seconds. */
static void times_row(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg head,
		      const json_t *o, const char *key)
{
	const json_t *t = json_object_get(o, key);
	char least[VIZ_FORMAT_MAX], middle[VIZ_FORMAT_MAX], most[VIZ_FORMAT_MAX];
	char text[TEXT_MAX] = "-";

	viz_format_tenths(least, cli, viz_reply_number(t, "least_ms"));
	viz_format_tenths(middle, cli, viz_reply_number(t, "median_ms"));
	viz_format_tenths(most, cli, viz_reply_number(t, "most_ms"));
	if (viz_reply_number(t, "count") > 0)
		viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_AUDIT_TIMES, least, middle,
			       most, (long long)viz_reply_number(t, "count"));
	viz_table_row(g, cli, head, text);
}

static void print_facts(const struct viz_cli *cli, const json_t *facts)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_PARTNER,        VIZ_MSG_HEAD_STRUCK,
					     VIZ_MSG_HEAD_BURNT_TURNS,    VIZ_MSG_HEAD_NIL_ANSWERS,
					     VIZ_MSG_HEAD_NIL_REVEALS,    VIZ_MSG_HEAD_FIRST,
					     VIZ_MSG_HEAD_FIRST_BY_CHANCE};
	char text[VIZ_FORMAT_MAX];
	struct viz_grid g;
	const json_t *p;
	size_t i;

	viz_print_blank(cli);
	viz_print(cli, VIZ_MSG_AUDIT_FACTS);
	viz_grid_init(&g, 2);
	share_row(&g, cli, VIZ_MSG_HEAD_BURNT, facts, "burnt_draw_share");
	share_row(&g, cli, VIZ_MSG_HEAD_CELLS, facts, "cell_share");
	share_row(&g, cli, VIZ_MSG_HEAD_AGAIN, facts, "again_share");
	snprintf(text, sizeof text, "%lld", (long long)viz_reply_number(facts, "log_count"));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_LOGS, text);
	snprintf(text, sizeof text, "%lld / %lld MiB",
		 (long long)((viz_reply_number(facts, "used_bytes") + (1 << 20) - 1) >> 20),
		 (long long)(viz_reply_number(facts, "share_bytes") >> 20));
	viz_table_row(&g, cli, VIZ_MSG_HEAD_SHARE, text);
	times_row(&g, cli, VIZ_MSG_HEAD_WINDOWS, facts, "window_times");
	times_row(&g, cli, VIZ_MSG_HEAD_LOCATION_WAIT, facts, "location_times");
	viz_table_print(&g);
	if (json_array_size(json_object_get(facts, "partners")) == 0)
		return;
	viz_print_blank(cli);
	viz_print(cli, VIZ_MSG_AUDIT_FARED);
	viz_table_heads(&g, cli, heads, sizeof heads / sizeof *heads);
	json_array_foreach(json_object_get(facts, "partners"), i, p)
	{
		viz_grid_add(&g, viz_reply_text(p, "name"));
		share_cell(&g, cli, p, "struck_share");
		share_cell(&g, cli, p, "burnt_turn_share");
		share_cell(&g, cli, p, "nil_answer_share");
		share_cell(&g, cli, p, "nil_reveal_share");
		share_cell(&g, cli, p, "first_share");
		viz_format_tenths(
		    text, cli,
		    (int64_t)(1000 * json_number_value(json_object_get(p, "first_by_chance"))));
		viz_grid_add(&g, text);
	}
	viz_table_print(&g);
}

/* How many findings are not in the list, of all rules. */
static long long all_left_out(const json_t *unlisted)
{
	const json_t *u;
	long long n = 0;
	size_t i;

	json_array_foreach(unlisted, i, u) n += (long long)viz_reply_number(u, "count");
	return n;
}

static void print_ids(const struct viz_cli *cli, const json_t *list, const json_t *unlisted)
{
	long long others = all_left_out(unlisted);
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_FINDING, VIZ_MSG_HEAD_VERDICT,
					     VIZ_MSG_HEAD_RULE, VIZ_MSG_HEAD_LEAD,
					     VIZ_MSG_HEAD_SINCE};
	char text[VIZ_FORMAT_MAX];
	struct viz_grid g;
	const json_t *f;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	viz_print_blank(cli);
	viz_table_heads(&g, cli, heads, sizeof heads / sizeof *heads);
	json_array_foreach(list, i, f)
	{
		viz_grid_add(&g, viz_reply_text(f, "id"));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(f, "verdict")));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(f, "rule")));
		viz_grid_add(&g, offer_text(text, f));
		viz_table_time(&g, cli, since(f));
	}
	viz_table_print(&g);
	if (others > 0)
		viz_print(cli, VIZ_MSG_AUDIT_LEFT_OUT, others);
}

static void print_origin(const struct viz_cli *cli, const json_t *result)
{
	json_t *origin = json_object_get(result, "origin");
	json_t *one = json_pack("[O]", origin);
	bool partner = viz_reply_true(origin, "partner");
	bool offers = viz_reply_number(origin, "offer_count") > 0;
	bool found = json_array_size(json_object_get(origin, "findings")) > 0;

	if (!partner) {
		if (offers)
			viz_print(cli, VIZ_MSG_AUDIT_WAS_PARTNER, viz_reply_text(origin, "name"));
		else
			viz_print(cli, VIZ_MSG_AUDIT_NO_PARTNER, viz_reply_text(origin, "name"));
	}
	if (!partner && (offers || found))
		viz_print_blank(cli);
	if (partner || offers || found)
		print_verdict(cli, origin, VIZ_MSG_AUDIT_NONE_OF);
	if (partner || offers) {
		viz_print_blank(cli);
		print_counts(cli, one);
	}
	print_ids(cli, json_object_get(origin, "findings"), json_object_get(origin, "unlisted"));
	if (partner || offers)
		print_facts(cli, json_object_get(origin, "facts"));
	viz_protest_table_print(cli, json_object_get(result, "protests"));
	viz_probing_table_print(cli, json_object_get(result, "probing"));
	json_decref(one);
}

int viz_cmd_audit(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 1))
		return status;
	status = viz_client_query(&result, cli, "audit.show",
				  words.count == 1 ? json_pack("{s:s}", "what", words.word[0])
						   : json_pack("{s:b}", "details", cli->json));
	if (result == NULL)
		return status;
	if (json_object_get(result, "finding"))
		print_finding(cli, json_object_get(result, "finding"));
	else if (json_object_get(result, "origin"))
		print_origin(cli, result);
	else
		print_report(cli, result);
	json_decref(result);
	return VIZ_EXIT_OK;
}
