#include "node/host/connection.h"

#include <netinet/tcp.h>

#include "crypto/secret.h"
#include "node/host/alloc.h"
#include "node/host/output.h"
#include "node/host/random.h"

#define EARLY_BUFFER 512 /* bytes of a handshake that are read at first */

void viz_host_connection_prepare(struct viz_host_connection *c, const struct viz_pub *remote,
				 const uint8_t *hello, size_t hello_len)
{
	struct viz_secret ephemeral;
	struct viz_host_handshake_config config = {
	    .prologue = c->all->prologue,
	    .prologue_len = sizeof c->all->prologue,
	    .keys = &c->all->keys,
	    .ephemeral = &ephemeral,
	    .remote = remote,
	    .hello = hello,
	    .hello_len = hello_len,
	};

	viz_host_random(ephemeral.b, sizeof ephemeral.b);
	viz_host_handshake_init(&c->handshake, &config);
	viz_secret_wipe(&ephemeral, sizeof ephemeral);
}

/* The handshake is complete: the core gets the hello of the peer, or hears that ours was sent. */
static int establish(struct viz_host_connection *c)
{
	struct viz_host_handshake_result result;
	struct viz_host_event *e;
	int err = viz_host_handshake_finish(&c->handshake, &result);

	if (err != VIZ_OK)
		return err;
	c->session = result.session;
	c->received_ms = c->sent_ms = c->rekeyed_ms = uv_now(c->all->loop);
	e = viz_host_event_new(c->inbound ? VIZ_EVENT_HELLO : VIZ_EVENT_OPENED, result.hello,
			       result.hello_len);
	e->event.link = c->id;
	e->event.attempt = c->attempt;
	e->event.remote = result.remote;
	e->event.old_key = result.old_key;
	viz_host_connections_become(c, c->inbound ? VIZ_CONNECTION_WAITING : VIZ_CONNECTION_OPEN);
	c->known = true;
	viz_host_core_thread_push(c->all->core, e);
	viz_secret_wipe(&result, sizeof result);
	return VIZ_OK;
}

/* The next step with a message that has come (NULL, 0: the initiator's first). */
static enum viz_close_reason take_handshake(struct viz_host_connection *c, const uint8_t *message,
					    size_t len)
{
	enum viz_host_handshake_step step;
	size_t out_len;
	uint8_t *out;
	int err = VIZ_OK;

	/* Asked again before the costly message: others may have been established since it came. */
	if (c->handshake.state == VIZ_HANDSHAKE_MESSAGE_3 && viz_host_connections_full(c))
		return VIZ_CLOSE_FULL;
	c->received_ms = uv_now(c->all->loop);
	out = viz_host_alloc(VIZ_FRAME_MAX);
	step = viz_host_handshake_take(&c->handshake, out, &out_len, message, len);
	if (out_len > 0)
		viz_host_output_message(c, out, out_len);
	free(out);
	if (c->state == VIZ_CONNECTION_CLOSING)
		return VIZ_CLOSE_NONE;
	switch (step) {
	case VIZ_HANDSHAKE_WAIT:
		break;
	case VIZ_HANDSHAKE_HELLO:
	case VIZ_HANDSHAKE_DONE:
		err = establish(c);
		break;
	case VIZ_HANDSHAKE_FAILED:
		err = VIZ_ERR_AUTH;
		break;
	}
	return err == VIZ_OK ? VIZ_CLOSE_NONE : VIZ_CLOSE_HANDSHAKE;
}

/* What the kernel has taken goes before all that comes later: it takes no more than is on its way
 * at the speed that we need on a long way, and little that it cannot send yet. */
