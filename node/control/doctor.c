/* What may go wrong, and what keeps this node from working with its partners: each check with a
 * remedy. What is wrong now stands in "problems", as in status. */
#include "node/control/health.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/growth.h"
#include "node/link/full.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/mutual.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "store/meta.h"
#include "store/stat.h"

#include <jansson.h>

#define INODES_LEAST  1000
#define BACKUP_OLD_MS (8 * VIZ_DAY_MS) /* a weekly one may be some hours late */

struct doctor {
	struct viz_request *req;
	json_t *checks;
	bool degraded; /* one of the checks */
};

/* Adds a check. The caller adds what else it says; `remedy` only counts when it is not well. */
static json_t *check(struct doctor *d, const char *code, bool well, const char *remedy)
{
	json_t *o = json_object();

	json_object_set_new(o, "code", json_string(code));
	json_object_set_new(o, "level", json_string(well ? "well" : "degraded"));
	if (!well)
		json_object_set_new(o, "remedy", json_string(remedy));
	json_array_append_new(d->checks, o);
	d->degraded |= !well;
	return o;
}

static void set_count(json_t *o, uint64_t n)
{
	json_object_set_new(o, "count", json_integer((json_int_t)n));
}

static json_t *check_peer(struct doctor *d, const char *code, const struct viz_member *m)
{
	char remedy[40] = "vizinho peer show ";
	json_t *o;

	viz_hex(remedy + strlen(remedy), m->id.b, 4);
	o = check(d, code, false, remedy);
	viz_control_name_set_node(o, "peer", d->req->net->trust, &m->id);
	return o;
}

static void check_clock(struct doctor *d)
{
	const struct viz_net *net = d->req->net;
	struct viz_link_clocks clocks = viz_link_full_clocks(net);
	size_t compared = 0;

	for (size_t i = 0; i < net->links.count; i++)
		compared += !net->links.list[i].guest && !net->links.list[i].closing;
	set_count(check(d, "clock", clocks.ahead + clocks.behind == 0, "timedatectl set-ntp true"),
		  compared);
}

/* ---- the machine ---- */

static void check_machine(struct doctor *d)
{
	struct viz_core *core = d->req->net->core;
	const struct viz_machine *m = &core->machine;
	uint64_t disk = viz_store_stat_disk_free(core->store), used, map;
	uint64_t inodes = viz_store_stat_inodes_free(core->store);
	json_t *o;

	viz_store_stat_usage(core->store, &used, &map);
	o = check(d, "disk",
		  viz_store_stat_by_disk(core->store) ? !viz_growth_alarm(core)
						      : disk >= map - used,
		  "df -h");
	json_object_set_new(o, "store_used_bytes", json_integer((json_int_t)used));
	json_object_set_new(o, "store_map_bytes", json_integer((json_int_t)map));
	if (disk != UINT64_MAX)
		json_object_set_new(o, "disk_free_bytes", json_integer((json_int_t)disk));
	o = check(d, "inodes", inodes >= INODES_LEAST, "df -i");
	if (inodes != UINT64_MAX)
		set_count(o, inodes);
	set_count(check(d, "open-files",
			m->open_files == 0 || m->open_files >= m->open_files_wanted,
			"systemctl edit vizinhod"),
		  m->open_files);
	check(d, "permissions", !viz_store_stat_is_open(core->store), "ls -l /var/lib/vizinho");
	o = check(d, "copy-on-write", m->file_system[0] == '\0', "findmnt -T /var/lib/vizinho");
	viz_request_set_text(o, "value", m->file_system);
	check(d, "swap", !m->swap, "swapoff -a");
	check(d, "damaged", !m->damaged,
	      "vizinho events --kind store-damaged,lead-damaged,inbox-damaged,leads-unknown");
}

/* ---- others ---- */

static void check_addresses(struct doctor *d)
{
	struct viz_request *req = d->req;
	const struct viz_directory *dir = &req->net->trust->directory;
	bool own = viz_member_self(req->net->trust)->node.has_address;
	json_t *list = json_array();

	check(d, "address", own, "systemctl reload vizinhod");
	for (size_t i = 0; i < dir->peer_count && !own; i++) {
		const struct viz_member *m = dir->peer[i];

		if ((!m->peer.vouched && !m->peer.partner) || !m->has_node || m->node.has_address)
			continue;
		json_array_append_new(list, viz_control_member_json(req, m));
		check_peer(d, "unlinkable", m);
	}
	json_object_set_new(req->result, "own_address", json_boolean(own));
	json_object_set_new(req->result, "unlinkable_peers", list);
}

/* Others have us in by those who vouch for us. With one of them we are out when its key is revoked,
 * or when it is. */
