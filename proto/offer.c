#include "proto/offer.h"

#include "proto/fields.h"

#define POSITION(F)                                                                                \
	F(UINT, at.log, 1, UINT64_MAX)                                                             \
	F(UINT, at.number, 1, UINT32_MAX)                                                          \
	F(ID, at.before)                                                                           \
	F(UINT, at.offer, 1, UINT32_MAX)

int viz_position_parse(struct viz_position *at, const struct viz_record *rec)
{
	struct viz_reader r, *field_r = &r;
	struct {
		struct viz_position at;
	} body = {{0}}, *field_s = &body;

	viz_reader_init(&r, rec->body, rec->body_len);
	viz_reader_array(&r, 0 POSITION(VIZ_FIELD_COUNT), UINT16_MAX);
	POSITION(VIZ_FIELD_READ)
	if (r.err == VIZ_OK)
		*at = body.at;
	return r.err;
}

#define OFFER(F)                                                                                   \
	POSITION(F)                                                                                \
	F(ID, node)                                                                                \
	F(TIME, node_time)                                                                         \
	F(ID, partners)                                                                            \
	F(TIME, closes)                                                                            \
	F(UINT, epoch, 0, INT64_MAX)                                                               \
	F(ID, key_hash)                                                                            \
	F(ID, order_commit)                                                                        \
	F(ID, location_commit)                                                                     \
	F(ID, receipt_commit)                                                                      \
	F(ID, view)                                                                                \
	F(BIN, sealed, VIZ_OFFER_PAD + 40, VIZ_OFFER_SEALED_MAX)
VIZ_FIELDS_WRITER(offer, OFFER);

