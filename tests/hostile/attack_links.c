/* Attacks below records and mail: on handshakes, frames, bodies and repair. */
#include "tests/hostile/peer.h"

#include <unistd.h>
#include "crypto/rng.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"

/* Sends garbage at each stage of a handshake, of wrong lengths and of the right one. The lengths
 * come in turn. The first one ends the handshake, so that even a single run closes a connection. */
static void handshakes(struct peer *p, size_t count)
{
	static uint8_t junk[VIZ_FRAME_MAX + 2];
	static const uint16_t lengths[] = {0, 1, 47, 48, 49, 64, 1000, 65535};

	for (size_t i = 0; i < count; i++) {
		struct wire w = {.fd = wire_connect(&p->victim)};
		size_t len = lengths[i % (sizeof lengths / sizeof *lengths)];

		viz_rng_bytes(&p->rng, junk, sizeof junk);
		viz_be_put_u16(junk, (uint16_t)len);
		wire_raw(&w, junk, 2 + peer_below(p, len + 1));
		if (peer_below(p, 2) == 0)
			wire_raw(&w, junk, 2 + len);
		wire_close(&w);
	}
	for (size_t i = 0; i < count; i++) {
		struct wire *w = calloc(1, sizeof *w);
		size_t len = peer_below(p, 3000);

		VIZ_REQUIRE(w);
		w->fd = -1;
		viz_rng_bytes(&p->rng, junk, len);
		/* a correct handshake of a key that nobody admits, with an invalid hello */
		wire_handshake(w, &p->victim, &p->stranger, &p->invite.transport, &p->rng, junk,
			       len);
		wire_receive(w, p->body, 200);
		wire_close(w);
		free(w);
	}
}

/* Opens `count` connections that send nothing or half a message, and keeps them open. */
static void half_open(struct peer *p, size_t count)
{
	struct wire *w = calloc(count, sizeof *w);
	static const uint8_t half[] = {0, 48, 1, 2, 3};

	VIZ_REQUIRE(w);
	for (size_t i = 0; i < count; i++) {
		w[i].fd = wire_connect(&p->victim);
		if (i % 2)
			wire_raw(&w[i], half, sizeof half);
	}
	peer_drain(p, 500);
	for (size_t i = 0; i < count; i++)
		wire_close(&w[i]);
	free(w);
}

/* Sends hellos with our own transport key and the NODE record of another: the victim or one of
 * its members. */
static void hellos(struct peer *p, size_t count)
{
	static uint8_t hello[VIZ_HELLO_MAX];

	for (size_t i = 0; i < count; i++) {
		struct forge f = p->me;
		struct wire *w = calloc(1, sizeof *w);
		unsigned got = 0;
		size_t len;

		VIZ_REQUIRE(w);
		w->fd = -1;
		if (i % 3 == 0)
			f.author = p->invite.author;
		else if (i % 3 == 1)
			viz_rng_bytes(&p->rng, f.author.b, sizeof f.author.b);
		else
			f = p->stranger;
		forge_node(&p->scratch, &f, peer_time(p));
		len = forge_hello(hello, sizeof hello, &f, &p->scratch, p->invite.token);
		wire_handshake(w, &p->victim, &f, &p->invite.transport, &p->rng, hello, len);
		/* the victim never admits it, and says at most who it is, and that the token is
		 * used */
		while (wire_receive(w, p->body, PATIENCE_MS) >= 0)
			VIZ_REQUIRE(++got <= 2);
		wire_close(w);
		free(w);
	}
}

