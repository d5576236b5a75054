/* One link: its buffers, its frames, its end. */
#include "node/host/connection.h"

#include "crypto/sign.h"

#define TX_CHUNK 262144 /* bytes: handed to libuv when so much has gathered */

struct write {
	uv_write_t req;
	struct viz_host_link *link;
	uint8_t *bytes;
	size_t len;
};

const char *viz_close_name(enum viz_close_reason reason)
{
	static const char *const names[] = {
#define X(name, text) text,
	    VIZ_CLOSE_REASONS(X)
#undef X
	};

	return names[reason];
}

struct viz_host_link *viz_host_link_new(struct viz_host_tcp *t)
{
	struct viz_host_link *link;
	size_t slot = 0;

	while (slot < VIZ_LINK_SLOTS && t->slots[slot] != NULL)
		slot++;
	if (slot == VIZ_LINK_SLOTS)
		return NULL;
	link = viz_host_alloc(sizeof *link);
	VIZ_REQUIRE(uv_tcp_init(t->loop, &link->tcp) == 0);
	link->tcp.data = link;
	link->host = t;
	link->id = ++t->serial * VIZ_LINK_SLOTS + slot;
	link->reason = VIZ_CLOSE_COUNT;
	link->since_ms = link->received_ms = link->sent_ms = link->tokens_ms = uv_now(t->loop);
	link->tokens = t->limits->burst_bytes;
	t->slots[slot] = link;
	t->link_count++;
	return link;
}

struct viz_host_link *viz_host_link_find(const struct viz_host_tcp *t, uint64_t id)
{
	struct viz_host_link *link = t->slots[id % VIZ_LINK_SLOTS];

	return link != NULL && link->id == id && link->state != VIZ_LINK_CLOSING ? link : NULL;
}

static void on_closed(uv_handle_t *handle)
{
	struct viz_host_link *link = handle->data;
	struct viz_host_tcp *t = link->host;
	struct viz_host_event *e = NULL;

	if (link->told)
		e = viz_host_event_new(VIZ_EVENT_CLOSED, NULL, 0);
	else if (!link->inbound)
		e = viz_host_event_new(VIZ_EVENT_DIAL_FAILED, NULL, 0);
	if (e != NULL) {
		e->event.link = link->told ? link->id : 0;
		e->event.attempt = link->attempt;
		viz_host_core_push(t->core, e);
	}
	t->slots[link->id % VIZ_LINK_SLOTS] = NULL;
	t->link_count--;
	viz_handshake_free(link->handshake);
	viz_session_wipe(&link->session);
	if (link->hello != NULL)
		viz_wipe(link->hello, link->hello_len);
	free(link->hello);
	free(link->rx);
	free(link->tx);
	free(link);
	if (t->stopping && t->link_count == 0 && !uv_is_closing((uv_handle_t *)&t->sweep))
		uv_close((uv_handle_t *)&t->sweep, NULL);
}

void viz_host_link_count(struct viz_host_tcp *t, enum viz_close_reason reason, uint64_t link,
			 const struct viz_prefix *prefix, const char *words)
{
	char from[VIZ_ADDR_TEXT_MAX];
	unsigned dropped = 0;

	t->closed[reason]++;
	if (!viz_host_log_gate(&t->gates[reason], &dropped, uv_now(t->loop)))
		return;
	viz_host_prefix_text(from, prefix);
	if (dropped > 0)
		viz_host_log(VIZ_LOG_INFO, "%u more links ended for reason %s", dropped,
			     viz_close_name(reason));
	viz_host_log(VIZ_LOG_INFO, "link %llu (%s) ends: %s%s%s", (unsigned long long)link, from,
		     viz_close_name(reason), words != NULL ? ", " : "", words != NULL ? words : "");
}

