/* `audit.export`: evidence of findings, for outsiders. show.c has `audit.show`. */
#include "node/audit/export.h"
#include "node/audit/finding.h"
#include "node/control/request.h"
#include "node/control/show.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "node/offer/proof.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

static json_t *hex(const uint8_t *bytes, size_t len)
{
	char *text = viz_core_alloc(2 * len + 1);
	json_t *value;

	viz_hex(text, bytes, len);
	value = json_string(text);
	free(text);
	return value;
}

/* Finds the finding with this id. False: there is none. */
static bool find(struct viz_core *core, struct viz_export *x, struct viz_finding *f,
		 const char *text)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_FINDING, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		char id[VIZ_FINDING_ID_MAX];

		VIZ_REQUIRE(VIZ_PARSE(finding, f, value.p, value.len) == VIZ_OK);
		viz_finding_id_text(id, f);
		if (strcmp(id, text) != 0)
			continue;
		memcpy(x->accused.b, key.p, sizeof x->accused);
		x->slot = viz_be_get_u64(key.p + 32);
		x->rule = (enum viz_rule)key.p[40];
		memcpy(x->about.b, key.p + 41, sizeof x->about);
		return true;
	}
	return false;
}

static json_t *authors_json(const struct viz_export *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->author_count; i++) {
		uint8_t b[80];

		memcpy(b, x->birth[i].first_key.b, 32);
		memcpy(b + 32, x->birth[i].next_hash.b, 32);
		memcpy(b + 64, x->birth[i].nonce, 16);
		json_array_append_new(list, hex(b, sizeof b));
	}
	return list;
}

static json_t *heads_json(const struct viz_export *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->head_count; i++) {
		uint8_t b[8 + 8 + 8 + 32];

		viz_be_put_u64(b, x->head[i].seq);
		viz_be_put_u64(b + 8, x->head[i].head.log);
		viz_be_put_u64(b + 16, x->head[i].head.number);
		memcpy(b + 24, x->head[i].head.value.b, 32);
		json_array_append_new(list, hex(b, sizeof b));
	}
	return list;
}

static json_t *records_json(const struct viz_record *rec, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, hex(rec[i].bytes - 64, rec[i].len + 64));
	return list;
}

static json_t *stubs_json(const struct viz_export *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->next.stub_count; i++) {
		const struct viz_stub *stub = &x->next.stub[i];
		uint8_t b[8 + 8 + 8 + 32];

		viz_be_put_u64(b, stub->offer);
		viz_be_put_u64(b + 8, stub->type);
		viz_be_put_u64(b + 16, stub->slot);
		memcpy(b + 24, stub->id.b, 32);
		json_array_append_new(list, hex(b, sizeof b));
	}
	return list;
}

static void set_view(json_t *result, struct viz_trust *trust, const struct viz_export *x)
{
	uint8_t bytes[16 + VIZ_VIEW_ITEMS_MAX * 64];
	struct viz_writer w;
	size_t len;

	json_object_set_new(result, "view", hex(x->view->b, x->view_count * sizeof *x->view));
	if (x->view_count == 0)
		return;
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_view_items_write(&w, &x->items.list);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_control_name_set_node(result, "items_author", trust, &x->items.author);
	json_object_set_new(result, "items", hex(bytes, len));
}

static void set_result(json_t *result, struct viz_trust *trust, const struct viz_export *x)
{
	uint8_t bytes[512];
	struct viz_writer w;
	size_t len;

	viz_writer_init(&w, bytes, sizeof bytes);
	viz_federation_write(&w, &trust->core->federation);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	json_object_set_new(result, "federation", hex(bytes, len));
	json_object_set_new(result, "rule_number", json_integer(x->rule));
	viz_control_name_set_node(result, "accused", trust, &x->accused);
	json_object_set_new(result, "about_id", hex(x->about.b, 32));
	if (x->has_offer)
		viz_request_set_hash(result, "offer_id", &x->offer);
	json_object_set_new(result, "records", records_json(x->record, x->record_count));
	json_object_set_new(result, "reply_records", records_json(x->reply, x->reply_count));
	json_object_set_new(result, "authors", authors_json(x));
	json_object_set_new(result, "heads", heads_json(x));
	json_object_set_new(result, "stubs", stubs_json(x));
	set_view(result, trust, x);
}

/* The customer's proof, when the request brings it: it must be the one that the finding is about.
 */
static int read_proof(struct viz_request *req, struct viz_export *x, struct viz_offer_proof *p)
{
	const char *line = viz_field_text(req->args, "proof");

	if (line[0] == '\0')
		return VIZ_OK;
	if (viz_offer_proof_read(p, line) != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_BAD_PROOF,
					"this is not a whole proof, or it was changed");
	if (!viz_id_eq(&p->id, &x->about))
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_OTHER_PROOF,
					"the finding is not about this proof");
	x->proof = &p->rec;
	return VIZ_OK;
}

static int collect(struct viz_request *req, struct viz_export *x, struct viz_offer_proof *p)
{
	int err = read_proof(req, x, p);

	if (err != VIZ_OK)
		return err;
	err = viz_export_collect(req->net->trust, x);
	if (err == VIZ_ERR_INPUT)
		return viz_request_fail(req, err, VIZ_CODE_PROOF_NEEDED,
					"the customer's proof belongs to the evidence, and the "
					"customer alone adds it");
	if (err != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_HELD,
					"the records that prove it are not all held");
	set_result(req->result, req->net->trust, x);
	return VIZ_OK;
}

/* All that proves a finding. No personal data is in any of it. */
static int audit_export(struct viz_request *req)
{
	struct viz_export *x = viz_core_alloc(sizeof *x);
	struct viz_offer_proof *p = viz_core_alloc(sizeof *p);
	struct viz_finding f;
	int err;

	memset(x, 0, sizeof *x);
	if (!find(req->net->core, x, &f, viz_field_text(req->args, "finding")))
		err = viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_FINDING,
				       "no finding has this name");
	else if (f.verdict != VIZ_VERDICT_CONTRADICTION)
		err = viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_SUSPICION_ONLY,
				       "a suspicion cannot be proved: something did not come, and "
				       "nobody signed that");
	else
		err = collect(req, x, p);
	free(x->next.stub);
	free(p);
	free(x);
	return err;
}

static const struct viz_field show_fields[] = {
    {"what", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_NAME_MAX},
    {"details", .kind = VIZ_FIELD_FLAG},
    {0},
};

static const struct viz_field export_fields[] = {
    {"finding", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_FINDING_ID_MAX - 1},
    {"proof", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_PROOF_LINE_MAX},
    {0},
};

const struct viz_control_op viz_control_audit_ops[] = {
    {"audit.show", viz_show_audit, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ, show_fields},
    {"audit.export", audit_export, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ, export_fields},
    {0},
};
