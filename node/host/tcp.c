#include "node/host/tcp.h"

#include "crypto/sign.h"
#include "node/host/connection.h"

static void on_sweep(uv_timer_t *timer)
{
	struct viz_host_tcp *t = timer->data;

	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++)
		if (t->slots[i] != NULL)
			viz_host_link_sweep(t->slots[i]);
}

int viz_host_tcp_new(struct viz_host_tcp **out, uv_loop_t *loop, struct viz_host_core *core,
		     const struct viz_host_link_limits *limits,
		     const uint8_t prologue[VIZ_PROLOGUE_LEN])
{
	struct viz_host_tcp *t = viz_host_alloc(sizeof *t);

	t->loop = loop;
	t->core = core;
	t->limits = limits;
	memcpy(t->prologue, prologue, sizeof t->prologue);
	VIZ_REQUIRE(uv_timer_init(loop, &t->sweep) == 0);
	t->sweep.data = t;
	VIZ_REQUIRE(uv_timer_start(&t->sweep, on_sweep, limits->sweep_ms, limits->sweep_ms) == 0);
	*out = t;
	return VIZ_OK;
}

void viz_host_tcp_keys(struct viz_host_tcp *t, const struct viz_secret *current,
		       const struct viz_secret *old)
{
	t->current = *current;
	t->has_current = true;
	viz_wipe(&t->old, sizeof t->old);
	t->has_old = old != NULL;
	if (old != NULL)
		t->old = *old;
}

static void on_connected(uv_connect_t *req, int status)
{
	struct viz_host_link *link = req->data;
	enum viz_close_reason reason;

	free(req);
	if (link->state == VIZ_LINK_CLOSING)
		return;
	if (status < 0) {
		viz_host_link_fail(link, VIZ_CLOSE_IO);
		return;
	}
	uv_tcp_nodelay(&link->tcp, 1);
	reason = viz_noise_step(link, NULL, 0);
	if (reason != VIZ_CLOSE_COUNT)
		viz_host_link_fail(link, reason);
	viz_host_link_proceed(link);
}

static size_t dialling(const struct viz_host_tcp *t)
{
	size_t n = 0;

	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++) {
		const struct viz_host_link *l = t->slots[i];

		n += l != NULL &&
		     (l->state == VIZ_LINK_CONNECTING || l->state == VIZ_LINK_MESSAGE_2);
	}
	return n;
}

void viz_host_tcp_dial(struct viz_host_tcp *t, uint64_t attempt, const char *address,
		       const struct viz_pub *remote, const uint8_t *hello, size_t hello_len)
{
	bool room = dialling(t) < t->limits->dials_max && !t->stopping && t->has_current &&
		    hello_len <= VIZ_FRAME_MAX - 64;
	struct viz_host_link *link = viz_host_link_new(t);
	uv_connect_t *req;
	union viz_addr addr;

	if (link == NULL) {
		struct viz_host_event *e = viz_host_event_new(VIZ_EVENT_DIAL_FAILED, NULL, 0);

		e->event.attempt = attempt;
		viz_host_core_push(t->core, e);
		return;
	}
	link->attempt = attempt;
	link->state = VIZ_LINK_CONNECTING;
	link->remote = *remote;
	if (!room || !viz_listen_has_room(t, link)) {
		viz_host_link_fail(link, VIZ_CLOSE_FULL);
		return;
	}
	if (address == NULL || viz_host_addr_parse(&addr, address, false) != VIZ_OK) {
		viz_host_link_fail(link, VIZ_CLOSE_IO);
		return;
	}
	viz_host_addr_prefix(&link->prefix, &addr.any);
	link->hello = viz_host_alloc(hello_len);
	link->hello_len = hello_len;
	if (hello_len > 0)
		memcpy(link->hello, hello, hello_len);
	req = viz_host_alloc(sizeof *req);
	req->data = link;
	if (uv_tcp_connect(req, &link->tcp, &addr.any, on_connected) != 0) {
		free(req);
		viz_host_link_fail(link, VIZ_CLOSE_IO);
	}
}