void viz_host_link_fail(struct viz_host_link *link, enum viz_close_reason reason)
{
	if (link->state == VIZ_LINK_CLOSING)
		return;
	/* A link that is being finished was counted with its own reason. */
	if (link->state != VIZ_LINK_FLUSHING)
		viz_host_link_count(link->host, reason, link->id, &link->prefix, NULL);
	link->state = VIZ_LINK_CLOSING;
	/* Their memory goes when the loop comes round. */
	link->host->out_bytes -= link->out_bytes;
	link->out_bytes = 0;
	uv_close((uv_handle_t *)&link->tcp, on_closed);
}

static void on_shutdown(uv_shutdown_t *req, int status)
{
	struct viz_host_link *link = req->data;

	free(req);
	/* The peer has all and closes when it reads our end; closing here while bytes of it are
	 * unread would make the kernel send a reset, which may overtake what we sent. */
	if (status < 0)
		viz_host_link_fail(link, VIZ_CLOSE_IO);
}

void viz_host_link_finish(struct viz_host_link *link, enum viz_close_reason reason,
			  const char *words)
{
	uv_shutdown_t *req;

	if (link->state != VIZ_LINK_OPEN && link->state != VIZ_LINK_WAITING) {
		viz_host_link_fail(link, reason);
		return;
	}
	viz_host_link_flush(link);
	if (link->state == VIZ_LINK_CLOSING)
		return;
	viz_host_link_count(link->host, reason, link->id, &link->prefix, words);
	link->state = VIZ_LINK_FLUSHING;
	link->flush_ms = uv_now(link->host->loop);
	link->rx_len = 0;
	req = viz_host_alloc(sizeof *req);
	req->data = link;
	if (uv_shutdown(req, (uv_stream_t *)&link->tcp, on_shutdown) != 0) {
		free(req);
		viz_host_link_fail(link, VIZ_CLOSE_IO);
		return;
	}
	viz_host_link_proceed(link);
}

static void on_written(uv_write_t *req, int status)
{
	struct write *w = (struct write *)req;
	struct viz_host_link *link = w->link;

	if (link->state != VIZ_LINK_CLOSING) {
		link->out_bytes -= w->len;
		link->host->out_bytes -= w->len;
	}
	free(w->bytes);
	free(w);
	if (status < 0)
		viz_host_link_fail(link, VIZ_CLOSE_IO);
}

/* Links that read nothing hold what is written to them: together no more than the limit, and those
 * go first that hold most. */
static void bound_all(struct viz_host_tcp *t)
{
	while (t->out_bytes > t->limits->out_all_bytes) {
		struct viz_host_link *fullest = NULL;

		for (size_t i = 0; i < VIZ_LINK_SLOTS; i++)
			if (t->slots[i] != NULL &&
			    (fullest == NULL || t->slots[i]->out_bytes > fullest->out_bytes))
				fullest = t->slots[i];
		VIZ_REQUIRE(fullest != NULL && fullest->out_bytes > 0);
		viz_host_link_fail(fullest, VIZ_CLOSE_SLOW);
	}
}

void viz_host_link_flush(struct viz_host_link *link)
{
	struct viz_host_tcp *t = link->host;
	struct write *w;
	uv_buf_t buf;

	if (link->tx_len == 0 || link->state == VIZ_LINK_CLOSING ||
	    link->state == VIZ_LINK_FLUSHING)
		return;
	w = viz_host_alloc(sizeof *w);
	w->link = link;
	w->bytes = link->tx;
	w->len = link->tx_len;
	buf = uv_buf_init((char *)link->tx, (unsigned)link->tx_len);
	link->tx = NULL;
	link->tx_len = link->tx_room = 0;
	link->sent_ms = uv_now(t->loop);
	if (uv_write(&w->req, (uv_stream_t *)&link->tcp, &buf, 1, on_written) != 0) {
		free(w->bytes);
		free(w);
		viz_host_link_fail(link, VIZ_CLOSE_IO);
		return;
	}
	link->handed_bytes += buf.len;
	link->out_bytes += buf.len;
	t->out_bytes += buf.len;
	if (uv_stream_get_write_queue_size((uv_stream_t *)&link->tcp) > t->limits->out_bytes)
		viz_host_link_fail(link, VIZ_CLOSE_SLOW);
	bound_all(t);
}

