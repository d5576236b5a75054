#include "proto/record.h"

#include "proto/fields.h"

struct type_rule {
	uint8_t type;
	const char *name;
	bool write_once;
	bool heartbeat;
	uint64_t slots;   /* slots 0 to slots - 1; write-once types have their own rule */
	size_t bytes_max; /* of the record */
};

static const struct type_rule rules[] = {
    {VIZ_TYPE_NODE, "NODE", false, true, 1, 2048},
    {VIZ_TYPE_SUCCESSION, "SUCCESSION", false, false, VIZ_KEYS_MAX, 512},
    {VIZ_TYPE_REVOCATION, "REVOCATION", false, false, VIZ_KEYS_MAX, 512},
    {VIZ_TYPE_VOUCH, "VOUCH", false, false, VIZ_VOUCH_SLOTS, 512},
    {VIZ_TYPE_PARTNERS, "PARTNERS", false, true, 1, 16384},
    {VIZ_TYPE_COVERAGE, "COVERAGE", false, true, VIZ_COVERAGE_SLOTS, VIZ_RECORD_MAX},
    {VIZ_TYPE_OFFER, "OFFER", true, false, 0, VIZ_OFFER_MAX},
    {VIZ_TYPE_CLOSE, "CLOSE", true, false, 0, VIZ_CLOSE_MAX},
    {VIZ_TYPE_RESULT, "RESULT", true, false, 0, VIZ_RESULT_MAX},
    {VIZ_TYPE_CHOICE, "CHOICE", true, false, 0, VIZ_CHOICE_MAX},
    {VIZ_TYPE_PROTEST, "PROTEST", true, false, 0, 1024},
    {VIZ_TYPE_RECEIPT, "RECEIPT", false, false, UINT64_MAX, VIZ_RECEIPT_MAX},
    {VIZ_TYPE_COVERAGE_ACK, "COVERAGE_ACK", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_PLEDGE, "PLEDGE", false, false, UINT64_MAX, VIZ_PLEDGE_SIGNED - 64},
    {VIZ_TYPE_PLEDGE_ACK, "PLEDGE_ACK", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_REVEAL, "REVEAL", false, false, UINT64_MAX, 1024 + VIZ_PROPOSAL_MAX},
    {VIZ_TYPE_REVEAL_ACK, "REVEAL_ACK", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_AWARD, "AWARD", false, false, UINT64_MAX, VIZ_AWARD_MAX},
    {VIZ_TYPE_HANDOFF_ACK, "HANDOFF_ACK", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_LEASE, "LEASE", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_CONTACTED, "CONTACTED", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_OUTCOME, "OUTCOME", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_RELEASE, "RELEASE", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_WITHDRAWAL, "WITHDRAWAL", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_ERASED, "ERASED", false, false, UINT64_MAX, 512},
    {VIZ_TYPE_PROOF, "PROOF", false, false, UINT64_MAX, 1024},
};

static const struct type_rule *rule_of(unsigned type)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

const char *viz_record_type_name(unsigned type)
{
	const struct type_rule *rule = rule_of(type);

	return rule ? rule->name : "?";
}

bool viz_record_is_write_once(unsigned type)
{
	const struct type_rule *rule = rule_of(type);

	return rule && rule->write_once;
}

bool viz_record_is_of_log(unsigned type)
{
	return type >= VIZ_TYPE_OFFER && type <= VIZ_TYPE_CHOICE;
}

bool viz_record_needs_heartbeat(unsigned type)
{
	const struct type_rule *rule = rule_of(type);

	return rule && rule->heartbeat;
}

uint64_t viz_record_slot_make(struct viz_time time, unsigned n)
{
	VIZ_REQUIRE(time.ms >= 0 && n < VIZ_OFFERS_PER_DAY);
	return (uint64_t)(time.ms / VIZ_DAY_MS) << 32 | (uint64_t)n << 8;
}

uint64_t viz_record_slot_day(uint64_t slot)
{
	return slot >> 32;
}

struct viz_time viz_record_slot_begins(uint64_t slot)
{
	return (struct viz_time){(int64_t)viz_record_slot_day(slot) * VIZ_DAY_MS};
}

unsigned viz_record_slot_number(uint64_t slot)
{
	return (unsigned)(slot >> 8 & 0xffffff);
}

uint64_t viz_record_slot_choice(uint64_t offer, unsigned k)
{
	VIZ_REQUIRE(viz_record_slot_k(offer) == 0 && k <= VIZ_CHOICES_MAX);
	return offer | k;
}

unsigned viz_record_slot_k(uint64_t slot)
{
	return (unsigned)(slot & 0xff);
}

uint64_t viz_record_slot_offer(uint64_t slot)
{
	return slot & ~UINT64_C(0xff);
}

struct viz_time viz_record_write_once_expires(struct viz_time time, int64_t write_once_ms)
{
	return (struct viz_time){(time.ms / VIZ_DAY_MS + 1) * VIZ_DAY_MS + write_once_ms};
}

