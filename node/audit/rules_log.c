/* The rules about the log of an origin: what two of its records, or a record and a NODE, say
 * about it. */
#include "node/audit/rules.h"

#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/trust.h"

static void id_of(struct viz_id *out, const struct viz_federation *f, const struct viz_record *rec)
{
	struct viz_id federation;

	viz_ids_federation(&federation, f);
	viz_ids_record(out, &federation, rec);
}

/* A record with its place in the log. */
struct logged {
	const struct viz_record *rec;
	struct viz_position at;
	struct viz_id id;
};

static bool read_logged(struct logged *out, const struct viz_federation *f,
			const struct viz_record *rec)
{
	out->rec = rec;
	if (viz_position_parse(&out->at, rec) != VIZ_OK)
		return false;
	id_of(&out->id, f, rec);
	return true;
}

/* The value of the log at the record. */
static void value_at(struct viz_id *out, const struct logged *l)
{
	viz_ids_log(out, &l->at, l->rec->type, l->rec->slot, &l->id);
}

void viz_rules_log_records(const struct viz_federation *f, const struct viz_record *x,
			   const struct viz_record *y, viz_rules_found found, void *arg)
{
	struct logged a, b;
	struct viz_id value;

	if (!viz_id_eq(&x->author, &y->author) || !read_logged(&a, f, x) || !read_logged(&b, f, y))
		return;
	if (a.at.number > b.at.number ||
	    (a.at.number == b.at.number && viz_id_cmp(&a.id, &b.id) > 0)) {
		struct logged first = b;

		b = a;
		a = first;
	}
	if (a.at.log != b.at.log || viz_id_eq(&a.id, &b.id))
		return;
	if (a.at.number == b.at.number) {
		found(arg, VIZ_RULE_LOG_FORK, VIZ_VERDICT_CONTRADICTION, &b.id);
		return;
	}
	if (a.rec->type == b.rec->type && a.rec->slot == b.rec->slot)
		found(arg, VIZ_RULE_EQUIVOCATION, VIZ_VERDICT_CONTRADICTION, &b.id);
	value_at(&value, &a);
	if (a.at.number + 1 == b.at.number && !viz_id_eq(&value, &b.at.before))
		found(arg, VIZ_RULE_LOG_FORK, VIZ_VERDICT_CONTRADICTION, &b.id);
	if (a.rec->time.ms > b.rec->time.ms)
		found(arg, VIZ_RULE_LOG_ORDER, VIZ_VERDICT_CONTRADICTION, &b.id);
}

/* Whether an OFFER names a NODE though a newer one, which opens to a head before it, was signed. */
static bool node_stale(const struct viz_record *rec, const struct viz_position *at,
		       const struct viz_rules_head *head)
{
	struct viz_offer o;

	return rec->type == VIZ_TYPE_OFFER && head->time.ms < rec->time.ms &&
	       head->number < at->number && viz_offer_parse(&o, rec) == VIZ_OK &&
	       o.node_time.ms < head->time.ms;
}

/* Whether the head has another value than the record shows: at its number, or before it. */
static bool forks(const struct viz_federation *f, const struct viz_record *rec,
		  const struct viz_position *at, const struct viz_rules_head *head)
{
	struct viz_id value;
	struct logged l;

	if (at->number == head->number + UINT64_C(1))
		return !viz_id_eq(&at->before, &head->value);
	if (at->number != head->number || !read_logged(&l, f, rec))
		return false;
	value_at(&value, &l);
	return !viz_id_eq(&value, &head->value);
}