/* Room for a frame of `len` bytes at the end of tx. */
static uint8_t *tx_room(struct viz_host_link *link, size_t len)
{
	size_t need = link->tx_len + VIZ_FRAME_HEADER + len;
	uint8_t *at;

	if (need > link->tx_room) {
		size_t room = link->tx_room > 0 ? link->tx_room * 2 : 1024;

		while (room < need)
			room *= 2;
		link->tx = realloc(link->tx, room); /* ciphertext: nothing to wipe */
		VIZ_REQUIRE(link->tx != NULL);
		link->tx_room = room;
	}
	at = link->tx + link->tx_len;
	viz_put_u16be(at, (uint16_t)len);
	link->tx_len = need;
	return at + VIZ_FRAME_HEADER;
}

void viz_host_link_send_raw(struct viz_host_link *link, const uint8_t *message, size_t len)
{
	VIZ_REQUIRE(len <= VIZ_FRAME_MAX);
	memcpy(tx_room(link, len), message, len);
	viz_host_link_flush(link);
}

void viz_host_link_send(struct viz_host_link *link, const uint8_t *plain, size_t len)
{
	VIZ_REQUIRE(len >= VIZ_FRAME_HEADER && len <= VIZ_FRAME_PLAIN_MAX);
	if (link->state != VIZ_LINK_OPEN)
		return;
	/* Only 2^64 messages under one session could make this fail. */
	VIZ_REQUIRE(viz_session_seal(&link->session, tx_room(link, len + VIZ_SESSION_TAG), plain,
				     len) == VIZ_OK);
	if (link->tx_len >= TX_CHUNK)
		viz_host_link_flush(link);
}

/* Hands a body to the core, and stops reading when it has enough of this link, or of all. */
static void give_message(struct viz_host_link *link, uint8_t *plain, size_t plain_len,
			 size_t body_len)
{
	struct viz_host_event *e = viz_host_event_new(VIZ_EVENT_MESSAGE, plain, plain_len);
	struct viz_host_tcp *t = link->host;
	const struct viz_host_link_limits *limits = t->limits;

	e->event.bytes = plain + VIZ_FRAME_HEADER;
	e->event.len = body_len;
	e->event.link = link->id;
	link->queued_messages++;
	link->queued_bytes += plain_len;
	t->queued_messages++;
	t->queued_bytes += plain_len;
	link->full = link->queued_messages >= limits->queue_messages ||
		     link->queued_bytes >= limits->queue_bytes;
	t->flooded = t->flooded || t->queued_messages >= VIZ_HOST_QUEUE_MESSAGES ||
		     t->queued_bytes >= VIZ_HOST_QUEUE_BYTES;
	viz_host_core_push(t->core, e);
}

static enum viz_close_reason take_transport(struct viz_host_link *link, const uint8_t *sealed,
					    size_t len)
{
	size_t plain_len = len - VIZ_SESSION_TAG, body_len = 0;
	uint8_t *plain = viz_host_alloc(plain_len);
	enum viz_close_reason reason = VIZ_CLOSE_COUNT;
	enum viz_frame_kind kind = VIZ_FRAME_KEEPALIVE;

	if (viz_session_open(&link->session, plain, sealed, len) != VIZ_OK) {
		reason = VIZ_CLOSE_AUTH;
	} else if (viz_frame_unpad(&kind, &body_len, plain, plain_len) != VIZ_OK) {
		reason = VIZ_CLOSE_PADDING;
	} else {
		link->received_ms = uv_now(link->host->loop);
		if (kind == VIZ_FRAME_REKEY)
			viz_session_rekey_receive(&link->session);
		if (kind == VIZ_FRAME_BODY) {
			give_message(link, plain, plain_len, body_len);
			return VIZ_CLOSE_COUNT;
		}
	}
	viz_wipe(plain, plain_len);
	free(plain);
	return reason;
}

