#include "node/inbox/wish.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/inbox/inbox.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/tables.h"

enum { SEALED_MAX = 64 };

#define WISH(F)                                                                                    \
	F(UINT, service, VIZ_SERVICE_INTERNET, VIZ_SERVICE_BUSINESS)                               \
	F(UINT, month, 0, UINT32_MAX)
static VIZ_FIELDS_WRITER(wish, WISH);
static VIZ_FIELDS_READER(wish, WISH);

static void make_key(uint8_t key[VIZ_STATEMENT_KEY_LEN], const struct viz_inbox *in)
{
	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_WISH, &in->origin, 0);
}

static int open_sealed(struct viz_core *core, struct viz_wish *out, const struct viz_inbox *in)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], plain[SEALED_MAX];
	struct viz_slice v;
	size_t len;
	int err;

	make_key(key, in);
	if (!viz_core_get(core, &v, VIZ_TABLE_STATEMENT, key, sizeof key) || v.len > SEALED_MAX)
		return VIZ_ERR_ABSENT;
	err = viz_secrets_unseal(core, plain, &len, in->vault, v.p, v.len);
	if (err == VIZ_OK)
		err = VIZ_PARSE(wish, out, plain, len);
	viz_secret_wipe(plain, sizeof plain);
	return err;
}

int viz_inbox_wish_open(struct viz_core *core, struct viz_wish *out, const struct viz_inbox *in)
{
	struct viz_location l;
	int err;

	if (in->location_len == 0)
		return open_sealed(core, out, in);
	err = viz_secrets_unseal_location(core, &l, in->vault, in->location, in->location_len);
	if (err == VIZ_OK)
		*out = (struct viz_wish){l.service, l.month};
	viz_secret_wipe(&l, sizeof l);
	return err;
}

void viz_inbox_wish_keep(struct viz_core *core, const struct viz_inbox *in,
			 const struct viz_lead_secrets *s, const struct viz_wish *wish)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN], sealed[SEALED_MAX];
	VIZ_WRITER(w, 16);
	size_t len;

	make_key(key, in);
	viz_wish_write(&w, wish);
	VIZ_REQUIRE(viz_secrets_seal(core, sealed, &len, sizeof sealed, s, w.start, w.len) ==
		    VIZ_OK);
	viz_core_put(core, VIZ_TABLE_STATEMENT, key, sizeof key, sealed, len);
	viz_secret_wipe(w.start, w.len);
}

void viz_inbox_wish_drop(struct viz_core *core, const struct viz_inbox *in)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	make_key(key, in);
	if (viz_core_get(core, &v, VIZ_TABLE_STATEMENT, key, sizeof key))
		viz_core_del(core, VIZ_TABLE_STATEMENT, key, sizeof key);
}
