#include "node/host/listen.h"

#include "node/host/alloc.h"
#include "node/host/connection.h"
#include "node/host/speech.h"

/* A bucket for each prefix that connected lately. The limit of half-open connections alone would
 * not bound those who finish or drop handshakes quickly: each costs us up to four multiplications.
 */
static bool too_often(struct viz_host_listen *listen, const struct viz_prefix *prefix)
{
	const struct viz_host_limits *limits = listen->all->limits;
	const int64_t burst = (int64_t)limits->dial_burst * 1000;
	uint64_t now = uv_now(listen->all->loop);
	struct viz_host_listen_bucket *b = NULL, *oldest = &listen->buckets[0];

	if (prefix->loopback)
		return false;
	for (size_t i = 0; i < VIZ_HOST_LISTEN_BUCKETS && b == NULL; i++) {
		if (viz_host_address_prefix_eq(&listen->buckets[i].prefix, prefix))
			b = &listen->buckets[i];
		else if (listen->buckets[i].at_ms < oldest->at_ms)
			oldest = &listen->buckets[i];
	}
	if (b == NULL) {
		b = oldest;
		b->prefix = *prefix;
		b->tokens = burst;
		b->at_ms = now;
	}
	/* A connection is 1,000 tokens, a second brings dial_rate of them. */
	b->tokens += (int64_t)(now - b->at_ms) * limits->dial_rate;
	b->at_ms = now;
	if (b->tokens > burst)
		b->tokens = burst;
	if (b->tokens < 1000)
		return true;
	b->tokens -= 1000;
	return false;
}

/* Whether its handshake may be broken off for a newcomer. It may not once the core has its hello:
 * it has done its part, and the core answers soon. */
static bool evictable(const struct viz_host_connection *c)
{
	return c->inbound && c->state == VIZ_CONNECTION_HANDSHAKE;
}

static bool is_late(const struct viz_host_connection *c)
{
	const struct viz_host_connections *all = c->all;

	return uv_now(all->loop) - c->received_ms >= all->limits->half_late_ms;
}

/* Whether `a` is evicted before `b`, of another prefix or of the same. */
static bool evicted_before(const struct viz_host_connection *a, const struct viz_host_connection *b)
{
	if (is_late(a) != is_late(b))
		return is_late(a);
	if (a->near->half_open != b->near->half_open)
		return a->near->half_open > b->near->half_open;
	return a->id / VIZ_CONNECTION_SLOTS < b->id / VIZ_CONNECTION_SLOTS; /* serials: the older */
}

/* Likewise of one prefix. */
static bool evicted_before_near(const struct viz_host_connection *a,
				const struct viz_host_connection *b)
{
	bool a_silent = a->handshake.state == VIZ_HANDSHAKE_MESSAGE_1;
	bool b_silent = b->handshake.state == VIZ_HANDSHAKE_MESSAGE_1;

	if (is_late(a) != is_late(b))
		return is_late(a);
	if (a_silent != b_silent)
		return a_silent;
	return a->id / VIZ_CONNECTION_SLOTS < b->id / VIZ_CONNECTION_SLOTS;
}

/* Whom to evict for the newcomer, of this prefix or (NULL) of any. NULL: nobody may be. */
static struct viz_host_connection *victim_of(struct viz_host_connections *all,
					     const struct viz_host_connection *newcomer,
					     const struct viz_host_near *near)
{
	struct viz_host_connection *victim = NULL;

	for (size_t i = 0; i < VIZ_CONNECTION_SLOTS; i++) {
		struct viz_host_connection *c = all->slots[i];

		if (c == NULL || c == newcomer || !evictable(c) ||
		    (near != NULL && c->near != near))
			continue;
		if (victim == NULL ||
		    (near != NULL ? evicted_before_near(c, victim) : evicted_before(c, victim)))
			victim = c;
	}
	return victim;
}

/* Ends a half-open connection for a newcomer, so that strangers do not keep others out, whether
 * they say nothing or stop after message 2. Who has not gone on for long goes first: an honest one
 * needs a round trip for a step, and who has said nothing yet may be as honest as who has. Then the
 * prefix that has most gives a place, then the oldest. Within a prefix those go first that have
 * said nothing. `near`: only of this prefix; NULL: of any. False: there is none. */
static bool evict(struct viz_host_connections *all, const struct viz_host_connection *newcomer,
		  const struct viz_host_near *near)
{
	struct viz_host_connection *victim = victim_of(all, newcomer, near);

	if (victim != NULL && near == NULL)
		victim = victim_of(all, newcomer, victim->near);
	if (victim != NULL)
		viz_host_connections_end(victim, VIZ_CLOSE_HALF_OPEN);
	return victim != NULL;
}

