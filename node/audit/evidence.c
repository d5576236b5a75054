#include "node/audit/evidence.h"

#include "crypto/sign.h"
#include "node/audit/finding.h"
#include "node/audit/judge.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/offer/view.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/tables.h"

enum { ASK_MAX = VIZ_ELIGIBLE_MAX };

static void row_key(uint8_t key[VIZ_STATEMENT_KEY_LEN], struct viz_trust *trust,
		    const struct viz_inbox *in, uint8_t type)
{
	viz_place_statement_key(key, &in->origin, in->slot, type, &trust->self.author, 0);
}

/* Asks the origin for the records with these ids, and remembers which ones they are. */
static void ask(struct viz_net *net, const struct viz_inbox *in, const struct viz_id *missing,
		size_t n)
{
	struct viz_mail_evidence_ask mail = {.slot = in->slot, .count = n};
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	VIZ_WRITER(w, 64 + ASK_MAX * 34);

	row_key(key, net->trust, in, VIZ_OFFER_ROW_WANTED);
	viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, missing->b,
		     n * sizeof *missing);
	memcpy(mail.id, missing, n * sizeof *missing);
	viz_mail_evidence_ask_write(&w, &mail);
	viz_mail_send(net, &in->origin, VIZ_MAIL_EVIDENCE_ASK, &w);
}

static void log_limit(struct viz_trust *trust, const struct viz_inbox *in)
{
	viz_core_log(trust->core, 4,
		     "%s has as much evidence here as it may: an offer is not checked",
		     viz_member_name(viz_member_find(trust, &in->origin)));
}

/* Judges the OFFER if all records of its view are here, else asks for the missing ones. */
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
		log_limit(net->trust, in);
	else if (n == 0)
		viz_audit_judge_lists(net->trust, in, view, len / 32);
	else
		ask(net, in, missing, n < ASK_MAX ? n : ASK_MAX);
	free(view);
}

/* The most bytes that a view of this origin can have. */
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
		viz_finding_keep(net->trust, &in->origin, in->slot, VIZ_RULE_VIEW_BYTES,
				 VIZ_VERDICT_SUSPICION, &digest);
		in->view_judged = true;
	} else if (!viz_view_evidence_put(net->trust, &digest, &in->origin, bytes, len)) {
		log_limit(net->trust, in);
	} else {
		proceed(net, in);
	}
}

/* The first part of a view has come. An origin sends one view after the other, so we drop an
 * earlier one that is still incomplete. */
static void begin_partial(struct viz_trust *trust, const struct viz_inbox *in)
{
	uint8_t key[VIZ_META_ID_LEN], slot[8], row[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	viz_meta_id_key(key, VIZ_META_PARTIAL_VIEW, &in->origin);
	if (viz_core_get(trust->core, &v, VIZ_TABLE_META, key, sizeof key) &&
	    v.len == sizeof slot) {
		viz_place_statement_key(row, &in->origin, viz_be_get_u64(v.p),
					VIZ_OFFER_ROW_PARTIAL_VIEW, &trust->self.author, 0);
		if (viz_core_get(trust->core, &v, VIZ_TABLE_STATEMENT, row, sizeof row))
			viz_core_del(trust->core, VIZ_TABLE_STATEMENT, row, sizeof row);
	}
	viz_be_put_u64(slot, in->slot);
	viz_core_put(trust->core, VIZ_TABLE_META, key, sizeof key, slot, sizeof slot);
}

/* All parts of the view are here. */
static void end_partial(struct viz_trust *trust, const struct viz_inbox *in)
{
	uint8_t key[VIZ_META_ID_LEN], row[VIZ_STATEMENT_KEY_LEN];

	viz_meta_id_key(key, VIZ_META_PARTIAL_VIEW, &in->origin);
	viz_core_del(trust->core, VIZ_TABLE_META, key, sizeof key);
	row_key(row, trust, in, VIZ_OFFER_ROW_PARTIAL_VIEW);
	viz_core_del(trust->core, VIZ_TABLE_STATEMENT, row, sizeof row);
}

/* Takes the next part of the view, which has `total` bytes in all. */
static void take_part(struct viz_net *net, struct viz_inbox *in, const uint8_t *part, size_t len,
		      size_t total)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], *bytes;
	struct viz_slice v = {NULL, 0};

	if (total > view_max(net->trust, &in->origin))
		return;
	row_key(key, net->trust, in, VIZ_OFFER_ROW_PARTIAL_VIEW);
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

/* Whether we have asked for the record `id`. `out` gets all *n ids that we still wait for, *at the
 * position of `id` among them. */
