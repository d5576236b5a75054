#include "node/trust/peer.h"

#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/trust/author.h"
#include "node/trust/closure.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

void viz_peer_save(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_peer_row *p = &m->peer;
	uint8_t value[512];
	struct viz_writer w;
	size_t len = 0;

	trust->directory.changes++;
	if (!p->present) {
		struct viz_slice v;

		if (viz_core_get(trust->core, &v, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b))
			viz_core_del(trust->core, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b);
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
	viz_core_put(trust->core, VIZ_TABLE_PEER, m->id.b, sizeof m->id.b, value, len);
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

int viz_trust_load(struct viz_trust *trust)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_member_self(trust);
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_RECORD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;

		if (viz_place_row_read(&held, value.p, value.len) != VIZ_OK ||
		    viz_record_parse(&rec, held.a, held.a_len) != VIZ_OK)
			return VIZ_ERR_STORE;
		viz_author_apply(trust, &rec);
		if (held.dead)
			viz_author_forget(trust, &rec);
	}
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_PEER, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_member *m;
		struct viz_id id;

		memcpy(id.b, key.p, sizeof id.b);
		m = viz_member_need(trust, &id);
		if (!m || peer_read(&m->peer, &value) != VIZ_OK)
			return VIZ_ERR_STORE;
	}
	trust->directory.dirty = true;
	while (viz_closure_refresh(trust))
		;
	return VIZ_OK;
}
