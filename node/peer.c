/* The operator's own settings for peers, and the records that follow from them. */
#include "node/core.h"
#include "node/place.h"

void viz_peer_save(struct viz_node *node, const struct viz_member *m)
{
	const struct viz_peer_row *p = &m->peer;
	uint8_t value[512];
	struct viz_writer w;
	size_t len = 0;

	if (!p->present) {
		struct viz_slice v;

		if (viz_core_get(node, &v, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b))
			viz_core_del(node, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b);
		return;
	}
	viz_writer_init(&w, value, sizeof value);
	viz_writer_array(&w, 9);
	viz_writer_bool(&w, p->pending);
	viz_writer_bool(&w, p->vouched);
	viz_writer_bool(&w, p->partner);
	viz_writer_bool(&w, p->blocked);
	viz_writer_text(&w, p->reason);
	viz_writer_text(&w, p->name);
	viz_writer_text(&w, p->address);
	viz_writer_bin(&w, p->transport.b, sizeof p->transport.b);
	viz_writer_bin(&w, p->token, p->has_token ? sizeof p->token : 0);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_core_put(node, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b, value, len);
	viz_wipe(value, sizeof value);
}

static int peer_read(struct viz_peer_row *p, const struct viz_slice *v)
{
	const uint8_t *token;
	struct viz_reader r;
	size_t len;

	memset(p, 0, sizeof *p);
	viz_reader_init(&r, v->p, v->len);
	viz_reader_tuple(&r, 9);
	p->present = true;
	p->pending = viz_reader_bool(&r);
	p->vouched = viz_reader_bool(&r);
	p->partner = viz_reader_bool(&r);
	p->blocked = viz_reader_bool(&r);
	viz_reader_text(&r, p->reason, 0, VIZ_REASON_MAX);
	viz_reader_text(&r, p->name, 0, VIZ_NAME_MAX);
	viz_reader_text(&r, p->address, 0, VIZ_ADDRESS_MAX);
	viz_reader_fixed(&r, p->transport.b, sizeof p->transport.b);
	token = viz_reader_bin(&r, &len, 0, sizeof p->token);
	if (token && len == sizeof p->token) {
		p->has_token = true;
		memcpy(p->token, token, len);
	}
	return viz_reader_finish(&r);
}

int viz_directory_load(struct viz_node *node)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_member_self(node);
	viz_walk_init(&walk, node->store, VIZ_TABLE_RECORD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;

		if (viz_held_read(&held, value.p, value.len) != VIZ_OK ||
		    viz_record_parse(&rec, held.a, held.a_len) != VIZ_OK)
			return VIZ_ERR_STORE;
		viz_directory_apply(node, &rec);
		if (held.dead)
			viz_directory_forget(node, &rec);
	}
	viz_walk_init(&walk, node->store, VIZ_TABLE_PEER, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_member *m;
		struct viz_id id;

		memcpy(id.b, key.p, sizeof id.b);
		m = viz_member_need(node, &id);
		if (!m || peer_read(&m->peer, &value) != VIZ_OK)
			return VIZ_ERR_STORE;
	}
	node->directory.dirty = true;
	while (viz_directory_refresh(node))
		;
	return VIZ_OK;
}

int viz_vouch_publish(struct viz_node *node, const struct viz_member *m, bool withdrawn)
{
	const struct viz_member *self = viz_member_self(node);
	struct viz_vouch v = {.sponsee = m->id, .withdrawn = withdrawn};
	uint64_t slot = VIZ_VOUCH_SLOTS;
	bool used[VIZ_VOUCH_SLOTS] = {false};
	uint8_t body[64];
	struct viz_writer w;
	size_t len = 0;

	for (size_t i = 0; i < self->vouch_count; i++) {
		const struct viz_vouch_row *row = &self->vouch[i];

		if (viz_id_eq(&row->sponsee, &m->id)) {
			if (row->withdrawn == withdrawn)
				return VIZ_OK;
			slot = row->slot;
		}
		if (!row->withdrawn || viz_id_eq(&row->sponsee, &m->id))
			used[row->slot] = true;
	}
	if (slot == VIZ_VOUCH_SLOTS && withdrawn)
		return VIZ_OK;
	for (uint64_t s = 0; slot == VIZ_VOUCH_SLOTS && s < VIZ_VOUCH_SLOTS; s++)
		if (!used[s])
			slot = s;
	if (slot == VIZ_VOUCH_SLOTS)
		return VIZ_ERR_LIMIT;
	viz_writer_init(&w, body, sizeof body);
	viz_vouch_write(&w, &v);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	return viz_self_publish(node, NULL, VIZ_TYPE_VOUCH, slot, body, len);
}

static bool wanted(const struct viz_member *m)
{
	return m && m->peer.partner && !m->peer.blocked;
}