static void keep_little_in_kernel(struct viz_host_connection *c)
{
	int most = VIZ_HOST_NOT_SENT, all = VIZ_HOST_IN_KERNEL;
	uv_os_fd_t fd;

	uv_send_buffer_size((uv_handle_t *)&c->tcp, &all);
	if (uv_fileno((uv_handle_t *)&c->tcp, &fd) == 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
}

void viz_host_connection_begin(struct viz_host_connection *c)
{
	enum viz_close_reason reason = VIZ_CLOSE_NONE;

	uv_tcp_nodelay(&c->tcp, 1);
	keep_little_in_kernel(c);
	if (!c->inbound) {
		viz_host_connections_become(c, VIZ_CONNECTION_HANDSHAKE);
		reason = take_handshake(c, NULL, 0);
	}
	if (reason != VIZ_CLOSE_NONE)
		viz_host_connections_end(c, reason);
	viz_host_connection_proceed(c);
}

void viz_host_connection_admit(struct viz_host_connection *c)
{
	if (c->state != VIZ_CONNECTION_WAITING)
		return;
	viz_host_connections_become(c, VIZ_CONNECTION_OPEN);
	viz_host_connection_proceed(c);
}

/* Hands a body to the core, and stops reading when it has enough of this connection, or of all. */
static void give_message(struct viz_host_connection *c, uint8_t *plain, size_t plain_len,
			 size_t body_len)
{
	struct viz_host_event *e = viz_host_event_new(VIZ_EVENT_MESSAGE, plain, plain_len);
	struct viz_host_connections *all = c->all;
	const struct viz_host_limits *limits = all->limits;

	e->event.bytes = plain + VIZ_FRAME_HEADER;
	e->event.len = body_len;
	e->event.link = c->id;
	c->queued_messages++;
	c->queued_bytes += plain_len;
	all->queued_messages++;
	all->queued_bytes += plain_len;
	c->full =
	    c->queued_messages >= limits->queue_messages || c->queued_bytes >= limits->queue_bytes;
	all->flooded = all->flooded || all->queued_messages >= VIZ_HOST_QUEUE_MESSAGES ||
		       all->queued_bytes >= VIZ_HOST_QUEUE_BYTES;
	viz_host_core_thread_push(all->core, e);
}

static enum viz_close_reason take_transport(struct viz_host_connection *c, const uint8_t *sealed,
					    size_t len)
{
	size_t plain_len = len - VIZ_SESSION_TAG, body_len = 0;
	uint8_t *plain = viz_host_alloc(plain_len);
	enum viz_close_reason reason = VIZ_CLOSE_NONE;
	enum viz_frame_kind kind = VIZ_FRAME_KEEPALIVE;

	if (viz_session_open(&c->session, plain, sealed, len) != VIZ_OK) {
		reason = VIZ_CLOSE_AUTH;
	} else if (viz_host_frame_unpad(&kind, &body_len, plain, plain_len) != VIZ_OK) {
		reason = VIZ_CLOSE_PADDING;
	} else {
		c->received_ms = uv_now(c->all->loop);
		if (kind == VIZ_FRAME_REKEY)
			viz_session_rekey_receive(&c->session);
		if (kind == VIZ_FRAME_BODY) {
			give_message(c, plain, plain_len, body_len);
			return VIZ_CLOSE_NONE;
		}
	}
	viz_secret_wipe(plain, plain_len);
	free(plain);
	return reason;
}

static void refill_bucket(struct viz_host_connection *c)
{
	const struct viz_host_limits *limits = c->all->limits;
	uint64_t now = uv_now(c->all->loop), passed = now - c->tokens_ms;

	c->tokens_ms = now;
	if (passed > 1000000) /* the product below must not overflow */
		passed = 1000000;
	c->tokens += (int64_t)(passed * limits->rate_bytes / 1000);
	if (c->tokens > (int64_t)limits->burst_bytes)
		c->tokens = limits->burst_bytes;
	if (c->tokens > 0)
		c->spent = false;
}

static bool may_take(const struct viz_host_connection *c)
{
	switch (c->state) {
	case VIZ_CONNECTION_HANDSHAKE:
		return true;
	case VIZ_CONNECTION_OPEN:
		return !c->full && !c->spent && !c->all->flooded && !c->all->held;
	case VIZ_CONNECTION_CONNECTING:
	case VIZ_CONNECTION_WAITING:
	case VIZ_CONNECTION_FLUSHING:
	case VIZ_CONNECTION_CLOSING:
		return false;
	}
	return false;
}

/* Before the message's bytes are waited for. */
static enum viz_close_reason judge_length(const struct viz_host_connection *c, size_t len)
{
	if (c->state == VIZ_CONNECTION_HANDSHAKE)
		return viz_host_handshake_length_ok(&c->handshake, len) ? VIZ_CLOSE_NONE
									: VIZ_CLOSE_HANDSHAKE;
	return len < VIZ_FRAME_HEADER + VIZ_SESSION_TAG ? VIZ_CLOSE_FRAME : VIZ_CLOSE_NONE;
}

/* One frame whose length has been judged. */
static enum viz_close_reason take_frame(struct viz_host_connection *c, const uint8_t *message,
					size_t len)
{
	size_t cost = len + VIZ_FRAME_HEADER;

	viz_figures_add(c->all->figures, VIZ_FIGURE_FRAMES_IN, 1);
	if (c->state == VIZ_CONNECTION_HANDSHAKE)
		return take_handshake(c, message, len);
	refill_bucket(c);
	if (cost < c->all->limits->frame_cost)
		cost = c->all->limits->frame_cost;
	c->tokens -= (int64_t)cost;
	c->spent = c->tokens <= 0;
	return take_transport(c, message, len);
}

static void take_frames(struct viz_host_connection *c)
{
	size_t at = 0, len;

	while (may_take(c)) {
		bool whole = viz_host_frame_whole(c->rx + at, c->rx_len - at, &len);
		enum viz_close_reason reason = VIZ_CLOSE_NONE;

		if (c->rx_len - at >= VIZ_FRAME_HEADER)
			reason = judge_length(c, len);
		if (reason == VIZ_CLOSE_NONE && !whole)
			break;
		if (reason == VIZ_CLOSE_NONE) {
			reason = take_frame(c, c->rx + at + VIZ_FRAME_HEADER, len);
			at += VIZ_FRAME_HEADER + len;
		}
		if (reason != VIZ_CLOSE_NONE) {
			viz_host_connections_end(c, reason);
			return;
		}
	}
	if (at > 0)
		memmove(c->rx, c->rx + at, c->rx_len - at);
	c->rx_len -= at;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct viz_host_connection *c = handle->data;

	(void)suggested;
	if (c->rx == NULL || c->rx_len == c->rx_capacity) {
		/* A stranger gets no more memory than it has filled. Not zeroed: this runs for each
		 * read. */
		c->rx_capacity = c->state == VIZ_CONNECTION_OPEN ? VIZ_FRAME_BUFFER
				 : c->rx == NULL                 ? EARLY_BUFFER
								 : 2 * c->rx_capacity;
		if (c->rx_capacity > VIZ_FRAME_BUFFER)
			c->rx_capacity = VIZ_FRAME_BUFFER;
		c->rx = realloc(c->rx, c->rx_capacity);
		VIZ_REQUIRE(c->rx != NULL);
	}
	*buf = uv_buf_init((char *)c->rx + c->rx_len, (unsigned)(c->rx_capacity - c->rx_len));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	struct viz_host_connection *c = stream->data;

	(void)buf;
	if (c->state == VIZ_CONNECTION_CLOSING)
		return;
	if (count < 0) {
		viz_host_connections_end(c, count == UV_EOF ? VIZ_CLOSE_PEER : VIZ_CLOSE_IO);
		return;
	}
	c->rx_len += (size_t)count;
	viz_figures_add(c->all->figures, VIZ_FIGURE_BYTES_IN, (uint64_t)count);
	viz_host_connection_proceed(c);
}

void viz_host_connection_proceed(struct viz_host_connection *c)
{
	bool want;

	if (c->state == VIZ_CONNECTION_CLOSING)
		return;
	if (c->state == VIZ_CONNECTION_FLUSHING)
		c->rx_len = 0;
	if (c->rx_len > 0)
		take_frames(c);
	if (c->state == VIZ_CONNECTION_CLOSING)
		return;
	if (c->rx_len == 0) {
		free(c->rx);
		c->rx = NULL;
	}
	want = may_take(c) || c->state == VIZ_CONNECTION_FLUSHING;
	if (want && !c->reading && uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) != 0) {
		viz_host_connections_end(c, VIZ_CLOSE_IO);
		return;
	}
	if (!want && c->reading)
		uv_read_stop((uv_stream_t *)&c->tcp);
	c->reading = want;
}

