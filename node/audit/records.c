#include "node/audit/records.h"

#include "node/audit/finding.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/link/net.h"
#include "node/self/statement.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/tables.h"

void viz_audit_equivocation(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_id about = {{0}};

	about.b[0] = rec->type;
	viz_audit_find(net->trust, &rec->author, rec->slot, VIZ_RULE_EQUIVOCATION,
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

void viz_audit_partners(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_partners *old, *new;
	const struct viz_id *about;
	struct viz_held held;
	struct viz_record before;
	struct viz_reader r;

	if (!viz_place_get(net->core, &held, &before, &rec->author, rec->type, rec->slot))
		return;
	old = viz_core_alloc(sizeof *old);
	new = viz_core_alloc(sizeof *new);
	viz_reader_init(&r, before.body, before.body_len);
	viz_partners_read(&r, old);
	viz_reader_init(&r, rec->body, rec->body_len);
	viz_partners_read(&r, new);
	about =
	    contradiction(old, before.time, new,
			  rec->time.ms < before.time.ms + net->core->federation.partner_keep_ms);
	if (about)
		viz_audit_find(net->trust, &rec->author, 0, VIZ_RULE_PARTNER_DATES,
			       VIZ_VERDICT_CONTRADICTION, about);
	free(old);
	free(new);
}

/* Which pledge answers which offer: in VIZ_TABLE_STATEMENT under the offer, type PLEDGE. */
bool viz_audit_pledge_of(struct viz_core *core, struct viz_id *id, uint64_t *pledge_slot,
			 const struct viz_id *origin, uint64_t slot, const struct viz_id *author)
{
	struct viz_slice v;

	if (!viz_statement_get(core, &v, origin, slot, VIZ_TYPE_PLEDGE, author, 0) ||
	    v.len != VIZ_ID_SLOT_LEN)
		return false;
	memcpy(id->b, v.p, sizeof id->b);
	*pledge_slot = viz_get_u64be(v.p + 32);
	return true;
}

void viz_audit_pledge(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], value[VIZ_ID_SLOT_LEN];
	struct viz_pledge p;
	struct viz_id first;
	uint64_t slot;

	if (viz_pledge_parse(&p, rec) != VIZ_OK)
		return;
	if (viz_audit_pledge_of(net->core, &first, &slot, &p.origin, p.offer_slot, &rec->author)) {
		if (!viz_id_eq(&first, id))
			viz_audit_find(net->trust, &rec->author, rec->slot, VIZ_RULE_TWO_PLEDGES,
				       VIZ_VERDICT_CONTRADICTION, &p.offer);
		return;
	}
	viz_core_statement_key(key, &p.origin, p.offer_slot, VIZ_TYPE_PLEDGE, &rec->author, 0);
	viz_id_slot_key(value, id, rec->slot);
	viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, value, sizeof value);
}
