#include "tools/web/customer_model.h"

#include "crypto/hmac.h"
#include "crypto/secret.h"
#include "node/host/lang.h"
#include "tools/web/customer_words.h"

#define PLANS_SHOWN 3 /* of one proposal at once */

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text != NULL ? text : "";
}

/* Sets it where there is a value. */
static void set_some(struct viz_page *p, const char *key, json_t *value)
{
	if (value != NULL)
		viz_page_set(p, key, value);
}

void viz_customer_model_path(char out[VIZ_CUSTOMER_PATH_MAX], const struct viz_page *p,
			     const char *more)
{
	snprintf(out, VIZ_CUSTOMER_PATH_MAX, "/c/%.32s%s", viz_page_param(p, "token"), more);
}

json_t *viz_customer_model_token(const struct viz_page *p)
{
	return json_pack("{s:s}", "token", viz_page_param(p, "token"));
}

/* --- the frame of all pages --- */

/* The token of forms belongs to this browser; with the link's it belongs to both. */
static void make_nonce(char out[2 * VIZ_HMAC_BYTES + 1], const struct viz_page *p)
{
	const char *browser = viz_page_form_token(p), *link = viz_page_param(p, "token");
	uint8_t mac[VIZ_HMAC_BYTES];

	viz_hmac(mac, (const uint8_t *)browser, strlen(browser), (const uint8_t *)link,
		 strlen(link));
	viz_hex(out, mac, sizeof mac);
}

bool viz_customer_model_is_fresh(const struct viz_page *p)
{
	const char *sent = viz_page_field(p, "nonce");
	char nonce[2 * VIZ_HMAC_BYTES + 1];

	make_nonce(nonce, p);
	return !viz_page_is_foreign(p) && strlen(sent) == strlen(nonce) &&
	       viz_secret_eq((const uint8_t *)sent, (const uint8_t *)nonce, strlen(nonce));
}

void viz_customer_model_frame(struct viz_page *p, const json_t *page)
{
	enum viz_lang other = (enum viz_lang)((viz_page_lang(p) + 1) % VIZ_LANGS);
	const json_t *asker = json_object_get(page, "asker");
	char base[VIZ_CUSTOMER_PATH_MAX], nonce[2 * VIZ_HMAC_BYTES + 1];

	viz_customer_model_path(base, p, "");
	make_nonce(nonce, p);
	viz_page_set_text(p, "base", base);
	viz_page_set_text(p, "nonce", nonce);
	viz_page_set_text(p, "other_lang", viz_host_lang_tag(other));
	viz_page_set(p, "other_lang_url",
		     json_sprintf("%s?lang=%s", base, viz_host_lang_tag(other)));
	viz_page_set_text(p, "mark", text_of(page, "stage"));
	if (asker != NULL)
		viz_page_set(p, "origin",
			     json_pack("{s:s,s:s,s:s}", "name", text_of(asker, "name"), "help",
				       text_of(asker, "withdrawal"), "privacy",
				       text_of(asker, "privacy")));
	set_some(p, "reference", json_incref(json_object_get(page, "inbox_id")));
	set_some(p, "has_proof", json_incref(json_object_get(page, "has_proof")));
}

void viz_customer_model_step(struct viz_page *p, int at, int of)
{
	viz_page_set(p, "step", json_pack("{s:i,s:i}", "at", at, "of", of));
}

/* --- before there is a lead --- */

static void set_place(struct viz_page *p, const json_t *page)
{
	const json_t *where = json_object_get(page, "where");
	const char *own = text_of(json_object_get(page, "own"), "answer");
	json_t *place, *cep;

	if (where == NULL)
		return;
	place = json_pack("{s:o}", "town",
			  viz_customer_words_town(json_object_get(where, "municipality")));
	cep = viz_customer_words_cep(json_object_get(where, "cep"));
	if (cep != NULL)
		json_object_set_new(place, "cep", cep);
	viz_page_set(p, "place", place);
	viz_page_set(p, "own_yes", json_boolean(strcmp(own, "yes") == 0));
	viz_page_set(p, "own_no", json_boolean(strcmp(own, "no") == 0));
	viz_page_set(p, "own_analysis", json_boolean(strcmp(own, "analysis") == 0));
}

void viz_customer_model_begin(struct viz_page *p, const json_t *page)
{
	set_place(p, page);
	set_some(p, "first_name", json_incref(json_object_get(page, "first_name")));
	set_some(
	    p, "until",
	    viz_customer_words_when(viz_page_lang(p), json_object_get(page, "expires_at"), true));
}

/* The text counts in the language of the node alone: whoever reads another one is told. */
static void set_foreign(struct viz_page *p, const char *language)
{
	viz_page_set(p, "text_foreign",
		     json_boolean(strcmp(language, viz_host_lang_tag(viz_page_lang(p))) != 0));
}

static void set_text(struct viz_page *p, const json_t *texts, const char *key, const char *as)
{
	json_t *text = json_object_get(texts, key);
	char hash[64];

	if (text == NULL)
		return;
	viz_page_set(p, as,
		     viz_customer_words_text(json_string_value(text), text_of(texts, "language")));
	snprintf(hash, sizeof hash, "%s_hash", key);
	viz_page_set_text(p, strcmp(as, "text") == 0 ? "text_hash" : "contact_text_hash",
			  text_of(texts, hash));
}

