/* Invitations: one line of text that an operator passes to another one. It works once, within 7
 * days. PROTOCOL.md section 6. VIZ_TABLE_INVITE: H("vizinho/invite", token) -> [expires, whom]. */
#ifndef VIZ_NODE_TRUST_INVITE_H
#define VIZ_NODE_TRUST_INVITE_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_core;
struct viz_member;
struct viz_slice;
struct viz_trust;

/* The content of the line. Its text is "vizinvite1." and then, in lower-case hexadecimal, a
 * canonical msgpack array [federation id, author, transport key, token, expires, name, cnpj or nil,
 * asn, [address...]] and the first 4 bytes of H("vizinho/invite-line", array). */
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
	char whom[VIZ_NAME_MAX + 1]; /* for whom it is, by our operator; not in the line */
};

#define VIZ_INVITE_TEXT_MAX 1600 /* characters with the NUL */

#define VIZ_INVITE_DAYS 7

/* Makes an invitation and stores the hash of its token. `text` holds VIZ_INVITE_TEXT_MAX
 * characters; `whom` is what the operator wants to find it by, "" or a name. VIZ_ERR_LIMIT:
 * VIZ_INVITES_MAX are open. VIZ_ERR_STATE: our key is revoked. */
int viz_invite_make(struct viz_trust *trust, char *text, struct viz_invite *out, const char *whom);

/* Writes the line of an invitation; `text` holds VIZ_INVITE_TEXT_MAX characters. */
void viz_invite_text(char *text, const struct viz_invite *invite);

/* Reads a line. Checks its form and its checksum, neither the federation nor the date.
 * VIZ_ERR_FORM. */
int viz_invite_parse(struct viz_invite *out, const char *text);

/* Whether this token is that of an invitation that is not used up and not over. */
bool viz_invite_is_open(struct viz_core *core, const uint8_t token[16]);

/* The bearer of an open token is let in: the invitation is used up, and `m` is a pending peer, or a
 * partner already. */
void viz_invite_redeem(struct viz_trust *trust, struct viz_member *m, const uint8_t token[16]);

/* Under which hash we keep the invitation of this token. */
void viz_invite_hash(struct viz_id *out, const uint8_t token[16]);

/* Reads a row of VIZ_TABLE_INVITE: `expires` and `whom`, and clears the rest. */
void viz_invite_row(struct viz_invite *out, const struct viz_slice *row);

#endif
