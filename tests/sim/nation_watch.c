/* Who holds which record of a nation, and since when; and I9 at this scale: a circle record is held
 * by its origin and the partners of that one alone. */
#include "tests/sim/nation.h"

#include "node/core/core.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/protest.h"
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

void nation_watch_begin(struct nation *w)
{
	free(w->watch);
	w->watch = NULL;
	w->watch_count = w->watch_capacity = 0;
	w->watching = true;
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

/* How many honest nodes are to hold a record that `n` publishes now: all, also those that do not
 * run now; of a circle its origin and the partners that are linked. */
static unsigned wanted(const struct nation *w, const struct nation_node *n, bool circle)
{
	unsigned want = 0;

	for (unsigned i = 0; i < w->count; i++)
		if (w->node[i].lie == NATION_HONEST && !w->node[i].gone &&
		    (!circle || i == n->index ||
		     (nation_is_partner(n, i) && w->node[i].core && are_linked(w, n, i))))
			want++;
	return want;
}

static void check_circle(struct nation *w, const struct viz_record *rec)
{
	const struct nation_node *n = w->stepping;
	struct viz_protest protest;
	struct viz_id origin = rec->author;

	if (rec->type == VIZ_TYPE_PROTEST && viz_protest_parse(&protest, rec) == VIZ_OK)
		origin = protest.origin;
	w->circle_held++;
	if (viz_id_eq(&origin, &n->author))
		return;
	for (unsigned i = 0; i < n->partner_count; i++)
		if (viz_id_eq(&w->node[n->partner[i]].author, &origin))
			return;
	fprintf(stderr, "sim: I9 is broken at +%lld ms: N%u holds a %s of a circle of others\n",
		(long long)(w->now - w->began), n->index, viz_record_type_name(rec->type));
	w->outside++;
}

static void count_holder(struct nation *w, struct nation_watch *x)
{
	const struct nation_node *n = w->stepping;

	if (n->lie != NATION_HONEST)
		return;
	x->have++;
	if (x->most_at == 0 && (uint64_t)x->have * 100 >= (uint64_t)x->want * 99)
		x->most_at = w->now;
	if (x->all_at == 0 && x->have >= x->want)
		x->all_at = w->now;
	if (x->type != VIZ_TYPE_OFFER || n->index == x->from || !are_linked(w, n, x->from))
		return;
	w->offers_linked++;
	w->offers_near += w->now - x->at <= 2 * nation_distance_ms(w, n->index, x->from) + 50;
}

/* The NODE before this one need not come to anybody any more. */
static void replaced(struct nation *w, const struct viz_record *rec)
{
	struct viz_record old = *rec;
	struct nation_watch *x;

	old.seq = w->stepping->node_seq;
	x = look(w, &old);
	if (x->used)
		x->over = true;
	w->stepping->node_seq = rec->seq;
}

void sim_nation_held(const struct viz_record *rec)
{
	struct nation *w = nation_world;
	struct nation_watch *x;

	if (!w || !w->stepping)
		return;
	if (viz_record_is_write_once(rec->type))
		check_circle(w, rec);
	if (!w->watching)
		return;
	x = look(w, rec);
	if ((!x || !x->used) &&
	    (viz_id_eq(&rec->author, &w->stepping->author) || rec->type == VIZ_TYPE_REVOCATION)) {
		if (w->watch_count * 2 >= w->watch_capacity)
			grow(w);
		x = look(w, rec);
		if (rec->type == VIZ_TYPE_NODE)
			replaced(w, rec);
		*x = (struct nation_watch){
		    .used = true,
		    .author = rec->author,
		    .slot = rec->slot,
		    .seq = rec->seq,
		    .type = rec->type,
		    .from = w->stepping->index,
		    .at = w->now,
		    .want = wanted(w, w->stepping, viz_record_is_write_once(rec->type))};
		w->watch_count++;
	}
	if (x && x->used)
		count_holder(w, x);
}

void nation_watch_body(struct nation *w, const struct nation_node *to, const uint8_t *body,
		       size_t len)
{
	struct viz_message_record message;
	struct nation_watch *x;
	struct viz_reader r, head;
	struct viz_record rec;

	viz_reader_init(&r, body, len);
	head = r;
	if (!w->watching || viz_message_kind_read(&head) != VIZ_MESSAGE_RECORD)
		return;
	viz_message_record_read(&r, &message);
	if (r.err != VIZ_OK || viz_record_parse(&rec, message.record, message.record_len) != VIZ_OK)
		return;
	x = look(w, &rec);
	if (!x || !x->used)
		return;
	x->bodies++;
	x->honest += to->lie == NATION_HONEST;
}

/* ---- the table ---- */

struct sum {
	unsigned count, whole, missing;
	uint64_t bodies, want;
	int64_t *most, *all;
};

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The middle and the last of the times; -1: there are none. */
static void middle(int64_t *times, unsigned count, int64_t *out, int64_t *worst)
{
	*out = *worst = -1;
	if (count == 0)
		return;
	qsort(times, count, sizeof *times, by_time);
	*out = times[count / 2];
	*worst = times[count - 1];
}

/* A record comes to a node so often at most, with its repair. 0: not checked, as records flood. */
#define BODIES_MAX 0

static void check_goals(struct nation *w, const char *phase, unsigned type, const struct sum *s,
			int64_t most, int64_t all, int64_t most_ms, int64_t all_ms)
{
	const char *name = viz_record_type_name(type);

	nation_goal(w, phase, s->missing == 0, "%u copies of %s are missing", s->missing, name);
	nation_goal(w, phase, most_ms == 0 || most <= most_ms,
		    "half of the %s needed more than %lld ms to 99 %% of the nodes", name,
		    (long long)most_ms);
	nation_goal(w, phase, all_ms == 0 || all <= all_ms,
		    "a %s needed more than %lld ms to all nodes", name, (long long)all_ms);
	nation_goal(w, phase, BODIES_MAX == 0 || s->bodies <= s->want * BODIES_MAX,
		    "a %s came more than %d times to a node", name, BODIES_MAX);
}

static void print_type(struct nation *w, const char *phase, unsigned type, int64_t most_ms,
		       int64_t all_ms)
{
	struct sum s = {.most = viz_core_alloc((w->watch_count + 1) * sizeof(int64_t)),
			.all = viz_core_alloc((w->watch_count + 1) * sizeof(int64_t))};
	int64_t most, most_worst, all, all_worst;
	unsigned most_count = 0;

	for (size_t i = 0; i < w->watch_capacity; i++) {
		const struct nation_watch *x = &w->watch[i];

		if (!x->used || x->type != type || x->over)
			continue;
		s.count++;
		s.bodies += x->honest;
		s.want += x->want;
		s.missing += x->have < x->want ? x->want - x->have : 0;
		if (x->most_at != 0)
			s.most[most_count++] = x->most_at - x->at;
		if (x->all_at != 0)
			s.all[s.whole++] = x->all_at - x->at;
	}
	if (s.count > 0) {
		middle(s.most, most_count, &most, &most_worst);
		middle(s.all, s.whole, &all, &all_worst);
		if (w->options.json)
			printf("{\"phase\":\"%s\",\"type\":\"%s\",\"records\":%u,\"most_ms\":%lld,"
			       "\"most_worst_ms\":%lld,\"all_ms\":%lld,\"all_worst_ms\":%lld,"
			       "\"whole\":%u,\"missing\":%u,\"bodies\":%.3f}\n",
			       phase, viz_record_type_name(type), s.count, (long long)most,
			       (long long)most_worst, (long long)all, (long long)all_worst, s.whole,
			       s.missing, (double)s.bodies / (double)(s.want + !s.want));
		else
			printf("  %-10s %6u records: 99 %% after %lld ms (worst %lld), all after "
			       "%lld ms (worst %lld) of %u, %u copies missing, %.2f bodies a "
			       "node\n",
			       viz_record_type_name(type), s.count, (long long)most,
			       (long long)most_worst, (long long)all, (long long)all_worst, s.whole,
			       s.missing, (double)s.bodies / (double)(s.want + !s.want));
	}
	if (s.count > 0)
		/* 1 % of a small nation is one node: what one link did to one record is no goal,
		 * so the middle of the records counts for 99 %, and the worst for all */
		check_goals(w, phase, type, &s, most_count == s.count ? most : INT64_MAX, all_worst,
			    most_ms, all_ms);
	free(s.most);
	free(s.all);
}

void nation_watch_print(struct nation *w, const char *phase, int64_t most_ms, int64_t all_ms)
{
	for (unsigned type = 0; type < VIZ_TYPE_STATEMENT_MIN; type++)
		if (viz_record_type_name(type))
			print_type(w, phase, type, most_ms, all_ms);
	w->watching = false;
}
