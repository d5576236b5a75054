#include "tools/vizinho/evidence_draft.h"

#include "proto/base.h"

void viz_evidence_draft_file(struct viz_evidence_draft *b, const char *name, const void *bytes,
			     size_t len)
{
	struct viz_evidence_file *f;

	b->folder.file = realloc(b->folder.file, (b->folder.count + 1) * sizeof *b->folder.file);
	VIZ_REQUIRE(b->folder.file);
	f = &b->folder.file[b->folder.count++];
	*f = (struct viz_evidence_file){.bytes = malloc(len + 1), .len = len};
	VIZ_REQUIRE(f->bytes);
	memcpy(f->bytes, bytes, len);
	snprintf(f->name, sizeof f->name, "%s", name);
}

void viz_evidence_draft_compare(struct viz_evidence_draft *b, enum viz_evidence_relation relation,
				struct viz_evidence_place x, struct viz_evidence_place y)
{
	b->comparison = realloc(b->comparison, (b->comparison_count + 1) * sizeof *b->comparison);
	VIZ_REQUIRE(b->comparison);
	b->comparison[b->comparison_count++] = (struct viz_evidence_comparison){relation, x, y};
}

struct viz_evidence_place viz_evidence_draft_place(const char *folder, size_t number,
						   const char *what, size_t offset, size_t len)
{
	struct viz_evidence_place p = {.offset = offset, .len = len};

	snprintf(p.file, sizeof p.file, "%s/%02u.%s", folder, (unsigned)number, what);
	return p;
}

struct viz_evidence_place viz_evidence_draft_record(const struct viz_evidence_draft *b,
						    size_t record, const char *what, size_t offset,
						    size_t len)
{
	size_t proof = viz_evidence_proof_count(b->e);

	return record < proof
		   ? viz_evidence_draft_place("r", record + 1, what, offset, len)
		   : viz_evidence_draft_place("reply", record - proof + 1, what, offset, len);
}

bool viz_evidence_draft_field(const struct viz_evidence_draft *b, struct viz_evidence_place *out,
			      size_t record, const size_t *path, size_t depth)
{
	size_t offset, len, head = 1 + strlen("vizinho/record") + 3 * 8 + 32 + 8;

	if (!viz_evidence_parts_field(&b->e->record[record], path, depth, &offset, &len))
		return false;
	*out = viz_evidence_draft_record(b, record, "input", head + offset, len);
	return true;
}
