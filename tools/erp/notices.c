/* In: notices of the ERP become drafts on the agent's desk. */
#include "node/host/log.h"
#include "tools/erp/round.h"
#include "tools/vizinho/reply.h"

#define PAGES_MAX    50                /* of a stream in a round; the rest comes in the next one */
#define LOOKS_MAX    10                /* drafts that are looked at again in a round */
#define LOOK_EVERY_S (6 * 3600)        /* whether a draft stands */
#define LOOK_FOR_S   (30 * 24 * 3600)  /* since it was put */
#define KEEP_S       (120 * 24 * 3600) /* what was put is remembered */

const char *viz_erp_stream_name(enum viz_erp_stream stream)
{
	switch (stream) {
	case VIZ_ERP_MOVES:
		return "moves";
	case VIZ_ERP_CANCELLATIONS:
		return "cancellations";
	case VIZ_ERP_STREAMS:
		break;
	}
	return "?";
}

bool viz_erp_round_save(struct viz_erp_round *r)
{
	if (r->e->dry || viz_erp_state_save(r->state))
		return true;
	viz_host_log(VIZ_LOG_ERROR, "erp: cannot write the state in %s: nothing more is done",
		     r->state->dir);
	r->broken = true;
	return false;
}

static json_t *stream_state(struct viz_erp_round *r, enum viz_erp_stream stream)
{
	json_t *streams = viz_erp_state_streams(r->state), *o;

	o = json_object_get(streams, viz_erp_stream_name(stream));
	if (!json_is_object(o)) {
		o = json_object();
		json_object_set_new(streams, viz_erp_stream_name(stream), o);
	}
	return o;
}

/* Logs the same failure once, and that it is over. */
static void note_result(struct viz_erp_round *r, enum viz_erp_stream stream,
			enum viz_erp_result result, const char *why)
{
	json_t *s = stream_state(r, stream);
	const char *name = viz_erp_stream_name(stream), *before = viz_reply_text(s, "why");

	if (result == VIZ_ERP_OK) {
		if (before[0] != '\0')
			viz_host_log(VIZ_LOG_NOTICE, "erp: %s are read again", name);
		json_object_del(s, "why");
		json_object_del(s, "result");
		viz_erp_state_set_number(s, "read_s", r->e->now_s);
		return;
	}
	if (strcmp(before, why) != 0)
		viz_host_log(VIZ_LOG_WARNING, "erp: %s are not read (%s): %s", name,
			     viz_erp_result_name(result), why);
	viz_erp_state_set_text(s, "why", why);
	viz_erp_state_set_text(s, "result", viz_erp_result_name(result));
	viz_erp_state_set_number(s, "failed_s", r->e->now_s);
}

/* --- One notice --- */

static bool is_wanted(const struct viz_erp_round *r, enum viz_erp_stream stream,
		      const struct viz_erp_notice *n)
{
	const struct viz_erp_config *c = r->e->config;

	return stream == VIZ_ERP_MOVES || c->cancellations == VIZ_ERP_WHICH_ALL ||
	       (c->cancellations == VIZ_ERP_WHICH_TICKED &&
		viz_erp_config_ticked(&c->reasons, n->reason_id));
}

static void set_given(json_t *o, const char *key, const char *value)
{
	if (value[0] != '\0')
		viz_erp_state_set_text(o, key, value);
}

static json_t *draft_of(const struct viz_erp_round *r, enum viz_erp_stream stream,
			const struct viz_erp_notice *n)
{
	json_t *o = json_object();

	viz_erp_state_set_text(o, "source", r->e->config->source);
	viz_erp_state_set_text(o, "external_id", n->external_id);
	viz_erp_state_set_text(o, "kind", stream == VIZ_ERP_MOVES ? "move" : "cancellation");
	set_given(o, "protocol", n->protocol);
	set_given(o, "reason", n->reason);
	set_given(o, "cancelled_at", n->cancelled_at);
	if (n->municipality != 0)
		json_object_set_new(o, "municipality",
				    json_pack("{s:I}", "code", (json_int_t)n->municipality));
	if (n->cep != 0)
		viz_erp_state_set_number(o, "cep", n->cep);
	return o;
}

/* The ERP gives ids; the agent reads names. The lists are asked for once in a run of the program.
 */
static void name_reason(struct viz_erp_round *r, enum viz_erp_stream stream,
			struct viz_erp_notice *n)
{
	struct viz_erp_reasons *known = &r->e->reasons;

