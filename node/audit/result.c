#include "node/audit/result.h"

#include "crypto/seal.h"
#include "node/audit/finding.h"
#include "node/audit/records.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/row.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"

struct check {
	struct viz_net *net;
	struct viz_inbox *in;
	struct viz_offer offer;
	struct viz_close close;
	struct viz_record close_rec;
	struct viz_id offer_id, close_id, result_id;
	struct viz_result result;
	bool has_result;
};

static void find(struct check *c, enum viz_rule rule, const struct viz_id *about)
{
	viz_audit_find(c->net->trust, &c->in->origin, c->in->slot, rule, VIZ_VERDICT_CONTRADICTION,
		       about);
}

static bool in_close(const struct check *c, const struct viz_id *pledge)
{
	for (size_t i = 0; i < c->close.count; i++)
		if (viz_id_eq(&c->close.pledge[i], pledge))
			return true;
	return false;
}

static void check_close(struct check *c)
{
	if (!viz_id_eq(&c->close.offer, &c->offer_id))
		find(c, VIZ_RULE_RESULT_LIST, &c->close_id);
	if (c->in->pledge_acked && !in_close(c, &c->in->pledge))
		find(c, VIZ_RULE_PLEDGE_DROPPED, &c->in->pledge);
	if (c->in->has_key && c->close_rec.time.ms < c->in->closes.ms &&
	    c->close.count < c->in->eligible_count)
		find(c, VIZ_RULE_CLOSED_EARLY, &c->close_id);
}

/* The commitment in the pledge with this record id, if we hold that pledge. */
static bool pledge_commitment(struct check *c, struct viz_id *out, const struct viz_id *pledge)
{
	struct viz_net *net = c->net;

	for (size_t i = 0; i < net->trust->directory.count; i++) {
		const struct viz_id *author = &net->trust->directory.list[i]->id;
		uint8_t plain[VIZ_PLEDGE_PLAIN];
		struct viz_pledge_secret secret;
		struct viz_record rec;
		struct viz_held held;
		struct viz_pledge p;
		struct viz_reader r;
		struct viz_id id;
		uint64_t slot;
		size_t len = 0;

		if (!viz_audit_pledge_of(net->core, &id, &slot, &c->in->origin, c->in->slot,
					 author) ||
		    !viz_id_eq(&id, pledge) ||
		    !viz_place_get(net->core, &held, &rec, author, VIZ_TYPE_PLEDGE, slot))
			continue;
		viz_core_record_id(&id, &net->core->federation_id, &rec);
		if (viz_pledge_parse(&p, &rec) != VIZ_OK || !viz_id_eq(&id, pledge) ||
		    viz_open(plain, &c->in->key, author->b, 32, p.sealed, p.sealed_len) != VIZ_OK ||
		    viz_unpad(&len, plain, sizeof plain) != VIZ_OK)
			return false;
		viz_reader_init(&r, plain + 2, len);
		viz_pledge_secret_read(&r, &secret);
		*out = secret.commitment;
		return viz_reader_finish(&r) == VIZ_OK;
	}
	return false;
}

static void check_reveals(struct check *c)
{
	for (size_t i = 0; i < c->result.count; i++) {
		const struct viz_reveal_entry *e = &c->result.entry[i];
		struct viz_id commitment, opened;

		if (viz_id_eq(&e->pledge, &c->in->pledge) && c->in->reveal_acked && !e->revealed)
			find(c, VIZ_RULE_REVEAL_DROPPED, &e->pledge);
		if (!e->revealed || !c->in->has_key ||
		    !pledge_commitment(c, &commitment, &e->pledge))
			continue;
		viz_commitment(&opened, "vizinho/pledge", &e->blinded, e->nonce.b, 32);
		if (!viz_id_eq(&opened, &commitment))
			find(c, VIZ_RULE_REVEAL_FALSE, &e->pledge);
	}
}

static void check_order(struct check *c)
{
	struct viz_id order[VIZ_ELIGIBLE_MAX];
	size_t n = 0;

	for (size_t i = 0; i < c->result.count; i++)
		n += c->result.entry[i].revealed;
	/* withdrawn before the reveals were in: nothing was shown in any order */
	if (c->result.outcome == VIZ_RESULT_WITHDRAWN && c->result.order_count == 0)
		return;
	viz_offer_order(order, &c->offer_id, &c->close_id, &c->result.salt, c->result.entry,
			c->result.count);
	if (n != c->result.order_count || memcmp(order, c->result.order, n * sizeof *order) != 0)
		find(c, VIZ_RULE_ORDER, &c->result_id);
}

static void check_result(struct check *c)
{
	struct viz_id commit, salt;
	bool same = c->result.count == c->close.count;

	memcpy(salt.b, c->result.salt.b, 32);
	viz_commitment(&commit, "vizinho/order-salt", &salt, NULL, 0);
	if (!viz_id_eq(&commit, &c->offer.order_commit))
		find(c, VIZ_RULE_SALT, &c->result_id);
	for (size_t i = 0; same && i < c->close.count; i++)
		same = viz_id_eq(&c->close.pledge[i], &c->result.entry[i].pledge);
	if (!same || !viz_id_eq(&c->result.close, &c->close_id)) {
		find(c, VIZ_RULE_RESULT_LIST, &c->result_id);
		return;
	}
	check_reveals(c);
	check_order(c);
}

static bool load(struct check *c)
{
	struct viz_record rec;
	struct viz_held held;

	if (!viz_place_get(c->net->core, &held, &rec, &c->in->origin, VIZ_TYPE_OFFER,
			   c->in->slot) ||
	    held.dead)
		return false;
	viz_core_record_id(&c->offer_id, &c->net->core->federation_id, &rec);
	if (viz_offer_parse(&c->offer, &rec) != VIZ_OK ||
	    !viz_place_get(c->net->core, &held, &c->close_rec, &c->in->origin, VIZ_TYPE_CLOSE,
			   c->in->slot) ||
	    held.dead)
		return false;
	viz_core_record_id(&c->close_id, &c->net->core->federation_id, &c->close_rec);
	if (viz_close_parse(&c->close, &c->close_rec) != VIZ_OK)
		return false;
	if (viz_place_get(c->net->core, &held, &rec, &c->in->origin, VIZ_TYPE_RESULT,
			  c->in->slot) &&
	    !held.dead) {
		viz_core_record_id(&c->result_id, &c->net->core->federation_id, &rec);
		c->has_result = viz_result_parse(&c->result, &rec) == VIZ_OK;
	}
	return true;
}

static void audit(struct viz_net *net, struct viz_inbox *in)
{
	struct check *c = viz_core_alloc(sizeof *c);

	memset(c, 0, sizeof *c);
	c->net = net;
	c->in = in;
	if (load(c)) {
		check_close(c);
		if (c->has_result)
			check_result(c);
	}
	free(c);
}

static void audit_of(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, &rec->author, rec->slot);

	if (in)
		audit(net, in);
	free(in);
}

void viz_audit_close(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	(void)id;
	audit_of(net, rec);
}

void viz_audit_ack(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body)
{
	size_t len;

	viz_reader_skip(body, &len, 1);
	audit_of(net, rec);
}
