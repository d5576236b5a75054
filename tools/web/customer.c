#include "tools/web/customer.h"

#include "tools/web/customer_act.h"
#include "tools/web/customer_form.h"
#include "tools/web/customer_model.h"
#include "tools/web/customer_show.h"
#include "tools/web/customer_words.h"
#include "tools/web/qr.h"

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text != NULL ? text : "";
}

static bool is_one_of(const char *word, const char *list)
{
	size_t len = strlen(word);

	for (const char *at = strstr(list, word); at != NULL && len > 0; at = strstr(at + 1, word))
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static void go_back(struct viz_page *p)
{
	char path[VIZ_CUSTOMER_PATH_MAX];

	viz_customer_model_path(path, p, "");
	viz_page_go(p, path);
}

/* --- the page of the stage --- */

static void ask_show(struct viz_page *p)
{
	viz_page_ask(p, "customer.show", viz_customer_model_token(p));
}

/* The `page` of customer.show, which was asked first. NULL: the answer is given. */
static const json_t *page_of(struct viz_page *p)
{
	if (viz_customer_show_refused(p, 0, NULL))
		return NULL;
	return json_object_get(viz_page_result(p, 0), "page");
}

static void answer_show(struct viz_page *p)
{
	const json_t *page = page_of(p);

	if (page != NULL)
		viz_customer_show(p, page, NULL);
}

/* For the script of a page that waits: whether there is something new. */
static void answer_state(struct viz_page *p)
{
	const json_t *page =
	    viz_page_online(p) ? json_object_get(viz_page_result(p, 0), "page") : NULL;

	viz_page_json(p, page != NULL ? 200 : 503,
		      page != NULL ? json_pack("{s:s}", "mark", text_of(page, "stage"))
				   : json_object());
}

/* --- pages that ask whether it is meant --- */

/* Shows a page of its own in these stages, and that of the stage otherwise. */
static void confirm(struct viz_page *p, const char *template, const char *stages)
{
	const json_t *page = page_of(p);

	if (page == NULL)
		return;
	if (!is_one_of(text_of(page, "stage"), stages)) {
		go_back(p);
		return;
	}
	viz_customer_model_frame(p, page);
	viz_customer_model_done(p, page, true);
	viz_page_render(p, 200, template);
}

static void answer_other(struct viz_page *p)
{
	confirm(p, "customer/other", "begin consent single no-neighbour");
}

static void answer_none(struct viz_page *p)
{
	confirm(p, "customer/none_ask", "proposals");
}

static void answer_nobody(struct viz_page *p)
{
	confirm(p, "customer/nobody", "chosen called");
}

static void answer_withdraw(struct viz_page *p)
{
	confirm(p, "customer/withdraw",
		"later waiting proposals chosen called recalled installed lost none");
}

static void answer_choose(struct viz_page *p)
{
	const json_t *page = page_of(p), *proposal;

	if (page == NULL)
		return;
	proposal = viz_customer_model_find(page, viz_page_param(p, "number"));
	if (strcmp(text_of(page, "stage"), "proposals") != 0 || proposal == NULL)
		go_back(p);
	else
		viz_customer_show_choose(p, page, proposal, viz_customer_form_read(p));
}

/* The link is gone when this is shown: nothing is asked. */
static void answer_refused(struct viz_page *p)
{
	viz_page_render(p, 200, "customer/refused");
}

/* --- what there is to look at --- */

static void ask_code(struct viz_page *p)
{
	ask_show(p);
	viz_page_ask(p, "customer.code", viz_customer_model_token(p));
}

/* Before there is a lead there is no code, and the names with their numbers stand in the page. */
static void answer_code(struct viz_page *p)
{
	const json_t *page = page_of(p), *result, *from;
	const char *code, *text;
	json_t *partners, *one;
	char message[512];
	size_t i;

	if (page == NULL)
		return;
	result = viz_page_result(p, 1);
	from = json_object_get(result != NULL ? result : page, "partners");
	if (json_array_size(from) == 0) {
		go_back(p);
		return;
	}
	viz_customer_model_frame(p, page);
	code = text_of(result, "inbox_id");
	if (code[0] != '\0')
		viz_page_set_text(p, "code", code);
	text = viz_web_text(viz_page_lang(p), code[0] != '\0' ? VIZ_WEB_TEXT_CUSTOMER_CODE_MESSAGE
							      : VIZ_WEB_TEXT_CUSTOMER_CODE_PLAIN);
	snprintf(message, sizeof message, "%s %s", text, code);
	partners = json_array();
	json_array_foreach(from, i, one)
	    json_array_append_new(partners, viz_customer_words_provider(one, message));
	viz_page_set(p, "partners", partners);
	viz_page_render(p, 200, "customer/code");
}

static void ask_held(struct viz_page *p)
{
	ask_show(p);
	viz_page_ask(p, "customer.held", viz_customer_model_token(p));
}

static json_t *location_json(const json_t *location)
{
	json_t *out = json_pack("{s:o}", "town",
				viz_customer_words_town(json_object_get(location, "municipality")));
	json_t *cep = viz_customer_words_cep(json_object_get(location, "cep"));
	json_t *lat = json_object_get(location, "lat_udeg");

	if (cep != NULL)
		json_object_set_new(out, "cep", cep);
	if (lat != NULL)
		json_object_set_new(
		    out, "point",
		    json_sprintf(
			"%.6f, %.6f (%lld m)", (double)json_integer_value(lat) / 1e6,
			(double)json_integer_value(json_object_get(location, "lon_udeg")) / 1e6,
			(long long)json_integer_value(json_object_get(location, "precision_m"))));
	return out;
}

static json_t *contact_json(const json_t *contact)
{
	json_t *out = json_deep_copy(contact);
	const char *date = text_of(contact, "date");

	if (date[0] != '\0')
		json_object_set_new(out, "date", viz_customer_words_day(date));
	return out;
}

static void answer_held(struct viz_page *p)
{
	const json_t *page = page_of(p), *result, *held, *location, *contact;

	if (page == NULL || viz_customer_show_refused(p, 1, page))
		return;
	result = viz_page_result(p, 1);
	held = json_object_get(result, "held");
	location = json_object_get(held, "location");
	contact = json_object_get(held, "contact");
	viz_customer_model_frame(p, page);
	if (location != NULL)
		viz_page_set(p, "location", location_json(location));
	if (contact != NULL)
		viz_page_set(p, "contact", contact_json(contact));
	viz_page_set(p, "nothing", json_boolean(location == NULL && contact == NULL));
	viz_customer_model_holders(p, json_object_get(result, "holders"),
				   text_of(json_object_get(page, "caller"), "id"));
	viz_customer_model_consents(p, json_object_get(result, "consents"));
	viz_page_render(p, 200, "customer/held");
}

/* --- the proof and what there is to keep --- */

static void ask_proof(struct viz_page *p)
{
	ask_show(p);
	viz_page_ask(p, "customer.proof", viz_customer_model_token(p));
}

static void ask_all(struct viz_page *p)
{
	ask_proof(p);
	viz_page_ask(p, "customer.held", viz_customer_model_token(p));
}

static json_t *name_in(const json_t *nodes, const char *id)
{
	json_t *one;
	size_t i;

	json_array_foreach(nodes, i, one)
	{
		if (strcmp(text_of(one, "id"), id) == 0)
			return json_incref(json_object_get(one, "name"));
	}
	return json_string(id);
}

static json_t *names_in(const json_t *proof, const char *key)
{
	json_t *list = json_array(), *id;
	size_t i;

	json_array_foreach(json_object_get(proof, key), i, id) json_array_append_new(
	    list, name_in(json_object_get(proof, "nodes"), json_string_value(id)));
	return list;
}

static void set_qr(struct viz_page *p, const json_t *proof)
{
	json_t *picture = viz_qr_json(text_of(proof, "line"));

	if (picture != NULL)
		viz_page_set(p, "qr_svg", picture);
}

/* The page, where there is a lead: before it there is nothing to keep. */
static const json_t *page_of_lead(struct viz_page *p)
{
	const json_t *page = page_of(p);

	if (page == NULL || json_object_get(page, "inbox_id") != NULL)
		return page;
	go_back(p);
	return NULL;
}

static void answer_proof(struct viz_page *p)
{
	const json_t *page = page_of(p), *proof;

	if (page == NULL || viz_customer_show_refused(p, 1, page))
		return;
	proof = viz_page_result(p, 1);
	viz_customer_model_frame(p, page);
	viz_page_set(p, "asked", names_in(proof, "asked"));
	viz_page_set(p, "order", names_in(proof, "order"));
	if (json_object_get(proof, "chosen") != NULL)
		viz_page_set(p, "picked",
			     name_in(json_object_get(proof, "nodes"), text_of(proof, "chosen")));
	set_qr(p, proof);
	viz_page_set_text(p, "line", text_of(proof, "line"));
	viz_page_render(p, 200, "customer/proof");
}

static void answer_print(struct viz_page *p)
{
	const json_t *page = page_of_lead(p);

	if (page == NULL || viz_customer_show_refused(p, 2, page))
		return;
	viz_customer_model_frame(p, page);
	viz_customer_model_done(p, page, false);
	viz_customer_model_consents(p, json_object_get(viz_page_result(p, 2), "consents"));
	if (viz_page_result(p, 1) != NULL)
		set_qr(p, viz_page_result(p, 1));
	viz_page_render(p, 200, "customer/print");
}

/* Neither name nor address: what was agreed to, and the proof. */
static void answer_receipt(struct viz_page *p)
{
	const json_t *page = page_of_lead(p);
	json_t *receipt;
	char *text;

	if (page == NULL || viz_customer_show_refused(p, 2, page))
		return;
	receipt = json_pack("{s:i,s:s,s:O,s:O}", "receipt", 1, "reference",
			    text_of(page, "inbox_id"), "asker", json_object_get(page, "asker"),
			    "consents", json_object_get(viz_page_result(p, 2), "consents"));
	if (receipt != NULL && viz_page_result(p, 1) != NULL)
		json_object_set_new(receipt, "proof", json_deep_copy(viz_page_result(p, 1)));
	text = json_dumps(receipt, JSON_INDENT(2));
	json_decref(receipt);
	VIZ_REQUIRE(text != NULL);
	viz_page_file(p, "application/json", "vizinho.json", text, strlen(text));
	free(text);
}

#define GET(path, ask, answer)                                                                     \
	{                                                                                          \
		VIZ_WEB_GET, "/c/:token" path, VIZ_WEB_PUBLIC, 0, VIZ_ROUTE_OFFLINE, ask, answer   \
	}
#define POST(path, ask, answer)                                                                    \
	{                                                                                          \
		VIZ_WEB_POST, "/c/:token/" path, VIZ_WEB_PUBLIC, 0,                                \
		    VIZ_ROUTE_OFFLINE | VIZ_ROUTE_OWN_FORM, ask, answer                            \
	}

const struct viz_route viz_customer_routes[] = {
    GET("", ask_show, answer_show),
    GET("/state", ask_show, answer_state),
    GET("/other", ask_show, answer_other),
    GET("/choose/:number", ask_show, answer_choose),
    GET("/none", ask_show, answer_none),
    GET("/nobody", ask_show, answer_nobody),
    GET("/withdraw", ask_show, answer_withdraw),
    GET("/refused", NULL, answer_refused),
    GET("/code", ask_code, answer_code),
    GET("/held", ask_held, answer_held),
    GET("/proof", ask_proof, answer_proof),
    GET("/print", ask_all, answer_print),
    GET("/receipt.json", ask_all, answer_receipt),
    POST("open", viz_customer_act_ask_open, viz_customer_act_done),
    POST("refuse", viz_customer_act_ask_refuse, viz_customer_act_refused),
    POST("agree", viz_customer_act_ask_show, viz_customer_act_agree),
    POST("choose/:number", viz_customer_act_ask_show, viz_customer_act_choose),
    POST("none", viz_customer_act_ask_none, viz_customer_act_done),
    POST("nobody", viz_customer_act_ask_call_again, viz_customer_act_done),
    POST("withdraw", viz_customer_act_ask_withdraw, viz_customer_act_done),
    {0},
};
