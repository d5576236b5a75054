#include "proto/trust.h"

#include "proto/fields.h"
#include "proto/text.h"

#define NODE_BODY(F)                                                                               \
	F(KEY, first_key)                                                                          \
	F(ID, next_hash)                                                                           \
	F(BYTES, nonce)                                                                            \
	F(KEY, transport)                                                                          \
	F(TEXT, name, 1)                                                                           \
	F(OPTIONAL, cnpj)                                                                          \
	F(UINT, asn, 0, UINT32_MAX)                                                                \
	F(TEXTS, address, address_count, 3)                                                        \
	F(BOOL, by_hand)                                                                           \
	F(OPTIONAL, whatsapp)                                                                      \
	F(OPTIONAL, hours)                                                                         \
	F(OPTIONAL, privacy)                                                                       \
	F(TEXT, version, 1)                                                                        \
	F(ID, journal)                                                                             \
	F(ID, partners)                                                                            \
	F(TIME, start)                                                                             \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(ID, head)
VIZ_FIELDS_WRITER(node_body, NODE_BODY);

void viz_node_body_read(struct viz_reader *r, struct viz_node_body *b)
{
	memset(b, 0, sizeof *b);
	VIZ_FIELDS_READ(r, b, NODE_BODY);
	if (r->err == VIZ_OK && !viz_text_is_name(b->name))
		viz_reader_fail(r, VIZ_ERR_MEANING);
	if (r->err == VIZ_OK && b->cnpj[0] != '\0' && !viz_trust_cnpj_valid(b->cnpj))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define SUCCESSION(F)                                                                              \
	F(KEY, key)                                                                                \
	F(ID, next_hash)
VIZ_FIELDS(succession, SUCCESSION);

#define VOUCH(F)                                                                                   \
	F(ID, sponsee)                                                                             \
	F(CONST, 0) /* role: 0, an ISP; others are reserved */                                     \
	F(BOOL, withdrawn)
VIZ_FIELDS(vouch, VOUCH);

#define PARTNER_ENTRY(F)                                                                           \
	F(ID, id)                                                                                  \
	F(TIME, added)                                                                             \
	F(TIME, removed)
static VIZ_FIELDS_WRITER(partner_entry, PARTNER_ENTRY);

static void viz_partner_entry_read(struct viz_reader *r, struct viz_partner_entry *e)
{
	VIZ_FIELDS_READ(r, e, PARTNER_ENTRY);
	if (e->removed.ms != 0 && e->removed.ms < e->added.ms)
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define PARTNERS(F)                                                                                \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(ID, previous)                                                                            \
	F(LIST, entry, count, 0, partner_entry)
VIZ_FIELDS_WRITER(partners, PARTNERS);

void viz_partners_read(struct viz_reader *r, struct viz_partners *p)
{
	memset(p, 0, sizeof *p);
	VIZ_FIELDS_READ(r, p, PARTNERS);
	for (size_t i = 1; i < p->count && r->err == VIZ_OK; i++) {
		const struct viz_partner_entry *a = &p->entry[i - 1], *b = &p->entry[i];
		int c = viz_id_cmp(&a->id, &b->id);

		if (c > 0 || (c == 0 && a->added.ms > b->added.ms))
			viz_reader_fail(r, VIZ_ERR_FORM);
		else if (c == 0 && (a->removed.ms == 0 || b->added.ms < a->removed.ms))
			viz_reader_fail(r, VIZ_ERR_MEANING);
	}
}

bool viz_partner_entry_effective(const struct viz_partner_entry *e, struct viz_time at,
				 int64_t delay_ms)
{
	return at.ms >= e->added.ms + delay_ms &&
	       (e->removed.ms == 0 || at.ms < e->removed.ms + delay_ms);
}

const struct viz_partner_entry *viz_partners_find(const struct viz_partners *p,
						  const struct viz_id *id)
{
	size_t lo = 0, hi = p->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (viz_id_cmp(&p->entry[mid].id, id) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && viz_id_eq(&p->entry[lo - 1].id, id) ? &p->entry[lo - 1] : NULL;
}

const struct viz_partner_entry *viz_partners_effective(const struct viz_partners *p,
						       const struct viz_id *id, struct viz_time at,
						       int64_t delay_ms)
{
	const struct viz_partner_entry *newest = viz_partners_find(p, id);
	size_t i = newest ? (size_t)(newest - p->entry) + 1 : 0;

	for (; i > 0 && viz_id_eq(&p->entry[i - 1].id, id); i--)
		if (viz_partner_entry_effective(&p->entry[i - 1], at, delay_ms))
			return &p->entry[i - 1];
	return NULL;
}

bool viz_partners_dated(const struct viz_partners *p, struct viz_time time)
{
	bool first = viz_id_is_zero(&p->previous);

	for (size_t i = 0; i < p->count; i++) {
		const struct viz_partner_entry *e = &p->entry[i];

		if (e->added.ms > time.ms || e->removed.ms > time.ms ||
		    (first && e->added.ms != time.ms))
			return false;
	}
	return true;
}

/* The check digit over the first n characters: weights 2 to 9, repeating from the right. */
static int cnpj_digit(const char *cnpj, int n)
{
	int sum = 0;

	for (int i = n - 1, weight = 2; i >= 0; i--) {
		sum += (cnpj[i] - '0') * weight;
		weight = weight == 9 ? 2 : weight + 1;
	}
	return sum % 11 < 2 ? 0 : 11 - sum % 11;
}

bool viz_trust_cnpj_valid(const char *cnpj)
{
	if (strlen(cnpj) != VIZ_CNPJ_LEN || strspn(cnpj, "0") == VIZ_CNPJ_LEN)
		return false;
	for (int i = 0; i < VIZ_CNPJ_LEN; i++) {
		bool digit = cnpj[i] >= '0' && cnpj[i] <= '9';
		bool letter = cnpj[i] >= 'A' && cnpj[i] <= 'Z';
		if (!digit && (!letter || i >= 12))
			return false;
	}
	return cnpj[12] - '0' == cnpj_digit(cnpj, 12) && cnpj[13] - '0' == cnpj_digit(cnpj, 13);
}

void viz_trust_revocation_write(struct viz_writer *w)
{
	viz_writer_array(w, 0);
}

void viz_trust_revocation_read(struct viz_reader *r)
{
	viz_reader_tuple(r, 0);
}

size_t viz_partners_in_force(struct viz_id *out, const struct viz_partners *p, struct viz_time at,
			     int64_t partner_delay_ms)
{
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		if (viz_partner_entry_effective(&p->entry[i], at, partner_delay_ms))
			out[n++] = p->entry[i].id;
	return n;
}
