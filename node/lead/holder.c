#include "node/lead/holder.h"

#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/journal.h"
#include "node/lead/lead.h"
#include "node/lead/lease.h"
#include "node/lead/personal.h"
#include "node/lead/records.h"
#include "node/link/net.h"
#include "node/offer/probing.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"

/* The lead whose current award this is, when `rec` is a statement of its holder. The caller frees
 * it. NULL: it is about another award. */
static struct viz_lead *lead_of(struct viz_core *core, const struct viz_record *rec,
				const struct viz_id *award)
{
	struct viz_lead *lead = viz_lead_fetch(core, rec->slot);

	if (lead && lead->award_n > 0 && rec->seq == lead->award_n &&
	    viz_id_eq(&lead->award, award) && viz_id_eq(&lead->award_to, &rec->author))
		return lead;
	free(lead);
	return NULL;
}

/* Keeps the statement and writes the row; frees it. */
static void keep(struct viz_net *net, const struct viz_record *rec, struct viz_lead *lead)
{
	viz_statement_keep(net->core, &net->trust->self.author, rec, lead->award_n);
	viz_lead_put(net->core, lead);
	free(lead);
}

static void delivered(struct viz_net *net, struct viz_lead *lead)
{
	const struct viz_federation *f = &net->core->federation;
	const struct viz_id *self = &net->trust->self.author;
	struct viz_lead_peer *peer = viz_lead_find_peer(lead, &lead->award_to);

	lead->delivered_at = net->core->now;
	if (lead->state == VIZ_LEAD_AWARDED)
		lead->state = VIZ_LEAD_DELIVERED;
	viz_notice_add(net->trust, VIZ_NOTICE_DELIVERED, &lead->award, &lead->award_to, lead->slot);
	if (peer)
		peer->erased = false;
	viz_due_set(net->core, viz_after(net->core->now, f->contact_origin_ms), VIZ_DUE_LEAD, self,
		    lead->slot);
	viz_due_set(net->core, viz_after(net->core->now, f->contact_holder_ms), VIZ_DUE_LEAD, self,
		    lead->slot);
}

void viz_lead_holder_ack_received(struct viz_net *net, const struct viz_record *rec,
				  struct viz_reader *body)
{
	struct viz_handoff_ack ack;
	struct viz_lead *lead;

	viz_handoff_ack_read(body, &ack);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	lead = lead_of(net->core, rec, &ack.award);
	if (!lead)
		return;
	if (ack.accepted && lead->delivered_at.ms == 0) {
		delivered(net, lead);
	} else if (!ack.accepted && lead->delivered_at.ms == 0) {
		/* nobody holds the contact, and the customer may choose again */
		viz_lead_lease_released(net->trust, lead, NULL);
		viz_lead_records_end_consent(net, lead, VIZ_RECEIPT_AWARD + (uint64_t)lead->award_n,
					     VIZ_RECEIPT_AWARD_ENDED + (uint64_t)lead->award_n,
					     VIZ_CONSENT_TERMINATED);
	}
	keep(net, rec, lead);
}

void viz_lead_holder_contacted_received(struct viz_net *net, const struct viz_record *rec,
					struct viz_reader *body)
{
	struct viz_contacted said;
	struct viz_lead *lead;

	viz_contacted_read(body, &said);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	lead = lead_of(net->core, rec, &said.award);
	if (!lead)
		return;
	viz_lead_lease_contacted(net, lead, rec);
	keep(net, rec, lead);
}

void viz_lead_holder_release_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body)
{
	struct viz_release said;
	struct viz_lead *lead;

	viz_release_read(body, &said);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	lead = lead_of(net->core, rec, &said.award);
	if (!lead)
		return;
	viz_lead_lease_released(net->trust, lead, said.has_secret ? said.secret : NULL);
	viz_notice_add(net->trust, VIZ_NOTICE_RELEASED, NULL, &rec->author, lead->slot);
	keep(net, rec, lead);
}

/* Whether an outcome fits the state of the lead: its holder has accepted, and it is no end that
 * stays, as what was reached does when the person has revoked. */
static bool takes_outcome(const struct viz_lead *lead)
{
	if (lead->revoked || lead->delivered_at.ms == 0 ||
	    (lead->state == VIZ_LEAD_LOST && lead->opened))
		return false;
	return lead->state == VIZ_LEAD_DELIVERED || lead->state == VIZ_LEAD_CONTACTED ||
	       lead->state == VIZ_LEAD_INSTALLED || lead->state == VIZ_LEAD_LOST;
}

void viz_lead_holder_outcome_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body)
{
	enum viz_lead_state before;
	struct viz_lead *lead;
	struct viz_outcome o;

	viz_outcome_read(body, &o);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	lead = lead_of(net->core, rec, &o.award);
	if (!lead || !takes_outcome(lead)) {
		free(lead);
		return;
	}
	before = lead->state;
	lead->state = o.kind == VIZ_OUTCOME_INSTALLED ? VIZ_LEAD_INSTALLED : VIZ_LEAD_LOST;
	lead->has_days = o.has_days;
	lead->days_offline = o.days_offline;
	viz_lead_lease_released(net->trust, lead, o.has_secret ? o.secret : NULL);
	if (lead->state == VIZ_LEAD_INSTALLED && before != VIZ_LEAD_INSTALLED)
		viz_probing_count(net->trust, VIZ_PROBE_GIVER, &rec->author, VIZ_PROBE_INSTALL,
				  viz_record_slot_begins(lead->slot));
	if (lead->state == VIZ_LEAD_INSTALLED)
		viz_lead_personal_erase(net->core, lead);
	if (lead->state != before)
		viz_notice_add(net->trust,
			       lead->state == VIZ_LEAD_INSTALLED ? VIZ_NOTICE_INSTALLED
								 : VIZ_NOTICE_LOST,
			       &lead->award, &rec->author, lead->slot);
	keep(net, rec, lead);
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

/* Whether it says that the partner has nothing of this lead any more. Of one that has, or may have,
 * an award it must name that award, for what comes of an older one was sent before; or answer the
 * WITHDRAWAL of the offer, after which it takes none. */
static bool has_nothing(const struct viz_lead_peer *peer, const struct viz_erased *e)
{
	return e->what == VIZ_ERASED_WITHDRAWN || e->award_n == peer->award_n;
}

void viz_lead_holder_erased_received(struct viz_net *net, const struct viz_record *rec,
				     struct viz_reader *body)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_lead_peer *peer;
	struct viz_erased e;

	viz_erased_read(body, &e);
	if (viz_reader_finish(body) == VIZ_OK && viz_lead_get(net->core, lead, rec->slot) &&
	    viz_id_eq(&lead->offer, &e.offer) && !is_repeated(net->trust, rec, rec->seq) &&
	    rec->seq == ((uint64_t)e.what << 32 | e.award_n)) {
		peer = viz_lead_find_peer(lead, &rec->author);
		if (peer) {
			viz_statement_keep(net->core, &net->trust->self.author, rec, rec->seq);
			peer->erased |= has_nothing(peer, &e);
			/* RELEASE may be missing: the holder's key may have been revoked */
			if (e.what != VIZ_ERASED_LOCATION && e.award_n == lead->award_n &&
			    viz_id_eq(&lead->award_to, &rec->author) &&
			    lead->state != VIZ_LEAD_INSTALLED)
				viz_lead_lease_released(net->trust, lead,
							e.has_secret ? e.secret : NULL);
			viz_lead_put(net->core, lead);
		}
	}
	free(lead);
}
