/* Signed records, for the tests of the rules and of evidence. A test program includes this once. */
#ifndef VIZ_TESTS_MADE_H
#define VIZ_TESTS_MADE_H

#include "tests/unit/unit.h"

#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/audit/rules.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"

#define OFFERED ((int64_t)20000 * VIZ_DAY_MS + 12 * VIZ_HOUR_MS)

/* Ascending, as the items of a view are. */
static __attribute__((unused)) struct viz_id origin, a, b, blocked, stranger;

#define MADE_KEYS 3
static struct made_author {
	struct viz_id *id;
	struct viz_birth birth;
	struct viz_signer key[MADE_KEYS];
} made_author[] = {{.id = &origin}, {.id = &a}, {.id = &b}, {.id = &blocked}, {.id = &stranger}};
#define MADE_AUTHORS (sizeof made_author / sizeof *made_author)

struct made {
	uint8_t bytes[VIZ_SIGNED_RECORD_MAX];
	struct viz_record rec;
	struct viz_id id;
};

static struct viz_federation federation;
#define LOG 5 /* of each author */

static struct viz_id previous; /* named by the next PARTNERS */
static struct made made[32];   /* the case points to these records */
static size_t made_count;
static uint32_t signing_key;     /* of the records that are made */
static int64_t signing_seq = -1; /* of them; -1: the usual one */

/* Makes the authors of the federation. The id of each begins with its number, so that their order
 * does not change. */
static inline void made_begin(void)
{
	struct viz_id federation_id;

	viz_ids_federation(&federation_id, &federation);
	for (size_t i = 0; i < MADE_AUTHORS; i++) {
		struct made_author *x = &made_author[i];
		struct viz_secret seed = {{(uint8_t)(i + 1)}};

		for (size_t k = 0; k < MADE_KEYS; k++) {
			seed.b[1] = (uint8_t)k;
			viz_sign_seed_keypair(&x->key[k], &seed);
		}
		x->birth = (struct viz_birth){.first_key = x->key[0].pub};
		viz_id_next_hash(&x->birth.next_hash, &x->key[1].pub);
		do {
			if (++x->birth.nonce[0] == 0)
				x->birth.nonce[1]++;
			viz_id_author(x->id, &federation_id, &x->birth);
		} while (x->id->b[0] != i + 1);
	}
}

static inline struct made_author *made_by(const struct viz_id *id)
{
	size_t i = 0;

	while (i < MADE_AUTHORS && !viz_id_eq(made_author[i].id, id))
		i++;
	assert_true(i < MADE_AUTHORS);
	return &made_author[i];
}

/* Makes a record. */
static inline struct made *make(const struct viz_id *author, uint8_t type, uint64_t slot,
				int64_t time, const struct viz_writer *body)
{
	struct made *m = &made[made_count++];
	bool once = viz_record_is_write_once(type);
	struct viz_record rec = {
	    .type = type, .author = *author, .key = signing_key, .slot = slot, .time = {time}};
	struct viz_id id;
	size_t len = 0;

	assert_true(made_count <= sizeof made / sizeof *made);
	assert_int_equal(viz_writer_finish(body, &rec.body_len), VIZ_OK);
	rec.body = body->start;
	rec.seq = once || type >= VIZ_TYPE_STATEMENT_MIN ? 1 : (uint64_t)time;
	if (signing_seq >= 0)
		rec.seq = (uint64_t)signing_seq;
	if (once) {
		rec.slot = viz_record_slot_make(rec.time, 0) | slot; /* k of a CHOICE */
		rec.expires = viz_record_write_once_expires(rec.time, federation.write_once_ms);
	}
	assert_int_equal(viz_record_write(m->bytes + 64, &len, VIZ_RECORD_MAX, &rec), VIZ_OK);
	assert_int_equal(viz_record_parse(&m->rec, m->bytes, len + 64), VIZ_OK);
	viz_ids_federation(&id, &federation);
	viz_ids_record(&m->id, &id, &m->rec);
	viz_sign(&m->rec.sig, &made_by(author)->key[signing_key], &m->id);
	memcpy(m->bytes, m->rec.sig.b, sizeof m->rec.sig.b);
	return m;
}

#define BODY(name)                                                                                 \
	uint8_t name##_bytes[VIZ_RECORD_MAX];                                                      \
	struct viz_writer name;                                                                    \
	viz_writer_init(&name, name##_bytes, sizeof name##_bytes)

static inline struct made *partners(const struct viz_id *author, int64_t time, size_t count,
				    const struct viz_partner_entry *entry)
{
	static struct viz_partners p;
	BODY(body);

	p.log = LOG;
	p.previous = previous;
	p.count = count;
	memcpy(p.entry, entry, count * sizeof *entry);
	viz_partners_write(&body, &p);
	return make(author, VIZ_TYPE_PARTNERS, 0, time, &body);
}

static inline struct viz_partner_entry since(const struct viz_id *id, int64_t added)
{
	return (struct viz_partner_entry){.id = *id, .added = {added}};
}

struct report {
	size_t count;
	enum viz_rule rule;
	enum viz_verdict verdict;
	struct viz_id about;
};

static inline void found(void *arg, enum viz_rule rule, enum viz_verdict verdict,
			 const struct viz_id *about)
{
	struct report *r = arg;

	*r = (struct report){r->count + 1, rule, verdict, *about};
}

#endif