/* Sends frames of wrong lengths, tags and paddings on an open link. */
static void frames(struct peer *p, size_t count)
{
	static uint8_t junk[VIZ_FRAME_MAX + 2];

	for (size_t i = 0; i < count; i++) {
		size_t len = peer_below(p, 400);

		if (!peer_open(p))
			return;
		viz_rng_bytes(&p->rng, junk, sizeof junk);
		switch (i % 5) {
		case 0: /* shorter than a tag */
			viz_be_put_u16(junk, (uint16_t)peer_below(p, 18));
			wire_raw(&p->wire, junk, 20);
			break;
		case 1: /* cannot be decrypted */
			viz_be_put_u16(junk, (uint16_t)(len + 18));
			wire_raw(&p->wire, junk, len + 20);
			break;
		case 2: /* its length field is larger than the frame */
			viz_be_put_u16(junk, (uint16_t)(len + 1));
			wire_plain(&p->wire, junk, len + 2);
			break;
		case 3: /* its padding is not zero */
			viz_be_put_u16(junk, 1);
			junk[2 + len] = 1;
			wire_plain(&p->wire, junk, len + 4);
			break;
		default: /* a keep-alive with trailing bytes */
			viz_be_put_u16(junk, 0);
			junk[2] = 1;
			wire_plain(&p->wire, junk, len + 3);
		}
		peer_drain(p, PATIENCE_MS);
		VIZ_REQUIRE(p->wire.fd < 0); /* each of them ends the link */
	}
}

/* The hour of repair by the peer's clock. */
static uint64_t hour_now(const struct peer *p)
{
	return (uint64_t)(peer_now().ms / (6 * p->federation.repair_ms));
}

/* A list of BUCKET with `n` authors that nobody has. */
static void write_list(struct peer *p, struct viz_writer *w, size_t n)
{
	static uint8_t entries[64 * VIZ_TREE_ENTRY];

	for (size_t i = 0; i < n; i++) {
		viz_be_put_u16(entries + i * VIZ_TREE_ENTRY, (uint16_t)(i * 100));
		viz_be_put_u32(entries + i * VIZ_TREE_ENTRY + 2, (uint32_t)peer_below(p, 1u << 31));
	}
	viz_writer_array(w, 4);
	viz_writer_uint(w, peer_below(p, VIZ_TREE_BUCKETS));
	viz_writer_uint(w, 0);
	viz_writer_uint(w, VIZ_TREE_TAIL_MAX);
	viz_writer_bin(w, entries, n * VIZ_TREE_ENTRY);
}

/* Our own author in AUTHOR, with `n` COVERAGEs that nobody has. */
static void write_author(struct peer *p, struct viz_writer *w, size_t n)
{
	uint8_t items[VIZ_COVERAGE_SLOTS * VIZ_TREE_ITEM] = {0};

	for (size_t i = 0; i < n; i++) {
		items[i * VIZ_TREE_ITEM] = VIZ_TYPE_COVERAGE;
		items[i * VIZ_TREE_ITEM + 1] = (uint8_t)i;
		items[i * VIZ_TREE_ITEM + 6] = (uint8_t)peer_below(p, 256);
	}
	viz_writer_array(w, 3);
	viz_writer_bin(w, p->me.author.b, 32);
	viz_writer_uint(w, 1);
	viz_writer_bin(w, items, n * VIZ_TREE_ITEM);
}

