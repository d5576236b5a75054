#include "crypto/id.h"
#include "node/control/partner.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/author.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/trust.h"

#include <jansson.h>

/* An entry of one side's PARTNERS. */
struct side {
	bool listed;           /* it exists and is not being removed */
	struct viz_time from;  /* when it becomes effective */
	struct viz_time until; /* when its removal becomes effective; 0: it is not removed */
};

json_t *viz_control_member_json(struct viz_request *req, const struct viz_member *m)
{
	struct viz_net *net = req->net;
	char fingerprint[VIZ_FINGERPRINT_MAX] = "";
	struct viz_node_body b;
	json_t *o = viz_control_name_json(req, m), *addresses = json_array();

	if (viz_member_node(net->core, &b, m)) {
		viz_request_set_text(o, "cnpj", b.cnpj);
		viz_request_set_given(o, "asn", b.asn);
		json_object_set_new(o, "version", json_string(b.version));
		json_object_set_new(o, "answers", json_string(b.by_hand ? "hand" : "machine"));
		for (size_t i = 0; i < b.address_count; i++)
			json_array_append_new(addresses, json_string(b.address[i]));
		viz_request_set_time(o, "heartbeat_at", m->node_time);
	}
	json_object_set_new(o, "addresses", addresses);
	if (m->key_count > 0)
		viz_id_fingerprint(fingerprint, &m->id, &m->key[m->key_count - 1].pub);
	viz_request_set_text(o, "fingerprint", fingerprint);
	json_object_set_new(o, "key_number",
			    json_integer(m->key_count > 0 ? (json_int_t)m->key_count - 1 : 0));
	json_object_set_new(o, "revoked", json_boolean(viz_author_revoked(m)));
	json_object_set_new(o, "member", json_boolean(m->member));
	json_object_set_new(o, "left_out", json_boolean(m->items.left_out));
	json_object_set_new(o, "pruned", json_boolean(m->pruned || m->pruned_at.ms != 0));
	viz_request_set_time(o, "pruned_at", m->pruned_at);
	json_object_set_new(o, "record_bytes", json_integer((json_int_t)m->weight));
	json_object_set_new(o, "pending", json_boolean(m->peer.pending));
	json_object_set_new(o, "vouched", json_boolean(m->peer.vouched));
	viz_request_set_text(o, "invitation",
			     m->peer.token_len > 0 ? "shown"
			     : m->peer.token_dead  ? "dead"
						   : "");
	json_object_set_new(o, "partner_wanted", json_boolean(m->peer.partner));
	json_object_set_new(o, "blocked", json_boolean(m->peer.blocked));
	json_object_set_new(o, "partner", json_boolean(viz_live_partner(net->trust, &m->id)));
	json_object_set_new(o, "linked", json_boolean(viz_remote_linked(m)));
	if (viz_peer_is_kept(m))
		viz_control_partner_set_link(o, net, m);
	viz_control_member_set_standing(o, net->trust, m);
	return o;
}

/* `e` is the newest entry of `of`, or NULL. */
static struct side side_of(struct viz_core *core, const struct viz_member *of,
			   const struct viz_partner_entry *e)
{
	struct side s = {.listed = false};

	if (!e || viz_author_key_ended(of, of->partners_key))
		return s;
	s.listed = e->removed.ms == 0;
	s.from = viz_after(e->added, core->federation.partner_delay_ms);
	if (!s.listed)
		s.until = viz_after(e->removed, core->federation.partner_delay_ms);
	return s;
}

/* The earlier of two times, either of which may be 0 (never). */
static struct viz_time first_end(struct viz_time a, struct viz_time b)
{
	if (a.ms == 0 || (b.ms != 0 && b.ms < a.ms))
		return b;
	return a;
}

/* Both list each other, and are no partners now. */
static const char *listed_standing(struct viz_trust *trust, const struct viz_member *m,
				   const struct side *ours, const struct side *theirs)
{
	struct viz_time now = trust->core->now;

	if (!viz_live_member(trust->core, m, now))
		return "silent";
	if (ours->from.ms > now.ms || theirs->from.ms > now.ms)
		return "coming";
	return viz_live_member(trust->core, viz_member_self(trust), now) ? "coming" : "own-silent";
}

/* The standing:
 *   own-revoked, revoked  our key or its key is revoked
 *   pruned                our operator has pruned it, and it is no member
 *   cut                   it is no member, as it hangs on one that is pruned
 *   pending, blocked      our setting; it comes before what the records say
 *   partner               now
 *   leaving               a partner until a date
 *   coming                both list each other: a partner from a date
 *   silent, own-silent    both list each other, and one has not signed a NODE for silence_ms
 *   outside               we list it, and nobody vouches for it: it is no member
 *   waits, asked          only we list it; only it lists us
 *   ended                 we list it, and it has removed us
 *   member                neither lists the other
 *   known                 not a member yet */
static const char *standing(struct viz_trust *trust, const struct viz_member *m,
			    const struct side *ours, const struct side *theirs)
{
	bool now = viz_live_partner(trust, &m->id);

	if (trust->self.revoked)
		return "own-revoked";
	if (viz_author_revoked(m))
		return "revoked";
	if (m->pruned_at.ms != 0 && !m->member)
		return "pruned";
	if (m->pruned)
		return "cut";
	if (m->peer.pending)
		return "pending";
	if (m->peer.blocked)
		return "blocked";
	if (now)
		return ours->until.ms || theirs->until.ms ? "leaving" : "partner";
	if (!m->member && !ours->listed)
		return "known";
	if (!m->member && !m->peer.vouched)
		return "outside";
	if (m->member && ours->listed && theirs->listed)
		return listed_standing(trust, m, ours, theirs);
	if (ours->listed)
		return theirs->until.ms ? "ended" : "waits";
	return theirs->listed ? "asked" : "member";
}

void viz_control_member_set_standing(json_t *o, struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_self(trust);
	struct side ours =
			side_of(trust->core, self,
				self->partners ? viz_partners_find(self->partners, &m->id) : NULL),
		    theirs =
			side_of(trust->core, m, m->us_count > 0 ? &m->us[m->us_count - 1] : NULL);
	struct viz_time from = {0}, until = first_end(ours.until, theirs.until);

	if (ours.listed && theirs.listed && !m->peer.blocked)
		from = ours.from.ms > theirs.from.ms ? ours.from : theirs.from;
	json_object_set_new(o, "standing", json_string(standing(trust, m, &ours, &theirs)));
	viz_request_set_time(o, "partner_from", from);
	viz_request_set_time(o, "partner_until", until);
	if (until.ms != 0)
		json_object_set_new(o, "ended_by",
				    json_string(until.ms == ours.until.ms ? "us" : "them"));
}

void viz_control_member_set_reach(json_t *o, struct viz_core *core, const struct viz_member *m)
{
	struct viz_node_body *node = viz_core_alloc(sizeof *node);
	bool held = viz_member_node(core, node, m);

	viz_request_set_text(o, "whatsapp", held ? node->whatsapp : "");
	viz_request_set_text(o, "hours", held ? node->hours : "");
	viz_request_set_text(o, "privacy", held ? node->privacy : "");
	free(node);
}
