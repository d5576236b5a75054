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

static void wanted_author_write(struct viz_writer *w, const struct viz_item *item)
{
	viz_writer_bin(w, item->author.b, item->brief ? VIZ_TREE_PREFIX : sizeof item->author.b);
}

static void wanted_author_read(struct viz_reader *r, struct viz_item *item)
{
	size_t len;
	const uint8_t *author = viz_reader_bin(r, &len, VIZ_TREE_PREFIX, sizeof item->author.b);

	if (r->err != VIZ_OK)
		return;
	item->brief = len == VIZ_TREE_PREFIX;
	if (!item->brief && len != sizeof item->author.b)
		viz_reader_fail(r, VIZ_ERR_FORM);
	else
		memcpy(item->author.b, author, len);
}

#define PLACE(F)                                                                                   \
	F(PART, wanted_author)                                                                     \
	F(UINT, type, 0, VIZ_TYPE_OFFER - 1)                                                       \
	F(UINT, slot, 0, UINT64_MAX >> 16)
void viz_message_place_write(struct viz_writer *w, const struct viz_item *item)
{
	VIZ_FIELDS_WRITE(w, item, PLACE);
}

void viz_message_place_read(struct viz_reader *r, struct viz_item *item)
{
	memset(item, 0, sizeof *item);
	VIZ_FIELDS_READ(r, item, PLACE);
	if (r->err == VIZ_OK && item->brief && item->type == VIZ_WANT_ALL)
		viz_reader_fail(r, VIZ_ERR_FORM);
}

#define RECORD(F)                                                                                  \
	F(CONST, VIZ_MESSAGE_RECORD)                                                               \
	F(BIN, record, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)
VIZ_FIELDS(message_record, RECORD);

#define WANT(F)                                                                                    \
	F(CONST, VIZ_MESSAGE_WANT)                                                                 \
	F(LIST, place, count, 1, message_place)
VIZ_FIELDS(message_want, WANT);

#define ANNOUNCED(F)                                                                               \
	F(ID, place.author)                                                                        \
	F(UINT, place.type, VIZ_TYPE_NODE, VIZ_TYPE_OFFER - 1)                                     \
	F(UINT, place.slot, 0, UINT64_MAX >> 16)                                                   \
	F(BYTES, item)
static VIZ_FIELDS_WRITER(announced, ANNOUNCED);
static VIZ_FIELDS_READER(announced, ANNOUNCED);

#define ANNOUNCE(F)                                                                                \
	F(CONST, VIZ_MESSAGE_ANNOUNCE)                                                             \
	F(LIST, what, count, 1, announced)
VIZ_FIELDS(message_announce, ANNOUNCE);

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

#define LOG_HEAD(F)                                                                                \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, number, 0, VIZ_LOG_NUMBER_MAX)                                                     \
	F(ID, value)
static VIZ_FIELDS_WRITER(log_head, LOG_HEAD);
static VIZ_FIELDS_READER(log_head, LOG_HEAD);

#define HEAD(F)                                                                                    \
	F(CONST, VIZ_MESSAGE_HEAD)                                                                 \
	F(ID, origin)                                                                              \
	F(UINT, node_seq, 0, INT64_MAX)                                                            \
	F(UINT, log, 0, UINT64_MAX)                                                                \
	F(UINT, held, 0, VIZ_LOG_NUMBER_MAX)                                                       \
	F(UINT, number, 0, VIZ_LOG_NUMBER_MAX)                                                     \
	F(ID, value)                                                                               \
	F(MAYBE, has_old, old, log_head)
VIZ_FIELDS(message_head, HEAD);

#define LOG_ASK(F)                                                                                 \
	F(CONST, VIZ_MESSAGE_LOG_ASK)                                                              \
	F(ID, origin)                                                                              \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, from, 1, VIZ_LOG_NUMBER_MAX)                                                       \
	F(UINT, to, 1, VIZ_LOG_NUMBER_MAX)
VIZ_FIELDS_WRITER(message_log_ask, LOG_ASK);

void viz_message_log_ask_read(struct viz_reader *r, struct viz_message_log_ask *m)
{
	memset(m, 0, sizeof *m);
	VIZ_FIELDS_READ(r, m, LOG_ASK);
	if (r->err == VIZ_OK && (m->to < m->from || m->to - m->from >= VIZ_LOG_STUBS_MAX))
		viz_reader_fail(r, VIZ_ERR_LIMIT);
}

#define STUB(F)                                                                                    \
	F(UINT, offer, 1, VIZ_LOG_NUMBER_MAX)                                                      \
	F(UINT, type, VIZ_TYPE_OFFER, VIZ_TYPE_CHOICE)                                             \
	F(UINT, slot, 0, UINT64_MAX >> 16)                                                         \
	F(ID, id)
VIZ_FIELDS(stub, STUB);

#define LOG(F)                                                                                     \
	F(CONST, VIZ_MESSAGE_LOG)                                                                  \
	F(ID, origin)                                                                              \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, from, 1, VIZ_LOG_NUMBER_MAX)                                                       \
	F(LIST, stub, count, 0, stub)
VIZ_FIELDS(message_log, LOG);

static void viz_number_write(struct viz_writer *w, const uint32_t *number)
{
	viz_writer_uint(w, *number);
}

