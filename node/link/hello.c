#include "node/link/hello.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/link/full.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/link/tell.h"
#include "node/link/token.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"

#define ROOM_AFTER_MS 600000 /* a link that is up for so long may make room for another */

static const char clock_ahead[] = "its clock is ahead of ours, or ours is behind";

bool viz_link_hello_one_per_pair(struct viz_net *net, const struct viz_id *peer, bool outbound)
{
	struct viz_link *old = viz_link_of(net, peer);
	bool we_are_smaller = viz_id_cmp(&net->trust->self.author, peer) < 0;

	if (!old)
		return true;
	if (old->outbound != outbound && outbound != we_are_smaller)
		return false;
	viz_link_full_replaced(net, old, viz_member_ensure(net->trust, peer));
	viz_link_close(net, old->number, "replaced");
	return true;
}

void viz_link_hello_attach(struct viz_net *net, struct viz_member *m, uint64_t number,
			   bool outbound, const struct viz_pub *transport)
{
	struct viz_link *link = viz_link_insert(net, number);

	link->peer = m->id;
	link->transport = *transport;
	link->outbound = outbound;
	link->proven = !outbound;
	link->guest = true;
	viz_remote_ensure(net, m)->link = number;
	if (link->proven)
		viz_link_tell_up(net->trust, link);
	net->handlers->link->greet(net, link);
	link->repair_at = viz_after(net->core->now, net->core->federation.repair_ms);
	if (!m->member)
		viz_link_full_say_clock(net->core, link);
	viz_link_full_say(net, link, m);
}

/* Parses the records of a hello. They must be the author's SUCCESSIONs in order, then its NODE. */
static bool read_hello_records(struct viz_record *rec, const struct viz_hello *h)
{
	for (size_t i = 0; i < h->record_count; i++) {
		bool last = i + 1 == h->record_count;

		if (viz_record_parse(&rec[i], h->record[i].p, h->record[i].len) != VIZ_OK ||
		    !viz_id_eq(&rec[i].author, &h->author) ||
		    rec[i].type != (last ? VIZ_TYPE_NODE : VIZ_TYPE_SUCCESSION) ||
		    (i > 0 && !last && rec[i].slot <= rec[i - 1].slot))
			return false;
	}
	return true;
}

/* Whether this NODE has the transport key that the handshake has proved. Asked before the records
 * are taken in, so that a token brings no records but those of its bearer. */
static bool names_transport(const struct viz_record *node, const struct viz_pub *remote)
{
	struct viz_node_body b;

	return viz_node_body_parse(&b, node) == VIZ_OK &&
	       memcmp(b.transport.b, remote->b, sizeof remote->b) == 0;
}

/* Stores the records of a hello, so that we know the author's current transport key. Two rounds,
 * because NODE carries the first key, the first key checks the SUCCESSIONs, and the last SUCCESSION
 * checks NODE. Returns why none is taken, or NULL. */
static const char *take_hello_records(struct viz_net *net, const struct viz_hello *h,
				      const struct viz_pub *remote)
{
	struct viz_record *rec = viz_core_alloc(VIZ_HELLO_RECORDS_MAX * sizeof *rec);
	const char *refusal = NULL;
	int err = VIZ_OK;

	if (!read_hello_records(rec, h))
		refusal = "bad-hello";
	else if (!names_transport(&rec[h->record_count - 1], remote))
		refusal = "transport-key";
	else if (rec[h->record_count - 1].time.ms >
		 net->core->now.ms + net->core->federation.skew_ms)
		refusal = clock_ahead;
	for (int round = 0; round < 2 && !refusal; round++) {
		for (size_t i = 0; i < h->record_count && (err == VIZ_OK || err == VIZ_ERR_ABSENT);
		     i++)
			err = net->handlers->link->hello_record(net, &rec[i]);
	}
	free(rec);
	return refusal;
}

bool viz_link_hello_transport_matches(const struct viz_member *m, const struct viz_pub *remote)
{
	return m && m->has_node && memcmp(m->node.transport.b, remote->b, sizeof remote->b) == 0;
}

/* Whether one more link with `m` is allowed. The operator's peers have places of their own. Of the
 * others' links only those count that they dialled; one with `m` itself makes room for the new one.
 */
static bool has_free_slot(struct viz_net *net, const struct viz_member *m)
{
	size_t open = 0, inbound = 0;

	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (link->closing || viz_id_eq(&link->peer, &m->id))
			continue;
		open++;
		inbound += !viz_link_is_chosen(net->trust, link);
	}
	return open < VIZ_LINKS_MAX && (viz_peer_is_kept(m) || inbound < VIZ_LINKS_INBOUND);
}

/* Closes a link by lot, so that a member gets in although all places are taken: an inbound one of
 * no partner, which has been up for a while. Each member gets this once an hour. */
static bool make_room(struct viz_net *net, struct viz_member *m)
{
	struct viz_remote *r = viz_remote_ensure(net, m);
	const struct viz_link *chosen = NULL;
	uint64_t n = 0;

	if (!m->member || viz_link_of(net, &m->id) || viz_remote_let_in(net->core, r))
		return false;
	for (size_t i = 0; i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (!link->closing && !viz_link_is_chosen(net->trust, link) &&
		    link->since.ms + ROOM_AFTER_MS <= net->core->now.ms &&
		    viz_rng_below(&net->core->rng, ++n) == 0)
			chosen = link;
	}
	if (!chosen)
		return false;
	r->let_in_at = net->core->now;
	viz_link_close(net, chosen->number, "room-for-another");
	return true;
}

