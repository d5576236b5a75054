/* Who holds which record of a nation, and since when. */
#include "tests/sim/nation.h"

#include <math.h>
#include "node/core/core.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"

struct nation *nation_world;

static size_t place_of(const struct nation *w, const struct viz_record *rec)
{
	uint64_t h = viz_be_get_u64(rec->author.b) ^ rec->type * UINT64_C(0x9e3779b97f4a7c15) ^
		     rec->slot * UINT64_C(0xbf58476d1ce4e5b9) ^
		     rec->seq * UINT64_C(0x94d049bb133111eb);
	struct sim_rng r = {h};

	return sim_draw(&r) & (w->watch_capacity - 1);
}

static struct nation_watch *look(const struct nation *w, const struct viz_record *rec)
{
	size_t i;

	if (w->watch_capacity == 0)
		return NULL;
	for (i = place_of(w, rec); w->watch[i].used; i = (i + 1) & (w->watch_capacity - 1))
		if (w->watch[i].type == rec->type && w->watch[i].slot == rec->slot &&
		    w->watch[i].seq == rec->seq && viz_id_eq(&w->watch[i].author, &rec->author))
			break;
	return &w->watch[i];
}

static void grow(struct nation *w)
{
	struct nation_watch *old = w->watch;
	size_t n = w->watch_capacity;

	w->watch_capacity = n ? n * 2 : 1024;
	w->watch = calloc(w->watch_capacity, sizeof *w->watch);
	VIZ_REQUIRE(w->watch);
	for (size_t i = 0; i < n; i++)
		if (old[i].used) {
			struct viz_record rec = {.author = old[i].author,
						 .type = old[i].type,
						 .slot = old[i].slot,
						 .seq = old[i].seq};

			*look(w, &rec) = old[i];
		}
	free(old);
}

static bool has(const uint8_t *set, unsigned node)
{
	return set[node / 8] & 1u << node % 8;
}

static void put(uint8_t *set, unsigned node, bool in)
{
	unsigned bit = 1u << node % 8;

	set[node / 8] = (uint8_t)(in ? set[node / 8] | bit : set[node / 8] & ~bit);
}

void nation_watch_free(struct nation *w)
{
	for (size_t i = 0; i < w->watch_capacity; i++) {
		free(w->watch[i].wants);
		free(w->watch[i].holds);
	}
	free(w->watch);
	w->watch = NULL;
	w->watch_count = w->watch_capacity = 0;
}

void nation_watch_begin(struct nation *w, bool running)
{
	nation_watch_free(w);
	w->watching = true;
	w->wants_running = running;
	w->offers_linked = w->offers_near = w->lost = 0;
}

/* Whether two nodes have a full link now. */
static bool are_linked(const struct nation *w, const struct nation_node *n, unsigned other)
{
	const struct viz_links *l = &n->core->net.links;

	for (size_t i = 0; i < l->count; i++)
		if (!l->list[i].guest && !l->list[i].closing &&
		    nation_peer(w, l->list[i].number) == other)
			return true;
	return false;
}

/* Which honest nodes are to hold a record that `n` publishes now: all; of a circle its origin and
 * the partners that are linked. */
static void want(const struct nation *w, struct nation_watch *x, const struct nation_node *n,
		 bool circle)
{
	x->wants = calloc(w->count / 8 + 1, 1);
	x->holds = calloc(w->count / 8 + 1, 1);
	VIZ_REQUIRE(x->wants && x->holds);

	for (unsigned i = 0; i < w->count; i++)
		if (w->node[i].lie == NATION_HONEST && !w->node[i].gone &&
		    (w->node[i].core || !w->wants_running) &&
		    (!circle || i == n->index ||
		     (nation_is_partner(n, i) && w->node[i].core && are_linked(w, n, i)))) {
			put(x->wants, i, true);
			x->want++;
		}
}

/* When 99 % of those who are to hold it do, and all. */
static void note_times(const struct nation *w, struct nation_watch *x)
{
	if (x->most_at == 0 && (uint64_t)x->have * 100 >= (uint64_t)x->want * 99)
		x->most_at = w->now;
	if (x->all_at == 0 && x->have >= x->want)
		x->all_at = w->now;
}

static void count_holder(struct nation *w, struct nation_watch *x)
{
	const struct nation_node *n = w->stepping;

	if (n->lie != NATION_HONEST || has(x->holds, n->index))
		return;
	put(x->holds, n->index, true);
	if (!has(x->wants, n->index))
		return; /* it was not there, or was not linked */
	x->have++;
	x->late += w->now - x->at > nation_watch_soon_ms(x->type);
	note_times(w, x);
	if (x->type != VIZ_TYPE_OFFER || n->index == x->from || !are_linked(w, n, x->from))
		return;
	w->offers_linked++;
	w->offers_near += w->now - x->at <= 2 * nation_distance_ms(w, n->index, x->from) + 50;
}

void nation_watch_left(struct nation *w, const struct nation_node *n)
{
	for (size_t i = 0; w->watching && w->wants_running && i < w->watch_capacity; i++) {
		struct nation_watch *x = &w->watch[i];

		if (!x->used || x->over || !has(x->wants, n->index) || has(x->holds, n->index))
			continue;
		put(x->wants, n->index, false);
		x->want--;
		note_times(w, x);
	}
}

