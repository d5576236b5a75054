/* Two processes with one key: the state directory of a machine is copied while it runs, and a
 * process starts in the copy. */
#include "node/core/event.h"
#include "node/node.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "tests/sim/play.h"
#include "tests/sim/sim.h"

#define FOUND_MS 3000 /* from when the copy told of itself */

/* Its operators work on both machines, and do not know of it. */
static void copy_operators(struct sim_world *w, unsigned from, unsigned to)
{
	struct sim_play *p = w->play;
	size_t cases = p->case_count;

	p->sponsor[to] = p->sponsor[from];
	p->covered[to] = p->covered[from];
	p->accepted[to] = true;
	memcpy(p->partner[to], p->partner[from], sizeof p->partner[to]);
	memcpy(p->vouch[to], p->vouch[from], sizeof p->vouch[to]);
	memcpy(p->trusted[to], p->trusted[from], sizeof p->trusted[to]);
	memcpy(p->blocked[to], p->blocked[from], sizeof p->blocked[to]);
	for (size_t i = 0; i < cases; i++) {
		struct sim_case *c;

		if (p->cases[i].origin != from)
			continue;
		p->cases = sim_more(p->cases, p->case_count, &p->case_capacity, sizeof *p->cases);
		c = &p->cases[p->case_count++];
		*c = p->cases[i];
		c->origin = to;
		c->text = c->text ? strdup(c->text) : NULL;
		c->contact_text = c->contact_text ? strdup(c->contact_text) : NULL;
		c->later_text = c->later_text ? strdup(c->later_text) : NULL;
	}
	sim_plan(w, w->now + 100, &(struct sim_task){.kind = SIM_TASK_OPERATE, .node = to});
}

struct sim_machine *sim_clone_make(struct sim_world *w, struct sim_machine *m)
{
	struct sim_machine *c = &w->machine[w->count];

	VIZ_REQUIRE(w->count < SIM_NODES_MAX && m->node && !m->original);
	sim_trace_note(w, m, "is copied");
	*c = (struct sim_machine){.index = w->count,
				  .profile = m->profile,
				  .author = m->author,
				  .behind_nat = m->behind_nat,
				  .skew_ms = m->skew_ms,
				  .last_now = m->last_now,
				  .rolled = true,
				  .original = m,
				  .past = m->past + 1000,
				  .next_seed = m->next_seed,
				  .following_seed = m->following_seed,
				  .key_number = m->key_number,
				  .revocation_len = m->revocation_len};
	memcpy(c->revocation, m->revocation, sizeof c->revocation);
	snprintf(c->name, sizeof c->name, "%.12s2", m->name);
	m->rolled = true;
	m->copied_number = m->node->trust.self.log_number;
	w->count++;
	sim_machine_make_dir(w, c);
	sim_machine_copy_state(m->dir, c->dir);
	copy_operators(w, m->index, c->index);
	sim_machine_start(w, c);
	return c;
}

struct sim_machine *sim_clone_other(struct sim_world *w, const struct sim_machine *m)
{
	for (unsigned i = 0; i < w->count; i++)
		if (w->machine[i].original == m || m->original == &w->machine[i])
			return &w->machine[i];
	return NULL;
}

struct sim_machine *sim_clone_answers(struct sim_world *w, struct sim_machine *m)
{
	struct sim_machine *other = sim_clone_other(w, m);

	if (!other || !other->node)
		return m;
	return m->node && w->link_count % 2 == 0 ? m : other;
}

void sim_clone_heard(struct sim_machine *from, const struct viz_event *ev)
{
	struct viz_message_record message;
	struct viz_position at;
	struct viz_record rec;
	struct viz_reader r, kind;

	if (ev->kind != VIZ_EVENT_MESSAGE)
		return;
	viz_reader_init(&r, ev->bytes, ev->len);
	kind = r;
	if (viz_message_kind_read(&kind) != VIZ_MESSAGE_RECORD)
		return;
	viz_message_record_read(&r, &message);
	if (r.err != VIZ_OK ||
	    viz_record_parse(&rec, message.record, message.record_len) != VIZ_OK ||
	    !viz_id_eq(&rec.author, &from->author) || !viz_record_is_of_log(rec.type) ||
	    viz_position_parse(&at, &rec) != VIZ_OK)
		return;
	if (at.log != from->heard_log)
		from->heard_number = 0;
	from->heard_log = at.log;
	if (at.number > from->heard_number)
		from->heard_number = at.number;
}

