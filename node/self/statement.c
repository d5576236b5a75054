#include "node/self/statement.h"

#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/tables.h"

/* What ends something is signed also while our clock is behind what we have signed, and so is the
 * last state of its receipt. */
static bool waits_for_nothing(uint8_t type)
{
	return type == VIZ_TYPE_WITHDRAWAL || type == VIZ_TYPE_RELEASE || type == VIZ_TYPE_ERASED ||
	       type == VIZ_TYPE_RECEIPT;
}

/* The time of a statement of this name. Our time may stand still while the clock is behind: what is
 * given anew then must not be the same again, as who got the first takes it for that. */
static struct viz_time time_of(const struct viz_trust *trust, uint8_t type,
			       const uint8_t name[VIZ_STATEMENT_KEY_LEN])
{
	struct viz_time time = viz_identity_time(trust);
	struct viz_record before;
	struct viz_slice v;

	if (waits_for_nothing(type) &&
	    viz_core_get(trust->core, &v, VIZ_TABLE_STATEMENT, name, VIZ_STATEMENT_KEY_LEN) &&
	    viz_record_parse(&before, v.p, v.len) == VIZ_OK && before.time.ms == time.ms)
		time = viz_after(time, 1);
	return time;
}

int viz_statement_sign(struct viz_trust *trust, struct viz_id *id, uint8_t type,
		       const struct viz_id *origin, uint64_t slot, uint64_t number,
		       const uint8_t *body, size_t body_len)
{
	struct viz_record rec = {.type = type,
				 .author = trust->self.author,
				 .slot = slot,
				 .key = trust->self.key_number,
				 .seq = number,
				 .body = body,
				 .body_len = body_len};
	uint8_t bytes[9000];
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	size_t len = 0;
	int err;

	if (trust->self.revoked || (!viz_identity_may_sign(trust) && !waits_for_nothing(type)))
		return VIZ_ERR_STATE;
	viz_place_statement_key(key, origin, slot, type, &trust->self.author, number);
	rec.time = time_of(trust, type, key);
	err = viz_identity_sign(bytes, &len, sizeof bytes, id, &rec, &trust->self.signer,
				&trust->core->federation_id);
	if (err != VIZ_OK)
		return err;
	VIZ_REQUIRE(viz_record_parse(&rec, bytes, len) == VIZ_OK);
	viz_identity_signed(trust, rec.time);
	viz_core_put(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, bytes, len);
	return VIZ_OK;
}

int viz_statement_check(struct viz_trust *trust, struct viz_record *rec, struct viz_id *id,
			const uint8_t *bytes, size_t len, uint8_t type, const struct viz_id *author)
{
	const struct viz_member *m = viz_member_find(trust, author);
	struct viz_record parsed;
	struct viz_id rid;
	int err = viz_record_parse(&parsed, bytes, len);

	if (err != VIZ_OK)
		return err == VIZ_ERR_ABSENT ? VIZ_ERR_FORM : err;
	if (parsed.type < VIZ_TYPE_STATEMENT_MIN || (type != 0 && parsed.type != type) ||
	    !viz_id_eq(&parsed.author, author))
		return VIZ_ERR_MEANING;
	if (!m || parsed.key >= m->key_count)
		return VIZ_ERR_ABSENT;
	viz_ids_record(&rid, &trust->core->federation_id, &parsed);
	if (viz_sign_verify(&parsed.sig, &rid, &m->key[parsed.key].pub) != VIZ_OK)
		return VIZ_ERR_AUTH;
	*rec = parsed;
	*id = rid;
	return VIZ_OK;
}

/* Where the newest statement of an author stands: time, key. */
#define NEWEST_LEN (8 + VIZ_STATEMENT_KEY_LEN)

static bool newest_row(struct viz_core *core, struct viz_slice *row, const struct viz_id *author)
{
	uint8_t key[VIZ_META_ID_LEN];

	viz_meta_id_key(key, VIZ_META_NEWEST, author);
	return viz_core_get(core, row, VIZ_TABLE_META, key, sizeof key) && row->len == NEWEST_LEN;
}

