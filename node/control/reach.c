#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/closure.h"
#include "node/trust/member.h"
#include "node/trust/prune.h"
#include "node/trust/trust.h"
#include "node/trust/why.h"
#include "proto/base.h"
#include "proto/record.h"

#include <jansson.h>

#define STEPS_MAX  32 /* shown at each end of a long way */
#define POINTS_MAX 32
#define NAMED_MAX  64
#define BRANCH_MAX 256
#define MONTH_MS   (30 * VIZ_DAY_MS)

/* ---- VOUCHes ---- */

static bool stands(const struct viz_member *by, const struct viz_vouch_row *row)
{
	return !row->withdrawn && !viz_author_key_ended(by, row->key);
}

/* The VOUCH of `by` for `m` that stands; NULL: there is none. */
static const struct viz_vouch_row *vouch_for(const struct viz_member *by,
					     const struct viz_member *m)
{
	for (size_t i = 0; i < by->vouch_count; i++)
		if (by->vouch[i].to == m->as && stands(by, &by->vouch[i]))
			return &by->vouch[i];
	return NULL;
}

/* When it was signed, as its author says; 0: it is not held. */
static struct viz_time signed_at(struct viz_core *core, const struct viz_member *by,
				 const struct viz_vouch_row *row)
{
	struct viz_record rec;
	struct viz_held held;

	return viz_place_get(core, &held, &rec, &by->id, VIZ_TYPE_VOUCH, row->slot)
		   ? rec.time
		   : (struct viz_time){0};
}

/* Since when both vouch for each other. 0: they do not. */
static struct viz_time since(struct viz_core *core, const struct viz_member *a,
			     const struct viz_member *b)
{
	const struct viz_vouch_row *there = vouch_for(a, b), *back = vouch_for(b, a);
	struct viz_time x, y;

	if (!there || !back)
		return (struct viz_time){0};
	x = signed_at(core, a, there);
	y = signed_at(core, b, back);
	return x.ms > y.ms ? x : y;
}

/* For how many `m` vouches, and for how many of these since a month by its own times. */
static void set_vouches(struct viz_request *req, json_t *o, const struct viz_member *m)
{
	struct viz_core *core = req->net->core;
	json_int_t all = 0, month = 0;

	for (size_t i = 0; i < m->vouch_count; i++) {
		if (!stands(m, &m->vouch[i]))
			continue;
		all++;
		month += signed_at(core, m, &m->vouch[i]).ms > core->now.ms - MONTH_MS;
	}
	json_object_set_new(o, "vouch_count", json_integer(all));
	json_object_set_new(o, "month_vouch_count", json_integer(month));
}

/* ---- why ---- */

static json_t *name_json(struct viz_request *req, const struct viz_member *m)
{
	bool self = viz_id_eq(&m->id, &req->net->trust->self.author);
	json_t *o = viz_control_name_json(req, m);

	json_object_set_new(o, "self", json_boolean(self));
	viz_request_set_time(o, "pruned_at", m->pruned_at);
	return o;
}

static json_t *way_json(struct viz_request *req, const struct viz_why_way *way)
{
	json_t *o = json_object(), *steps = json_array();
	size_t skipped = way->count > 2 * STEPS_MAX ? way->count - 2 * STEPS_MAX : 0;

	for (size_t i = 0; i < way->count; i++) {
		json_t *step;

		if (skipped > 0 && i >= STEPS_MAX && i < STEPS_MAX + skipped)
			continue;
		step = name_json(req, way->step[i]);
		viz_request_set_time(step, "since",
				     i > 0 ? since(req->net->core, way->step[i - 1], way->step[i])
					   : (struct viz_time){0});
		json_array_append_new(steps, step);
	}
	json_object_set_new(o, "steps", steps);
	json_object_set_new(o, "skipped_count", json_integer((json_int_t)skipped));
	return o;
}

static json_t *points_json(struct viz_request *req, const struct viz_why *why)
{
	json_t *list = json_array();

	for (size_t i = 0; i + 1 < why->point_count && i < POINTS_MAX; i++) {
		const struct viz_why_point *p = &why->point[i];
		json_t *o = name_json(req, p->member);

		json_object_set_new(o, "behind_count", json_integer((json_int_t)p->behind));
		json_object_set_new(o, "by_one", json_boolean(p->by_one));
		set_vouches(req, o, p->member);
		json_array_append_new(list, o);
	}
	return list;
}

/* Who vouches for `m`, the members first. */
static void set_vouchers(struct viz_request *req, const struct viz_member *m)
{
	const struct viz_directory *d = &req->net->trust->directory;
	json_t *list = json_array();
	json_int_t all = 0;

	for (int members = 1; members >= 0; members--)
		for (size_t i = 0; i < d->count; i++) {
			const struct viz_member *v = d->list[i];
			json_t *o;

			if (v->in != (members == 1) || v == m || !vouch_for(v, m) ||
			    ++all > NAMED_MAX)
				continue;
			o = name_json(req, v);
			json_object_set_new(o, "member", json_boolean(v->in));
			json_object_set_new(o, "mutual", json_boolean(vouch_for(m, v) != NULL));
			viz_request_set_time(o, "since", since(req->net->core, v, m));
			set_vouches(req, o, v);
			json_array_append_new(list, o);
		}
	json_object_set_new(req->result, "vouchers", list);
	json_object_set_new(req->result, "voucher_count", json_integer(all));
}

