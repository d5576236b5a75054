#include "node/audit/evidence.h"

#include "crypto/sign.h"
#include "node/audit/finding.h"
#include "node/audit/lists.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/row.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/tables.h"

enum { PARTIAL_VIEW = 1, WANTED = 2, PLACE = 3, ASK_MAX = VIZ_ELIGIBLE_MAX };

#define PARTIAL_KEY_LEN (8 + 32)

static void row_key(uint8_t key[VIZ_STATEMENT_KEY_LEN], struct viz_trust *trust,
		    const struct viz_inbox *in, uint8_t type)
{
	viz_core_statement_key(key, &in->origin, in->slot, type, &trust->self.author, 0);
}

static void ask(struct viz_net *net, const struct viz_inbox *in, const struct viz_id *missing,
		size_t n)
{
	uint8_t payload[64 + ASK_MAX * 34], key[VIZ_STATEMENT_KEY_LEN];
	struct viz_writer w;
	size_t len = 0;

	row_key(key, net->trust, in, WANTED);
	viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, missing->b,
		     n * sizeof *missing);
	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, in->slot);
	viz_writer_array(&w, n);
	for (size_t i = 0; i < n; i++)
		viz_writer_id(&w, &missing[i]);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_mail_send(net, &in->origin, VIZ_MAIL_EVIDENCE_ASK, payload, len);
}

static void no_room(struct viz_trust *trust, const struct viz_inbox *in)
{
	viz_core_log(trust->core, 4,
		     "%s has as much evidence here as it may: an offer is not checked",
		     viz_member_name(viz_member_find(trust, &in->origin)));
}

/* Judges when all records are here, asks for those that are not. */
static void proceed(struct viz_net *net, struct viz_inbox *in)
{
	struct viz_id missing[ASK_MAX];
	struct viz_slice v;
	uint8_t *view;
	size_t n, len;

	if (!viz_view_evidence_get(net->core, &v, &in->view))
		return;
	len = v.len;
	view = viz_core_alloc(len);
	memcpy(view, v.p, len);
	if (viz_view_resolve(net->trust, missing, &n, ASK_MAX, &in->origin, view, len) != VIZ_OK)
		no_room(net->trust, in);
	else if (n == 0)
		viz_audit_lists(net, in, view, len / 32);
	else
		ask(net, in, missing, n < ASK_MAX ? n : ASK_MAX);
	free(view);
}

/* All records that may stand in a view of this origin. */
static size_t view_max(struct viz_trust *trust, const struct viz_id *origin)
{
	const struct viz_member *m = viz_member_find(trust, origin);
	size_t authors = 1 + (m && m->partners ? m->partners->count : 0);
	size_t most = authors * VIZ_VIEW_PER_AUTHOR;

	return (most < VIZ_VIEW_IDS_MAX ? most : VIZ_VIEW_IDS_MAX) * sizeof(struct viz_id);
}

static void view_complete(struct viz_net *net, struct viz_inbox *in, const uint8_t *bytes,
			  size_t len)
{
	struct viz_id digest;

	viz_view_digest(&digest, bytes, len);
	if (len % sizeof digest != 0 || !viz_id_eq(&digest, &in->view)) {
		viz_audit_find(net->trust, &in->origin, in->slot, VIZ_RULE_VIEW_BYTES,
			       VIZ_VERDICT_SUSPICION, &digest);
		in->view_judged = true;
	} else if (!viz_view_evidence_put(net->trust, &digest, &in->origin, bytes, len)) {
		no_room(net->trust, in);
	} else {
		proceed(net, in);
	}
}

/* VIZ_TABLE_META: of which offer of this origin parts are kept. */
static void partial_key(uint8_t key[PARTIAL_KEY_LEN], const struct viz_id *origin)
{
	memcpy(key, "partview", 8);
	memcpy(key + 8, origin->b, sizeof origin->b);
}

/* A view begins to come: an origin sends its parts one after the other, so what it has begun before
 * and not ended is dropped. */
