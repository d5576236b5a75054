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

#define COARSE_M    5000 /* of a point that does not say how exact it is */
#define CHANNEL_MAX 16

static int read_place(struct viz_request *req, struct viz_location *l, struct viz_area *area)
{
	const json_t *place = json_object_get(req->args, "place");
	const json_t *municipality = json_object_get(place, "municipality");

	memset(l, 0, sizeof *l);
	l->municipality = (uint32_t)viz_field_number(municipality, "code", 0);
	l->cep = (uint32_t)viz_field_number(place, "cep", 0);
	l->precision_m = (uint32_t)viz_field_number(place, "precision_m", COARSE_M);
	l->has_point = json_object_get(place, "lat_udeg") && json_object_get(place, "lon_udeg");
	l->point =
	    viz_point_round((struct viz_point){(int32_t)viz_field_number(place, "lat_udeg", 0),
					       (int32_t)viz_field_number(place, "lon_udeg", 0)},
			    l->precision_m);
	l->service = VIZ_SERVICE_INTERNET;
	*area = (struct viz_area){.municipality = l->municipality,
				  .cell = (uint64_t)viz_field_number(place, "cell", 0)};
	if (!viz_coverage_municipality_valid(l->municipality))
		return viz_request_wrong(req, VIZ_CODE_BAD_MUNICIPALITY, "place.municipality.code",
					 "municipality must be an IBGE code of 7 digits");
	if (!json_object_get(place, "lat_udeg") != !json_object_get(place, "lon_udeg"))
		return viz_request_wrong(req, VIZ_CODE_MISSING, "place.lon_udeg",
					 "lat_udeg and lon_udeg belong together");
	if (!viz_location_fits(l, area))
		return viz_request_wrong(req, VIZ_CODE_BAD_CELL, "place.cell",
					 "cell must be the cell of level 14 that holds all places "
					 "within precision_m of the point");
	return VIZ_OK;
}

int viz_control_lead_request_struck(struct viz_request *req, struct viz_lead_request *lead_req)
{
	json_t *list = json_object_get(req->args, "strike"), *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		struct viz_member *m = viz_control_name_find_peer(req, json_string_value(v));

		if (!m && req->code == VIZ_CODE_COUNT)
			viz_request_wrong(req, VIZ_CODE_NO_SUCH_PEER, "strike",
					  "strike: no peer matches \"%s\"", json_string_value(v));
		if (!m)
			return VIZ_ERR_ABSENT;
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

/* Those drawn and not struck, as they are named. Sets whether one of them answers by hand. */
static size_t recipients_of(struct viz_request *req, struct viz_consent_recipient *out,
			    bool *by_hand, const struct viz_lead_request *lead_req,
			    const struct viz_lead_draw *d)
{
	size_t n = 0;

	*by_hand = false;
	for (size_t i = 0; i < d->drawn_count; i++) {
		const struct viz_id *id = viz_lead_draw_named(d, i);
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
		    recipient, named, lead_req->struck_count > 0,
		    viz_lead_offer_kept_ms(core, by_hand));
	if (err == VIZ_OK && named == 1)
		err = viz_control_lead_request_contact_text(req, t->contact, language, recipient);
	if (err == VIZ_OK && d->drawn_count == 0)
		err =
		    viz_consent_text_waiting(t->waiting, VIZ_CONTROL_TEXT_MAX, &asker,
					     &lead_req->location, core->federation.undelivered_ms);
	if (err != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_NO_TEXT,
					"no consent text in the language \"%s\"", language);
	return VIZ_OK;
}

int viz_control_lead_request_draw(struct viz_request *req, struct viz_lead_draw *d,
				  struct viz_lead_request *lead_req)
{
	lead_req->draw = (uint32_t)viz_field_number(req->args, "draw", 0);
	if (lead_req->draw == 0)
		return viz_request_wrong(req, VIZ_CODE_MISSING, "draw", "draw is missing");
	if (!viz_lead_draw_get(req->net->core, d, lead_req->draw))
		return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_DRAW,
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
	return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_NOT_DRAWN,
				"strike: only partners that were drawn can be struck");
}