/* Dates never lie before the record that is replaced, even when the clock was set back meanwhile:
 * that would look like a lie. */
static struct viz_time stamp(struct viz_node *node)
{
	struct viz_held held;
	struct viz_record rec;

	if (viz_place_get(node, &held, &rec, &node->self.author, VIZ_TYPE_PARTNERS, 0) &&
	    rec.time.ms > node->now.ms)
		return rec.time;
	return node->now;
}

/* What stood there before, with removals; false when nothing changes. */
static bool keep_entries(struct viz_node *node, struct viz_partners *out,
			 const struct viz_partners *old)
{
	bool changed = false;

	for (size_t i = 0; old && i < old->count; i++) {
		struct viz_partner_entry e = old->entry[i];
		bool want = wanted(viz_member_find(node, &e.id));

		if (e.removed.ms != 0 && want) {
			e = (struct viz_partner_entry){.id = e.id, .added = stamp(node)};
			changed = true;
		} else if (e.removed.ms == 0 && !want) {
			e.removed = stamp(node);
			if (e.removed.ms < e.added.ms)
				e.removed = e.added; /* which a fast clock had dated */
			changed = true;
		} else if (e.removed.ms != 0 &&
			   e.removed.ms + node->federation.partner_keep_ms < node->now.ms) {
			changed = true;
			continue;
		}
		out->entry[out->count++] = e;
	}
	return changed;
}

static bool add_entries(struct viz_node *node, struct viz_partners *out)
{
	bool changed = false;

	for (size_t i = 0; i < node->directory.count; i++) {
		const struct viz_member *m = node->directory.list[i];
		size_t at;

		if (!wanted(m) || viz_partners_find(out, &m->id))
			continue;
		if (out->count == VIZ_PARTNERS_MAX)
			break;
		for (at = out->count; at > 0 && viz_id_cmp(&out->entry[at - 1].id, &m->id) > 0;
		     at--)
			out->entry[at] = out->entry[at - 1];
		out->entry[at] = (struct viz_partner_entry){.id = m->id, .added = stamp(node)};
		out->count++;
		changed = true;
	}
	return changed;
}

size_t viz_peer_only_through(struct viz_node *node, const struct viz_member *m)
{
	const struct viz_directory *d = &node->directory;
	struct viz_member **queue = viz_core_alloc((d->count + 1) * sizeof *queue);
	size_t head = 0, tail = 0, only = 0;

	for (size_t i = 0; i < d->count; i++)
		d->list[i]->reached = false;
	queue[tail++] = viz_member_self(node);
	queue[0]->reached = true;
	while (head < tail) {
		const struct viz_member *a = queue[head++];

		for (size_t i = 0; i < a->vouch_count; i++) {
			struct viz_member *b = viz_member_find(node, &a->vouch[i].sponsee);

			if (!b || b == m || b->reached || !viz_vouches(a, &b->id) ||
			    !viz_vouches(b, &a->id))
				continue;
			b->reached = true;
			queue[tail++] = b;
		}
	}
	for (size_t i = 0; i < d->count; i++)
		only += d->list[i]->member && !d->list[i]->reached && d->list[i] != m;
	free(queue);
	return only;
}

bool viz_vouch_room(struct viz_node *node, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_self(node);
	size_t used = 0;

	for (size_t i = 0; i < self->vouch_count; i++) {
		if (viz_id_eq(&self->vouch[i].sponsee, &m->id))
			return true;
		used += !self->vouch[i].withdrawn;
	}
	return used < VIZ_VOUCH_SLOTS;
}

bool viz_partners_room(struct viz_node *node, const struct viz_member *m)
{
	struct viz_partners *next = viz_core_alloc(sizeof *next);
	size_t used;
	bool room;

	next->count = 0;
	keep_entries(node, next, viz_member_self(node)->partners);
	used = next->count;
	for (size_t i = 0; i < node->directory.count; i++) {
		const struct viz_member *o = node->directory.list[i];

		used += o != m && wanted(o) && !viz_partners_find(next, &o->id);
	}
	room = used < VIZ_PARTNERS_MAX || viz_partners_find(next, &m->id) != NULL;
	free(next);
	return room;
}

int viz_partners_publish(struct viz_node *node)
{
	const struct viz_member *self = viz_member_self(node);
	struct viz_partners *next = viz_core_alloc(sizeof *next);
	size_t max = 16384, len = 0;
	uint8_t *body = viz_core_alloc(max);
	struct viz_writer w;
	bool changed;
	int err = VIZ_OK;

	next->count = 0;
	changed = keep_entries(node, next, self->partners);
	changed |= add_entries(node, next);
	if (changed) {
		viz_writer_init(&w, body, max);
		viz_partners_write(&w, next);
		VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
		err = viz_self_publish(node, NULL, VIZ_TYPE_PARTNERS, 0, body, len);
	}
	free(next);
	free(body);
	return err;
}
