/* Links between the nodes of a nation. They behave like TCP: in order and reliable until they die.
 * While links fail, each is silent now and then for two seconds: what is sent in this time is lost,
 * and the link is dead. Both ends learn of it when the two seconds are over. */
#include "tests/sim/nation.h"

#include "node/core/core.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"

#define SILENT_MS 2000
#define SILENT    20 /* of so many windows of that length, one is silent */

static uint64_t number_of(size_t link, unsigned end)
{
	return (uint64_t)link * 2 + end + 1;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	struct sim_rng r = {a * UINT64_C(0x9e3779b97f4a7c15) ^ b};

	return sim_draw(&r);
}

/* One way: 5 to 60 ms, most of them short. */
int64_t nation_distance_ms(const struct nation *w, unsigned a, unsigned b)
{
	uint64_t u = mix((uint64_t)(a < b ? a : b) << 32 | (a < b ? b : a), w->options.seed) % 1000;

	return 5 + (int64_t)(55 * u * u / 1000000);
}

/* The tail: one frame in 50 comes later, up to half a second, most of them by less. */
static int64_t delay(struct nation *w, unsigned a, unsigned b)
{
	int64_t ms = nation_distance_ms(w, a, b) + (int64_t)sim_below(&w->rng, 4);
	uint64_t u = sim_below(&w->rng, 50000);

	if (u < 1000)
		ms += (int64_t)(500 * u * u * u / 1000000000);
	return ms;
}

static bool apart(const struct nation *w, unsigned a, unsigned b)
{
	return w->split && w->node[a].side != w->node[b].side;
}

static bool there(const struct nation *w, const struct nation_end *e)
{
	return w->node[e->node].core && w->node[e->node].incarnation == e->incarnation &&
	       !e->saw_close;
}

static void dial_failed(struct nation *w, const struct nation_node *n, uint64_t attempt,
			int64_t after)
{
	struct viz_event ev = {.kind = VIZ_EVENT_DIAL_FAILED, .attempt = attempt};

	nation_plan(w, w->now + after,
		    (struct nation_task){.kind = NATION_INPUT,
					 .node = n->index,
					 .a = n->incarnation,
					 .input = nation_input(&ev, NULL, 0)});
}

void nation_dial(struct nation *w, struct nation_node *n, const struct viz_effect *fx)
{
	struct viz_event ev = {
	    .kind = VIZ_EVENT_HELLO, .attempt = fx->attempt, .remote = fx->remote};
	unsigned a, b, c, to;

	VIZ_REQUIRE(sscanf(fx->text, "%u.%u.%u.1:", &a, &b, &c) == 3);
	to = a - 11 + (b + c * 200) * 160;
	VIZ_REQUIRE(to < w->count);
	nation_plan(w, w->now + 3 * delay(w, n->index, to),
		    (struct nation_task){.kind = NATION_DIAL,
					 .node = n->index,
					 .a = n->incarnation,
					 .b = to,
					 .input = nation_input(&ev, fx->bytes, fx->len)});
}

static size_t new_link(struct nation *w, unsigned from, unsigned to)
{
	struct nation_link *l;

	if (w->link_count == w->link_capacity) {
		w->link_capacity = w->link_capacity ? w->link_capacity * 2 : 4096;
		w->link = viz_core_grow(w->link, w->link_capacity, sizeof *w->link);
	}
	l = &w->link[w->link_count];
	memset(l, 0, sizeof *l);
	l->end[0] = (struct nation_end){.node = from, .admitted = true, .known = true};
	l->end[1] = (struct nation_end){.node = to};
	for (int e = 0; e < 2; e++)
		l->end[e].incarnation = w->node[l->end[e].node].incarnation;
	return w->link_count++;
}

static void towards(struct nation *w, size_t link, unsigned end, struct nation_input input)
{
	struct nation_end *e = &w->link[link].end[end];
	int64_t at = w->now + delay(w, w->link[link].end[0].node, w->link[link].end[1].node);

	if (at < e->last_at)
		at = e->last_at;
	e->last_at = at;
	nation_plan(
	    w, at, (struct nation_task){.kind = NATION_FRAME, .a = link, .b = end, .input = input});
}

void nation_dialled(struct nation *w, struct nation_task *t)
{
	struct nation_node *n = &w->node[t->node], *to = &w->node[t->b];
	const struct viz_event *asked = &t->input.event;
	struct viz_event opened = {
	    .kind = VIZ_EVENT_OPENED, .attempt = asked->attempt, .remote = asked->remote};
	size_t link;

	if (!n->core || n->incarnation != t->a)
		return;
	if (!to->core || apart(w, n->index, to->index) ||
	    memcmp(asked->remote.b, to->transport.b, sizeof to->transport.b) != 0) {
		dial_failed(w, n, asked->attempt, (int64_t)sim_below(&w->rng, 3000));
		return;
	}
	link = new_link(w, n->index, to->index);
	opened.link = number_of(link, 0);
	nation_give(w, n, nation_input(&opened, NULL, 0));
	t->input.event = (struct viz_event){
	    .kind = VIZ_EVENT_HELLO, .remote = n->transport, .link = number_of(link, 1)};
	towards(w, link, 1, t->input);
	t->input.bytes = NULL;
}

unsigned nation_peer(const struct nation *w, uint64_t number)
{
	return w->link[(number - 1) / 2].end[number % 2].node;
}

static void plan_closed(struct nation *w, size_t link, unsigned end, int64_t at)
{
	nation_plan(w, at, (struct nation_task){.kind = NATION_CLOSED, .a = link, .b = end});
}

