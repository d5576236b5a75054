#include "node/place.h"

#include "node/core.h"
#include "node/record_id.h"

int viz_held_read(struct viz_held *held, const uint8_t *value, size_t len)
{
	struct viz_reader r;
	struct viz_held h = {0};

	viz_reader_init(&r, value, len);
	viz_reader_tuple(&r, 5);
	h.dead = viz_reader_bool(&r);
	h.received = viz_reader_time(&r);
	h.item = viz_reader_id(&r);
	h.a = viz_reader_bin(&r, &h.a_len, 65, VIZ_SIGNED_RECORD_MAX);
	if (!viz_reader_nil(&r))
		h.b = viz_reader_bin(&r, &h.b_len, 65, VIZ_SIGNED_RECORD_MAX);
	if (viz_reader_finish(&r) != VIZ_OK)
		return VIZ_ERR_STORE;
	*held = h;
	return VIZ_OK;
}

bool viz_place_get(struct viz_node *node, struct viz_held *held, struct viz_record *rec,
		   const struct viz_id *author, uint8_t type, uint64_t slot)
{
	uint8_t key[VIZ_PLACE_LEN];
	struct viz_slice v;

	viz_place_key(key, author, type, slot);
	if (!viz_core_get(node, &v, VIZ_TABLE_RECORD, key, sizeof key))
		return false;
	/* Only verified records get here: a row that does not parse is a damaged store. */
	VIZ_REQUIRE(viz_held_read(held, v.p, v.len) == VIZ_OK);
	if (rec)
		VIZ_REQUIRE(viz_record_parse(rec, held->a, held->a_len) == VIZ_OK);
	return true;
}

static void put_row(struct viz_node *node, const struct viz_record *rec, const struct viz_held *h)
{
	size_t max = 160 + h->a_len + h->b_len, len;
	uint8_t *value = viz_core_alloc(max);
	uint8_t key[VIZ_PLACE_LEN];
	struct viz_writer w;

	viz_writer_init(&w, value, max);
	viz_writer_array(&w, 5);
	viz_writer_bool(&w, h->dead);
	viz_writer_time(&w, h->received);
	viz_writer_id(&w, &h->item);
	viz_writer_bin(&w, h->a, h->a_len);
	if (h->b)
		viz_writer_bin(&w, h->b, h->b_len);
	else
		viz_writer_nil(&w);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_place_key(key, &rec->author, rec->type, rec->slot);
	viz_core_put(node, VIZ_TABLE_RECORD, key, sizeof key, value, len);
	viz_gossip_changed(node);
	free(value);
}

void viz_place_put(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_held h = {.received = node->now};

	viz_item_id(&h.item, rec, id, false);
	h.a = rec->bytes - sizeof rec->sig.b;
	h.a_len = rec->len + sizeof rec->sig.b;
	put_row(node, rec, &h);
	if (rec->type == VIZ_TYPE_COVERAGE)
		viz_coverage_index_put(node, rec);
}

void viz_place_kill(struct viz_node *node, const struct viz_record *rec)
{
	struct viz_held old, h = {.dead = true, .received = node->now};
	uint8_t *copy;

	VIZ_REQUIRE(viz_place_get(node, &old, NULL, &rec->author, rec->type, rec->slot));
	copy = viz_core_alloc(old.a_len);
	memcpy(copy, old.a, old.a_len);
	viz_item_id(&h.item, rec, NULL, true);
	h.a = copy;
	h.a_len = old.a_len;
	h.b = rec->bytes - sizeof rec->sig.b;
	h.b_len = rec->len + sizeof rec->sig.b;
	put_row(node, rec, &h);
	free(copy);
	if (rec->type == VIZ_TYPE_COVERAGE)
		viz_coverage_index_drop(node, &rec->author, rec->slot);
}

bool viz_place_live(struct viz_node *node, const struct viz_held *held,
		    const struct viz_record *rec, struct viz_time at)
{
	const struct viz_member *m = viz_member_find(node, &rec->author);

	if (held->dead || (rec->expires.ms != 0 && rec->expires.ms <= at.ms))
		return false;
	/* beyond a dead SUCCESSION no key is known to be the author's */
	if (!m || !viz_author_shares(node, m, rec->type) || rec->key >= m->key_count)
		return false;
	if (viz_type_write_once(rec->type) || rec->type == VIZ_TYPE_SUCCESSION ||
	    rec->type == VIZ_TYPE_REVOCATION)
		return true;
	if (viz_key_ended(m, rec->key))
		return false;
	return !viz_type_needs_heartbeat(rec->type) || viz_member_alive(node, m, at);
}