static void check_vouchers(struct doctor *d)
{
	const struct viz_member *self = viz_member_self(d->req->net->trust);
	uint64_t n = 0;

	for (size_t k = 0; k < self->vouch_count; k++)
		n += viz_mutual_member(self, &self->vouch[k]) != NULL;
	set_count(check(d, "single-voucher", n > 1, "vizinho peer invite --help"), n);
}

/* Whether the version is a later one than ours, by its numbers. */
static bool is_later(const char *version)
{
	unsigned a[3] = {0}, b[3] = {0};

	sscanf(version, "%u.%u.%u", &a[0], &a[1], &a[2]);
	sscanf(VIZ_VERSION, "%u.%u.%u", &b[0], &b[1], &b[2]);
	for (int i = 0; i < 3; i++)
		if (a[i] != b[i])
			return a[i] > b[i];
	return false;
}

static void check_versions(struct doctor *d)
{
	struct viz_net *net = d->req->net;
	const struct viz_directory *dir = &net->trust->directory;
	struct viz_node_body *b = viz_core_alloc(sizeof *b);
	char later[VIZ_VERSION_MAX + 1] = "";
	uint64_t n = 0;
	json_t *o;

	for (size_t i = 0; i < dir->peer_count; i++) {
		const struct viz_member *m = dir->peer[i];

		if (!viz_live_partner(net->trust, &m->id) || !viz_member_node(net->core, b, m) ||
		    !is_later(b->version))
			continue;
		snprintf(later, sizeof later, "%s", b->version);
		n++;
	}
	free(b);
	o = check(d, "version", n == 0, "apt-get install --only-upgrade vizinho");
	set_count(o, n);
	viz_request_set_text(o, "value", later);
}

/* Who vouches for authors that we leave out, and for how many. */
static void check_left_out(struct doctor *d)
{
	struct viz_request *req = d->req;
	const struct viz_directory *dir = &req->net->trust->directory;
	json_t *list = json_array();

	for (size_t i = 0; i < dir->count && req->net->trust->leave.left_count > 0; i++) {
		const struct viz_member *m = dir->list[i];
		json_int_t n = 0;
		json_t *o;

		for (size_t k = 0; k < m->vouch_count; k++)
			n += m->vouch[k].counted && m->vouch[k].to->member &&
			     m->vouch[k].to->member->items.left_out;
		if (n == 0)
			continue;
		o = viz_control_member_json(req, m);
		json_object_set_new(o, "left_out_count", json_integer(n));
		json_array_append_new(list, o);
		set_count(check_peer(d, "left-out", m), (uint64_t)n);
	}
	json_object_set_new(req->result, "left_out_vouchers", list);
}

static void check_share(struct doctor *d)
{
	struct viz_net *net = d->req->net;
	bool full = net->trust->leave.total > viz_share_federation(net->core) / 8 * 7;

	check(d, "share", !full, "systemctl restart vizinhod");
	json_object_set_new(d->req->result, "share_nearly_full", json_boolean(full));
}

/* ---- backups ---- */

/* The row of META: when the last good backup was made. */
struct backup_row {
	struct viz_time at;
};
#define BACKUP(F) F(TIME, at)

static void check_backup(struct doctor *d)
{
	struct viz_core *core = d->req->net->core;
	struct backup_row row = {{0}};
	struct viz_slice v;

	if (!viz_core_get(core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_BACKUP)) ||
	    VIZ_FIELDS_PARSE(&row, v.p, v.len, BACKUP) != VIZ_OK)
		row.at.ms = 0;
	viz_request_set_time(check(d, "backup",
				   row.at.ms != 0 && row.at.ms + BACKUP_OLD_MS > core->now.ms,
				   "vizinho backup --help"),
			     "since", row.at);
}

static int doctor(struct viz_request *req)
{
	struct doctor d = {.req = req, .checks = json_array()};
	const struct viz_profile *profile = &req->net->trust->profile;
	const char *verdict;

	viz_health_set(req->result, req->net);
	check_clock(&d);
	check_machine(&d);
	check_addresses(&d);
	check_vouchers(&d);
	check_versions(&d);
	check_backup(&d);
	check_share(&d);
	check_left_out(&d);
	json_object_set_new(req->result, "checks", d.checks);
	verdict = json_string_value(json_object_get(req->result, "verdict"));
	if (d.degraded && strcmp(verdict, "well") == 0)
		json_object_set_new(req->result, "verdict", json_string("degraded"));
	json_object_set_new(req->result, "privacy_said", json_boolean(profile->privacy[0] != '\0'));
	json_object_set_new(req->result, "withdrawal_said",
			    json_boolean(profile->withdrawal[0] != '\0'));
	return VIZ_OK;
}

const struct viz_control_op viz_control_doctor_ops[] = {
    {"doctor", doctor, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLE_READER | VIZ_ROLE_ADMIN,
     viz_request_none},
    {0},
};