static void begin_partial(struct viz_trust *trust, const struct viz_inbox *in)
{
	uint8_t key[PARTIAL_KEY_LEN], slot[8], row[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	partial_key(key, &in->origin);
	if (viz_core_get(trust->core, &v, VIZ_TABLE_META, key, sizeof key) &&
	    v.len == sizeof slot) {
		viz_core_statement_key(row, &in->origin, viz_get_u64be(v.p), PARTIAL_VIEW,
				       &trust->self.author, 0);
		if (viz_core_get(trust->core, &v, VIZ_TABLE_STATEMENT, row, sizeof row))
			viz_core_del(trust->core, VIZ_TABLE_STATEMENT, row, sizeof row);
	}
	viz_put_u64be(slot, in->slot);
	viz_core_put(trust->core, VIZ_TABLE_META, key, sizeof key, slot, sizeof slot);
}

/* All parts are here. */
static void end_partial(struct viz_trust *trust, const struct viz_inbox *in)
{
	uint8_t key[PARTIAL_KEY_LEN], row[VIZ_STATEMENT_KEY_LEN];

	partial_key(key, &in->origin);
	viz_core_del(trust->core, VIZ_TABLE_META, key, sizeof key);
	row_key(row, trust, in, PARTIAL_VIEW);
	viz_core_del(trust->core, VIZ_TABLE_STATEMENT, row, sizeof row);
}

void viz_audit_view_part(struct viz_net *net, struct viz_inbox *in, const uint8_t *part, size_t len,
			 size_t total)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], *bytes;
	struct viz_slice v = {NULL, 0};

	if (total > view_max(net->trust, &in->origin))
		return;
	row_key(key, net->trust, in, PARTIAL_VIEW);
	if (in->view_have > 0 &&
	    (!viz_core_get(net->core, &v, VIZ_TABLE_STATEMENT, key, sizeof key) ||
	     v.len != in->view_have))
		return;
	bytes = viz_core_alloc(in->view_have + len);
	if (v.len > 0)
		memcpy(bytes, v.p, v.len);
	memcpy(bytes + v.len, part, len);
	in->view_have = v.len + len;
	in->view_total = total;
	if (in->view_have < total) {
		if (v.len == 0)
			begin_partial(net->trust, in);
		viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, bytes, in->view_have);
	} else {
		if (v.len > 0)
			end_partial(net->trust, in);
		view_complete(net, in, bytes, in->view_have);
	}
	viz_inbox_put(net->core, in);
	free(bytes);
}

/* Where `id` stands among those that were asked for; `out` gets them, *n their number. */
static bool wanted(struct viz_trust *trust, const struct viz_inbox *in, struct viz_id *out,
		   size_t *n, size_t *at, const struct viz_id *id)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	row_key(key, trust, in, WANTED);
	if (!viz_core_get(trust->core, &v, VIZ_TABLE_STATEMENT, key, sizeof key) ||
	    v.len > ASK_MAX * sizeof *out)
		return false;
	*n = v.len / sizeof *out;
	memcpy(out, v.p, v.len);
	for (*at = 0; *at < *n; ++*at)
		if (viz_id_eq(&out[*at], id))
			return true;
	return false;
}

/* It came: proceeds when it was the last. */
static void arrived(struct viz_net *net, struct viz_inbox *in, struct viz_id *ids, size_t n,
		    size_t at)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	ids[at] = ids[n - 1];
	row_key(key, net->trust, in, WANTED);
	if (n > 1) {
		viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, ids->b,
			     (n - 1) * sizeof *ids);
	} else {
		viz_core_del(net->core, VIZ_TABLE_STATEMENT, key, sizeof key);
		proceed(net, in);
	}
}

