#include "node/trust/leave.h"

#include "node/core/core.h"
#include "node/core/weight.h"
#include "node/trust/closure.h"
#include "node/trust/heavy.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/meta.h"
#include "store/store.h"

#define SLACK     16    /* a part in so many of the share is freed at once */
#define LOOK_MS   10000 /* between two looks, when little has come */
#define RETURN_MS 60000
#define RETURNS   64  /* who may come back at once */
#define STEP      512 /* who is left out at once */
#define DROP_MS   100 /* between two steps that drop records */

static void push(struct viz_member ***list, size_t *count, size_t *capacity, struct viz_member *m)
{
	if (*count == *capacity) {
		*capacity = *capacity ? *capacity * 2 : 64;
		*list = viz_core_grow(*list, *capacity, sizeof **list);
	}
	(*list)[(*count)++] = m;
}

static void push_leaving(struct viz_leave *l, struct viz_member *m)
{
	if (m->leaving)
		return;
	m->leaving = true;
	push(&l->leaving, &l->leaving_count, &l->leaving_capacity, m);
}

/* ---- weights ---- */

static void count(struct viz_trust *trust, const struct viz_member *m)
{
	uint64_t counts = viz_heavy_counts(trust->core, m);

	trust->leave.total += counts;
	trust->leave.weighing += counts > 0;
}

static void uncount(struct viz_trust *trust, const struct viz_member *m)
{
	uint64_t counts = viz_heavy_counts(trust->core, m);

	trust->leave.total -= counts;
	trust->leave.weighing -= counts > 0;
}

static void set_weight(struct viz_trust *trust, struct viz_member *m, uint64_t weight)
{
	uncount(trust, m);
	m->weight = weight;
	count(trust, m);
}

/* What all together count for, with those of whom nothing is held. */
static uint64_t total(const struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;
	size_t others = d->count - trust->leave.weighing + d->strangers.count;

	return trust->leave.total + others * viz_heavy_least(trust->core);
}

static void weigh(struct viz_trust *trust, struct viz_member *m)
{
	struct viz_weight w;

	viz_weight_get(trust->core, &w, &m->id);
	set_weight(trust, m, w.bytes);
	if (m->weight == 0 && viz_closure_useless(trust, m))
		trust->directory.ended = true;
}

/* From now on `m` is left out, or no more. */
static void set_left_out(struct viz_trust *trust, struct viz_member *m, bool left_out)
{
	struct viz_leave *l = &trust->leave;
	struct viz_weight w;

	viz_weight_get(trust->core, &w, &m->id);
	if (left_out && m->weight > m->weighed)
		m->weighed = m->weight;
	w.left_out = left_out ? m->weighed : 0;
	viz_weight_put(trust->core, &m->id, &w);
	uncount(trust, m);
	viz_tree_leave_out(trust, m, left_out);
	count(trust, m);
	if (left_out) {
		push(&l->left, &l->left_count, &l->left_capacity, m);
		push_leaving(l, m);
		return;
	}
	for (size_t i = 0; i < l->left_count; i++)
		if (l->left[i] == m)
			l->left[i--] = l->left[--l->left_count];
	if (viz_closure_useless(trust, m))
		trust->directory.ended = true;
}

void viz_leave_load(struct viz_trust *trust)
{
	struct viz_leave *l = &trust->leave;
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_META, VIZ_META(VIZ_META_WEIGHT));
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_member *m;
		struct viz_weight w;
		struct viz_id id;

		VIZ_REQUIRE(key.len == VIZ_META_ID_LEN);
		memcpy(id.b, key.p + key.len - sizeof id.b, sizeof id.b);
		m = viz_member_ensure(trust, &id);
		if (!m)
			continue;
		viz_weight_get(trust->core, &w, &id);
		m->weighed = w.left_out;
		m->items.left_out = w.left_out != 0;
		set_weight(trust, m, w.bytes);
		if (!m->items.left_out)
			continue;
		push(&l->left, &l->left_count, &l->left_capacity, m);
		if (m->weight != 0)
			push_leaving(l, m);
	}
}

