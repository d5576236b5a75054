#include "node/self/partners.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/link/net.h"
#include "node/self/node_record.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/prune.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"

int viz_self_partners_publish_vouch(struct viz_net *net, const struct viz_member *m, bool withdrawn)
{
	const struct viz_member *self = viz_member_self(net->trust);
	struct viz_vouch v = {.sponsee = m->id, .withdrawn = withdrawn};
	uint64_t slot = VIZ_VOUCH_SLOTS;
	bool used[VIZ_VOUCH_SLOTS] = {[VIZ_VOUCH_SLOT_START] = true};
	VIZ_WRITER(w, 64);

	for (size_t i = 0; i < self->vouch_count; i++) {
		const struct viz_vouch_row *row = &self->vouch[i];

		if (row->to == m->as) {
			if (row->withdrawn == withdrawn)
				return VIZ_OK;
			slot = row->slot;
		}
		if (!row->withdrawn || row->to == m->as)
			used[row->slot] = true;
	}
	if (slot == VIZ_VOUCH_SLOTS && withdrawn)
		return VIZ_OK;
	for (uint64_t s = 0; slot == VIZ_VOUCH_SLOTS && s < VIZ_VOUCH_SLOTS; s++)
		if (!used[s])
			slot = s;
	if (slot == VIZ_VOUCH_SLOTS)
		return VIZ_ERR_LIMIT;
	viz_vouch_write(&w, &v);
	return viz_self_publish_body(net, NULL, VIZ_TYPE_VOUCH, slot, &w);
}

int viz_self_partners_end_vouches(struct viz_net *net)
{
	const struct viz_member *self = viz_member_self(net->trust);
	int err = VIZ_OK;

	for (size_t i = 0; i < self->vouch_count && err == VIZ_OK; i++) {
		const struct viz_member *m = self->vouch[i].to->member;

		/* both have listed each other, and that has not ended */
		bool bound = m && m->us_count > 0 && viz_prune_is_partner(net->trust, m);

		if (!self->vouch[i].withdrawn && m && !m->peer.vouched && !bound)
			err = viz_self_partners_publish_vouch(net, m, true);
	}
	return err;
}

static bool wanted(const struct viz_member *m)
{
	return m && m->peer.partner && !m->peer.blocked;
}

/* Copies the old entries into `out`, and marks those as removed at `at` that are no longer wanted.
 * Returns whether anything changed. */
static bool keep_entries(struct viz_trust *trust, struct viz_partners *out,
			 const struct viz_partners *old, struct viz_time at)
{
	bool changed = false;

	for (size_t i = 0; i < old->count; i++) {
		struct viz_partner_entry e = old->entry[i];

		if (e.removed.ms == 0 && !wanted(viz_member_find(trust, &e.id))) {
			e.removed = at;
			changed = true;
		} else if (e.removed.ms != 0 &&
			   e.removed.ms + trust->core->federation.partner_keep_ms <= at.ms) {
			changed = true;
			continue;
		}
		out->entry[out->count++] = e;
	}
	return changed;
}

/* Whether `p` has an entry for `id` that is not removed. */
static bool lists(const struct viz_partners *p, const struct viz_id *id)
{
	const struct viz_partner_entry *e = viz_partners_find(p, id);

	return e && e->removed.ms == 0;
}

/* Adds an entry of `at` for each partner that `out` does not list. One that comes back gets it
 * behind its old ones. Returns whether there were any. */
static bool add_entries(struct viz_trust *trust, struct viz_partners *out, struct viz_time at)
{
	bool changed = false;

	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_member *m = trust->directory.list[i];
		size_t n;

		if (!wanted(m) || lists(out, &m->id))
			continue;
		if (out->count == VIZ_PARTNERS_MAX)
			break;
		for (n = out->count; n > 0 && viz_id_cmp(&out->entry[n - 1].id, &m->id) > 0; n--)
			out->entry[n] = out->entry[n - 1];
		out->entry[n] = (struct viz_partner_entry){.id = m->id, .added = at};
		out->count++;
		changed = true;
	}
	return changed;
}

/* The newest of our PARTNERS that a NODE has named, with our log, or with any log and not dated
 * ahead. False: there is none. */
static bool newest_named(struct viz_trust *trust, struct viz_record *out, bool of_log)
{
	struct viz_partners *p = viz_core_alloc(sizeof *p);
	struct viz_record rec;
	struct viz_named_walk walk;
	bool found = false;

	viz_named_walk_init(&walk, trust->core, &trust->self.author);
	while (viz_named_walk_next(&walk, &rec))
		if (rec.type == VIZ_TYPE_PARTNERS && viz_partners_parse(p, &rec) == VIZ_OK &&
		    (of_log ? p->log == trust->self.log
			    : rec.time.ms <= viz_identity_time(trust).ms) &&
		    (!found || rec.seq > out->seq)) {
			*out = rec;
			found = true;
		}
	free(p);
	return found;
}

