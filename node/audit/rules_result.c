#include "node/audit/rules.h"

#include "crypto/sign.h"
#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"

/* What CLOSE has of one that was asked. */
struct entry {
	bool answered;
	struct viz_id id; /* of its PLEDGE */
	struct viz_pledge pledge;
	struct viz_id author;
};

struct judgement {
	const struct viz_case *c;
	viz_rules_found found;
	void *arg;
	struct viz_id federation, offer_id, close_id, result_id;
	struct viz_offer offer;
	struct viz_close close;
	struct entry entry[VIZ_ASKED_MAX]; /* close.count of them */
	struct viz_result result;
};

static void find(const struct judgement *j, enum viz_rule rule, const struct viz_id *about)
{
	j->found(j->arg, rule, VIZ_VERDICT_CONTRADICTION, about);
}

/* The key `number` of an author: it is given, or stands in the view's SUCCESSIONs. False: it is not
 * known. */
static bool key_of(const struct judgement *j, struct viz_pub *out, const struct viz_id *author,
		   uint32_t number)
{
	struct viz_succession s;

	for (size_t i = 0; i < j->c->pledge_key_count; i++)
		if (j->c->pledge_key[i].number == number &&
		    viz_id_eq(&j->c->pledge_key[i].author, author)) {
			*out = j->c->pledge_key[i].pub;
			return true;
		}
	for (size_t i = 0; number > 0 && i < j->c->view_count; i++) {
		const struct viz_rules_item *item = &j->c->view[i];

		if (item->type == VIZ_TYPE_SUCCESSION && item->slot == number && !item->dead &&
		    viz_id_eq(&item->author, author) &&
		    viz_succession_parse(&s, &item->rec) == VIZ_OK) {
			*out = s.key;
			return true;
		}
	}
	return false;
}

/* Whether somebody else has signed this PLEDGE. Of a key that is not known nothing is
 * known. */
static bool forged(const struct judgement *j, const struct viz_record *rec, const struct viz_id *id,
		   const struct viz_id *asked)
{
	struct viz_pub key;

	if (asked && !viz_id_eq(&rec->author, asked))
		return true;
	return key_of(j, &key, &rec->author, rec->key) &&
	       viz_sign_verify(&rec->sig, id, &key) != VIZ_OK;
}

/* The author at this position of asked; NULL: it is not known. */
static const struct viz_id *asked_at(const struct judgement *j, size_t position)
{
	const struct viz_partners *named = j->c->named;
	const struct viz_offer *o = &j->offer;

	if (!named || position >= o->asked_count || o->asked[position].index >= named->count)
		return NULL;
	return &named->entry[o->asked[position].index].id;
}

/* Reads the entries of CLOSE into j->entry, and judges each. */
static void judge_entries(struct judgement *j)
{
	if (!viz_id_eq(&j->close.offer, &j->offer_id) || j->close.count != j->offer.asked_count)
		find(j, VIZ_RULE_CLOSE_ENTRIES, &j->close_id);
	for (size_t i = 0; i < j->close.count; i++) {
		struct entry *e = &j->entry[i];
		struct viz_record rec;

		e->answered = viz_close_pledge(&j->close, i, &rec, &e->pledge);
		if (!e->answered)
			continue;
		e->author = rec.author;
		viz_ids_record(&e->id, &j->federation, &rec);
		if (!viz_id_eq(&e->pledge.offer, &j->offer_id) || rec.slot != j->c->offer->slot)
			find(j, VIZ_RULE_CLOSE_ENTRIES, &e->id);
		if (forged(j, &rec, &e->id, asked_at(j, i)))
			find(j, VIZ_RULE_PLEDGE_FORGED, &e->id);
	}
}

/* Whether the statement is the origin's, of this type (PLEDGE_ACK or REVEAL_ACK), about this offer.
 */
static bool acknowledges(const struct judgement *j, struct viz_offer_ack *ack,
			 const struct viz_record *statement, uint8_t type)
{
	return statement->type == type && viz_id_eq(&statement->author, &j->c->offer->author) &&
	       viz_offer_ack_parse(ack, statement) == VIZ_OK &&
	       viz_id_eq(&ack->offer, &j->offer_id);
}

static void judge_close(struct judgement *j)
{
	struct viz_offer_ack ack;
	bool all = true;

	judge_entries(j);
	for (size_t i = 0; i < j->c->statement_count; i++) {
		const struct viz_record *s = &j->c->statement[i];
		const struct entry *e = s->seq < j->close.count ? &j->entry[s->seq] : NULL;

		if (acknowledges(j, &ack, s, VIZ_TYPE_PLEDGE_ACK) &&
		    (!e || !e->answered || !viz_id_eq(&e->id, &ack.pledge)))
			find(j, VIZ_RULE_PLEDGE_DROPPED, &ack.pledge);
	}
	for (size_t i = 0; i < j->close.count; i++)
		all &= j->entry[i].answered;
	if (!all && j->c->close->time.ms < j->offer.closes.ms)
		find(j, VIZ_RULE_CLOSED_EARLY, &j->close_id);
}

