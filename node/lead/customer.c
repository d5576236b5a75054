#include "node/lead/customer.h"

#include "crypto/base32.h"
#include "crypto/hash.h"
#include "crypto/rng.h"
#include "crypto/seal.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/secrets.h"
#include "node/lead/draw.h"
#include "node/lead/lead.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

#define ROW_MAX 512

#define ROW(F)                                                                                     \
	F(TIME, created)                                                                           \
	F(TIME, expires)                                                                           \
	F(BOOL, opened)                                                                            \
	F(BOOL, used)                                                                              \
	F(UINT, draw, 0, VIZ_TURN_MAX)                                                             \
	F(UINT, draws, 0, VIZ_CUSTOMER_DRAWS_MAX)                                                  \
	F(UINT, slot, 0, UINT64_MAX)                                                               \
	F(TEXT, who, 0)                                                                            \
	F(TEXT, protocol, 0)                                                                       \
	F(TIME, cancelled_at)                                                                      \
	F(BOOL, again)                                                                             \
	F(UINT, previous, 0, UINT64_MAX)                                                           \
	F(UINT, vault, 0, UINT32_MAX)                                                              \
	F(BUFFER, sealed)

#define PERSON(F)                                                                                  \
	F(STRUCT, location, location)                                                              \
	F(UINT, cell, 0, UINT64_MAX)                                                               \
	F(TEXT, first_name, 0)

void viz_lead_customer_row(struct viz_lead_customer *out, const struct viz_slice *key,
			   const struct viz_slice *value)
{
	memset(out, 0, sizeof *out);
	VIZ_REQUIRE(key->len == sizeof out->hash.b);
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, value->p, value->len, ROW) == VIZ_OK);
	memcpy(out->hash.b, key->p, sizeof out->hash.b);
}

void viz_lead_customer_put(struct viz_core *core, const struct viz_lead_customer *link)
{
	VIZ_WRITER(w, ROW_MAX);

	VIZ_FIELDS_WRITE(&w, link, ROW);
	viz_core_put_row(core, VIZ_TABLE_CUSTOMER_LINK, link->hash.b, sizeof link->hash.b, &w);
}

static void seal(struct viz_core *core, struct viz_lead_customer *link,
		 const struct viz_lead_customer_person *person)
{
	VIZ_WRITER(w, VIZ_CUSTOMER_SEALED_MAX - VIZ_SEAL_OVERHEAD);
	struct viz_lead_secrets s;
	size_t len = 0;

	viz_secrets_create(core, &s, &link->vault);
	VIZ_FIELDS_WRITE(&w, person, PERSON);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	VIZ_REQUIRE(viz_secrets_seal(core, link->sealed, &link->sealed_len, sizeof link->sealed, &s,
				     w.start, len) == VIZ_OK);
	viz_secret_wipe(w.start, w.max);
	viz_secret_wipe(&s, sizeof s);
}

int viz_lead_customer_open(struct viz_core *core, struct viz_lead_customer_person *out,
			   const struct viz_lead_customer *link)
{
	uint8_t plain[VIZ_CUSTOMER_SEALED_MAX];
	size_t len = 0;
	int err =
	    viz_secrets_unseal(core, plain, &len, link->vault, link->sealed, link->sealed_len);

	memset(out, 0, sizeof *out);
	if (err == VIZ_OK)
		err = VIZ_FIELDS_PARSE(out, plain, len, PERSON);
	viz_secret_wipe(plain, sizeof plain);
	return err == VIZ_OK ? VIZ_OK : VIZ_ERR_ABSENT;
}

/* Only the hash is looked for, so that the time which that takes tells nothing of a token. */
static void hash_token(struct viz_id *out, const uint8_t token[VIZ_CUSTOMER_TOKEN_BYTES])
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/customer-link");
	viz_hash_part(&h, token, VIZ_CUSTOMER_TOKEN_BYTES);
	viz_hash_final(&h, out);
}

int viz_lead_customer_make(struct viz_core *core, char token[VIZ_CUSTOMER_TOKEN_CHARS + 1],
			   struct viz_lead_customer *link,
			   const struct viz_lead_customer_person *person)
{
	uint8_t bytes[VIZ_CUSTOMER_TOKEN_BYTES];

	if (viz_store_stat_entries(core->store, VIZ_TABLE_CUSTOMER_LINK) >= VIZ_CUSTOMER_LINKS_MAX)
		return VIZ_ERR_LIMIT;
	viz_rng_bytes(&core->rng, bytes, sizeof bytes);
	viz_base32_write(token, VIZ_CUSTOMER_TOKEN_CHARS, bytes, sizeof bytes);
	token[VIZ_CUSTOMER_TOKEN_CHARS] = '\0';
	hash_token(&link->hash, bytes);
	viz_secret_wipe(bytes, sizeof bytes);
	link->created = core->now;
	if (person)
		seal(core, link, person);
	viz_lead_customer_put(core, link);
	viz_due_set(core, link->expires, VIZ_DUE_CUSTOMER, &link->hash, 0);
	return VIZ_OK;
}

/* Whether the lead of the link has a row. */
static bool has_lead(struct viz_core *core, const struct viz_lead_customer *link)
{
	struct viz_lead *lead = viz_lead_fetch(core, link->slot);
	bool has = lead != NULL;

	free(lead);
	return has;
}

