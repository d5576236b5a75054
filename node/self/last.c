#include "node/self/last.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/self/start.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/own.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

/* The search for what an author signed last. */
struct search {
	struct viz_id author;
	struct viz_time until; /* nothing later counts */
	struct viz_time time;  /* of the newest that was found */
	const uint8_t *bytes;  /* signature || record, borrowed from the store; NULL: nothing */
	size_t len;
};

static void look_at(struct search *s, const uint8_t *bytes, size_t len)
{
	struct viz_record rec;

	if (!bytes || viz_record_parse(&rec, bytes, len) != VIZ_OK ||
	    !viz_id_eq(&rec.author, &s->author) || rec.time.ms > s->until.ms ||
	    (s->bytes && rec.time.ms <= s->time.ms))
		return;
	s->time = rec.time;
	s->bytes = bytes;
	s->len = len;
}

/* Its records, in all within one share of the store (PROTOCOL.md section 14). */
static void search_records(struct search *s, struct viz_core *core)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_RECORD, s->author.b, sizeof s->author.b);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;

		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK);
		look_at(s, held.a, held.a_len);
		look_at(s, held.b, held.b_len);
	}
}

/* Statements about offers of this origin. They are kept for years, so this is only done where the
 * newest one is not known. */
static void walk_statements(struct search *s, struct viz_core *core, const struct viz_id *origin)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_STATEMENT, origin->b, sizeof origin->b);
	while (viz_walk_next(&walk, &key, &value))
		if (key.p[40] >= VIZ_TYPE_STATEMENT_MIN &&
		    memcmp(key.p + 41, s->author.b, sizeof s->author.b) == 0)
			look_at(s, value.p, value.len);
}

/* A peer's statements are about its own offers or about ours. */
static void search_statements(struct search *s, struct viz_trust *trust)
{
	struct viz_slice v;

	switch (viz_statement_newest(trust->core, &v, &s->author, s->until)) {
	case VIZ_OK:
		look_at(s, v.p, v.len);
		break;
	case VIZ_ERR_STATE:
		walk_statements(s, trust->core, &s->author);
		walk_statements(s, trust->core, &trust->self.author);
		break;
	default:
		break; /* it has signed none */
	}
}

void viz_last_send(struct viz_net *net, struct viz_link *link)
{
	struct search s = {.author = link->peer,
			   .until = viz_after(net->core->now, net->core->federation.skew_ms)};
	uint8_t *buffer = viz_core_alloc(VIZ_SIGNED_RECORD_MAX + 16);
	struct viz_writer w;

	search_records(&s, net->core);
	search_statements(&s, net->trust);
	viz_writer_init(&w, buffer, VIZ_SIGNED_RECORD_MAX + 16);
	viz_message_last_write(&w, &(struct viz_message_last){s.bytes, s.len});
	viz_link_send(net->core, link, buffer, viz_writer_done(&w).len, 0);
	free(buffer);
}

/* Returns why the link is closed, or VIZ_OK. */
static int judge(struct viz_trust *trust, const struct viz_message_last *m)
{
	struct viz_record rec;
	int err = viz_record_parse(&rec, m->record, m->record_len);

	if (err != VIZ_OK)
		return err == VIZ_ERR_ABSENT ? VIZ_ERR_FORM : err;
	if (!viz_id_eq(&rec.author, &trust->self.author))
		return VIZ_ERR_MEANING;
	return viz_own_judge(trust, &rec);
}

void viz_last_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_last m;
	int err = VIZ_OK;

	viz_message_last_read(r, &m);
	if (viz_reader_finish(r) != VIZ_OK || link->last)
		return;
	if (m.record)
		err = judge(net->trust, &m);
	if (err == VIZ_ERR_ABSENT) {
		/* The comparison brings our SUCCESSION, if there is one. This LAST does not count.
		 */
		if (!link->behind) /* it can say so without end */
			viz_core_log(net->core, 4,
				     "%s holds something signed by a key of ours that we "
				     "do not know",
				     viz_member_name(viz_member_find(net->trust, &link->peer)));
		link->behind = true;
	} else if (err != VIZ_OK) {
		viz_reader_fail(r, err);
	} else {
		viz_start_note_last(net, link);
	}
}
