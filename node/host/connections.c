#include "node/host/connections.h"

#include "crypto/sign.h"
#include "node/host/alloc.h"

struct viz_host_connection *viz_host_connections_add(struct viz_host_connections *all)
{
	struct viz_host_connection *c;
	size_t slot = 0;

	while (slot < VIZ_CONNECTION_SLOTS && all->slots[slot] != NULL)
		slot++;
	if (slot == VIZ_CONNECTION_SLOTS)
		return NULL;
	c = viz_host_alloc(sizeof *c);
	VIZ_REQUIRE(uv_tcp_init(all->loop, &c->tcp) == 0);
	c->tcp.data = c;
	c->all = all;
	c->id = ++all->serial * VIZ_CONNECTION_SLOTS + slot;
	c->since_ms = c->received_ms = c->sent_ms = c->tokens_ms = uv_now(all->loop);
	c->tokens = all->limits->burst_bytes;
	all->slots[slot] = c;
	all->count++;
	return c;
}

struct viz_host_connection *viz_host_connections_find(const struct viz_host_connections *all,
						      uint64_t id)
{
	struct viz_host_connection *c = all->slots[id % VIZ_CONNECTION_SLOTS];

	return c != NULL && c->id == id && c->state != VIZ_CONNECTION_CLOSING ? c : NULL;
}

static void close_sweep_after_last(struct viz_host_connections *all)
{
	if (all->stopping && all->count == 0 && !uv_is_closing((uv_handle_t *)&all->sweep))
		uv_close((uv_handle_t *)&all->sweep, NULL);
}

static void free_bulk(struct viz_host_connection *c)
{
	struct viz_host_bulk *b;

	while ((b = c->bulk_first) != NULL) {
		c->bulk_first = b->next;
		free(b);
	}
}

static void on_closed(uv_handle_t *handle)
{
	struct viz_host_connection *c = handle->data;
	struct viz_host_connections *all = c->all;
	struct viz_host_event *e = NULL;

	if (c->known)
		e = viz_host_event_new(VIZ_EVENT_CLOSED, NULL, 0);
	else if (!c->inbound)
		e = viz_host_event_new(VIZ_EVENT_DIAL_FAILED, NULL, 0);
	if (e != NULL) {
		e->event.link = c->known ? c->id : 0;
		e->event.attempt = c->attempt;
		e->event.end = c->end;
		viz_host_core_thread_push(all->core, e);
	}
	all->slots[c->id % VIZ_CONNECTION_SLOTS] = NULL;
	all->count--;
	if (c->near != NULL)
		viz_host_near_release(&all->near, c->near);
	viz_host_handshake_wipe(&c->handshake);
	viz_session_wipe(&c->session);
	free(c->rx);
	free(c->tx);
	free_bulk(c);
	free(c);
	close_sweep_after_last(all);
}

void viz_host_connections_count(const struct viz_host_connection *c, enum viz_close_reason reason,
				const char *words)
{
	struct viz_host_connections *all = c->all;
	char from[VIZ_ADDR_TEXT_MAX];
	unsigned dropped = 0;

	viz_figures_closed(all->figures, reason);
	if (!viz_host_log_gate(&all->gates[reason], &dropped, uv_now(all->loop)))
		return;
	viz_host_address_prefix_text(from, &c->prefix);
	if (dropped > 0)
		viz_host_log(VIZ_LOG_DEBUG, "%u more connections ended for reason %s", dropped,
			     viz_figures_close_name(reason));
	viz_host_log(VIZ_LOG_DEBUG, "connection %llu (%s) ends: %s%s%s", (unsigned long long)c->id,
		     from, viz_figures_close_name(reason), words != NULL ? ", " : "",
		     words != NULL ? words : "");
}