/* Writes a well-formed body of some kind. */
static void valid_body(struct peer *p, struct viz_writer *w)
{
	struct viz_item item = {.author = p->me.author, .type = VIZ_TYPE_NODE};
	static const uint8_t kinds[] = {
	    VIZ_MESSAGE_RECORD, VIZ_MESSAGE_WANT,    VIZ_MESSAGE_MAIL,   VIZ_MESSAGE_MAIL_ACK,
	    VIZ_MESSAGE_TREE,   VIZ_MESSAGE_BUCKETS, VIZ_MESSAGE_BUCKET, VIZ_MESSAGE_AUTHOR};
	static uint8_t junk[VIZ_TREE_BUCKETS];
	unsigned kind = kinds[peer_below(p, sizeof kinds)];

	viz_writer_init(w, p->body, sizeof p->body);
	viz_writer_array(w, viz_message_elements(kind));
	viz_writer_uint(w, kind);
	if (kind == VIZ_MESSAGE_RECORD) {
		forge_node(&p->scratch, &p->me, peer_time(p));
		viz_writer_bin(w, p->scratch.bytes, p->scratch.len);
	} else if (kind == VIZ_MESSAGE_TREE) {
		viz_writer_uint(w, hour_now(p));
		viz_writer_uint(w, 3);
		viz_writer_id(w, &p->me.author);
		viz_writer_uint(w, peer_below(p, VIZ_SKETCH_MOST));
	} else if (kind == VIZ_MESSAGE_BUCKETS) {
		memset(junk, 7, sizeof junk);
		viz_writer_uint(w, p->hour);
		viz_writer_uint(w, p->cut);
		viz_writer_bool(w, true);
		viz_writer_bin(w, junk, VIZ_TREE_BUCKETS);
		viz_writer_bin(w, junk, VIZ_SKETCH_PARITIES);
		viz_writer_bin(w, junk, VIZ_SKETCH_ROWS * VIZ_SKETCH_CELL);
	} else if (kind == VIZ_MESSAGE_BUCKET) {
		viz_writer_uint(w, hour_now(p));
		viz_writer_uint(w, 3);
		viz_writer_array(w, 1);
		write_list(p, w, 3);
	} else if (kind == VIZ_MESSAGE_AUTHOR) {
		viz_writer_uint(w, p->hour);
		viz_writer_uint(w, p->cut);
		viz_writer_bool(w, false);
		viz_writer_array(w, 1);
		write_author(p, w, 5);
	} else if (kind == VIZ_MESSAGE_WANT) {
		viz_writer_array(w, 1);
		viz_message_place_write(w, &item);
	} else if (kind == VIZ_MESSAGE_MAIL) {
		viz_writer_uint(w, ++p->mail);
		viz_writer_uint(w, 1 + peer_below(p, 13));
		viz_writer_array(w, 1);
		viz_writer_uint(w, 1);
	} else {
		viz_writer_uint(w, 1);
	}
}

static void mutate(struct peer *p, uint8_t *bytes, size_t *len)
{
	for (uint64_t n = 1 + peer_below(p, 3); n > 0; n--) {
		size_t at = peer_below(p, *len);

		switch (peer_below(p, 4)) {
		case 0:
			bytes[at] = (uint8_t)peer_below(p, 256);
			break;
		case 1:
			bytes[at] ^= (uint8_t)(1u << peer_below(p, 8));
			break;
		case 2:
			*len = at + 1;
			break;
		default:
			memmove(bytes + at + 1, bytes + at, *len - at);
			*len += *len + 1 < VIZ_BODY_MAX;
		}
	}
}

static void bodies(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct viz_writer w;
		size_t len;

		if (!peer_open(p))
			return;
		valid_body(p, &w);
		len = w.len;
		mutate(p, p->body, &len);
		wire_body(&p->wire, p->body, len);
		peer_drain(p, 1); /* so that most of them get an open link */
	}
}

static void unknown_kinds(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count && peer_open(p); i++) {
		struct viz_writer w;

		viz_writer_init(&w, p->body, sizeof p->body);
		viz_writer_array(&w, 2);
		viz_writer_uint(&w, 99);
		viz_writer_uint(&w, i);
		peer_send(p, &w);
		peer_drain(p, PATIENCE_MS);
		VIZ_REQUIRE(p->wire.fd < 0);
	}
}

/* Begins one repair after the other. */
static void trees(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count && peer_open(p); i++) {
		struct viz_writer w;

		viz_writer_init(&w, p->body, sizeof p->body);
		viz_writer_array(&w, 5);
		viz_writer_uint(&w, VIZ_MESSAGE_TREE);
		viz_writer_uint(&w, hour_now(p));
		viz_writer_uint(&w, i % VIZ_TREE_CUTS);
		viz_writer_id(&w, &p->me.author);
		viz_writer_uint(&w, i % (VIZ_SKETCH_MOST + 1));
		peer_send(p, &w);
		peer_drain(p, 0);
	}
}

