#include "node/host/output.h"

#include "node/host/alloc.h"

#define TX_CHUNK   262144 /* bytes: handed to libuv when so much has gathered */
#define BULK_CHUNK 16384  /* of the bulk, or one frame: what else comes waits for no more of it */

struct write {
	uv_write_t req;
	struct viz_host_connection *connection;
	uint8_t *bytes;
	size_t len;
};

static void on_written(uv_write_t *req, int status)
{
	struct write *w = (struct write *)req;
	struct viz_host_connection *c = w->connection;

	if (c->state != VIZ_CONNECTION_CLOSING) {
		c->out_bytes -= w->len;
		c->all->out_bytes -= w->len;
	}
	free(w->bytes);
	free(w);
	if (status < 0)
		viz_host_connections_end(c, VIZ_CLOSE_IO);
	else
		viz_host_output_flush(c);
}

/* Peers that read nothing make us keep what is written to them. When this is too much for all
 * connections together, those that hold most are closed first. */
static void bound_all(struct viz_host_connections *all)
{
	while (all->out_bytes > all->limits->out_all_bytes) {
		struct viz_host_connection *slowest = viz_host_connections_slowest(all);

		VIZ_REQUIRE(slowest != NULL && slowest->out_bytes > 0);
		viz_host_connections_end(slowest, VIZ_CLOSE_SLOW);
	}
}

static void count_out(struct viz_host_connection *c, size_t bytes)
{
	c->out_bytes += bytes;
	c->all->out_bytes += bytes;
}

static size_t written(const struct viz_host_connection *c)
{
	return uv_stream_get_write_queue_size((const uv_stream_t *)&c->tcp);
}

/* Ends who does not read: more waits for it than may. */
static void bound(struct viz_host_connection *c)
{
	if (written(c) + c->bulk_bytes > c->all->limits->out_bytes)
		viz_host_connections_end(c, VIZ_CLOSE_SLOW);
	bound_all(c->all);
}

static void hand_over(struct viz_host_connection *c)
{
	struct viz_host_connections *all = c->all;
	struct write *w;
	uv_buf_t buf;

	w = viz_host_alloc(sizeof *w);
	w->connection = c;
	w->bytes = c->tx;
	w->len = c->tx_len;
	buf = uv_buf_init((char *)c->tx, (unsigned)c->tx_len);
	c->tx = NULL;
	c->tx_len = c->tx_capacity = 0;
	c->sent_ms = uv_now(all->loop);
	if (uv_write(&w->req, (uv_stream_t *)&c->tcp, &buf, 1, on_written) != 0) {
		free(w->bytes);
		free(w);
		viz_host_connections_end(c, VIZ_CLOSE_IO);
		return;
	}
	c->handed_bytes += buf.len;
	viz_figures_add(all->figures, VIZ_FIGURE_BYTES_OUT, buf.len);
	count_out(c, buf.len);
	bound(c);
}

/* Appends a frame of `len` bytes, and says where they go. */
static uint8_t *append_frame(struct viz_host_connection *c, size_t len)
{
	size_t need = c->tx_len + VIZ_FRAME_HEADER + len;
	uint8_t *at;

	if (need > c->tx_capacity) {
		size_t capacity = c->tx_capacity > 0 ? c->tx_capacity * 2 : 1024;

		while (capacity < need)
			capacity *= 2;
		c->tx = realloc(c->tx, capacity); /* ciphertext: nothing to wipe */
		VIZ_REQUIRE(c->tx != NULL);
		c->tx_capacity = capacity;
	}
	viz_figures_add(c->all->figures, VIZ_FIGURE_FRAMES_OUT, 1);
	at = c->tx + c->tx_len;
	viz_be_put_u16(at, (uint16_t)len);
	c->tx_len = need;
	return at + VIZ_FRAME_HEADER;
}

void viz_host_output_message(struct viz_host_connection *c, const uint8_t *message, size_t len)
{
	VIZ_REQUIRE(len <= VIZ_FRAME_MAX);
	memcpy(append_frame(c, len), message, len);
	viz_host_output_flush(c);
}

static void seal(struct viz_host_connection *c, const uint8_t *plain, size_t len)
{
	/* Only 2^64 messages under one session could make this fail. */
	VIZ_REQUIRE(viz_session_seal(&c->session, append_frame(c, len + VIZ_SESSION_TAG), plain,
				     len) == VIZ_OK);
}

void viz_host_output_seal(struct viz_host_connection *c, const uint8_t *plain, size_t len)
{
	VIZ_REQUIRE(len >= VIZ_FRAME_HEADER && len <= VIZ_FRAME_PLAIN_MAX);
	if (c->state != VIZ_CONNECTION_OPEN)
		return;
	seal(c, plain, len);
	if (c->tx_len >= TX_CHUNK)
		viz_host_output_flush(c);
}

void viz_host_output_bulk(struct viz_host_connection *c, const uint8_t *plain, size_t len)
{
	struct viz_host_bulk *b;

	VIZ_REQUIRE(len >= VIZ_FRAME_HEADER && len <= VIZ_FRAME_PLAIN_MAX);
	if (c->state != VIZ_CONNECTION_OPEN)
		return;
	b = viz_host_alloc(sizeof *b + len);
	b->len = len;
	memcpy(b->plain, plain, len);
	if (c->bulk_first == NULL)
		c->bulk_last = &c->bulk_first;
	*c->bulk_last = b;
	c->bulk_last = &b->next;
	c->bulk_bytes += len;
	count_out(c, len);
	bound(c);
}

/* Seals bulk until the buffer holds so many bytes. */
static void take_bulk(struct viz_host_connection *c, size_t until)
{
	struct viz_host_bulk *b;

	while (c->tx_len < until && (b = c->bulk_first) != NULL) {
		c->bulk_first = b->next;
		c->bulk_bytes -= b->len;
		c->out_bytes -= b->len;
		c->all->out_bytes -= b->len;
		seal(c, b->plain, b->len);
		free(b);
	}
}

static bool is_over(const struct viz_host_connection *c)
{
	return c->state == VIZ_CONNECTION_CLOSING || c->state == VIZ_CONNECTION_FLUSHING;
}

void viz_host_output_flush(struct viz_host_connection *c)
{
	if (!is_over(c) && c->tx_len > 0)
		hand_over(c);
	while (!is_over(c) && c->bulk_first != NULL && written(c) == 0) {
		take_bulk(c, BULK_CHUNK);
		hand_over(c);
	}
}

void viz_host_output_flush_all(struct viz_host_connection *c)
{
	if (is_over(c))
		return;
	take_bulk(c, SIZE_MAX);
	if (c->tx_len > 0)
		hand_over(c);
}
