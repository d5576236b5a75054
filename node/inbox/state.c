#include "node/inbox/state.h"

#include "node/core/core.h"
#include "node/gossip/strata.h"
#include "node/inbox/inbox.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/writer.h"

static enum viz_award_state state_of(const struct viz_core *core, const struct viz_inbox *in)
{
	switch (in->state) {
	case VIZ_INBOX_AWARDED:
		return in->lease_until.ms > core->now.ms ? VIZ_AWARD_LEASED : VIZ_AWARD_HELD;
	case VIZ_INBOX_CONTACTED:
		return VIZ_AWARD_CONTACTED;
	case VIZ_INBOX_INSTALLED:
		return VIZ_AWARD_INSTALLED;
	case VIZ_INBOX_LOST:
	case VIZ_INBOX_RELEASED:
		return VIZ_AWARD_ENDED;
	case VIZ_INBOX_UNKNOWN:
	case VIZ_INBOX_LISTED:
	case VIZ_INBOX_LOCATED:
	case VIZ_INBOX_PLEDGED:
	case VIZ_INBOX_REVEALED:
	case VIZ_INBOX_OVER:
	case VIZ_INBOX_WITHDRAWN:
	case VIZ_INBOX_BYSTANDER:
		return VIZ_AWARD_ERASED;
	}
	return VIZ_AWARD_ERASED;
}

void viz_inbox_state_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_inbox *in = NULL;
	struct viz_mail_state ask;
	struct viz_id origin;
	uint64_t slot;
	VIZ_WRITER(w, 128);

	viz_mail_state_read(r, &ask);
	if (viz_reader_finish(r) == VIZ_OK && ask.state == VIZ_AWARD_ASKED &&
	    viz_strata_find(net->core, &origin, &slot, &ask.offer) && viz_id_eq(&origin, from))
		in = viz_inbox_fetch(net->core, from, slot);
	if (in && viz_id_eq(&in->offer, &ask.offer) && in->answer != 0) {
		struct viz_mail_state mail = {.offer = ask.offer};

		if (in->award_n > 0) {
			mail.k = in->award_n;
			mail.award = in->award;
			mail.state = state_of(net->core, in);
		}
		viz_mail_state_write(&w, &mail);
		viz_mail_send(net, from, VIZ_MAIL_STATE, &w);
	}
	free(in);
}
