#include "node/audit.h"

#include "node/core.h"
#include "node/inbox.h"
#include "node/mail.h"
#include "node/place.h"
#include "node/record_id.h"
#include "node/statements.h"

const char *viz_rule_name(enum viz_rule rule)
{
	static const char *const names[] = {
	    "?",       "equivocation", "partner-dates", "two-pledges",    "view-bytes",
	    "omitted", "unfounded",    "false-reason",  "closed-early",   "pledge-dropped",
	    "salt",    "result-list",  "reveal-false",  "reveal-dropped", "order",
	    "unseen",  "view-false"};

	return (size_t)rule < sizeof names / sizeof *names ? names[rule] : "?";
}

const char *viz_verdict_name(enum viz_verdict verdict)
{
	return verdict == VIZ_VERDICT_CONTRADICTION ? "contradiction" : "suspicion";
}

/* How many findings of this rule there are of the origin: what it does a thousand times is shown as
 * well by the first ones. */
static size_t count_findings(struct viz_node *node, const struct viz_id *origin, enum viz_rule rule)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	viz_walk_init(&walk, node->store, VIZ_TABLE_FINDING, origin->b, sizeof origin->b);
	while (viz_walk_next(&walk, &key, &value))
		n += key.p[VIZ_ID_SLOT_LEN] == rule;
	return n;
}

void viz_audit_find(struct viz_node *node, const struct viz_id *origin, uint64_t slot,
		    enum viz_rule rule, enum viz_verdict verdict, const struct viz_id *about)
{
	uint8_t key[VIZ_ID_SLOT_LEN + 33], value[32];
	struct viz_slice v;
	struct viz_writer w;
	size_t len = 0;

	viz_id_slot_key(key, origin, slot);
	key[VIZ_ID_SLOT_LEN] = (uint8_t)rule;
	memcpy(key + VIZ_ID_SLOT_LEN + 1, about->b, sizeof about->b);
	if (viz_core_get(node, &v, VIZ_TABLE_FINDING, key, sizeof key) ||
	    count_findings(node, origin, rule) >= VIZ_FINDINGS_PER_RULE)
		return;
	viz_writer_init(&w, value, sizeof value);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, verdict);
	viz_writer_time(&w, node->now);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_core_put(node, VIZ_TABLE_FINDING, key, sizeof key, value, len);
	viz_core_log(node, 4, "audit: %s: %s of %s", viz_verdict_name(verdict), viz_rule_name(rule),
		     viz_member_name(viz_member_need(node, origin)));
}

void viz_audit_equivocation(struct viz_node *node, const struct viz_record *rec)
{
	struct viz_id about = {{0}};

	about.b[0] = rec->type;
	viz_audit_find(node, &rec->author, rec->slot, VIZ_RULE_EQUIVOCATION,
		       VIZ_VERDICT_CONTRADICTION, &about);
}

/* An entry's dates may not reach back behind a record that says otherwise. */
static bool contradicts(const struct viz_partners *old, struct viz_time old_time,
			const struct viz_partner_entry *e)
{
	const struct viz_partner_entry *was = viz_partners_find(old, &e->id);

	if (!was)
		return e->added.ms < old_time.ms;
	/* removed and added again since: the record that said so may have been replaced before it
	 * came here */
	if (was->added.ms != e->added.ms)
		return e->added.ms < old_time.ms;
	if (was->removed.ms == 0)
		return e->removed.ms != 0 && e->removed.ms < old_time.ms;
	return e->removed.ms != was->removed.ms;
}

/* The first entry that two PARTNERS records in turn tell differently; NULL: none. */
static const struct viz_id *contradiction(const struct viz_partners *old, struct viz_time old_time,
					  const struct viz_partners *new, bool soon)
{
	for (size_t i = 0; i < new->count; i++)
		if (contradicts(old, old_time, &new->entry[i]))
			return &new->entry[i].id;
	/* one that stood unremoved cannot be gone before its removal has been listed for its time
	 */
	for (size_t i = 0; i < old->count && soon; i++)
		if (old->entry[i].removed.ms == 0 && !viz_partners_find(new, &old->entry[i].id))
			return &old->entry[i].id;
	return NULL;
}

void viz_audit_before_put(struct viz_node *node, const struct viz_record *rec)
{
	struct viz_partners *old, *new;
	const struct viz_id *about;
	struct viz_held held;
	struct viz_record before;
	struct viz_reader r;

	if (rec->type != VIZ_TYPE_PARTNERS ||
	    !viz_place_get(node, &held, &before, &rec->author, rec->type, rec->slot))
		return;
	old = viz_core_alloc(sizeof *old);
	new = viz_core_alloc(sizeof *new);
	viz_reader_init(&r, before.body, before.body_len);
	viz_partners_read(&r, old);
	viz_reader_init(&r, rec->body, rec->body_len);
	viz_partners_read(&r, new);
	about = contradiction(old, before.time, new,
			      rec->time.ms < before.time.ms + node->federation.partner_keep_ms);
	if (about)
		viz_audit_find(node, &rec->author, 0, VIZ_RULE_PARTNER_DATES,
			       VIZ_VERDICT_CONTRADICTION, about);
	free(old);
	free(new);
}