static bool wanted(struct viz_trust *trust, const struct viz_inbox *in, struct viz_id *out,
		   size_t *n, size_t *at, const struct viz_id *id)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	row_key(key, trust, in, VIZ_OFFER_ROW_WANTED);
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

/* The record at position `at` of those that we wait for has come. Judges after the last one. */
static void arrived(struct viz_net *net, struct viz_inbox *in, struct viz_id *ids, size_t n,
		    size_t at)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	ids[at] = ids[n - 1];
	row_key(key, net->trust, in, VIZ_OFFER_ROW_WANTED);
	if (n > 1) {
		viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, ids->b,
			     (n - 1) * sizeof *ids);
	} else {
		viz_core_del(net->core, VIZ_TABLE_STATEMENT, key, sizeof key);
		proceed(net, in);
	}
}

/* Whether a view of this origin may name `rec`: a record of the origin or of a partner that it
 * lists.
 */
static bool may_name(struct viz_trust *trust, const struct viz_inbox *in,
		     const struct viz_record *rec)
{
	const struct viz_member *m = viz_member_find(trust, &in->origin);

	return viz_view_type(rec->type) &&
	       (viz_id_eq(&rec->author, &in->origin) ||
		(m && m->partners && viz_partners_find(m->partners, &rec->author)));
}

/* Remembers that a record of the view has this place. False: another one has it already. */
static bool take_place(struct viz_core *core, const struct viz_inbox *in,
		       const struct viz_record *rec)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_PLACE, &rec->author,
				(uint64_t)rec->type << 48 | rec->slot);
	if (viz_core_get(core, &v, VIZ_TABLE_STATEMENT, key, sizeof key))
		return false;
	viz_core_put(core, VIZ_TABLE_STATEMENT, key, sizeof key, (const uint8_t *)"", 0);
	return true;
}

/* Takes a signed record, if we have asked for it and the view may name it. */
static void take_record(struct viz_net *net, struct viz_inbox *in, const uint8_t *bytes, size_t len)
{
	struct viz_id ids[ASK_MAX], id;
	struct viz_record rec;
	struct viz_slice v;
	struct viz_pub pub;
	size_t n, at;
	bool had;

	if (viz_record_parse(&rec, bytes, len) != VIZ_OK)
		return;
	viz_ids_record(&id, &net->core->federation_id, &rec);
	if (!wanted(net->trust, in, ids, &n, &at, &id) || !may_name(net->trust, in, &rec) ||
	    !viz_member_known(net->trust, &rec.author) ||
	    viz_author_key(net->trust, &pub, &rec) != VIZ_OK ||
	    viz_sign_verify(&rec.sig, &id, &pub) != VIZ_OK)
		return;
	/* A record that is kept for another offer does not take its place here. If two of one place
	 * are in this view, the rules find it when they judge. */
	had = viz_view_evidence_get(net->core, &v, &id);
	if (!viz_view_evidence_put(net->trust, &id, &in->origin, bytes, len)) {
		log_limit(net->trust, in);
	} else if (!had && !take_place(net->core, in, &rec)) {
		/* Two records of one place prove that the view is false. We ask for no more. */
		viz_finding_keep(net->trust, &in->origin, in->slot, VIZ_RULE_VIEW_FALSE,
				 VIZ_VERDICT_CONTRADICTION, &in->view);
		in->view_judged = true;
		viz_inbox_put(net->core, in);
	} else {
		arrived(net, in, ids, n, at);
	}
}

void viz_audit_evidence_view_received(struct viz_net *net, const struct viz_id *from,
				      struct viz_reader *r)
{
	struct viz_mail_view mail;
	struct viz_inbox *in;
	uint64_t rest;

	viz_mail_view_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	rest = mail.offset < mail.total ? mail.total - mail.offset : 0;
	if (mail.offset % VIZ_VIEW_PART_BYTES != 0 ||
	    mail.part_len != (rest < VIZ_VIEW_PART_BYTES ? rest : VIZ_VIEW_PART_BYTES)) {
		viz_reader_fail(r, VIZ_ERR_MEANING);
		return;
	}
	in = viz_inbox_fetch(net->core, from, mail.slot);
	if (in && !in->view_judged && mail.offset == in->view_have) {
		if (mail.offset > 0 && mail.total != in->view_total)
			viz_reader_fail(r, VIZ_ERR_MEANING);
		else
			take_part(net, in, mail.part, mail.part_len, mail.total);
	}
	free(in);
}

void viz_audit_evidence_received(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r)
{
	struct viz_mail_evidence mail;
	struct viz_inbox *in;

	viz_mail_evidence_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, from, mail.slot);
	if (in && !in->view_judged)
		take_record(net, in, mail.record, mail.record_len);
	free(in);
}