int viz_control_lead_request_same_text(struct viz_request *req, const char *name, const char *text)
{
	const char *shown = viz_field_text(json_object_get(req->args, "consent"), name);
	char field[32];

	snprintf(field, sizeof field, "consent.%s", name);
	if (strcmp(shown, text) == 0)
		return VIZ_OK; /* "": nobody was drawn, so nothing was read */
	if (shown[0] == '\0')
		return viz_request_wrong(
		    req, VIZ_CODE_MISSING, field,
		    "consent.%s is missing: the text that was read to the customer, "
		    "as lead.draw and lead.proposals give it",
		    name);
	return viz_request_wrong(
	    req, VIZ_CODE_TEXT_CHANGED, field,
	    "consent.%s is not the text that holds now: read the new one to the customer", name);
}

int viz_control_lead_request_contact(struct viz_request *req, struct viz_contact *out)
{
	const json_t *contact = json_object_get(req->args, "contact");

	memset(out, 0, sizeof *out);
	if (!contact)
		return viz_request_wrong(req, VIZ_CODE_MISSING, "contact", "contact is missing");
	snprintf(out->name, sizeof out->name, "%s", viz_field_text(contact, "name"));
	snprintf(out->phone, sizeof out->phone, "%s", viz_field_text(contact, "phone"));
	snprintf(out->address, sizeof out->address, "%s", viz_field_text(contact, "address"));
	snprintf(out->date, sizeof out->date, "%s", viz_field_text(contact, "date"));
	snprintf(out->plan, sizeof out->plan, "%s", viz_field_text(contact, "plan"));
	if (viz_contact_phone(out->phone, out->phone) != VIZ_OK)
		return viz_request_wrong(
		    req, VIZ_CODE_BAD_PHONE, "contact.phone",
		    "phone: area code and number expected, like +5527999990000");
	if (!viz_contact_date_valid(out->date))
		return viz_request_wrong(req, VIZ_CODE_BAD_DATE, "contact.date",
					 "date: YYYY-MM-DD expected");
	return VIZ_OK;
}

int viz_control_lead_request_consent(struct viz_request *req, char *language, char *channel,
				     char *evidence, char *agent)
{
	const json_t *consent = json_object_get(req->args, "consent");
	const char *named = viz_field_text(consent, "language");
	const char *given = viz_field_text(consent, "channel");
	const char *said = viz_field_text(consent, "agent");

	if (language[0] == '\0') /* else it is that of the first consent */
		snprintf(language, 6, "%s", viz_control_lead_request_language(req));
	if (!viz_field_flag(consent, "given", false))
		return viz_request_wrong(
		    req, VIZ_CODE_NO_CONSENT, "consent.given",
		    "without the customer's yes nothing is done, and nothing is kept");
	/* The language of the texts is ours: nobody who calls may have another one in mind. */
	if (named[0] != '\0' && strcmp(named, language) != 0)
		return viz_request_wrong(
		    req, VIZ_CODE_OTHER_LANGUAGE, "consent.language",
		    "what is read to the customer is in %s: [node] language in vizinho.conf",
		    language);
	snprintf(channel, CHANNEL_MAX + 1, "%s", given[0] != '\0' ? given : "phone");
	snprintf(evidence, VIZ_REF_MAX + 1, "%s", viz_field_text(consent, "evidence"));
	snprintf(agent, VIZ_REF_MAX + 1, "%s", said[0] != '\0' ? said : req->who);
	return VIZ_OK;
}

int viz_control_lead_request_contact_given(struct viz_request *req)
{
	if (viz_field_flag(json_object_get(req->args, "consent"), "contact_given", false))
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_NO_CONTACT_CONSENT, "consent.contact_given",
				 "the contact needs a yes of its own: consent.contact_given. "
				 "Without it the contact stays out of the offer");
}

