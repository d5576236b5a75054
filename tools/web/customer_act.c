#include "tools/web/customer_act.h"

#include "tools/web/customer_form.h"
#include "tools/web/customer_model.h"
#include "tools/web/customer_show.h"

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text != NULL ? text : "";
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static void go(struct viz_page *p, const char *more)
{
	char path[VIZ_CUSTOMER_PATH_MAX];

	viz_customer_model_path(path, p, more);
	viz_page_go(p, path);
}

/* --- the stages of a POST: what was asked last --- */

static bool is_asked(const struct viz_page *p, const char *what)
{
	const char *asked = json_string_value(viz_page_kept(p, "asked"));

	return asked != NULL && is(asked, what);
}

static void ask(struct viz_page *p, const char *what, json_t *args)
{
	viz_page_keep(p, "asked", json_string(what));
	viz_page_ask(p, what, args);
}

void viz_customer_act_ask_show(struct viz_page *p)
{
	ask(p, "customer.show", viz_customer_model_token(p));
}

/* The operation, or, without the nonce, the page alone. */
static void ask_once(struct viz_page *p, const char *op, json_t *args)
{
	if (viz_customer_model_is_fresh(p)) {
		ask(p, op, args);
		return;
	}
	json_decref(args);
	viz_customer_act_ask_show(p);
}

/* Shows the page again, and that nothing was done. */
static void show_stale(struct viz_page *p, const json_t *page)
{
	viz_page_set(p, "stale", json_true());
	viz_customer_show(p, page, viz_customer_form_read(p));
}

void viz_customer_act_ask_open(struct viz_page *p)
{
	ask_once(p, "customer.open", viz_customer_model_token(p));
}

void viz_customer_act_ask_none(struct viz_page *p)
{
	json_t *args = viz_customer_model_token(p);

	json_object_set_new(args, "none", json_true());
	ask_once(p, "customer.choose", args);
}

void viz_customer_act_ask_call_again(struct viz_page *p)
{
	ask_once(p, "customer.call-again", viz_customer_model_token(p));
}

void viz_customer_act_ask_withdraw(struct viz_page *p)
{
	ask_once(p, "customer.withdraw", viz_customer_model_token(p));
}

void viz_customer_act_done(struct viz_page *p)
{
	if (viz_customer_show_refused(p, 0, NULL))
		return;
	if (is_asked(p, "customer.show"))
		show_stale(p, json_object_get(viz_page_result(p, 0), "page"));
	else
		go(p, "");
}

void viz_customer_act_ask_refuse(struct viz_page *p)
{
	ask_once(p, "customer.refuse", viz_customer_model_token(p));
}

void viz_customer_act_refused(struct viz_page *p)
{
	if (viz_customer_show_refused(p, 0, NULL))
		return;
	if (is_asked(p, "customer.show"))
		show_stale(p, json_object_get(viz_page_result(p, 0), "page"));
	else
		go(p, "/refused");
}

/* --- the first consent --- */

/* Partners whose tick was taken away, and those that were struck before. */
static json_t *strikes_of(const struct viz_page *p, const json_t *page)
{
	const json_t *keep = viz_page_fields(p, "keep"), *struck = viz_page_fields(p, "strike");
	json_t *list = json_array(), *one, *id;
	size_t i, k;

	/* The page of a single partner has no ticks. */
	if (keep == NULL && viz_page_field(p, "ticks")[0] == '\0')
		return struck != NULL ? json_deep_copy(struck) : list;
	json_array_foreach(json_object_get(page, "partners"), i, one)
	{
		bool kept = false;

		json_array_foreach(keep, k, id) kept =
		    kept || is(json_string_value(id), text_of(one, "id"));
		if (!kept)
			json_array_append(list, json_object_get(one, "id"));
	}
	return list;
}

static json_t *with_strikes(const struct viz_page *p, const json_t *strikes)
{
	json_t *args = viz_customer_model_token(p);

	if (json_array_size(strikes) > 0)
		json_object_set_new(args, "strike", json_deep_copy(strikes));
	return args;
}

