#include "node/host/loop.h"

#include <signal.h>

#include "node/host/alloc.h"
#include "node/host/core_thread.h"
#include "node/host/control_socket.h"
#include "node/host/hook.h"
#include "node/host/log.h"
#include "node/host/meter.h"
#include "node/host/notify.h"
#include "node/host/reload.h"
#include "node/host/tcp.h"
#include "node/host/verify.h"
#include "node/host/speech.h"

#define STATUS_MS 30000   /* watchdog and status for the service manager */
#define REPORT_MS 3600000 /* counters to the log */

struct host {
	const struct viz_host_setup *setup;
	struct viz_config config; /* as it was read last */
	uv_loop_t loop;
	uv_async_t wake;
	uv_timer_t tick, status_timer, end;
	uv_signal_t term, interrupt, hangup;
	struct viz_host_core_thread *core;
	struct viz_host_tcp *tcp;
	struct viz_host_verify *verify;
	struct viz_host_hook *hook;
	struct viz_host_control_socket *control;
	struct viz_notify *notify;
	struct viz_time deadline, now;
	struct viz_clock clock;
	bool tick_queued, listening, stopping;
	bool bad_config;            /* the one on disk has a mistake */
	size_t count_sent;          /* of connections, to the service manager */
	uint64_t batches;           /* of the core, when the watchdog was fed last */
	struct viz_log_forms lines; /* of the core: peers can cause most of them */
	uint64_t reported_ms;
	int status;
};

static void stop(struct host *h);

static void push_tick(struct host *h)
{
	if (h->tick_queued)
		return;
	h->tick_queued = true;
	viz_host_core_thread_push(h->core, viz_host_event_new(VIZ_EVENT_TICK, NULL, 0));
}

static void on_tick(uv_timer_t *timer);

/* Sleeps until the core's deadline, but not long: a step of the wall clock must be noticed. */
static void arm_tick(struct host *h)
{
	int64_t wait = h->deadline.ms - h->now.ms;

	if (h->stopping || h->tick_queued)
		return;
	if (wait > VIZ_HOST_TICK_MAX_MS)
		wait = VIZ_HOST_TICK_MAX_MS;
	if (wait < 1)
		wait = 1;
	uv_timer_start(&h->tick, on_tick, (uint64_t)wait, 0);
}

static void on_tick(uv_timer_t *timer)
{
	struct host *h = timer->data;

	h->now = viz_host_clock_read(&h->clock);
	if (h->now.ms >= h->deadline.ms)
		push_tick(h);
	arm_tick(h);
}

static bool listen_all(struct host *h)
{
	const struct viz_config *config = h->setup->config;
	char error[256];
	size_t bound = 0;

	for (size_t i = 0; i < VIZ_HOST_LISTEN_MAX && config->listen[i][0] != '\0'; i++) {
		if (viz_host_tcp_listen(h->tcp, error, config->listen[i]) == VIZ_OK) {
			bound++;
			continue;
		}
		viz_host_log(config->listen_default ? VIZ_LOG_WARNING : VIZ_LOG_ERROR, "%s", error);
		if (!config->listen_default)
			return false;
	}
	if (bound == 0)
		viz_host_log(VIZ_LOG_ERROR, "%s", viz_host_speech_text(VIZ_HOST_TEXTS_NO_ADDRESS));
	return bound > 0;
}

/* To the service manager: what it has to know, and the line that `systemctl status` shows. */
static void tell(struct host *h, const char *what)
{
	char text[256];

	h->count_sent = viz_host_tcp_count(h->tcp);
	snprintf(text, sizeof text, "%sSTATUS=%zu connections%s", what, h->count_sent,
		 h->bad_config
		     ? "; the configuration has a mistake, and the one before it is in use"
		     : "");
	viz_host_notify_send(h->notify, text);
}

static void take_keys(struct host *h, const struct viz_effect *fx)
{
	viz_host_tcp_keys(h->tcp, &fx->transport, fx->has_old ? &fx->transport_old : NULL);
	if (h->listening || h->stopping)
		return;
	h->listening = listen_all(h);
	if (!h->listening) {
		h->status = VIZ_ERR_INPUT;
		return;
	}
	tell(h, "READY=1\n");
	viz_host_log(VIZ_LOG_NOTICE, "ready");
}

