#include "proto/message.h"

#include "proto/fields.h"

static void viz_signed_write(struct viz_writer *w, const struct viz_slice *record)
{
	viz_writer_bin(w, record->p, record->len);
}

static void viz_signed_read(struct viz_reader *r, struct viz_slice *record)
{
	record->p = viz_reader_bin(r, &record->len, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX);
}

#define HELLO(F)                                                                                   \
	F(ID, author)                                                                              \
	F(OPTIONAL_BYTES, has_token, token)                                                        \
	F(LIST, record, record_count, 1, signed)
VIZ_FIELDS_WRITER(hello, HELLO);

int viz_hello_read(struct viz_hello *h, const uint8_t *bytes, size_t len)
{
	struct viz_reader r;

	if (len > VIZ_HELLO_MAX)
		return VIZ_ERR_LIMIT;
	memset(h, 0, sizeof *h);
	viz_reader_init(&r, bytes, len);
	VIZ_FIELDS_READ(&r, h, HELLO);
	return viz_reader_finish(&r);
}

#define PLACE(F)                                                                                   \
	F(ID, author)                                                                              \
	F(UINT, type, 0, VIZ_TYPE_OFFER - 1)                                                       \
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

#define RECORD(F)                                                                                  \
	F(CONST, VIZ_MESSAGE_RECORD)                                                               \
	F(BIN, record, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)
VIZ_FIELDS(message_record, RECORD);

#define DIGEST(F)                                                                                  \
	F(CONST, VIZ_MESSAGE_DIGEST)                                                               \
	F(TIME, at)                                                                                \
	F(UINT, count, 0, UINT32_MAX)                                                              \
	F(ID, digest)
VIZ_FIELDS(message_digest, DIGEST);

#define ITEMS(F)                                                                                   \
	F(CONST, VIZ_MESSAGE_ITEMS)                                                                \
	F(TIME, at)                                                                                \
	F(BOOL, last)                                                                              \
	F(LIST, item, count, 0, item)
VIZ_FIELDS_WRITER(message_items, ITEMS);

void viz_message_items_read(struct viz_reader *r, struct viz_message_items *m)
{
	VIZ_FIELDS_READ(r, m, ITEMS);
	for (size_t i = 1; i < m->count && r->err == VIZ_OK; i++)
		if (viz_item_cmp(&m->item[i - 1], &m->item[i]) >= 0)
			viz_reader_fail(r, VIZ_ERR_FORM);
}

#define WANT(F)                                                                                    \
	F(CONST, VIZ_MESSAGE_WANT)                                                                 \
	F(LIST, place, count, 1, message_place)
VIZ_FIELDS(message_want, WANT);

#define MAIL(F)                                                                                    \
	F(CONST, VIZ_MESSAGE_MAIL)                                                                 \
	F(UINT, number, 0, INT64_MAX)                                                              \
	F(UINT, kind, 0, UINT8_MAX)                                                                \
	F(REST, payload)
VIZ_FIELDS(message_mail, MAIL);

#define MAIL_ACK(F)                                                                                \
	F(CONST, VIZ_MESSAGE_MAIL_ACK)                                                             \
	F(UINT, number, 0, INT64_MAX)
VIZ_FIELDS(message_mail_ack, MAIL_ACK);

#define MORE(F)                                                                                    \
	F(CONST, VIZ_MESSAGE_MORE)                                                                 \
	F(TIME, at)                                                                                \
	F(STRUCT, from, message_place)
VIZ_FIELDS(message_more, MORE);

#define LOG_HEAD(F)                                                                                \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, number, 0, UINT32_MAX)                                                             \
	F(ID, value)
static VIZ_FIELDS_WRITER(log_head, LOG_HEAD);
static VIZ_FIELDS_READER(log_head, LOG_HEAD);

#define HEAD(F)                                                                                    \
	F(CONST, VIZ_MESSAGE_HEAD)                                                                 \
	F(ID, origin)                                                                              \
	F(UINT, node_seq, 0, INT64_MAX)                                                            \
	F(UINT, log, 0, UINT64_MAX)                                                                \
	F(UINT, held, 0, UINT32_MAX)                                                               \
	F(UINT, number, 0, UINT32_MAX)                                                             \
	F(ID, value)                                                                               \
	F(MAYBE, has_old, old, log_head)