/* The PARTNERS of ours that the next one replaces; `id` gets its id. After a fast clock others do
 * not have the one that we hold, or somebody has brought it back. False: there is none. */
static bool read_previous(struct viz_trust *trust, struct viz_partners *out, struct viz_id *id)
{
	struct viz_record rec;
	struct viz_held held;

	if (!viz_place_get(trust->core, &held, &rec, &trust->self.author, VIZ_TYPE_PARTNERS, 0))
		return false;
	if ((viz_partners_parse(out, &rec) != VIZ_OK || out->log != trust->self.log) &&
	    !newest_named(trust, &rec, true) && !newest_named(trust, &rec, false))
		return false;
	viz_ids_record(id, &trust->core->federation_id, &rec);
	return viz_partners_parse(out, &rec) == VIZ_OK;
}

/* Makes what the settings ask for now from the PARTNERS before it; the caller frees it. Returns
 * whether that one says something else. */
static bool make_next(struct viz_trust *trust, struct viz_partners **out)
{
	struct viz_partners *next = viz_core_alloc(sizeof *next);
	struct viz_partners *old = viz_core_alloc(sizeof *old);
	struct viz_time at = viz_identity_time(trust);
	bool changed;

	memset(next, 0, sizeof *next);
	memset(old, 0, sizeof *old);
	if (!read_previous(trust, old, &next->previous)) {
		memset(next, 0, sizeof *next);
		memset(old, 0, sizeof *old);
	}
	next->log = trust->self.log;
	changed = keep_entries(trust, next, old, at);
	changed |= add_entries(trust, next, at);
	free(old);
	*out = next;
	return changed;
}

bool viz_self_partners_vouch_fits(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_self(trust);
	size_t used = 0;

	for (size_t i = 0; i < self->vouch_count; i++) {
		if (self->vouch[i].to == m->as)
			return true;
		used += !self->vouch[i].withdrawn;
	}
	return used < VIZ_VOUCH_SLOTS - 1; /* one is the start's */
}

bool viz_self_partners_fits(struct viz_trust *trust, const struct viz_member *m)
{
	struct viz_partners *next;
	size_t used;
	bool fits;

	make_next(trust, &next);
	used = next->count;
	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_member *o = trust->directory.list[i];

		used += o != m && wanted(o) && !lists(next, &o->id);
	}
	fits = used < VIZ_PARTNERS_MAX || lists(next, &m->id);
	free(next);
	return fits;
}

/* Whether the PARTNERS that is held has to be signed again, though it says what we want: our key or
 * our log is another one now. */
static bool outdated(struct viz_trust *trust)
{
	const struct viz_member *m = viz_member_self(trust);

	return m->partners &&
	       (m->partners_key != trust->self.key_number || m->partners->log != trust->self.log);
}

/* Whether the one before is of this very millisecond. The next one must be later. */
static bool too_soon(struct viz_trust *trust, const struct viz_partners *next)
{
	struct viz_record rec;

	return viz_named_get(trust->core, &rec, &trust->self.author, &next->previous) &&
	       rec.time.ms >= viz_identity_time(trust).ms;
}

int viz_self_partners_publish(struct viz_net *net)
{
	struct viz_trust *trust = net->trust;
	struct viz_partners *next;
	VIZ_WRITER(w, 16384);
	int err = VIZ_OK;

	if (!make_next(trust, &next) && !outdated(trust)) {
		free(next);
		return VIZ_OK;
	}
	if (!viz_identity_may_sign(trust)) {
		free(next);
		return VIZ_ERR_STATE;
	}
	if (!viz_identity_may_sign_node(trust)) { /* the first NODE after this start brings it */
		free(next);
		return VIZ_OK;
	}
	if (too_soon(trust, next)) {
		viz_due_set(net->core, viz_after(viz_identity_time(trust), 1), VIZ_DUE_NODE,
			    &trust->self.author, 0);
		free(next);
		return VIZ_OK;
	}
	viz_partners_write(&w, next);
	free(next);
	err = viz_self_publish_body(net, NULL, VIZ_TYPE_PARTNERS, 0, &w);
	if (err != VIZ_OK)
		return err;
	/* NODE names the PARTNERS in force, so that nobody can date one back. */
	viz_named_keep(trust->core, &trust->self.author, VIZ_TYPE_PARTNERS);
	return viz_self_node_record_publish(net);
}

void viz_partners_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	(void)origin; /* it is us */
	(void)slot;
	viz_self_partners_publish(net);
	viz_self_partners_end_vouches(net); /* or at the next instant, when it fails now */
	viz_node_record_refresh(net);
}
