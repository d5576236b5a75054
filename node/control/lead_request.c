#include "node/control/consent_text.h"
#include "node/control/lead.h"
#include "node/control/localize.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/coverage/plant.h"
#include "node/lead/begin.h"
#include "node/lead/draw.h"
#include "node/lead/lead.h"
#include "node/lead/offer.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/geo/point.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

/* `place`: {municipality, cep, precision_m, lat_udeg, lon_udeg, cell}. */
static int read_place(struct viz_request *req, struct viz_location *l, struct viz_area *area)
{
	json_t *place = json_object_get(req->args, "place"), *outer = req->args;
	const int64_t zero = 0, coarse = 5000;
	int64_t code = 0, cep = 0, precision = 0, lat = 0, lon = 0, cell = 0;
	int err;

	memset(l, 0, sizeof *l);
	if (!json_is_object(place))
		return viz_request_fail(req, VIZ_ERR_INPUT, "missing", "place is missing");
	req->args = place;
	err = viz_request_int(req, &code, "municipality", 1100000, 5399999, NULL);
	if (err == VIZ_OK && !viz_coverage_municipality_valid((uint32_t)code))
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-municipality",
				       "municipality must be an IBGE code of 7 digits");
	if (err == VIZ_OK)
		err = viz_request_int(req, &cep, "cep", 0, 99999999, &zero);
	if (err == VIZ_OK)
		err = viz_request_int(req, &precision, "precision_m", 0, 1000000, &coarse);
	l->has_point = json_object_get(place, "lat_udeg") != NULL;
	if (err == VIZ_OK && l->has_point)
		err = viz_request_int(req, &lat, "lat_udeg", -85000000, 85000000, NULL);
	if (err == VIZ_OK && l->has_point)
		err = viz_request_int(req, &lon, "lon_udeg", -180000000, 180000000, NULL);
	if (err == VIZ_OK)
		err = viz_request_int(req, &cell, "cell", 0, INT64_MAX, &zero);
	req->args = outer;
	l->municipality = (uint32_t)code;
	l->cep = (uint32_t)cep;
	l->precision_m = (uint32_t)precision;
	l->point =
	    viz_point_round((struct viz_point){(int32_t)lat, (int32_t)lon}, (uint32_t)precision);
	l->service = VIZ_SERVICE_INTERNET;
	*area = (struct viz_area){.municipality = l->municipality, .cell = (uint64_t)cell};
	if (err == VIZ_OK && !viz_location_fits(l, area))
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-cell",
				       "cell must be the cell of level 14 that holds all places "
				       "within precision_m of the point");
	return err;
}

int viz_control_lead_request_struck(struct viz_request *req, struct viz_lead_request *lead_req)
{
	json_t *list = json_object_get(req->args, "strike"), *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		struct viz_member *m;

		if (!json_is_string(v) || lead_req->struck_count == VIZ_ASKED_MAX)
			return viz_request_fail(req, VIZ_ERR_INPUT, "bad-strike",
						"strike: names of partners");
		m = viz_control_name_find_peer(req, json_string_value(v));
		if (!m)
			return req->code[0] ? VIZ_ERR_INPUT
					    : viz_request_fail(req, VIZ_ERR_ABSENT, "no-such-peer",
							       "strike: no peer matches \"%s\"",
							       json_string_value(v));
		if (!viz_ids_contain(lead_req->struck, lead_req->struck_count, &m->id))
			lead_req->struck[lead_req->struck_count++] = m->id;
	}
	return VIZ_OK;
}

struct viz_consent_asker viz_control_lead_request_asker(const struct viz_request *req,
							const char *language)
{
	const struct viz_profile *profile = &req->net->trust->profile;

	return (struct viz_consent_asker){.language = language,
					  .name = profile->name,
					  .privacy = profile->privacy,
					  .withdrawal = profile->withdrawal};
}

const char *viz_control_lead_request_language(const struct viz_request *req)
{
	const char *language = req->net->trust->profile.language;

	return language[0] != '\0' ? language : VIZ_CONTROL_LANGUAGE;
}

void viz_control_lead_request_recipient(struct viz_request *req, struct viz_consent_recipient *out,
					const struct viz_member *m)
{
	struct viz_node_body *node = viz_core_alloc(sizeof *node);

	viz_control_name_label(req, out->label, m);
	out->privacy[0] = '\0';
	if (viz_member_node(req->net->core, node, m))
		memcpy(out->privacy, node->privacy, sizeof out->privacy);
	free(node);
}

