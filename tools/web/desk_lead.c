#include "tools/web/desk_lead.h"

#include "tools/web/customer_words.h"
#include "tools/web/desk_alike.h"
#include "tools/web/desk_model.h"
#include "tools/web/invite.h"
#include "tools/web/qr.h"

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

/* ---- one lead ---- */

static json_t *lead_args(const struct viz_page *p)
{
	return json_pack("{s:s}", "lead", viz_page_param(p, "id"));
}

void viz_desk_lead_ask(struct viz_page *p)
{
	viz_page_ask(p, "lead.show", lead_args(p));
	viz_page_ask(p, "lead.proposals", lead_args(p));
	viz_page_ask(p, "lead.choice", lead_args(p));
	viz_page_ask(p, "link.list", lead_args(p));
	viz_desk_alike_ask(p);
}

/* In RESULT's order, as the customer hears them. Those that say no have no card. */
static json_t *cards(const struct viz_page *p, const json_t *list)
{
	json_t *out = json_array(), *one, *plan;
	size_t i, k;

	json_array_foreach(list, i, one)
	{
		json_t *card = viz_customer_words_provider(one, NULL), *plans = json_array();

		json_array_foreach(json_object_get(one, "plans"), k, plan)
		    json_array_append_new(plans, viz_customer_words_plan(viz_page_lang(p), plan));
		json_object_set_new(card, "plans", plans);
		json_object_set_new(card, "analysis",
				    json_boolean(strcmp(text_of(one, "answer"), "analysis") == 0));
		json_object_set(card, "position", json_object_get(one, "position"));
		json_array_append_new(out, card);
	}
	return out;
}

static json_t *links(const struct viz_page *p, const json_t *list)
{
	json_t *out = json_array(), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		json_t *until = viz_customer_words_when(viz_page_lang(p),
							json_object_get(one, "expires_at"), true);
		json_t *o = json_pack("{s:s,s:s,s:b,s:b}", "id", text_of(one, "id"), "who",
				      text_of(one, "who"), "opened",
				      json_is_true(json_object_get(one, "opened")), "used",
				      json_is_true(json_object_get(one, "used")));

		if (until != NULL)
			json_object_set_new(o, "expires_at", until);
		json_array_append_new(out, o);
	}
	return out;
}

void viz_desk_lead_show(struct viz_page *p, unsigned status, size_t i)
{
	const json_t *lead = json_object_get(viz_page_result(p, i), "lead");
	const json_t *proposals = json_object_get(viz_page_result(p, i + 1), "proposals");
	const json_t *choice = json_object_get(viz_page_result(p, i + 2), "choice");
	json_t *shown;

	if (lead == NULL) {
		viz_page_refused(p);
		return;
	}
	shown = viz_desk_model_lead(p, lead);
	json_object_set_new(shown, "open",
			    json_boolean(json_is_true(json_object_get(choice, "open"))));
	if (json_object_get(choice, "waits_for") != NULL)
		json_object_set_new(
		    shown, "waits_for",
		    viz_desk_model_word(p, "desk_waits_", text_of(choice, "waits_for")));
	viz_page_set(p, "lead", shown);
	viz_desk_alike_show(p, i + VIZ_DESK_LEAD_ASKS);
	viz_page_set(p, "proposals", cards(p, proposals));
	viz_page_set(p, "links", links(p, json_object_get(viz_page_result(p, i + 3), "links")));
	viz_page_set(p, "with_link", json_boolean(viz_page_customer_url(p)[0] != '\0'));
	viz_page_render(p, status, "desk/lead");
}

static void answer_lead(struct viz_page *p)
{
	viz_desk_model_frame(p, "leads");
	viz_desk_lead_show(p, 200, 0);
}

/* ---- what an agent does with it ---- */

static void ask_recall(struct viz_page *p)
{
	viz_page_ask(p, "lead.recall", lead_args(p));
}

static void ask_revoke(struct viz_page *p)
{
	viz_page_ask(p, "lead.revoke", lead_args(p));
}

