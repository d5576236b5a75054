#include "node/control/health.h"

#include "node/control/partner.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/growth.h"
#include "node/link/full.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/self/reach.h"
#include "node/trust/author.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/stat.h"

#define PATIENCE_MS 300000

static const struct row {
	const char *code;
	enum viz_health_level level;
	const char *remedy;
} rows[VIZ_ILL_COUNT] = {
#define ROW(name, code, level, remedy) {code, VIZ_HEALTH_##level, remedy},
    VIZ_ILLS(ROW)
#undef ROW
};

int64_t viz_health_patience_ms(const struct viz_core *core)
{
	int64_t heartbeat = core->federation.heartbeat_ms;

	return heartbeat < PATIENCE_MS ? heartbeat : PATIENCE_MS;
}

/* Whether we have signed a NODE, and it is so old that all count us as silent. */
static bool is_silent(struct viz_trust *trust)
{
	const struct viz_member *self = viz_member_self(trust);

	return self->has_node && !viz_live_member(trust->core, self, trust->core->now);
}

/* Notes whether the problem is there. */
static void note(struct viz_net *net, enum viz_ill ill, bool is)
{
	struct viz_time *since = &net->health->since[ill];

	if (!is)
		*since = (struct viz_time){0};
	else if (since->ms == 0)
		*since = net->core->now;
}

void viz_health_look(struct viz_net *net)
{
	struct viz_trust *trust = net->trust;
	struct viz_reach reach = viz_reach_look(net);
	bool disk = viz_store_stat_disk_short(net->core->store);
	bool full = !disk && !viz_core_has_headroom(net->core);
	bool nearly = !disk && !full && viz_core_nearly_full(net->core);
	bool revoked = trust->self.revoked, quarantine = trust->self.quarantine.ms != 0;

	note(net, VIZ_ILL_KEY_REVOKED, revoked);
	note(net, VIZ_ILL_QUARANTINE, !revoked && quarantine);
	note(net, VIZ_ILL_CLOCK_BEHIND,
	     !revoked && !quarantine && viz_identity_ahead_ms(trust) > 0);
	note(net, VIZ_ILL_DISK_FULL, disk);
	note(net, VIZ_ILL_STORE_FULL, full);
	note(net, VIZ_ILL_STORE_NEARLY_FULL, nearly);
	note(net, VIZ_ILL_STORE_FILLING, !disk && !full && !nearly && viz_growth_alarm(net->core));
	note(net, VIZ_ILL_CLOCK_WRONG, viz_link_full_clocks(net).own_wrong);
	note(net, VIZ_ILL_OWN_SILENT, !revoked && is_silent(trust));
	note(net, VIZ_ILL_ALONE, reach.any && !reach.heard);
	note(net, VIZ_ILL_NO_WITHDRAWAL, trust->profile.withdrawal[0] == '\0');
	note(net, VIZ_ILL_NO_PRIVACY, trust->profile.privacy[0] == '\0');
}

/* ---- as JSON ---- */

struct told {
	json_t *list;
	enum viz_health_level level;
};

/* {code, level, since, remedy}; what else it says is added by the caller. */
static json_t *add(struct told *t, enum viz_ill ill, struct viz_time since, const char *peer)
{
	static const char *const levels[] = {"well", "degraded", "down"};
	const struct row *row = &rows[ill];
	const char *at = strstr(row->remedy, "{peer}");
	json_t *o = json_object();
	char remedy[96];

	snprintf(remedy, sizeof remedy, "%.*s%s", at ? (int)(at - row->remedy) : 80, row->remedy,
		 at ? peer : "");
	json_object_set_new(o, "code", json_string(row->code));
	json_object_set_new(o, "level", json_string(levels[row->level]));
	viz_request_set_time(o, "since", since);
	json_object_set_new(o, "remedy", json_string(remedy));
	json_array_append_new(t->list, o);
	if (row->level > t->level)
		t->level = row->level;
	return o;
}

static void set_number(json_t *o, const char *name, uint64_t number)
{
	json_object_set_new(o, name, json_integer((json_int_t)number));
}

/* Why the problem of the node is there. */
static void set_why(json_t *o, struct viz_net *net, enum viz_ill ill)
{
	uint64_t used, map, disk = viz_store_stat_disk_free(net->core->store);

	viz_store_stat_usage(net->core->store, &used, &map);
	if (ill == VIZ_ILL_CLOCK_BEHIND)
		json_object_set_new(o, "ahead_ms", json_integer(viz_identity_ahead_ms(net->trust)));
	if (ill == VIZ_ILL_DISK_FULL && disk != UINT64_MAX)
		set_number(o, "disk_free_bytes", disk);
	if (ill == VIZ_ILL_STORE_FULL || ill == VIZ_ILL_STORE_NEARLY_FULL ||
	    ill == VIZ_ILL_STORE_FILLING) {
		set_number(o, "store_used_bytes", used);
		set_number(o, "store_map_bytes", map);
	}
	if (ill == VIZ_ILL_CLOCK_WRONG) {
		struct viz_link_clocks clocks = viz_link_full_clocks(net);

		set_number(o, "clock_ahead_count", clocks.ahead);
		set_number(o, "clock_behind_count", clocks.behind);
	}
}

