/* `vizinho-erp check`, `vizinho-erp reasons`: what the ERP lets us do, and its reasons. */
#include "tools/erp/command.h"
#include "tools/erp/words.h"
#include "tools/vizinho/grid.h"
#include "tools/vizinho/print.h"

static const char *result_word(enum viz_erp_result result)
{
	switch (result) {
	case VIZ_ERP_OK:
		return viz_erp_word(VIZ_ERP_TEXTS_RESULT_OK);
	case VIZ_ERP_UNSURE:
		return viz_erp_word(VIZ_ERP_TEXTS_RESULT_UNSURE);
	case VIZ_ERP_LATER:
		return viz_erp_word(VIZ_ERP_TEXTS_RESULT_LATER);
	case VIZ_ERP_DENIED:
		return viz_erp_word(VIZ_ERP_TEXTS_RESULT_DENIED);
	case VIZ_ERP_REFUSED:
		return viz_erp_word(VIZ_ERP_TEXTS_RESULT_REFUSED);
	case VIZ_ERP_ABSENT:
		return viz_erp_word(VIZ_ERP_TEXTS_RESULT_ABSENT);
	}
	return "?";
}

/* The node must let us read the inbox; what it gives is not looked at. */
static void check_node(struct viz_erp *e, struct viz_erp_checks *checks,
		       const struct viz_erp_options *options)
{
	struct viz_erp_node node;
	json_t *result = NULL;
	enum viz_erp_told told;

	viz_erp_node_begin(&node, options->socket != NULL ? options->socket : e->config->socket);
	node.silent = true;
	told = viz_erp_node_ask(&node, &result, "inbox.list", json_object());
	if (told == VIZ_ERP_TOLD_OK)
		viz_erp_checked(e, checks, "node", VIZ_ERP_OK);
	else
		viz_erp_checked(e, checks, "node",
				viz_erp_say(e, node.error == NULL ? VIZ_ERP_LATER : VIZ_ERP_DENIED,
					    "%s", viz_erp_node_code(&node)));
	json_decref(result);
	viz_erp_node_end(&node);
}

static void check_functions(struct viz_erp *e, struct viz_erp_checks *checks)
{
	const struct viz_erp_connector *c = e->config->connector;

	viz_erp_say(e, VIZ_ERP_ABSENT, "not of this ERP: a person deletes, see vizinho-erp list");
	if (e->config->write != VIZ_ERP_WRITE_NEVER)
		viz_erp_checked(e, checks, "withdraw leads",
				c->withdraw != NULL ? VIZ_ERP_OK : VIZ_ERP_ABSENT);
}

/* What this ERP does not have is no fault. */
static bool is_fault(enum viz_erp_result result)
{
	return result != VIZ_ERP_OK && result != VIZ_ERP_ABSENT;
}

static int print_checks(const struct viz_erp_checks *checks, bool json)
{
	json_t *list = json_array();
	struct viz_grid g;
	int status = VIZ_ERP_EXIT_OK;

	viz_grid_init(&g, 3);
	for (size_t i = 0; i < checks->count; i++) {
		const char *what = checks->check[i].what, *why = checks->check[i].why;
		enum viz_erp_result result = checks->check[i].result;

		if (is_fault(result))
			status = VIZ_ERP_EXIT_FAILED;
		viz_grid_add(&g, viz_erp_word_of("what_", what));
		viz_grid_add(&g, result_word(result));
		viz_grid_add(&g, why);
		json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "what", what, "result",
						      viz_erp_result_name(result), "why", why));
	}
	if (json)
		viz_print_json_new(json_pack("{s:O}", "checks", list));
	else
		viz_grid_print(&g, stdout);
	viz_grid_free(&g);
	json_decref(list);
	return status;
}

int viz_erp_cmd_check(const struct viz_erp_options *options, const char *word)
{
	struct viz_erp_checks checks = {.count = 0};
	struct viz_erp_config config;
	struct viz_erp_state state;
	struct viz_erp e;
	int status;

	(void)word;
	if (!viz_erp_begin(&e, &config, options))
		return VIZ_ERP_EXIT_USAGE;
	if (!viz_erp_open(&state, options)) {
		viz_erp_session_end(&e);
		return VIZ_ERP_EXIT_STATE;
	}
	viz_erp_session_tick(&e);
	if (config.connector->check != NULL)
		config.connector->check(&e, &checks);
	check_functions(&e, &checks);
	check_node(&e, &checks, options);
	status = print_checks(&checks, options->json);
	viz_erp_state_close(&state);
	viz_erp_session_end(&e);
	return status;
}

/* --- reasons --- */

static bool is_ticked(const struct viz_erp_config *c, const struct viz_erp_reason *r)
{
	return viz_erp_config_ticked(r->stream == VIZ_ERP_MOVES ? &c->subjects : &c->reasons,
				     r->id);
}

static void print_reasons(const struct viz_erp_config *c, const struct viz_erp_reasons *reasons,
			  bool json)
{
	json_t *list = json_array();
	struct viz_grid g;

	viz_grid_init(&g, 4);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct viz_erp_reason *r = &reasons->reason[i];
		const char *key = r->stream == VIZ_ERP_MOVES ? "move_subjects" : "move_reasons";
		bool ticked = is_ticked(c, r);

		viz_grid_add(&g, ticked ? "[x]" : "[ ]");
		viz_grid_add(&g, key);
		viz_grid_add(&g, r->id);
		viz_grid_add(&g, r->name);
		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:b,s:b}", "key", key, "id",
						      r->id, "name", r->name, "active", r->active,
						      "ticked", ticked));
	}
	if (json) {
		viz_print_json_new(json_pack("{s:O}", "reasons", list));
	} else {
		viz_grid_print(&g, stdout);
		viz_erp_print(stdout, VIZ_ERP_TEXTS_REASONS_HINT);
	}
	viz_grid_free(&g);
	json_decref(list);
}

static void fail_reasons(const struct viz_erp_options *options, const char *word, const char *why)
{
	char text[1024];

	viz_erp_print_text(text, sizeof text, VIZ_ERP_TEXTS_NO_REASONS, word, why);
	viz_erp_fail(options, "failed", text);
}

int viz_erp_cmd_reasons(const struct viz_erp_options *options, const char *word)
{
	struct viz_erp_reasons reasons = {calloc(VIZ_ERP_REASONS_MAX, sizeof *reasons.reason), 0};
	enum viz_erp_result result = VIZ_ERP_ABSENT;
	struct viz_erp_config config;
	struct viz_erp_state state;
	struct viz_erp e;
	int status = VIZ_ERP_EXIT_USAGE;

	(void)word;
	VIZ_REQUIRE(reasons.reason != NULL);
	if (!viz_erp_begin(&e, &config, options))
		goto end;
	status = VIZ_ERP_EXIT_STATE;
	if (viz_erp_open(&state, options)) {
		viz_erp_session_tick(&e);
		viz_erp_say(&e, result, "this ERP has no list of reasons");
		if (config.connector->reasons != NULL)
			result = config.connector->reasons(&e, &reasons);
		if (result == VIZ_ERP_OK)
			print_reasons(&config, &reasons, options->json);
		else
			fail_reasons(options, result_word(result), viz_erp_why(&e));
		status = result == VIZ_ERP_OK ? VIZ_ERP_EXIT_OK : VIZ_ERP_EXIT_FAILED;
		viz_erp_state_close(&state);
	}
	viz_erp_session_end(&e);
end:
	free(reasons.reason);
	return status;
}