static void refill(struct viz_host_link *link)
{
	const struct viz_host_link_limits *limits = link->host->limits;
	uint64_t now = uv_now(link->host->loop), passed = now - link->tokens_ms;

	link->tokens_ms = now;
	if (passed > 1000000)
		passed = 1000000;
	link->tokens += (int64_t)(passed * limits->rate_bytes / 1000);
	if (link->tokens > (int64_t)limits->burst_bytes)
		link->tokens = limits->burst_bytes;
	if (link->tokens > 0)
		link->spent = false;
}

static bool may_take(const struct viz_host_link *link)
{
	const struct viz_host_tcp *t = link->host;

	switch (link->state) {
	case VIZ_LINK_MESSAGE_1:
	case VIZ_LINK_MESSAGE_2:
	case VIZ_LINK_MESSAGE_3:
		return true;
	case VIZ_LINK_OPEN:
		return !link->full && !link->spent && !t->flooded && !t->held;
	case VIZ_LINK_CONNECTING:
	case VIZ_LINK_WAITING:
	case VIZ_LINK_FLUSHING:
	case VIZ_LINK_CLOSING:
		return false;
	}
	return false;
}

/* One frame whose length has been checked. */
static enum viz_close_reason take_frame(struct viz_host_link *link, const uint8_t *message,
					size_t len)
{
	size_t cost = len + VIZ_FRAME_HEADER;

	if (link->state != VIZ_LINK_OPEN)
		return viz_noise_step(link, message, len);
	refill(link);
	if (cost < link->host->limits->frame_cost)
		cost = link->host->limits->frame_cost;
	link->tokens -= (int64_t)cost;
	link->spent = link->tokens <= 0;
	return take_transport(link, message, len);
}

static void take_frames(struct viz_host_link *link)
{
	size_t at = 0, len;

	while (may_take(link)) {
		bool whole = viz_frame_whole(link->rx + at, link->rx_len - at, &len);
		enum viz_close_reason reason = VIZ_CLOSE_COUNT;

		if (link->rx_len - at >= VIZ_FRAME_HEADER) {
			if (link->state != VIZ_LINK_OPEN && !viz_noise_length_ok(link, len))
				reason = VIZ_CLOSE_HANDSHAKE;
			else if (link->state == VIZ_LINK_OPEN &&
				 len < VIZ_FRAME_HEADER + VIZ_SESSION_TAG)
				reason = VIZ_CLOSE_FRAME;
		}
		if (reason == VIZ_CLOSE_COUNT && !whole)
			break;
		if (reason == VIZ_CLOSE_COUNT) {
			reason = take_frame(link, link->rx + at + VIZ_FRAME_HEADER, len);
			at += VIZ_FRAME_HEADER + len;
		}
		if (reason != VIZ_CLOSE_COUNT) {
			viz_host_link_fail(link, reason);
			return;
		}
	}
	if (at > 0)
		memmove(link->rx, link->rx + at, link->rx_len - at);
	link->rx_len -= at;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct viz_host_link *link = handle->data;

	(void)suggested;
	if (link->rx == NULL)
		link->rx = malloc(VIZ_FRAME_BUFFER); /* not zeroed: this runs for each read */
	VIZ_REQUIRE(link->rx != NULL);
	*buf = uv_buf_init((char *)link->rx + link->rx_len,
			   (unsigned)(VIZ_FRAME_BUFFER - link->rx_len));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
	struct viz_host_link *link = stream->data;

	(void)buf;
	if (link->state == VIZ_LINK_CLOSING)
		return;
	if (count < 0) {
		viz_host_link_fail(link, count == UV_EOF ? VIZ_CLOSE_PEER : VIZ_CLOSE_IO);
		return;
	}
	link->rx_len += (size_t)count;
	viz_host_link_proceed(link);
}

