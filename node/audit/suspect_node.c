/* What the NODEs of one author show by themselves: how often it begins a log, how often its process
 * starts, and a log that is dated back. VIZ_META_HISTORY has what they showed. */
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/meta.h"

#define LOGS_OFTEN   3  /* new logs within write_once_ms */
#define STARTS_OFTEN 10 /* on one day */

/* A log, and when we saw it first. */
struct viz_history_log {
	uint64_t log;
	struct viz_time seen;
};

/* An instant. */
struct viz_history_start {
	struct viz_time at;
};

struct history {
	struct viz_history_log log[LOGS_OFTEN + 1]; /* the last ones, the newest last */
	size_t log_count;
	uint64_t day;                                 /* the UTC day of the starts */
	struct viz_history_start start[STARTS_OFTEN]; /* different ones of that day */
	size_t start_count;
};

#define LOG(F)                                                                                     \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(TIME, seen)
#define START(F) F(TIME, at)
#define HISTORY(F)                                                                                 \
	F(LIST, log, log_count, 0, history_log)                                                    \
	F(UINT, day, 0, UINT32_MAX)                                                                \
	F(LIST, start, start_count, 0, history_start)

static void viz_history_log_write(struct viz_writer *w, const struct viz_history_log *s)
{
	VIZ_FIELDS_WRITE(w, s, LOG);
}

static void viz_history_log_read(struct viz_reader *r, struct viz_history_log *s)
{
	VIZ_FIELDS_READ(r, s, LOG);
}

static void viz_history_start_write(struct viz_writer *w, const struct viz_history_start *s)
{
	VIZ_FIELDS_WRITE(w, s, START);
}

static void viz_history_start_read(struct viz_reader *r, struct viz_history_start *s)
{
	VIZ_FIELDS_READ(r, s, START);
}

/* Takes the log of a NODE. Gives whether it is the third new one within write_once_ms. */
static bool add_log(struct history *h, uint64_t log, struct viz_time now, int64_t within_ms)
{
	if (h->log_count > 0 && h->log[h->log_count - 1].log == log)
		return false;
	if (h->log_count == LOGS_OFTEN + 1) {
		memmove(&h->log[0], &h->log[1], LOGS_OFTEN * sizeof h->log[0]);
		h->log_count--;
	}
	h->log[h->log_count++] = (struct viz_history_log){log, now};
	/* the first of four is not new; the second is the first new one */
	return h->log_count == LOGS_OFTEN + 1 && h->log[1].seen.ms + within_ms > now.ms;
}

/* Takes the start of a NODE. Gives whether it is the tenth of its day. */
static bool add_start(struct history *h, struct viz_time start, struct viz_time node)
{
	uint64_t day = (uint64_t)(node.ms / VIZ_DAY_MS);

	if (h->day != day) {
		h->day = day;
		h->start_count = 0;
	}
	for (size_t i = 0; i < h->start_count; i++)
		if (h->start[i].at.ms == start.ms)
			return false;
	if (h->start_count == STARTS_OFTEN)
		return false;
	h->start[h->start_count++].at = start;
	return h->start_count == STARTS_OFTEN;
}

void viz_suspect_node(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(net->trust, &rec->author);
	struct viz_core *core = net->core;
	struct viz_node_body *node;
	uint8_t key[VIZ_META_ID_LEN];
	struct history h = {0};
	struct viz_slice v;
	bool logs, starts;
	VIZ_WRITER(w, 512);

	if (!m || viz_id_eq(&m->id, &net->trust->self.author) ||
	    !viz_suspect_in_circle(net->trust, m, &net->trust->self.author))
		return;
	node = viz_core_alloc(sizeof *node);
	VIZ_REQUIRE(viz_node_body_parse(node, rec) == VIZ_OK);
	viz_meta_id_key(key, VIZ_META_HISTORY, &rec->author);
	if (viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		VIZ_REQUIRE(VIZ_FIELDS_PARSE(&h, v.p, v.len, HISTORY) == VIZ_OK);
	logs = add_log(&h, node->log, core->now, core->federation.write_once_ms);
	starts = add_start(&h, node->start, rec->time);
	free(node);
	if (logs)
		viz_suspect_found(net->trust, &rec->author, VIZ_SUSPICION_LOG_OFTEN, 0, id);
	if (starts)
		viz_suspect_found(net->trust, &rec->author, VIZ_SUSPICION_START_OFTEN, 0, id);
	VIZ_FIELDS_WRITE(&w, &h, HISTORY);
	viz_core_put_row(core, VIZ_TABLE_META, key, sizeof key, &w);
}

/* Whether the PARTNERS `p` of this time is dated back, by a NODE of an older log. The one that was
 * held before it is the newest, or, where the NODE that names this PARTNERS came first, is kept. */
static bool dated_back(struct viz_core *core, const struct viz_member *m,
		       const struct viz_partners *p, struct viz_time time)
{
	int64_t before = time.ms + core->federation.skew_ms;
	struct viz_named_walk walk;
	struct viz_record rec;
	struct viz_node_body *node;
	bool back = false;

	if (p->log != m->node.log)
		return before <= m->node_time.ms;
	node = viz_core_alloc(sizeof *node);
	viz_named_walk_init(&walk, core, &m->id);
	while (viz_named_walk_next(&walk, &rec))
		back |= rec.type == VIZ_TYPE_NODE && rec.time.ms < m->node_time.ms &&
			before <= rec.time.ms && viz_node_body_parse(node, &rec) == VIZ_OK &&
			node->log != p->log;
	free(node);
	return back;
}

void viz_suspect_node_partners(struct viz_net *net, const struct viz_record *rec)
{
	const struct viz_member *m = viz_member_find(net->trust, &rec->author);
	struct viz_partners *p;
	struct viz_id id;

	if (!m || !m->has_node || viz_id_eq(&rec->author, &net->trust->self.author))
		return;
	p = viz_core_alloc(sizeof *p);
	VIZ_REQUIRE(viz_partners_parse(p, rec) == VIZ_OK);
	if (dated_back(net->core, m, p, rec->time)) {
		viz_ids_record(&id, &net->core->federation_id, rec);
		viz_suspect_found(net->trust, &rec->author, VIZ_SUSPICION_LOG_BACKDATED, 0, &id);
	}
	free(p);
}
