/* `vizinho-erp list`, `vizinho-erp done`: what is in the ERP, and what a person has deleted. */
#include <time.h>

#include "tools/erp/command.h"
#include "tools/erp/words.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/grid.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "node/host/speech.h"

static json_t *time_json(const json_t *o, const char *key)
{
	int64_t s = viz_reply_number(o, key);

	return s > 0 ? viz_format_rfc3339((struct viz_time){s * 1000}) : NULL;
}

static void set_time(json_t *out, const char *name, const json_t *o, const char *key)
{
	json_t *t = time_json(o, key);

	if (t != NULL)
		json_object_set_new(out, name, t);
}

static void copy_text(json_t *out, const char *name, const json_t *o, const char *key)
{
	if (viz_reply_text(o, key)[0] != '\0')
		viz_erp_state_set_text(out, name, viz_reply_text(o, key));
}

static json_t *lead_json(const char *reference, const json_t *lead)
{
	json_t *o = json_object();

	json_object_set_new(o, "lead", json_pack("{s:s}", "id", reference));
	copy_text(o, "state", lead, "state");
	copy_text(o, "erp", lead, "kind");
	copy_text(o, "external_id", lead, "id");
	set_time(o, "since", lead, "since_s");
	copy_text(o, "why", lead, "why");
	copy_text(o, "differs", lead, "differs");
	json_object_set_new(o, "by_hand", json_boolean(viz_reply_true(lead, "by_hand")));
	return o;
}

static json_t *stream_json(const char *name, const json_t *stream)
{
	json_t *o = json_object();

	viz_erp_state_set_text(o, "name", name);
	set_time(o, "read_at", stream, "read_s");
	set_time(o, "failed_at", stream, "failed_s");
	copy_text(o, "result", stream, "result");
	copy_text(o, "why", stream, "why");
	return o;
}

static json_t *state_json(struct viz_erp_state *s)
{
	json_t *o = json_object(), *list = json_array(), *v;
	const char *key;

	json_object_foreach(viz_erp_state_streams(s), key, v)
	    json_array_append_new(list, stream_json(key, v));
	json_object_set_new(o, "streams", list);
	viz_erp_state_set_number(o, "draft_count",
				 (int64_t)json_object_size(viz_erp_state_drafts(s)));
	list = json_array();
	json_object_foreach(viz_erp_state_leads(s), key, v)
	    json_array_append_new(list, lead_json(key, v));
	json_object_set_new(o, "leads", list);
	return o;
}

static void print_streams(const struct viz_cli *cli, const json_t *streams)
{
	json_t *s;
	size_t i;

	json_array_foreach(streams, i, s)
	{
		const char *name = viz_erp_word_of("what_", viz_reply_text(s, "name"));
		char when[VIZ_FORMAT_MAX];

		viz_format_time(when, cli, json_object_get(s, "read_at"));
		if (viz_reply_text(s, "why")[0] != '\0')
			viz_erp_print(stdout, VIZ_ERP_TEXTS_STREAM_FAILED, name, when,
				      viz_reply_text(s, "why"));
		else
			viz_erp_print(stdout, VIZ_ERP_TEXTS_STREAM_READ, name, when);
	}
}