/* Asks for the same large place again and again, and reads nothing. */
static void wants(struct peer *p, size_t count)
{
	struct viz_item item = {.author = p->me.author, .type = VIZ_TYPE_COVERAGE};

	forge_coverage(&p->scratch, &p->me, 0, peer_time(p), 1024, 1);
	if (!peer_open(p) || !peer_record(p, &p->scratch))
		return;
	for (size_t i = 0; i < count && p->wire.open; i++) {
		struct viz_writer w;

		viz_writer_init(&w, p->body, sizeof p->body);
		viz_writer_array(&w, 2);
		viz_writer_uint(&w, VIZ_MESSAGE_WANT);
		viz_writer_array(&w, VIZ_WANT_PER_MESSAGE);
		for (size_t k = 0; k < VIZ_WANT_PER_MESSAGE; k++)
			viz_message_place_write(&w, &item);
		if (!peer_send(p, &w))
			break;
	}
	peer_drain(p, 500);
}

/* Lists authors that nobody has, without end. */
static void lists(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count && peer_open(p); i++) {
		struct viz_writer w;

		viz_writer_init(&w, p->body, sizeof p->body);
		viz_writer_array(&w, 4);
		viz_writer_uint(&w, VIZ_MESSAGE_BUCKET);
		viz_writer_uint(&w, hour_now(p));
		viz_writer_uint(&w, i % VIZ_TREE_CUTS);
		viz_writer_array(&w, 100);
		for (size_t k = 0; k < 100; k++)
			write_list(p, &w, 60);
		peer_send(p, &w);
		peer_drain(p, 0);
	}
}

/* Answers each TREE: all differs. `last` ends the answer to each BUCKET, or none is ended. */
static void differ(struct peer *p, size_t count, size_t authors, bool last)
{
	static uint8_t piece[VIZ_TREE_BUCKETS * 2];
	struct viz_writer w;

	for (size_t i = 0; i < count && peer_open(p); i++) {
		for (int k = 0; k < 40 && p->hour == 0; k++)
			peer_drain(p, 100);
		memset(piece, (int)i, sizeof piece);
		viz_writer_init(&w, p->body, sizeof p->body);
		viz_writer_array(&w, 4);
		viz_writer_uint(&w, VIZ_MESSAGE_BUCKETS);
		viz_writer_uint(&w, p->hour);
		viz_writer_uint(&w, p->cut);
		viz_writer_bin(&w, piece, sizeof piece);
		peer_send(p, &w);
		viz_writer_init(&w, p->body, sizeof p->body);
		viz_writer_array(&w, 5);
		viz_writer_uint(&w, VIZ_MESSAGE_AUTHOR);
		viz_writer_uint(&w, p->hour);
		viz_writer_uint(&w, p->cut);
		viz_writer_bool(&w, last);
		viz_writer_array(&w, authors);
		for (size_t k = 0; k < authors; k++)
			write_author(p, &w, VIZ_COVERAGE_SLOTS);
		peer_send(p, &w);
		peer_drain(p, 20);
	}
}

/* Never ends a repair: it claims places that nobody has. */
static void authors(struct peer *p, size_t count)
{
	differ(p, count, 100, false);
}

/* Answers each repair, and has nothing. */
static void nothing(struct peer *p, size_t count)
{
	differ(p, count, 0, true);
}

/* Opens a link and closes it, again and again. */
static void flaps(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		peer_open(p);
		wire_close(&p->wire);
	}
}

const struct attack attack_links[] = {
    {"handshakes", handshakes},
    {"half-open", half_open},
    {"hellos", hellos},
    {"frames", frames},
    {"bodies", bodies},
    {"unknown-kinds", unknown_kinds},
    {"trees", trees},
    {"wants", wants},
    {"lists", lists},
    {"authors", authors},
    {"nothing", nothing},
    {"flaps", flaps},
    {NULL, NULL},
};
