#include "node/trust/tree.h"

#include "crypto/hash.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/sketch.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

#define HOUR_REPAIRS 6               /* an hour, in repair_ms */
#define STEP         256             /* authors that a batch hashes */
#define SMALL        64              /* authors of a bucket that is hashed in any case */
#define HASHES_SEC   8192            /* authors of larger ones, 150 ns each; */
#define HASHES_BURST VIZ_MEMBERS_MAX /* at once */

/* ---- hours and buckets ---- */

int64_t viz_tree_hour_ms(const struct viz_core *core)
{
	return HOUR_REPAIRS * core->federation.repair_ms;
}

uint64_t viz_tree_hour_of(const struct viz_core *core, struct viz_time at)
{
	return at.ms > 0 ? (uint64_t)(at.ms / viz_tree_hour_ms(core)) : 0;
}

struct viz_time viz_tree_begins(const struct viz_core *core, uint64_t hour)
{
	return (struct viz_time){(int64_t)hour * viz_tree_hour_ms(core)};
}

unsigned viz_tree_bucket(const struct viz_id *author)
{
	return (unsigned)author->b[0] << 3 | author->b[1] >> 5;
}

unsigned viz_tree_tail(const struct viz_id *author)
{
	return (author->b[1] & 31u) << 8 | author->b[2];
}

size_t viz_tree_position(const struct viz_trust *trust, unsigned bucket, unsigned tail)
{
	struct viz_id first = {{0}};

	first.b[0] = (uint8_t)(bucket >> 3);
	first.b[1] = (uint8_t)((bucket & 7) << 5 | tail >> 8);
	first.b[2] = (uint8_t)tail;
	return viz_member_position(&trust->directory, &first);
}

static void make_dirty(struct viz_tree_hour *t, const struct viz_id *author)
{
	t->dirty[viz_tree_bucket(author)] = 1;
}

/* ---- the sketch ---- */

/* Whether an item of this type is in set 1 only while its author is not silent. */
static bool can_end(uint8_t type)
{
	return viz_items_in_set(VIZ_ITEMS_VIEW, type) && viz_record_needs_heartbeat(type);
}

/* Whether an item of this type is in its set at that hour. */
static bool is_in(const struct viz_core *core, const struct viz_member *m, uint8_t type,
		  uint64_t hour)
{
	return !can_end(type) || m->items.end.ms > viz_tree_begins(core, hour).ms;
}

/* The items of the author come, or go. */
static void toggle(struct viz_trust *trust, const struct viz_member *m)
{
	struct viz_tree *t = &trust->tree;

	for (size_t i = 0; i < m->items.mark_count; i++) {
		uint64_t mark = m->items.mark[i];
		uint8_t type = viz_sketch_type(mark);

		if (is_in(trust->core, m, type, t->now.hour))
			viz_sketch_toggle(&t->sketch, mark);
		else if (is_in(trust->core, m, type, t->last.hour))
			viz_sketch_toggle(&t->ended, mark);
	}
}

/* What time has ended at the beginning of this hour. */
static void end_marks(struct viz_tree *t, const struct viz_member *m)
{
	for (size_t i = 0; i < m->items.mark_count; i++) {
		uint64_t mark = m->items.mark[i];

		if (!can_end(viz_sketch_type(mark)))
			continue;
		viz_sketch_toggle(&t->sketch, mark);
		viz_sketch_toggle(&t->ended, mark);
	}
}

static void set_marks(struct viz_member *m, const struct viz_items_place *place, size_t n)
{
	free(m->items.mark);
	m->items.mark = n > 0 ? viz_core_alloc(n * sizeof *m->items.mark) : NULL;
	m->items.mark_count = n;
	for (size_t i = 0; i < n; i++)
		m->items.mark[i] = viz_sketch_mark(&m->id, &place[i]);
}

void viz_tree_sketch(const struct viz_trust *trust, uint64_t hour, unsigned cells, uint8_t *out,
		     uint8_t parities[VIZ_SKETCH_PARITIES])
{
	const struct viz_tree *t = &trust->tree;

	memset(out, 0, VIZ_SKETCH_BYTES(cells));
	memset(parities, 0, VIZ_SKETCH_PARITIES);
	viz_sketch_add(out, &t->sketch, cells);
	viz_sketch_add_parities(parities, &t->sketch);
	if (hour == t->now.hour)
		return;
	viz_sketch_add(out, &t->ended, cells);
	viz_sketch_add_parities(parities, &t->ended);
}

bool viz_tree_has_mark(const struct viz_core *core, const struct viz_member *m, uint64_t mark,
		       uint64_t hour)
{
	for (size_t i = 0; i < m->items.mark_count; i++)
		if (m->items.mark[i] == mark)
			return is_in(core, m, viz_sketch_type(mark), hour);
	return false;
}