/* Those drawn and not struck. Sets whether one of them answers by hand. */
static size_t recipients_of(struct viz_request *req, struct viz_consent_recipient *out,
			    bool *by_hand, const struct viz_lead_request *lead_req,
			    const struct viz_lead_draw *d)
{
	size_t n = 0;

	*by_hand = false;
	for (size_t i = 0; i < d->drawn_count; i++) {
		const struct viz_id *id = &d->drawn[i].id;
		const struct viz_member *m = viz_member_find(req->net->trust, id);

		if (!m || viz_ids_contain(lead_req->struck, lead_req->struck_count, id))
			continue;
		*by_hand |= m->node.by_hand;
		viz_control_lead_request_recipient(req, &out[n++], m);
	}
	return n;
}

int viz_control_lead_request_contact_text(struct viz_request *req, char *out, const char *language,
					  const struct viz_consent_recipient *recipient)
{
	const struct viz_federation *f = &req->net->core->federation;
	struct viz_consent_asker asker = viz_control_lead_request_asker(req, language);

	return viz_consent_text_contact(out, VIZ_CONTROL_TEXT_MAX, &asker, recipient,
					f->contact_holder_ms,
					f->undelivered_ms + f->contact_origin_ms);
}

int viz_control_lead_request_make_texts(struct viz_request *req, struct viz_consent_texts *t,
					const struct viz_lead_request *lead_req,
					const struct viz_lead_draw *d)
{
	const char *language = viz_control_lead_request_language(req);
	struct viz_consent_asker asker = viz_control_lead_request_asker(req, language);
	struct viz_consent_recipient recipient[VIZ_ASKED_MAX];
	struct viz_core *core = req->net->core;
	enum viz_no_reason reason;
	bool by_hand;
	size_t named = recipients_of(req, recipient, &by_hand, lead_req, d);
	int err = VIZ_OK;

	t->first[0] = t->contact[0] = t->waiting[0] = '\0';
	if (asker.withdrawal[0] == '\0' || asker.privacy[0] == '\0')
		return VIZ_OK; /* nothing may be read to a customer */
	if (named > 0)
		err = viz_consent_text_location(
		    t->first, VIZ_CONTROL_TEXT_MAX, &asker,
		    viz_plant_answer(core, &reason, &lead_req->location), &lead_req->location,
		    recipient, named, viz_lead_offer_kept_ms(core, by_hand));
	if (err == VIZ_OK && named == 1)
		err = viz_control_lead_request_contact_text(req, t->contact, language, recipient);
	if (err == VIZ_OK && d->drawn_count == 0)
		err =
		    viz_consent_text_waiting(t->waiting, VIZ_CONTROL_TEXT_MAX, &asker,
					     &lead_req->location, core->federation.undelivered_ms);
	if (err != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_INPUT, "no-text",
					"no consent text in the language \"%s\"", language);
	return VIZ_OK;
}

int viz_control_lead_request_draw(struct viz_request *req, struct viz_lead_draw *d,
				  struct viz_lead_request *lead_req)
{
	int64_t number = 0;
	int err = viz_request_int(req, &number, "draw", 1, VIZ_TURN_MAX, NULL);

	if (err != VIZ_OK)
		return err;
	lead_req->draw = (uint32_t)number;
	if (!viz_lead_draw_get(req->net->core, d, lead_req->draw))
		return viz_request_fail(req, VIZ_ERR_ABSENT, "no-such-draw",
					"draw %u is not open: lead.draw makes one", lead_req->draw);
	return VIZ_OK;
}

int viz_control_lead_request_strikes_drawn(struct viz_request *req, const struct viz_lead_draw *d,
					   const struct viz_lead_request *lead_req)
{
	size_t drawn = 0;

	for (size_t i = 0; i < d->drawn_count; i++)
		drawn += viz_ids_contain(lead_req->struck, lead_req->struck_count, &d->drawn[i].id);
	if (drawn == lead_req->struck_count)
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_INPUT, "not-drawn",
				"strike: only partners that were drawn can be struck");
}

