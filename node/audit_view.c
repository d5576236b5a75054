/* An origin's view, and the records that it names, as they come; judged in audit_lists.c. */
#include "node/audit.h"
#include "node/core.h"
#include "node/inbox.h"
#include "node/mail.h"
#include "node/record_id.h"
#include "node/view.h"

/* The view as it arrives is kept under the offer, under a type that is no statement. */
enum { PARTIAL_VIEW = 1, EVIDENCE_ASK_MAX = VIZ_ELIGIBLE_MAX };

static void ask_evidence(struct viz_node *node, const struct viz_inbox *in,
    const struct viz_id *missing, size_t n)
{
	uint8_t payload[64 + EVIDENCE_ASK_MAX * 34];
	struct viz_writer w;
	size_t len = 0;

	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, in->slot);
	viz_writer_array(&w, n);
	for (size_t i = 0; i < n; i++)
		viz_writer_id(&w, &missing[i]);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_mail_send(node, &in->origin, VIZ_MAIL_EVIDENCE_ASK, payload, len);
}

/* Judges when all records are here, asks for those that are not. */
static void proceed(struct viz_node *node, struct viz_inbox *in)
{
	struct viz_id missing[EVIDENCE_ASK_MAX];
	struct viz_slice v;
	uint8_t *view;
	size_t n, len;

	if (!viz_evidence_get(node, &v, &in->view))
		return;
	len = v.len;
	view = viz_core_alloc(len);
	memcpy(view, v.p, len);
	n = viz_view_resolve(node, missing, EVIDENCE_ASK_MAX, &in->origin, view, len);
	if (n == 0)
		viz_audit_lists(node, in, view, len / 32);
	else if (n % EVIDENCE_ASK_MAX == 0 || in->view_have != len)
		ask_evidence(node, in, missing, n < EVIDENCE_ASK_MAX ? n : EVIDENCE_ASK_MAX);
	in->view_have = len;
	viz_inbox_put(node, in);
	free(view);
}

void viz_audit_view_part(struct viz_node *node, struct viz_inbox *in, const uint8_t *part,
    size_t len, size_t total)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	uint8_t *bytes = viz_core_alloc(in->view_have + len);
	struct viz_slice v = {NULL, 0};
	struct viz_id digest;

	viz_statement_key(key, &in->origin, in->slot, PARTIAL_VIEW, &node->self.author, 0);
	if (in->view_have > 0 && (!viz_core_get(node, &v, VIZ_TABLE_STATEMENT, key, sizeof key) ||
				     v.len != in->view_have)) {
		free(bytes);
		return;
	}
	if (v.len > 0)
		memcpy(bytes, v.p, v.len);
	memcpy(bytes + v.len, part, len);
	len += v.len;
	if (len < total) {
		viz_core_put(node, VIZ_TABLE_STATEMENT, key, sizeof key, bytes, len);
		in->view_have = len;
		in->view_total = total;
		viz_inbox_put(node, in);
	} else {
		viz_core_del(node, VIZ_TABLE_STATEMENT, key, sizeof key);
		viz_view_digest(&digest, bytes, len);
		in->view_have = in->view_total = 0;
		if (len % 32 != 0 || !viz_id_eq(&digest, &in->view)) {
			viz_audit_find(node, &in->origin, in->slot, VIZ_RULE_VIEW_BYTES,
			    VIZ_VERDICT_SUSPICION, &digest);
			in->view_judged = true;
			viz_inbox_put(node, in);
		} else {
			viz_evidence_put(node, &digest, bytes, len);
			proceed(node, in);
		}
	}
	free(bytes);
}

static bool names(struct viz_node *node, const struct viz_id *view, const struct viz_id *id)
{
	struct viz_slice v;

	if (!viz_evidence_get(node, &v, view))
		return false;
	for (size_t at = 0; at + 32 <= v.len; at += 32)
		if (memcmp(v.p + at, id->b, 32) == 0)
			return true;
	return false;
}

void viz_audit_evidence(struct viz_node *node, struct viz_inbox *in, const uint8_t *bytes,
    size_t len)
{
	struct viz_record rec;
	struct viz_slice v;
	struct viz_pub pub;
	struct viz_id id;

	if (viz_record_parse(&rec, bytes, len) != VIZ_OK)
		return;
	viz_record_id(&id, &node->federation_id, &rec);
	if (!names(node, &in->view, &id) || viz_evidence_get(node, &v, &id) ||
	    !viz_author_known(node, &rec.author) || viz_author_key(node, &pub, &rec) != VIZ_OK ||
	    viz_verify(&rec.sig, &id, &pub) != VIZ_OK)
		return;
	viz_evidence_put(node, &id, bytes, len);
	proceed(node, in);
}
