#include "node/inbox/erase.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/core/secrets.h"
#include "node/inbox/claim.h"
#include "node/inbox/inbox.h"
#include "node/inbox/wish.h"
#include "node/link/net.h"
#include "node/self/statement.h"
#include "node/trust/notice.h"
#include "proto/base.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

/* Has viz_inbox_erase_report look at this row at the end of the batch. */
static void queue_report(struct viz_core *core, const struct viz_inbox *in)
{
	core->erased.list =
	    viz_core_grow(core->erased.list, core->erased.count + 1, sizeof *core->erased.list);
	core->erased.list[core->erased.count++] =
	    (struct viz_erasure){.origin = in->origin, .slot = in->slot};
}

void viz_inbox_erase(struct viz_core *core, struct viz_inbox *in, enum viz_erased_what what)
{
	viz_secrets_erase(core, &in->vault);
	viz_secret_wipe(in->location, sizeof in->location);
	viz_secret_wipe(in->contact, sizeof in->contact);
	in->location_len = in->contact_len = 0;
	viz_inbox_wish_drop(core, in);
	viz_inbox_claim_drop(core, in);
	in->erased_owed = what;
	queue_report(core, in);
}

static int say_erased(struct viz_net *net, const struct viz_inbox *in)
{
	struct viz_erased e = {.offer = in->offer, .what = VIZ_ERASED_LOCATION};
	VIZ_WRITER(w, 128);

	/* without an award there was nothing but the location */
	if (in->erased_owed != VIZ_ERASED_LOCATION && in->award_n != 0) {
		e.what = VIZ_ERASED_ALL;
		e.award_n = in->award_n;
		e.has_secret = in->has_release;
		memcpy(e.secret, in->release, sizeof e.secret);
	}
	if (in->withdrawn)
		e.what = VIZ_ERASED_WITHDRAWN;
	viz_erased_write(&w, &e);
	return viz_statement_issue(net, NULL, VIZ_TYPE_ERASED, &in->origin, in->slot,
				   (uint64_t)e.what << 32 | e.award_n, &w, &in->origin);
}

void viz_inbox_erase_report(struct viz_net *net)
{
	for (size_t i = 0; i < net->core->erased.count; i++) {
		struct viz_inbox *in = viz_inbox_fetch(net->core, &net->core->erased.list[i].origin,
						       net->core->erased.list[i].slot);

		/* a revoked key cannot sign: viz_inbox_erase_key_rotated queues the row again */
		if (in && in->erased_owed != 0 && say_erased(net, in) == VIZ_OK) {
			viz_notice_add(net->trust, VIZ_NOTICE_ERASED, &in->offer, &in->origin,
				       in->slot);
			in->erased_owed = (enum viz_erased_what)0;
			viz_inbox_put(net->core, in);
		}
		free(in);
	}
	net->core->erased.count = 0;
}

void viz_inbox_erase_key_rotated(struct viz_core *core)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_walk walk;

	viz_inbox_walk_init(&walk, core, NULL);
	while (viz_inbox_walk_next(&walk, in))
		if (in->erased_owed != 0)
			queue_report(core, in);
	free(in);
}

/* All offers in the batch of the start: nothing is served before it, and a row takes 0.5 us. */
void viz_inbox_erase_resume(struct viz_net *net)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_walk walk;

	net->core->inbox_waiting = 0;
	viz_inbox_walk_init(&walk, net->core, NULL);
	while (viz_inbox_walk_next(&walk, in)) {
		net->core->inbox_waiting += viz_inbox_waiting_for_us(in);
		if (in->erased_owed != 0)
			queue_report(net->core, in);
		/* the clock may have been set since we counted the lease: we ask anew */
		if (in->lease_until.ms != 0 || in->lease_asked.ms != 0) {
			in->lease_until = in->lease_asked = (struct viz_time){0};
			in->lease_answered = false;
			viz_inbox_put(net->core, in);
		}
	}
	free(in);
	/* the start has wiped the marked blocks before this batch began */
	viz_inbox_erase_report(net);
}
