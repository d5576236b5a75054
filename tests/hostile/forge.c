#include "crypto/id.h"
#include "crypto/rng.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "node/core/ids.h"
#include "node/trust/identity.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/geo/cep.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/hostile/forge.h"

void forge_author(struct forge *f, const struct viz_federation *federation, struct viz_rng *rng)
{
	memset(f, 0, sizeof *f);
	f->federation = *federation;
	viz_ids_federation(&f->federation_id, federation);
	for (size_t i = 0; i < FORGE_KEYS; i++) {
		struct viz_secret seed;

		viz_rng_bytes(rng, seed.b, sizeof seed.b);
		viz_sign_seed_keypair(&f->signer[i], &seed);
	}
	viz_rng_bytes(rng, f->transport.b, sizeof f->transport.b);
	viz_x25519_pub(&f->transport_pub, &f->transport);
	viz_rng_bytes(rng, f->birth.nonce, sizeof f->birth.nonce);
	f->birth.first_key = f->signer[0].pub;
	f->log = 1;
	viz_ids_log_start(&f->value, f->log, 0, 0, &(struct viz_id){{0}});
	snprintf(f->name, sizeof f->name, "Provedor Hostil");
	viz_id_next_hash(&f->birth.next_hash, &f->signer[1].pub);
	viz_id_author(&f->author, &f->federation_id, &f->birth);
}

void forge_any(struct forged *out, const struct forge *f, uint8_t type, uint64_t slot, uint64_t seq,
	       struct viz_time time, struct viz_time expires, const uint8_t *body, size_t len)
{
	struct viz_record rec = {.type = type,
				 .author = f->author,
				 .key = f->key,
				 .slot = slot,
				 .seq = seq,
				 .time = time,
				 .expires = expires,
				 .body = body,
				 .body_len = len};

	VIZ_REQUIRE(viz_identity_sign(out->bytes, &out->len, sizeof out->bytes, &out->id, &rec,
				      &f->signer[f->key], &f->federation_id) == VIZ_OK);
}

void forge_record(struct forged *out, const struct forge *f, uint8_t type, uint64_t slot,
		  struct viz_time time, const struct viz_writer *body)
{
	struct viz_time expires = {0};
	uint64_t seq = (uint64_t)time.ms;
	size_t len = 0;

	VIZ_REQUIRE(viz_writer_finish(body, &len) == VIZ_OK);
	if (viz_record_is_write_once(type))
		expires = viz_record_write_once_expires(time, f->federation.write_once_ms);
	if (viz_record_is_write_once(type) || type == VIZ_TYPE_SUCCESSION ||
	    type == VIZ_TYPE_REVOCATION)
		seq = 1;
	forge_any(out, f, type, slot, seq, time, expires, body->start, len);
}

struct viz_position forge_at(const struct forge *f, uint32_t offer)
{
	return (struct viz_position){f->log, f->number + 1, f->value,
				     offer ? offer : f->number + 1};
}

void forge_logged(struct forged *out, struct forge *f, uint8_t type, uint64_t slot,
		  struct viz_time time, const struct viz_writer *body)
{
	struct viz_record rec;
	struct viz_position at;

	forge_record(out, f, type, slot, time, body);
	VIZ_REQUIRE(viz_record_parse(&rec, out->bytes, out->len) == VIZ_OK &&
		    viz_position_parse(&at, &rec) == VIZ_OK);
	f->number = at.number;
	viz_ids_log(&f->value, &at, type, slot, &out->id);
}

void forge_statement(struct forged *out, const struct forge *f, uint8_t type, uint64_t slot,
		     uint64_t number, struct viz_time time, const struct viz_writer *body)
{
	size_t len = 0;

	VIZ_REQUIRE(viz_writer_finish(body, &len) == VIZ_OK);
	forge_any(out, f, type, slot, number, time, (struct viz_time){0}, body->start, len);
}