/* Which pledge answers which offer: in VIZ_TABLE_STATEMENT under the offer, type PLEDGE. */
bool viz_audit_pledge_of(struct viz_node *node, struct viz_id *id, uint64_t *pledge_slot,
			 const struct viz_id *origin, uint64_t slot, const struct viz_id *author)
{
	struct viz_slice v;

	if (!viz_statement_get(node, &v, origin, slot, VIZ_TYPE_PLEDGE, author, 0) ||
	    v.len != VIZ_ID_SLOT_LEN)
		return false;
	memcpy(id->b, v.p, sizeof id->b);
	*pledge_slot = viz_get_u64be(v.p + 32);
	return true;
}

void viz_audit_pledge(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], value[VIZ_ID_SLOT_LEN];
	struct viz_pledge p;
	struct viz_reader r;
	struct viz_id first;
	uint64_t slot;

	viz_reader_init(&r, rec->body, rec->body_len);
	viz_pledge_read(&r, &p);
	if (viz_reader_finish(&r) != VIZ_OK)
		return;
	if (viz_audit_pledge_of(node, &first, &slot, &p.origin, p.offer_slot, &rec->author)) {
		if (!viz_id_eq(&first, id))
			viz_audit_find(node, &rec->author, rec->slot, VIZ_RULE_TWO_PLEDGES,
				       VIZ_VERDICT_CONTRADICTION, &p.offer);
		return;
	}
	viz_statement_key(key, &p.origin, p.offer_slot, VIZ_TYPE_PLEDGE, &rec->author, 0);
	viz_id_slot_key(value, id, rec->slot);
	viz_core_put(node, VIZ_TABLE_STATEMENT, key, sizeof key, value, sizeof value);
}

void viz_audit_acknowledge_coverage(struct viz_node *node, const struct viz_record *rec,
				    const struct viz_id *id)
{
	struct viz_coverage_ack ack = {.publisher = rec->author, .coverage = *id};
	uint8_t body[128];
	struct viz_writer w;

	if (viz_id_eq(&rec->author, &node->self.author) || !viz_partner_now(node, &rec->author) ||
	    viz_mail_full(node, &rec->author) ||
	    viz_audit_acknowledged(node, NULL, &rec->author, rec->slot, id, &node->self.author))
		return;
	viz_writer_init(&w, body, sizeof body);
	viz_coverage_ack_write(&w, &ack);
	viz_statement_issue(node, NULL, VIZ_TYPE_COVERAGE_ACK, &rec->author, rec->slot, 1, &w,
			    &rec->author);
}

/* One acknowledgement is kept per publisher, slot and author: the last. */
bool viz_audit_acknowledged(struct viz_node *node, struct viz_time *when,
			    const struct viz_id *publisher, uint64_t slot,
			    const struct viz_id *coverage, const struct viz_id *by)
{
	struct viz_coverage_ack ack;
	struct viz_record rec;
	struct viz_reader r;
	struct viz_slice v;

	if (!viz_statement_get(node, &v, publisher, slot, VIZ_TYPE_COVERAGE_ACK, by, 1) ||
	    viz_record_parse(&rec, v.p, v.len) != VIZ_OK)
		return false;
	viz_reader_init(&r, rec.body, rec.body_len);
	viz_coverage_ack_read(&r, &ack);
	if (viz_reader_finish(&r) != VIZ_OK || !viz_id_eq(&ack.coverage, coverage))
		return false;
	if (when)
		*when = rec.time;
	return true;
}

void viz_audit_acknowledge_all(struct viz_node *node)
{
	for (size_t i = 0; i < node->directory.count; i++) {
		const struct viz_member *m = node->directory.list[i];

		if (!viz_partner_now(node, &m->id))
			continue;
		for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
			struct viz_record rec;
			struct viz_id id;

			if (!viz_place_live_get(node, &rec, &m->id, VIZ_TYPE_COVERAGE, slot))
				continue;
			viz_record_id(&id, &node->federation_id, &rec);
			viz_audit_acknowledge_coverage(node, &rec, &id);
		}
	}
}

void viz_audit_coverage_ack(struct viz_node *node, const struct viz_record *rec,
			    struct viz_reader *body)
{
	struct viz_coverage_ack ack;
	struct viz_record own;
	struct viz_id id;

	viz_coverage_ack_read(body, &ack);
	if (viz_reader_finish(body) != VIZ_OK || !viz_id_eq(&ack.publisher, &node->self.author) ||
	    !viz_place_live_get(node, &own, &node->self.author, VIZ_TYPE_COVERAGE, rec->slot))
		return;
	viz_record_id(&id, &node->federation_id, &own);
	if (viz_id_eq(&id, &ack.coverage))
		viz_statement_keep(node, &node->self.author, rec, 1);
}