static void print_leads(const struct viz_cli *cli, const json_t *leads)
{
	static const enum viz_erp_texts heads[] = {
	    VIZ_ERP_TEXTS_HEAD_LEAD, VIZ_ERP_TEXTS_HEAD_STATE, VIZ_ERP_TEXTS_HEAD_ID,
	    VIZ_ERP_TEXTS_HEAD_SINCE, VIZ_ERP_TEXTS_HEAD_WHY};
	struct viz_grid g;
	json_t *lead;
	size_t i;

	viz_grid_init(&g, 5);
	for (i = 0; i < 5; i++)
		viz_grid_add(&g, viz_erp_word(heads[i]));
	json_array_foreach(leads, i, lead)
	{
		const char *why = viz_reply_text(lead, "why"),
			   *differs = viz_reply_text(lead, "differs");
		char when[VIZ_FORMAT_MAX], text[VIZ_ERP_WHY_MAX];

		viz_format_time(when, cli, json_object_get(lead, "since"));
		snprintf(text, sizeof text, "%s", why);
		if (why[0] == '\0' && differs[0] != '\0')
			viz_erp_print_text(text, sizeof text, VIZ_ERP_TEXTS_DIFFERS, differs);
		if (viz_reply_true(lead, "by_hand"))
			snprintf(text, sizeof text, "%s", viz_erp_word(VIZ_ERP_TEXTS_BY_HAND));
		viz_grid_add(&g, viz_reply_id(lead, "lead"));
		viz_grid_add(&g, viz_erp_word_of("lead_", viz_reply_text(lead, "state")));
		viz_grid_add(&g, viz_reply_text(lead, "external_id"));
		viz_grid_add(&g, when);
		viz_grid_add(&g, text);
	}
	viz_grid_print(&g, stdout);
	viz_grid_free(&g);
}

int viz_erp_cmd_list(const struct viz_erp_options *options, const char *word)
{
	const struct viz_cli cli = {.lang = viz_host_speech_lang()};
	struct viz_erp_state state;
	int err = viz_erp_state_read(&state, options->dir);
	json_t *o;

	(void)word;
	if (err != VIZ_OK) {
		viz_erp_state_fail(options, err);
		return VIZ_ERP_EXIT_STATE;
	}
	o = state_json(&state);
	if (options->json) {
		viz_print_json(o);
	} else {
		print_streams(&cli, json_object_get(o, "streams"));
		viz_erp_print(stdout, VIZ_ERP_TEXTS_DRAFTS,
			      (long long)viz_reply_number(o, "draft_count"));
		if (json_array_size(json_object_get(o, "leads")) > 0)
			print_leads(&cli, json_object_get(o, "leads"));
		else
			viz_erp_print(stdout, VIZ_ERP_TEXTS_NO_LEADS);
	}
	json_decref(o);
	viz_erp_state_close(&state);
	return VIZ_ERP_EXIT_OK;
}

int viz_erp_cmd_done(const struct viz_erp_options *options, const char *word)
{
	struct viz_erp_state state;
	json_t *lead;
	const char *is;
	char why[512];
	int status = VIZ_ERP_EXIT_FAILED;

	if (!viz_erp_open(&state, options))
		return VIZ_ERP_EXIT_STATE;
	lead = json_object_get(viz_erp_state_leads(&state), word);
	is = viz_reply_text(lead, "state");
	if (lead == NULL) {
		viz_erp_print_text(why, sizeof why, VIZ_ERP_TEXTS_NO_SUCH_LEAD, word);
		viz_erp_fail(options, "no-such-lead", why);
	} else if (strcmp(is, VIZ_ERP_LEAD_COULD_NOT) != 0 && strcmp(is, VIZ_ERP_LEAD_ASKED) != 0) {
		viz_erp_print_text(why, sizeof why, VIZ_ERP_TEXTS_NOT_TO_DO, word,
				   viz_erp_word_of("lead_", is));
		viz_erp_fail(options, "not-now", why);
	} else {
		viz_erp_state_set_text(lead, "state", VIZ_ERP_LEAD_WITHDRAWN);
		viz_erp_state_set_number(lead, "since_s", (int64_t)time(NULL));
		json_object_set_new(lead, "by_hand", json_true());
		json_object_del(lead, "why");
		json_object_del(lead, "differs");
		status = viz_erp_state_save(&state) ? VIZ_ERP_EXIT_OK : VIZ_ERP_EXIT_STATE;
		if (status != VIZ_ERP_EXIT_OK)
			viz_erp_state_fail(options, VIZ_ERR_STORE);
		else if (options->json)
			viz_print_json_new(lead_json(word, lead));
		else
			viz_erp_print(stdout, VIZ_ERP_TEXTS_DONE, word);
	}
	viz_erp_state_close(&state);
	return status;
}