static bool is_over(struct viz_core *core, const struct viz_lead_customer *link)
{
	if (!link->used && link->expires.ms <= core->now.ms)
		return true;
	return link->slot != 0 && !has_lead(core, link);
}

/* A restored store has rows whose blocks are gone: such a link is none. */
static bool is_whole(struct viz_core *core, const struct viz_lead_customer *link)
{
	struct viz_lead_customer_person person;
	bool whole = link->slot != 0 || viz_lead_customer_open(core, &person, link) == VIZ_OK;

	viz_secret_wipe(&person, sizeof person);
	return whole;
}

bool viz_lead_customer_find(struct viz_core *core, struct viz_lead_customer *out, const char *token)
{
	uint8_t bytes[VIZ_CUSTOMER_TOKEN_CHARS * 5 / 8];
	struct viz_slice key, value;
	struct viz_id hash;
	int err;

	_Static_assert(sizeof bytes == VIZ_CUSTOMER_TOKEN_BYTES, "a token has so many bytes");
	if (strlen(token) != VIZ_CUSTOMER_TOKEN_CHARS)
		return false;
	err = viz_base32_read(bytes, token, VIZ_CUSTOMER_TOKEN_CHARS);
	hash_token(&hash, bytes);
	viz_secret_wipe(bytes, sizeof bytes);
	if (err != VIZ_OK ||
	    !viz_core_get(core, &value, VIZ_TABLE_CUSTOMER_LINK, hash.b, sizeof hash.b))
		return false;
	key = (struct viz_slice){hash.b, sizeof hash.b};
	viz_lead_customer_row(out, &key, &value);
	return !is_over(core, out) && is_whole(core, out);
}

void viz_lead_customer_id(char out[VIZ_CUSTOMER_ID_CHARS + 1], const struct viz_lead_customer *link)
{
	viz_base32_write(out, VIZ_CUSTOMER_ID_CHARS, link->hash.b, sizeof link->hash.b);
	out[VIZ_CUSTOMER_ID_CHARS] = '\0';
}

bool viz_lead_customer_find_id(struct viz_core *core, struct viz_lead_customer *out, const char *id)
{
	char text[17], found[VIZ_CUSTOMER_ID_CHARS + 1];
	struct viz_slice key, value;
	struct viz_walk walk;
	uint8_t prefix[10];

	/* 16 characters are 10 bytes, of which the id has the first 6, and two bits. */
	snprintf(text, sizeof text, "%.10saaaaaa", id);
	if (strlen(id) != VIZ_CUSTOMER_ID_CHARS || viz_base32_read(prefix, text, 16) != VIZ_OK)
		return false;
	viz_walk_init(&walk, core->store, VIZ_TABLE_CUSTOMER_LINK, prefix, 6);
	while (viz_walk_next(&walk, &key, &value)) {
		viz_lead_customer_row(out, &key, &value);
		viz_lead_customer_id(found, out);
		if (strcmp(found, id) == 0)
			return !is_over(core, out);
	}
	return false;
}

static void erase(struct viz_core *core, struct viz_lead_customer *link)
{
	viz_secrets_erase(core, &link->vault);
	viz_secret_wipe(link->sealed, sizeof link->sealed);
	link->sealed_len = 0;
}

void viz_lead_customer_became(struct viz_core *core, struct viz_lead_customer *link, uint64_t slot)
{
	link->slot = slot;
	link->used = true;
	erase(core, link);
	viz_lead_customer_put(core, link);
}

bool viz_lead_customer_has_draw(struct viz_core *core, const struct viz_lead_customer *link)
{
	struct viz_lead_draw *d;
	bool has;

	if (link->slot != 0 || link->draw == 0)
		return false;
	d = viz_core_alloc(sizeof *d);
	has = viz_lead_draw_get(core, d, link->draw);
	free(d);
	return has;
}

/* What goes with the row. */
static void let_go(struct viz_core *core, const struct viz_lead_customer *link)
{
	struct viz_lead_customer last = *link;

	if (viz_lead_customer_has_draw(core, link))
		viz_lead_draw_burn(core, link->draw);
	erase(core, &last);
}

void viz_lead_customer_end(struct viz_core *core, const struct viz_lead_customer *link)
{
	let_go(core, link);
	viz_core_del(core, VIZ_TABLE_CUSTOMER_LINK, link->hash.b, sizeof link->hash.b);
}

bool viz_lead_customer_over(struct viz_trust *trust, const struct viz_slice *key,
			    const struct viz_slice *value)
{
	struct viz_lead_customer link;

	viz_lead_customer_row(&link, key, value);
	return is_over(trust->core, &link);
}

void viz_lead_customer_gone(struct viz_core *core, const struct viz_slice *key,
			    const struct viz_slice *value)
{
	struct viz_lead_customer link;

	viz_lead_customer_row(&link, key, value);
	let_go(core, &link);
}

void viz_lead_customer_due(struct viz_net *net, const struct viz_id *hash, uint64_t slot)
{
	struct viz_slice value, key = {hash->b, sizeof hash->b};
	struct viz_lead_customer link;

	(void)slot;
	if (!viz_core_get(net->core, &value, VIZ_TABLE_CUSTOMER_LINK, hash->b, sizeof hash->b))
		return;
	viz_lead_customer_row(&link, &key, &value);
	if (is_over(net->core, &link))
		viz_lead_customer_end(net->core, &link);
}
