/* Time, and the host of each node. */
#include "tests/sim/nation.h"

#include <unistd.h>
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/backend.h"
#include "store/store.h"
#include "store/vault.h"

#define BATCH_MAX 64
#define MAP_BYTES (UINT64_C(4) << 30)
#define EVENT_US  125 /* what an event of a batch takes, with its signature check */
#define COARSE_MS 60000
#define TIMED     64 /* the time of each so many batches is taken */

/* ---- tasks ---- */

static bool earlier(const struct nation_task *a, const struct nation_task *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void nation_plan(struct nation *w, int64_t at, struct nation_task task)
{
	size_t i = w->task_count++;

	if (w->task_count > w->task_capacity) {
		w->task_capacity = w->task_capacity ? w->task_capacity * 2 : 4096;
		w->task = viz_core_grow(w->task, w->task_capacity, sizeof *w->task);
	}
	task.at = at < w->now ? w->now : at;
	task.order = w->planned++;
	for (; i > 0 && earlier(&task, &w->task[(i - 1) / 2]); i = (i - 1) / 2)
		w->task[i] = w->task[(i - 1) / 2];
	w->task[i] = task;
}

static struct nation_task take(struct nation *w)
{
	struct nation_task first = w->task[0], last = w->task[--w->task_count];
	size_t i = 0;

	for (;;) {
		size_t least = 2 * i + 1;

		if (least >= w->task_count)
			break;
		if (least + 1 < w->task_count && earlier(&w->task[least + 1], &w->task[least]))
			least++;
		if (!earlier(&w->task[least], &last))
			break;
		w->task[i] = w->task[least];
		i = least;
	}
	w->task[i] = last;
	return first;
}

struct nation_input nation_input(const struct viz_event *event, const uint8_t *bytes, size_t len)
{
	struct nation_input in = {.event = *event};

	if (len == 0)
		return in;
	in.bytes = viz_core_alloc(sizeof *in.bytes + len);
	in.bytes->refs = 1;
	in.bytes->len = len;
	memcpy(in.bytes->b, bytes, len);
	return in;
}

void nation_input_free(struct nation_input *input)
{
	if (input->bytes && --input->bytes->refs == 0)
		free(input->bytes);
	input->bytes = NULL;
}

/* ---- a node ---- */

void nation_seed(struct viz_secret *out, const struct nation *w, const char *what, uint64_t n,
		 uint64_t k)
{
	struct viz_hash h;
	struct viz_id id;

	viz_hash_init(&h, "vizinho/sim-nation");
	viz_hash_part(&h, (const uint8_t *)what, strlen(what));
	viz_hash_u64(&h, w->options.seed);
	viz_hash_u64(&h, n);
	viz_hash_u64(&h, k);
	viz_hash_final(&h, &id);
	memcpy(out->b, id.b, sizeof out->b);
}

/* All stores share one directory, for their lock; each gives it back at once. */
void nation_open_store(struct nation *w, struct nation_node *n)
{
	struct viz_store_config config = {
	    .dir = w->dir, .map_bytes = MAP_BYTES, .volatile_commit = true};

	sim_memory_use(n->memory);
	VIZ_REQUIRE(viz_store_open(&n->store, NULL, &config) == VIZ_OK);
	close(n->store->lock_fd);
	n->store->lock_fd = -1;
}

static void plan_run(struct nation *w, struct nation_node *n)
{
	int64_t at = w->now + (int64_t)sim_below(&w->rng, 3);

	if (n->run_planned)
		return;
	n->run_planned = true;
	nation_plan(w, at > n->busy_until ? at : n->busy_until,
		    (struct nation_task){.kind = NATION_RUN, .node = n->index});
}

void nation_give(struct nation *w, struct nation_node *n, struct nation_input input)
{
	size_t end = n->queue_first + n->queue_count;

	if (!n->core) {
		nation_input_free(&input);
		return;
	}
	if (end == n->queue_capacity && n->queue_first > 0) {
		memmove(n->queue, n->queue + n->queue_first, n->queue_count * sizeof *n->queue);
		n->queue_first = 0;
		end = n->queue_count;
	}
	if (end == n->queue_capacity) {
		n->queue_capacity = n->queue_capacity ? n->queue_capacity * 2 : 8;
		n->queue = viz_core_grow(n->queue, n->queue_capacity, sizeof *n->queue);
	}
	n->queue[end] = input;
	n->queue_count++;
	if (n->queue_count > w->longest_queue)
		w->longest_queue = n->queue_count;
	plan_run(w, n);
}

static void tick(struct nation *w, struct nation_node *n)
{
	n->tick_at = INT64_MAX;
	nation_give(w, n, nation_input(&(struct viz_event){.kind = VIZ_EVENT_TICK}, NULL, 0));
}

void nation_start(struct nation *w, struct nation_node *n)
{
	static const char *const readers[] = {"agente"};
	struct viz_node_config config = {
	    .profile = n->profile, .readers = readers, .reader_count = 1};

	nation_open_store(w, n);
	sim_file_use(n->file);
	VIZ_REQUIRE(viz_vault_file_open(&n->vault, NULL, n->store, w->dir) == VIZ_OK);
	VIZ_REQUIRE(viz_vault_wipe_recover(n->vault, NULL) == VIZ_OK);
	nation_seed(&config.seed, w, "run", n->index, ++n->incarnation);
	if (w->common)
		nation_share_open(w, n, &config.seed);
	if (w->common && w->options.check)
		nation_check_same(w, n, &config);
	if (!w->common)
		VIZ_REQUIRE(viz_node_open(&n->core, n->store, n->vault, &config,
					  (struct viz_time){w->now + n->skew_ms}) == VIZ_OK);
	w->running++;
	tick(w, n);
}

void nation_stop(struct nation *w, struct nation_node *n)
{
	if (!n->core)
		return;
	nation_watch_left(w, n);
	nation_enter(n);
	nation_gone(w, n);
	for (size_t i = 0; i < n->queue_count; i++)
		nation_input_free(&n->queue[n->queue_first + i]);
	free(n->queue);
	n->queue = NULL;
	n->queue_first = n->queue_count = n->queue_capacity = 0;
	viz_node_close(n->core);
	if (n->view)
		sim_view_free(n->view);
	n->view = NULL;
	viz_vault_file_close(n->vault);
	viz_store_close(n->store);
	n->core = NULL;
	n->vault = NULL;
	n->store = NULL;
	n->incarnation++;
	w->running--;
}

bool sim_nation_is_quiet(struct viz_net *net)
{
	const struct nation *w = nation_world;
	struct viz_self *self = &net->trust->self;

	if (!w || !w->stepping || w->stepping->publishes)
		return false;
	self->next_heartbeat = viz_after(net->core->now, net->core->federation.heartbeat_ms);
	self->start.log_from = net->core->now;
	return true;
}

static void verify(struct nation *w, struct nation_node *n, const struct viz_effect *fx)
{
	struct viz_event ev = {.kind = VIZ_EVENT_VERIFIED, .job = fx->job};

	ev.ok = viz_sign_verify(&fx->sig, &fx->id, &fx->remote) == VIZ_OK;
	nation_plan(w, w->now + 1 + (int64_t)sim_below(&w->rng, 3),
		    (struct nation_task){.kind = NATION_INPUT,
					 .node = n->index,
					 .a = n->incarnation,
					 .input = nation_input(&ev, NULL, 0)});
}

static void carry_out(struct nation *w, struct nation_node *n, const struct viz_effect *fx)
{
	switch (fx->kind) {
	case VIZ_EFFECT_DIAL:
		nation_dial(w, n, fx);
		break;
	case VIZ_EFFECT_ADMIT:
		nation_admit(w, fx->link);
		break;
	case VIZ_EFFECT_SEND:
		nation_send(w, n, fx);
		break;
	case VIZ_EFFECT_CLOSE:
		nation_close(w, fx->link);
		break;
	case VIZ_EFFECT_VERIFY:
		verify(w, n, fx);
		break;
	case VIZ_EFFECT_REPLY:
		free(n->reply);
		n->reply = strndup((const char *)fx->bytes, fx->len);
		break;
	case VIZ_EFFECT_KEYS:
	case VIZ_EFFECT_HOOK:
		viz_x25519_pub(&n->transport, &fx->transport);
		break;
	case VIZ_EFFECT_LOG:
		if (getenv("VIZ_NATION_LOG") && fx->priority <= 6)
			fprintf(stderr, "%8lld N%u %s\n", (long long)(w->now - w->began), n->index,
				fx->text);
		break;
	}
}

static void plan_tick(struct nation *w, struct nation_node *n)
{
	int64_t at = viz_node_deadline(n->core).ms;

	if (at != INT64_MAX)
		at -= n->skew_ms;
	if (w->coarse && at + n->skew_ms == n->core->next_housekeeping.ms)
		at = w->now + COARSE_MS;
	if (at <= w->now)
		at = w->now + 1;
	if (at == INT64_MAX || at >= n->tick_at)
		return;
	n->tick_at = at;
	nation_plan(
	    w, at,
	    (struct nation_task){.kind = NATION_TICK, .node = n->index, .a = n->incarnation});
}

/* One batch of a node. */
static void run(struct nation *w, struct nation_node *n)
{
	size_t count = n->queue_count < BATCH_MAX ? n->queue_count : BATCH_MAX;
	struct nation_input *in = n->queue + n->queue_first;
	struct viz_event events[BATCH_MAX];
	struct viz_effects fx;
	bool timed = w->batches % TIMED == 0;
	double at;

	if (!n->core || count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		events[i] = in[i].event;
		events[i].bytes = in[i].bytes ? in[i].bytes->b : NULL;
		events[i].len = in[i].bytes ? in[i].bytes->len : 0;
	}
	viz_effects_init(&fx);
	nation_enter(n);
	at = timed ? nation_cpu_seconds() : 0;
	w->stepping = n;
	VIZ_REQUIRE(viz_node_run(n->core, &fx, (struct viz_time){w->now + n->skew_ms}, events,
				 count) == VIZ_OK);
	w->stepping = NULL;
	if (timed)
		w->cpu_core += (nation_cpu_seconds() - at) * TIMED;
	w->hash = (w->hash ^ (uint64_t)w->now ^ (uint64_t)n->index << 44 ^ fx.count << 32 ^ count) *
		  UINT64_C(0x9e3779b97f4a7c15);
	w->batches++;
	w->events += count;
	for (size_t i = 0; i < count; i++)
		nation_input_free(&in[i]);
	n->busy_until = w->now + (int64_t)count * EVENT_US / 1000;
	n->queue_first += count;
	n->queue_count -= count;
	if (n->queue_count == 0)
		n->queue_first = 0;
	for (size_t i = 0; i < fx.count; i++)
		carry_out(w, n, &fx.list[i]);
	viz_effects_clear(&fx);
	plan_tick(w, n);
	if (n->queue_count > 0)
		plan_run(w, n);
}

const char *nation_ask(struct nation *w, struct nation_node *n, const char *json)
{
	static uint64_t client;
	struct viz_event ev = {.kind = VIZ_EVENT_REQUEST, .client = ++client, .who = "agente"};

	free(n->reply);
	n->reply = NULL;
	nation_give(w, n, nation_input(&ev, (const uint8_t *)json, strlen(json)));
	while (n->core && !n->reply && n->queue_count > 0)
		run(w, n);
	return n->reply ? n->reply : "";
}

static void perform(struct nation *w, struct nation_task *t)
{
	struct nation_node *n = &w->node[t->node];

	switch (t->kind) {
	case NATION_RUN:
		n->run_planned = false;
		run(w, n);
		break;
	case NATION_TICK:
		if (n->core && t->a == n->incarnation && n->tick_at == t->at)
			tick(w, n);
		break;
	case NATION_INPUT:
		if (t->a == n->incarnation) {
			nation_give(w, n, t->input);
			t->input.bytes = NULL;
		}
		break;
	case NATION_FRAME:
		nation_frame(w, t);
		break;
	case NATION_CLOSED:
		nation_closed(w, t);
		break;
	case NATION_DIAL:
		nation_dialled(w, t);
		break;
	case NATION_START:
		if (!n->core && !n->gone)
			nation_start(w, n);
		break;
	case NATION_STOP:
		nation_stop(w, n);
		nation_plan(w, w->now + (int64_t)t->a,
			    (struct nation_task){.kind = NATION_START, .node = t->node});
		break;
	}
}

void nation_run_until(struct nation *w, int64_t at)
{
	while (w->task_count > 0 && w->task[0].at <= at) {
		struct nation_task t = take(w);

		w->now = t.at;
		perform(w, &t);
		nation_input_free(&t.input);
	}
	w->now = at;
}
