#include "node/trust/peer.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define PEER(F)                                                                                    \
	F(BOOL, pending)                                                                           \
	F(BOOL, vouched)                                                                           \
	F(BOOL, partner)                                                                           \
	F(BOOL, blocked)                                                                           \
	F(TEXT, reason, 0)                                                                         \
	F(TEXT, name, 0)                                                                           \
	F(TEXTS, address, address_count, 3)                                                        \
	F(KEY, transport)                                                                          \
	F(TIME, said)                                                                              \
	F(BUFFER, token)                                                                           \
	F(BOOL, token_dead)
static VIZ_FIELDS_WRITER(peer_row, PEER);
static VIZ_FIELDS_READER(peer_row, PEER);

bool viz_peer_is_kept(const struct viz_member *m)
{
	return m->peer.vouched || m->peer.partner || m->peer.pending;
}

bool viz_peer_is_welcome(const struct viz_member *m)
{
	return m->peer.pending || (m->peer.vouched && m->peer.partner && !m->peer.blocked);
}

bool viz_peer_said_later(const struct viz_member *m)
{
	return m->peer.address_count > 0 && (!m->has_node || m->peer.said.ms > m->node_time.ms);
}

/* Puts `m` into the list of peers, or takes it out. */
static void list_peer(struct viz_directory *d, struct viz_member *m)
{
	size_t at = 0;
	bool listed;

	while (at < d->peer_count && viz_id_cmp(&d->peer[at]->id, &m->id) < 0)
		at++;
	listed = at < d->peer_count && d->peer[at] == m;
	if (m->peer.present == listed)
		return;
	if (listed) {
		d->peer_count--;
		memmove(&d->peer[at], &d->peer[at + 1], (d->peer_count - at) * sizeof *d->peer);
		return;
	}
	if (d->peer_count == d->peer_capacity) {
		d->peer_capacity = d->peer_capacity ? d->peer_capacity * 2 : 64;
		d->peer = viz_core_grow(d->peer, d->peer_capacity, sizeof *d->peer);
	}
	memmove(&d->peer[at + 1], &d->peer[at], (d->peer_count - at) * sizeof *d->peer);
	d->peer[at] = m;
	d->peer_count++;
}

void viz_peer_save(struct viz_trust *trust, struct viz_member *m)
{
	struct viz_core *core = trust->core;
	struct viz_slice v;
	VIZ_WRITER(w, 768);

	viz_member_changed(trust, m);
	if (trust->directory.prune_count > 0)
		trust->directory.dirty = true; /* whom the operator has set up is not pruned */
	list_peer(&trust->directory, m);
	if (m->peer.present) {
		viz_peer_row_write(&w, &m->peer);
		viz_core_put_row(core, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b, &w);
		viz_secret_wipe(w.start, w.max);
	} else if (viz_core_get(core, &v, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b)) {
		viz_core_del(core, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b);
	}
}

int viz_peer_load(struct viz_trust *trust)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_PEER, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_member *m;
		struct viz_id id;

		memcpy(id.b, key.p, sizeof id.b);
		m = viz_member_ensure(trust, &id);
		if (!m || VIZ_PARSE(peer_row, &m->peer, value.p, value.len) != VIZ_OK)
			return VIZ_ERR_STORE;
		m->peer.present = true;
		list_peer(&trust->directory, m);
	}
	return VIZ_OK;
}
