#include "proto/message.h"

#include "proto/fields.h"

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

#define PLACE(F)                                                                                   \
	F(ID, author)                                                                              \
	F(UINT, type, 0, VIZ_TYPE_STATEMENT_MIN - 1)                                               \
	F(UINT, slot, 0, UINT64_MAX >> 16)
#define ITEM(F)                                                                                    \
	PLACE(F)                                                                                   \
	F(HASH, hash)

/* The hash of an item is a number in the struct and 8 bytes on the wire. */
static void write_hash(struct viz_writer *w, uint64_t hash)
{
	uint8_t b[8];

	viz_be_put_u64(b, hash);
	viz_writer_bin(w, b, sizeof b);
}

static uint64_t read_hash(struct viz_reader *r)
{
	uint8_t b[8];

	viz_reader_fixed(r, b, sizeof b);
	return viz_be_get_u64(b);
}

#define VIZ_WRITE_HASH(w, s, m) write_hash(w, (s)->m);
#define VIZ_READ_HASH(r, s, m)  (s)->m = read_hash(r);
VIZ_FIELDS(item, ITEM);

void viz_message_place_write(struct viz_writer *w, const struct viz_item *item)
{
	VIZ_FIELDS_WRITE(w, item, PLACE);
}

void viz_message_place_read(struct viz_reader *r, struct viz_item *item)
{
	memset(item, 0, sizeof *item);
	VIZ_FIELDS_READ(r, item, PLACE);
}

#define ELEMENTS(name, number, elements) [number] = elements,
#define NAME(name, number, ...)          [number] = #name,

size_t viz_message_elements(unsigned kind)
{
	static const uint8_t elements[] = {VIZ_MESSAGE_KINDS(ELEMENTS)};

	return kind < sizeof elements ? elements[kind] : 0;
}

const char *viz_message_name(unsigned kind)
{
	static const char *const names[] = {"?", VIZ_MESSAGE_KINDS(NAME)};

	return kind <= VIZ_MESSAGE_KIND_MAX ? names[kind] : "?";
}

const char *viz_message_mail_name(unsigned kind)
{
	static const char *const names[] = {"?", VIZ_MAIL_KINDS(NAME)};

	return kind <= VIZ_MAIL_KIND_MAX ? names[kind] : "?";
}
