#include "node/coverage/ack.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/link/link.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/self/statement.h"
#include "node/trust/circle.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"

/* How many acknowledgements of one partner and slot the publisher keeps, as statements with the
 * numbers from 1: the newest one, and older ones that count for draws before it. */
#define ACKS_KEPT 5

/* Whether we have acknowledged this record, and need not do so again yet: an acknowledgement counts
 * for ack_ms, and the publisher may have lost it. */
static bool is_fresh(struct viz_trust *trust, const struct viz_record *rec, const struct viz_id *id)
{
	const struct viz_id *self = &trust->self.author;
	struct viz_record ack;
	struct viz_slice v;

	return viz_coverage_ack_exists(trust->core, &rec->author, rec->slot, id, self) &&
	       viz_statement_get(trust->core, &v, &rec->author, rec->slot, VIZ_TYPE_COVERAGE_ACK,
				 self, 1) &&
	       viz_record_parse(&ack, v.p, v.len) == VIZ_OK &&
	       ack.time.ms + trust->core->federation.ack_ms / 3 > trust->core->now.ms;
}

static void sign(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_coverage_ack ack = {.publisher = rec->author, .coverage = *id};
	VIZ_WRITER(w, 128);

	viz_coverage_ack_write(&w, &ack);
	viz_statement_issue(net, NULL, VIZ_TYPE_COVERAGE_ACK, &rec->author, rec->slot, 1, &w,
			    &rec->author);
}

void viz_coverage_ack_send(struct viz_net *net, const struct viz_record *rec,
			   const struct viz_id *id)
{
	if (viz_id_eq(&rec->author, &net->trust->self.author) ||
	    !viz_live_partner(net->trust, &rec->author) ||
	    viz_mail_full(net->trust, &rec->author) || is_fresh(net->trust, rec, id))
		return;
	sign(net, rec, id);
}

/* An acknowledgement that is kept. */
struct kept {
	struct viz_record rec;
	struct viz_coverage_ack ack;
};

static bool read_kept(struct viz_core *core, struct kept *k, const struct viz_id *publisher,
		      uint64_t slot, const struct viz_id *by, uint64_t number)
{
	struct viz_slice v;

	return viz_statement_get(core, &v, publisher, slot, VIZ_TYPE_COVERAGE_ACK, by, number) &&
	       viz_record_parse(&k->rec, v.p, v.len) == VIZ_OK &&
	       viz_coverage_ack_parse(&k->ack, &k->rec) == VIZ_OK;
}

bool viz_coverage_ack_exists(struct viz_core *core, const struct viz_id *publisher, uint64_t slot,
			     const struct viz_id *coverage, const struct viz_id *by)
{
	struct kept k;

	return read_kept(core, &k, publisher, slot, by, 1) && viz_id_eq(&k.ack.coverage, coverage);
}

bool viz_coverage_ack_before(struct viz_core *core, struct viz_record *out,
			     const struct viz_id *publisher, uint64_t slot, const struct viz_id *by,
			     struct viz_time time)
{
	bool found = false;
	struct kept k;

	for (uint64_t n = 1; n <= ACKS_KEPT; n++) {
		if (!read_kept(core, &k, publisher, slot, by, n) || k.rec.time.ms >= time.ms ||
		    (found && k.rec.time.ms <= out->time.ms))
			continue;
		*out = k.rec;
		found = true;
	}
	return found;
}

/* Whether an older one counts for each draw for which `last` does and the one of `next` does not.
 * One from before the start in the partner's NODE does not count for what that offers. */
static bool stands_for(struct viz_trust *trust, const struct kept *older, const struct kept *last,
		       struct viz_time next)
{
	const struct viz_member *m = viz_member_find(trust, &last->rec.author);
	int64_t start = m && m->has_node ? m->node.start.ms : 0;

	return viz_id_eq(&older->ack.coverage, &last->ack.coverage) &&
	       older->rec.time.ms + trust->core->federation.ack_ms > next.ms &&
	       (older->rec.time.ms >= start || last->rec.time.ms < start);
}

/* Keeps the newest one among the older ones, when one of this time takes its place: instead of the
 * oldest. */