/* Since when: what the store knows is older than this process. */
static struct viz_time since_of(struct viz_net *net, enum viz_ill ill)
{
	if (ill == VIZ_ILL_QUARANTINE)
		return net->trust->self.quarantine;
	if (ill == VIZ_ILL_OWN_SILENT)
		return viz_after(viz_member_self(net->trust)->node_time,
				 net->core->federation.silence_ms);
	return net->health->since[ill];
}

static void tell_node(struct told *t, struct viz_net *net)
{
	for (unsigned ill = 0; ill < VIZ_ILL_PARTNER_REVOKED; ill++) {
		struct viz_time since = net->health->since[ill];

		if (since.ms == 0 ||
		    (ill == VIZ_ILL_ALONE &&
		     since.ms + viz_health_patience_ms(net->core) > net->core->now.ms))
			continue;
		set_why(add(t, ill, since_of(net, ill), ""), net, ill);
	}
}

static json_t *add_of(struct told *t, struct viz_trust *trust, const struct viz_member *m,
		      enum viz_ill ill, struct viz_time since)
{
	char id[9];
	json_t *o;

	viz_hex(id, m->id.b, 4);
	o = add(t, ill, since, id);
	viz_control_name_set_node(o, "peer", trust, &m->id);
	return o;
}

static void tell_peer(struct told *t, struct viz_net *net, const struct viz_member *m)
{
	const struct viz_remote *r = m->remote;
	struct viz_time unlinked = viz_control_partner_unlinked_from(net, m);

	/* `told` has when the record came only for this process; its time is its author's word. */
	if (viz_author_revoked(m)) {
		add_of(t, net->trust, m, VIZ_ILL_PARTNER_REVOKED, (struct viz_time){0});
		return;
	}
	if (viz_control_partner_is_silent(net->trust, m))
		add_of(t, net->trust, m, VIZ_ILL_PARTNER_SILENT,
		       viz_after(m->node_time, net->core->federation.silence_ms));
	else if (viz_live_partner(net->trust, &m->id) && unlinked.ms != 0 &&
		 unlinked.ms + viz_health_patience_ms(net->core) <= net->core->now.ms)
		viz_control_partner_set_link(
		    add_of(t, net->trust, m, VIZ_ILL_PARTNER_UNLINKED, unlinked), net, m);
	if (r && r->ahead_from.ms != 0)
		json_object_set_new(add_of(t, net->trust, m, VIZ_ILL_PARTNER_CLOCK, r->ahead_from),
				    "ahead_ms", json_integer(r->ahead_ms));
}

void viz_health_set(json_t *o, struct viz_net *net)
{
	static const char *const verdicts[] = {"well", "degraded", "down"};
	const struct viz_directory *d = &net->trust->directory;
	struct told t = {.list = json_array()};

	viz_health_look(net);
	tell_node(&t, net);
	for (size_t i = 0; i < d->peer_count; i++)
		if (d->peer[i]->peer.partner && !d->peer[i]->peer.blocked)
			tell_peer(&t, net, d->peer[i]);
	json_object_set_new(o, "verdict", json_string(verdicts[t.level]));
	json_object_set_new(o, "problems", t.list);
}

static json_t *peer_json(struct viz_request *req, const struct viz_member *m)
{
	json_t *o = viz_control_name_json(req, m);

	viz_control_member_set_standing(o, req->net->trust, m);
	json_object_set_new(o, "partner", json_boolean(viz_live_partner(req->net->trust, &m->id)));
	json_object_set_new(o, "linked",
			    json_boolean(viz_control_partner_unlinked_from(req->net, m).ms == 0));
	viz_request_set_time(o, "heartbeat_at", m->node_time);
	viz_control_partner_set_link(o, req->net, m);
	return o;
}

json_t *viz_health_partners_json(struct viz_request *req)
{
	const struct viz_directory *d = &req->net->trust->directory;
	json_t *list = json_array();

	for (int linked = 0; linked <= 1; linked++)
		for (size_t i = 0; i < d->peer_count; i++) {
			const struct viz_member *m = d->peer[i];
			bool is = viz_control_partner_unlinked_from(req->net, m).ms == 0;

			if (viz_peer_is_kept(m) && is == (linked == 1))
				json_array_append_new(list, peer_json(req, m));
		}
	return list;
}