/* Returns why the hello is refused, or NULL when it is admitted. */
static const char *judge_hello(struct viz_net *net, const struct viz_hello *h,
			       const struct viz_pub *remote)
{
	struct viz_member *m = viz_member_find(net->trust, &h->author);
	const char *refusal = NULL;

	if (viz_id_eq(&h->author, &net->trust->self.author))
		return "self";
	if (m && viz_author_revoked(m) && m->key_count >= VIZ_KEYS_MAX)
		return "revoked";
	if (!viz_member_known(net->trust, &h->author))
		return "unknown";
	m = viz_member_find(net->trust, &h->author);
	if (!viz_link_hello_transport_matches(m, remote))
		refusal = take_hello_records(net, h, remote);
	if (refusal)
		return refusal;
	m = viz_member_find(net->trust, &h->author);
	if (!viz_link_hello_transport_matches(m, remote))
		return "transport-key";
	if (viz_author_revoked(m))
		return "revoked";
	/* A node that another member sponsors links with its sponsors, not with us. */
	if (!m->member && !m->peer.pending && !m->peer.vouched)
		return "not-a-member";
	return has_free_slot(net, m) || make_room(net, m) ? NULL : "full";
}

/* Lets the peer in: the link is up. */
static void admit(struct viz_net *net, struct viz_member *m, const struct viz_event *ev)
{
	viz_effects_add(net->core->fx, VIZ_EFFECT_ADMIT, NULL, 0)->link = ev->link;
	if (ev->old_key) {
		/* The peer dialled our previous key. It gets our records with the new key, and must
		 * dial again. */
		struct viz_link *link = viz_link_insert(net, ev->link);

		link->peer = m->id;
		net->handlers->link->greet(net, link);
		link->closing = true;
		viz_link_emit_close(net->core, ev->link, "rotated");
	} else {
		viz_remote_ensure(net, m)->backoff_ms = 0;
		viz_link_hello_attach(net, m, ev->link, false, &ev->remote);
		viz_link_token_show(net->trust, viz_link_find(net, ev->link));
	}
}

/* Whether nobody but a token could have brought it in. */
static bool is_nobody(const char *refusal)
{
	return strcmp(refusal, "unknown") == 0 || strcmp(refusal, "not-a-member") == 0;
}

static void refuse(struct viz_net *net, const struct viz_hello *h, uint64_t number,
		   const char *refusal)
{
	viz_link_tell_refused(net->trust, &h->author, refusal);
	if (h->has_token && is_nobody(refusal)) {
		viz_link_token_refuse(net, h, number, refusal);
	} else if (refusal == clock_ahead) {
		viz_link_full_refused_clock(net, &h->author);
		viz_link_token_refuse_clock(net, h, number, refusal);
	} else {
		viz_link_refuse(net, number, refusal);
	}
}

void viz_link_hello(struct viz_net *net, const struct viz_event *ev)
{
	struct viz_hello *h = viz_core_alloc(sizeof *h);
	struct viz_member *invited = NULL, *m;
	const char *refusal = "bad-hello";
	bool shows, in;

	*h = (struct viz_hello){.has_token = false};
	if (viz_hello_read(h, ev->bytes, ev->len) == VIZ_OK) {
		invited = viz_link_token_try(net->trust, h);
		refusal = judge_hello(net, h, &ev->remote);
	}
	if (!refusal && !ev->old_key && !viz_link_hello_one_per_pair(net, &h->author, false))
		refusal = "duplicate";
	if (refusal) {
		refuse(net, h, ev->link, refusal);
	} else {
		m = viz_member_find(net->trust, &h->author);
		shows = h->has_token && !ev->old_key;
		in = shows && viz_link_token_take(net->trust, m, h->token);
		admit(net, m, ev);
		if (shows)
			viz_link_token_answer(net->core, viz_link_find(net, ev->link), in);
	}
	if (invited && (refusal || ev->old_key))
		viz_link_token_give_back(net, invited);
	viz_secret_wipe(h->token, sizeof h->token);
	free(h);
}

bool viz_link_hello_check_peer(struct viz_net *net, struct viz_link *link, struct viz_reader r)
{
	struct viz_record rec;
	struct viz_message_record m;

	viz_message_record_read(&r, &m);
	if (r.err != VIZ_OK || viz_record_parse(&rec, m.record, m.record_len) != VIZ_OK ||
	    !viz_id_eq(&rec.author, &link->peer)) {
		viz_link_close(net, link->number, "not-the-one-dialled");
		return false;
	}
	link->proven = true;
	viz_link_tell_up(net->trust, link);
	viz_link_token_show(net->trust, link);
	return true;
}

int viz_link_hello_own(struct viz_trust *trust, uint8_t *out, size_t *len, const uint8_t *token)
{
	struct viz_hello hello = {.author = trust->self.author, .has_token = token != NULL};
	uint8_t *copies = viz_core_alloc(VIZ_HELLO_MAX);
	size_t used = 0;
	struct viz_writer w;
	int err;

	if (token)
		memcpy(hello.token, token, sizeof hello.token);
	for (uint32_t n = 1; n <= trust->self.key_number + 1; n++) {
		uint8_t type = n <= trust->self.key_number ? VIZ_TYPE_SUCCESSION : VIZ_TYPE_NODE;
		struct viz_held held;

		if (!viz_place_get(trust->core, &held, NULL, &trust->self.author, type,
				   type == VIZ_TYPE_NODE ? 0 : n))
			continue;
		if (held.a_len > VIZ_HELLO_MAX - used)
			break;
		/* A copy, because held.a is borrowed from the store. */
		memcpy(copies + used, held.a, held.a_len);
		hello.record[hello.record_count].p = copies + used;
		hello.record[hello.record_count++].len = held.a_len;
		used += held.a_len;
	}
	viz_writer_init(&w, out, VIZ_HELLO_MAX);
	viz_hello_write(&w, &hello);
	err = viz_writer_finish(&w, len);
	free(copies);
	return err;
}
