#include "proto/proof.h"

#include "proto/fields.h"
#include "proto/limits.h"

#define PROOF(F)                                                                                   \
	F(ID, offer)                                                                               \
	F(TEXT, text_version, 1)                                                                   \
	F(ID, text_hash)                                                                           \
	F(LIST, asked, asked_count, 1, id)                                                         \
	F(BUFFER, order)                                                                           \
	F(UINT, k, 0, VIZ_CHOICES_MAX)                                                             \
	F(ID, chosen)                                                                              \
	F(OPTIONAL_BYTES, has_blinding, blinding.b)
VIZ_FIELDS_WRITER(proof, PROOF);

void viz_proof_read(struct viz_reader *r, struct viz_proof *p)
{
	memset(p, 0, sizeof *p);
	VIZ_FIELDS_READ(r, p, PROOF);
	if (r->err == VIZ_OK && (p->has_blinding == viz_id_is_zero(&p->chosen) ||
				 (p->has_blinding && (p->k == 0 || p->k > VIZ_AWARDS_MAX))))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

/* An element is the bin itself, not an array of it. */
static void viz_proof_key_write(struct viz_writer *w, const struct viz_proof_key *s)
{
	viz_writer_bin(w, s->bytes, s->bytes_len);
}

static void viz_proof_key_read(struct viz_reader *r, struct viz_proof_key *s)
{
	s->bytes = viz_reader_bin(r, &s->bytes_len, 65, 512 + 64);
}

#define LINE(F)                                                                                    \
	F(ID, federation)                                                                          \
	F(BIN, proof, 65, VIZ_PROOF_RECORD_MAX + 64)                                               \
	F(KEY, first_key)                                                                          \
	F(ID, next_hash)                                                                           \
	F(BYTES, nonce)                                                                            \
	F(LIST, succession, succession_count, 0, proof_key)
VIZ_FIELDS(proof_line, LINE);