static void keep_older(struct viz_trust *trust, const struct kept *last, struct viz_time next)
{
	const struct viz_id *self = &trust->self.author;
	struct viz_record rec;
	struct viz_time oldest = {0};
	struct kept older;
	uint64_t place = 2;
	uint8_t *copy;
	size_t len;

	for (uint64_t n = 2; n <= ACKS_KEPT; n++) {
		bool there =
		    read_kept(trust->core, &older, self, last->rec.slot, &last->rec.author, n);
		struct viz_time at = there ? older.rec.time : (struct viz_time){0};

		if (there && stands_for(trust, &older, last, next))
			return;
		if (n == 2 || at.ms < oldest.ms) {
			oldest = at;
			place = n;
		}
	}
	/* it lies in the store, which the write may move */
	len = last->rec.len + sizeof last->rec.sig.b;
	copy = viz_core_alloc(len);
	memcpy(copy, last->rec.bytes - sizeof last->rec.sig.b, len);
	if (viz_record_parse(&rec, copy, len) == VIZ_OK)
		viz_statement_keep(trust->core, self, &rec, place);
	free(copy);
}

void viz_coverage_ack_send_all(struct viz_net *net)
{
	struct viz_id *near = viz_core_alloc(VIZ_CIRCLE_NEAR_MAX * sizeof *near);
	size_t count = viz_circle_near(net->trust, near);

	for (size_t i = 0; i < count; i++) {
		if (!viz_live_partner(net->trust, &near[i]))
			continue;
		for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
			struct viz_record rec;
			struct viz_id id;

			if (!viz_live_get(net->trust, &rec, &near[i], VIZ_TYPE_COVERAGE, slot))
				continue;
			viz_ids_record(&id, &net->core->federation_id, &rec);
			viz_coverage_ack_send(net, &rec, &id);
		}
	}
	free(near);
}

/* Signs again the acknowledgements that we gave this publisher, of what is live. */
static void again(struct viz_net *net, const struct viz_id *publisher)
{
	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		struct viz_record rec, own;
		struct viz_slice v;
		struct viz_id id;

		if (!viz_live_get(net->trust, &rec, publisher, VIZ_TYPE_COVERAGE, slot))
			continue;
		viz_ids_record(&id, &net->core->federation_id, &rec);
		if (viz_coverage_ack_exists(net->core, publisher, slot, &id,
					    &net->trust->self.author) &&
		    viz_statement_get(net->core, &v, publisher, slot, VIZ_TYPE_COVERAGE_ACK,
				      &net->trust->self.author, 1) &&
		    viz_record_parse(&own, v.p, v.len) == VIZ_OK &&
		    own.time.ms < net->core->started.ms)
			sign(net, &rec, &id);
	}
}

void viz_coverage_ack_again(struct viz_net *net)
{
	const struct viz_member *self = viz_member_self(net->trust);

	/* only an acknowledgement that is not older than the start in our NODE convicts us */
	if (self->node.start.ms != net->core->started.ms || !viz_identity_may_sign(net->trust))
		return;
	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];

		if (link->guest || link->closing || link->acked ||
		    !viz_live_partner(net->trust, &link->peer) ||
		    viz_mail_full(net->trust, &link->peer))
			continue;
		link->acked = true;
		again(net, &link->peer);
	}
}

void viz_coverage_ack_received(struct viz_net *net, const struct viz_record *rec,
			       struct viz_reader *body)
{
	struct viz_coverage_ack ack;
	struct viz_record own;
	struct kept last;
	struct viz_id id;

	viz_coverage_ack_read(body, &ack);
	if (viz_reader_finish(body) != VIZ_OK ||
	    !viz_id_eq(&ack.publisher, &net->trust->self.author) ||
	    !viz_circle_had(net->trust, &net->trust->self.author, &rec->author) ||
	    !viz_live_get(net->trust, &own, &net->trust->self.author, VIZ_TYPE_COVERAGE, rec->slot))
		return;
	viz_ids_record(&id, &net->core->federation_id, &own);
	if (!viz_id_eq(&id, &ack.coverage))
		return;
	if (read_kept(net->core, &last, &ack.publisher, rec->slot, &rec->author, 1) &&
	    last.rec.time.ms <= net->core->now.ms + net->core->federation.skew_ms) {
		if (last.rec.time.ms >= rec->time.ms || last.rec.key > rec->key)
			return;
		keep_older(net->trust, &last,
			   rec->time.ms < net->core->now.ms ? rec->time : net->core->now);
	}
	viz_statement_keep(net->core, &ack.publisher, rec, 1);
}