/* By which vouches it is in, and the single points among them. */
static int peer_why(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	json_t *ways = json_array();
	struct viz_why why;
	size_t n;

	if (!m) {
		json_decref(ways);
		return VIZ_ERR_ABSENT;
	}
	viz_why_find(&why, req->net->trust, m);
	n = why.point_count;
	for (size_t i = 0; i < why.way_count; i++)
		json_array_append_new(ways, way_json(req, &why.way[i]));
	json_object_set_new(req->result, "peer", viz_control_member_json(req, m));
	json_object_set_new(req->result, "in", json_boolean(m->in));
	json_object_set_new(req->result, "ways", ways);
	json_object_set_new(req->result, "more", json_boolean(why.more));
	json_object_set_new(req->result, "points", points_json(req, &why));
	json_object_set_new(req->result, "point_count",
			    json_integer(n > 0 ? (json_int_t)n - 1 : 0));
	json_object_set_new(req->result, "by_one", json_boolean(n > 0 && why.point[n - 1].by_one));
	json_object_set_new(req->result, "behind_count",
			    json_integer(n > 0 ? (json_int_t)why.point[n - 1].behind : 0));
	set_vouchers(req, m);
	viz_why_free(&why);
	return VIZ_OK;
}

/* ---- prune ---- */

/* How many who and whose branch vouch with stay, because they are not of it. */
static json_int_t count_staying(const struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_directory *d = &trust->directory;
	const struct viz_id *own = &trust->self.author;
	json_int_t n = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct viz_member *x = d->list[i];
		bool joined = false;

		if (viz_id_eq(&x->id, own))
			continue;
		for (size_t k = 0; k < x->vouch_count && x->reached && !joined; k++) {
			const struct viz_member *y = x->vouch[k].to->member;

			joined = y && y->in && (y == m || !y->reached) && !y->pruned &&
				 x->vouch[k].counted && vouch_for(y, x);
		}
		n += joined;
	}
	return n;
}

/* Whether it stays a member when it is pruned: it is a partner, or was one not long ago. */
static bool stays(struct viz_trust *trust, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_self(trust);

	return self->partners && viz_partners_find(self->partners, &m->id);
}

/* Sets what would go with `m`, and what stays. */
static void set_branch(struct viz_request *req, const struct viz_member *m)
{
	struct viz_trust *trust = req->net->trust;
	struct viz_member **out =
	    viz_core_alloc((trust->directory.count + 1) * sizeof(struct viz_member *));
	size_t n = viz_closure_pruned_with(trust, out, m);
	uint64_t bytes = stays(trust, m) ? 0 : m->weight;
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		bytes += out[i]->weight;
		if (i < BRANCH_MAX)
			json_array_append_new(list, name_json(req, out[i]));
	}
	json_object_set_new(req->result, "member_count", json_integer((json_int_t)n));
	json_object_set_new(req->result, "branch", list);
	json_object_set_new(req->result, "record_bytes", json_integer((json_int_t)bytes));
	json_object_set_new(req->result, "staying_count", json_integer(count_staying(trust, m)));
	json_object_set_new(req->result, "own_vouch",
			    json_boolean(!viz_prune_is_partner(trust, m) &&
					 vouch_for(viz_member_self(trust), m) != NULL));
	json_object_set_new(req->result, "stays", json_boolean(stays(trust, m)));
	json_object_set_new(req->result, "mail_count",
			    json_integer((json_int_t)viz_mail_waiting(trust, &m->id)));
	free(out);
}

/* Our vouch goes before the mark is set, but not of a partner: it must be a member as long. */
static int prune(struct viz_request *req, struct viz_member *m)
{
	const struct viz_peer_row none = {.present = false};
	struct viz_trust *trust = req->net->trust;
	int err = VIZ_OK;

	if (!viz_prune_is_partner(trust, m) &&
	    (m->peer.present || vouch_for(viz_member_self(trust), m)))
		err = viz_control_peer_change(req, m, &none, "prune");
	if (err == VIZ_OK)
		viz_prune_set(trust, m, true);
	return err;
}

/* What goes, what stays, and whether it was done. */
static int peer_prune(struct viz_request *req)
{
	struct viz_member *m = viz_control_name_peer(req, "peer");
	bool undo = viz_field_flag(req->args, "undo", false),
	     dry_run = viz_field_flag(req->args, "dry_run", false);
	int err = VIZ_OK;

	if (!m)
		return VIZ_ERR_ABSENT;
	if (undo && m->pruned_at.ms == 0)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_PRUNED, "%s is not pruned",
					viz_member_name(m));
	if (!undo) {
		set_branch(req, m);
		if (!dry_run)
			err = prune(req, m);
	} else if (!dry_run) {
		viz_prune_set(req->net->trust, m, false);
	}
	if (err != VIZ_OK)
		return err;
	json_object_set_new(req->result, "peer", viz_control_member_json(req, m));
	json_object_set_new(req->result, "done", json_boolean(!dry_run));
	return VIZ_OK;
}

static const struct viz_field prune_fields[] = {
    {"peer", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_NAME_MAX},
    {"dry_run", .kind = VIZ_FIELD_FLAG},
    {"undo", .kind = VIZ_FIELD_FLAG},
    {0},
};

const struct viz_control_op viz_control_reach_ops[] = {
    {"peer.why", peer_why, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ, viz_request_peer_only},
    {"peer.prune", peer_prune, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_ADMIN, prune_fields},
    {0},
};
