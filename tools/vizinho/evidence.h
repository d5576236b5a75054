/* Evidence of a contradiction, for anybody: a folder of signed bytes that proves it, and the check
 * of such a folder. PROTOCOL.md section 13. Nothing here asks a node or the network.
 *
 * The folder is a function of what stands in struct viz_evidence: so a check reads that from the
 * folder, verifies it, builds the folder anew, and compares each byte. */
#ifndef VIZ_TOOLS_VIZINHO_EVIDENCE_H
#define VIZ_TOOLS_VIZINHO_EVIDENCE_H

#include <jansson.h>

#include "crypto/id.h"
#include "node/audit/contradiction.h"
#include "proto/federation.h"
#include "proto/protest.h"
#include "proto/record.h"

#define VIZ_EVIDENCE_RECORDS 576
#define VIZ_EVIDENCE_AUTHORS 64
#define VIZ_EVIDENCE_HEADS   2
#define VIZ_EVIDENCE_STUBS   4096
#define VIZ_EVIDENCE_FILES   16384
#define VIZ_EVIDENCE_NAME    32

struct viz_evidence {
	enum viz_rule rule;
	struct viz_id accused, about;
	struct viz_federation federation;
	struct viz_id federation_id;
	uint8_t *record_bytes[VIZ_EVIDENCE_RECORDS]; /* signature || record; owned */
	struct viz_record record[VIZ_EVIDENCE_RECORDS];
	size_t record_count; /* all; the last reply_count of them prove nothing: */
	size_t reply_count;  /* PROTESTs about the offer, and the replies of the accused */
	struct viz_id author[VIZ_EVIDENCE_AUTHORS];
	struct viz_birth birth[VIZ_EVIDENCE_AUTHORS];
	size_t author_count;
	struct viz_contradiction_head head[VIZ_EVIDENCE_HEADS];
	size_t head_count;
	struct viz_id view[VIZ_PARTNERS_MAX];
	size_t view_count;
	struct viz_contradiction_items items; /* of one author, when there is a view */
	struct viz_stub stub[VIZ_EVIDENCE_STUBS];
	size_t stub_count;
	uint64_t stub_log;         /* of the stubs, */
	uint32_t stub_number;      /* and the number of the first */
	struct viz_id stub_before; /* and the value of the log before it */
};

struct viz_evidence_file {
	char name[VIZ_EVIDENCE_NAME]; /* relative to the folder */
	uint8_t *bytes;               /* owned */
	size_t len;
};

struct viz_evidence_folder {
	struct viz_evidence_file *file; /* owned */
	size_t count;
};

/* Frees what the struct owns, not itself. */
void viz_evidence_free(struct viz_evidence *e);
void viz_evidence_folder_free(struct viz_evidence_folder *f);

/* Adds a signed record, copied. VIZ_ERR_LIMIT; VIZ_ERR_FORM: it is none, or of a type that is never
 * in evidence. */
int viz_evidence_add(struct viz_evidence *e, const uint8_t *bytes, size_t len);
/* Adds an author by what its id is made of: first key, next hash and nonce, 80 bytes. */
int viz_evidence_add_author(struct viz_evidence *e, const uint8_t bytes[80]);
/* Adds a head: seq, log and number of 8 bytes, big-endian, and the value. The NODE is the record of
 * the accused that commits to it. VIZ_ERR_ABSENT: there is none. */
int viz_evidence_add_head(struct viz_evidence *e, const uint8_t bytes[56]);
/* Adds a PROTEST, or a reply of the accused. No record of the proof is added after it. */
int viz_evidence_add_reply(struct viz_evidence *e, const uint8_t *bytes, size_t len);
/* The number of records that prove; the others are replies. */
static inline size_t viz_evidence_proof_count(const struct viz_evidence *e)
{
	return e->record_count - e->reply_count;
}
/* The number of the record with this id, from 0; VIZ_EVIDENCE_RECORDS: there is none. */
size_t viz_evidence_find(const struct viz_evidence *e, const struct viz_id *id);
/* The key of the author with this number. False: it is not among the authors and SUCCESSIONs. */
bool viz_evidence_key(const struct viz_evidence *e, struct viz_pub *out,
		      const struct viz_id *author, uint32_t number);

/* The id of the accused's first OFFER among the records of the proof. False: there is none. */
bool viz_evidence_offer(const struct viz_evidence *e, struct viz_id *out);
/* What the accused has replied to the PROTEST with this number; 0: nothing that is attached. */
enum viz_protest_answer viz_evidence_answer(const struct viz_evidence *e, size_t protest);

/* Reads the daemon's reply to "audit.export". */
int viz_evidence_from_reply(struct viz_evidence *e, const json_t *reply);

/* Reads a folder. On an error *bad is the file that does not fit. */
int viz_evidence_read(struct viz_evidence *e, const char **bad,
		      const struct viz_evidence_folder *f);

/* Checks the keys, the signatures, the rule, and that the replies are about the offer. On
 * VIZ_ERR_AUTH *bad is the number of the record; VIZ_ERR_MEANING: all are good, and they do not
 * show what is claimed. */
int viz_evidence_check(const struct viz_evidence *e, size_t *bad);

/* Builds the folder. */
void viz_evidence_build(struct viz_evidence_folder *out, const struct viz_evidence *e);

/* Whether the folder has the files that its verify.sh names, with their hashes, and no others. On
 * false `bad` is the first file that does not fit. What passes may prove nothing yet. */
bool viz_evidence_script_fits(const struct viz_evidence_folder *f, char bad[VIZ_EVIDENCE_NAME]);

/* Compares a folder that fits its verify.sh with what its records give. Returns the first file that
 * does not fit; NULL: none. *other_words: the pages for people or verify.sh are of another version
 * of this program, and prove nothing by themselves. */
const char *viz_evidence_compare(const struct viz_evidence_folder *folder,
				 const struct viz_evidence_folder *again, bool *other_words);

#endif
