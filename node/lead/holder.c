#include "node/lead/holder.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/journal.h"
#include "node/lead/award.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/link/net.h"
#include "node/offer/probing.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"

/* The holder can no longer show the contact. A lead that has ended may have waited for that, to
 * sign its last CHOICE. */
static void release(struct viz_trust *trust, struct viz_lead *lead)
{
	lead->released = true;
	lead->lease_until = (struct viz_time){0};
	viz_due_set(trust->core, trust->core->now, VIZ_DUE_LEAD, &trust->self.author, lead->slot);
}

void viz_lead_holder_note_received(struct viz_net *net, const struct viz_record *rec,
				   struct viz_reader *body)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_award_note note;

	viz_award_note_read(body, &note);
	if (viz_reader_finish(body) != VIZ_OK || !viz_lead_get(net->core, lead, rec->slot) ||
	    !viz_id_eq(&lead->award, &note.award) || !viz_id_eq(&lead->award_to, &rec->author)) {
		free(lead);
		return;
	}
	viz_statement_keep(net->core, &net->trust->self.author, rec, lead->award_n);
	if (rec->type == VIZ_TYPE_HANDOFF_ACK) {
		if (note.accepted && lead->state == VIZ_LEAD_AWARDED) {
			lead->state = VIZ_LEAD_DELIVERED;
			lead->delivered_at = net->core->now;
			viz_due_set(
			    net->core,
			    viz_after(net->core->now, net->core->federation.contact_origin_ms),
			    VIZ_DUE_LEAD, &net->trust->self.author, lead->slot);
		}
		if (!note.accepted)
			lead->released = true;
	} else if (rec->type == VIZ_TYPE_CONTACTED) {
		/* after the call it may show the contact until the award ends */
		if (!lead->recalled && !lead->released &&
		    (lead->state == VIZ_LEAD_DELIVERED || lead->state == VIZ_LEAD_AWARDED)) {
			struct viz_lease lease = {
			    .award = lead->award, .granted = true, .extended = true};

			lead->state = VIZ_LEAD_CONTACTED;
			lead->contacted_at = net->core->now;
			lead->lease_until = lead->award_latest;
			viz_lead_award_issue_lease(net, lead->slot, lead->award_n, &lease,
						   &rec->author);
		}
	} else {
		const struct viz_member *m = viz_member_find(net->trust, &rec->author);

		release(net->trust, lead);
		viz_core_log(net->core, 5,
			     "a lead was given back by %s: `vizinho lead list` shows it",
			     m ? viz_member_name(m) : "a member");
	}
	viz_lead_put(net->core, lead);
	free(lead);
}

void viz_lead_holder_outcome_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_outcome o;

	viz_outcome_read(body, &o);
	if (viz_reader_finish(body) == VIZ_OK && viz_lead_get(net->core, lead, rec->slot) &&
	    viz_id_eq(&lead->award, &o.award) && viz_id_eq(&lead->award_to, &rec->author) &&
	    lead->state != VIZ_LEAD_WITHDRAWN && lead->state != VIZ_LEAD_INSTALLED &&
	    !(lead->state == VIZ_LEAD_LOST && o.kind == VIZ_OUTCOME_LOST)) {
		viz_statement_keep(net->core, &net->trust->self.author, rec, lead->award_n);
		lead->state = o.kind == VIZ_OUTCOME_INSTALLED ? VIZ_LEAD_INSTALLED : VIZ_LEAD_LOST;
		lead->days_offline = o.days_offline;
		lead->lease_until = (struct viz_time){0};
		if (lead->state == VIZ_LEAD_INSTALLED) {
			viz_probing_count(net->trust, VIZ_PROBE_GIVER, &rec->author,
					  VIZ_PROBE_INSTALL, viz_record_slot_begins(lead->slot));
			viz_lead_personal_erase(net->core, lead);
		}
		viz_lead_put(net->core, lead);
		viz_journal_add(net->core, viz_lead_state_name(lead->state), &lead->award);
	}
	free(lead);
}

/* Whether we keep this very statement: then the mail came twice. */
static bool is_repeated(struct viz_trust *trust, const struct viz_record *rec, uint64_t number)
{
	size_t len = rec->len + sizeof rec->sig.b;
	struct viz_slice v;

	return viz_statement_get(trust->core, &v, &trust->self.author, rec->slot, rec->type,
				 &rec->author, number) &&
	       v.len == len && memcmp(v.p, rec->bytes - sizeof rec->sig.b, len) == 0;
}

/* A holder that has erased everything has released the award too. It may not have sent RELEASE: its
 * key may have been revoked then. Statements of one partner come in order, so after HANDOFF_ACK of
 * the current award ERASED cannot mean an older one. */
static void release_by_erasing(struct viz_trust *trust, struct viz_lead *lead,
			       const struct viz_id *who)
{
	if (lead->delivered_at.ms != 0 && lead->state != VIZ_LEAD_INSTALLED &&
	    viz_id_eq(&lead->award_to, who))
		release(trust, lead);
}

void viz_lead_holder_erased_received(struct viz_net *net, const struct viz_record *rec,
				     struct viz_reader *body)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_lead_peer *peer;
	struct viz_erased e;

	viz_erased_read(body, &e);
	if (viz_reader_finish(body) == VIZ_OK && viz_lead_get(net->core, lead, rec->slot) &&
	    viz_id_eq(&lead->offer, &e.offer) && !is_repeated(net->trust, rec, (uint64_t)e.what)) {
		peer = viz_lead_find_peer(lead, &rec->author);
		if (peer) {
			viz_statement_keep(net->core, &net->trust->self.author, rec,
					   (uint64_t)e.what);
			/* without the location it may still hold the contact, and a revocation asks
			 * for all */
			peer->erased |= e.what == VIZ_ERASED_ALL ||
					(!peer->awarded && lead->state != VIZ_LEAD_WITHDRAWN);
			if (e.what == VIZ_ERASED_ALL)
				release_by_erasing(net->trust, lead, &rec->author);
			viz_lead_put(net->core, lead);
		}
	}
	free(lead);
}
