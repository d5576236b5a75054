#include "node/trust/invite.h"

#include "crypto/hash.h"
#include "crypto/rng.h"
#include "crypto/secret.h"
#include "crypto/x25519.h"
#include "node/core/core.h"
#include "node/core/profile.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/text.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

#define PREFIX "vizinvite1."

void viz_invite_hash(struct viz_id *out, const uint8_t token[16])
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/invite");
	viz_hash_part(&h, token, 16);
	viz_hash_final(&h, out);
}

static void line_check(struct viz_id *out, const uint8_t *bytes, size_t len)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/invite-line");
	viz_hash_part(&h, bytes, len);
	viz_hash_final(&h, out);
}

#define LINE(F)                                                                                    \
	F(ID, federation)                                                                          \
	F(ID, author)                                                                              \
	F(KEY, transport)                                                                          \
	F(BYTES, token)                                                                            \
	F(TIME, expires)                                                                           \
	F(TEXT, name, 1)                                                                           \
	F(OPTIONAL, cnpj)                                                                          \
	F(UINT, asn, 0, UINT32_MAX)                                                                \
	F(TEXTS, address, address_count, 3)

#define ROW(F)                                                                                     \
	F(TIME, expires)                                                                           \
	F(TEXT, whom, 0)

void viz_invite_text(char *text, const struct viz_invite *v)
{
	uint8_t bytes[VIZ_INVITE_TEXT_MAX / 2];
	struct viz_writer w;
	struct viz_id check;
	size_t len;

	viz_writer_init(&w, bytes, sizeof bytes - 16);
	VIZ_FIELDS_WRITE(&w, v, LINE);
	len = viz_writer_done(&w).len;
	line_check(&check, bytes, len);
	memcpy(bytes + len, check.b, 4);
	memcpy(text, PREFIX, sizeof PREFIX);
	viz_hex(text + sizeof PREFIX - 1, bytes, len + 4);
	viz_secret_wipe(bytes, sizeof bytes);
}

int viz_invite_make(struct viz_trust *trust, char *text, struct viz_invite *out, const char *whom)
{
	const struct viz_profile *p = &trust->profile;
	struct viz_invite v = {.federation = trust->core->federation_id,
			       .author = trust->self.author,
			       .expires = viz_after(trust->core->now, VIZ_INVITE_DAYS * VIZ_DAY_MS),
			       .asn = p->asn};
	struct viz_id hash;
	VIZ_WRITER(w, 128);

	if (trust->self.revoked)
		return VIZ_ERR_STATE;
	if (viz_store_stat_entries(trust->core->store, VIZ_TABLE_INVITE) >= VIZ_INVITES_MAX)
		return VIZ_ERR_LIMIT;
	viz_x25519_pub(&v.transport, &trust->self.transport);
	viz_rng_bytes(&trust->core->rng, v.token, sizeof v.token);
	snprintf(v.name, sizeof v.name, "%s", p->name);
	snprintf(v.whom, sizeof v.whom, "%s", whom);
	snprintf(v.cnpj, sizeof v.cnpj, "%s", p->cnpj);
	while (v.address_count < VIZ_ADDRESSES_MAX && p->address[v.address_count][0] != '\0') {
		snprintf(v.address[v.address_count], sizeof v.address[0], "%s",
			 p->address[v.address_count]);
		v.address_count++;
	}
	viz_invite_hash(&hash, v.token);
	VIZ_FIELDS_WRITE(&w, &v, ROW);
	viz_core_put_row(trust->core, VIZ_TABLE_INVITE, hash.b, sizeof hash.b, &w);
	viz_invite_text(text, &v);
	*out = v;
	return VIZ_OK;
}

int viz_invite_parse(struct viz_invite *out, const char *text)
{
	size_t hex_len, len = strlen(text);
	uint8_t bytes[VIZ_INVITE_TEXT_MAX / 2];
	struct viz_invite v = {0};
	struct viz_id check;

	if (len < sizeof PREFIX + 8 || len >= VIZ_INVITE_TEXT_MAX ||
	    strncmp(text, PREFIX, sizeof PREFIX - 1) != 0)
		return VIZ_ERR_FORM;
	hex_len = len - (sizeof PREFIX - 1);
	if (hex_len % 2 != 0 ||
	    viz_hex_parse(bytes, hex_len / 2, text + sizeof PREFIX - 1) != VIZ_OK)
		return VIZ_ERR_FORM;
	len = hex_len / 2 - 4;
	line_check(&check, bytes, len);
	if (memcmp(check.b, bytes + len, 4) != 0)
		return VIZ_ERR_FORM;
	if (VIZ_FIELDS_PARSE(&v, bytes, len, LINE) != VIZ_OK || !viz_text_is_name(v.name) ||
	    (v.cnpj[0] != '\0' && !viz_trust_cnpj_valid(v.cnpj)))
		return VIZ_ERR_FORM;
	*out = v;
	return VIZ_OK;
}

void viz_invite_row(struct viz_invite *out, const struct viz_slice *row)
{
	memset(out, 0, sizeof *out);
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, row->p, row->len, ROW) == VIZ_OK);
}

bool viz_invite_is_open(struct viz_core *core, const uint8_t token[16])
{
	struct viz_invite invite;
	struct viz_slice v;
	struct viz_id hash;

	viz_invite_hash(&hash, token);
	if (!viz_core_get(core, &v, VIZ_TABLE_INVITE, hash.b, sizeof hash.b))
		return false;
	viz_invite_row(&invite, &v);
	return invite.expires.ms > core->now.ms;
}

void viz_invite_redeem(struct viz_trust *trust, struct viz_member *m, const uint8_t token[16])
{
	struct viz_id hash;

	viz_invite_hash(&hash, token);
	viz_core_del(trust->core, VIZ_TABLE_INVITE, hash.b, sizeof hash.b);
	if (m->peer.vouched && m->peer.partner && !m->peer.blocked) {
		m->peer.pending = false; /* while its hello was judged */
		viz_core_log(trust->core, 5, "%s, who is trusted already, accepted our invitation",
			     viz_member_name(m));
		return;
	}
	m->peer.present = true;
	m->peer.pending = true;
	viz_peer_save(trust, m);
	viz_notice_add(trust, VIZ_NOTICE_PEER_CAME, NULL, &m->id, 0);
}