VIZ_FIELDS(message_head, HEAD);

#define LOG_ASK(F)                                                                                 \
	F(CONST, VIZ_MESSAGE_LOG_ASK)                                                              \
	F(ID, origin)                                                                              \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, from, 1, UINT32_MAX)                                                               \
	F(UINT, to, 1, UINT32_MAX)
VIZ_FIELDS_WRITER(message_log_ask, LOG_ASK);

void viz_message_log_ask_read(struct viz_reader *r, struct viz_message_log_ask *m)
{
	memset(m, 0, sizeof *m);
	VIZ_FIELDS_READ(r, m, LOG_ASK);
	if (r->err == VIZ_OK && (m->to < m->from || m->to - m->from >= VIZ_LOG_STUBS_MAX))
		viz_reader_fail(r, VIZ_ERR_LIMIT);
}

#define STUB(F)                                                                                    \
	F(UINT, offer, 1, UINT32_MAX)                                                              \
	F(UINT, type, VIZ_TYPE_OFFER, VIZ_TYPE_CHOICE)                                             \
	F(UINT, slot, 0, UINT64_MAX >> 16)                                                         \
	F(ID, id)
VIZ_FIELDS(stub, STUB);

#define LOG(F)                                                                                     \
	F(CONST, VIZ_MESSAGE_LOG)                                                                  \
	F(ID, origin)                                                                              \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, from, 1, UINT32_MAX)                                                               \
	F(LIST, stub, count, 0, stub)
VIZ_FIELDS(message_log, LOG);

static void viz_number_write(struct viz_writer *w, const uint32_t *number)
{
	viz_writer_uint(w, *number);
}

static void viz_number_read(struct viz_reader *r, uint32_t *number)
{
	*number = (uint32_t)viz_reader_between(r, 1, UINT32_MAX);
}

#define LOG_WANT(F)                                                                                \
	F(CONST, VIZ_MESSAGE_LOG_WANT)                                                             \
	F(ID, origin)                                                                              \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(LIST, number, count, 1, number)
VIZ_FIELDS_WRITER(message_log_want, LOG_WANT);

void viz_message_log_want_read(struct viz_reader *r, struct viz_message_log_want *m)
{
	memset(m, 0, sizeof *m);
	VIZ_FIELDS_READ(r, m, LOG_WANT);
	for (size_t i = 1; i < m->count && r->err == VIZ_OK; i++)
		if (m->number[i - 1] >= m->number[i])
			viz_reader_fail(r, VIZ_ERR_FORM);
}
#define MEMBER(F)                                                                                  \
	F(CONST, VIZ_MESSAGE_MEMBER)                                                               \
	F(TIME, time)
VIZ_FIELDS(message_member, MEMBER);

#define CLONE(F) F(CONST, VIZ_MESSAGE_CLONE)

void viz_message_clone_write(struct viz_writer *w)
{
	viz_writer_array(w, 0 CLONE(VIZ_FIELD_COUNT));
	viz_writer_uint(w, VIZ_MESSAGE_CLONE);
}

void viz_message_clone_read(struct viz_reader *r)
{
	viz_reader_tuple(r, 0 CLONE(VIZ_FIELD_COUNT));
	viz_reader_between(r, VIZ_MESSAGE_CLONE, VIZ_MESSAGE_CLONE);
}

#define LAST(F)                                                                                    \
	F(CONST, VIZ_MESSAGE_LAST)                                                                 \
	F(BIN_OR_NIL, record, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)
VIZ_FIELDS(message_last, LAST);

static void write_short_ids(struct viz_writer *w, const uint64_t *id, size_t n)
{
	uint8_t bytes[VIZ_PROTEST_IDS_MAX * 8];

	for (size_t i = 0; i < n; i++)
		viz_be_put_u64(bytes + i * 8, id[i]);
	viz_writer_bin(w, bytes, n * 8);
}