/* VIZ_CLOSE_NONE: it may go on. */
static enum viz_close_reason judge(struct viz_host_listen *listen,
				   const struct viz_host_connection *c)
{
	struct viz_host_connections *all = listen->all;
	const struct viz_host_limits *limits = all->limits;
	size_t near_max = c->prefix.loopback ? limits->half_local_max : limits->half_prefix_max;

	if (too_often(listen, &c->prefix))
		return VIZ_CLOSE_PREFIX;
	if (viz_host_connections_full(c))
		return VIZ_CLOSE_FULL;
	/* It counts itself already. */
	if (c->near->half_open > near_max && !evict(all, c, c->near))
		return VIZ_CLOSE_HALF_OPEN;
	if (all->half_open > limits->half_open_max && !evict(all, c, NULL))
		return VIZ_CLOSE_HALF_OPEN;
	return VIZ_CLOSE_NONE;
}

static void on_refused(uv_handle_t *handle)
{
	free(handle);
}

/* Connections that have ended keep their slots until the loop comes round, and a burst can use all
 * of them up. What comes then is accepted and dropped: libuv stops listening while a connection is
 * not accepted. */
static void refuse(struct viz_host_connections *all, uv_stream_t *server)
{
	uv_tcp_t *tcp = viz_host_alloc(sizeof *tcp);

	viz_figures_closed(all->figures, VIZ_CLOSE_HALF_OPEN);
	VIZ_REQUIRE(uv_tcp_init(all->loop, tcp) == 0);
	(void)uv_accept(server, (uv_stream_t *)tcp);
	uv_close((uv_handle_t *)tcp, on_refused);
}

static void on_connection(uv_stream_t *server, int status)
{
	struct viz_host_listener *listener = server->data;
	struct viz_host_listen *listen = listener->listen;
	enum viz_close_reason verdict;
	struct sockaddr_storage peer;
	int len = sizeof peer;
	struct viz_host_connection *c;

	if (status < 0 || listen->all->stopping)
		return;
	c = viz_host_connections_add(listen->all);
	if (c == NULL) {
		refuse(listen->all, server);
		return;
	}
	c->inbound = true;
	if (uv_accept(server, (uv_stream_t *)&c->tcp) != 0 ||
	    uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&peer, &len) != 0 ||
	    viz_host_address_prefix(&c->prefix, (const struct sockaddr *)&peer) != VIZ_OK) {
		viz_host_connections_end(c, VIZ_CLOSE_IO);
		return;
	}
	c->near = viz_host_near_take(&listen->all->near, &c->prefix);
	viz_host_connections_become(c, VIZ_CONNECTION_HANDSHAKE);
	verdict = judge(listen, c);
	if (verdict != VIZ_CLOSE_NONE) {
		viz_host_connections_end(c, verdict);
		return;
	}
	viz_host_connection_prepare(c, NULL, NULL, 0);
	viz_host_connection_begin(c);
}

static void log_bound_address(const struct viz_host_listener *l)
{
	struct sockaddr_storage bound;
	char text[VIZ_ADDR_TEXT_MAX];
	int len = sizeof bound;

	if (uv_tcp_getsockname(&l->tcp, (struct sockaddr *)&bound, &len) != 0)
		return;
	viz_host_address_text(text, (const struct sockaddr *)&bound);
	viz_host_log(VIZ_LOG_INFO, "listening on %s", text);
}

int viz_host_listen_add(struct viz_host_listen *listen, char *error, const char *address)
{
	struct viz_host_listener *l = NULL;
	union viz_addr addr;
	int err;

	if (viz_host_address_parse(&addr, address, true) != VIZ_OK) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_ADDRESS_FORM, address);
		return VIZ_ERR_INPUT;
	}
	for (size_t i = 0; i < VIZ_HOST_LISTEN_MAX && l == NULL; i++)
		if (!listen->listeners[i].open)
			l = &listen->listeners[i];
	VIZ_REQUIRE(l != NULL);
	VIZ_REQUIRE(uv_tcp_init(listen->all->loop, &l->tcp) == 0);
	l->listen = listen;
	l->open = true;
	l->tcp.data = l;
	/* Each family by itself: [::] beside 0.0.0.0 must not collide with it. */
	err = uv_tcp_bind(&l->tcp, &addr.any, addr.any.sa_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0);
	if (err == 0)
		err = uv_listen((uv_stream_t *)&l->tcp, 1024, on_connection);
	if (err != 0) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_LISTEN_FAILS, address,
				      viz_host_speech_errno(-err));
		uv_close((uv_handle_t *)&l->tcp, NULL);
		return VIZ_ERR_INPUT;
	}
	log_bound_address(l);
	return VIZ_OK;
}

void viz_host_listen_stop(struct viz_host_listen *listen)
{
	for (size_t i = 0; i < VIZ_HOST_LISTEN_MAX; i++) {
		struct viz_host_listener *l = &listen->listeners[i];

		if (l->open && !uv_is_closing((uv_handle_t *)&l->tcp))
			uv_close((uv_handle_t *)&l->tcp, NULL);
	}
}
