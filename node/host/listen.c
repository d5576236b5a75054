/* Listening sockets, and who may connect. */
#include "node/host/connection.h"

static bool half_open(const struct viz_host_link *link)
{
	return link->inbound &&
	       (link->state == VIZ_LINK_MESSAGE_1 || link->state == VIZ_LINK_MESSAGE_3 ||
		link->state == VIZ_LINK_WAITING);
}

static bool established(const struct viz_host_link *link)
{
	return link->state == VIZ_LINK_WAITING || link->state == VIZ_LINK_OPEN ||
	       link->state == VIZ_LINK_FLUSHING;
}

bool viz_listen_has_room(const struct viz_host_tcp *t, const struct viz_host_link *link)
{
	const struct viz_host_link_limits *limits = t->limits;
	size_t all = 0, near = 0;

	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++) {
		const struct viz_host_link *l = t->slots[i];

		if (l == NULL || l == link || !established(l))
			continue;
		all++;
		near += l->inbound && viz_host_prefix_eq(&l->prefix, &link->prefix);
	}
	if (all >= limits->links_max)
		return false;
	return !link->inbound ||
	       near < (link->prefix.loopback ? limits->local_max : limits->prefix_max);
}

/* A bucket per prefix that connected lately, so that finishing or dropping handshakes quickly does
 * not get around the limit of half-open ones: each costs us up to four multiplications. */
static bool too_often(struct viz_host_tcp *t, const struct viz_prefix *prefix)
{
	const int64_t burst = (int64_t)t->limits->dial_burst * 1000;
	uint64_t now = uv_now(t->loop);
	struct viz_prefix_bucket *b = NULL, *oldest = &t->buckets[0];

	if (prefix->loopback)
		return false;
	for (size_t i = 0; i < VIZ_PREFIX_SLOTS && b == NULL; i++) {
		if (viz_host_prefix_eq(&t->buckets[i].prefix, prefix))
			b = &t->buckets[i];
		else if (t->buckets[i].at_ms < oldest->at_ms)
			oldest = &t->buckets[i];
	}
	if (b == NULL) {
		b = oldest;
		b->prefix = *prefix;
		b->tokens = burst;
		b->at_ms = now;
	}
	/* A connection is 1,000 tokens, a second brings dial_rate of them. */
	b->tokens += (int64_t)(now - b->at_ms) * t->limits->dial_rate;
	b->at_ms = now;
	if (b->tokens > burst)
		b->tokens = burst;
	if (b->tokens < 1000)
		return true;
	b->tokens -= 1000;
	return false;
}

/* Of whom a handshake may be broken off: not of one about whose hello the core decides. */
static bool evictable(const struct viz_host_link *link)
{
	return half_open(link) && link->state != VIZ_LINK_WAITING;
}

/* How many half-open links come from the prefix. */
static size_t half_open_near(const struct viz_host_tcp *t, const struct viz_prefix *prefix)
{
	size_t near = 0;

	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++)
		near += t->slots[i] != NULL && half_open(t->slots[i]) &&
			viz_host_prefix_eq(&t->slots[i]->prefix, prefix);
	return near;
}

/* Whether `a`, whose prefix has `a_near` half-open links, goes before `b`. */
static bool goes_before(const struct viz_host_link *a, size_t a_near, const struct viz_host_link *b,
			size_t b_near)
{
	bool a_mute = a->state == VIZ_LINK_MESSAGE_1, b_mute = b->state == VIZ_LINK_MESSAGE_1;

	if (a_mute != b_mute)
		return a_mute;
	if (a_near != b_near)
		return a_near > b_near;
	return a->id < b->id; /* serials: the older one */
}

/* Makes room for a newcomer: strangers who connect and say nothing must not keep others out. One
 * that has not said anything goes first, of the prefix that holds most, the oldest. `prefix`: only
 * of this one; NULL: of any. False: there is none. */
static bool evict(struct viz_host_tcp *t, const struct viz_host_link *newcomer,
		  const struct viz_prefix *prefix)
{
	struct viz_host_link *victim = NULL;
	size_t victim_near = 0;

	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++) {
		struct viz_host_link *l = t->slots[i];
		size_t near;

		if (l == NULL || l == newcomer || !evictable(l) ||
		    (prefix != NULL && !viz_host_prefix_eq(&l->prefix, prefix)))
			continue;
		near = half_open_near(t, &l->prefix);
		if (victim == NULL || goes_before(l, near, victim, victim_near)) {
			victim = l;
			victim_near = near;
		}
	}
	if (victim != NULL)
		viz_host_link_fail(victim, VIZ_CLOSE_HALF_OPEN);
	return victim != NULL;
}

static size_t half_open_others(const struct viz_host_tcp *t, const struct viz_host_link *link)
{
	size_t half = 0;

	for (size_t i = 0; i < VIZ_LINK_SLOTS; i++)
		half += t->slots[i] != NULL && t->slots[i] != link && half_open(t->slots[i]);
	return half;
}

