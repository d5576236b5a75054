#include "node/host/core_thread.h"

#include <stdatomic.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/host/alloc.h"
#include "node/host/limits.h"
#include "node/host/log.h"
#include "node/host/queue.h"

struct viz_host_core_thread {
	struct viz_node *node;
	uv_async_t *wake;
	uv_thread_t thread;
	uv_mutex_t lock;
	uv_cond_t more;
	/* Under the lock: */
	struct viz_host_event *first, **last;
	struct viz_host_batch *results, **results_last;
	size_t result_count;
	bool stopping;
	/* The loop thread's own: */
	struct viz_host_event *pushed, **pushed_last;
	size_t pushed_count;
	uv_prepare_t hand_over;
	/* The core thread's own: */
	struct viz_clock clock;
	struct viz_host_queue *queue;
	struct viz_event events[VIZ_HOST_BATCH_EVENTS];

	atomic_uint_fast64_t batches;
};

void viz_host_core_thread_batch_free(struct viz_host_batch *batch)
{
	if (batch == NULL)
		return;
	viz_effects_clear(&batch->effects);
	free(batch->drained);
	free(batch);
}

static uint64_t now_us(void)
{
	return uv_hrtime() / 1000;
}

/* Waits until there is something to do, and takes what has come. False: stop. */
static bool wait_for_more(struct viz_host_core_thread *c, struct viz_host_event **came)
{
	bool stopping;

	uv_mutex_lock(&c->lock);
	while (!c->stopping) {
		uint64_t wait = viz_host_queue_wait(c->queue, now_us());

		if (c->result_count < VIZ_HOST_RESULTS_MAX && (c->first != NULL || wait == 0))
			break;
		if (c->result_count >= VIZ_HOST_RESULTS_MAX || wait == UINT64_MAX)
			uv_cond_wait(&c->more, &c->lock);
		else
			uv_cond_timedwait(&c->more, &c->lock, wait * 1000);
	}
	stopping = c->stopping;
	if (!stopping) {
		*came = c->first;
		c->first = NULL;
		c->last = &c->first;
	}
	uv_mutex_unlock(&c->lock);
	return !stopping;
}

/* Takes what has come into the queue, and a batch off it; NULL: stop. */
static struct viz_host_event *next_events(struct viz_host_core_thread *c, size_t *count)
{
	struct viz_host_event *came, *e, *head = NULL;

	while (head == NULL) {
		if (!wait_for_more(c, &came))
			return NULL;
		while ((e = came) != NULL) {
			came = e->next;
			viz_host_queue_add(c->queue, e);
		}
		head = viz_host_queue_take(c->queue, count, now_us());
	}
	return head;
}

static struct viz_host_batch *run_batch(struct viz_host_core_thread *c, struct viz_host_event *head,
					size_t count)
{
	struct viz_host_batch *b = viz_host_alloc(sizeof *b);
	struct viz_host_event *e = head;
	uint64_t began_us = now_us();
	int err;

	viz_effects_init(&b->effects);
	b->drained = viz_host_alloc(count * sizeof *b->drained);
	for (size_t i = 0; i < count; i++, e = e->next)
		c->events[i] = e->event;
	b->now = viz_host_clock_read(&c->clock);
	err = viz_node_run(c->node, &b->effects, b->now, c->events, count);
	if (err != VIZ_OK) {
		/* Nothing of this batch may leave the process. The next start reads from the store
		 * what was committed. */
		viz_host_log(VIZ_LOG_CRITICAL,
			     "the core cannot go on (%s: %s): ending, to start again from "
			     "disk",
			     viz_err_name(err), viz_node_cause(c->node));
		_exit(EXIT_FAILURE);
	}
	viz_figures_batch(viz_node_figures(c->node), count, now_us() - began_us);
	while (head != NULL) {
		e = head;
		head = head->next;
		b->ticked = b->ticked || e->event.kind == VIZ_EVENT_TICK;
		if (e->event.kind == VIZ_EVENT_MESSAGE) {
			b->drained[b->drained_count].id = e->event.link;
			b->drained[b->drained_count++].bytes = e->block_len;
		}
		viz_host_event_free(e);
	}
	b->deadline = viz_node_deadline(c->node);
	return b;
}