void viz_rules_log_head(const struct viz_federation *f, const struct viz_record *rec,
			const struct viz_rules_head *head, viz_rules_found found, void *arg)
{
	bool fork, order, stale;
	struct viz_position at;
	struct viz_id id;

	if (viz_position_parse(&at, rec) != VIZ_OK || at.log != head->log)
		return;
	fork = forks(f, rec, &at, head);
	order =
	    at.number <= head->number ? head->time.ms < rec->time.ms : rec->time.ms < head->time.ms;
	stale = node_stale(rec, &at, head);
	if (!fork && !order && !stale)
		return; /* of a thousand heads hardly one needs the id */
	id_of(&id, f, rec);
	if (fork)
		found(arg, VIZ_RULE_LOG_FORK, VIZ_VERDICT_CONTRADICTION, &id);
	if (order)
		found(arg, VIZ_RULE_LOG_ORDER, VIZ_VERDICT_CONTRADICTION, &id);
	if (stale)
		found(arg, VIZ_RULE_NODE_STALE, VIZ_VERDICT_CONTRADICTION, &id);
}

void viz_rules_log_heads(const struct viz_rules_head *x, const struct viz_rules_head *y,
			 viz_rules_found found, void *arg)
{
	const struct viz_rules_head *earlier = x->time.ms <= y->time.ms ? x : y;
	const struct viz_rules_head *later = earlier == x ? y : x;

	if (x->log != y->log)
		return;
	if (x->number == y->number && !viz_id_eq(&x->value, &y->value))
		found(arg, VIZ_RULE_LOG_FORK, VIZ_VERDICT_CONTRADICTION, &later->node);
	if (earlier->time.ms < later->time.ms && earlier->number > later->number)
		found(arg, VIZ_RULE_LOG_ORDER, VIZ_VERDICT_CONTRADICTION, &later->node);
}

/* The OFFER that the body of a CLOSE, RESULT or CHOICE names. */
static bool named_offer(struct viz_id *out, const struct viz_record *rec)
{
	struct viz_result result;
	struct viz_choice choice;
	struct viz_close close;

	if (rec->type == VIZ_TYPE_CLOSE && viz_close_parse(&close, rec) == VIZ_OK)
		*out = close.offer;
	else if (rec->type == VIZ_TYPE_RESULT && viz_result_parse(&result, rec) == VIZ_OK)
		*out = result.offer;
	else if (rec->type == VIZ_TYPE_CHOICE && viz_choice_parse(&choice, rec) == VIZ_OK)
		*out = choice.offer;
	else
		return false;
	return true;
}

void viz_rules_log_mixed(const struct viz_federation *f, const struct viz_record *offer,
			 const struct viz_record *rec, viz_rules_found found, void *arg)
{
	struct logged o, l;
	struct viz_id named;

	if (read_logged(&o, f, offer) && read_logged(&l, f, rec) && named_offer(&named, rec) &&
	    viz_id_eq(&named, &o.id) && (l.at.log != o.at.log || l.at.offer != o.at.number))
		found(arg, VIZ_RULE_LOG_MIXED, VIZ_VERDICT_CONTRADICTION, &l.id);
}

void viz_rules_log_node(const struct viz_federation *f, const struct viz_record *offer,
			const struct viz_record *node, viz_rules_found found, void *arg)
{
	struct viz_node_body body;
	struct viz_offer o;
	struct viz_id id;

	if (viz_offer_parse(&o, offer) != VIZ_OK || viz_node_body_parse(&body, node) != VIZ_OK)
		return;
	id_of(&id, f, node);
	if (viz_id_eq(&id, &o.node) &&
	    (node->time.ms != o.node_time.ms || !viz_id_eq(&body.partners, &o.partners) ||
	     body.log != o.at.log))
		found(arg, VIZ_RULE_NODE_FALSE, VIZ_VERDICT_CONTRADICTION, &id);
}

void viz_rules_log_partners(const struct viz_record *offer, const struct viz_partners *named,
			    viz_rules_found found, void *arg)
{
	struct viz_offer o;

	if (viz_offer_parse(&o, offer) == VIZ_OK && named->log != o.at.log)
		found(arg, VIZ_RULE_NODE_FALSE, VIZ_VERDICT_CONTRADICTION, &o.partners);
}