static void on_shutdown(uv_shutdown_t *req, int status)
{
	struct viz_host_connection *c = req->data;

	free(req);
	/* The peer closes when it has read all. If we closed here while bytes of it are unread, the
	 * kernel would send a reset, which may overtake what we sent. */
	if (status < 0)
		viz_host_connections_end(c, VIZ_CLOSE_IO);
}

void viz_host_connection_finish(struct viz_host_connection *c, enum viz_close_reason reason,
				const char *words)
{
	uv_shutdown_t *req;
	bool silent;

	if (c->state != VIZ_CONNECTION_OPEN && c->state != VIZ_CONNECTION_WAITING) {
		viz_host_connections_end(c, reason);
		return;
	}
	viz_host_output_flush_all(c);
	if (c->state == VIZ_CONNECTION_CLOSING)
		return;
	viz_host_connections_count(c, reason, words);
	/* A stranger to whom nothing was said: its place is free for others now. */
	silent = c->state == VIZ_CONNECTION_WAITING && c->out_bytes == 0;
	viz_host_connections_become(c, VIZ_CONNECTION_FLUSHING);
	c->flush_ms = uv_now(c->all->loop);
	c->rx_len = 0;
	if (silent) {
		viz_host_connections_end(c, reason);
		return;
	}
	req = viz_host_alloc(sizeof *req);
	req->data = c;
	if (uv_shutdown(req, (uv_stream_t *)&c->tcp, on_shutdown) != 0) {
		free(req);
		viz_host_connections_end(c, VIZ_CLOSE_IO);
		return;
	}
	viz_host_connection_proceed(c);
}

