#include "tests/hostile/one_fetch.h"

#include "crypto/id.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/link/remote.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "store/store.h"

struct viz_link *link_of(struct one_node *b, uint64_t number)
{
	return viz_link_find(&b->node->net, number);
}

struct viz_fetch *fetch(struct one_node *b)
{
	return &b->node->gossip.fetch;
}

struct forge *friends(struct one_node *b)
{
	struct forge *f = calloc(2, sizeof *f);

	assert_non_null(f);
	befriend(b, &f[0], 8);
	befriend(b, &f[1], 9);
	tick(b, 20000);
	tick(b, 1000);
	return f;
}

bool is_last(struct one_node *b, const struct forge *f)
{
	const struct viz_member *m = viz_member_find(&b->node->trust, &f->author);

	return m->remote->last_until.ms > b->now.ms;
}

struct viz_announced named(const struct forged *rec)
{
	struct viz_announced x = {.item = {0}};
	struct viz_record r;
	struct viz_id item;

	assert_int_equal(viz_record_parse(&r, rec->bytes, rec->len), VIZ_OK);
	viz_ids_item(&item, &r, &rec->id, false);
	x.place = (struct viz_item){.author = r.author, .type = r.type, .slot = r.slot};
	memcpy(x.item, item.b, sizeof x.item);
	return x;
}

void announce_all(struct one_node *b, uint64_t link, const struct viz_announced *x, size_t n)
{
	struct viz_message_announce *m = calloc(1, sizeof *m);
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	assert_non_null(m);
	m->count = n;
	memcpy(m->what, x, n * sizeof *x);
	viz_writer_init(&w, body, sizeof body);
	viz_message_announce_write(&w, m);
	message_on(b, link, &w);
	free(m);
}

void announce(struct one_node *b, uint64_t link, const struct forged *rec)
{
	struct viz_announced x = named(rec);

	announce_all(b, link, &x, 1);
}

/* A record of an honest author that the node lacks. */
struct forged *lacking(struct one_node *b, const struct forge *author, uint64_t slot)
{
	struct forged *rec = calloc(1, sizeof *rec);

	assert_non_null(rec);
	b->now.ms++;
	forge_coverage(rec, author, slot, b->now, 1, (uint32_t)slot);
	return rec;
}

bool holds(struct one_node *b, const struct forged *rec)
{
	struct viz_announced x = named(rec);
	struct viz_held held;
	bool found;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	found = viz_place_get(&b->node->core, &held, NULL, &x.place.author, x.place.type,
			      x.place.slot) &&
		memcmp(held.item.b, x.item, sizeof x.item) == 0;
	viz_store_abort(b->store);
	return found;
}

void set_budget(struct one_node *b, int64_t checks)
{
	evil(b)->remote->tokens = checks * 1000;
	evil(b)->remote->tokens_at = b->now;
}

int64_t budget(struct one_node *b)
{
	return evil(b)->remote->tokens / 1000;
}
