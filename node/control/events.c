/* The journal and the access log, for the operator. Neither has personal data of customers. */
#include "node/control/event.h"
#include "node/control/request.h"
#include "node/control/wait.h"
#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/link/net.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

#define EVENTS_MAX 1000
#define LAST_MAX   500   /* from each log; at most twice as many are read */
#define WAIT_MAX   25000 /* ms */

/* Where a reader stands: the last number that it has of each log. As text "JOURNAL.ACCESS". */
struct cursor {
	unsigned long long journal, access;
};

static unsigned long long last_number(struct viz_request *req, enum viz_table table)
{
	struct viz_slice key, value;

	if (viz_walk_last(req->net->core->store, &key, &value, table, NULL, 0) != VIZ_OK)
		return 0;
	return viz_be_get_u64(key.p);
}

static unsigned long long before(unsigned long long number, int64_t count)
{
	return number > (unsigned long long)count ? number - (unsigned long long)count : 0;
}

static int read_cursor(struct viz_request *req, struct cursor *c)
{
	const char *text = viz_field_text(req->args, "cursor");
	int64_t last = viz_field_number(req->args, "last", 0);
	char end;

	memset(c, 0, sizeof *c);
	if (last > 0) {
		c->journal = before(last_number(req, VIZ_TABLE_JOURNAL), last);
		c->access = before(last_number(req, VIZ_TABLE_ACCESS), last);
		return VIZ_OK;
	}
	if (strcmp(text, "end") == 0) {
		c->journal = last_number(req, VIZ_TABLE_JOURNAL);
		c->access = last_number(req, VIZ_TABLE_ACCESS);
		return VIZ_OK;
	}
	if (text[0] == '\0' ||
	    (strspn(text, "0123456789.") == strlen(text) &&
	     sscanf(text, "%19llu.%19llu%c", &c->journal, &c->access, &end) == 2))
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_BAD_CURSOR, "cursor",
				 "cursor: that of an earlier reply, or end");
}

static void set_cursor(json_t *o, const struct cursor *c)
{
	char text[48];

	snprintf(text, sizeof text, "%llu.%llu", c->journal, c->access);
	json_object_set_new(o, "cursor", json_string(text));
}

/* One log, read from behind a number. */
struct log {
	enum viz_table table;
	struct viz_walk walk;
	unsigned long long number; /* of the event that waits */
	struct viz_time time;      /* its time */
	json_t *event;             /* NULL: none is left */
};

static json_t *damaged(const char *log, unsigned long long number)
{
	return json_pack("{s:s,s:I}", "log", log, "number", (json_int_t)number);
}

static json_t *journal_json(struct viz_request *req, struct log *l)
{
	struct viz_journal_entry e;
	struct viz_id hash;

	if (viz_journal_get(req->net->core, &e, &hash, l->number) != VIZ_OK)
		return damaged("journal", l->number);
	l->time = e.time;
	return viz_control_event_entry(req->net->trust, &e, &hash, l->number);
}

static json_t *access_json(struct viz_request *req, struct log *l, const struct viz_slice *value)
{
	struct viz_journal_access a;

	if (VIZ_PARSE(journal_access, &a, value->p, value->len) != VIZ_OK)
		return damaged("access", l->number);
	l->time = a.time;
	return viz_control_event_access(req->net->trust, &a, l->number);
}

static void next(struct viz_request *req, struct log *l)
{
	struct viz_slice key, value;

	l->event = NULL;
	if (!viz_walk_next(&l->walk, &key, &value))
		return;
	l->number = viz_be_get_u64(key.p);
	l->event =
	    l->table == VIZ_TABLE_JOURNAL ? journal_json(req, l) : access_json(req, l, &value);
}

static void open_log(struct viz_request *req, struct log *l, enum viz_table table, uint64_t since)
{
	uint8_t from[8];

	*l = (struct log){.table = table};
	viz_walk_init(&l->walk, req->net->core->store, table, NULL, 0);
	viz_be_put_u64(from, since + 1);
	viz_walk_from(&l->walk, from, sizeof from);
	next(req, l);
}

static int read_events(struct viz_request *req)
{
	int64_t last = viz_field_number(req->args, "last", 0);
	int64_t max = last > 0 ? 2 * LAST_MAX : viz_field_number(req->args, "max", 100);
	const char *only = viz_field_text(req->args, "log");
	struct log journal = {0}, access = {0};
	struct cursor c;
	json_t *list;
	int err = read_cursor(req, &c);

	if (err != VIZ_OK)
		return err;
	list = json_array();
	if (strcmp(only, "access") != 0)
		open_log(req, &journal, VIZ_TABLE_JOURNAL, c.journal);
	if (strcmp(only, "journal") != 0)
		open_log(req, &access, VIZ_TABLE_ACCESS, c.access);
	while ((journal.event || access.event) && json_array_size(list) < (size_t)max) {
		bool first = journal.event && (!access.event || journal.time.ms <= access.time.ms);
		struct log *l = first ? &journal : &access;

		*(first ? &c.journal : &c.access) = l->number;
		set_cursor(l->event, &c);
		json_array_append_new(list, l->event);
		next(req, l);
	}
	while (last > 0 && json_array_size(list) > (size_t)last)
		json_array_remove(list, 0);
	json_object_set_new(req->result, "events", list);
	set_cursor(req->result, &c);
	json_object_set_new(req->result, "more", json_boolean(journal.event || access.event));
	json_decref(journal.event);
	json_decref(access.event);
	return VIZ_OK;
}

/* Both logs as one list, by time; or one of them. Where there is nothing, the reply may wait. */
static int events(struct viz_request *req)
{
	int64_t wait_ms = viz_field_number(req->args, "wait_ms", 0);
	int err = read_events(req);
	json_t *args;

	if (err != VIZ_OK || wait_ms == 0 ||
	    json_array_size(json_object_get(req->result, "events")) > 0)
		return err;
	args = json_deep_copy(req->args);
	json_object_set(args, "cursor", json_object_get(req->result, "cursor"));
	return viz_wait_begin(req, args, viz_after(req->net->core->now, wait_ms), read_events);
}

static const struct viz_field events_fields[] = {
    {"cursor", VIZ_FIELD_TEXT, .min = 1, .max = 47},
    {"last", VIZ_FIELD_NUMBER, .min = 1, .max = LAST_MAX},
    {"log", VIZ_FIELD_CHOICE, .choices = "journal|access"},
    {"max", VIZ_FIELD_NUMBER, .min = 1, .max = EVENTS_MAX},
    {"wait_ms", VIZ_FIELD_NUMBER, .min = 0, .max = WAIT_MAX},
    {0},
};

const struct viz_control_op viz_control_events_ops[] = {
    {"events", events, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ | VIZ_ROLE_CONNECTOR,
     events_fields},
    {0},
};
