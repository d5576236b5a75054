/* A folder of evidence while it is built. */
#ifndef VIZ_TOOLS_VIZINHO_EVIDENCE_DRAFT_H
#define VIZ_TOOLS_VIZINHO_EVIDENCE_DRAFT_H

#include "tools/vizinho/evidence.h"
#include "tools/vizinho/evidence_parts.h"

enum viz_evidence_relation {
	VIZ_EVIDENCE_EQUAL,
	VIZ_EVIDENCE_DIFFER,
	VIZ_EVIDENCE_LESS, /* two big-endian numbers */
};

struct viz_evidence_place {
	char file[VIZ_EVIDENCE_NAME];
	size_t offset, len; /* in k/NN.pem they count in the 44 bytes that it encodes */
};

struct viz_evidence_comparison {
	enum viz_evidence_relation relation;
	struct viz_evidence_place a, b;
};

struct viz_evidence_draft {
	const struct viz_evidence *e;
	struct viz_evidence_folder folder;
	struct viz_evidence_comparison *comparison; /* owned */
	size_t comparison_count;
	json_t *records, *replies, *hashes, *claim; /* of index.json */
	size_t hash_count, key_count, author_hash[VIZ_EVIDENCE_AUTHORS];
	struct viz_id key_author[VIZ_EVIDENCE_RECORDS];
	uint32_t key_number[VIZ_EVIDENCE_RECORDS];
	size_t record_key[VIZ_EVIDENCE_RECORDS]; /* number of its key file */
	bool complete;                           /* the comparisons are all that the rule needs */
};

/* Adds a file, copied. */
void viz_evidence_draft_file(struct viz_evidence_draft *b, const char *name, const void *bytes,
			     size_t len);
void viz_evidence_draft_compare(struct viz_evidence_draft *b, enum viz_evidence_relation relation,
				struct viz_evidence_place x, struct viz_evidence_place y);

/* A place in the file FOLDER/NN.WHAT. */
struct viz_evidence_place viz_evidence_draft_place(const char *folder, size_t number,
						   const char *what, size_t offset, size_t len);

/* A place in the file r/NN.WHAT, or reply/NN.WHAT, of the record with this number from 0. */
struct viz_evidence_place viz_evidence_draft_record(const struct viz_evidence_draft *b,
						    size_t record, const char *what, size_t offset,
						    size_t len);

/* The place of a field in NN.input of the record with this number from 0. */
bool viz_evidence_draft_field(const struct viz_evidence_draft *b, struct viz_evidence_place *out,
			      size_t record, const size_t *path, size_t depth);

/* The comparisons of the rule, into b->comparison and b->complete (evidence_rules.c). */
void viz_evidence_rules_compare(struct viz_evidence_draft *b);

/* The files for people, and verify.sh, which checks all files before it (evidence_script.c). */
void viz_evidence_script_write(struct viz_evidence_draft *b);

#endif