int viz_control_lead_request_withdrawal(struct viz_request *req)
{
	const struct viz_profile *profile = &req->net->trust->profile;

	if (profile->withdrawal[0] != '\0' && profile->privacy[0] != '\0')
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NO_WITHDRAWAL,
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
	if (slot == 0 || viz_field_flag(req->args, "again", false))
		return VIZ_OK;
	viz_request_slot_text(text, slot);
	return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_PROTOCOL_OPEN,
				"the lead \"%s\" of this protocol number is open: show it, or say "
				"again: true",
				text);
}

/* "2026-12" as 202612. */
static bool parse_month(uint32_t *out, const char *text)
{
	unsigned year, month;
	char end;

	if (strlen(text) != 7 || sscanf(text, "%4u-%2u%c", &year, &month, &end) != 2)
		return false;
	*out = year * 100 + month;
	return viz_location_month_valid(*out);
}

int viz_control_lead_request_where(struct viz_request *req, struct viz_location *l,
				   struct viz_area *area)
{
	const char *month = viz_field_text(req->args, "month");
	int err = read_place(req, l, area);

	if (err != VIZ_OK)
		return err;
	if (strcmp(viz_field_text(req->args, "service"), "business") == 0)
		l->service = VIZ_SERVICE_BUSINESS;
	if (month[0] != '\0' && !parse_month(&l->month, month))
		return viz_request_wrong(req, VIZ_CODE_BAD_MONTH, "month",
					 "a month is like 2026-12");
	return VIZ_OK;
}

int viz_control_lead_request(struct viz_request *req, struct viz_lead_request *lead_req)
{
	const char *previous = viz_field_text(req->args, "previous");
	int err = viz_control_lead_request_where(req, &lead_req->location, &lead_req->area);

	if (err != VIZ_OK)
		return err;
	snprintf(lead_req->protocol, sizeof lead_req->protocol, "%s",
		 viz_field_text(req->args, "protocol"));
	lead_req->cancelled_at = viz_field_time(req->args, "cancelled_at", req->net->core->now);
	if (lead_req->cancelled_at.ms < 1 || lead_req->cancelled_at.ms > req->net->core->now.ms)
		return viz_request_wrong(req, VIZ_CODE_BAD_TIME, "cancelled_at",
					 "cancelled_at lies in the future");
	if (previous[0] != '\0' && viz_request_slot_parse(&lead_req->previous, previous) != 0)
		return viz_request_wrong(req, VIZ_CODE_BAD_LEAD, "previous",
					 "previous: a lead is like 20261123-1");
	return one_lead_of_protocol(req, lead_req);
}

int viz_control_lead_request_lead(struct viz_request *req, struct viz_lead *lead)
{
	const char *text = viz_field_text(req->args, "lead");
	uint64_t slot;

	if (viz_request_slot_parse(&slot, text) != VIZ_OK)
		return viz_request_wrong(req, VIZ_CODE_BAD_LEAD, "lead",
					 "a lead is like 20261123-1");
	if (viz_lead_get(req->net->core, lead, slot))
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_LEAD, "there is no lead %s",
				text);
}

/* The newest lead of this protocol number. False: there is none. An operator asks for it, so all
 * leads of write_once_ms may be looked at in one batch: those without the number are not read. */
static bool find_protocol(struct viz_core *core, struct viz_lead *lead, const char *protocol)
{
	struct viz_lead *l = viz_core_alloc(sizeof *l);
	struct viz_slice key, value;
	struct viz_walk walk;
	bool found = false;

	viz_walk_init(&walk, core->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		if (!memmem(value.p, value.len, protocol, strlen(protocol)) ||
		    !viz_lead_get(core, l, viz_be_get_u64(key.p)) ||
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
	const char *text = viz_field_text(req->args, "lead");
	uint64_t slot;

	if (viz_request_slot_parse(&slot, text) == VIZ_OK &&
	    viz_lead_get(req->net->core, lead, slot))
		return VIZ_OK;
	if (find_protocol(req->net->core, lead, text))
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_LEAD, "there is no lead %s",
				text);
}