/* Why a dial came to nothing, by how far it had come. */
static enum viz_link_end dial_end(enum viz_host_connection_state state,
				  enum viz_close_reason reason)
{
	if (reason == VIZ_CLOSE_TIMEOUT)
		return VIZ_LINK_END_TIMEOUT;
	if (reason == VIZ_CLOSE_FULL)
		return VIZ_LINK_END_BUSY;
	return state == VIZ_CONNECTION_HANDSHAKE ? VIZ_LINK_END_OTHER : VIZ_LINK_END_UNREACHABLE;
}

void viz_host_connections_end(struct viz_host_connection *c, enum viz_close_reason reason)
{
	if (c->state == VIZ_CONNECTION_CLOSING)
		return;
	/* One that is being flushed was counted with its own reason. */
	if (c->state != VIZ_CONNECTION_FLUSHING)
		viz_host_connections_count(c, reason, NULL);
	if (c->end == VIZ_LINK_END_NONE && !c->known)
		c->end = dial_end(c->state, reason);
	viz_host_connections_become(c, VIZ_CONNECTION_CLOSING);
	/* libuv frees what is written and not sent when the loop comes round. */
	c->all->out_bytes -= c->out_bytes;
	c->out_bytes = 0;
	uv_close((uv_handle_t *)&c->tcp, on_closed);
}

void viz_host_connections_stop(struct viz_host_connections *all)
{
	all->stopping = true;
	close_sweep_after_last(all);
}

void viz_host_connections_report(const struct viz_host_connections *all)
{
	char line[VIZ_LOG_LINE_MAX] = "";
	size_t at = 0;

	for (size_t i = 0; i < VIZ_CLOSE_COUNT; i++) {
		enum viz_close_reason reason = (enum viz_close_reason)i;
		uint64_t count = viz_figures_closed_count(all->figures, reason);
		int n;

		if (count == 0)
			continue;
		n = snprintf(line + at, sizeof line - at, " %s=%llu",
			     viz_figures_close_name(reason), (unsigned long long)count);
		if (n > 0 && (size_t)n < sizeof line - at)
			at += (size_t)n;
	}
	if (at > 0)
		viz_host_log(VIZ_LOG_INFO, "connections ended, by reason:%s", line);
}

static bool established(const struct viz_host_connection *c)
{
	return c->state == VIZ_CONNECTION_WAITING || c->state == VIZ_CONNECTION_OPEN ||
	       c->state == VIZ_CONNECTION_FLUSHING;
}

/* Adds the connection to what its state counts in, or takes it away. */
static void count_state(struct viz_host_connection *c, size_t n)
{
	struct viz_host_connections *all = c->all;
	bool shakes = c->state == VIZ_CONNECTION_HANDSHAKE;
	bool half = c->inbound && (shakes || c->state == VIZ_CONNECTION_WAITING);

	all->half_open += half ? n : 0;
	all->established += established(c) ? n : 0;
	all->dialling += !c->inbound && (shakes || c->state == VIZ_CONNECTION_CONNECTING) ? n : 0;
	if (c->near != NULL) {
		c->near->half_open += half ? n : 0;
		c->near->established += established(c) ? n : 0;
	}
}

void viz_host_connections_become(struct viz_host_connection *c,
				 enum viz_host_connection_state state)
{
	if (c->counted)
		count_state(c, (size_t)-1);
	c->state = state;
	c->counted = true;
	count_state(c, 1);
}

bool viz_host_connections_full(const struct viz_host_connection *c)
{
	const struct viz_host_limits *limits = c->all->limits;

	if (c->all->established >= limits->connections_max)
		return true;
	return c->near != NULL && c->near->established >=
				      (c->prefix.loopback ? limits->local_max : limits->prefix_max);
}

struct viz_host_connection *viz_host_connections_slowest(const struct viz_host_connections *all)
{
	struct viz_host_connection *slowest = NULL;

	for (size_t i = 0; i < VIZ_CONNECTION_SLOTS; i++)
		if (all->slots[i] != NULL &&
		    (slowest == NULL || all->slots[i]->out_bytes > slowest->out_bytes))
			slowest = all->slots[i];
	return slowest;
}