int viz_control_lead_request_same_text(struct viz_request *req, const char *name, const char *text)
{
	const json_t *shown = json_object_get(json_object_get(req->args, "consent"), name);

	if (text[0] == '\0' && (!shown || json_is_null(shown)))
		return VIZ_OK; /* nobody was drawn, so nothing was read */
	if (!json_is_string(shown))
		return viz_request_fail(
		    req, VIZ_ERR_INPUT, "missing",
		    "consent.%s is missing: the text that was read to the customer, "
		    "as lead.draw and lead.proposals give it",
		    name);
	if (strcmp(json_string_value(shown), text) == 0)
		return VIZ_OK;
	return viz_request_fail(
	    req, VIZ_ERR_STATE, "text-changed",
	    "consent.%s is not the text that holds now: read the new one to the customer", name);
}

int viz_control_lead_request_contact(struct viz_request *req, struct viz_contact *out)
{
	json_t *contact = json_object_get(req->args, "contact"), *outer = req->args;
	int err;

	memset(out, 0, sizeof *out);
	if (!json_is_object(contact))
		return viz_request_fail(req, VIZ_ERR_INPUT, "missing", "contact is missing");
	req->args = contact;
	err = viz_request_free_text(req, out->name, VIZ_PERSON_MAX, "name", 1, NULL);
	if (err == VIZ_OK)
		err = viz_request_text(req, out->phone, VIZ_PHONE_MAX, "phone", 8, NULL);
	if (err == VIZ_OK)
		err = viz_request_free_text(req, out->address, VIZ_STREET_MAX, "address", 1, NULL);
	if (err == VIZ_OK)
		err = viz_request_text(req, out->date, 10, "date", 0, "");
	if (err == VIZ_OK)
		err = viz_request_free_text(req, out->plan, VIZ_PLAN_MAX, "plan", 0, "");
	req->args = outer;
	if (err == VIZ_OK && viz_contact_phone(out->phone, out->phone) != VIZ_OK)
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-phone",
				       "phone: area code and number expected, like +5527999990000");
	if (err == VIZ_OK && !viz_contact_date_valid(out->date))
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-date", "date: YYYY-MM-DD expected");
	return err;
}

/* The language of the texts is ours: nobody who calls may have another one in mind. */
static int same_language(struct viz_request *req, const char *language)
{
	char named[6];
	int err = viz_request_text(req, named, 5, "language", 2, language);

	if (err == VIZ_OK && strcmp(named, language) != 0)
		err = viz_request_fail(req, VIZ_ERR_INPUT, "other-language",
				       "what is read to the customer is in %s: [node] language in "
				       "vizinho.conf",
				       language);
	return err;
}

int viz_control_lead_request_consent(struct viz_request *req, char *language, char *channel,
				     char *evidence, char *agent)
{
	json_t *consent = json_object_get(req->args, "consent"), *outer = req->args;
	int err;

	if (language[0] == '\0') /* else it is that of the first consent */
		snprintf(language, 6, "%s", viz_control_lead_request_language(req));
	if (!json_is_object(consent) || !json_is_true(json_object_get(consent, "given")))
		return viz_request_fail(
		    req, VIZ_ERR_INPUT, "no-consent",
		    "without the customer's yes nothing is done, and nothing is kept");
	req->args = consent;
	err = same_language(req, language);
	if (err == VIZ_OK)
		err = viz_request_text(req, channel, 16, "channel", 1, "phone");
	if (err == VIZ_OK && !viz_receipt_channel_valid(channel))
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-channel",
				       "channel: phone, desk, whatsapp or web");
	if (err == VIZ_OK)
		err = viz_request_free_text(req, evidence, VIZ_REF_MAX, "evidence", 0, "");
	if (err == VIZ_OK)
		err = viz_request_text(req, agent, VIZ_REF_MAX, "agent", 0, req->who);
	req->args = outer;
	return err;
}

int viz_control_lead_request_contact_given(struct viz_request *req)
{
	const json_t *consent = json_object_get(req->args, "consent");

	if (json_is_true(json_object_get(consent, "contact_given")))
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_INPUT, "no-contact-consent",
				"the contact needs a yes of its own: consent.contact_given. "
				"Without it the contact stays out of the offer");
}

int viz_control_lead_request_withdrawal(struct viz_request *req)
{
	const struct viz_profile *profile = &req->net->trust->profile;

	if (profile->withdrawal[0] != '\0' && profile->privacy[0] != '\0')
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_STATE, "no-withdrawal",
				"say first where consent is withdrawn, and who answers for the "
				"data: [node] withdrawal and [node] privacy in vizinho.conf");
}

/* With two leads of one cancellation two ISPs call the customer: "again" says that it is meant. The
 * lead named as previous is the same customer's, and ends by the new one. */