void viz_host_tcp_admit(struct viz_host_tcp *t, uint64_t id)
{
	struct viz_host_link *link = viz_host_link_find(t, id);

	if (link == NULL || link->state != VIZ_LINK_WAITING)
		return;
	link->state = VIZ_LINK_OPEN;
	viz_host_link_proceed(link);
}

void viz_host_tcp_send(struct viz_host_tcp *t, uint64_t id, const uint8_t *plain, size_t len)
{
	struct viz_host_link *link = viz_host_link_find(t, id);

	if (link != NULL)
		viz_host_link_send(link, plain, len);
}

void viz_host_tcp_close(struct viz_host_tcp *t, uint64_t id, const char *reason)
{
	struct viz_host_link *link = viz_host_link_find(t, id);

	if (link != NULL && link->state != VIZ_LINK_FLUSHING)
		viz_host_link_finish(link, VIZ_CLOSE_CORE, reason);
}

void viz_host_tcp_flush(struct viz_host_tcp *t)
{
	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++)
		if (t->slots[i] != NULL && t->slots[i]->tx_len > 0)
			viz_host_link_flush(t->slots[i]);
}

static void proceed_all(struct viz_host_tcp *t)
{
	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++)
		if (t->slots[i] != NULL && t->slots[i]->state == VIZ_LINK_OPEN)
			viz_host_link_proceed(t->slots[i]);
}

void viz_host_tcp_drained(struct viz_host_tcp *t, uint64_t id, size_t bytes)
{
	struct viz_host_link *link = viz_host_link_find(t, id);

	VIZ_REQUIRE(t->queued_messages > 0 && t->queued_bytes >= bytes);
	t->queued_messages--;
	t->queued_bytes -= bytes;
	if (link != NULL) {
		link->queued_messages--;
		link->queued_bytes -= bytes;
		/* At half, so that a link is not switched on and off for each message. */
		if (link->full && link->queued_messages <= t->limits->queue_messages / 2 &&
		    link->queued_bytes <= t->limits->queue_bytes / 2) {
			link->full = false;
			viz_host_link_proceed(link);
		}
	}
	if (t->flooded && t->queued_messages <= VIZ_HOST_QUEUE_MESSAGES / 2 &&
	    t->queued_bytes <= VIZ_HOST_QUEUE_BYTES / 2) {
		t->flooded = false;
		proceed_all(t);
	}
}

void viz_host_tcp_hold(struct viz_host_tcp *t, bool hold)
{
	if (t->held == hold)
		return;
	t->held = hold;
	if (!hold)
		proceed_all(t);
}

void viz_host_tcp_stop(struct viz_host_tcp *t)
{
	t->stopping = true;
	viz_listen_stop(t);
	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++)
		if (t->slots[i] != NULL && t->slots[i]->state != VIZ_LINK_FLUSHING)
			viz_host_link_finish(t->slots[i], VIZ_CLOSE_STOP, NULL);
	if (t->link_count == 0)
		uv_close((uv_handle_t *)&t->sweep, NULL);
}

void viz_host_tcp_report(const struct viz_host_tcp *t)
{
	char line[VIZ_LOG_LINE_MAX] = "";
	size_t at = 0;

	for (size_t i = 0; i < VIZ_CLOSE_COUNT; i++) {
		int n;

		if (t->closed[i] == 0)
			continue;
		n = snprintf(line + at, sizeof line - at, " %s=%llu",
			     viz_close_name((enum viz_close_reason)i),
			     (unsigned long long)t->closed[i]);
		if (n > 0 && (size_t)n < sizeof line - at)
			at += (size_t)n;
	}
	if (at > 0)
		viz_host_log(VIZ_LOG_INFO, "links ended, by reason:%s", line);
}

size_t viz_host_tcp_links(const struct viz_host_tcp *t)
{
	return t->link_count;
}

void viz_host_tcp_free(struct viz_host_tcp *t)
{
	viz_wipe(&t->current, sizeof t->current);
	viz_wipe(&t->old, sizeof t->old);
	free(t);
}