/* Both ends learn of it between these two. */
static void cut(struct nation *w, size_t link, int64_t from, int64_t within)
{
	struct nation_link *l = &w->link[link];

	if (l->cut)
		return;
	l->cut = true;
	for (unsigned e = 0; e < 2; e++)
		plan_closed(w, link, e, from + (int64_t)sim_below(&w->rng, (uint64_t)within));
}

/* Whether a node that fails the others keeps this to itself. */
static bool withholds(const struct nation_node *n, const uint8_t *body, size_t len)
{
	struct viz_message_record message;
	struct viz_reader r, head;
	struct viz_record rec;
	unsigned kind;

	if (n->lie == NATION_HONEST)
		return false;
	viz_reader_init(&r, body, len);
	head = r;
	kind = viz_message_kind_read(&head);
	if (n->lie == NATION_SILENT)
		return kind != VIZ_MESSAGE_MEMBER && kind != VIZ_MESSAGE_LAST;
	if (kind != VIZ_MESSAGE_RECORD)
		return false;
	viz_message_record_read(&r, &message);
	return r.err == VIZ_OK &&
	       viz_record_parse(&rec, message.record, message.record_len) == VIZ_OK &&
	       !viz_id_eq(&rec.author, &n->author);
}

void nation_send(struct nation *w, struct nation_node *n, const struct viz_effect *fx)
{
	static struct nation_bytes *last; /* what goes out on every link is in memory once */
	static const uint8_t *last_of;
	static uint64_t last_batch;
	size_t link = (size_t)((fx->link - 1) / 2);
	unsigned end = (unsigned)((fx->link - 1) % 2);
	struct nation_link *l = &w->link[link];
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = number_of(link, !end)};
	struct nation_input in = {.event = ev};
	size_t len = viz_be_get_u16(fx->bytes);

	VIZ_REQUIRE(link < w->link_count && l->end[end].node == n->index);
	if (l->cut || withholds(n, fx->bytes + 2, len))
		return;
	if (w->loses && mix(link, (uint64_t)(w->now / SILENT_MS)) % SILENT == 0) {
		w->lost++;
		cut(w, link, (w->now / SILENT_MS + 1) * SILENT_MS, 100);
		return;
	}
	if (last && (!fx->shared || last_of != fx->bytes || last_batch != w->batches)) {
		if (--last->refs == 0)
			free(last);
		last = NULL;
	}
	if (last) {
		last->refs++;
		in.bytes = last;
	} else {
		in = nation_input(&ev, fx->bytes + 2, len);
		if (fx->shared) {
			last = in.bytes;
			last->refs++;
			last_of = fx->bytes;
			last_batch = w->batches;
		}
	}
	towards(w, link, !end, in);
}

void nation_frame(struct nation *w, struct nation_task *t)
{
	struct nation_link *l = &w->link[t->a];
	struct nation_end *e = &l->end[t->b];
	struct nation_input in = t->input;

	if (l->cut || !there(w, e)) {
		w->lost++;
		return;
	}
	w->frames++;
	in.event.link = number_of(t->a, (unsigned)t->b);
	t->input.bytes = NULL;
	if (in.event.kind == VIZ_EVENT_MESSAGE && in.bytes)
		nation_watch_body(w, &w->node[l->end[!t->b].node], &w->node[e->node], in.bytes->b,
				  in.bytes->len);
	if (e->admitted || in.event.kind == VIZ_EVENT_HELLO) {
		e->known = true;
		nation_give(w, &w->node[e->node], in);
		return;
	}
	e->held = viz_core_grow(e->held, e->held_count + 1, sizeof *e->held);
	e->held[e->held_count++] = in;
}

void nation_admit(struct nation *w, uint64_t number)
{
	struct nation_end *e = &w->link[(number - 1) / 2].end[(number - 1) % 2];

	e->admitted = true;
	for (size_t i = 0; i < e->held_count; i++)
		nation_give(w, &w->node[e->node], e->held[i]);
	free(e->held);
	e->held = NULL;
	e->held_count = 0;
}

void nation_close(struct nation *w, uint64_t number)
{
	size_t link = (size_t)((number - 1) / 2);
	unsigned end = (unsigned)((number - 1) % 2);
	struct nation_link *l = &w->link[link];
	int64_t last = l->end[!end].last_at;

	plan_closed(w, link, end, w->now + 1);
	plan_closed(w, link, !end,
		    (last > w->now ? last : w->now) +
			nation_distance_ms(w, l->end[0].node, l->end[1].node));
}

void nation_closed(struct nation *w, const struct nation_task *t)
{
	struct nation_link *l = &w->link[t->a];
	struct nation_end *e = &l->end[t->b];
	struct viz_event ev = {.kind = VIZ_EVENT_CLOSED, .link = number_of(t->a, (unsigned)t->b)};

	if (!there(w, e))
		return;
	e->saw_close = true;
	for (size_t i = 0; i < e->held_count; i++)
		nation_input_free(&e->held[i]);
	free(e->held);
	e->held = NULL;
	e->held_count = 0;
	l->cut |= !there(w, &l->end[!t->b]);
	if (e->known)
		nation_give(w, &w->node[e->node], nation_input(&ev, NULL, 0));
}

void nation_gone(struct nation *w, struct nation_node *n)
{
	const struct viz_links *links = &n->core->net.links;

	for (size_t i = 0; i < links->count; i++)
		cut(w, (size_t)((links->list[i].number - 1) / 2), w->now + 1, 2000);
}

void nation_part(struct nation *w)
{
	for (size_t i = 0; i < w->link_count; i++)
		if (apart(w, w->link[i].end[0].node, w->link[i].end[1].node))
			cut(w, i, w->now + 1, 4000);
}
