#include "proto/message.h"

void viz_hello_write(struct viz_writer *w, const struct viz_hello *h)
{
	viz_writer_array(w, 3);
	viz_writer_id(w, &h->author);
	if (h->has_token)
		viz_writer_bin(w, h->token, sizeof h->token);
	else
		viz_writer_nil(w);
	viz_writer_array(w, h->record_count);
	for (size_t i = 0; i < h->record_count; i++)
		viz_writer_bin(w, h->record[i].p, h->record[i].len);
}

int viz_hello_read(struct viz_hello *h, const uint8_t *bytes, size_t len)
{
	struct viz_reader r;

	if (len > VIZ_HELLO_MAX)
		return VIZ_ERR_LIMIT;
	memset(h, 0, sizeof *h);
	viz_reader_init(&r, bytes, len);
	viz_reader_tuple(&r, 3);
	h->author = viz_reader_id(&r);
	if (!viz_reader_nil(&r)) {
		h->has_token = true;
		viz_reader_fixed(&r, h->token, sizeof h->token);
	}
	h->record_count = viz_reader_array(&r, 1, VIZ_HELLO_RECORDS_MAX);
	for (size_t i = 0; i < h->record_count; i++)
		h->record[i].p = viz_reader_bin(&r, &h->record[i].len, 65, VIZ_SIGNED_RECORD_MAX);
	return viz_reader_finish(&r);
}

void viz_place_write(struct viz_writer *w, const struct viz_item *item)
{
	viz_writer_array(w, 3);
	viz_writer_id(w, &item->author);
	viz_writer_uint(w, item->type);
	viz_writer_uint(w, item->slot);
}

void viz_place_read(struct viz_reader *r, struct viz_item *item)
{
	viz_reader_tuple(r, 3);
	item->author = viz_reader_id(r);
	item->type = (uint8_t)viz_reader_uint(r, VIZ_TYPE_STATEMENT_MIN - 1);
	item->slot = viz_reader_uint(r, UINT64_MAX >> 16);
	item->hash = 0;
}

void viz_item_write(struct viz_writer *w, const struct viz_item *item)
{
	uint8_t hash[8];

	viz_put_u64be(hash, item->hash);
	viz_writer_array(w, 4);
	viz_writer_id(w, &item->author);
	viz_writer_uint(w, item->type);
	viz_writer_uint(w, item->slot);
	viz_writer_bin(w, hash, sizeof hash);
}

void viz_item_read(struct viz_reader *r, struct viz_item *item)
{
	uint8_t hash[8];

	viz_reader_tuple(r, 4);
	item->author = viz_reader_id(r);
	item->type = (uint8_t)viz_reader_uint(r, VIZ_TYPE_STATEMENT_MIN - 1);
	item->slot = viz_reader_uint(r, UINT64_MAX >> 16);
	viz_reader_fixed(r, hash, sizeof hash);
	item->hash = viz_get_u64be(hash);
}

size_t viz_message_elements(unsigned kind)
{
	static const uint8_t elements[] = {0, 2, 4, 4, 2, 4, 2, 3};

	return kind < sizeof elements ? elements[kind] : 0;
}

const char *viz_message_name(unsigned kind)
{
	static const char *const names[] = {"?",    "RECORD", "DIGEST",   "ITEMS",
					    "WANT", "MAIL",   "MAIL_ACK", "MORE"};

	return kind < sizeof names / sizeof *names ? names[kind] : "?";
}

const char *viz_mail_name(unsigned kind)
{
	static const char *const names[] = {
	    "?",         "STATEMENT",    "CIRCLE_KEY", "OFFER_KEY_ASK",
	    "OFFER_KEY", "VIEW_ASK",     "VIEW",       "EVIDENCE_ASK",
	    "EVIDENCE",  "LOCATION_ASK", "LOCATION",   "LOCATION_REFUSED",
	    "HANDOFF",   "LEASE_ASK"};

	return kind < sizeof names / sizeof *names ? names[kind] : "?";
}
