#include "node/audit/judge_records.h"

#include "node/audit/finding.h"
#include "node/audit/log.h"
#include "node/audit/rules.h"
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/log.h"
#include "node/link/net.h"
#include "node/trust/heavy.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/named.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"

/* A higher seq takes the place of both: they are kept, as the proof. One pair of a place is enough,
 * so an author has no more of them than it has findings. */
static void keep_halves(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_record half;
	struct viz_held held;
	struct viz_id id;

	viz_ids_record(&id, &core->federation_id, rec);
	viz_named_put_proof(core, rec, &id);
	if (!viz_place_get(core, &held, &half, &rec->author, rec->type, rec->slot))
		return;
	viz_ids_record(&id, &core->federation_id, &half);
	viz_named_put_proof(core, &half, &id);
}

/* Whether there is room for such a proof: puppets of a member can contradict themselves without
 * end, and must not fill the store. */
static bool may_keep(struct viz_trust *trust, const struct viz_record *rec)
{
	const struct viz_member *m = viz_member_find(trust, &rec->author);

	return (m && viz_heavy_keeps(trust, m)) || viz_core_used_quarters(trust->core) < 2;
}

void viz_judge_records_equivocation(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_finding_list found = {0};
	struct viz_id about = {{rec->type}};
	struct viz_record first;
	struct viz_held held;
	bool known =
	    viz_finding_kept(net->core, &rec->author, rec->slot, VIZ_RULE_EQUIVOCATION, &about);

	found.key_ended =
	    !viz_audit_log_counts(net->trust, rec) ||
	    (viz_place_get(net->core, &held, &first, &rec->author, rec->type, rec->slot) &&
	     !viz_audit_log_counts(net->trust, &first));
	viz_finding_list_add(&found, VIZ_RULE_EQUIVOCATION, VIZ_VERDICT_CONTRADICTION, &about);
	viz_finding_list_keep(net->trust, &found, &rec->author, rec->slot);
	if (viz_record_is_of_log(rec->type)) {
		viz_gossip_log_held(net, rec);
		viz_audit_log_record(net->trust, rec);
	} else if (!known && !viz_record_is_write_once(rec->type) && may_keep(net->trust, rec) &&
		   viz_finding_kept(net->core, &rec->author, rec->slot, VIZ_RULE_EQUIVOCATION,
				    &about)) {
		keep_halves(net->core, rec);
	}
}

/* Keeps the findings, and as their proof the record that has come and those that it replaces. */
static void keep_pair(struct viz_trust *trust, struct viz_finding_list *found,
		      const struct viz_record *rec)
{
	const uint8_t types[] = {VIZ_TYPE_PARTNERS, VIZ_TYPE_NODE};
	struct viz_record held_rec;
	struct viz_held held;
	struct viz_id id;

	if (!viz_finding_list_keep(trust, found, &rec->author, 0))
		return;
	viz_ids_record(&id, &trust->core->federation_id, rec);
	viz_named_put_proof(trust->core, rec, &id);
	for (size_t i = 0; i < sizeof types; i++)
		if (viz_place_get(trust->core, &held, &held_rec, &rec->author, types[i], 0)) {
			viz_ids_record(&id, &trust->core->federation_id, &held_rec);
			viz_named_put_proof(trust->core, &held_rec, &id);
		}
}

/* The newest NODE of the author that names another PARTNERS than `rec`. False: none is held. */
static bool newest_naming_other(struct viz_core *core, struct viz_record *out,
				const struct viz_record *rec)
{
	struct viz_node_body *body = viz_core_alloc(sizeof *body);
	struct viz_named_walk walk;
	struct viz_record node;
	struct viz_held held;
	struct viz_id id;
	bool found;

	viz_ids_record(&id, &core->federation_id, rec);
	found = viz_place_get(core, &held, out, &rec->author, VIZ_TYPE_NODE, 0) &&
		viz_node_body_parse(body, out) == VIZ_OK && !viz_id_eq(&body->partners, &id);
	viz_named_walk_init(&walk, core, &rec->author);
	while (viz_named_walk_next(&walk, &node))
		if (node.type == VIZ_TYPE_NODE && (!found || node.time.ms > out->time.ms) &&
		    viz_node_body_parse(body, &node) == VIZ_OK &&
		    !viz_id_eq(&body->partners, &id)) {
			*out = node;
			found = true;
		}
	free(body);
	return found;
}