static size_t read_short_ids(struct viz_reader *r, uint64_t *id)
{
	size_t len = 0;
	const uint8_t *bytes = viz_reader_bin(r, &len, 0, VIZ_PROTEST_IDS_MAX * 8);

	if (r->err == VIZ_OK && len % 8 != 0)
		viz_reader_fail(r, VIZ_ERR_FORM);
	for (size_t i = 0; i < len / 8 && r->err == VIZ_OK; i++) {
		id[i] = viz_be_get_u64(bytes + i * 8);
		if (i > 0 && id[i - 1] >= id[i])
			viz_reader_fail(r, VIZ_ERR_FORM);
	}
	return r->err == VIZ_OK ? len / 8 : 0;
}

#define VIZ_WRITE_SHORT_IDS(w, s, m, n) write_short_ids(w, (s)->m, (s)->n);
#define VIZ_READ_SHORT_IDS(r, s, m, n)  (s)->n = read_short_ids(r, (s)->m);

#define PROTESTS(F)                                                                                \
	F(CONST, VIZ_MESSAGE_PROTESTS)                                                             \
	F(ID, origin)                                                                              \
	F(UINT, day, 0, UINT16_MAX)                                                                \
	F(BOOL, ask)                                                                               \
	F(SHORT_IDS, id, count)
VIZ_FIELDS(message_protests, PROTESTS);

#define OFFER_ASK(F)                                                                               \
	F(CONST, VIZ_MESSAGE_OFFER_ASK)                                                            \
	F(IDS, offer, count)
VIZ_FIELDS_WRITER(message_offer_ask, OFFER_ASK);

void viz_message_offer_ask_read(struct viz_reader *r, struct viz_message_offer_ask *m)
{
	memset(m, 0, sizeof *m);
	VIZ_FIELDS_READ(r, m, OFFER_ASK);
	if (r->err == VIZ_OK && m->count == 0)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
}

int viz_item_cmp(const struct viz_item *a, const struct viz_item *b)
{
	uint8_t ka[VIZ_PLACE_LEN], kb[VIZ_PLACE_LEN];

	viz_record_place_key(ka, &a->author, a->type, a->slot);
	viz_record_place_key(kb, &b->author, b->type, b->slot);
	return memcmp(ka, kb, sizeof ka);
}

#define ELEMENTS(name, number) [number] = 0 name(VIZ_FIELD_COUNT),
#define NAME(name, number)     [number] = #name,

size_t viz_message_elements(unsigned kind)
{
	static const uint8_t elements[] = {VIZ_MESSAGE_KINDS(ELEMENTS)};

	return kind < sizeof elements ? elements[kind] : 0;
}

/* As large as the longest message has elements. */
#define ELEMENT_BYTES(name, number) char name[0 name(VIZ_FIELD_COUNT)];
union longest {
	VIZ_MESSAGE_KINDS(ELEMENT_BYTES)
};

unsigned viz_message_kind_read(struct viz_reader *r)
{
	size_t n = viz_reader_array(r, 1, sizeof(union longest));
	unsigned kind = (unsigned)viz_reader_uint(r, UINT8_MAX);

	if (r->err == VIZ_OK && n != viz_message_elements(kind))
		viz_reader_fail(r, VIZ_ERR_FORM);
	return kind;
}

void viz_message_pad(uint8_t *buffer, size_t len, size_t size)
{
	VIZ_REQUIRE(len <= UINT16_MAX && len + 2 <= size);
	viz_be_put_u16(buffer, (uint16_t)len);
	memset(buffer + 2 + len, 0, size - 2 - len);
}

const char *viz_message_name(unsigned kind)
{
	static const char *const names[] = {VIZ_MESSAGE_KINDS(NAME)};

	return kind <= VIZ_MESSAGE_KIND_MAX && names[kind] ? names[kind] : "?";
}

const char *viz_message_mail_name(unsigned kind)
{
	static const char *const names[] = {VIZ_MAIL_KINDS(NAME)};

	return kind <= VIZ_MAIL_KIND_MAX && names[kind] ? names[kind] : "?";
}
