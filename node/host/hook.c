#include "node/host/hook.h"

#include <sys/wait.h>

#include "node/host/alloc.h"
#include "node/host/core_thread.h"
#include "node/host/log.h"

struct order {
	uv_write_t req;
	struct viz_hook_order head;
	uint8_t bytes[];
};

struct viz_host_hook {
	struct viz_host_core_thread *core;
	uv_pipe_t runner;
	pid_t pid;
	struct viz_hook_answer answer; /* what has come of it */
	size_t got;
	uint64_t number; /* of the event that runs */
	bool running, ended, stopping;
};

static void report(struct viz_host_hook *h, uint64_t number, bool ok)
{
	struct viz_host_event *e = viz_host_event_new(VIZ_EVENT_HOOKED, NULL, 0);

	e->event.attempt = number;
	e->event.ok = ok;
	viz_host_core_thread_push(h->core, e);
}

static void report_end(struct viz_host_hook *h, bool ok)
{
	h->running = false;
	viz_figures_add(viz_host_core_thread_figures(h->core),
			ok ? VIZ_FIGURE_HOOKS_GOOD : VIZ_FIGURE_HOOKS_FAILED, 1);
	report(h, h->number, ok);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct viz_host_hook *h = handle->data;

	(void)suggested;
	*buf = uv_buf_init((char *)&h->answer + h->got, (unsigned)(sizeof h->answer - h->got));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	struct viz_host_hook *h = stream->data;

	(void)buf;
	if (count < 0) {
		viz_host_log(VIZ_LOG_ERROR,
			     "the process that runs the hook has ended: no hook runs "
			     "until the next start of vizinhod");
		h->ended = true;
		uv_read_stop(stream);
		if (h->running)
			report_end(h, false);
		return;
	}
	h->got += (size_t)count;
	if (h->got < sizeof h->answer)
		return;
	h->got = 0;
	if (h->running && h->answer.number == h->number)
		report_end(h, h->answer.ok != 0);
}

void viz_host_hook_new(struct viz_host_hook **out, uv_loop_t *loop,
		       struct viz_host_core_thread *core, const struct viz_hook_runner *runner)
{
	struct viz_host_hook *h = viz_host_alloc(sizeof *h);

	h->core = core;
	h->pid = runner->pid;
	VIZ_REQUIRE(uv_pipe_init(loop, &h->runner, 0) == 0);
	h->runner.data = h;
	VIZ_REQUIRE(uv_pipe_open(&h->runner, runner->fd) == 0);
	VIZ_REQUIRE(uv_read_start((uv_stream_t *)&h->runner, on_alloc, on_read) == 0);
	/* It must not keep the loop alive by itself. */
	uv_unref((uv_handle_t *)&h->runner);
	*out = h;
}

static void on_written(uv_write_t *req, int status)
{
	(void)status; /* the end of the runner is told where we read */
	free(req->data);
}

static bool send_order(struct viz_host_hook *h, uint64_t number, const uint8_t *bytes, size_t len)
{
	struct order *o = viz_host_alloc(sizeof *o + len);
	uv_buf_t buf = uv_buf_init((char *)&o->head, (unsigned)(sizeof o->head + len));

	o->req.data = o;
	o->head.number = number;
	o->head.len = len;
	if (len > 0)
		memcpy(o->bytes, bytes, len);
	if (!h->ended && uv_write(&o->req, (uv_stream_t *)&h->runner, &buf, 1, on_written) == 0)
		return true;
	free(o);
	return false;
}

void viz_host_hook_reload(struct viz_host_hook *h)
{
	(void)send_order(h, 0, NULL, 0);
}

void viz_host_hook_run(struct viz_host_hook *h, uint64_t number, const uint8_t *bytes, size_t len)
{
	if (h->running || h->stopping || !send_order(h, number, bytes, len)) {
		report(h, number, false);
		return;
	}
	h->running = true;
	h->number = number;
}

void viz_host_hook_stop(struct viz_host_hook *h)
{
	h->stopping = true;
	/* The runner ends by that, and kills what runs. It gets the event again after the next
	 * start. */
	uv_close((uv_handle_t *)&h->runner, NULL);
}

void viz_host_hook_free(struct viz_host_hook *h)
{
	(void)waitpid(h->pid, NULL, 0);
	free(h);
}
