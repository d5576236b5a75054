#include "proto/offer.h"

#include "proto/fields.h"

/* In the turn of an entry. */
#define NEWCOMER 0x80000000u
#define POSITION(F)                                                                                \
	F(UINT, at.log, 1, UINT64_MAX)                                                             \
	F(UINT, at.number, 1, VIZ_LOG_NUMBER_MAX)                                                  \
	F(ID, at.before)                                                                           \
	F(UINT, at.offer, 1, VIZ_LOG_NUMBER_MAX)

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

/* How CLOSE, RESULT and CHOICE begin. */
#define OFFER_NAMED(F)                                                                             \
	POSITION(F)                                                                                \
	F(ID, offer)

int viz_offer_named(struct viz_id *offer, const struct viz_record *rec)
{
	struct viz_reader r, *field_r = &r;
	struct {
		struct viz_position at;
		struct viz_id offer;
	} body = {{0}, {{0}}}, *field_s = &body;

	viz_reader_init(&r, rec->body, rec->body_len);
	viz_reader_array(&r, 0 OFFER_NAMED(VIZ_FIELD_COUNT), UINT16_MAX);
	OFFER_NAMED(VIZ_FIELD_READ)
	if (r.err == VIZ_OK)
		*offer = body.offer;
	return r.err;
}

/* A list of entries, each u8 index || u32be turn, whose highest bit says newcomer. */
static void write_entries(struct viz_writer *w, const struct viz_list_entry *e, size_t n)
{
	uint8_t bytes[(VIZ_PARTNERS_MAX - 1) * VIZ_LIST_ENTRY];

	for (size_t i = 0; i < n; i++) {
		bytes[i * VIZ_LIST_ENTRY] = e[i].index;
		viz_be_put_u32(bytes + i * VIZ_LIST_ENTRY + 1,
			       e[i].turn | (e[i].newcomer ? NEWCOMER : 0));
	}
	viz_writer_bin(w, bytes, n * VIZ_LIST_ENTRY);
}

static size_t read_entries(struct viz_reader *r, struct viz_list_entry *e, size_t min, size_t max)
{
	size_t len = 0;
	const uint8_t *bytes = viz_reader_bin(r, &len, min * VIZ_LIST_ENTRY, max * VIZ_LIST_ENTRY);

	if (r->err == VIZ_OK && len % VIZ_LIST_ENTRY != 0)
		viz_reader_fail(r, VIZ_ERR_FORM);
	if (r->err != VIZ_OK)
		return 0;
	for (size_t i = 0; i < len / VIZ_LIST_ENTRY; i++) {
		uint32_t turn = viz_be_get_u32(bytes + i * VIZ_LIST_ENTRY + 1);

		e[i] = (struct viz_list_entry){bytes[i * VIZ_LIST_ENTRY], turn & ~NEWCOMER,
					       (turn & NEWCOMER) != 0};
	}
	return len / VIZ_LIST_ENTRY;
}

#define VIZ_WRITE_ENTRIES(w, s, m, min) write_entries(w, (s)->m, (s)->m##_count);
#define VIZ_READ_ENTRIES(r, s, m, min)                                                             \
	(s)->m##_count = read_entries(r, (s)->m, min, sizeof(s)->m / sizeof *(s)->m);

#define OFFER(F)                                                                                   \
	POSITION(F)                                                                                \
	F(ID, node)                                                                                \
	F(TIME, node_time)                                                                         \
	F(ID, partners)                                                                            \
	F(UINT, draw, 1, VIZ_TURN_MAX)                                                             \
	F(TIME, drawn)                                                                             \
	F(TIME, closes)                                                                            \
	F(ID, view)                                                                                \
	F(STRUCT, area, area)                                                                      \
	F(ENTRIES, asked, 1)                                                                       \
	F(ENTRIES, struck, 0)                                                                      \
	F(ENTRIES, not_drawn, 0)                                                                   \
	F(BUFFER, blocked)                                                                         \
	F(BUFFER, silent)                                                                          \
	F(MAYBE, has_previous, previous, id)                                                       \
	F(OPTIONAL_BYTES, has_opening, opening)                                                    \
	F(ID, order_commit)                                                                        \
	F(ID, location_commit)                                                                     \
	F(ID, receipt_commit)
VIZ_FIELDS_WRITER(offer, OFFER);

/* Notes an index. False: it stands in a list already. */
static bool take_index(bool *taken, uint8_t index)
{
	bool is_new = !taken[index];

	taken[index] = true;
	return is_new;
}

/* Whether the entries ascend by turn and index, are older than the draw, and stand nowhere else. */
static bool entries_fit(const struct viz_list_entry *e, size_t n, uint32_t draw, bool *taken)
{
	for (size_t i = 0; i < n; i++) {
		bool ascends = i == 0 || e[i - 1].turn < e[i].turn ||
			       (e[i - 1].turn == e[i].turn && e[i - 1].index < e[i].index);

		if (!ascends || e[i].turn >= draw || !take_index(taken, e[i].index))
			return false;
	}
	return true;
}

static bool indices_fit(const uint8_t *index, size_t n, bool *taken)
{
	for (size_t i = 0; i < n; i++)
		if ((i > 0 && index[i - 1] >= index[i]) || !take_index(taken, index[i]))
			return false;
	return true;
}

void viz_offer_read(struct viz_reader *r, struct viz_offer *o)
{
	bool taken[VIZ_PARTNERS_MAX] = {false};

	memset(o, 0, sizeof *o);
	VIZ_FIELDS_READ(r, o, OFFER);
	if (r->err != VIZ_OK)
		return;
	if (viz_offer_drawn(o) > VIZ_ASKED_MAX)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
	else if (!entries_fit(o->asked, o->asked_count, o->draw, taken) ||
		 !entries_fit(o->struck, o->struck_count, o->draw, taken) ||
		 !entries_fit(o->not_drawn, o->not_drawn_count, o->draw, taken) ||
		 !indices_fit(o->blocked, o->blocked_len, taken) ||
		 !indices_fit(o->silent, o->silent_len, taken))
		viz_reader_fail(r, VIZ_ERR_FORM);
	else if (o->at.offer != o->at.number || (o->has_opening && !o->has_previous))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

bool viz_offer_asks(const struct viz_offer *o, size_t index)
{
	for (size_t i = 0; i < o->asked_count; i++)
		if (o->asked[i].index == index)
			return true;
	return false;
}

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
