#include "node/audit/rules.h"

#include "crypto/seal.h"
#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "node/offer/seal.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"

struct judgement {
	const struct viz_case *c;
	viz_rules_found found;
	void *arg;
	struct viz_id federation, offer_id, close_id, result_id;
	struct viz_offer offer;
	struct viz_close close;
	struct viz_result result;
};

static void find(const struct judgement *j, enum viz_rule rule, const struct viz_id *about)
{
	j->found(j->arg, rule, VIZ_VERDICT_CONTRADICTION, about);
}

static bool in_close(const struct judgement *j, const struct viz_id *pledge)
{
	for (size_t i = 0; i < j->close.count; i++)
		if (viz_id_eq(&j->close.pledge[i], pledge))
			return true;
	return false;
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

static bool closed_early(const struct judgement *j)
{
	struct viz_offer_secret secret;

	return j->c->key && j->c->close->time.ms < j->offer.closes.ms &&
	       viz_offer_seal_open(&secret, &j->offer, j->c->key, &j->c->offer->author,
				   j->c->offer->slot) == VIZ_OK &&
	       j->close.count < secret.eligible_count;
}

static void judge_close(const struct judgement *j)
{
	struct viz_offer_ack ack;

	if (!viz_id_eq(&j->close.offer, &j->offer_id))
		find(j, VIZ_RULE_RESULT_LIST, &j->close_id);
	for (size_t i = 0; i < j->c->statement_count; i++)
		if (acknowledges(j, &ack, &j->c->statement[i], VIZ_TYPE_PLEDGE_ACK) &&
		    !in_close(j, &ack.subject))
			find(j, VIZ_RULE_PLEDGE_DROPPED, &ack.subject);
	if (closed_early(j))
		find(j, VIZ_RULE_CLOSED_EARLY, &j->close_id);
}

/* Whether the origin has acknowledged the REVEAL that opens this pledge. */
static bool reveal_acknowledged(const struct judgement *j, const struct viz_id *pledge)
{
	const struct viz_case *c = j->c;
	struct viz_offer_ack ack;
	struct viz_reveal reveal;
	struct viz_id id;

	for (size_t i = 0; i < c->statement_count; i++) {
		if (c->statement[i].type != VIZ_TYPE_REVEAL ||
		    viz_reveal_parse(&reveal, &c->statement[i]) != VIZ_OK ||
		    !viz_id_eq(&reveal.pledge, pledge))
			continue;
		viz_ids_record(&id, &j->federation, &c->statement[i]);
		for (size_t k = 0; k < c->statement_count; k++)
			if (acknowledges(j, &ack, &c->statement[k], VIZ_TYPE_REVEAL_ACK) &&
			    viz_id_eq(&ack.subject, &id))
				return true;
	}
	return false;
}

/* The PLEDGE of each entry of RESULT; NULL: it is not in the case. */
static void find_pledges(const struct judgement *j, const struct viz_record *out[VIZ_ELIGIBLE_MAX])
{
	for (size_t i = 0; i < j->c->pledge_count; i++) {
		struct viz_id id;

		viz_ids_record(&id, &j->federation, &j->c->pledge[i]);
		for (size_t k = 0; k < j->result.count; k++)
			if (viz_id_eq(&j->result.entry[k].pledge, &id))
				out[k] = &j->c->pledge[i];
	}
}

/* Opens a PLEDGE and reads the commitment to its proposal. */
static bool open_pledge(struct viz_id *commitment, const struct viz_record *pledge,
			const struct viz_secret *key)
{
	struct viz_pledge_secret secret;
	struct viz_pledge p;

	if (viz_pledge_parse(&p, pledge) != VIZ_OK ||
	    viz_offer_seal_open_pledge(&secret, &p, key, &pledge->author) != VIZ_OK)
		return false;
	*commitment = secret.commitment;
	return true;
}

static void judge_reveals(const struct judgement *j)
{
	const struct viz_record *pledge[VIZ_ELIGIBLE_MAX] = {NULL};

	find_pledges(j, pledge);
	for (size_t i = 0; i < j->result.count; i++) {
		const struct viz_reveal_entry *e = &j->result.entry[i];
		struct viz_id commitment, opened;

		if (!e->revealed) {
			if (reveal_acknowledged(j, &e->pledge))
				find(j, VIZ_RULE_REVEAL_DROPPED, &e->pledge);
			continue;
		}
		if (!j->c->key || !pledge[i] || !open_pledge(&commitment, pledge[i], j->c->key))
			continue;
		viz_commitment_pledge(&opened, &e->blinded, e->nonce.b);
		if (!viz_id_eq(&opened, &commitment))
			find(j, VIZ_RULE_REVEAL_FALSE, &e->pledge);
	}
}

static void judge_order(const struct judgement *j)
{
	struct viz_id order[VIZ_ELIGIBLE_MAX];
	size_t n = 0;

	for (size_t i = 0; i < j->result.count; i++)
		n += j->result.entry[i].revealed;
	/* The customer withdrew before the reveals were in: no order was shown. */
	if (j->result.outcome == VIZ_RESULT_WITHDRAWN && j->result.order_count == 0)
		return;
	viz_commitment_order(order, &j->offer_id, &j->close_id, &j->result.salt, j->result.entry,
			     j->result.count);
	if (n != j->result.order_count || memcmp(order, j->result.order, n * sizeof *order) != 0)
		find(j, VIZ_RULE_ORDER, &j->result_id);
}

static void judge_result(const struct judgement *j)
{
	struct viz_id commit;
	bool same = j->result.count == j->close.count;

	viz_commitment(&commit, "vizinho/order-salt", &j->result.salt, NULL, 0);
	if (!viz_id_eq(&commit, &j->offer.order_commit))
		find(j, VIZ_RULE_SALT, &j->result_id);
	for (size_t i = 0; same && i < j->close.count; i++)
		same = viz_id_eq(&j->close.pledge[i], &j->result.entry[i].pledge);
	if (!same || !viz_id_eq(&j->result.close, &j->close_id)) {
		find(j, VIZ_RULE_RESULT_LIST, &j->result_id);
		return;
	}
	judge_reveals(j);
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
