#include "proto/trust.h"

static void write_optional(struct viz_writer *w, const char *text)
{
	if (text[0] == '\0')
		viz_writer_nil(w);
	else
		viz_writer_text(w, text);
}

static void read_optional(struct viz_reader *r, char *out, size_t max)
{
	if (viz_reader_nil(r))
		out[0] = '\0';
	else
		viz_reader_text(r, out, 1, max);
}

void viz_node_body_write(struct viz_writer *w, const struct viz_node_body *b)
{
	viz_writer_array(w, 14);
	viz_writer_bin(w, b->first_key.b, sizeof b->first_key.b);
	viz_writer_id(w, &b->next_hash);
	viz_writer_bin(w, b->nonce, sizeof b->nonce);
	viz_writer_bin(w, b->transport.b, sizeof b->transport.b);
	viz_writer_text(w, b->name);
	write_optional(w, b->cnpj);
	viz_writer_uint(w, b->asn);
	viz_writer_array(w, b->address_count);
	for (size_t i = 0; i < b->address_count; i++)
		viz_writer_text(w, b->address[i]);
	viz_writer_bool(w, b->by_hand);
	write_optional(w, b->whatsapp);
	write_optional(w, b->hours);
	write_optional(w, b->privacy);
	viz_writer_text(w, b->version);
	viz_writer_id(w, &b->journal);
}

void viz_node_body_read(struct viz_reader *r, struct viz_node_body *b)
{
	memset(b, 0, sizeof *b);
	viz_reader_tuple(r, 14);
	viz_reader_fixed(r, b->first_key.b, sizeof b->first_key.b);
	b->next_hash = viz_reader_id(r);
	viz_reader_fixed(r, b->nonce, sizeof b->nonce);
	viz_reader_fixed(r, b->transport.b, sizeof b->transport.b);
	viz_reader_text(r, b->name, 1, VIZ_NAME_MAX);
	read_optional(r, b->cnpj, VIZ_CNPJ_LEN);
	b->asn = (uint32_t)viz_reader_uint(r, UINT32_MAX);
	b->address_count = viz_reader_array(r, 0, VIZ_ADDRESSES_MAX);
	for (size_t i = 0; i < b->address_count; i++)
		viz_reader_text(r, b->address[i], 3, VIZ_ADDRESS_MAX);
	b->by_hand = viz_reader_bool(r);
	read_optional(r, b->whatsapp, VIZ_WHATSAPP_MAX);
	read_optional(r, b->hours, VIZ_HOURS_MAX);
	read_optional(r, b->privacy, VIZ_PRIVACY_MAX);
	viz_reader_text(r, b->version, 1, VIZ_VERSION_MAX);
	b->journal = viz_reader_id(r);
	if (r->err == VIZ_OK && !viz_text_is_name(b->name))
		viz_reader_fail(r, VIZ_ERR_MEANING);
	if (r->err == VIZ_OK && b->cnpj[0] != '\0' && !viz_cnpj_valid(b->cnpj))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

void viz_succession_write(struct viz_writer *w, const struct viz_succession *b)
{
	viz_writer_array(w, 2);
	viz_writer_bin(w, b->key.b, sizeof b->key.b);
	viz_writer_id(w, &b->next_hash);
}

void viz_succession_read(struct viz_reader *r, struct viz_succession *b)
{
	viz_reader_tuple(r, 2);
	viz_reader_fixed(r, b->key.b, sizeof b->key.b);
	b->next_hash = viz_reader_id(r);
}

void viz_vouch_write(struct viz_writer *w, const struct viz_vouch *b)
{
	viz_writer_array(w, 3);
	viz_writer_id(w, &b->sponsee);
	viz_writer_uint(w, 0); /* role: 0, an ISP; others are reserved */
	viz_writer_bool(w, b->withdrawn);
}

void viz_vouch_read(struct viz_reader *r, struct viz_vouch *b)
{
	viz_reader_tuple(r, 3);
	b->sponsee = viz_reader_id(r);
	viz_reader_uint(r, 0);
	b->withdrawn = viz_reader_bool(r);
}

void viz_partners_write(struct viz_writer *w, const struct viz_partners *b)
{
	viz_writer_array(w, 1);
	viz_writer_array(w, b->count);
	for (size_t i = 0; i < b->count; i++) {
		viz_writer_array(w, 3);
		viz_writer_id(w, &b->entry[i].id);
		viz_writer_time(w, b->entry[i].added);
		viz_writer_time(w, b->entry[i].removed);
	}
}

void viz_partners_read(struct viz_reader *r, struct viz_partners *b)
{
	viz_reader_tuple(r, 1);
	b->count = viz_reader_array(r, 0, VIZ_PARTNERS_MAX);
	for (size_t i = 0; i < b->count; i++) {
		struct viz_partner_entry *e = &b->entry[i];

		viz_reader_tuple(r, 3);
		e->id = viz_reader_id(r);
		e->added = viz_reader_time(r);
		e->removed = viz_reader_time(r);
		if (r->err != VIZ_OK)
			break;
		if (i > 0 && viz_id_cmp(&b->entry[i - 1].id, &e->id) >= 0)
			viz_reader_fail(r, VIZ_ERR_FORM);
		if (e->removed.ms != 0 && e->removed.ms < e->added.ms)
			viz_reader_fail(r, VIZ_ERR_MEANING);
	}
	if (r->err != VIZ_OK)
		b->count = 0;
}

bool viz_partner_effective(const struct viz_partner_entry *e, struct viz_time at, int64_t delay_ms)
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
		int c = viz_id_cmp(&p->entry[mid].id, id);

		if (c == 0)
			return &p->entry[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
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

bool viz_cnpj_valid(const char *cnpj)
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
