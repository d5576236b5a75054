#include "node/host/tcp.h"

#include "crypto/secret.h"
#include "node/host/alloc.h"
#include "node/host/connection.h"
#include "node/host/listen.h"
#include "node/host/output.h"

struct viz_host_tcp {
	struct viz_host_connections all;
	struct viz_host_listen listen;
};

static void on_sweep(uv_timer_t *timer)
{
	struct viz_host_connections *all = timer->data;

	for (size_t i = 0; i < VIZ_CONNECTION_SLOTS; i++)
		if (all->slots[i] != NULL)
			viz_host_connection_sweep(all->slots[i]);
}

void viz_host_tcp_new(struct viz_host_tcp **out, uv_loop_t *loop, struct viz_host_core_thread *core,
		      const struct viz_host_limits *limits,
		      const uint8_t prologue[VIZ_PROLOGUE_LEN])
{
	struct viz_host_tcp *t = viz_host_alloc(sizeof *t);
	struct viz_host_connections *all = &t->all;

	all->loop = loop;
	all->core = core;
	all->limits = limits;
	all->figures = viz_host_core_thread_figures(core);
	memcpy(all->prologue, prologue, sizeof all->prologue);
	VIZ_REQUIRE(uv_timer_init(loop, &all->sweep) == 0);
	all->sweep.data = all;
	VIZ_REQUIRE(uv_timer_start(&all->sweep, on_sweep, limits->sweep_ms, limits->sweep_ms) == 0);
	t->listen.all = all;
	*out = t;
}

int viz_host_tcp_listen(struct viz_host_tcp *t, char *error, const char *address)
{
	return viz_host_listen_add(&t->listen, error, address);
}

void viz_host_tcp_keys(struct viz_host_tcp *t, const struct viz_secret *current,
		       const struct viz_secret *old)
{
	struct viz_host_handshake_keys *keys = &t->all.keys;

	keys->current = *current;
	keys->has_current = true;
	viz_secret_wipe(&keys->old, sizeof keys->old);
	keys->has_old = old != NULL;
	if (old != NULL)
		keys->old = *old;
}

static void on_connected(uv_connect_t *req, int status)
{
	struct viz_host_connection *c = req->data;

	free(req);
	if (c->state == VIZ_CONNECTION_CLOSING)
		return;
	if (status == UV_ECONNREFUSED)
		c->end = VIZ_LINK_END_REFUSED;
	else if (status == UV_ETIMEDOUT)
		c->end = VIZ_LINK_END_TIMEOUT;
	if (status < 0)
		viz_host_connections_end(c, VIZ_CLOSE_IO);
	else
		viz_host_connection_begin(c);
}

static bool may_dial(const struct viz_host_connections *all, size_t hello_len)
{
	return !all->stopping && all->keys.has_current &&
	       hello_len <= VIZ_HOST_HANDSHAKE_HELLO_MAX && all->dialling < all->limits->dials_max;
}

void viz_host_tcp_dial(struct viz_host_tcp *t, uint64_t attempt, const char *address,
		       const struct viz_pub *remote, const uint8_t *hello, size_t hello_len)
{
	bool may = may_dial(&t->all, hello_len);
	struct viz_host_connection *c = viz_host_connections_add(&t->all);
	uv_connect_t *req;
	union viz_addr addr;

	if (c == NULL) {
		struct viz_host_event *e = viz_host_event_new(VIZ_EVENT_DIAL_FAILED, NULL, 0);

		e->event.attempt = attempt;
		e->event.end = VIZ_LINK_END_BUSY;
		viz_host_core_thread_push(t->all.core, e);
		return;
	}
	c->attempt = attempt;
	viz_host_connections_become(c, VIZ_CONNECTION_CONNECTING);
	if (!may || viz_host_connections_full(c)) {
		viz_host_connections_end(c, VIZ_CLOSE_FULL);
		return;
	}
	if (address == NULL || viz_host_address_parse(&addr, address, false) != VIZ_OK) {
		viz_host_connections_end(c, VIZ_CLOSE_IO);
		return;
	}
	viz_host_address_prefix(&c->prefix, &addr.any);
	viz_host_connection_prepare(c, remote, hello, hello_len);
	req = viz_host_alloc(sizeof *req);
	req->data = c;
	if (uv_tcp_connect(req, &c->tcp, &addr.any, on_connected) != 0) {
		free(req);
		viz_host_connections_end(c, VIZ_CLOSE_IO);
	}
}

void viz_host_tcp_admit(struct viz_host_tcp *t, uint64_t id)
{
	struct viz_host_connection *c = viz_host_connections_find(&t->all, id);

	if (c != NULL)
		viz_host_connection_admit(c);
}