	if (n->reason[0] != '\0' || n->reason_id[0] == '\0' ||
	    r->e->config->connector->reasons == NULL)
		return;
	if (known->reason == NULL) {
		known->reason = calloc(VIZ_ERP_REASONS_MAX, sizeof *known->reason);
		VIZ_REQUIRE(known->reason != NULL);
		if (r->e->config->connector->reasons(r->e, known) != VIZ_ERP_OK)
			known->count = 0;
	}
	for (size_t i = 0; i < known->count; i++)
		if (known->reason[i].stream == stream &&
		    strcmp(known->reason[i].id, n->reason_id) == 0)
			memcpy(n->reason, known->reason[i].name, sizeof n->reason);
}

/* The node says why it refuses a draft: what it may lack is left out then, once. */
static bool leave_out(json_t *args, const char *code)
{
	/* a reason that looks like a person; a cancellation that lies ahead */
	const char *key = strcmp(code, "personal") == 0   ? "reason"
			  : strcmp(code, "bad-time") == 0 ? "cancelled_at"
							  : NULL;

	return key != NULL && json_object_del(args, key) == 0;
}

/* False: the node cannot take it now. *stored: it has noted it. */
static bool send_draft(struct viz_erp_round *r, bool *stored, json_t *args)
{
	enum viz_erp_told told;

	*stored = false;
	do {
		json_t *result = NULL;

		told = viz_erp_node_ask(r->node, &result, "draft.put", json_incref(args));
		*stored = told == VIZ_ERP_TOLD_OK && viz_reply_true(result, "stored");
		json_decref(result);
	} while (told == VIZ_ERP_TOLD_REFUSED && leave_out(args, viz_erp_node_code(r->node)));
	if (told == VIZ_ERP_TOLD_REFUSED)
		viz_host_log(VIZ_LOG_WARNING, "erp: the node refuses the draft of %s (%s)",
			     viz_reply_text(args, "external_id"), viz_erp_node_code(r->node));
	return told != VIZ_ERP_TOLD_LATER;
}

/* False: the node cannot take it now, so the cursor stays. */
static bool put_draft(struct viz_erp_round *r, enum viz_erp_stream stream,
		      const struct viz_erp_notice *notice)
{
	struct viz_erp_notice n = *notice;
	bool stored = true, took = true;
	json_t *args, *seen;

	name_reason(r, stream, &n);
	args = draft_of(r, stream, &n);
	if (r->e->dry)
		printf("draft.put %s (not sent)\n", n.external_id);
	else
		took = send_draft(r, &stored, args);
	if (took) {
		seen = json_pack("{s:s,s:I,s:I}", "kind", viz_reply_text(args, "kind"), "put_s",
				 (json_int_t)r->e->now_s, "looked_s", (json_int_t)r->e->now_s);
		json_object_set_new(viz_erp_state_drafts(r->state), n.external_id, seen);
		r->drafts += stored;
		r->passed_over += !stored;
	}
	json_decref(args);
	return took;
}

/* The customer stays. False: the node cannot now. */
static bool close_draft(struct viz_erp_round *r, const char *external_id, json_t *seen)
{
	bool stored = true, took = true;
	json_t *args = json_pack("{s:s,s:s,s:s,s:b}", "source", r->e->config->source, "external_id",
				 external_id, "kind", viz_reply_text(seen, "kind"), "undone", 1);

	if (r->e->dry)
		printf("draft.put %s undone (not sent)\n", external_id);
	else
		took = send_draft(r, &stored, args);
	if (took) {
		json_object_set_new(seen, "undone", json_true());
		r->closed++;
	}
	json_decref(args);
	return took;
}

static bool take(struct viz_erp_round *r, enum viz_erp_stream stream,
		 const struct viz_erp_notice *n)
{
	json_t *seen = json_object_get(viz_erp_state_drafts(r->state), n->external_id);
	bool undone = viz_reply_true(seen, "undone");

	if (n->undone)
		return seen == NULL || undone || close_draft(r, n->external_id, seen);
	if ((seen != NULL && !undone) || !is_wanted(r, stream, n))
		return true;
	return put_draft(r, stream, n);
}

/* --- A stream --- */

static enum viz_erp_result fetch(struct viz_erp_round *r, struct viz_erp_page *page,
				 enum viz_erp_stream stream)
{
	const struct viz_erp_connector *c = r->e->config->connector;
	const struct viz_erp_ticked *t = &r->e->config->subjects;
	const char *cursor = viz_reply_text(stream_state(r, stream), "cursor");
	const char *subject[VIZ_ERP_TICKED_MAX];

	for (size_t i = 0; i < t->count; i++)
		subject[i] = t->id[i];
	*page = (struct viz_erp_page){0};
	viz_erp_session_tick(r->e);
	return c->fetch(r->e, page, stream, cursor, stream == VIZ_ERP_MOVES ? subject : NULL,
			stream == VIZ_ERP_MOVES ? t->count : 0);
}

