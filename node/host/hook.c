#include "node/host/hook.h"

#include <signal.h>

#include "node/host/alloc.h"
#include "node/host/core_thread.h"
#include "node/host/log.h"
#include "node/host/speech.h"

/* One run: the process and the pipe to it. */
struct run {
	struct viz_host_hook *hook;
	uv_process_t process;
	uv_pipe_t in;
	uv_write_t write;
	uint8_t *bytes;
	uint64_t number;
	unsigned handles; /* open; the run is freed with the last one */
};

struct viz_host_hook {
	uv_loop_t *loop;
	struct viz_host_core_thread *core;
	uv_timer_t timer;
	char program[PATH_MAX];
	struct run *run; /* NULL: none */
	bool stopping;
};

static void report(struct viz_host_hook *h, uint64_t number, bool ok)
{
	struct viz_host_event *e = viz_host_event_new(VIZ_EVENT_HOOKED, NULL, 0);

	e->event.attempt = number;
	e->event.ok = ok;
	viz_host_core_thread_push(h->core, e);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct run *r = handle->data;

	if (--r->handles > 0)
		return;
	free(r->bytes);
	free(r);
}

static void close_in(struct run *r)
{
	if (!uv_is_closing((uv_handle_t *)&r->in))
		uv_close((uv_handle_t *)&r->in, on_handle_closed);
}

static void on_written(uv_write_t *write, int status)
{
	(void)status; /* a program that does not read may still have done its work */
	close_in(write->data);
}

static void kill_run(const struct run *r)
{
	/* The program leads a group of its own: what it has started ends with it. */
	(void)kill(-r->process.pid, SIGKILL);
}

static void on_ended(uv_process_t *process, int64_t status, int signal)
{
	struct run *r = process->data;
	struct viz_host_hook *h = r->hook;

	close_in(r);
	uv_close((uv_handle_t *)process, on_handle_closed);
	h->run = NULL;
	if (h->stopping)
		return;
	uv_timer_stop(&h->timer);
	report(h, r->number, status == 0 && signal == 0);
}

static void on_late(uv_timer_t *timer)
{
	struct viz_host_hook *h = timer->data;

	if (h->run == NULL)
		return;
	viz_host_log(VIZ_LOG_WARNING, "the hook did not end within %d s: killed",
		     VIZ_HOST_HOOK_MS / 1000);
	kill_run(h->run);
}

void viz_host_hook_new(struct viz_host_hook **out, uv_loop_t *loop,
		       struct viz_host_core_thread *core)
{
	struct viz_host_hook *h = viz_host_alloc(sizeof *h);

	h->loop = loop;
	h->core = core;
	VIZ_REQUIRE(uv_timer_init(loop, &h->timer) == 0);
	h->timer.data = h;
	uv_unref((uv_handle_t *)&h->timer);
	*out = h;
}

void viz_host_hook_program(struct viz_host_hook *h, const char *path)
{
	snprintf(h->program, sizeof h->program, "%s", path);
}

/* Nothing of our environment: it may name sockets that are not the program's. */
static int spawn(struct viz_host_hook *h, struct run *r)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	static char lang[] = "LANG=C.UTF-8";
	char *args[] = {h->program, NULL}, *env[] = {path, lang, NULL};
	uv_stdio_container_t stdio[3] = {
	    {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&r->in},
	    {.flags = UV_IGNORE},
	    {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO}};
	uv_process_options_t options = {.exit_cb = on_ended,
					.file = h->program,
					.args = args,
					.env = env,
					.cwd = "/",
					.flags = UV_PROCESS_DETACHED,
					.stdio_count = 3,
					.stdio = stdio};

	return uv_spawn(h->loop, &r->process, &options);
}

void viz_host_hook_run(struct viz_host_hook *h, uint64_t number, const uint8_t *bytes, size_t len)
{
	struct run *r;
	uv_buf_t buf;
	int err;

	if (h->program[0] == '\0' || h->run != NULL) {
		report(h, number, false);
		return;
	}
	r = viz_host_alloc(sizeof *r);
	r->hook = h;
	r->number = number;
	r->bytes = viz_host_alloc(len);
	memcpy(r->bytes, bytes, len);
	VIZ_REQUIRE(uv_pipe_init(h->loop, &r->in, 0) == 0);
	r->in.data = r->process.data = r->write.data = r;
	r->handles = 2;
	err = spawn(h, r);
	if (err != 0) {
		viz_host_log(VIZ_LOG_WARNING, "the hook %s does not run: %s", h->program,
			     viz_host_speech_errno(-err));
		close_in(r);
		uv_close((uv_handle_t *)&r->process, on_handle_closed);
		report(h, number, false);
		return;
	}
	h->run = r;
	buf = uv_buf_init((char *)r->bytes, (unsigned)len);
	if (uv_write(&r->write, (uv_stream_t *)&r->in, &buf, 1, on_written) != 0)
		close_in(r);
	VIZ_REQUIRE(uv_timer_start(&h->timer, on_late, VIZ_HOST_HOOK_MS, 0) == 0);
}

void viz_host_hook_stop(struct viz_host_hook *h)
{
	h->stopping = true;
	uv_close((uv_handle_t *)&h->timer, NULL);
	/* It gets the event again after the next start. */
	if (h->run != NULL)
		kill_run(h->run);
}

void viz_host_hook_free(struct viz_host_hook *h)
{
	free(h);
}
