#include "node/self/partners.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/link/net.h"
#include "node/self/publish.h"
#include "node/trust/member.h"
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
	bool used[VIZ_VOUCH_SLOTS] = {false};
	VIZ_WRITER(w, 64);

	for (size_t i = 0; i < self->vouch_count; i++) {
		const struct viz_vouch_row *row = &self->vouch[i];

		if (viz_id_eq(&row->sponsee, &m->id)) {
			if (row->withdrawn == withdrawn)
				return VIZ_OK;
			slot = row->slot;
		}
		if (!row->withdrawn || viz_id_eq(&row->sponsee, &m->id))
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

static bool wanted(const struct viz_member *m)
{
	return m && m->peer.partner && !m->peer.blocked;
}

/* The date for a change of an entry: now, but not before the date of the PARTNERS that it replaces.
 * Otherwise, after the clock was set back, the change would look backdated. */
static struct viz_time stamp(struct viz_trust *trust)
{
	struct viz_held held;
	struct viz_record rec;

	if (viz_place_get(trust->core, &held, &rec, &trust->self.author, VIZ_TYPE_PARTNERS, 0) &&
	    rec.time.ms > trust->core->now.ms)
		return rec.time;
	return trust->core->now;
}

/* Copies the old entries into `out`, and marks those as removed that are no longer wanted. Returns
 * whether anything changed. */
static bool keep_entries(struct viz_trust *trust, struct viz_partners *out,
			 const struct viz_partners *old)
{
	bool changed = false;

	for (size_t i = 0; old && i < old->count; i++) {
		struct viz_partner_entry e = old->entry[i];
		bool want = wanted(viz_member_find(trust, &e.id));

		if (e.removed.ms != 0 && want) {
			e = (struct viz_partner_entry){.id = e.id, .added = stamp(trust)};
			changed = true;
		} else if (e.removed.ms == 0 && !want) {
			e.removed = stamp(trust);
			if (e.removed.ms < e.added.ms)
				e.removed = e.added; /* our clock was ahead then */
			changed = true;
		} else if (e.removed.ms != 0 &&
			   e.removed.ms + trust->core->federation.partner_keep_ms <
			       trust->core->now.ms) {
			changed = true;
			continue;
		}
		out->entry[out->count++] = e;
	}
	return changed;
}

/* Adds the partners that `out` lacks, in order of their ids. Returns whether there were any. */
static bool add_entries(struct viz_trust *trust, struct viz_partners *out)
{
	bool changed = false;

	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_member *m = trust->directory.list[i];
		size_t at;

		if (!wanted(m) || viz_partners_find(out, &m->id))
			continue;
		if (out->count == VIZ_PARTNERS_MAX)
			break;
		for (at = out->count; at > 0 && viz_id_cmp(&out->entry[at - 1].id, &m->id) > 0;
		     at--)
			out->entry[at] = out->entry[at - 1];
		out->entry[at] = (struct viz_partner_entry){.id = m->id, .added = stamp(trust)};
		out->count++;
		changed = true;
	}
	return changed;
}

bool viz_self_partners_vouch_fits(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_self(trust);
	size_t used = 0;

	for (size_t i = 0; i < self->vouch_count; i++) {
		if (viz_id_eq(&self->vouch[i].sponsee, &m->id))
			return true;
		used += !self->vouch[i].withdrawn;
	}
	return used < VIZ_VOUCH_SLOTS;
}

bool viz_self_partners_fits(struct viz_trust *trust, const struct viz_member *m)
{
	struct viz_partners *next = viz_core_alloc(sizeof *next);
	size_t used;
	bool fits;

	next->count = 0;
	keep_entries(trust, next, viz_member_self(trust)->partners);
	used = next->count;
	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_member *o = trust->directory.list[i];

		used += o != m && wanted(o) && !viz_partners_find(next, &o->id);
	}
	fits = used < VIZ_PARTNERS_MAX || viz_partners_find(next, &m->id) != NULL;
	free(next);
	return fits;
}

int viz_self_partners_publish(struct viz_net *net)
{
	const struct viz_member *self = viz_member_self(net->trust);
	struct viz_partners *next = viz_core_alloc(sizeof *next);
	VIZ_WRITER(w, 16384);
	bool changed;
	int err = VIZ_OK;

	next->count = 0;
	changed = keep_entries(net->trust, next, self->partners);
	changed |= add_entries(net->trust, next);
	if (changed) {
		viz_partners_write(&w, next);
		err = viz_self_publish_body(net, NULL, VIZ_TYPE_PARTNERS, 0, &w);
	}
	free(next);
	return err;
}