static void keep_alive(struct viz_host_connection *c, uint64_t now)
{
	static const uint8_t keepalive[2] = {0, 0}, rekey[2] = {0xff, 0xff};
	const struct viz_host_limits *limits = c->all->limits;

	if (now - c->rekeyed_ms >= limits->rekey_ms) {
		viz_host_output_seal(c, rekey, sizeof rekey);
		viz_session_rekey_send(&c->session);
		c->rekeyed_ms = now;
	}
	if (now - c->sent_ms >= limits->keepalive_ms)
		viz_host_output_seal(c, keepalive, sizeof keepalive);
	viz_host_output_flush(c);
}

/* Whether something waits for the peer, and it has taken nothing of it for too long. */
static bool is_stuck(struct viz_host_connection *c, uint64_t now)
{
	size_t queue = uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp);
	uint64_t taken = c->handed_bytes - queue;

	if (queue == 0 || taken != c->taken_bytes) {
		c->taken_bytes = taken;
		c->taken_ms = now;
	}
	return now - c->taken_ms >= c->all->limits->slow_ms;
}

static void sweep_open(struct viz_host_connection *c, uint64_t now)
{
	refill_bucket(c);
	viz_host_connection_proceed(c);
	/* While we do not read, silence is not the peer's. */
	if (!c->reading)
		c->received_ms = now;
	if (c->state == VIZ_CONNECTION_OPEN && now - c->received_ms >= c->all->limits->idle_ms)
		viz_host_connections_end(c, VIZ_CLOSE_IDLE);
	if (c->state == VIZ_CONNECTION_OPEN && is_stuck(c, now))
		viz_host_connections_end(c, VIZ_CLOSE_SLOW);
	if (c->state == VIZ_CONNECTION_OPEN)
		keep_alive(c, now);
}

void viz_host_connection_sweep(struct viz_host_connection *c)
{
	const struct viz_host_limits *limits = c->all->limits;
	uint64_t now = uv_now(c->all->loop), age = now - c->since_ms;

	switch (c->state) {
	case VIZ_CONNECTION_CONNECTING:
	case VIZ_CONNECTION_HANDSHAKE:
	case VIZ_CONNECTION_WAITING:
		if (age >= limits->handshake_ms ||
		    (c->handshake.state == VIZ_HANDSHAKE_MESSAGE_1 && age >= limits->message_1_ms))
			viz_host_connections_end(c, VIZ_CLOSE_TIMEOUT);
		break;
	case VIZ_CONNECTION_OPEN:
		sweep_open(c, now);
		break;
	case VIZ_CONNECTION_FLUSHING:
		if (now - c->flush_ms >= limits->flush_ms)
			viz_host_connections_end(c, VIZ_CLOSE_IO);
		break;
	case VIZ_CONNECTION_CLOSING:
		break;
	}
}
