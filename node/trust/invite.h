/* Invitations: one line that two people pass to each other, single use, 7 days. PROTOCOL.md
 * section 6. VIZ_TABLE_INVITE: H("vizinho/invite", token) -> [expires]. */
#ifndef VIZ_NODE_TRUST_INVITE_H
#define VIZ_NODE_TRUST_INVITE_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_trust;

/* What the line says. Text form: "vizinvite1." and lower-case hexadecimal of a canonical msgpack
 * array [federation id, author, transport key, token, expires, name, cnpj or nil, asn,
 * [address...]] and 4 bytes of H("vizinho/invite-line", array). */
struct viz_invite {
	struct viz_id federation;
	struct viz_id author;
	struct viz_pub transport;
	uint8_t token[16];
	struct viz_time expires;
	char name[VIZ_NAME_MAX + 1];
	char cnpj[VIZ_CNPJ_LEN + 1];
	uint32_t asn;
	char address[VIZ_ADDRESSES_MAX][VIZ_ADDRESS_MAX + 1];
	size_t address_count;
};

#define VIZ_INVITE_TEXT_MAX 1600

#define VIZ_INVITE_DAYS 7

/* Makes an invitation; `text` holds VIZ_INVITE_TEXT_MAX characters. VIZ_ERR_LIMIT: too many are
 * open. */
int viz_invite_make(struct viz_trust *trust, char *text, struct viz_invite *out);

/* The line of an invitation. */
void viz_invite_text(char *text, const struct viz_invite *invite);

/* VIZ_ERR_FORM. */
int viz_invite_parse(struct viz_invite *out, const char *text);

/* A hello brought this token: when it is open, the author becomes a pending peer. */
void viz_invite_redeem(struct viz_trust *trust, const struct viz_id *author,
		       const uint8_t token[16]);

#endif
