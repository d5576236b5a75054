#include "proto/protest.h"

#include "proto/fields.h"
#include "proto/offer.h"

static void viz_protest_reply_write(struct viz_writer *w, const struct viz_protest_reply *reply);
static void viz_protest_reply_read(struct viz_reader *r, struct viz_protest_reply *reply);

#define REPLY(F)                                                                                   \
	F(ID, protest)                                                                             \
	F(UINT, answer, 1, VIZ_PROTEST_FAILED)

static VIZ_FIELDS_WRITER(protest_reply, REPLY);
static VIZ_FIELDS_READER(protest_reply, REPLY);

#define PROTEST(F)                                                                                 \
	F(ID, origin)                                                                              \
	F(ID, node)                                                                                \
	F(TIME, node_time)                                                                         \
	F(ID, partners)                                                                            \
	F(OPTIONAL_BYTES, has_offer, offer)                                                        \
	F(UINT, kind, 0, VIZ_PROTEST_KIND_MAX)                                                     \
	F(UINT, number, 0, VIZ_LOG_NUMBER_MAX)                                                     \
	F(OPTIONAL_BYTES, has_pledge, pledge)                                                      \
	F(LIST, reply, reply_count, 0, protest_reply)
VIZ_FIELDS_WRITER(protest, PROTEST);

bool viz_protest_names_offer(enum viz_protest_kind kind)
{
	switch (kind) {
	case VIZ_PROTEST_PLEDGE:
	case VIZ_PROTEST_REVEAL:
	case VIZ_PROTEST_LOCATION:
	case VIZ_PROTEST_VIEW:
	case VIZ_PROTEST_LATE:
	case VIZ_PROTEST_FALSE:
		return true;
	case VIZ_PROTEST_REPLY:
	case VIZ_PROTEST_NUMBER:
	case VIZ_PROTEST_HEAD:
		return false;
	}
	return false;
}

static bool shows_pledge(enum viz_protest_kind kind)
{
	return kind == VIZ_PROTEST_PLEDGE || kind == VIZ_PROTEST_REVEAL;
}

int viz_protest_pledge(struct viz_record *rec, const struct viz_protest *p)
{
	int err = viz_record_parse(rec, p->pledge, sizeof p->pledge);

	return err == VIZ_OK && rec->type != VIZ_TYPE_PLEDGE ? VIZ_ERR_MEANING : err;
}

void viz_protest_read(struct viz_reader *r, struct viz_protest *p)
{
	memset(p, 0, sizeof *p);
	VIZ_FIELDS_READ(r, p, PROTEST);
	if (r->err != VIZ_OK)
		return;
	if (p->has_offer != viz_protest_names_offer(p->kind) ||
	    (p->number != 0) != (p->kind == VIZ_PROTEST_NUMBER) ||
	    p->has_pledge != shows_pledge(p->kind) ||
	    (p->reply_count != 0) != (p->kind == VIZ_PROTEST_REPLY))
		viz_reader_fail(r, VIZ_ERR_MEANING);
	for (size_t i = 1; i < p->reply_count && r->err == VIZ_OK; i++)
		if (viz_id_cmp(&p->reply[i - 1].protest, &p->reply[i].protest) >= 0)
			viz_reader_fail(r, VIZ_ERR_FORM);
}

bool viz_protest_fits(const struct viz_protest *p, const struct viz_record *rec)
{
	bool is_reply = p->kind == VIZ_PROTEST_REPLY;
	struct viz_id offer = viz_protest_offer(p);
	struct viz_record pledge;
	struct viz_pledge body;

	if (is_reply != (viz_record_slot_number(rec->slot) >= VIZ_PROTESTS_PER_DAY) ||
	    is_reply != viz_id_eq(&p->origin, &rec->author))
		return false;
	return !p->has_pledge ||
	       (viz_protest_pledge(&pledge, p) == VIZ_OK &&
		viz_pledge_parse(&body, &pledge) == VIZ_OK &&
		viz_id_eq(&pledge.author, &rec->author) && viz_id_eq(&body.offer, &offer));
}

const char *viz_protest_kind_name(enum viz_protest_kind kind)
{
	static const char *const names[] = {"reply",  "pledge", "reveal", "location", "view",
					    "number", "late",   "false",  "head"};

	return names[kind];
}

const char *viz_protest_answer_name(enum viz_protest_answer answer)
{
	static const char *const names[] = {"none",   "stands", "too-late", "no-link",
					    "served", "over",   "failed"};

	return names[answer];
}