bool viz_place_shared(struct viz_node *node, const struct viz_held *held,
		      const struct viz_record *rec, struct viz_time at)
{
	const struct viz_member *m = viz_member_find(node, &rec->author);

	if (!m || !viz_author_shares(node, m, rec->type) ||
	    (rec->expires.ms != 0 && rec->expires.ms <= at.ms))
		return false;
	/* Without NODE nothing of its author can be verified, VOUCHes above all, which silence does
	 * not end: the newest one is carried on. */
	if (rec->type == VIZ_TYPE_NODE && rec->key + 1 == m->key_count)
		return true;
	if (!held->dead)
		return viz_place_live(node, held, rec, at);
	if (viz_type_write_once(rec->type) || rec->type == VIZ_TYPE_SUCCESSION ||
	    rec->type == VIZ_TYPE_REVOCATION)
		return rec->key < m->key_count;
	/* who comes later takes nothing any more that an ended key has signed */
	return !viz_key_ended(m, rec->key);
}

bool viz_place_live_get(struct viz_node *node, struct viz_record *rec, const struct viz_id *author,
			uint8_t type, uint64_t slot)
{
	struct viz_held held;

	return viz_place_get(node, &held, rec, author, type, slot) &&
	       viz_place_live(node, &held, rec, node->now);
}

/* Past its end, and past the grace for a return: by the author's last heartbeat and our last sight
 * of it, whatever has become of its keys. */
static bool is_over(struct viz_node *node, const struct viz_record *rec,
		    const struct viz_held *held)
{
	int64_t keep = node->federation.silence_ms + node->federation.grace_ms;
	const struct viz_member *m;

	if (rec->expires.ms != 0)
		return rec->expires.ms + node->federation.skew_ms <= node->now.ms;
	/* of one who has left, or never came in, nothing stays for longer than a return may take */
	if (!viz_type_needs_heartbeat(rec->type) && viz_author_known(node, &rec->author))
		return false;
	m = viz_member_find(node, &rec->author);
	if (m && rec->type == VIZ_TYPE_NODE && viz_author_counts(node, m))
		return false;
	if (m && m->has_node && m->node_time.ms + keep > node->now.ms)
		return false;
	return held->received.ms + keep <= node->now.ms;
}

static void drop_from_index(struct viz_node *node, const uint8_t place[VIZ_PLACE_LEN])
{
	struct viz_id author;

	if (place[32] != VIZ_TYPE_COVERAGE)
		return;
	memcpy(author.b, place, sizeof author.b);
	viz_coverage_index_drop(node, &author, viz_get_u64be(place + 33));
}

#define SWEEP_STEP 2000 /* places a step */

void viz_place_sweep(struct viz_node *node)
{
	static const char cursor_key[] = "sweep";
	struct viz_walk walk;
	struct viz_slice from, key, value;
	uint8_t last[VIZ_PLACE_LEN];
	size_t n = 0;

	viz_walk_init(&walk, node->store, VIZ_TABLE_RECORD, NULL, 0);
	if (viz_core_get(node, &from, VIZ_TABLE_META, (const uint8_t *)cursor_key,
			 sizeof cursor_key - 1))
		viz_walk_from(&walk, from.p, from.len);
	while (n < SWEEP_STEP && viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;

		n++;
		VIZ_REQUIRE(key.len == sizeof last);
		memcpy(last, key.p, sizeof last);
		if (viz_held_read(&held, value.p, value.len) == VIZ_OK &&
		    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK &&
		    is_over(node, &rec, &held)) {
			viz_directory_forget(node, &rec);
			viz_core_del(node, VIZ_TABLE_RECORD, last, sizeof last);
			viz_gossip_changed(node);
			drop_from_index(node, last);
		}
	}
	if (n == SWEEP_STEP)
		viz_core_put(node, VIZ_TABLE_META, (const uint8_t *)cursor_key,
			     sizeof cursor_key - 1, last, sizeof last);
	else if (viz_core_get(node, &from, VIZ_TABLE_META, (const uint8_t *)cursor_key,
			      sizeof cursor_key - 1))
		viz_core_del(node, VIZ_TABLE_META, (const uint8_t *)cursor_key,
			     sizeof cursor_key - 1);
}