/* Whether it has signed in its log what neither its copy nor anybody else has got. */
static bool is_unheard(const struct sim_machine *m)
{
	const struct viz_self *self = &m->node->trust.self;
	uint32_t heard = m->heard_log == self->log ? m->heard_number : 0;

	return self->log_number > m->copied_number && self->log_number > heard;
}

void sim_clone_ran(struct sim_world *w, struct sim_machine *m)
{
	const struct viz_self *self = &m->node->trust.self;

	if (m->original && m->came_in == 0 &&
	    (self->start.told_at.ms != INT64_MAX || self->quarantine.ms != 0))
		m->came_in = w->now;
	if (m->original && m->original->node && m->came_in != 0 && self->start.node_waits)
		m->original->unheard = is_unheard(m->original);
}

/* Whether a peer took the link of one that was cut off, and has sent LAST. */
static bool is_back(const struct sim_machine *m)
{
	const struct viz_links *l = &m->node->net.links;
	bool back = false;

	for (size_t i = 0; i < l->count; i++)
		back |= !l->list[i].closing && l->list[i].last &&
			l->list[i].full_at.ms + FOUND_MS <= m->node->core.now.ms;
	return back;
}

/* Whether its quarantine has ended, and the other one may not have heard of that yet. */
static bool has_resumed(const struct sim_machine *m)
{
	return m->node->trust.self.resumed.ms + FOUND_MS > m->node->core.now.ms;
}

/* The one of the two whose links all peers refuse, as they have one with the other, signs nothing
 * that anybody gets. */
void sim_clone_check(struct sim_world *w)
{
	for (unsigned i = 0; i < w->count; i++) {
		const struct sim_machine *c = &w->machine[i], *m = c->original;
		bool stopped, told;

		if (!m || !m->node || !c->node || c->came_in == 0 ||
		    c->came_in + FOUND_MS > w->now || (m->cut_off && !is_back(m)) ||
		    has_resumed(m) || has_resumed(c))
			continue;
		stopped = m->node->trust.self.quarantine.ms != 0 ||
			  c->node->trust.self.quarantine.ms != 0;
		told = (m->told && m->node->trust.self.quarantine.ms != 0) ||
		       (c->told && c->node->trust.self.quarantine.ms != 0);
		if (!stopped || !told)
			sim_fail(w, "clone", c, "%s",
				 stopped ? "no operator was told" : "neither has stopped");
	}
}

#define RUNS_MS 15000 /* a copy runs for so long at least */

/* The operators have found the copy: it is gone for ever. */
static void stop_copy(struct sim_world *w, struct sim_machine *c)
{
	sim_clone_check(w);
	sim_machine_crash(w, c, -1);
	c->original->right_at = w->now + 8000; /* the peers have shown by then what they hold */
}

static void resume(struct sim_world *w, struct sim_machine *m)
{
	const struct sim_machine *copy = sim_clone_other(w, m);

	if (m->original || !copy || copy->node || !m->node || m->right_at > w->now ||
	    m->node->trust.self.quarantine.ms == 0)
		return;
	sim_ask(w, m, SIM_ASK_ANYTHING, 0, "{\"op\":\"key.resume\",\"args\":{}}");
}

void sim_clone_fault(struct sim_world *w)
{
	struct sim_machine *m = &w->machine[sim_below(&w->rng, w->count)];
	bool runs = false;

	for (unsigned i = 0; i < w->count; i++) {
		struct sim_machine *c = &w->machine[i];

		if (c->original && c->node && (c->right_at <= w->now || sim_is_quiet(w)))
			stop_copy(w, c);
		runs |= c->original && c->node;
		resume(w, c);
	}
	if (runs || sim_is_quiet(w) || w->now < w->began + 60000 || w->now + 60000 > w->quiet_at ||
	    !sim_once_in(&w->rng, 15) || !m->node || sim_clone_other(w, m))
		return;
	sim_clone_make(w, m)->right_at = w->now + RUNS_MS + (int64_t)sim_below(&w->rng, 20000);
}