static void apply(struct host *h, struct viz_effect *fx)
{
	switch (fx->kind) {
	case VIZ_EFFECT_DIAL:
		viz_host_tcp_dial(h->tcp, fx->attempt, fx->text, &fx->remote, fx->bytes, fx->len);
		break;
	case VIZ_EFFECT_ADMIT:
		viz_host_tcp_admit(h->tcp, fx->link);
		break;
	case VIZ_EFFECT_SEND:
		if (fx->bulk)
			viz_host_tcp_send_bulk(h->tcp, fx->link, fx->bytes, fx->len);
		else
			viz_host_tcp_send(h->tcp, fx->link, fx->bytes, fx->len);
		break;
	case VIZ_EFFECT_CLOSE:
		viz_host_tcp_close(h->tcp, fx->link, fx->text);
		break;
	case VIZ_EFFECT_VERIFY:
		viz_host_verify_add(h->verify, fx);
		break;
	case VIZ_EFFECT_REPLY:
		viz_host_control_socket_reply(h->control, fx->client, fx->bytes, fx->len);
		break;
	case VIZ_EFFECT_KEYS:
		take_keys(h, fx);
		break;
	case VIZ_EFFECT_HOOK:
		viz_host_hook_run(h->hook, fx->attempt, fx->bytes, fx->len);
		break;
	case VIZ_EFFECT_LOG:
		if (!viz_host_log_form(&h->lines, fx->form, uv_now(&h->loop), fx->priority,
				       fx->text != NULL ? fx->text : ""))
			viz_figures_add(viz_host_core_thread_figures(h->core),
					VIZ_FIGURE_LINES_DROPPED, 1);
		break;
	}
}

static void apply_batch(struct host *h, struct viz_host_batch *b)
{
	for (size_t i = 0; i < b->effects.count; i++)
		apply(h, &b->effects.list[i]);
	for (size_t i = 0; i < b->drained_count; i++)
		viz_host_tcp_drained(h->tcp, b->drained[i].id, b->drained[i].bytes);
	h->deadline = b->deadline;
	if (b->now.ms > h->now.ms)
		h->now = b->now;
	if (b->ticked)
		h->tick_queued = false;
	viz_host_core_thread_batch_free(b);
}

/* For the metrics. The core runs once a second at least, so what they say is never older. */
static void measure(struct host *h)
{
	viz_host_tcp_measure(h->tcp);
	viz_host_verify_measure(h->verify);
	viz_host_meter_read(h->setup->meter, viz_host_core_thread_figures(h->core),
			    uv_now(&h->loop));
}

static void take_batches(struct host *h, size_t most)
{
	struct viz_host_batch *b;
	size_t n = 0;

	while (n < most && (b = viz_host_core_thread_take(h->core)) != NULL) {
		apply_batch(h, b);
		n++;
	}
	/* There may be more: after the sockets have had their turn. */
	if (n == most)
		uv_async_send(&h->wake);
	viz_host_tcp_flush(h->tcp);
	viz_host_verify_flush(h->verify);
	viz_host_tcp_hold(h->tcp, viz_host_verify_busy(h->verify));
	measure(h);
	arm_tick(h);
}

static void on_wake(uv_async_t *async)
{
	struct host *h = async->data;

	if (h->stopping)
		return;
	take_batches(h, VIZ_HOST_RESULTS_MAX);
	if (h->status != VIZ_OK)
		stop(h);
}

static void on_verified(void *arg)
{
	struct host *h = arg;

	viz_host_tcp_hold(h->tcp, viz_host_verify_busy(h->verify));
}

static void on_status(uv_timer_t *timer)
{
	struct host *h = timer->data;
	uint64_t batches = viz_host_core_thread_batches(h->core), now = uv_hrtime() / 1000000;

	/* For both threads: this one runs, and the core has committed a batch since the last time.
	 * It gets one to commit before the next. */
	if (batches != h->batches && h->notify->watchdog_ms > 0)
		viz_host_notify_send(h->notify, "WATCHDOG=1");
	h->batches = batches;
	push_tick(h);
	if (viz_host_tcp_count(h->tcp) != h->count_sent && h->listening)
		tell(h, "");
	if (now - h->reported_ms >= REPORT_MS) {
		h->reported_ms = now;
		viz_host_tcp_report(h->tcp);
	}
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct host *h = signal->data;

	viz_host_log(VIZ_LOG_NOTICE, "stopping (%s)", number == SIGTERM ? "SIGTERM" : "SIGINT");
	stop(h);
}

static void on_hangup(uv_signal_t *signal, int number)
{
	struct host *h = signal->data;
	char text[80];

	(void)number;
	if (h->stopping)
		return;
	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%llu",
		 (unsigned long long)(uv_hrtime() / 1000));
	viz_host_notify_send(h->notify, text);
	h->bad_config = !viz_host_reload_read(&h->config, h->setup->file);
	if (!h->bad_config) {
		viz_host_log_init(h->config.log_level);
		viz_host_hook_reload(h->hook);
		viz_host_core_thread_push(h->core, viz_host_reload_event(&h->config));
	}
	/* Before the start is done, its READY says both. */
	if (h->listening)
		tell(h, "READY=1\n");
}

static void on_end(uv_timer_t *timer)
{
	struct host *h = timer->data;

	if (h->control != NULL)
		viz_host_control_socket_stop(h->control, true);
}