/* ---- authors ---- */

/* The hash of `n` of the places, those of one set. */
static bool hash_set(struct viz_id *out, const struct viz_id *author, enum viz_items_set set,
		     const struct viz_items_place *place, size_t n, bool keys)
{
	struct viz_id item[VIZ_TREE_ITEMS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (viz_items_in_set(set, place[i].type) && !(keys && can_end(place[i].type)))
			item[count++] = place[i].item;
	viz_ids_author_items(out, author, set, item, count);
	return count > 0;
}

/* Hashes what is held of the author. Gives whether anything has changed. */
static bool hash_author(struct viz_trust *trust, struct viz_member *m)
{
	const struct viz_federation *f = &trust->core->federation;
	struct viz_items_place place[VIZ_TREE_ITEMS_MAX];
	struct viz_member_items x = {.left_out = m->items.left_out, .end = {INT64_MIN}};
	bool changed;
	size_t n = 0;

	if (viz_member_counts(trust, m))
		n = viz_items_places(trust, place, m, 3, x.end);
	if (n > 0) {
		x.has_view = hash_set(&x.view, &m->id, VIZ_ITEMS_VIEW, place, n, false);
		x.has_keys = hash_set(&x.keys, &m->id, VIZ_ITEMS_VIEW, place, n, true);
		x.has_other = hash_set(&x.other, &m->id, VIZ_ITEMS_OTHER, place, n, false);
		if (m->node_seq.ms != 0)
			x.end = viz_after(m->node_seq, f->silence_ms + f->grace_ms);
	}
	changed = x.has_view != m->items.has_view || x.has_keys != m->items.has_keys ||
		  x.has_other != m->items.has_other || x.end.ms != m->items.end.ms ||
		  !viz_id_eq(&x.view, &m->items.view) || !viz_id_eq(&x.keys, &m->items.keys) ||
		  !viz_id_eq(&x.other, &m->items.other);
	if (x.left_out)
		n = 0;
	x.mark = m->items.mark;
	x.mark_count = m->items.mark_count;
	if (!changed && x.mark_count == n) {
		m->items = x;
		return false;
	}
	toggle(trust, m);
	m->items = x;
	set_marks(m, place, n);
	toggle(trust, m);
	return true;
}

bool viz_tree_author(const struct viz_trust *trust, struct viz_id out[2],
		     const struct viz_member *m, uint64_t hour)
{
	const struct viz_member_items *x = &m->items;
	bool whole = x->end.ms > viz_tree_begins(trust->core, hour).ms;

	if (x->left_out) {
		memset(out, 0, 2 * sizeof *out);
		return true;
	}
	if (!(whole ? x->has_view : x->has_keys) && !x->has_other)
		return false;
	out[0] = whole ? x->view : x->keys;
	out[1] = x->other;
	return true;
}

const struct viz_member *viz_tree_only(const struct viz_trust *trust,
				       const uint8_t prefix[VIZ_TREE_PREFIX], uint64_t hour)
{
	const struct viz_directory *d = &trust->directory;
	const struct viz_member *found = NULL;
	struct viz_id first = {{0}}, sets[2];

	memcpy(first.b, prefix, VIZ_TREE_PREFIX);
	for (size_t i = viz_member_position(d, &first); i < d->count; i++) {
		const struct viz_member *m = d->list[i];

		if (memcmp(m->id.b, prefix, VIZ_TREE_PREFIX) != 0)
			break;
		if (!viz_tree_author(trust, sets, m, hour))
			continue;
		if (found)
			return NULL;
		found = m;
	}
	return found;
}

/* ---- steps ---- */

/* The first hour, or others lie between. */
static void begin(struct viz_trust *trust, uint64_t hour)
{
	const struct viz_directory *d = &trust->directory;
	struct viz_tree *t = &trust->tree;

	memset(t, 0, sizeof *t);
	memset(t->now.dirty, 1, sizeof t->now.dirty);
	memset(t->last.dirty, 1, sizeof t->last.dirty);
	t->begun = true;
	t->now.hour = hour;
	t->last.hour = hour - (hour > 0);
	for (size_t i = 0; i < d->count; i++)
		toggle(trust, d->list[i]);
}

/* A new hour has begun: the tree of the last one is what this one's was. */
static void turn(struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;
	struct viz_tree *t = &trust->tree;
	uint64_t hour = viz_tree_hour_of(trust->core, trust->core->now);
	int64_t before, begins = viz_tree_begins(trust->core, hour).ms;

	if (t->begun && t->now.hour == hour)
		return;
	if (!t->begun || t->now.hour + 1 != hour) {
		begin(trust, hour);
		return;
	}
	before = viz_tree_begins(trust->core, t->now.hour).ms;
	t->last = t->now;
	t->now.hour = hour;
	t->now.root_known = false;
	memset(&t->ended, 0, sizeof t->ended);
	for (size_t i = 0; i < d->count; i++) {
		const struct viz_member *m = d->list[i];

		if (m->items.end.ms <= before || m->items.end.ms > begins)
			continue;
		make_dirty(&t->now, &m->id);
		end_marks(t, m);
	}
}

void viz_tree_step(struct viz_trust *trust)
{
	struct viz_touched *touched = &trust->core->touched;
	struct viz_directory *d = &trust->directory;

	for (size_t i = 0; i < touched->count; i++) {
		struct viz_member *m = viz_member_find(trust, &touched->list[i]);

		if (m)
			viz_member_stale(d, m);
	}
	touched->count = 0;
	for (size_t i = 0; i < STEP && d->stale_count > 0; i++) {
		struct viz_member *m = d->stale[--d->stale_count];

		if (!hash_author(trust, m))
			continue;
		make_dirty(&trust->tree.now, &m->id);
		make_dirty(&trust->tree.last, &m->id);
	}
	turn(trust);
}

bool viz_tree_ready(const struct viz_trust *trust)
{
	return trust->tree.begun && trust->directory.stale_count == 0;
}

void viz_tree_leave_out(struct viz_trust *trust, struct viz_member *m, bool left_out)
{
	m->items.left_out = left_out;
	make_dirty(&trust->tree.now, &m->id);
	make_dirty(&trust->tree.last, &m->id);
	viz_member_stale(&trust->directory, m);
}

void viz_tree_drop(struct viz_trust *trust, struct viz_member *m)
{
	struct viz_directory *d = &trust->directory;

	make_dirty(&trust->tree.now, &m->id);
	make_dirty(&trust->tree.last, &m->id);
	toggle(trust, m);
	set_marks(m, NULL, 0);
	if (!m->items.stale)
		return;
	for (size_t i = 0; i < d->stale_count; i++)
		if (d->stale[i] == m)
			d->stale[i--] = d->stale[--d->stale_count];
}

/* ---- buckets and root ---- */

static void hash_bucket(struct viz_trust *trust, struct viz_tree_hour *t, unsigned bucket)
{
	const struct viz_directory *d = &trust->directory;
	struct viz_hash h;
	struct viz_id sets[2], out;

	viz_hash_init(&h, "vizinho/tree");
	viz_hash_u64(&h, bucket);
	for (size_t i = viz_tree_position(trust, bucket, 0); i < d->count; i++) {
		const struct viz_member *m = d->list[i];

		if (viz_tree_bucket(&m->id) != bucket)
			break;
		if (!viz_tree_author(trust, sets, m, t->hour))
			continue;
		viz_hash_id(&h, &m->id);
		viz_hash_id(&h, &sets[0]);
		viz_hash_id(&h, &sets[1]);
	}
	viz_hash_final(&h, &out);
	memcpy(t->hash[bucket], out.b, VIZ_TREE_HASH);
}

/* How many authors may be in the bucket. */
static size_t bucket_size(const struct viz_trust *trust, unsigned bucket)
{
	size_t end = bucket + 1 < VIZ_TREE_BUCKETS ? viz_tree_position(trust, bucket + 1, 0)
						   : trust->directory.count;

	return end - viz_tree_position(trust, bucket, 0);
}

/* Whether there is time to hash so many. */
static bool has_time(struct viz_trust *trust, size_t size)
{
	struct viz_tree *t = &trust->tree;
	int64_t cost = (int64_t)size * 1000;

	t->left += (trust->core->now.ms - t->left_at.ms) * HASHES_SEC;
	t->left_at = trust->core->now;
	if (t->left > HASHES_BURST * INT64_C(1000))
		t->left = HASHES_BURST * INT64_C(1000);
	if (size > SMALL && t->left < cost)
		return false;
	if (size > SMALL)
		t->left -= cost;
	t->hashed += size;
	return true;
}

const struct viz_tree_hour *viz_tree_at(struct viz_trust *trust, uint64_t hour)
{
	struct viz_tree *tree = &trust->tree;
	struct viz_tree_hour *t = tree->now.hour == hour ? &tree->now : &tree->last;
	const uint8_t *dirty = t->dirty;

	if (!tree->begun || t->hour != hour)
		return NULL;
	while ((dirty = memchr(dirty, 1, (size_t)(t->dirty + VIZ_TREE_BUCKETS - dirty)))) {
		unsigned bucket = (unsigned)(dirty++ - t->dirty);

		if (!has_time(trust, bucket_size(trust, bucket)))
			continue;
		hash_bucket(trust, t, bucket);
		t->dirty[bucket] = 0;
		t->root_known = false;
	}
	if (!t->root_known)
		viz_ids_tree_root(&t->root, hour, t->hash[0], sizeof t->hash);
	t->root_known = true;
	return t;
}