static bool reveal_acknowledged(const struct judgement *j, const struct viz_id *pledge)
{
	struct viz_offer_ack ack;

	for (size_t i = 0; i < j->c->statement_count; i++)
		if (acknowledges(j, &ack, &j->c->statement[i], VIZ_TYPE_REVEAL_ACK) &&
		    viz_id_eq(&ack.pledge, pledge))
			return true;
	return false;
}

/* Whether RESULT has what CLOSE allows: an entry for each of CLOSE's, reveals of promises only, and
 * in the order each revealed position once. */
static bool result_fits(const struct judgement *j)
{
	const struct viz_result *res = &j->result;
	bool in_order[VIZ_ASKED_MAX] = {false};
	size_t revealed = 0;

	if (!viz_id_eq(&res->close, &j->close_id) || !viz_id_eq(&res->offer, &j->offer_id) ||
	    res->count != j->close.count)
		return false;
	for (size_t i = 0; i < res->count; i++) {
		if (res->entry[i].revealed &&
		    (!j->entry[i].answered || !viz_pledge_promises(j->entry[i].pledge.answer)))
			return false;
		revealed += res->entry[i].revealed;
	}
	for (size_t i = 0; i < res->order_len; i++) {
		uint8_t at = res->order[i];

		if (at >= res->count || !res->entry[at].revealed || in_order[at])
			return false;
		in_order[at] = true;
	}
	return res->order_len == (res->kind == VIZ_RESULT_ORDER ? revealed : 0);
}

/* Also says whether a promise was not revealed. */
static bool judge_reveals(const struct judgement *j)
{
	bool missing = false;

	for (size_t i = 0; i < j->result.count; i++) {
		const struct viz_result_entry *r = &j->result.entry[i];
		const struct entry *e = &j->entry[i];
		struct viz_id opened;

		if (!e->answered || !viz_pledge_promises(e->pledge.answer))
			continue;
		missing |= !r->revealed;
		if (!r->revealed && reveal_acknowledged(j, &e->id))
			find(j, VIZ_RULE_REVEAL_DROPPED, &e->id);
		viz_commitment_pledge(&opened, &j->offer_id, &e->author, &r->blinded, r->nonce.b);
		if (r->revealed && !viz_id_eq(&opened, &e->pledge.commitment))
			find(j, VIZ_RULE_REVEAL_FALSE, &e->id);
	}
	return missing;
}

static void judge_order(const struct judgement *j)
{
	struct viz_commitment_item item[VIZ_ASKED_MAX];
	uint8_t order[VIZ_ASKED_MAX];
	size_t n;

	for (size_t i = 0; i < j->result.count; i++)
		item[i] = (struct viz_commitment_item){j->result.entry[i].revealed, j->entry[i].id,
						       j->result.entry[i].nonce};
	n = viz_commitment_order(order, &j->offer_id, &j->close_id, &j->result.salt, item,
				 j->result.count);
	if (n != j->result.order_len || memcmp(order, j->result.order, n) != 0)
		find(j, VIZ_RULE_ORDER, &j->result_id);
}

static void judge_result(const struct judgement *j)
{
	struct viz_id commit;

	viz_commitment(&commit, "vizinho/order-salt", &j->result.salt, NULL, 0);
	if (!viz_id_eq(&commit, &j->offer.order_commit))
		find(j, VIZ_RULE_SALT, &j->result_id);
	if (!result_fits(j)) {
		find(j, VIZ_RULE_RESULT_FALSE, &j->result_id);
		return;
	}
	if (judge_reveals(j) && j->result.kind == VIZ_RESULT_ORDER &&
	    j->c->result->time.ms < j->c->close->time.ms + j->c->federation->reveal_ms)
		find(j, VIZ_RULE_RESULT_EARLY, &j->result_id);
	if (j->result.kind == VIZ_RESULT_ORDER)
		judge_order(j);
}

void viz_rules_result(const struct viz_case *c, viz_rules_found found, void *arg)
{
	struct judgement j = {.c = c, .found = found, .arg = arg};

	if (!c->offer || !c->close || viz_offer_parse(&j.offer, c->offer) != VIZ_OK ||
	    viz_close_parse(&j.close, c->close) != VIZ_OK)
		return;
	viz_ids_federation(&j.federation, c->federation);
	viz_ids_record(&j.offer_id, &j.federation, c->offer);
	viz_ids_record(&j.close_id, &j.federation, c->close);
	judge_close(&j);
	if (!c->result || viz_result_parse(&j.result, c->result) != VIZ_OK)
		return;
	viz_ids_record(&j.result_id, &j.federation, c->result);
	judge_result(&j);
}
