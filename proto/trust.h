/* The bodies of NODE, SUCCESSION, REVOCATION, VOUCH and PARTNERS. PROTOCOL.md
 * section 8.
 *
 * An omitted text is nil on the wire and "" in the struct. */
#ifndef VIZ_PROTO_TRUST_H
#define VIZ_PROTO_TRUST_H

#include "proto/record.h"

struct viz_node_body {
	struct viz_pub first_key;
	struct viz_id next_hash;
	uint8_t nonce[16];
	struct viz_pub transport; /* X25519 */
	char name[VIZ_NAME_MAX + 1];
	char cnpj[VIZ_CNPJ_LEN + 1];
	uint32_t asn; /* 0: none */
	char address[VIZ_ADDRESSES_MAX][VIZ_ADDRESS_MAX + 1];
	size_t address_count;
	bool by_hand;
	char whatsapp[VIZ_WHATSAPP_MAX + 1];
	char hours[VIZ_HOURS_MAX + 1];
	char privacy[VIZ_PRIVACY_MAX + 1];
	char version[VIZ_VERSION_MAX + 1];
	struct viz_id journal;  /* head of the event journal; all zero before the first event */
	struct viz_id partners; /* PARTNERS in force; all zero before the first */
	struct viz_time start;  /* when the process that signs began */
	uint64_t log;           /* the author's log, never 0 */
	struct viz_id head;     /* commitment to the head of that log (viz_ids_head) */
};

/* Reveals key n of an author, and commits to key n + 1. */
struct viz_succession {
	struct viz_pub key;
	struct viz_id next_hash;
};

struct viz_vouch {
	struct viz_id sponsee;
	bool withdrawn;
};

struct viz_partner_entry {
	struct viz_id id;
	struct viz_time added;
	struct viz_time removed; /* 0: not removed */
};

/* A partner that was removed and came back has an entry for each time. */
struct viz_partners {
	uint64_t log;           /* the author's log, never 0 */
	struct viz_id previous; /* the record that this one replaces; all zero for the first */
	struct viz_partner_entry entry[VIZ_PARTNERS_MAX]; /* ascending by id, then by added */
	size_t count;
};

VIZ_BODY(node_body);
VIZ_BODY(succession);
VIZ_BODY(vouch);

/* REVOCATION's body is empty. */
void viz_trust_revocation_write(struct viz_writer *w);
void viz_trust_revocation_read(struct viz_reader *r);

VIZ_BODY(partners);

/* Whether `e` is effective at `at`. Each of its dates takes effect `delay_ms` (the federation's
 * partner_delay_ms) later. */
bool viz_partner_entry_effective(const struct viz_partner_entry *e, struct viz_time at,
				 int64_t delay_ms);

/* The newest entry for `id`; NULL: there is none. Older ones stand right before it. */
const struct viz_partner_entry *viz_partners_find(const struct viz_partners *p,
						  const struct viz_id *id);

/* The entry for `id` that is effective at `at`; NULL: none is. Its position in p->entry is the
 * partner's index. */
const struct viz_partner_entry *viz_partners_effective(const struct viz_partners *p,
						       const struct viz_id *id, struct viz_time at,
						       int64_t delay_ms);

/* The authors for whom an entry is effective at `at`, ascending. `out` has room for
 * VIZ_PARTNERS_MAX; returns how many. */
size_t viz_partners_in_force(struct viz_id *out, const struct viz_partners *p, struct viz_time at,
			     int64_t partner_delay_ms);

/* Whether what the record says can be true of a PARTNERS that was signed at `time`: no date is
 * later, and in an author's first PARTNERS none is earlier. */
bool viz_partners_dated(const struct viz_partners *p, struct viz_time time);

/* Whether this is a CNPJ: 12 characters of 0-9 A-Z and two check digits (modulo 11; the value of a
 * character is its ASCII code minus 48). Source: Receita Federal, IN 2.229/2024. The old ones of
 * digits alone are valid too. */
bool viz_trust_cnpj_valid(const char *cnpj);

#endif