static int check_write_once(const struct viz_record *rec)
{
	uint64_t day = (uint64_t)(rec->time.ms / VIZ_DAY_MS);
	unsigned k = viz_record_slot_k(rec->slot);

	unsigned numbers = rec->type == VIZ_TYPE_PROTEST
			       ? VIZ_PROTESTS_PER_DAY + VIZ_REPLIES_PER_DAY
			       : VIZ_OFFERS_PER_DAY;

	if (rec->seq != 1 || viz_record_slot_number(rec->slot) >= numbers || k > VIZ_CHOICES_MAX ||
	    (rec->type == VIZ_TYPE_CHOICE) != (k > 0))
		return VIZ_ERR_MEANING;
	/* What follows an OFFER has its day, which may be an earlier one. */
	if (viz_record_slot_day(rec->slot) > day ||
	    ((rec->type == VIZ_TYPE_OFFER || rec->type == VIZ_TYPE_PROTEST) &&
	     viz_record_slot_day(rec->slot) != day))
		return VIZ_ERR_MEANING;
	return VIZ_OK;
}

static int check_rules(const struct viz_record *rec)
{
	const struct type_rule *rule = rule_of(rec->type);

	if (!rule)
		return VIZ_ERR_ABSENT;
	if (rec->len > rule->bytes_max)
		return VIZ_ERR_LIMIT;
	if (rule->write_once)
		return check_write_once(rec);
	if (rec->slot >= rule->slots)
		return VIZ_ERR_MEANING;
	if (rec->type == VIZ_TYPE_SUCCESSION || rec->type == VIZ_TYPE_REVOCATION) {
		/* one place for each key, signed by that key, for ever */
		if (rec->slot != rec->key || rec->seq != 1 || rec->expires.ms != 0)
			return VIZ_ERR_MEANING;
		if (rec->type == VIZ_TYPE_SUCCESSION && rec->slot == 0)
			return VIZ_ERR_MEANING;
		return VIZ_OK;
	}
	/* All PLEDGEs have one size, so that it tells nothing about the answer. */
	if (rec->type == VIZ_TYPE_PLEDGE &&
	    (rec->len != rule->bytes_max || rec->seq != 1 || rec->expires.ms != 0))
		return VIZ_ERR_MEANING;
	if (rec->type >= VIZ_TYPE_STATEMENT_MIN)
		return VIZ_OK;
	/* Replaceable records live as long as their author's heartbeat; they have no expiry of
	 * their own. */
	if (rec->seq < (uint64_t)rec->time.ms || rec->expires.ms != 0)
		return VIZ_ERR_MEANING;
	return VIZ_OK;
}

#define VIZ_WRITE_VERSION(w, s, v) viz_writer_uint(w, v);
#define VIZ_READ_VERSION(r, s, v)                                                                  \
	if (viz_reader_uint(r, UINT32_MAX) != (v))                                                 \
		viz_reader_fail(r, VIZ_ERR_FORM);

#define ENVELOPE(F)                                                                                \
	F(VERSION, VIZ_PROTOCOL_VERSION)                                                           \
	F(UINT, type, 0, UINT8_MAX)                                                                \
	F(ID, author)                                                                              \
	F(UINT, key, 0, VIZ_KEYS_MAX - 1)                                                          \
	F(UINT, slot, 0, UINT64_MAX >> 16)                                                         \
	F(UINT, seq, 0, INT64_MAX)                                                                 \
	F(TIME, time)                                                                              \
	F(TIME, expires)                                                                           \
	F(REST, body)

/* Reads all but the body, at which the cursor stands then. */
static int read_envelope(struct viz_reader *r, struct viz_record *rec, const uint8_t *bytes,
			 size_t len)
{
	if (len <= sizeof rec->sig.b || len > VIZ_SIGNED_RECORD_MAX)
		return VIZ_ERR_LIMIT;
	memcpy(rec->sig.b, bytes, sizeof rec->sig.b);
	rec->bytes = bytes + sizeof rec->sig.b;
	rec->len = len - sizeof rec->sig.b;
	viz_reader_init(r, rec->bytes, rec->len);
	VIZ_FIELDS_READ(r, rec, ENVELOPE);
	return VIZ_OK;
}

int viz_record_envelope(struct viz_record *out, const uint8_t *bytes, size_t len)
{
	struct viz_record rec = {0};
	struct viz_reader r;
	int err = read_envelope(&r, &rec, bytes, len);

	if (err == VIZ_OK)
		err = r.err;
	if (err == VIZ_OK)
		*out = rec;
	return err;
}

int viz_record_parse(struct viz_record *out, const uint8_t *bytes, size_t len)
{
	struct viz_record rec = {0};
	struct viz_reader r;
	int err = read_envelope(&r, &rec, bytes, len);

	if (err != VIZ_OK)
		return err;
	if (r.err == VIZ_OK && (r.at == r.end || ((*r.at & 0xf0) != 0x90 && *r.at != 0xdc)))
		viz_reader_fail(&r, VIZ_ERR_FORM);
	rec.body = viz_reader_skip(&r, &rec.body_len, VIZ_BODY_DEPTH);
	err = viz_reader_finish(&r);
	if (err == VIZ_OK)
		err = check_rules(&rec);
	if (err == VIZ_OK)
		*out = rec;
	return err;
}

int viz_record_write(uint8_t *out, size_t *out_len, size_t max, const struct viz_record *rec)
{
	struct viz_writer w;

	viz_writer_init(&w, out, max);
	VIZ_FIELDS_WRITE(&w, rec, ENVELOPE);
	viz_writer_raw(&w, rec->body, rec->body_len);
	return viz_writer_finish(&w, out_len);
}

void viz_record_place_key(uint8_t out[VIZ_PLACE_LEN], const struct viz_id *author, uint8_t type,
			  uint64_t slot)
{
	memcpy(out, author->b, sizeof author->b);
	out[32] = type;
	viz_be_put_u64(out + 33, slot);
}