void forge_node(struct forged *out, const struct forge *f, struct viz_time time)
{
	struct viz_node_body b = {.first_key = f->birth.first_key,
				  .start = f->start,
				  .log = f->log,
				  .partners = f->names,
				  .head = f->head,
				  .next_hash = f->birth.next_hash,
				  .transport = f->transport_pub,
				  .version = "0"};
	uint8_t body[2048];
	struct viz_writer w;

	memcpy(b.nonce, f->birth.nonce, sizeof b.nonce);
	snprintf(b.name, sizeof b.name, "%s", f->name);
	b.asn = f->asn;
	if (f->address[0] != '\0') {
		b.address_count = 1;
		snprintf(b.address[0], sizeof b.address[0], "%s", f->address);
	}
	viz_writer_init(&w, body, sizeof body);
	viz_node_body_write(&w, &b);
	forge_record(out, f, VIZ_TYPE_NODE, 0, time, &w);
}

void forge_vouch(struct forged *out, const struct forge *f, uint64_t slot, struct viz_time time,
		 const struct viz_id *sponsee, bool withdrawn)
{
	struct viz_vouch v = {.sponsee = *sponsee, .withdrawn = withdrawn};
	uint8_t body[64];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_vouch_write(&w, &v);
	forge_record(out, f, VIZ_TYPE_VOUCH, slot, time, &w);
}

void forge_partners(struct forged *out, const struct forge *f, struct viz_time time,
		    const struct viz_id *partner, struct viz_time added)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t body[128];
	struct viz_writer w;

	VIZ_REQUIRE(p);
	p->log = f->log;
	p->previous = f->names;
	if (viz_id_is_zero(&p->previous))
		p->previous.b[0] = 1; /* not the first one, so that its dates may be older */
	p->count = 1;
	p->entry[0] = (struct viz_partner_entry){.id = *partner, .added = added};
	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, p);
	forge_record(out, f, VIZ_TYPE_PARTNERS, 0, time, &w);
	free(p);
}

void forge_coverage(struct forged *out, const struct forge *f, uint64_t slot, struct viz_time time,
		    size_t ceps, uint32_t salt)
{
	struct viz_coverage *c = calloc(1, sizeof *c);
	uint8_t *body = malloc(VIZ_RECORD_MAX);
	struct viz_writer w;

	VIZ_REQUIRE(c && body && ceps > 0 && ceps <= VIZ_COVERAGE_CEPS_MAX);
	c->technology = 1;
	c->down_mbps = salt % 1000000;
	for (size_t i = 0; i < ceps; i++)
		c->cep[i] = (struct viz_cep_range){.from = (uint32_t)(10000000 + i * 1000),
						   .to = (uint32_t)(10000500 + i * 1000)};
	c->cep_count = ceps;
	/* not where the honest leads are: nobody has to ask this peer */
	c->municipality[c->municipality_count++] = 3550308;
	viz_writer_init(&w, body, VIZ_RECORD_MAX);
	viz_coverage_write(&w, c);
	forge_record(out, f, VIZ_TYPE_COVERAGE, slot, time, &w);
	free(c);
	free(body);
}

void forge_succession(struct forged *out, const struct forge *f, unsigned n, struct viz_time time,
		      const struct viz_id *next_hash)
{
	struct viz_succession s = {.key = f->signer[n].pub, .next_hash = *next_hash};
	struct forge with = *f;
	uint8_t body[128];
	struct viz_writer w;

	with.key = n;
	viz_writer_init(&w, body, sizeof body);
	viz_succession_write(&w, &s);
	forge_record(out, &with, VIZ_TYPE_SUCCESSION, n, time, &w);
}

size_t forge_hello(uint8_t *out, size_t max, const struct forge *f, const struct forged *node,
		   const uint8_t *token)
{
	struct viz_hello hello = {
	    .author = f->author, .has_token = token != NULL, .record_count = 1};
	struct viz_writer w;
	size_t len = 0;

	if (token)
		memcpy(hello.token, token, sizeof hello.token);
	hello.record[0].p = node->bytes;
	hello.record[0].len = node->len;
	viz_writer_init(&w, out, max);
	viz_hello_write(&w, &hello);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	return len;
}