static void viz_number_read(struct viz_reader *r, uint32_t *number)
{
	*number = (uint32_t)viz_reader_between(r, 1, VIZ_LOG_NUMBER_MAX);
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
#define TOKEN(F)                                                                                   \
	F(CONST, VIZ_MESSAGE_TOKEN)                                                                \
	F(BYTES, token)
VIZ_FIELDS(message_token, TOKEN);

#define TOKEN_END(F)                                                                               \
	F(CONST, VIZ_MESSAGE_TOKEN_END)                                                            \
	F(BOOL, in)
VIZ_FIELDS(message_token_end, TOKEN_END);

#define CLOCK(F)                                                                                   \
	F(CONST, VIZ_MESSAGE_CLOCK)                                                                \
	F(TIME, time)
VIZ_FIELDS(message_clock, CLOCK);

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

#define TREE(F)                                                                                    \
	F(CONST, VIZ_MESSAGE_TREE)                                                                 \
	F(UINT, hour, 0, UINT64_MAX >> 16)                                                         \
	F(UINT, cut, 0, VIZ_TREE_CUTS - 1)                                                         \
	F(ID, root)                                                                                \
	F(UINT, cells, 0, VIZ_SKETCH_MOST)
VIZ_FIELDS(message_tree, TREE);

#define BUCKETS(F)                                                                                 \
	F(CONST, VIZ_MESSAGE_BUCKETS)                                                              \
	F(UINT, hour, 0, UINT64_MAX >> 16)                                                         \
	F(UINT, cut, 0, VIZ_TREE_CUTS - 1)                                                         \
	F(BOOL, whole)                                                                             \
	F(BYTES, piece)                                                                            \
	F(BYTES, parities)                                                                         \
	F(BIN, sketch, 0, VIZ_SKETCH_MOST *VIZ_SKETCH_ROWS *VIZ_SKETCH_CELL)
VIZ_FIELDS_WRITER(message_buckets, BUCKETS);

void viz_message_buckets_read(struct viz_reader *r, struct viz_message_buckets *m)
{
	memset(m, 0, sizeof *m);
	VIZ_FIELDS_READ(r, m, BUCKETS);
	if (r->err == VIZ_OK && m->sketch_len % (VIZ_SKETCH_ROWS * VIZ_SKETCH_CELL) != 0)
		viz_reader_fail(r, VIZ_ERR_FORM);
}

#define TREE_LIST(F)                                                                               \
	F(UINT, bucket, 0, VIZ_TREE_BUCKETS - 1)                                                   \
	F(UINT, from, 0, VIZ_TREE_TAIL_MAX)                                                        \
	F(UINT, to, 0, VIZ_TREE_TAIL_MAX)                                                          \
	F(BIN, entries, 0, VIZ_TREE_ENTRIES_MAX *VIZ_TREE_ENTRY)
static VIZ_FIELDS_WRITER(tree_list, TREE_LIST);

/* The tails ascend, and are in the range. One may come twice: ids can begin alike. */
static void viz_tree_list_read(struct viz_reader *r, struct viz_tree_list *l)
{
	unsigned last = 0;

	VIZ_FIELDS_READ(r, l, TREE_LIST);
	if (r->err == VIZ_OK && (l->from > l->to || l->entries_len % VIZ_TREE_ENTRY != 0))
		viz_reader_fail(r, VIZ_ERR_FORM);
	for (size_t i = 0; r->err == VIZ_OK && i < l->entries_len; i += VIZ_TREE_ENTRY) {
		unsigned tail = (unsigned)l->entries[i] << 8 | l->entries[i + 1];

		if (tail < l->from || tail > l->to || tail < last)
			viz_reader_fail(r, VIZ_ERR_FORM);
		last = tail;
	}
}

#define BUCKET(F)                                                                                  \
	F(CONST, VIZ_MESSAGE_BUCKET)                                                               \
	F(UINT, hour, 0, UINT64_MAX >> 16)                                                         \
	F(UINT, cut, 0, VIZ_TREE_CUTS - 1)                                                         \
	F(LIST, list, count, 1, tree_list)
VIZ_FIELDS(message_bucket, BUCKET);

#define TREE_AUTHOR(F)                                                                             \
	F(BIN, author, VIZ_TREE_PREFIX, 32)                                                        \
	F(UINT, sets, 0, 3)                                                                        \
	F(BIN, items, 0, VIZ_TREE_ITEMS_MAX *VIZ_TREE_ITEM)
static VIZ_FIELDS_WRITER(tree_author, TREE_AUTHOR);

static void viz_tree_author_read(struct viz_reader *r, struct viz_tree_author *a)
{
	VIZ_FIELDS_READ(r, a, TREE_AUTHOR);
	if (r->err == VIZ_OK &&
	    ((a->author_len != VIZ_TREE_PREFIX && a->author_len != 32) ||
	     a->items_len % VIZ_TREE_ITEM != 0 || (a->sets == 0 && a->items_len != 0)))
		viz_reader_fail(r, VIZ_ERR_FORM);
	for (size_t i = 0; r->err == VIZ_OK && i < a->items_len; i += VIZ_TREE_ITEM)
		if (a->items[i] == 0 || a->items[i] >= VIZ_TYPE_OFFER ||
		    (i > 0 && memcmp(a->items + i - VIZ_TREE_ITEM, a->items + i, 2) >= 0))
			viz_reader_fail(r, VIZ_ERR_FORM);
}

#define AUTHOR(F)                                                                                  \
	F(CONST, VIZ_MESSAGE_AUTHOR)                                                               \
	F(UINT, hour, 0, UINT64_MAX >> 16)                                                         \
	F(UINT, cut, 0, VIZ_TREE_CUTS - 1)                                                         \
	F(BOOL, last)                                                                              \
	F(LIST, author, count, 0, tree_author)
VIZ_FIELDS(message_author, AUTHOR);

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
