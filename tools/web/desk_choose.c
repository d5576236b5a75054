#include "tools/web/desk_choose.h"

#include "tools/web/customer_form.h"
#include "tools/web/customer_words.h"
#include "tools/web/desk_alike.h"
#include "tools/web/desk_lead.h"
#include "tools/web/desk_model.h"

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static void ask_proposals(struct viz_page *p)
{
	viz_page_ask(p, "lead.proposals", json_pack("{s:s}", "lead", viz_page_param(p, "id")));
}

/* The proposal at the place of the path. */
static const json_t *proposal_of(const struct viz_page *p)
{
	const json_t *list = json_object_get(viz_page_result(p, 0), "proposals"), *one;
	long long n = atoll(viz_page_param(p, "n"));
	size_t i;

	json_array_foreach(list, i, one) if (json_integer_value(json_object_get(one, "position")) ==
					     n) return one;
	return NULL;
}

static void show(struct viz_page *p, unsigned status, json_t *form)
{
	const json_t *lead = json_object_get(viz_page_result(p, 0), "lead"), *plan;
	const json_t *proposal = proposal_of(p);
	json_t *plans = json_array(), *one;
	size_t i;

	json_array_foreach(json_object_get(proposal, "plans"), i, plan)
	{
		one = viz_customer_words_plan(viz_page_lang(p), plan);
		json_object_set_new(
		    one, "selected",
		    json_boolean(strcmp(text_of(plan, "name"), viz_page_field(p, "plan")) == 0));
		json_array_append_new(plans, one);
	}
	viz_page_set(p, "has_plans", json_boolean(json_array_size(plans) > 0));
	viz_page_set(p, "plans", plans);
	viz_page_set(p, "lead", viz_desk_model_lead(p, lead));
	viz_page_set_text(p, "n", viz_page_param(p, "n"));
	viz_page_set_text(p, "label", text_of(proposal, "label"));
	viz_page_set(p, "second",
		     json_pack("{s:o,s:s}", "text",
			       viz_customer_words_text(text_of(proposal, "consent_text"),
						       text_of(proposal, "consent_language")),
			       "hash", text_of(proposal, "consent_text_hash")));
	viz_page_set_text(p, "evidence", viz_page_field(p, "evidence"));
	viz_page_set(p, "need_evidence", json_true());
	viz_customer_form_show(p, form);
	viz_page_render(p, status, "desk/choose");
}

static bool is_there(struct viz_page *p)
{
	viz_desk_model_frame(p, "leads");
	if (viz_page_refused(p))
		return false;
	if (json_object_get(proposal_of(p), "consent_text") != NULL)
		return true;
	viz_page_fail(p, 409, VIZ_WEB_TEXT_ERROR_NOT_NOW);
	return false;
}

static void answer_choose(struct viz_page *p)
{
	if (is_there(p))
		show(p, 200, viz_customer_form_read(p));
}

/* The request of the choice. NULL: the form is shown again. */
static json_t *choose_args(struct viz_page *p)
{
	const json_t *proposal = proposal_of(p);
	bool held = json_is_true(
	    json_object_get(json_object_get(viz_page_result(p, 0), "lead"), "holds_contact"));
	bool new_contact = !held || strcmp(viz_page_field(p, "contact_is"), "new") == 0;
	const char *evidence = viz_page_field(p, "evidence");
	json_t *form = viz_customer_form_read(p), *args;
	bool good = viz_customer_form_answered(form, "location");

	if (strcmp(viz_page_field(p, "text_hash"), text_of(proposal, "consent_text_hash")) != 0) {
		viz_page_set(p, "trouble", viz_desk_model_word(p, "desk_error_", "text-changed"));
		good = false;
	}
	if (evidence[0] == '\0') {
		viz_page_set(
		    p, "wrong",
		    json_pack("{s:s}", "evidence",
			      viz_web_text(viz_page_lang(p), VIZ_WEB_TEXT_DESK_NEED_EVIDENCE)));
		good = false;
	}
	if (new_contact)
		good = viz_customer_form_check(form) && good;
	if (!good) {
		show(p, 422, form);
		return NULL;
	}
	args = json_pack("{s:s,s:O,s:{s:b,s:O,s:s,s:s}}", "lead", viz_page_param(p, "id"), "peer",
			 json_object_get(proposal, "id"), "consent", "given", true, "text",
			 json_object_get(proposal, "consent_text"), "channel",
			 viz_page_field(p, "channel"), "evidence", evidence);
	if (new_contact)
		json_object_set_new(args, "contact", viz_customer_form_contact(form));
	json_decref(form);
	return args;
}

static void go_back(struct viz_page *p)
{
	char path[160];

	snprintf(path, sizeof path, "/desk/leads/%s", viz_page_param(p, "id"));
	viz_page_go(p, path);
}

static void answer_chosen(struct viz_page *p)
{
	json_t *args;

	if (viz_page_round(p) == 0) {
		if (!is_there(p))
			return;
		if (strcmp(viz_page_field(p, "answer"), "no") == 0) {
			go_back(p);
			return;
		}
		args = choose_args(p);
		if (args != NULL)
			viz_page_ask(p, "lead.choose", args);
		return;
	}
	if (viz_page_round(p) == 1) {
		viz_desk_model_frame(p, "leads");
		if (viz_page_result(p, 0) != NULL) {
			viz_desk_alike_go(p, "/desk/leads/", viz_page_param(p, "id"));
		} else if (viz_desk_model_trouble(p, 0)) {
			ask_proposals(p);
		}
		return;
	}
	if (!is_there(p))
		return;
	show(p, 409, viz_customer_form_read(p));
}

static void ask_none(struct viz_page *p)
{
	viz_page_ask(p, "lead.choose",
		     json_pack("{s:s,s:b}", "lead", viz_page_param(p, "id"), "none", true));
}

static void answer_none(struct viz_page *p)
{
	viz_desk_model_frame(p, "leads");
	if (viz_page_round(p) > 0) {
		viz_desk_lead_show(p, 409, 0);
	} else if (viz_page_result(p, 0) != NULL) {
		go_back(p);
	} else if (viz_desk_model_trouble(p, 0)) {
		viz_desk_lead_ask(p);
	}
}

const struct viz_route viz_desk_choose_routes[] = {
    {VIZ_WEB_GET, "/desk/leads/:id/choose/:n", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_proposals,
     answer_choose},
    {VIZ_WEB_POST, "/desk/leads/:id/choose/:n", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_proposals,
     answer_chosen},
    {VIZ_WEB_POST, "/desk/leads/:id/none", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_none,
     answer_none},
    {0},
};