void viz_offer_read(struct viz_reader *r, struct viz_offer *o)
{
	VIZ_FIELDS_READ(r, o, OFFER);
	if (r->err == VIZ_OK && (o->sealed_len - 40) % VIZ_OFFER_PAD != 0)
		viz_reader_fail(r, VIZ_ERR_FORM);
	if (r->err == VIZ_OK && o->at.offer != o->at.number)
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define EXCLUDED(F)                                                                                \
	F(ID, id)                                                                                  \
	F(UINT, reason, 1, VIZ_EXCLUDED_SILENT)
static VIZ_FIELDS_WRITER(excluded, EXCLUDED);
static VIZ_FIELDS_READER(excluded, EXCLUDED);

#define OFFER_SECRET(F)                                                                            \
	F(STRUCT, area, area)                                                                      \
	F(IDS, eligible, eligible_count)                                                           \
	F(SORTED, excluded, excluded_count, 0, excluded, id)                                       \
	F(UINT, previous, 0, UINT64_MAX >> 16)
VIZ_FIELDS(offer_secret, OFFER_SECRET);

bool viz_pledge_promises(enum viz_answer answer)
{
	return answer == VIZ_ANSWER_YES || answer == VIZ_ANSWER_ANALYSIS;
}

#define PLEDGE(F)                                                                                  \
	F(ID, offer)                                                                               \
	F(UINT, answer, 1, VIZ_ANSWER_NO_CONTENT)                                                  \
	F(ID, commitment)
VIZ_FIELDS_WRITER(pledge, PLEDGE);

void viz_pledge_read(struct viz_reader *r, struct viz_pledge *p)
{
	memset(p, 0, sizeof *p);
	VIZ_FIELDS_READ(r, p, PLEDGE);
	if (r->err == VIZ_OK && viz_pledge_promises(p->answer) == viz_id_is_zero(&p->commitment))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

static void viz_close_entry_write(struct viz_writer *w, const struct viz_close_entry *e)
{
	VIZ_WRITE_OPTIONAL_BYTES(w, e, answered, pledge)
}

static void viz_close_entry_read(struct viz_reader *r, struct viz_close_entry *e){
    VIZ_READ_OPTIONAL_BYTES(r, e, answered, pledge)}

#define CLOSE(F)                                                                                   \
	POSITION(F)                                                                                \
	F(ID, offer)                                                                               \
	F(LIST, entry, count, 1, close_entry)
VIZ_FIELDS_WRITER(close, CLOSE);

static int read_entry(struct viz_record *rec, struct viz_pledge *pledge,
		      const struct viz_close_entry *e)
{
	int err = viz_record_parse(rec, e->pledge, sizeof e->pledge);

	if (err == VIZ_OK && rec->type != VIZ_TYPE_PLEDGE)
		err = VIZ_ERR_MEANING;
	return err == VIZ_OK ? viz_pledge_parse(pledge, rec) : err;
}

/* Of a PLEDGE only the form counts here: who signed it and for which offer is judged, not refused.
 */
void viz_close_read(struct viz_reader *r, struct viz_close *c)
{
	struct viz_record rec;
	struct viz_pledge p;

	memset(c, 0, sizeof *c);
	VIZ_FIELDS_READ(r, c, CLOSE);
	for (size_t i = 0; i < c->count && r->err == VIZ_OK; i++)
		if (c->entry[i].answered && read_entry(&rec, &p, &c->entry[i]) != VIZ_OK)
			viz_reader_fail(r, VIZ_ERR_FORM);
}

bool viz_close_pledge(const struct viz_close *close, size_t position, struct viz_record *rec,
		      struct viz_pledge *pledge)
{
	return position < close->count && close->entry[position].answered &&
	       read_entry(rec, pledge, &close->entry[position]) == VIZ_OK;
}

/* nonce || blinded, or nil. */
static void viz_result_entry_write(struct viz_writer *w, const struct viz_result_entry *e)
{
	uint8_t both[64];

	memcpy(both, e->nonce.b, 32);
	memcpy(both + 32, e->blinded.b, 32);
	if (e->revealed)
		viz_writer_bin(w, both, sizeof both);
	else
		viz_writer_nil(w);
}

static void viz_result_entry_read(struct viz_reader *r, struct viz_result_entry *e)
{
	uint8_t both[64] = {0};

	e->revealed = !viz_reader_nil(r);
	if (e->revealed)
		viz_reader_fixed(r, both, sizeof both);
	memcpy(e->nonce.b, both, 32);
	memcpy(e->blinded.b, both + 32, 32);
}

#define RESULT(F)                                                                                  \
	POSITION(F)                                                                                \
	F(ID, offer)                                                                               \
	F(ID, close)                                                                               \
	F(UINT, kind, 1, VIZ_RESULT_WITHDRAWN)                                                     \
	F(KEY, salt)                                                                               \
	F(LIST, entry, count, 1, result_entry)                                                     \
	F(BUFFER, order)
VIZ_FIELDS(result, RESULT);

#define CHOICE(F)                                                                                  \
	POSITION(F)                                                                                \
	F(ID, offer)                                                                               \
	F(UINT, what, 1, VIZ_CHOICE_NONE)                                                          \
	F(ID, commitment)                                                                          \
	F(OPTIONAL_BYTES, has_opening, opening)
VIZ_FIELDS_WRITER(choice, CHOICE);

void viz_choice_read(struct viz_reader *r, struct viz_choice *c)
{
	memset(c, 0, sizeof *c);
	VIZ_FIELDS_READ(r, c, CHOICE);
	if (r->err == VIZ_OK && (c->what == VIZ_CHOICE_AWARD) == viz_id_is_zero(&c->commitment))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

void viz_offer_pad(uint8_t *buffer, size_t len, size_t size)
{
	VIZ_REQUIRE(len <= UINT16_MAX && len + 2 <= size);
	viz_be_put_u16(buffer, (uint16_t)len);
	memset(buffer + 2 + len, 0, size - 2 - len);
}

int viz_offer_unpad(size_t *len, const uint8_t *buffer, size_t size)
{
	size_t n;

	if (size < 2)
		return VIZ_ERR_FORM;
	n = viz_be_get_u16(buffer);
	if (n + 2 > size)
		return VIZ_ERR_FORM;
	for (size_t i = n + 2; i < size; i++)
		if (buffer[i] != 0)
			return VIZ_ERR_FORM;
	*len = n;
	return VIZ_OK;
}

const char *viz_offer_answer_name(enum viz_answer a)
{
	switch (a) {
	case VIZ_ANSWER_YES:
		return "yes";
	case VIZ_ANSWER_ANALYSIS:
		return "analysis";
	case VIZ_ANSWER_NO:
		return "no";
	case VIZ_ANSWER_NO_CONTENT:
		return "no-content";
	}
	return "none";
}