static bool is_read(const struct viz_erp_round *r, enum viz_erp_stream stream)
{
	const struct viz_erp_config *c = r->e->config;

	if (c->connector->fetch == NULL)
		return false;
	if (stream == VIZ_ERP_MOVES)
		return c->subjects.count > 0;
	return c->cancellations == VIZ_ERP_WHICH_ALL ||
	       (c->cancellations == VIZ_ERP_WHICH_TICKED && c->reasons.count > 0);
}

/* Takes a page and goes on behind it. False: stop here, for this round. */
static bool read_page(struct viz_erp_round *r, bool *more, struct viz_erp_page *page,
		      enum viz_erp_stream stream)
{
	enum viz_erp_result result = fetch(r, page, stream);

	*more = false;
	if (result != VIZ_ERP_OK) {
		note_result(r, stream, result, r->e->why);
		viz_erp_round_save(r);
		return result == VIZ_ERP_ABSENT;
	}
	for (size_t i = 0; i < page->count; i++)
		if (!take(r, stream, &page->notice[i])) {
			char why[VIZ_ERP_WHY_MAX];

			snprintf(why, sizeof why, "the node takes no draft (%s)",
				 viz_erp_node_code(r->node));
			note_result(r, stream, VIZ_ERP_LATER, why);
			viz_erp_round_save(r); /* what was put is put */
			return false;
		}
	viz_erp_state_set_text(stream_state(r, stream), "cursor", page->next);
	note_result(r, stream, VIZ_ERP_OK, "");
	*more = page->more;
	return viz_erp_round_save(r);
}

static bool read_stream(struct viz_erp_round *r, enum viz_erp_stream stream)
{
	struct viz_erp_page *page = calloc(1, sizeof *page);
	bool more = true, good = true;

	VIZ_REQUIRE(page != NULL);
	for (int i = 0; more && good && i < PAGES_MAX; i++)
		good = read_page(r, &more, page, stream);
	free(page);
	return good;
}

/* --- Whether drafts stand --- */

static bool is_due(const struct viz_erp_round *r, const json_t *seen)
{
	return !viz_reply_true(seen, "undone") &&
	       r->e->now_s - viz_reply_number(seen, "put_s") < LOOK_FOR_S &&
	       r->e->now_s - viz_reply_number(seen, "looked_s") >= LOOK_EVERY_S / r->e->hurry;
}

/* What the ERP does not name any more proves nothing: the draft stays. */
static bool look_again(struct viz_erp_round *r)
{
	json_t *drafts = viz_erp_state_drafts(r->state), *seen;
	const struct viz_erp_connector *c = r->e->config->connector;
	const char *id;
	bool good = true;
	int looks = 0;
	void *next;

	if (c->look == NULL)
		return true;
	json_object_foreach_safe(drafts, next, id, seen)
	{
		enum viz_erp_standing standing = VIZ_ERP_STANDS;
		enum viz_erp_result result;

		viz_erp_session_tick(r->e);
		if (!is_due(r, seen) || looks == LOOKS_MAX)
			continue;
		looks++;
		result = c->look(r->e, &standing, id);
		if (result == VIZ_ERP_LATER || result == VIZ_ERP_DENIED) {
			good = false;
			break;
		}
		viz_erp_state_set_number(seen, "looked_s", r->e->now_s);
		if (result == VIZ_ERP_OK && standing == VIZ_ERP_UNDONE)
			good = close_draft(r, id, seen) && good;
	}
	return (looks == 0 || viz_erp_round_save(r)) && good;
}

static void forget_old(struct viz_erp_round *r)
{
	json_t *drafts = viz_erp_state_drafts(r->state), *seen;
	size_t over = json_object_size(drafts);
	const char *id;
	void *next;

	over = over > VIZ_ERP_DRAFTS_MAX ? over - VIZ_ERP_DRAFTS_MAX : 0;
	json_object_foreach_safe(drafts, next, id, seen)
	{
		/* an object of jansson keeps the order in which its members were put */
		if (over == 0 && r->e->now_s - viz_reply_number(seen, "put_s") < KEEP_S)
			continue;
		over -= over > 0;
		json_object_del(drafts, id);
	}
}

bool viz_erp_round_notices(struct viz_erp_round *r)
{
	bool good = true;

	viz_erp_session_tick(r->e);
	forget_old(r);
	for (int s = 0; s < VIZ_ERP_STREAMS && !r->broken; s++)
		if (is_read(r, (enum viz_erp_stream)s))
			good = read_stream(r, (enum viz_erp_stream)s) && good;
	if (!r->broken)
		good = look_again(r) && good;
	return good && !r->broken;
}
