#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "tools/vizinho/evidence_draft.h"

static const struct viz_evidence_file *file(const struct viz_evidence_folder *f, const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->file[i].name, name) == 0)
			return &f->file[i];
	return NULL;
}

static int read_index(struct viz_evidence *e, const struct viz_evidence_folder *f)
{
	const struct viz_evidence_file *in = file(f, "index.json");
	json_t *index =
	    in ? json_loadb((const char *)in->bytes, in->len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *accused = json_string_value(json_object_get(index, "accused"));
	const char *about = json_string_value(json_object_get(index, "about"));
	json_int_t rule = json_integer_value(json_object_get(index, "rule"));
	int err = accused && about && rule > 0 && rule < 100 ? VIZ_OK : VIZ_ERR_FORM;

	if (err == VIZ_OK) {
		e->rule = (enum viz_rule)rule;
		err = viz_id_parse(e->accused.b, "viz", accused);
	}
	if (err == VIZ_OK)
		err = viz_evidence_parts_unhex(e->about.b, 32, about);
	json_decref(index);
	return err;
}

static int read_record(struct viz_evidence *e, const struct viz_evidence_file *in,
		       const struct viz_evidence_file *sig,
		       int (*add)(struct viz_evidence *e, const uint8_t *bytes, size_t len))
{
	uint8_t *bytes;
	size_t len;
	const uint8_t *rec = viz_evidence_parts_get(in->bytes, in->len, 2, &len);
	int err;

	if (!rec || !sig || sig->len != 64 || len > VIZ_RECORD_MAX)
		return VIZ_ERR_FORM;
	bytes = malloc(len + 64);
	VIZ_REQUIRE(bytes);
	memcpy(bytes, sig->bytes, 64);
	memcpy(bytes + 64, rec, len);
	err = add(e, bytes, len + 64);
	free(bytes);
	return err;
}

/* Copies parts of an input, from `first` on, one behind the other. */
static bool parts(uint8_t *out, size_t max, const struct viz_evidence_file *in, size_t first,
		  size_t count)
{
	size_t at = 0, len;

	for (size_t i = 0; i < count; i++) {
		const uint8_t *part = viz_evidence_parts_get(in->bytes, in->len, first + i, &len);

		if (!part || len > max - at)
			return false;
		memcpy(out + at, part, len);
		at += len;
	}
	return at == max;
}

static int read_item(struct viz_evidence *e, const struct viz_evidence_file *in)
{
	struct viz_view_item *x = &e->items.list.item[e->items.list.count];
	uint8_t b[24];
	size_t len;
	const uint8_t *id = viz_evidence_parts_get(in->bytes, in->len, 4, &len);

	if (e->items.list.count == VIZ_VIEW_ITEMS_MAX || !id || !parts(b, sizeof b, in, 1, 3) ||
	    viz_be_get_u64(b) > UINT8_MAX)
		return VIZ_ERR_FORM;
	*x = (struct viz_view_item){.type = (uint8_t)viz_be_get_u64(b),
				    .slot = viz_be_get_u64(b + 8),
				    .seq = viz_be_get_u64(b + 16),
				    .has_id = len == 32};
	if (x->has_id)
		memcpy(x->id.b, id, 32);
	e->items.list.count++;
	return VIZ_OK;
}

/* The first one says where the stubs stand in the log. */
static int read_stub(struct viz_evidence *e, const struct viz_evidence_file *in)
{
	struct viz_stub *stub = &e->stub[e->stub_count];
	uint8_t b[32 + 5 * 8 + 32];

	if (e->stub_count == VIZ_EVIDENCE_STUBS || !parts(b, sizeof b, in, 0, 7) ||
	    viz_be_get_u64(b + 40) > UINT32_MAX || viz_be_get_u64(b + 48) > UINT32_MAX ||
	    viz_be_get_u64(b + 56) > UINT8_MAX)
		return VIZ_ERR_FORM;
	if (e->stub_count == 0) {
		memcpy(e->stub_before.b, b, 32);
		e->stub_log = viz_be_get_u64(b + 32);
		e->stub_number = (uint32_t)viz_be_get_u64(b + 40);
	}
	*stub = (struct viz_stub){.offer = (uint32_t)viz_be_get_u64(b + 48),
				  .type = (uint8_t)viz_be_get_u64(b + 56),
				  .slot = viz_be_get_u64(b + 64)};
	memcpy(stub->id.b, b + 72, 32);
	e->stub_count++;
	return VIZ_OK;
}

/* Reads what a hash of h/ says that no record does; others are built anew from the records. */
static int read_hash(struct viz_evidence *e, const struct viz_evidence_file *in)
{
	const char *const skipped[] = {"vizinho/federation", "vizinho/next-key"};
	uint8_t b[80];

	if (viz_evidence_parts_is(in->bytes, in->len, "vizinho/author"))
		return parts(b, 80, in, 1, 3) ? viz_evidence_add_author(e, b) : VIZ_ERR_FORM;
	if (viz_evidence_parts_is(in->bytes, in->len, "vizinho/head"))
		return parts(b, 56, in, 0, 4) ? viz_evidence_add_head(e, b) : VIZ_ERR_FORM;
	if (viz_evidence_parts_is(in->bytes, in->len, "vizinho/item"))
		return read_item(e, in);
	if (viz_evidence_parts_is(in->bytes, in->len, "vizinho/view")) {
		while (e->view_count < VIZ_PARTNERS_MAX &&
		       parts(e->view[e->view_count].b, 32, in, 1 + e->view_count, 1))
			e->view_count++;
		return e->view_count > 0 ? VIZ_OK : VIZ_ERR_FORM;
	}
	if (viz_evidence_parts_is(in->bytes, in->len, "vizinho/author-items"))
		return parts(e->items.author.b, 32, in, 0, 1) ? VIZ_OK : VIZ_ERR_FORM;
	if (viz_evidence_parts_is(in->bytes, in->len, "vizinho/log"))
		return read_stub(e, in);
	for (size_t i = 0; i < 2; i++)
		if (viz_evidence_parts_is(in->bytes, in->len, skipped[i]))
			return VIZ_OK;
	return VIZ_ERR_FORM;
}

static int read_records(struct viz_evidence *e, const char **bad,
			const struct viz_evidence_folder *f, const char *folder,
			int (*add)(struct viz_evidence *e, const uint8_t *bytes, size_t len))
{
	int err = VIZ_OK;

	for (size_t i = 1; err == VIZ_OK && i <= VIZ_EVIDENCE_RECORDS; i++) {
		const struct viz_evidence_file *in =
		    file(f, viz_evidence_draft_place(folder, i, "input", 0, 0).file);

		if (!in)
			break;
		*bad = in->name;
		err = read_record(
		    e, in, file(f, viz_evidence_draft_place(folder, i, "sig", 0, 0).file), add);
	}
	return err;
}

int viz_evidence_read(struct viz_evidence *e, const char **bad, const struct viz_evidence_folder *f)
{
	const struct viz_evidence_file *in = file(f, "federation.bin");
	int err;

	*bad = "federation.bin";
	if (!in || VIZ_PARSE(federation, &e->federation, in->bytes, in->len) != VIZ_OK ||
	    viz_federation_check(&e->federation) != VIZ_OK)
		return VIZ_ERR_FORM;
	viz_ids_federation(&e->federation_id, &e->federation);
	*bad = "index.json";
	err = read_index(e, f);
	if (err == VIZ_OK)
		err = read_records(e, bad, f, "r", viz_evidence_add);
	if (err == VIZ_OK)
		err = read_records(e, bad, f, "reply", viz_evidence_add_reply);
	for (size_t i = 1; err == VIZ_OK && i <= VIZ_EVIDENCE_FILES; i++) {
		in = file(f, viz_evidence_draft_place("h", i, "input", 0, 0).file);
		if (!in)
			break;
		*bad = in->name;
		err = read_hash(e, in);
	}
	return err;
}
