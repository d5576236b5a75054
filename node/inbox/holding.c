#include "node/inbox/holding.h"

#include "node/core/core.h"
#include "node/core/secrets.h"
#include "node/inbox/erase.h"
#include "node/inbox/inbox.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/self/statement.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"

#define LEASE_ASK_MS 1000 /* least time between two questions for a lease */

void viz_inbox_holding_send_note(struct viz_net *net, const struct viz_inbox *in, uint8_t type,
				 const struct viz_id *award, uint32_t n, bool accepted)
{
	struct viz_award_note nt = {.award = *award, .accepted = accepted};
	VIZ_WRITER(w, 64);

	viz_award_note_write(&w, &nt);
	viz_statement_issue(net, NULL, type, &in->origin, in->slot, n, &w, &in->origin);
}

void viz_inbox_holding_end(struct viz_net *net, struct viz_inbox *in, uint32_t n, bool release)
{
	if (n <= in->tombstone_n)
		return;
	in->tombstone_n = n;
	if (in->award_n == 0 || in->award_n > n)
		return;
	if (release && (in->state == VIZ_INBOX_AWARDED || in->state == VIZ_INBOX_CONTACTED)) {
		in->state = VIZ_INBOX_RELEASED;
		viz_inbox_holding_send_note(net, in, VIZ_TYPE_RELEASE, &in->award, in->award_n,
					    false);
	}
	/* after a call OUTCOME may still follow */
	if (in->state == VIZ_INBOX_AWARDED)
		in->state = VIZ_INBOX_RELEASED;
	in->lease_until = (struct viz_time){0};
	if (release || in->vault != 0)
		viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
}

static void ask_lease(struct viz_net *net, struct viz_inbox *in)
{
	/* after lease_ms without an answer we ask again: that lease would be over */
	int64_t wait = in->lease_answered ? LEASE_ASK_MS : net->core->federation.lease_ms;
	struct viz_mail_lease_ask mail = {in->slot, in->award, net->core->now};
	VIZ_WRITER(w, 64);

	if (in->lease_asked.ms + wait > net->core->now.ms)
		return;
	in->lease_asked = net->core->now;
	in->lease_answered = false;
	viz_mail_lease_ask_write(&w, &mail);
	viz_mail_send(net, &in->origin, VIZ_MAIL_LEASE_ASK, &w);
	viz_inbox_put(net->core, in);
}

bool viz_inbox_holding_may_show(struct viz_net *net, struct viz_inbox *in)
{
	if (in->contact_len == 0 || in->vault == 0 || in->withdrawn ||
	    in->award_latest.ms <= net->core->now.ms)
		return false;
	/* after our call the lease is still needed, until the origin has taken CONTACTED and
	 * extends the lease to the award's end */
	if (in->state != VIZ_INBOX_AWARDED && in->state != VIZ_INBOX_CONTACTED)
		return false;
	if (net->core->now.ms < in->lease_until.ms)
		return true;
	ask_lease(net, in);
	return false;
}

/* A lease counts from the time at which we asked, by our clock. We take only the answer to our last
 * question of this run of the process: the clock may have been set since an older one. An extended
 * lease ends with the award, so it needs no question. */
static void take_lease(struct viz_core *core, struct viz_inbox *in, const struct viz_record *rec,
		       const struct viz_lease *lease)
{
	bool answer =
	    lease->asked.ms > 0 && !in->lease_answered && lease->asked.ms == in->lease_asked.ms;
	struct viz_time until =
	    lease->extended ? in->award_latest : viz_after(lease->asked, core->federation.lease_ms);

	if (!answer && !lease->extended)
		return;
	in->lease_answered |= answer;
	if (lease->granted) {
		if (until.ms > in->lease_until.ms)
			in->lease_until = until;
		viz_statement_keep(core, &rec->author, rec, in->award_n);
	}
	viz_inbox_put(core, in);
}

void viz_inbox_holding_lease_received(struct viz_net *net, const struct viz_record *rec,
				      struct viz_reader *body)
{
	struct viz_lease lease;
	struct viz_inbox *in;

	viz_lease_read(body, &lease);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, &rec->author, rec->slot);
	if (in && viz_id_eq(&lease.award, &in->award) &&
	    (in->state == VIZ_INBOX_AWARDED || in->state == VIZ_INBOX_CONTACTED))
		take_lease(net->core, in, rec, &lease);
	free(in);
}

int viz_inbox_holding_open_contact(struct viz_core *core, struct viz_contact *out,
				   const struct viz_inbox *in)
{
	return viz_secrets_unseal_contact(core, out, in->vault, in->contact, in->contact_len);
}

int viz_inbox_holding_open_location(struct viz_core *core, struct viz_location *out,
				    const struct viz_inbox *in)
{
	return viz_secrets_unseal_location(core, out, in->vault, in->location, in->location_len);
}

int viz_inbox_holding_contacted(struct viz_net *net, struct viz_inbox *in)
{
	/* what we cannot sign to the origin does not count either */
	if (in->state != VIZ_INBOX_AWARDED || net->core->now.ms >= in->lease_until.ms ||
	    !viz_identity_may_sign(net->trust))
		return VIZ_ERR_STATE;
	in->state = VIZ_INBOX_CONTACTED;
	in->contacted_at = net->core->now;
	viz_inbox_holding_send_note(net, in, VIZ_TYPE_CONTACTED, &in->award, in->award_n, true);
	viz_inbox_put(net->core, in);
	return VIZ_OK;
}

int viz_inbox_holding_release(struct viz_net *net, struct viz_inbox *in)
{
	if ((in->state != VIZ_INBOX_AWARDED && in->state != VIZ_INBOX_CONTACTED) ||
	    net->trust->self.revoked)
		return VIZ_ERR_STATE;
	in->state = VIZ_INBOX_RELEASED;
	in->lease_until = (struct viz_time){0};
	viz_inbox_holding_send_note(net, in, VIZ_TYPE_RELEASE, &in->award, in->award_n, false);
	viz_inbox_erase(net->core, in, VIZ_ERASED_ALL);
	viz_inbox_put(net->core, in);
	return VIZ_OK;
}

int viz_inbox_holding_outcome(struct viz_net *net, struct viz_inbox *in, enum viz_outcome_kind kind,
			      uint32_t days_offline)
{
	struct viz_outcome o = {.award = in->award, .kind = kind, .days_offline = days_offline};
	VIZ_WRITER(w, 64);

	if (in->state != VIZ_INBOX_CONTACTED || !viz_identity_may_sign(net->trust))
		return VIZ_ERR_STATE;
	in->state = kind == VIZ_OUTCOME_INSTALLED ? VIZ_INBOX_INSTALLED : VIZ_INBOX_LOST;
	in->days_offline = days_offline;
	viz_outcome_write(&w, &o);
	viz_statement_issue(net, NULL, VIZ_TYPE_OUTCOME, &in->origin, in->slot, in->award_n, &w,
			    &in->origin);
	viz_inbox_erase(net->core, in,
			VIZ_ERASED_ALL); /* a customer of ours is in the ERP from here on */
	viz_inbox_put(net->core, in);
	return VIZ_OK;
}
