#include "node/trust/closure.h"

#include "node/core/core.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"

/* How long a node that has left the closure is still treated as a member. When a node changes its
 * key, it signs its VOUCHes again one by one, and its links must not be closed meanwhile. */
#define LEAVE_GRACE_MS 60000

bool viz_closure_vouches(const struct viz_member *a, const struct viz_id *b)
{
	for (size_t i = 0; i < a->vouch_count; i++)
		if (!a->vouch[i].withdrawn && !viz_author_key_ended(a, a->vouch[i].key) &&
		    viz_id_eq(&a->vouch[i].sponsee, b))
			return true;
	return false;
}

/* Sets in[position] for each node in the closure, and `sponsored` for each node that a node in the
 * closure vouches for. `queue` is scratch for as many nodes as are known. */
static void compute(struct viz_trust *trust, struct viz_member **queue, bool *in)
{
	size_t head = 0, tail = 0;

	queue[tail++] = viz_member_self(trust);
	while (head < tail) {
		struct viz_member *a = queue[head++];

		for (size_t i = 0; i < a->vouch_count; i++) {
			struct viz_member *b;
			size_t at;

			if (a->vouch[i].withdrawn || viz_author_key_ended(a, a->vouch[i].key))
				continue;
			b = viz_member_find(trust, &a->vouch[i].sponsee);
			if (!b)
				continue;
			b->sponsored = true;
			if (!viz_closure_vouches(b, &a->id))
				continue;
			at = viz_member_position(&trust->directory, &b->id);
			if (!in[at]) {
				in[at] = true;
				queue[tail++] = b;
			}
		}
	}
}

/* Inserts all sponsees before the closure is computed, because an insertion shifts the positions in
 * the list. */
static void insert_sponsees(struct viz_trust *trust)
{
	for (size_t i = 0; i < trust->directory.count; i++) {
		struct viz_member *a = trust->directory.list[i];

		if (!a->member && !viz_id_eq(&a->id, &trust->self.author))
			continue;
		for (size_t k = 0; k < a->vouch_count; k++) {
			size_t before = trust->directory.count;

			if (a->vouch[k].withdrawn)
				continue;
			viz_member_ensure(trust, &a->vouch[k].sponsee);
			if (trust->directory.count != before && trust->directory.list[i] != a)
				i++;
		}
	}
}

bool viz_closure_useless(const struct viz_trust *trust, const struct viz_member *m)
{
	return !m->member && !m->sponsored && !m->has_node && !m->partners && !m->peer.present &&
	       m->vouch_count == 0 && !viz_id_eq(&m->id, &trust->self.author);
}

void viz_closure_drop_useless(struct viz_trust *trust)
{
	struct viz_directory *d = &trust->directory;
	size_t kept = 0;

	d->refreshed = false;
	for (size_t i = 0; i < d->count; i++) {
		if (!d->list[i]->remote && viz_closure_useless(trust, d->list[i]))
			viz_member_free(d->list[i]);
		else
			d->list[kept++] = d->list[i];
	}
	d->count = kept;
}

bool viz_closure_refresh(struct viz_trust *trust)
{
	struct viz_directory *d = &trust->directory;
	int64_t grace = LEAVE_GRACE_MS < trust->core->federation.silence_ms
			    ? LEAVE_GRACE_MS
			    : trust->core->federation.silence_ms;
	struct viz_member **queue;
	bool changed = false, sponsee_added = false;
	bool *in, *was_sponsored;

	if (d->recheck_at.ms != 0 && d->recheck_at.ms <= trust->core->now.ms)
		d->dirty = true;
	if (!d->dirty)
		return false;
	trust->directory.changes++;
	d->dirty = false;
	d->recheck_at = (struct viz_time){0};
	insert_sponsees(trust);
	queue = viz_core_alloc((d->count + 1) * sizeof *queue);
	in = viz_core_alloc(2 * (d->count + 1));
	was_sponsored = in + d->count + 1;
	memset(in, 0, d->count + 1);
	for (size_t i = 0; i < d->count; i++) {
		was_sponsored[i] = d->list[i]->sponsored;
		d->list[i]->sponsored = false;
	}
	compute(trust, queue, in);
	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *m = d->list[i];
		bool was_member = m->member;

		if (viz_id_eq(&m->id, &trust->self.author))
			continue;
		if (in[i]) {
			m->member = true;
			m->lost = (struct viz_time){0};
		} else if (m->member) {
			if (m->lost.ms == 0)
				m->lost = trust->core->now;
			if (viz_author_revoked(m) || m->lost.ms + grace <= trust->core->now.ms)
				m->member = false;
			else if (d->recheck_at.ms == 0 || m->lost.ms + grace < d->recheck_at.ms)
				d->recheck_at = viz_after(m->lost, grace);
		}
		changed |= was_member != m->member;
		sponsee_added |= m->sponsored && !was_sponsored[i];
	}
	free(queue);
	free(in);
	if (changed || sponsee_added)
		d->closure_changed = true;
	d->refreshed = true;
	/* A new member may sponsor nodes that are not in the list yet. */
	if (changed)
		d->dirty = true;
	return changed;
}

size_t viz_closure_only_through(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_directory *d = &trust->directory;
	struct viz_member **queue = viz_core_alloc((d->count + 1) * sizeof *queue);
	size_t head = 0, tail = 0, only = 0;

	for (size_t i = 0; i < d->count; i++)
		d->list[i]->reached = false;
	queue[tail++] = viz_member_self(trust);
	queue[0]->reached = true;
	while (head < tail) {
		const struct viz_member *a = queue[head++];

		for (size_t i = 0; i < a->vouch_count; i++) {
			struct viz_member *b = viz_member_find(trust, &a->vouch[i].sponsee);

			if (!b || b == m || b->reached || !viz_closure_vouches(a, &b->id) ||
			    !viz_closure_vouches(b, &a->id))
				continue;
			b->reached = true;
			queue[tail++] = b;
		}
	}
	for (size_t i = 0; i < d->count; i++)
		only += d->list[i]->member && !d->list[i]->reached && d->list[i] != m;
	free(queue);
	return only;
}