/* Reads the page with these strikes, to show it once more. */
static void show_again(struct viz_page *p, const char *note)
{
	viz_page_keep(p, "note", json_string(note));
	ask(p, "customer.show", with_strikes(p, viz_page_kept(p, "strikes")));
}

/* With what was typed. Answers to another text than that of the page are not. */
static void show_noted(struct viz_page *p, const json_t *page, const char *note)
{
	const json_t *kept = viz_page_kept(p, "form");
	json_t *form = kept != NULL ? json_deep_copy(kept) : viz_customer_form_read(p);

	if (!is(note, "stale") && !is(note, "errors"))
		viz_customer_form_unanswer(form);
	if (note[0] != '\0')
		viz_page_set(p, note, json_true());
	viz_customer_show(p, page, form);
}

/* Whether the two questions of a single partner are answered; else the page is shown again. */
static bool is_answered(json_t *form, bool is_single)
{
	bool location, contact;

	if (!is_single)
		return true;
	location = viz_customer_form_answered(form, "location");
	if (json_is_true(json_object_get(json_object_get(form, "location"), "no")))
		return true;
	contact = viz_customer_form_answered(form, "may_call");
	if (contact && json_is_true(json_object_get(json_object_get(form, "may_call"), "yes")))
		contact = viz_customer_form_check(form);
	return location && contact;
}

static void ask_agree(struct viz_page *p, const json_t *form, bool is_single)
{
	json_t *args = with_strikes(p, viz_page_kept(p, "strikes"));
	bool contact = is_single && is(viz_page_field(p, "contact"), "yes");

	json_object_set_new(args, "text_hash", json_string(viz_page_field(p, "text_hash")));
	if (is_single)
		json_object_set_new(args, "contact_given", json_boolean(contact));
	if (contact) {
		json_object_set_new(args, "contact_text_hash",
				    json_string(viz_page_field(p, "contact_text_hash")));
		json_object_set_new(args, "contact", viz_customer_form_contact(form));
	}
	ask(p, "customer.agree", args);
}

/* Every tick was taken away, and the customer said yes: to whom? */
static bool is_nobody_left(const struct viz_page *p, const json_t *page)
{
	size_t named = json_array_size(json_object_get(page, "partners"));

	return named > 0 && json_array_size(viz_page_kept(p, "strikes")) >= named &&
	       !is(viz_page_field(p, "answer"), "no");
}

/* The page was asked for the first time: what does the customer want? */
static void decide(struct viz_page *p, const json_t *page)
{
	bool is_single = viz_page_field(p, "single")[0] != '\0';
	json_t *form = viz_customer_form_read(p);

	viz_page_keep(p, "strikes", strikes_of(p, page));
	if (is_nobody_left(p, page)) {
		json_decref(form);
		viz_page_keep(p, "strikes", json_array());
		show_again(p, "all_struck");
	} else if (!viz_customer_model_is_fresh(p)) {
		json_decref(form);
		show_again(p, "stale");
	} else if (!is_answered(form, is_single)) {
		viz_page_keep(p, "form", form);
		show_again(p, "errors");
	} else if (is(viz_page_field(p, "answer"), "no")) {
		json_decref(form);
		ask(p, "customer.refuse", viz_customer_model_token(p));
	} else if (!is(viz_page_field(p, "answer"), "yes")) {
		json_decref(form);
		show_again(p, "");
	} else if (viz_page_fields(p, "keep") != NULL && viz_page_field(p, "again")[0] == '\0' &&
		   json_array_size(viz_page_kept(p, "strikes")) > 0) {
		/* Some are struck: the text has other names, and is read before the yes. */
		json_decref(form);
		show_again(p, "");
	} else {
		ask_agree(p, form, is_single);
		viz_page_keep(p, "form", form);
	}
}

static bool is_open_stage(const json_t *page)
{
	const char *stage = text_of(page, "stage");

	return is(stage, "consent") || is(stage, "single") || is(stage, "no-neighbour");
}

