#include "tools/web/desk_read.h"

#include "tools/web/customer_form.h"
#include "tools/web/customer_words.h"
#include "tools/web/desk_alike.h"
#include "tools/web/desk_model.h"
#include "tools/web/desk_new.h"
#include "tools/web/invite.h"

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

void viz_desk_read_lead_path(char out[VIZ_DESK_PATH_MAX], const json_t *result)
{
	snprintf(out, VIZ_DESK_PATH_MAX, "/desk/leads/%s",
		 text_of(json_object_get(result, "lead"), "id"));
}

static void go_to_lead(struct viz_page *p)
{
	char path[VIZ_DESK_PATH_MAX];

	viz_desk_read_lead_path(path, viz_page_result(p, 0));
	viz_page_go(p, path);
}

/* Asks `op` with what all steps carry, and `more` (taken; NULL: nothing). */
static void ask_with(struct viz_page *p, const char *op, json_t *args, json_t *more)
{
	if (args == NULL) {
		json_decref(more);
		viz_page_fail(p, 400, VIZ_WEB_TEXT_ERROR_BAD_REQUEST);
		return;
	}
	if (more != NULL)
		json_object_update_new(args, more);
	viz_page_ask(p, op, args);
}

/* The page of a refusal that the agent can do something about. */
static void show_trouble(struct viz_page *p)
{
	if (viz_desk_model_trouble(p, 0)) {
		viz_desk_model_carry(p, viz_desk_new_carried);
		viz_page_render(p, 409, "desk/trouble");
	}
}

/* The partners that the customer strikes, of the form. */
static json_t *strikes(const struct viz_page *p)
{
	const json_t *list = viz_page_fields(p, "strike");
	const char *one = viz_page_field(p, "strike");

	if (list != NULL)
		return json_deep_copy(list);
	return one[0] != '\0' ? json_pack("[s]", one) : NULL;
}

static json_t *draw_more(const struct viz_page *p)
{
	long long number = atoll(viz_page_field(p, "draw"));
	json_t *more = json_object(), *strike = strikes(p);

	if (number > 0)
		json_object_set_new(more, "draw", json_integer(number));
	if (strike != NULL)
		json_object_set_new(more, "strike", strike);
	return more;
}

static void ask_draw(struct viz_page *p)
{
	ask_with(p, "lead.draw", viz_desk_new_place_args(p), draw_more(p));
}

static void set_text(struct viz_page *p, const char *key, const json_t *consent, const char *text,
		     const char *hash)
{
	if (json_object_get(consent, text) == NULL)
		return;
	viz_page_set(
	    p, key,
	    json_pack("{s:o,s:s}", "text",
		      viz_customer_words_text(text_of(consent, text), text_of(consent, "language")),
		      "hash", text_of(consent, hash)));
}

/* What is read, and the form for the answers. `result`: of lead.draw. */
static void show_reading(struct viz_page *p, unsigned status, const json_t *result, json_t *form)
{
	const json_t *consent = json_object_get(result, "consent");
	const json_t *partners = json_object_get(result, "partners");
	bool drawn = json_object_get(result, "draw") != NULL;

	viz_desk_model_carry(p, viz_desk_new_carried);
	viz_page_set_text(p, "words", viz_page_field(p, "words"));
	viz_page_set_text(p, "channel", viz_page_field(p, "channel"));
	viz_page_set_text(p, "evidence", viz_page_field(p, "evidence"));
	viz_page_set(p, "partners", viz_desk_model_partners(p, partners));
	viz_page_set(p, "members", viz_desk_model_partners(p, json_object_get(result, "members")));
	set_text(p, "first", consent, "text", "text_hash");
	set_text(p, "second", consent, "contact_text", "contact_text_hash");
	set_text(p, "later", consent, "later_text", "later_text_hash");
	if (drawn)
		viz_page_set(p, "draw", json_incref(json_object_get(result, "draw")));
	viz_page_set(p, "has_plans", json_false());
	viz_customer_form_show(p, form);
	viz_page_render(p, status, drawn ? "desk/read" : "desk/nobody");
}

/* The first time the form is empty but for the address that was typed already. */
static json_t *first_form(const struct viz_page *p)
{
	json_t *form = viz_customer_form_read(p);
	json_t *address = json_object_get(form, "address");

	if (json_string_length(json_object_get(address, "value")) == 0)
		json_object_set_new(address, "value", json_string(viz_page_field(p, "where")));
	return form;
}

static void answer_draw(struct viz_page *p)
{
	viz_desk_model_frame(p, "new");
	if (viz_page_result(p, 0) == NULL) {
		show_trouble(p);
		return;
	}
	show_reading(p, 200, viz_page_result(p, 0), first_form(p));
}

/* ---- the answers ---- */

static void ask_offer(struct viz_page *p)
{
	if (strcmp(viz_page_field(p, "answer"), "no") == 0)
		viz_page_ask(
		    p, "lead.refuse",
		    json_pack("{s:I}", "draw", (json_int_t)atoll(viz_page_field(p, "draw"))));
	else
		ask_draw(p);
}

/* The consent as it was said. `result`: of lead.draw, with the text that was read. */
static json_t *consent_of(const struct viz_page *p, const json_t *result, const char *text)
{
	const json_t *consent = json_object_get(result, "consent");
	const char *channel = viz_page_field(p, "channel"),
		   *evidence = viz_page_field(p, "evidence");
	json_t *out =
	    json_pack("{s:b,s:O,s:O,s:s}", "given", true, "language",
		      json_object_get(consent, "language"), "text", json_object_get(consent, text),
		      "channel", channel[0] != '\0' ? channel : "phone");

	if (evidence[0] != '\0')
		json_object_set_new(out, "evidence", json_string(evidence));
	return out;
}