void viz_host_tcp_send(struct viz_host_tcp *t, uint64_t id, const uint8_t *plain, size_t len)
{
	struct viz_host_connection *c = viz_host_connections_find(&t->all, id);

	if (c != NULL)
		viz_host_output_seal(c, plain, len);
}

void viz_host_tcp_send_bulk(struct viz_host_tcp *t, uint64_t id, const uint8_t *plain, size_t len)
{
	struct viz_host_connection *c = viz_host_connections_find(&t->all, id);

	if (c != NULL)
		viz_host_output_bulk(c, plain, len);
}

void viz_host_tcp_close(struct viz_host_tcp *t, uint64_t id, const char *words)
{
	struct viz_host_connection *c = viz_host_connections_find(&t->all, id);

	if (c != NULL && c->state != VIZ_CONNECTION_FLUSHING)
		viz_host_connection_finish(c, VIZ_CLOSE_CORE, words);
}

void viz_host_tcp_flush(struct viz_host_tcp *t)
{
	for (size_t i = 0; i < VIZ_CONNECTION_SLOTS; i++)
		if (t->all.slots[i] != NULL &&
		    (t->all.slots[i]->tx_len > 0 || t->all.slots[i]->bulk_first != NULL))
			viz_host_output_flush(t->all.slots[i]);
}

static void proceed_all(struct viz_host_connections *all)
{
	for (size_t i = 0; i < VIZ_CONNECTION_SLOTS; i++)
		if (all->slots[i] != NULL && all->slots[i]->state == VIZ_CONNECTION_OPEN)
			viz_host_connection_proceed(all->slots[i]);
}

void viz_host_tcp_drained(struct viz_host_tcp *t, uint64_t id, size_t bytes)
{
	struct viz_host_connections *all = &t->all;
	struct viz_host_connection *c = viz_host_connections_find(all, id);

	VIZ_REQUIRE(all->queued_messages > 0 && all->queued_bytes >= bytes);
	all->queued_messages--;
	all->queued_bytes -= bytes;
	if (c != NULL) {
		c->queued_messages--;
		c->queued_bytes -= bytes;
		/* At half, so that reading is not switched on and off for each message. */
		if (c->full && c->queued_messages <= all->limits->queue_messages / 2 &&
		    c->queued_bytes <= all->limits->queue_bytes / 2) {
			c->full = false;
			viz_host_connection_proceed(c);
		}
	}
	if (all->flooded && all->queued_messages <= VIZ_HOST_QUEUE_MESSAGES / 2 &&
	    all->queued_bytes <= VIZ_HOST_QUEUE_BYTES / 2) {
		all->flooded = false;
		proceed_all(all);
	}
}

void viz_host_tcp_hold(struct viz_host_tcp *t, bool hold)
{
	if (t->all.held == hold)
		return;
	t->all.held = hold;
	if (!hold)
		proceed_all(&t->all);
}

void viz_host_tcp_stop(struct viz_host_tcp *t)
{
	viz_host_listen_stop(&t->listen);
	for (size_t i = 0; i < VIZ_CONNECTION_SLOTS; i++) {
		struct viz_host_connection *c = t->all.slots[i];

		if (c != NULL && c->state != VIZ_CONNECTION_FLUSHING)
			viz_host_connection_finish(c, VIZ_CLOSE_STOP, NULL);
	}
	viz_host_connections_stop(&t->all);
}

void viz_host_tcp_report(const struct viz_host_tcp *t)
{
	viz_host_connections_report(&t->all);
}

void viz_host_tcp_measure(const struct viz_host_tcp *t)
{
	const struct viz_host_connections *all = &t->all;
	struct viz_figures *f = all->figures;

	viz_figures_set(f, VIZ_FIGURE_OPEN, all->established);
	viz_figures_set(f, VIZ_FIGURE_HALF_OPEN, all->half_open);
	viz_figures_set(f, VIZ_FIGURE_DIALLING, all->dialling);
	viz_figures_set(f, VIZ_FIGURE_QUEUE_MESSAGES, all->queued_messages);
	viz_figures_set(f, VIZ_FIGURE_QUEUE_BYTES, all->queued_bytes);
	viz_figures_set(f, VIZ_FIGURE_OUT_BYTES, all->out_bytes);
}

size_t viz_host_tcp_count(const struct viz_host_tcp *t)
{
	return t->all.count;
}

void viz_host_tcp_free(struct viz_host_tcp *t)
{
	viz_secret_wipe(&t->all.keys, sizeof t->all.keys);
	free(t);
}