static void stop(struct host *h)
{
	if (h->stopping)
		return;
	viz_host_notify_send(h->notify, "STOPPING=1\nSTATUS=stopping");
	viz_host_core_thread_stop(h->core);
	h->stopping = true;
	take_batches(h, SIZE_MAX);
	viz_host_verify_stop(h->verify);
	viz_host_tcp_stop(h->tcp);
	if (h->control != NULL)
		viz_host_control_socket_stop(h->control, false);
	viz_host_tcp_report(h->tcp);
	uv_close((uv_handle_t *)&h->wake, NULL);
	uv_close((uv_handle_t *)&h->tick, NULL);
	uv_close((uv_handle_t *)&h->status_timer, NULL);
	uv_close((uv_handle_t *)&h->term, NULL);
	uv_close((uv_handle_t *)&h->interrupt, NULL);
	uv_close((uv_handle_t *)&h->hangup, NULL);
	viz_host_hook_stop(h->hook);
	/* It ends clients that do not read. It must not keep the loop alive by itself. */
	uv_timer_start(&h->end, on_end, h->setup->limits->flush_ms, 0);
	uv_unref((uv_handle_t *)&h->end);
}

static void init_handles(struct host *h)
{
	VIZ_REQUIRE(uv_loop_init(&h->loop) == 0);
	VIZ_REQUIRE(uv_async_init(&h->loop, &h->wake, on_wake) == 0);
	VIZ_REQUIRE(uv_timer_init(&h->loop, &h->tick) == 0);
	VIZ_REQUIRE(uv_timer_init(&h->loop, &h->status_timer) == 0);
	VIZ_REQUIRE(uv_timer_init(&h->loop, &h->end) == 0);
	VIZ_REQUIRE(uv_signal_init(&h->loop, &h->term) == 0);
	VIZ_REQUIRE(uv_signal_init(&h->loop, &h->interrupt) == 0);
	VIZ_REQUIRE(uv_signal_init(&h->loop, &h->hangup) == 0);
	h->wake.data = h->tick.data = h->status_timer.data = h->end.data = h;
	h->term.data = h->interrupt.data = h->hangup.data = h;
}

static int start(struct host *h)
{
	const struct viz_host_setup *s = h->setup;
	uint64_t status_ms = STATUS_MS;
	char error[256];
	int err;

	err = viz_host_control_socket_new(&h->control, error, &h->loop, h->core, s->socket,
					  s->config->group, s->limits->ctl_idle_ms);
	if (err != VIZ_OK) {
		viz_host_log(VIZ_LOG_ERROR, "%s", error);
		return err;
	}
	if (h->notify->watchdog_ms > 0 && h->notify->watchdog_ms < status_ms)
		status_ms = h->notify->watchdog_ms;
	VIZ_REQUIRE(uv_timer_start(&h->status_timer, on_status, status_ms, status_ms) == 0);
	VIZ_REQUIRE(uv_signal_start(&h->term, on_signal, SIGTERM) == 0);
	VIZ_REQUIRE(uv_signal_start(&h->interrupt, on_signal, SIGINT) == 0);
	VIZ_REQUIRE(uv_signal_start(&h->hangup, on_hangup, SIGHUP) == 0);
	/* The first batch brings the keys, and then we listen. */
	push_tick(h);
	return VIZ_OK;
}

int viz_host_loop_run(const struct viz_host_setup *setup)
{
	struct host *h = viz_host_alloc(sizeof *h);
	uint8_t prologue[VIZ_PROLOGUE_LEN];
	int status;

	h->setup = setup;
	h->config = *setup->config;
	h->clock = setup->clock;
	h->now = h->deadline = setup->clock.now;
	h->notify = setup->notify;
	h->reported_ms = uv_hrtime() / 1000000;
	init_handles(h);
	viz_ids_prologue(prologue, viz_node_federation(setup->node));
	if (viz_host_core_thread_start(&h->core, setup->node, &h->wake, &setup->clock) != VIZ_OK) {
		viz_host_log(VIZ_LOG_ERROR, "%s", viz_host_speech_text(VIZ_HOST_TEXTS_NO_THREAD));
		return VIZ_ERR_NOMEM; /* the process ends and frees all */
	}
	viz_host_tcp_new(&h->tcp, &h->loop, h->core, setup->limits, prologue);
	viz_host_verify_new(&h->verify, &h->loop, h->core);
	viz_host_verify_watch(h->verify, on_verified, h);
	viz_host_hook_new(&h->hook, &h->loop, h->core, setup->runner);
	h->status = start(h);
	if (h->status != VIZ_OK)
		stop(h);
	uv_run(&h->loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&h->end, NULL);
	uv_run(&h->loop, UV_RUN_DEFAULT);
	VIZ_REQUIRE(uv_loop_close(&h->loop) == 0);
	if (h->control != NULL)
		viz_host_control_socket_free(h->control);
	viz_host_verify_free(h->verify);
	viz_host_hook_free(h->hook);
	viz_host_tcp_free(h->tcp);
	viz_host_core_thread_free(h->core);
	status = h->status;
	free(h);
	return status;
}