static void note_newest(struct viz_core *core, const struct viz_record *rec,
			const uint8_t statement[VIZ_STATEMENT_KEY_LEN])
{
	int64_t latest = core->now.ms + core->federation.skew_ms;
	uint8_t key[VIZ_META_ID_LEN], row[NEWEST_LEN];
	struct viz_slice v;

	if (rec->time.ms > latest)
		return;
	if (newest_row(core, &v, &rec->author)) {
		int64_t time = (int64_t)viz_be_get_u64(v.p);

		/* our clock may have been set back since */
		if (time >= rec->time.ms && time <= latest)
			return;
	}
	viz_be_put_u64(row, (uint64_t)rec->time.ms);
	memcpy(row + 8, statement, VIZ_STATEMENT_KEY_LEN);
	viz_meta_id_key(key, VIZ_META_NEWEST, &rec->author);
	viz_core_put(core, VIZ_TABLE_META, key, sizeof key, row, sizeof row);
}

int viz_statement_newest(struct viz_core *core, struct viz_slice *out, const struct viz_id *author,
			 struct viz_time until)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice row;

	if (!newest_row(core, &row, author))
		return VIZ_ERR_ABSENT;
	if ((int64_t)viz_be_get_u64(row.p) > until.ms)
		return VIZ_ERR_STATE;
	memcpy(key, row.p + 8, sizeof key);
	return viz_core_get(core, out, VIZ_TABLE_STATEMENT, key, sizeof key) ? VIZ_OK
									     : VIZ_ERR_STATE;
}

void viz_statement_keep(struct viz_core *core, const struct viz_id *origin,
			const struct viz_record *rec, uint64_t number)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	viz_place_statement_key(key, origin, rec->slot, rec->type, &rec->author, number);
	note_newest(core, rec, key);
	viz_core_put(core, VIZ_TABLE_STATEMENT, key, sizeof key, rec->bytes - sizeof rec->sig.b,
		     rec->len + sizeof rec->sig.b);
}

bool viz_statement_get(struct viz_core *core, struct viz_slice *out, const struct viz_id *origin,
		       uint64_t slot, uint8_t type, const struct viz_id *author, uint64_t number)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	viz_place_statement_key(key, origin, slot, type, author, number);
	return viz_core_get(core, out, VIZ_TABLE_STATEMENT, key, sizeof key);
}

void viz_statement_mail(struct viz_net *net, const struct viz_id *to, const struct viz_id *origin,
			uint64_t slot, uint8_t type, uint64_t number)
{
	struct viz_slice v;
	uint8_t *copy;
	size_t len;

	if (!viz_statement_get(net->core, &v, origin, slot, type, &net->trust->self.author, number))
		return;
	len = v.len;
	copy = viz_core_alloc(len);
	memcpy(copy, v.p, len);
	viz_mail_statement(net, to, copy, len);
	free(copy);
}

int viz_statement_issue(struct viz_net *net, struct viz_id *id, uint8_t type,
			const struct viz_id *origin, uint64_t slot, uint64_t number,
			const struct viz_writer *body, const struct viz_id *to)
{
	size_t len = 0;
	int err = viz_writer_finish(body, &len);

	if (err == VIZ_OK)
		err = viz_statement_sign(net->trust, id, type, origin, slot, number, body->start,
					 len);
	if (err == VIZ_OK && to)
		viz_statement_mail(net, to, origin, slot, type, number);
	return err;
}

void viz_statement_received(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	size_t len = 0;
	const uint8_t *bytes;
	const struct viz_statement_handler *h;
	struct viz_reader body;
	struct viz_record rec;
	struct viz_id id;
	int err;

	bytes = viz_mail_signed_read(r, &len);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	err = viz_statement_check(net->trust, &rec, &id, bytes, len, 0, from);
	if (err != VIZ_OK) {
		viz_reader_fail(r, err);
		return;
	}
	h = &net->handlers->statement[rec.type];
	if (h->inside)
		viz_reader_fail(r, VIZ_ERR_MEANING);
	for (size_t i = 0; i < 2 && h->take[i] && r->err == VIZ_OK; i++) {
		viz_reader_init(&body, rec.body, rec.body_len);
		h->take[i](net, &rec, &body);
		if (viz_reader_finish(&body) != VIZ_OK)
			viz_reader_fail(r, body.err);
	}
}

bool viz_statement_frees_space(struct viz_reader r)
{
	struct viz_record rec;
	size_t len = 0;
	const uint8_t *bytes = viz_mail_signed_read(&r, &len);

	return bytes && viz_record_parse(&rec, bytes, len) == VIZ_OK &&
	       (rec.type == VIZ_TYPE_WITHDRAWAL || rec.type == VIZ_TYPE_ERASED ||
		rec.type == VIZ_TYPE_OUTCOME || rec.type == VIZ_TYPE_RELEASE);
}