/* By the NODE, and the PARTNERS that it names. */
static void judge_named(struct viz_trust *trust, struct viz_finding_list *found,
			const struct viz_record *partners, const struct viz_record *node)
{
	struct viz_node_body *body = viz_core_alloc(sizeof *body);
	struct viz_record named;

	if (viz_node_body_parse(body, node) == VIZ_OK &&
	    viz_named_get(trust->core, &named, &node->author, &body->partners)) {
		found->key_ended =
		    !viz_audit_log_counts(trust, node) || !viz_audit_log_counts(trust, partners);
		viz_rules_records_named(&trust->core->federation, &named, partners, node,
					viz_finding_list_add, found);
	}
	free(body);
}

/* Keeps what stands at the place of a partner's NODE or PARTNERS: a proof may need it. */
static void keep_replaced(struct viz_trust *trust, const struct viz_id *author, uint8_t type)
{
	if (viz_live_partner(trust, author) && !viz_named_keep(trust->core, author, type))
		viz_suspect_found(trust, author, VIZ_SUSPICION_SHARE_FULL, 0, author);
}

void viz_judge_records_partners(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_finding_list found = {0};
	struct viz_named_walk walk;
	struct viz_record older;
	struct viz_held held;

	if (viz_place_get(net->core, &held, &older, &rec->author, rec->type, rec->slot)) {
		found.key_ended = !viz_audit_log_counts(net->trust, &older);
		viz_rules_records_partners(&net->core->federation, &older, rec,
					   viz_finding_list_add, &found);
	}
	if (viz_place_get(net->core, &held, &older, &rec->author, VIZ_TYPE_NODE, 0)) {
		found.key_ended = !viz_audit_log_counts(net->trust, &older);
		viz_rules_records_node(rec, &older, viz_finding_list_add, &found);
	}
	viz_named_walk_init(&walk, net->core, &rec->author);
	while (viz_named_walk_next(&walk, &older))
		if (older.type == VIZ_TYPE_NODE) {
			found.key_ended = !viz_audit_log_counts(net->trust, &older);
			viz_rules_records_node(rec, &older, viz_finding_list_add, &found);
		}
	if (newest_naming_other(net->core, &older, rec))
		judge_named(net->trust, &found, rec, &older);
	keep_pair(net->trust, &found, rec);
	keep_replaced(net->trust, &rec->author, VIZ_TYPE_PARTNERS);
}

void viz_judge_records_node(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_record partners, old;
	struct viz_node_body a, b;
	struct viz_finding_list found = {0};
	struct viz_held held;

	if (viz_place_get(net->core, &held, &partners, &rec->author, VIZ_TYPE_PARTNERS, 0)) {
		found.key_ended = !viz_audit_log_counts(net->trust, &partners);
		viz_rules_records_node(&partners, rec, viz_finding_list_add, &found);
		judge_named(net->trust, &found, &partners, rec);
	}
	keep_pair(net->trust, &found, rec);
	/* the last NODE that names a PARTNERS: one that is dated back may come behind its NODE */
	if (viz_place_get(net->core, &held, &old, &rec->author, VIZ_TYPE_NODE, 0) &&
	    viz_node_body_parse(&a, &old) == VIZ_OK && viz_node_body_parse(&b, rec) == VIZ_OK &&
	    !viz_id_eq(&a.partners, &b.partners))
		keep_replaced(net->trust, &rec->author, VIZ_TYPE_NODE);
}
