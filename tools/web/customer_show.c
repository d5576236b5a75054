#include "tools/web/customer_show.h"

#include "node/host/log.h"
#include "tools/web/customer_form.h"
#include "tools/web/customer_model.h"
#include "tools/web/customer_words.h"

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text != NULL ? text : "";
}

/* --- stages --- */

static void begin(struct viz_page *p, const json_t *page)
{
	viz_customer_model_step(p, 1, 4);
	viz_customer_model_begin(p, page);
	viz_page_render(p, 200, "customer/intro");
}

static void consent(struct viz_page *p, const json_t *page)
{
	viz_customer_model_step(p, 2, 4);
	viz_customer_model_consent(p, page);
	viz_page_render(p, 200,
			json_array_size(viz_page_model(p, "strikes")) > 0 ? "customer/consent_again"
									  : "customer/consent");
}

static void single(struct viz_page *p, const json_t *page)
{
	viz_customer_model_step(p, 2, 2);
	viz_customer_model_consent(p, page);
	viz_page_render(p, 200, "customer/single");
}

static void no_neighbour(struct viz_page *p, const json_t *page)
{
	viz_customer_model_consent(p, page);
	viz_page_render(p, 200, "customer/no_neighbour");
}

static void later(struct viz_page *p, const json_t *page)
{
	viz_customer_model_done(p, page, true);
	viz_page_render(p, 200, "customer/no_neighbour");
}

static void waiting(struct viz_page *p, const json_t *page)
{
	viz_customer_model_step(p, 3, 4);
	viz_customer_model_waiting(p, page);
	viz_page_render(p, 200, "customer/waiting");
}

static void proposals(struct viz_page *p, const json_t *page)
{
	size_t n = viz_customer_model_proposals(p, page, viz_page_query(p, "sort"));

	if (n > 0)
		viz_customer_model_step(p, 3, 4);
	viz_page_render(p, 200, n > 0 ? "customer/proposals" : "customer/nobody_serves");
}

static void done(struct viz_page *p, const json_t *page)
{
	viz_customer_model_done(p, page, true);
	viz_page_render(p, 200, "customer/done");
}

static void recalled(struct viz_page *p, const json_t *page)
{
	viz_customer_model_done(p, page, true);
	viz_page_render(p, 200, "customer/letting_go");
}

static void none(struct viz_page *p, const json_t *page)
{
	(void)page;
	viz_page_render(p, 200, "customer/none");
}

static void kept(struct viz_page *p, const json_t *page)
{
	(void)page;
	viz_page_render(p, 200, "customer/kept");
}

static void withdrawn(struct viz_page *p, const json_t *page)
{
	viz_customer_model_holders(p, json_object_get(page, "holders"), "");
	viz_page_render(p, 200, "customer/withdrawn");
}

static const struct {
	const char *stage;
	void (*show)(struct viz_page *p, const json_t *page);
	bool can_withdraw;
} stages[] = {
    {"begin", begin, false},
    {"consent", consent, false},
    {"single", single, false},
    {"no-neighbour", no_neighbour, false},
    {"later", later, true},
    {"waiting", waiting, true},
    {"proposals", proposals, true},
    {"chosen", done, true},
    {"called", done, true},
    {"recalled", recalled, true},
    {"installed", done, true},
    {"lost", done, true},
    {"none", none, true},
    {"kept", kept, false},
    {"withdrawn", withdrawn, false},
};

void viz_customer_show(struct viz_page *p, const json_t *page, json_t *form)
{
	const char *stage = text_of(page, "stage");

	viz_customer_form_show(p, form != NULL ? form : viz_customer_form_read(p));
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
		if (strcmp(stages[i].stage, stage) != 0)
			continue;
		viz_customer_model_frame(p, page);
		viz_page_set(p, "can_withdraw", json_boolean(stages[i].can_withdraw));
		if (viz_page_query(p, "changed")[0] != '\0')
			viz_page_set(p, "refused", json_true());
		stages[i].show(p, page);
		return;
	}
	viz_customer_show_over(p);
}

void viz_customer_show_choose(struct viz_page *p, const json_t *page, const json_t *proposal,
			      json_t *form)
{
	viz_customer_model_frame(p, page);
	viz_customer_model_step(p, 4, 4);
	viz_customer_model_choose(p, page, proposal);
	viz_customer_form_show(p, form);
	viz_page_set(p, "can_withdraw", json_true());
	viz_page_render(p, 200, "customer/choose");
}

/* --- what cannot be shown --- */

void viz_customer_show_over(struct viz_page *p)
{
	viz_page_render(p, 404, "customer/over");
}

/* The node cannot do it now, or cannot do it at all. What was typed goes back to the browser, which
 * sends it again when the customer wants to. */
static void show_down(struct viz_page *p, const json_t *page, bool ask_them)
{
	viz_customer_model_frame(p, page);
	viz_customer_form_carry(p);
	viz_page_set_text(p, "here", viz_page_path(p));
	viz_page_set(p, "ask_them", json_boolean(ask_them));
	viz_page_render(p, 503, "customer/down");
}

/* What passes by itself. */
static bool is_passing(const char *code)
{
	static const char *const passing[] = {"starting", "quarantine",      "clock", "store-full",
					      "busy",     "own-key-revoked", "alone", "failed"};

	for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
		if (strcmp(code, passing[i]) == 0)
			return true;
	return false;
}

bool viz_customer_show_refused(struct viz_page *p, size_t i, const json_t *page)
{
	static const char *const moved[] = {
	    "not-now",   "no-such-proposal", "revoked-already", "text-changed", "not-single",
	    "draw-over", "no-such-draw",     "no-proof",        "not-drawn",    "no-neighbour"};
	char path[VIZ_CUSTOMER_PATH_MAX];
	const char *code;

	if (!viz_page_online(p)) {
		show_down(p, page, false);
		return true;
	}
	if (viz_page_result(p, i) != NULL)
		return false;
	code = viz_page_code(p, i);
	if (strcmp(code, "no-such-link") == 0 || strcmp(code, "bad-text") == 0) {
		viz_customer_show_over(p);
		return true;
	}
	for (size_t k = 0; k < sizeof moved / sizeof *moved; k++)
		if (strcmp(code, moved[k]) == 0) {
			viz_customer_model_path(path, p, "?changed=1");
			viz_page_go(p, path);
			return true;
		}
	if (!is_passing(code))
		viz_host_log(VIZ_LOG_ERROR, "web: customer: the node refused: %s", code);
	show_down(p, page, !is_passing(code));
	return true;
}