/* Whether the text that was read is the one that holds now. */
static bool same_text(const struct viz_page *p, const json_t *result, const char *hash,
		      const char *field)
{
	return strcmp(text_of(json_object_get(result, "consent"), hash),
		      viz_page_field(p, field)) == 0;
}

static void new_text(struct viz_page *p, const json_t *result, json_t *form)
{
	static const char *const questions[] = {"location", "may_call"};

	/* What was answered was answered to another text. */
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		json_object_set_new(form, questions[i],
				    json_pack("{s:b,s:b}", "yes", false, "no", false));
	viz_page_set(p, "trouble", viz_desk_model_word(p, "desk_error_", "text-changed"));
	show_reading(p, 409, result, form);
}

/* The answers are whole, and the texts are those that were read: the request of the offer. NULL:
 * the form is shown again. */
static json_t *offer_args(struct viz_page *p, const json_t *result)
{
	json_t *form = viz_customer_form_read(p), *args, *consent;
	bool single = json_object_get(json_object_get(result, "consent"), "contact_text") != NULL;
	bool contact = single && strcmp(viz_page_field(p, "contact"), "yes") == 0;
	bool good;

	if (!same_text(p, result, "text_hash", "text_hash") ||
	    (contact && !same_text(p, result, "contact_text_hash", "contact_text_hash"))) {
		new_text(p, result, form);
		return NULL;
	}
	good = viz_customer_form_answered(form, "location");
	if (single)
		good = viz_customer_form_answered(form, "may_call") && good;
	if (contact)
		good = viz_customer_form_check(form) && good;
	if (!good) {
		show_reading(p, 422, result, form);
		return NULL;
	}
	args = viz_desk_new_args(p);
	json_object_update_new(args, draw_more(p));
	consent = consent_of(p, result, "text");
	if (contact) {
		json_object_set_new(consent, "contact_given", json_true());
		json_object_set(
		    consent, "contact_text",
		    json_object_get(json_object_get(result, "consent"), "contact_text"));
		json_object_set_new(args, "contact", viz_customer_form_contact(form));
	}
	json_object_set_new(args, "consent", consent);
	json_decref(form);
	return args;
}

static void answer_offer(struct viz_page *p)
{
	json_t *args;

	viz_desk_model_frame(p, "new");
	if (viz_page_result(p, 0) == NULL) {
		show_trouble(p);
		return;
	}
	if (strcmp(viz_page_field(p, "answer"), "no") == 0) {
		viz_page_render(p, 200, "desk/refused");
		return;
	}
	if (viz_page_round(p) == 0) {
		args = offer_args(p, viz_page_result(p, 0));
		if (args != NULL)
			viz_page_ask(p, "lead.offer", args);
		return;
	}
	if (strcmp(viz_page_field(p, "contact"), "yes") == 0)
		viz_desk_alike_go(p, "/desk/leads/",
				  text_of(json_object_get(viz_page_result(p, 0), "lead"), "id"));
	else
		go_to_lead(p);
}

static void answer_later(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0);
	const char *answer = viz_page_field(p, "answer");
	json_t *args;

	viz_desk_model_frame(p, "new");
	if (result == NULL) {
		show_trouble(p);
		return;
	}
	if (viz_page_round(p) > 0) {
		go_to_lead(p);
		return;
	}
	if (strcmp(answer, "no") == 0) {
		viz_page_render(p, 200, "desk/refused");
		return;
	}
	if (strcmp(answer, "yes") != 0) { /* what is no yes is none */
		show_reading(p, 422, result, viz_customer_form_read(p));
		return;
	}
	if (!same_text(p, result, "later_text_hash", "text_hash")) {
		/* a neighbour has come since, or the text has changed */
		new_text(p, result, viz_customer_form_read(p));
		return;
	}
	args = viz_desk_new_args(p);
	json_object_set_new(args, "consent", consent_of(p, result, "later_text"));
	viz_page_ask(p, "lead.later", args);
}

/* ---- we serve the place ourselves ---- */

static void ask_keep(struct viz_page *p)
{
	ask_with(p, "lead.keep", viz_desk_new_args(p), NULL);
}

static void answer_keep(struct viz_page *p)
{
	viz_desk_model_frame(p, "new");
	if (viz_page_result(p, 0) == NULL)
		show_trouble(p);
	else
		go_to_lead(p);
}

/* ---- the customer decides on a phone ---- */

static void ask_link(struct viz_page *p)
{
	const char *name = viz_page_field(p, "first_name");

	ask_with(p, "link.create", viz_desk_new_args(p),
		 name[0] != '\0' ? json_pack("{s:s}", "first_name", name) : NULL);
	viz_page_ask(p, "status", NULL);
}

static void answer_link(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0);
	struct viz_invite invite = {.url = viz_page_customer_url(p),
				    .asker = text_of(viz_page_result(p, 1), "name"),
				    .name = viz_page_field(p, "first_name"),
				    .phone = viz_page_field(p, "phone")};

	viz_desk_model_frame(p, "new");
	if (result == NULL) {
		show_trouble(p);
		return;
	}
	invite.path = text_of(result, "path");
	viz_page_set(p, "invite", viz_invite_make(viz_page_lang(p), &invite));
	viz_page_render(p, 200, "desk/link");
}

const struct viz_route viz_desk_read_routes[] = {
    {VIZ_WEB_POST, "/desk/draw", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_draw, answer_draw},
    {VIZ_WEB_POST, "/desk/offer", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_offer, answer_offer},
    {VIZ_WEB_POST, "/desk/later", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_draw, answer_later},
    {VIZ_WEB_POST, "/desk/keep", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_keep, answer_keep},
    {VIZ_WEB_POST, "/desk/link", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_link, answer_link},
    {0},
};