/* What stood at this place need not come to anybody any more. */
static void replaced(struct nation *w, const struct viz_record *rec)
{
	for (size_t i = 0; i < w->watch_capacity; i++) {
		struct nation_watch *x = &w->watch[i];

		if (x->used && x->type == rec->type && x->slot == rec->slot && x->seq < rec->seq &&
		    viz_id_eq(&x->author, &rec->author))
			x->over = true;
	}
}

void sim_nation_held(const struct viz_record *rec)
{
	struct nation *w = nation_world;
	struct nation_watch *x;

	if (!w || !w->stepping)
		return;
	if (viz_record_is_write_once(rec->type))
		nation_strata_held(w, rec);
	if (!w->watching)
		return;
	x = look(w, rec);
	if ((!x || !x->used) &&
	    (viz_id_eq(&rec->author, &w->stepping->author) || rec->type == VIZ_TYPE_REVOCATION)) {
		if (w->watch_count * 2 >= w->watch_capacity)
			grow(w);
		x = look(w, rec);
		replaced(w, rec);
		*x = (struct nation_watch){.used = true,
					   .author = rec->author,
					   .slot = rec->slot,
					   .seq = rec->seq,
					   .type = rec->type,
					   .from = w->stepping->index,
					   .at = w->now};
		want(w, x, w->stepping, viz_record_is_write_once(rec->type));
		w->watch_count++;
	}
	if (x && x->used)
		count_holder(w, x);
}

void nation_watch_body(struct nation *w, const struct nation_node *from,
		       const struct nation_node *to, const uint8_t *body, size_t len)
{
	struct viz_message_record message;
	struct nation_watch *x;
	struct viz_reader r, head;
	struct viz_record rec;

	viz_reader_init(&r, body, len);
	head = r;
	if (viz_message_kind_read(&head) != VIZ_MESSAGE_RECORD)
		return;
	viz_message_record_read(&r, &message);
	if (r.err != VIZ_OK || viz_record_parse(&rec, message.record, message.record_len) != VIZ_OK)
		return;
	if (viz_record_is_write_once(rec.type))
		nation_strata_sent(w, to, &rec);
	x = w->watching ? look(w, &rec) : NULL;
	if (!x || !x->used)
		return;
	if (to->lie != NATION_HONEST)
		return;
	if (has(x->holds, to->index) && viz_id_eq(&rec.author, &from->author))
		x->greetings++;
	else
		x->bodies++;
}

/* ---- figures ---- */

int64_t nation_watch_soon_ms(unsigned type)
{
	return type == VIZ_TYPE_SUCCESSION || type == VIZ_TYPE_REVOCATION ? 500 : 1000;
}

/* These are sent whole on every link, or to the partners: not announced. */
static bool is_pushed(unsigned type)
{
	return type == VIZ_TYPE_SUCCESSION || type == VIZ_TYPE_REVOCATION ||
	       viz_record_is_write_once(type);
}

struct sum {
	unsigned count, missing;
	uint64_t bodies, greetings, want, late;
	double most, all; /* ms, of the slowest record; infinite: never */
};

/* The later of `so_far` and the time from `from` to `at`, which is 0: never. */
static double later(double so_far, int64_t at, int64_t from)
{
	double ms = at != 0 ? (double)(at - from) : INFINITY;

	return ms > so_far ? ms : so_far;
}

static struct sum sum_of(const struct nation *w, unsigned type)
{
	struct sum s = {.count = 0};

	for (size_t i = 0; i < w->watch_capacity; i++) {
		const struct nation_watch *x = &w->watch[i];

		if (!x->used || x->type != type || x->over)
			continue;
		s.count++;
		s.bodies += x->bodies;
		s.greetings += x->greetings;
		s.want += x->want;
		s.late += x->late;
		s.missing += x->have < x->want ? x->want - x->have : 0;
		s.most = later(s.most, x->most_at, x->at);
		s.all = later(s.all, x->all_at, x->at);
	}
	return s;
}

static void add_type(struct nation *w, const char *phase, unsigned type,
		     const struct nation_wish *wish)
{
	const char *name = viz_record_type_name(type);
	struct sum s = sum_of(w, type);
	double copies = s.want ? (double)s.want : 1;
	double late = (double)(s.late + s.missing) * 100 / copies,
	       bodies = (double)s.bodies / copies;

	if (s.count == 0)
		return;
	nation_figure(w, phase, s.count, "", "%s: records", name);
	nation_goal(w, phase, s.missing, 0, "", "%s: copies missing", name);
	if (wish->soon)
		nation_goal(w, phase, late, 1, "%", "%s: copies later than %lld ms", name,
			    (long long)nation_watch_soon_ms(type));
	nation_figure(w, phase, s.most, "ms", "%s: to 99 %%, the slowest", name);
	if (wish->all_ms > 0)
		nation_goal(w, phase, s.all, (double)wish->all_ms, "ms", "%s: to all, the slowest",
			    name);
	else
		nation_figure(w, phase, s.all, "ms", "%s: to all, the slowest", name);
	if (s.greetings > 0)
		nation_figure(w, phase, (double)s.greetings / copies, "",
			      "%s: and by greetings of its author", name);
	if (wish->bodies && !is_pushed(type))
		nation_goal(w, phase, bodies, NATION_BODIES_MAX, "", "%s: bodies a node", name);
	else
		nation_figure(w, phase, bodies, "", "%s: bodies a node", name);
}

void nation_watch_end(struct nation *w, const char *phase, const struct nation_wish *wish)
{
	for (unsigned type = 0; type < VIZ_TYPE_STATEMENT_MIN; type++)
		if (viz_record_type_name(type))
			add_type(w, phase, type, wish);
	w->watching = false;
}