void viz_host_link_proceed(struct viz_host_link *link)
{
	bool want;

	if (link->state == VIZ_LINK_CLOSING)
		return;
	if (link->state == VIZ_LINK_FLUSHING)
		link->rx_len = 0;
	if (link->rx_len > 0)
		take_frames(link);
	if (link->state == VIZ_LINK_CLOSING)
		return;
	if (link->rx_len == 0) {
		free(link->rx);
		link->rx = NULL;
	}
	want = may_take(link) || link->state == VIZ_LINK_FLUSHING;
	if (want && !link->reading &&
	    uv_read_start((uv_stream_t *)&link->tcp, on_alloc, on_read) != 0) {
		viz_host_link_fail(link, VIZ_CLOSE_IO);
		return;
	}
	if (!want && link->reading)
		uv_read_stop((uv_stream_t *)&link->tcp);
	link->reading = want;
}

static void keep_up(struct viz_host_link *link, uint64_t now)
{
	static const uint8_t keepalive[2] = {0, 0}, rekey[2] = {0xff, 0xff};
	const struct viz_host_link_limits *limits = link->host->limits;

	if (now - link->rekeyed_ms >= limits->rekey_ms) {
		viz_host_link_send(link, rekey, sizeof rekey);
		viz_session_rekey_send(&link->session);
		link->rekeyed_ms = now;
	}
	if (now - link->sent_ms >= limits->keepalive_ms)
		viz_host_link_send(link, keepalive, sizeof keepalive);
	viz_host_link_flush(link);
}

/* Whether the peer has taken nothing of what waits for it for too long. */
static bool is_stuck(struct viz_host_link *link, uint64_t now)
{
	size_t queue = uv_stream_get_write_queue_size((uv_stream_t *)&link->tcp);
	uint64_t taken = link->handed_bytes - queue;

	if (queue == 0 || taken != link->taken_bytes) {
		link->taken_bytes = taken;
		link->taken_ms = now;
	}
	return now - link->taken_ms >= link->host->limits->slow_ms;
}

void viz_host_link_sweep(struct viz_host_link *link)
{
	const struct viz_host_link_limits *limits = link->host->limits;
	uint64_t now = uv_now(link->host->loop);

	switch (link->state) {
	case VIZ_LINK_MESSAGE_1:
		if (now - link->since_ms >= limits->message_1_ms ||
		    now - link->since_ms >= limits->handshake_ms)
			viz_host_link_fail(link, VIZ_CLOSE_TIMEOUT);
		break;
	case VIZ_LINK_CONNECTING:
	case VIZ_LINK_MESSAGE_2:
	case VIZ_LINK_MESSAGE_3:
	case VIZ_LINK_WAITING:
		if (now - link->since_ms >= limits->handshake_ms)
			viz_host_link_fail(link, VIZ_CLOSE_TIMEOUT);
		break;
	case VIZ_LINK_OPEN:
		refill(link);
		viz_host_link_proceed(link);
		/* It is not the peer's silence when we do not read. */
		if (!link->reading)
			link->received_ms = now;
		if (link->state == VIZ_LINK_OPEN && now - link->received_ms >= limits->idle_ms)
			viz_host_link_fail(link, VIZ_CLOSE_IDLE);
		if (link->state == VIZ_LINK_OPEN && is_stuck(link, now))
			viz_host_link_fail(link, VIZ_CLOSE_SLOW);
		if (link->state == VIZ_LINK_OPEN)
			keep_up(link, now);
		break;
	case VIZ_LINK_FLUSHING:
		if (now - link->flush_ms >= limits->flush_ms)
			viz_host_link_fail(link, VIZ_CLOSE_IO);
		break;
	case VIZ_LINK_CLOSING:
		break;
	}
}