void viz_customer_model_consent(struct viz_page *p, const json_t *page)
{
	const json_t *texts = json_object_get(page, "consent");
	json_t *partners = json_array(), *strikes = json_array(), *one, *item;
	size_t i;

	set_place(p, page);
	json_array_foreach(json_object_get(page, "partners"), i, one)
	{
		bool struck = json_is_true(json_object_get(one, "struck"));

		item = viz_customer_words_provider(one, NULL);
		json_object_set_new(item, "struck", json_boolean(struck));
		json_array_append_new(partners, item);
		if (struck)
			json_array_append(strikes, json_object_get(one, "id"));
		else
			viz_page_set(p, "partner", json_incref(item));
	}
	viz_page_set(p, "partners", partners);
	viz_page_set(p, "strikes", strikes);
	set_foreign(p, text_of(texts, "language"));
	set_text(p, texts, "text", "text");
	set_text(p, texts, "later_text", "text");
	set_text(p, texts, "contact_text", "contact_text");
}

void viz_customer_model_waiting(struct viz_page *p, const json_t *page)
{
	json_t *partners = json_array(), *one, *item;
	size_t i;

	json_array_foreach(json_object_get(page, "partners"), i, one)
	{
		if (json_is_true(json_object_get(one, "struck")))
			continue;
		item = viz_customer_words_provider(one, NULL);
		json_object_set_new(item, "by_hand",
				    json_boolean(strcmp(text_of(one, "answers"), "hand") == 0));
		json_array_append_new(partners, item);
	}
	viz_page_set(p, "partners", partners);
	set_some(
	    p, "until",
	    viz_customer_words_when(viz_page_lang(p), json_object_get(page, "closes_at"), true));
}

/* --- proposals --- */

static bool is_sort(const char *sort)
{
	return strcmp(sort, "price") == 0 || strcmp(sort, "speed") == 0 ||
	       strcmp(sort, "date") == 0;
}

/* What a plan is sorted by: less comes first, and last what does not say it. */
static json_int_t plan_rank(const json_t *plan, const char *sort)
{
	bool speed = strcmp(sort, "speed") == 0;
	const json_t *value = json_object_get(plan, speed                        ? "down_mbps"
						    : strcmp(sort, "price") == 0 ? "price_cents"
										 : "install_days");

	if (!is_sort(sort))
		return 0;
	if (value == NULL)
		return INT64_MAX;
	return speed ? -json_integer_value(value) : json_integer_value(value);
}

/* A proposal by its best plan. */
static json_int_t rank(const json_t *proposal, const char *sort)
{
	json_int_t best = is_sort(sort) ? INT64_MAX : 0;
	json_t *plan;
	size_t i;

	json_array_foreach(json_object_get(proposal, "plans"), i, plan)
	{
		json_int_t n = plan_rank(plan, sort);

		best = n < best ? n : best;
	}
	return best;
}

/* Puts it behind all that rank as it does: of equal ones the order that was stays. */
static void put_sorted(json_t *list, json_t *taken, json_int_t key)
{
	size_t at = json_array_size(list);

	json_object_set_new(taken, "key", json_integer(key));
	while (at > 0 &&
	       json_integer_value(json_object_get(json_array_get(list, at - 1), "key")) > key)
		at--;
	json_array_insert_new(list, at, taken);
}

static bool is_choosable(const json_t *proposal)
{
	return json_object_get(proposal, "consent_text") != NULL;
}

static json_t *plans_of(const struct viz_page *p, const json_t *proposal, const char *sort)
{
	json_t *list = json_array(), *plan;
	size_t i;

	json_array_foreach(json_object_get(proposal, "plans"), i, plan) put_sorted(
	    list, viz_customer_words_plan(viz_page_lang(p), plan), plan_rank(plan, sort));
	return list;
}

static json_t *card(const json_t *proposal)
{
	json_t *item = viz_customer_words_provider(proposal, NULL);

	json_object_set(item, "number", json_object_get(proposal, "position"));
	json_object_set_new(item, "analysis",
			    json_boolean(strcmp(text_of(proposal, "answer"), "analysis") == 0));
	return item;
}

/* With its first plans, and the others behind a word. */
static json_t *card_with_plans(const struct viz_page *p, const json_t *proposal, const char *sort)
{
	json_t *item = card(proposal), *plans = plans_of(p, proposal, sort), *more = json_array();

	while (json_array_size(plans) > PLANS_SHOWN) {
		json_array_append(more, json_array_get(plans, PLANS_SHOWN));
		json_array_remove(plans, PLANS_SHOWN);
	}
	json_object_set_new(item, "plans", plans);
	json_object_set_new(item, "more_count", json_integer((json_int_t)json_array_size(more)));
	json_object_set_new(item, "has_more", json_boolean(json_array_size(more) > 0));
	json_object_set_new(item, "more", more);
	return item;
}