void viz_leave_free(struct viz_trust *trust)
{
	free(trust->leave.left);
	free(trust->leave.leaving);
	trust->leave = (struct viz_leave){0};
}

/* ---- who leaves, and who comes back ---- */

void viz_leave_refresh(struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;

	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *m = d->list[i];

		if (!m->member && m->weight != 0 && !m->cleared && !viz_heavy_keeps(trust, m))
			push_leaving(&trust->leave, m);
	}
}

struct viz_member *viz_leave_next(struct viz_trust *trust)
{
	struct viz_leave *l = &trust->leave;

	return l->leaving_count > 0 ? l->leaving[l->leaving_count - 1] : NULL;
}

void viz_leave_done(struct viz_trust *trust, struct viz_member *m)
{
	struct viz_leave *l = &trust->leave;

	VIZ_REQUIRE(l->leaving_count > 0 && l->leaving[l->leaving_count - 1] == m);
	l->leaving_count--;
	m->leaving = false;
	m->cleared = true;
	if (viz_closure_useless(trust, m))
		trust->directory.ended = true;
}

/* Leaves out the heaviest, when too much is held. */
static void leave_out(struct viz_trust *trust)
{
	struct viz_leave *l = &trust->leave;
	uint64_t share = viz_share_federation(trust->core);
	struct viz_member **out;
	size_t n;

	if (total(trust) <= share ||
	    (trust->core->now.ms < l->look_at.ms && total(trust) < l->looked_total + share / SLACK))
		return;
	out = viz_core_alloc(STEP * sizeof *out);
	n = viz_heavy_choose(trust, out, STEP, share, share - share / SLACK);
	for (size_t i = 0; i < n; i++)
		set_left_out(trust, out[i], true);
	free(out);
	if (n > 0)
		viz_core_log(
		    trust->core, 4,
		    "federation records fill their share of the store: %zu authors to whom "
		    "the vouching gives too little of it are left out, %zu in all",
		    n, l->left_count);
	l->looked_total = total(trust);
	l->look_at = viz_after(trust->core->now, n > 0 ? 0 : LOOK_MS);
}

/* Who does not count any more, or whom the operator has set up meanwhile, is left out no more; nor
 * are those for whom there is room again. */
static void come_back(struct viz_trust *trust)
{
	struct viz_leave *l = &trust->leave;
	uint64_t room = viz_share_federation(trust->core) / 4 * 3, expected = total(trust);
	struct viz_member *m, **back;
	size_t n, returned = 0;

	if (l->left_count == 0 || trust->core->now.ms < l->return_at.ms)
		return;
	l->return_at = viz_after(trust->core->now, RETURN_MS);
	for (size_t i = 0; i < l->left_count; i++) {
		m = l->left[i];
		if (viz_member_counts(trust, m) && !viz_heavy_keeps(trust, m))
			continue;
		set_left_out(trust, m, false);
		i--;
	}
	if (l->left_count == 0 || expected >= room)
		return;
	back = viz_core_alloc(l->left_count * sizeof *back);
	n = viz_heavy_back(trust, back, l->left_count, room);
	for (size_t i = 0; i < n && returned < RETURNS; i++) {
		if (expected + back[i]->weighed > room)
			continue;
		expected += back[i]->weighed;
		set_left_out(trust, back[i], false);
		returned++;
	}
	free(back);
}

void viz_leave_step(struct viz_trust *trust)
{
	const struct viz_touched *touched = &trust->core->touched;

	for (size_t i = 0; i < touched->count; i++) {
		struct viz_member *m = viz_member_find(trust, &touched->list[i]);

		if (m)
			weigh(trust, m);
	}
	leave_out(trust);
	come_back(trust);
}

struct viz_time viz_leave_deadline(const struct viz_trust *trust)
{
	if (trust->leave.leaving_count == 0)
		return (struct viz_time){INT64_MAX};
	return viz_after(trust->core->now, DROP_MS);
}