static void run(void *arg)
{
	struct viz_host_core_thread *c = arg;
	struct viz_host_event *head;
	struct viz_host_batch *batch;
	size_t count;

	while ((head = next_events(c, &count)) != NULL) {
		batch = run_batch(c, head, count);
		viz_host_queue_done(c->queue, now_us(), batch->effects.ours);
		atomic_fetch_add(&c->batches, 1);
		uv_mutex_lock(&c->lock);
		*c->results_last = batch;
		c->results_last = &batch->next;
		c->result_count++;
		uv_mutex_unlock(&c->lock);
		uv_async_send(c->wake);
	}
	viz_secret_wipe(c->events, sizeof c->events);
}

static bool is_near(void *arg, uint64_t link)
{
	return viz_node_is_near(arg, link);
}

/* Each event for itself would wake the core, and wait for its lock. */
static void hand_over(struct viz_host_core_thread *c)
{
	if (c->pushed == NULL)
		return;
	uv_mutex_lock(&c->lock);
	*c->last = c->pushed;
	c->last = c->pushed_last;
	uv_cond_signal(&c->more);
	uv_mutex_unlock(&c->lock);
	c->pushed = NULL;
	c->pushed_last = &c->pushed;
	c->pushed_count = 0;
}

static void on_hand_over(uv_prepare_t *prepare)
{
	hand_over(prepare->data);
}

int viz_host_core_thread_start(struct viz_host_core_thread **out, struct viz_node *node,
			       uv_async_t *wake, const struct viz_clock *clock)
{
	struct viz_host_core_thread *c = viz_host_alloc(sizeof *c);

	c->node = node;
	viz_host_queue_new(&c->queue, is_near, node);
	c->wake = wake;
	c->clock = *clock;
	c->last = &c->first;
	c->results_last = &c->results;
	c->pushed_last = &c->pushed;
	if (uv_mutex_init(&c->lock) != 0)
		goto fail_lock;
	if (uv_cond_init(&c->more) != 0)
		goto fail_cond;
	if (uv_thread_create(&c->thread, run, c) != 0)
		goto fail_thread;
	VIZ_REQUIRE(uv_prepare_init(wake->loop, &c->hand_over) == 0);
	VIZ_REQUIRE(uv_prepare_start(&c->hand_over, on_hand_over) == 0);
	c->hand_over.data = c;
	*out = c;
	return VIZ_OK;

fail_thread:
	uv_cond_destroy(&c->more);
fail_cond:
	uv_mutex_destroy(&c->lock);
fail_lock:
	viz_host_queue_free(c->queue);
	free(c);
	return VIZ_ERR_NOMEM;
}

void viz_host_core_thread_push(struct viz_host_core_thread *core, struct viz_host_event *event)
{
	event->next = NULL;
	*core->pushed_last = event;
	core->pushed_last = &event->next;
	if (++core->pushed_count == VIZ_HOST_PUSHED_MAX)
		hand_over(core);
}

struct viz_host_batch *viz_host_core_thread_take(struct viz_host_core_thread *core)
{
	struct viz_host_batch *batch;

	uv_mutex_lock(&core->lock);
	batch = core->results;
	if (batch != NULL) {
		core->results = batch->next;
		if (core->results == NULL)
			core->results_last = &core->results;
		core->result_count--;
		batch->next = NULL;
		uv_cond_signal(&core->more);
	}
	uv_mutex_unlock(&core->lock);
	return batch;
}

uint64_t viz_host_core_thread_batches(struct viz_host_core_thread *core)
{
	return atomic_load(&core->batches);
}

struct viz_figures *viz_host_core_thread_figures(struct viz_host_core_thread *core)
{
	return viz_node_figures(core->node);
}

void viz_host_core_thread_stop(struct viz_host_core_thread *core)
{
	uv_mutex_lock(&core->lock);
	core->stopping = true;
	uv_cond_signal(&core->more);
	uv_mutex_unlock(&core->lock);
	uv_thread_join(&core->thread);
	uv_close((uv_handle_t *)&core->hand_over, NULL);
}

void viz_host_core_thread_free(struct viz_host_core_thread *core)
{
	struct viz_host_event *e;
	struct viz_host_batch *b;

	hand_over(core);
	while ((e = core->first) != NULL) {
		core->first = e->next;
		viz_host_event_free(e);
	}
	while ((b = viz_host_core_thread_take(core)) != NULL)
		viz_host_core_thread_batch_free(b);
	uv_cond_destroy(&core->more);
	uv_mutex_destroy(&core->lock);
	viz_host_queue_free(core->queue);
	free(core);
}