/* After a request that the node may refuse for a reason to be shown: the lead, with that reason. */
static void answer_done(struct viz_page *p)
{
	char path[160];

	viz_desk_model_frame(p, "leads");
	if (viz_page_round(p) > 0) {
		viz_desk_lead_show(p, 409, 0);
		return;
	}
	if (viz_page_result(p, 0) != NULL) {
		snprintf(path, sizeof path, "/desk/leads/%s", viz_page_param(p, "id"));
		viz_page_go(p, path);
		return;
	}
	if (viz_desk_model_trouble(p, 0))
		viz_desk_lead_ask(p);
}

static void answer_revoke_page(struct viz_page *p)
{
	viz_desk_model_frame(p, "leads");
	if (viz_page_refused(p))
		return;
	viz_page_set(p, "lead",
		     viz_desk_model_lead(p, json_object_get(viz_page_result(p, 0), "lead")));
	viz_page_render(p, 200, "desk/revoke");
}

static void ask_show(struct viz_page *p)
{
	viz_page_ask(p, "lead.show", lead_args(p));
}

static void ask_link(struct viz_page *p)
{
	viz_page_ask(p, "link.create", lead_args(p));
	viz_page_ask(p, "status", NULL);
}

static void answer_link(struct viz_page *p)
{
	struct viz_invite invite = {.url = viz_page_customer_url(p),
				    .asker = text_of(viz_page_result(p, 1), "name"),
				    .name = viz_page_field(p, "first_name"),
				    .phone = viz_page_field(p, "phone")};

	viz_desk_model_frame(p, "leads");
	if (viz_page_result(p, 0) == NULL) {
		answer_done(p);
		return;
	}
	invite.path = text_of(viz_page_result(p, 0), "path");
	viz_page_set(p, "invite", viz_invite_make(viz_page_lang(p), &invite));
	viz_page_render(p, 200, "desk/link");
}

static void ask_cancel(struct viz_page *p)
{
	viz_page_ask(p, "link.cancel", json_pack("{s:s}", "link", viz_page_field(p, "link")));
}

static void ask_proof(struct viz_page *p)
{
	viz_page_ask(p, "lead.proof", lead_args(p));
}

static void answer_proof(struct viz_page *p)
{
	const json_t *proof = viz_page_result(p, 0);
	json_t *qr;

	viz_desk_model_frame(p, "leads");
	if (strcmp(viz_page_code(p, 0), "no-proof") == 0) {
		viz_page_fail(p, 409, VIZ_WEB_TEXT_ERROR_NOT_NOW);
		return;
	}
	if (viz_page_refused(p))
		return;
	qr = viz_qr_json(text_of(proof, "line"));
	viz_page_set_text(p, "id", viz_page_param(p, "id"));
	viz_page_set_text(p, "line", text_of(proof, "line"));
	if (qr != NULL)
		viz_page_set(p, "proof", json_pack("{s:o}", "qr_svg", qr));
	viz_page_render(p, 200, "desk/proof");
}

const struct viz_route viz_desk_lead_routes[] = {
    {VIZ_WEB_GET, "/desk/leads/:id", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, viz_desk_lead_ask,
     answer_lead},
    {VIZ_WEB_POST, "/desk/leads/:id/recall", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_recall,
     answer_done},
    {VIZ_WEB_GET, "/desk/leads/:id/revoke", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_show,
     answer_revoke_page},
    {VIZ_WEB_POST, "/desk/leads/:id/revoke", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_revoke,
     answer_done},
    {VIZ_WEB_POST, "/desk/leads/:id/link", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_link,
     answer_link},
    {VIZ_WEB_POST, "/desk/leads/:id/cancel", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_cancel,
     answer_done},
    {VIZ_WEB_GET, "/desk/leads/:id/proof", VIZ_WEB_PRIVATE, VIZ_DESK_ROLES, 0, ask_proof,
     answer_proof},
    {0},
};
