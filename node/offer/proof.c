#include "node/offer/proof.h"

#include "crypto/base32.h"
#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "proto/trust.h"
#include "proto/writer.h"

int viz_offer_proof_text(char *text, const struct viz_proof_line *line)
{
	VIZ_WRITER(w, VIZ_PROOF_LINE_MAX);
	size_t len;
	int err;

	viz_proof_line_write(&w, line);
	err = viz_writer_finish(&w, &len);
	if (err == VIZ_OK)
		err = viz_base32_line(text, VIZ_PROOF_LINE_MAX + 1, VIZ_OFFER_PROOF_PREFIX, w.start,
				      len);
	return err;
}

/* The next key by a SUCCESSION, which the commitment before must name. */
static int succeed(struct viz_pub *key, struct viz_id *next_hash, const struct viz_offer_proof *p,
		   size_t i)
{
	const struct viz_proof_key *k = &p->line.succession[i];
	struct viz_succession s;
	struct viz_record rec;
	struct viz_id id, hash;
	int err = viz_record_parse(&rec, k->bytes, k->bytes_len);

	if (err != VIZ_OK)
		return VIZ_ERR_FORM;
	if (rec.type != VIZ_TYPE_SUCCESSION || rec.slot != i + 1 || rec.key != i + 1 ||
	    !viz_id_eq(&rec.author, &p->author) || viz_succession_parse(&s, &rec) != VIZ_OK)
		return VIZ_ERR_MEANING;
	viz_id_next_hash(&hash, &s.key);
	viz_ids_record(&id, &p->line.federation, &rec);
	if (!viz_id_eq(&hash, next_hash) || viz_sign_pub_check(&s.key) != VIZ_OK ||
	    viz_sign_verify(&rec.sig, &id, &s.key) != VIZ_OK)
		return VIZ_ERR_AUTH;
	*key = s.key;
	*next_hash = s.next_hash;
	return VIZ_OK;
}

/* Checks the SUCCESSIONs, and by the last key the signature. */
static int check_keys(struct viz_offer_proof *p)
{
	struct viz_pub key = p->line.first_key;
	struct viz_id next_hash = p->line.next_hash;
	int err = viz_sign_pub_check(&key);

	for (size_t i = 0; err == VIZ_OK && i < p->line.succession_count; i++)
		err = succeed(&key, &next_hash, p, i);
	if (err != VIZ_OK)
		return err;
	if (p->rec.key > VIZ_PROOF_SUCCESSIONS && p->line.succession_count == 0)
		return VIZ_OK; /* the line has no room for that many */
	if (p->rec.key != p->line.succession_count)
		return VIZ_ERR_MEANING;
	err = viz_sign_verify(&p->rec.sig, &p->id, &key);
	p->signature_known = err == VIZ_OK;
	return err;
}

int viz_offer_proof_read(struct viz_offer_proof *p, const char *text)
{
	struct viz_birth birth;
	size_t len;

	memset(p, 0, sizeof *p);
	if (strnlen(text, VIZ_PROOF_LINE_MAX + 1) > VIZ_PROOF_LINE_MAX ||
	    viz_base32_line_read(p->bytes, &len, sizeof p->bytes, VIZ_OFFER_PROOF_PREFIX, text) !=
		VIZ_OK ||
	    VIZ_PARSE(proof_line, &p->line, p->bytes, len) != VIZ_OK ||
	    viz_record_parse(&p->rec, p->line.proof, p->line.proof_len) != VIZ_OK)
		return VIZ_ERR_FORM;
	if (p->rec.type != VIZ_TYPE_PROOF || viz_proof_parse(&p->body, &p->rec) != VIZ_OK ||
	    p->rec.seq != p->body.k)
		return VIZ_ERR_MEANING;
	birth.first_key = p->line.first_key;
	birth.next_hash = p->line.next_hash;
	memcpy(birth.nonce, p->line.nonce, sizeof birth.nonce);
	viz_id_author(&p->author, &p->line.federation, &birth);
	if (!viz_id_eq(&p->author, &p->rec.author))
		return VIZ_ERR_AUTH;
	viz_ids_record(&p->id, &p->line.federation, &p->rec);
	return check_keys(p);
}