/* VIZ_CLOSE_COUNT: welcome. */
static enum viz_close_reason judge(struct viz_host_tcp *t, const struct viz_host_link *link)
{
	const struct viz_host_link_limits *limits = t->limits;
	size_t near_max = link->prefix.loopback ? limits->half_local_max : limits->half_prefix_max;

	if (too_often(t, &link->prefix))
		return VIZ_CLOSE_PREFIX;
	if (!viz_listen_has_room(t, link))
		return VIZ_CLOSE_FULL;
	/* the newcomer itself is counted among them */
	if (half_open_near(t, &link->prefix) > near_max && !evict(t, link, &link->prefix))
		return VIZ_CLOSE_HALF_OPEN;
	if (half_open_others(t, link) >= limits->half_open_max && !evict(t, link, NULL))
		return VIZ_CLOSE_HALF_OPEN;
	return VIZ_CLOSE_COUNT;
}

static void on_refused(uv_handle_t *handle)
{
	free(handle);
}

/* Refused links keep their slots until the loop comes round; a burst can use all of them up. What
 * then comes is taken from the kernel and dropped: libuv does not go on listening otherwise. */
static void refuse(struct viz_host_tcp *t, uv_stream_t *server)
{
	uv_tcp_t *tcp = viz_host_alloc(sizeof *tcp);

	t->closed[VIZ_CLOSE_HALF_OPEN]++;
	VIZ_REQUIRE(uv_tcp_init(t->loop, tcp) == 0);
	(void)uv_accept(server, (uv_stream_t *)tcp);
	uv_close((uv_handle_t *)tcp, on_refused);
}

static void on_connection(uv_stream_t *server, int status)
{
	struct viz_listener *listener = server->data;
	struct viz_host_tcp *t = listener->host;
	enum viz_close_reason verdict;
	struct sockaddr_storage peer;
	int len = sizeof peer;
	struct viz_host_link *link;

	if (status < 0 || t->stopping)
		return;
	link = viz_host_link_new(t);
	if (link == NULL) {
		refuse(t, server);
		return;
	}
	link->inbound = true;
	link->state = VIZ_LINK_MESSAGE_1;
	if (uv_accept(server, (uv_stream_t *)&link->tcp) != 0 ||
	    uv_tcp_getpeername(&link->tcp, (struct sockaddr *)&peer, &len) != 0 ||
	    viz_host_addr_prefix(&link->prefix, (const struct sockaddr *)&peer) != VIZ_OK) {
		viz_host_link_fail(link, VIZ_CLOSE_IO);
		return;
	}
	verdict = judge(t, link);
	if (verdict != VIZ_CLOSE_COUNT) {
		viz_host_link_fail(link, verdict);
		return;
	}
	uv_tcp_nodelay(&link->tcp, 1);
	viz_host_link_proceed(link);
}

static void say_bound(const struct viz_listener *l)
{
	struct sockaddr_storage bound;
	char text[VIZ_ADDR_TEXT_MAX];
	int len = sizeof bound;

	if (uv_tcp_getsockname(&l->tcp, (struct sockaddr *)&bound, &len) != 0)
		return;
	viz_host_addr_text(text, (const struct sockaddr *)&bound);
	viz_host_log(VIZ_LOG_INFO, "listening on %s", text);
}

int viz_host_tcp_listen(struct viz_host_tcp *t, char *error, const char *address)
{
	struct viz_listener *l = NULL;
	union viz_addr addr;
	int err;

	if (viz_host_addr_parse(&addr, address, true) != VIZ_OK) {
		snprintf(error, 256, "%s is not a numeric address with a port", address);
		return VIZ_ERR_INPUT;
	}
	for (size_t i = 0; i < VIZ_HOST_LISTEN_MAX && l == NULL; i++)
		if (!t->listeners[i].open)
			l = &t->listeners[i];
	VIZ_REQUIRE(l != NULL);
	VIZ_REQUIRE(uv_tcp_init(t->loop, &l->tcp) == 0);
	l->host = t;
	l->open = true;
	l->tcp.data = l;
	/* Each family by itself: [::] beside 0.0.0.0 must not collide with it. */
	err = uv_tcp_bind(&l->tcp, &addr.any, addr.any.sa_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0);
	if (err == 0)
		err = uv_listen((uv_stream_t *)&l->tcp, 128, on_connection);
	if (err != 0) {
		snprintf(error, 256, "cannot listen on %s: %s", address, uv_strerror(err));
		uv_close((uv_handle_t *)&l->tcp, NULL);
		return VIZ_ERR_INPUT;
	}
	say_bound(l);
	return VIZ_OK;
}

void viz_listen_stop(struct viz_host_tcp *t)
{
	for (size_t i = 0; i < VIZ_HOST_LISTEN_MAX; i++) {
		struct viz_listener *l = &t->listeners[i];

		if (l->open && !uv_is_closing((uv_handle_t *)&l->tcp))
			uv_close((uv_handle_t *)&l->tcp, NULL);
	}
}
