#include "node/gossip/spread.h"

#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/gossip/announce.h"
#include "node/gossip/strata.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/heavy.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define ANSWER_BYTES 64 /* what we charge for the search for a record */

void viz_spread_send(struct viz_core *core, struct viz_link *link, const struct viz_writer *w)
{
	struct viz_slice v = viz_writer_done(w);

	viz_link_send(core, link, v.p, v.len, 0);
}

void viz_spread_send_bulk(struct viz_core *core, struct viz_link *link, const struct viz_writer *w)
{
	struct viz_slice v = viz_writer_done(w);

	viz_link_send_bulk(core, link, v.p, v.len);
}

static void send_record(struct viz_core *core, struct viz_link *link, const uint8_t *bytes,
			size_t len, bool bulk)
{
	uint8_t *buffer = viz_core_alloc(len + 16);
	struct viz_writer w;

	viz_writer_init(&w, buffer, len + 16);
	viz_message_record_write(&w, &(struct viz_message_record){bytes, len});
	if (bulk)
		viz_spread_send_bulk(core, link, &w);
	else
		viz_spread_send(core, link, &w);
	free(buffer);
}

void viz_spread_send_record(struct viz_core *core, struct viz_link *link, const uint8_t *bytes,
			    size_t len)
{
	send_record(core, link, bytes, len, false);
}

/* Sends one record of a place, if the peer may have it. No lead waits for a federation record that
 * somebody asks for. */
static void answer_half(struct viz_trust *trust, struct viz_link *link, const uint8_t *bytes,
			size_t len)
{
	struct viz_record rec;

	VIZ_REQUIRE(viz_record_parse(&rec, bytes, len) == VIZ_OK);
	if (viz_strata_may_send(trust, link, &rec))
		send_record(trust->core, link, bytes, len, rec.type <= VIZ_TYPE_COVERAGE);
}

bool viz_spread_answer(struct viz_net *net, struct viz_link *link, const struct viz_held *held)
{
	if (!viz_budget_repair(net, link, held->a_len + held->b_len + ANSWER_BYTES))
		return false;
	answer_half(net->trust, link, held->a, held->a_len);
	if (held->b)
		answer_half(net->trust, link, held->b, held->b_len);
	return true;
}

/* A guest is not a member yet. It gets only the records that it needs to verify us and our VOUCH.
 */
static bool for_guest(struct viz_trust *trust, const struct viz_record *rec)
{
	return viz_id_eq(&rec->author, &trust->self.author) && rec->type <= VIZ_TYPE_VOUCH;
}

/* The plaintext of a RECORD message, in memory once for all links. */
static uint8_t *flood_block(struct viz_core *core, size_t *len, const uint8_t *signed_record,
			    size_t record_len)
{
	uint8_t *plain = viz_core_alloc(record_len + 18), *block;
	struct viz_writer w;

	viz_writer_init(&w, plain + 2, record_len + 16);
	viz_message_record_write(&w, &(struct viz_message_record){signed_record, record_len});
	*len = viz_writer_done(&w).len + 2;
	viz_message_pad(plain, *len - 2, *len);
	block = viz_effects_share(core->fx, plain, *len);
	free(plain);
	return block;
}

/* Circle records are pushed: who may hold one is known. Keys that end and people who leave are
 * small and urgent. The VOUCH of a start withdraws nothing, and comes as often as nodes start. */
static bool is_pushed(const struct viz_record *rec)
{
	struct viz_vouch v;

	if (rec->type == VIZ_TYPE_VOUCH)
		return rec->slot != VIZ_VOUCH_SLOT_START && viz_vouch_parse(&v, rec) == VIZ_OK &&
		       v.withdrawn;
	return viz_record_is_write_once(rec->type) || rec->type == VIZ_TYPE_SUCCESSION ||
	       rec->type == VIZ_TYPE_REVOCATION;
}

void viz_spread_new(struct viz_net *net, const uint8_t *signed_record, size_t len,
		    const struct viz_record *rec, const struct viz_id *item, uint64_t except)
{
	const struct viz_member *m = viz_member_find(net->trust, &rec->author);
	/* Leads wait for these, and only those with whom our operator deals can sign more of them.
	 */
	bool first = m && (viz_record_is_write_once(rec->type) ||
			   (len <= VIZ_FLOOD_SMALL && viz_heavy_keeps(net->trust, m)));
	bool pushed = is_pushed(rec);
	uint8_t *block = NULL;
	size_t block_len = 0;

	if (!pushed)
		viz_announce_note(net, rec, item, except);
	if (!m || !viz_member_accepted(net->trust, m, rec->type))
		return; /* other nodes would refuse it */
	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];

		if (link->number == except || link->closing ||
		    (link->guest ? !for_guest(net->trust, rec) : !pushed) ||
		    !viz_strata_may_send(net->trust, link, rec))
			continue;
		if (!viz_budget_flood(net->core, link, len, first)) {
			link->behind = true;
			continue;
		}
		if (!block)
			block = flood_block(net->core, &block_len, signed_record, len);
		viz_effects_add_shared(net->core->fx, VIZ_EFFECT_SEND, block, block_len)->link =
		    link->number;
	}
}

void viz_spread_greet(struct viz_net *net, struct viz_link *link)
{
	uint8_t prefix[32];
	struct viz_walk walk;
	struct viz_slice key, value;
	int rounds = 1;

	memcpy(prefix, net->trust->self.author.b, sizeof prefix);
	/* With SUCCESSIONs NODE goes first and again last: it carries the first key, which the peer
	 * needs to check them, and only after them can the peer check NODE itself. */
	for (int round = 0; round < rounds; round++) {
		viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, prefix, sizeof prefix);
		while (viz_walk_next(&walk, &key, &value)) {
			struct viz_held held;

			if (key.p[32] > VIZ_TYPE_VOUCH)
				break;
			if (round == 1 && key.p[32] > VIZ_TYPE_NODE)
				break;
			if (key.p[32] == VIZ_TYPE_SUCCESSION)
				rounds = 2;
			VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK);
			viz_spread_send_record(net->core, link, held.a, held.a_len);
		}
	}
}

void viz_spread_partners(struct viz_net *net, struct viz_link *link)
{
	struct viz_held held;

	if (viz_place_get(net->core, &held, NULL, &net->trust->self.author, VIZ_TYPE_PARTNERS, 0))
		viz_spread_send_record(net->core, link, held.a, held.a_len);
}