size_t viz_customer_model_proposals(struct viz_page *p, const json_t *page, const char *sort)
{
	json_t *list = json_array(), *others = json_array(), *one;
	size_t i, count;

	json_array_foreach(json_object_get(page, "proposals"), i, one)
	{
		bool no = strcmp(text_of(one, "answer"), "no") == 0;

		if (is_choosable(one))
			put_sorted(list, card_with_plans(p, one, sort), rank(one, sort));
		else
			json_array_append_new(others, json_pack("{s:s,s:b,s:b}", "label",
								text_of(one, "label"), "no", no,
								"silent", !no));
	}
	count = json_array_size(list);
	viz_page_set(p, "several", json_boolean(count > 1));
	viz_page_set(p, "others", json_boolean(json_array_size(others) > 0));
	viz_page_set(p, "others_list", others);
	viz_page_set(p, "proposals", list);
	viz_page_set(p, "sort", json_pack("{s:b}", is_sort(sort) ? sort : "order", 1));
	return count;
}

const json_t *viz_customer_model_find(const json_t *page, const char *number)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(page, "proposals"), i, one)
	{
		char text[24];

		snprintf(text, sizeof text, "%lld",
			 (long long)json_integer_value(json_object_get(one, "position")));
		if (is_choosable(one) && strcmp(text, number) == 0)
			return one;
	}
	return NULL;
}

void viz_customer_model_choose(struct viz_page *p, const json_t *page, const json_t *proposal)
{
	json_t *plans = plans_of(p, proposal, "");

	viz_page_set(
	    p, "text",
	    viz_customer_words_text(text_of(proposal, "consent_text"), text_of(page, "language")));
	viz_page_set_text(p, "text_hash", text_of(proposal, "consent_text_hash"));
	set_foreign(p, text_of(page, "language"));
	viz_page_set(p, "has_plans", json_boolean(json_array_size(plans) > 0));
	viz_page_set(p, "plans", plans);
	viz_page_set(p, "partner", card(proposal));
	set_some(p, "holds_contact", json_incref(json_object_get(page, "holds_contact")));
}

/* --- afterwards --- */

void viz_customer_model_done(struct viz_page *p, const json_t *page, bool soon)
{
	const json_t *caller = json_object_get(page, "caller");

	viz_page_set(p, text_of(page, "stage"), json_true());
	if (caller != NULL)
		viz_page_set(p, "holder", viz_customer_words_provider(caller, NULL));
	set_some(
	    p, "call_until",
	    viz_customer_words_when(viz_page_lang(p), json_object_get(page, "call_until"), soon));
	set_some(p, "until",
		 viz_customer_words_when(viz_page_lang(p),
					 json_object_get(json_object_get(page, "choice"), "until"),
					 soon));
	viz_page_set(p, "can_call_again",
		     json_boolean(json_is_true(json_object_get(page, "call_again"))));
}

void viz_customer_model_holders(struct viz_page *p, const json_t *holders, const char *caller)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach(holders, i, one)
	{
		json_t *item = viz_customer_words_provider(one, NULL);

		json_object_set(item, "erased", json_object_get(one, "erased"));
		json_object_set_new(item, "got_contact",
				    json_boolean(strcmp(text_of(one, "id"), caller) == 0));
		json_array_append_new(list, item);
	}
	viz_page_set(p, "holders", json_boolean(json_array_size(list) > 0));
	viz_page_set(p, "holders_list", list);
}

static json_t *names_of(const json_t *recipients)
{
	char names[1024] = "";
	size_t n = 0, i;
	json_t *one;

	json_array_foreach(recipients, i, one)
	{
		if (n < sizeof names)
			n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "",
					      text_of(one, "name"));
	}
	return json_string(names);
}

void viz_customer_model_consents(struct viz_page *p, const json_t *consents)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach(consents, i, one)
	{
		const char *state = text_of(one, "state"), *purpose = text_of(one, "purpose");
		bool given = strcmp(state, "given") == 0, refused = strcmp(state, "refused") == 0,
		     withdrawn = strcmp(state, "withdrawn") == 0;
		json_t *given_at = json_object_get(one, "given_at");
		json_t *item = json_pack("{s:b,s:b,s:b,s:b,s:o,s:o}", "is_given", given,
					 "is_refused", refused, "is_withdrawn", withdrawn,
					 "is_over", !given && !refused && !withdrawn, "recipients",
					 names_of(json_object_get(one, "recipients")), "lines",
					 viz_customer_words_lines(text_of(one, "text")));
		json_t *when = viz_customer_words_when(
		    viz_page_lang(p), given_at != NULL ? given_at : json_object_get(one, "time"),
		    false);

		json_object_set_new(item,
				    strcmp(purpose, "contact") == 0   ? "is_contact"
				    : strcmp(purpose, "waiting") == 0 ? "is_waiting"
								      : "is_location",
				    json_true());
		/* each has one of its own, or none: an absent one would show that of the page */
		json_object_set_new(item, "time_of", when != NULL ? when : json_false());
		json_array_append_new(list, item);
	}
	viz_page_set(p, "consents", json_boolean(json_array_size(list) > 0));
	viz_page_set(p, "consents_list", list);
}