static int one_lead_of_protocol(struct viz_request *req, const struct viz_lead_request *lead_req)
{
	struct viz_lead *lead =
	    viz_lead_of_protocol(req->net->core, lead_req->protocol, lead_req->previous);
	uint64_t slot = lead ? lead->slot : 0;
	char text[VIZ_SLOT_TEXT_MAX];

	free(lead);
	if (slot == 0 || viz_request_flag(req, "again"))
		return VIZ_OK;
	viz_request_slot_text(text, slot);
	return viz_request_fail(req, VIZ_ERR_STATE, "protocol-open",
				"the lead \"%s\" of this protocol number is open: show it, or say "
				"again: true",
				text);
}

int viz_control_lead_request_where(struct viz_request *req, struct viz_location *l,
				   struct viz_area *area)
{
	const int64_t zero = 0, internet = VIZ_SERVICE_INTERNET;
	int64_t month = 0, service = 0;
	int err = read_place(req, l, area);

	if (err == VIZ_OK)
		err = viz_request_int(req, &month, "month", 0, 999912, &zero);
	if (err == VIZ_OK && !viz_location_month_valid((uint32_t)month))
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-month",
				       "month: year * 100 + month expected, like 202612");
	if (err == VIZ_OK)
		err = viz_request_int(req, &service, "service", 1, VIZ_SERVICE_BUSINESS, &internet);
	l->month = (uint32_t)month;
	l->service = (enum viz_service)service;
	return err;
}

int viz_control_lead_request(struct viz_request *req, struct viz_lead_request *lead_req)
{
	char previous[VIZ_SLOT_TEXT_MAX] = "";
	int64_t at = 0;
	int err = viz_request_text(req, lead_req->protocol, VIZ_REF_MAX, "protocol", 1, NULL);

	if (err == VIZ_OK)
		err = viz_request_int(req, &at, "cancelled_at_ms", 1, req->net->core->now.ms,
				      &req->net->core->now.ms);
	if (err == VIZ_OK)
		err = viz_control_lead_request_where(req, &lead_req->location, &lead_req->area);
	if (err == VIZ_OK)
		err = viz_request_text(req, previous, sizeof previous - 1, "previous", 0, "");
	if (err == VIZ_OK && previous[0] != '\0' &&
	    viz_request_slot_parse(&lead_req->previous, previous) != 0)
		err = viz_request_fail(req, VIZ_ERR_INPUT, "bad-lead",
				       "previous: a lead is like 20261123-1");
	if (err == VIZ_OK)
		err = one_lead_of_protocol(req, lead_req);
	lead_req->cancelled_at = (struct viz_time){at};
	return err;
}

int viz_control_lead_request_lead(struct viz_request *req, struct viz_lead *lead)
{
	char text[VIZ_SLOT_TEXT_MAX];
	uint64_t slot;
	int err = viz_request_text(req, text, sizeof text - 1, "lead", 1, NULL);

	if (err != VIZ_OK)
		return err;
	if (viz_request_slot_parse(&slot, text) != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-lead",
					"a lead is like 20261123-1");
	if (!viz_lead_get(req->net->core, lead, slot))
		return viz_request_fail(req, VIZ_ERR_ABSENT, "no-such-lead", "there is no lead %s",
					text);
	return VIZ_OK;
}

/* The newest lead of this protocol number. False: there is none. */
static bool find_protocol(struct viz_core *core, struct viz_lead *lead, const char *protocol)
{
	struct viz_lead *l = viz_core_alloc(sizeof *l);
	struct viz_slice key, value;
	struct viz_walk walk;
	bool found = false;

	viz_walk_init(&walk, core->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		if (!viz_lead_get(core, l, viz_be_get_u64(key.p)) ||
		    strcmp(l->protocol, protocol) != 0)
			continue;
		*lead = *l;
		found = true;
	}
	free(l);
	return found;
}

int viz_control_lead_request_named(struct viz_request *req, struct viz_lead *lead)
{
	char text[VIZ_REF_MAX + 1];
	uint64_t slot;
	int err = viz_request_text(req, text, sizeof text - 1, "lead", 1, NULL);

	if (err != VIZ_OK)
		return err;
	if (viz_request_slot_parse(&slot, text) == VIZ_OK &&
	    viz_lead_get(req->net->core, lead, slot))
		return VIZ_OK;
	if (find_protocol(req->net->core, lead, text))
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_ABSENT, "no-such-lead", "there is no lead %s", text);
}