/* The origin's records, and those of whom it lists as partners. */
static bool may_stand(struct viz_trust *trust, const struct viz_inbox *in,
		      const struct viz_record *rec)
{
	const struct viz_member *m = viz_member_find(trust, &in->origin);

	return viz_view_type(rec->type) &&
	       (viz_id_eq(&rec->author, &in->origin) ||
		(m && m->partners && viz_partners_find(m->partners, &rec->author)));
}

/* False: another of the view's records has this place. */
static bool take_place(struct viz_core *core, const struct viz_inbox *in,
		       const struct viz_record *rec)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	viz_core_statement_key(key, &in->origin, in->slot, PLACE, &rec->author,
			       (uint64_t)rec->type << 48 | rec->slot);
	if (viz_core_get(core, &v, VIZ_TABLE_STATEMENT, key, sizeof key))
		return false;
	viz_core_put(core, VIZ_TABLE_STATEMENT, key, sizeof key, (const uint8_t *)"", 0);
	return true;
}

void viz_audit_evidence(struct viz_net *net, struct viz_inbox *in, const uint8_t *bytes, size_t len)
{
	struct viz_id ids[ASK_MAX], id;
	struct viz_record rec;
	struct viz_slice v;
	struct viz_pub pub;
	size_t n, at;
	bool had;

	if (viz_record_parse(&rec, bytes, len) != VIZ_OK)
		return;
	viz_core_record_id(&id, &net->core->federation_id, &rec);
	if (!wanted(net->trust, in, ids, &n, &at, &id) || !may_stand(net->trust, in, &rec) ||
	    !viz_member_known(net->trust, &rec.author) ||
	    viz_author_key(net->trust, &pub, &rec) != VIZ_OK ||
	    viz_verify(&rec.sig, &id, &pub) != VIZ_OK)
		return;
	/* one that has come for another offer is counted no more, and takes no place: were it a
	 * second one, the judgement finds it */
	had = viz_view_evidence_get(net->core, &v, &id);
	if (!viz_view_evidence_put(net->trust, &id, &in->origin, bytes, len)) {
		no_room(net->trust, in);
	} else if (!had && !take_place(net->core, in, &rec)) {
		/* two of one place: that is proof enough, and no third is wanted */
		viz_audit_find(net->trust, &in->origin, in->slot, VIZ_RULE_VIEW_FALSE,
			       VIZ_VERDICT_CONTRADICTION, &in->view);
		in->view_judged = true;
		viz_inbox_put(net->core, in);
	} else {
		arrived(net, in, ids, n, at);
	}
}

void viz_audit_view_received(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	uint64_t slot, offset, total;
	const uint8_t *part;
	struct viz_inbox *in;
	size_t len = 0;

	viz_reader_tuple(r, 4);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	offset = viz_reader_uint(r, VIZ_VIEW_IDS_MAX * 32);
	total = viz_reader_uint(r, VIZ_VIEW_IDS_MAX * 32);
	part = viz_reader_bin(r, &len, 1, VIZ_VIEW_PART_BYTES);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	if (offset >= total || offset % VIZ_VIEW_PART_BYTES != 0 ||
	    len != (total - offset < VIZ_VIEW_PART_BYTES ? total - offset : VIZ_VIEW_PART_BYTES)) {
		viz_reader_fail(r, VIZ_ERR_MEANING);
		return;
	}
	in = viz_inbox_fetch(net->core, from, slot);
	if (in && !in->view_judged && offset == in->view_have) {
		if (offset > 0 && total != in->view_total)
			viz_reader_fail(r, VIZ_ERR_MEANING);
		else
			viz_audit_view_part(net, in, part, len, total);
	}
	free(in);
}

void viz_audit_evidence_received(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r)
{
	size_t len = 0;
	const uint8_t *bytes;
	struct viz_inbox *in;
	uint64_t slot;

	viz_reader_tuple(r, 2);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	bytes = viz_reader_bin(r, &len, 65, VIZ_SIGNED_RECORD_MAX);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, from, slot);
	if (in && !in->view_judged)
		viz_audit_evidence(net, in, bytes, len);
	free(in);
}
