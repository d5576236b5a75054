#include "node/control/lead.h"
#include "node/control/request.h"
#include "node/lead/lead.h"
#include "node/lead/waiting.h"
#include "node/link/net.h"

#include "node/trust/trust.h"
#include "proto/offer.h"

#include <jansson.h>

json_t *viz_control_lead_json_peer(struct viz_trust *trust, const struct viz_lead_peer *p)
{
	json_t *o = json_object();

	viz_request_set_id(o, "id", &p->id);
	json_object_set_new(o, "name", json_string(viz_control_name(trust, &p->id)));
	json_object_set_new(o, "located", json_boolean(p->located_at.ms != 0));
	json_object_set_new(
	    o, "answer", json_string(p->answered ? viz_offer_answer_name(p->answer) : "waiting"));
	viz_request_set_id(o, "pledge", &p->pledge);
	json_object_set_new(o, "revealed", json_boolean(p->revealed));
	json_object_set_new(o, "awarded", json_boolean(p->award_n != 0));
	json_object_set_new(o, "erased", json_boolean(p->erased));
	return o;
}

/* The consent to be asked again; null when the lead does not wait. */
static json_t *ask_again_json(const struct viz_lead *lead)
{
	json_t *o;

	if (!viz_lead_waits(lead))
		return json_null();
	o = json_object();
	viz_request_set_time(o, "given", lead->created);
	viz_request_set_time(o, "until", lead->award_latest);
	json_object_set_new(o, "language", json_string(lead->language));
	json_object_set_new(o, "text_version", json_string(lead->text_version));
	viz_request_set_id(o, "text_hash", &lead->text_hash);
	json_object_set_new(o, "channel", json_string(lead->channel));
	json_object_set_new(o, "evidence", json_string(lead->evidence));
	json_object_set_new(o, "agent", json_string(lead->agent));
	return o;
}

json_t *viz_control_lead_json(struct viz_net *net, const struct viz_lead *lead)
{
	char slot[VIZ_SLOT_TEXT_MAX], code[8 + 1 + VIZ_SLOT_TEXT_MAX];
	json_t *o = json_object(), *peers = json_array();

	viz_request_slot_text(slot, lead->slot);
	json_object_set_new(o, "lead", json_string(slot));
	/* how those asked call it: the id in their inbox */
	viz_hex(code, net->trust->self.author.b, 4);
	snprintf(code + 8, sizeof code - 8, "-%s", slot);
	json_object_set_new(o, "code", json_string(code));
	json_object_set_new(o, "state", json_string(viz_lead_state_name(lead->state)));
	json_object_set_new(o, "revoked", json_boolean(lead->revoked));
	json_object_set_new(o, "protocol", json_string(lead->protocol));
	viz_request_set_time(o, "created", lead->created);
	viz_request_set_time(o, "cancelled", lead->cancelled_at);
	json_object_set_new(o, "municipality", json_integer(lead->municipality));
	viz_request_set_id(o, "offer", &lead->offer);
	viz_request_set_time(o, "closes", lead->closes);
	viz_request_set_id(o, "close", &lead->close);
	viz_request_set_id(o, "result", &lead->result);
	json_object_set_new(o, "struck", json_integer((json_int_t)lead->struck));
	json_object_set_new(o, "draw", lead->draw != 0 ? json_integer(lead->draw) : json_null());
	json_object_set_new(o, "not_drawn", json_integer((json_int_t)lead->not_drawn));
	json_object_set_new(o, "excluded_blocked", json_integer((json_int_t)lead->blocked));
	for (size_t i = 0; i < lead->peer_count; i++)
		json_array_append_new(peers,
				      viz_control_lead_json_peer(net->trust, &lead->peer[i]));
	json_object_set_new(o, "asked", peers);
	json_object_set_new(o, "released", json_boolean(lead->released));
	json_object_set_new(o, "award", json_integer(lead->award_n));
	json_object_set_new(o, "awarded_to",
			    lead->award_n > 0
				? json_string(viz_control_name(net->trust, &lead->award_to))
				: json_null());
	viz_request_set_time(o, "awarded", lead->award_at);
	viz_request_set_time(o, "delivered", lead->delivered_at);
	viz_request_set_time(o, "contacted", lead->contacted_at);
	viz_request_set_time(o, "lease_until", lead->lease_until);
	viz_request_set_time(o, "latest", lead->award_latest);
	json_object_set_new(o, "recalled", json_boolean(lead->recalled));
	json_object_set_new(o, "days_offline",
			    lead->has_days ? json_integer(lead->days_offline) : json_null());
	json_object_set_new(o, "holds_contact", json_boolean(lead->contact_len > 0));
	json_object_set_new(o, "neighbour_came",
			    json_boolean(viz_lead_waiting_neighbour_came(net, lead)));
	json_object_set_new(o, "ask_again", ask_again_json(lead));
	return o;
}
