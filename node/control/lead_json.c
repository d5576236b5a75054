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
	viz_request_set_hash(o, "pledge_id", &p->pledge);
	json_object_set_new(o, "revealed", json_boolean(p->revealed));
	json_object_set_new(o, "awarded", json_boolean(p->award_n != 0));
	json_object_set_new(o, "erased", json_boolean(p->erased));
	return o;
}

/* The consent to be asked again. */
static json_t *ask_again_json(const struct viz_lead *lead)
{
	json_t *o = json_object();

	viz_request_set_time(o, "given_at", lead->created);
	viz_request_set_time(o, "until", lead->award_latest);
	json_object_set_new(o, "language", json_string(lead->language));
	json_object_set_new(o, "text_version", json_string(lead->text_version));
	viz_request_set_hash(o, "text_hash", &lead->text_hash);
	json_object_set_new(o, "channel", json_string(lead->channel));
	viz_request_set_text(o, "evidence", lead->evidence);
	viz_request_set_text(o, "agent", lead->agent);
	return o;
}

json_t *viz_control_lead_json(struct viz_net *net, const struct viz_lead *lead)
{
	char slot[VIZ_SLOT_TEXT_MAX], code[VIZ_INBOX_TEXT_MAX];
	json_t *o = json_object(), *peers = json_array();

	viz_request_slot_text(slot, lead->slot);
	viz_request_inbox_text(code, &net->trust->self.author, lead->slot);
	json_object_set_new(o, "id", json_string(slot));
	json_object_set_new(o, "inbox_id", json_string(code));
	json_object_set_new(o, "state", json_string(viz_lead_state_name(lead->state)));
	json_object_set_new(o, "revoked", json_boolean(lead->revoked));
	json_object_set_new(o, "protocol", json_string(lead->protocol));
	viz_request_set_time(o, "created_at", lead->created);
	viz_request_set_time(o, "cancelled_at", lead->cancelled_at);
	viz_request_set_municipality(o, "municipality", lead->municipality);
	viz_request_set_hash(o, "offer_id", &lead->offer);
	viz_request_set_time(o, "closes_at", lead->closes);
	viz_request_set_hash(o, "close_id", &lead->close);
	viz_request_set_hash(o, "result_id", &lead->result);
	json_object_set_new(o, "struck_count", json_integer((json_int_t)lead->struck));
	viz_request_set_given(o, "draw", lead->draw);
	json_object_set_new(o, "not_drawn_count", json_integer((json_int_t)lead->not_drawn));
	json_object_set_new(o, "blocked_count", json_integer((json_int_t)lead->blocked));
	for (size_t i = 0; i < lead->peer_count; i++)
		json_array_append_new(peers,
				      viz_control_lead_json_peer(net->trust, &lead->peer[i]));
	json_object_set_new(o, "asked", peers);
	json_object_set_new(o, "released", json_boolean(lead->released));
	json_object_set_new(o, "award", json_integer(lead->award_n));
	if (lead->award_n > 0)
		viz_control_name_set_node(o, "awarded_to", net->trust, &lead->award_to);
	viz_request_set_time(o, "awarded_at", lead->award_at);
	viz_request_set_time(o, "delivered_at", lead->delivered_at);
	viz_request_set_time(o, "contacted_at", lead->contacted_at);
	viz_request_set_time(o, "lease_until", lead->lease_until);
	viz_request_set_time(o, "award_until", lead->award_latest);
	json_object_set_new(o, "recalled", json_boolean(lead->recalled));
	if (lead->has_days)
		json_object_set_new(o, "days_offline", json_integer(lead->days_offline));
	json_object_set_new(o, "holds_contact", json_boolean(lead->contact_len > 0));
	json_object_set_new(o, "neighbour_came",
			    json_boolean(viz_lead_waiting_neighbour_came(net, lead)));
	if (viz_lead_waits(lead))
		json_object_set_new(o, "ask_again", ask_again_json(lead));
	return o;
}