static void agreed(struct viz_page *p)
{
	json_t *form = json_deep_copy(viz_page_kept(p, "form"));

	if (viz_page_online(p) && form != NULL && viz_page_error(p, 0) != NULL &&
	    viz_customer_form_blame(form, viz_page_error(p, 0))) {
		viz_page_keep(p, "form", form);
		show_again(p, "errors");
		return;
	}
	json_decref(form);
	if (viz_page_online(p) && is(viz_page_code(p, 0), "text-changed"))
		show_again(p, "new_text");
	else if (!viz_customer_show_refused(p, 0, NULL))
		go(p, "");
}

void viz_customer_act_agree(struct viz_page *p)
{
	const char *note = json_string_value(viz_page_kept(p, "note"));
	const json_t *page;

	if (is_asked(p, "customer.agree")) {
		agreed(p);
		return;
	}
	if (viz_customer_show_refused(p, 0, NULL))
		return;
	if (is_asked(p, "customer.refuse")) {
		go(p, "/refused");
		return;
	}
	page = json_object_get(viz_page_result(p, 0), "page");
	if (!is_open_stage(page)) {
		go(p, "?changed=1");
	} else if (note != NULL) {
		show_noted(p, page, note);
	} else {
		decide(p, page);
	}
}

/* --- the second consent --- */

static void take(struct viz_page *p, const json_t *page, const json_t *proposal)
{
	bool holds = json_is_true(json_object_get(page, "holds_contact"));
	json_t *form = viz_customer_form_read(p), *args;

	if (!viz_customer_model_is_fresh(p)) {
		viz_page_set(p, "stale", json_true());
		viz_customer_show_choose(p, page, proposal, form);
		return;
	}
	if ((!holds && !viz_customer_form_check(form)) || !is(viz_page_field(p, "answer"), "yes")) {
		viz_customer_show_choose(p, page, proposal, form);
		return;
	}
	args = viz_customer_model_token(p);
	json_object_set(args, "peer", json_object_get(proposal, "id"));
	json_object_set_new(args, "text_hash", json_string(viz_page_field(p, "text_hash")));
	if (!holds)
		json_object_set_new(args, "contact", viz_customer_form_contact(form));
	viz_page_keep(p, "page", json_deep_copy(page));
	viz_page_keep(p, "form", form);
	ask(p, "customer.choose", args);
}

/* The reply to customer.choose, or the page that is read once more when the text has changed. */
static void taken(struct viz_page *p)
{
	const json_t *page = viz_page_kept(p, "page"), *proposal;
	json_t *form = json_deep_copy(viz_page_kept(p, "form"));

	proposal = viz_customer_model_find(page, viz_page_param(p, "number"));
	if (viz_page_error(p, 0) != NULL && viz_customer_form_blame(form, viz_page_error(p, 0))) {
		viz_customer_show_choose(p, page, proposal, form);
		return;
	}
	json_decref(form);
	if (is(viz_page_code(p, 0), "text-changed")) {
		viz_page_keep(p, "note", json_string("new_text"));
		viz_customer_act_ask_show(p);
	} else if (!viz_customer_show_refused(p, 0, page)) {
		go(p, "");
	}
}

void viz_customer_act_choose(struct viz_page *p)
{
	const json_t *page, *proposal;

	if (is(viz_page_field(p, "answer"), "no")) { /* nothing is done */
		go(p, "");
		return;
	}
	if (is_asked(p, "customer.choose")) {
		taken(p);
		return;
	}
	if (viz_customer_show_refused(p, 0, NULL))
		return;
	page = json_object_get(viz_page_result(p, 0), "page");
	proposal = viz_customer_model_find(page, viz_page_param(p, "number"));
	if (!is(text_of(page, "stage"), "proposals") || proposal == NULL) {
		go(p, "?changed=1");
	} else if (viz_page_kept(p, "note") != NULL) {
		viz_page_set(p, "new_text", json_true());
		viz_customer_show_choose(p, page, proposal,
					 json_deep_copy(viz_page_kept(p, "form")));
	} else {
		take(p, page, proposal);
	}
}
