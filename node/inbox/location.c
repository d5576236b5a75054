#include "node/inbox/location.h"

#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/coverage/plant.h"
#include "node/inbox/pledge.h"
#include "node/inbox/row.h"
#include "node/link/net.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"

void viz_inbox_location_refused(struct viz_net *net, const struct viz_id *from,
				struct viz_reader *r)
{
	struct viz_inbox *in;
	uint64_t slot;

	viz_reader_tuple(r, 1);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, from, slot);
	if (in && in->state == VIZ_INBOX_LISTED && in->closes.ms > net->core->now.ms &&
	    viz_inbox_pledge(net, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE) == VIZ_OK)
		viz_inbox_put(net->core, in);
	free(in);
}

/* The receipt must be the origin's, name us, be for this offer, and be what the OFFER committed to.
 */
static bool receipt_good(struct viz_trust *trust, const struct viz_inbox *in, const uint8_t *bytes,
			 size_t len, const struct viz_id *blinding, const struct viz_offer *o)
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct viz_id id, commit;
	bool good = false;

	if (viz_statement_check(trust, &rec, &id, bytes, len, VIZ_TYPE_RECEIPT, &in->origin) ==
	    VIZ_OK) {
		viz_commitment(&commit, "vizinho/receipt", blinding, id.b, 32);
		good = viz_receipt_parse(c, &rec) == VIZ_OK && c->offer_slot == in->slot &&
		       rec.slot == in->slot && c->purpose == VIZ_PURPOSE_LOCATION &&
		       c->state == VIZ_CONSENT_GIVEN && viz_receipt_names(c, &trust->self.author) &&
		       viz_id_eq(&commit, &o->receipt_commit);
		if (good)
			viz_statement_keep(trust->core, &in->origin, &rec, 1);
	}
	free(c);
	return good;
}

static void located(struct viz_net *net, struct viz_inbox *in, const uint8_t *bytes, size_t len,
		    const struct viz_location *location)
{
	struct viz_lead_secrets s;

	viz_secrets_create(net->core, &s, &in->vault);
	viz_due_set(net->core, viz_inbox_location_over(net->core, in), VIZ_DUE_INBOX, &in->origin,
		    in->slot);
	if (viz_secrets_seal(net->core, in->location, &in->location_len, sizeof in->location, &s,
			     bytes, len) == VIZ_OK) {
		in->state = VIZ_INBOX_LOCATED;
		if (!net->trust->profile.by_hand) {
			enum viz_no_reason reason;
			enum viz_answer answer = viz_plant_answer(net->core, &reason, location);

			viz_inbox_pledge(net, in, answer, reason);
		} else {
			viz_due_set(net->core, in->closes, VIZ_DUE_INBOX, &in->origin, in->slot);
		}
	}
	viz_wipe(&s, sizeof s);
	viz_inbox_put(net->core, in);
}

void viz_inbox_location(struct viz_net *net, const struct viz_id *from, struct viz_reader *r)
{
	const uint8_t *bytes, *receipt;
	size_t len = 0, receipt_len = 0;
	struct viz_id blinding, receipt_blinding, commit;
	struct viz_location location;
	struct viz_inbox *in;
	struct viz_record rec;
	struct viz_held held;
	struct viz_offer o;
	struct viz_reader lr, or ;
	uint64_t slot;

	viz_reader_tuple(r, 5);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	bytes = viz_reader_bin(r, &len, 1, VIZ_LOCATION_MAX);
	blinding = viz_reader_id(r);
	receipt = viz_reader_bin(r, &receipt_len, 65, VIZ_SIGNED_RECORD_MAX);
	receipt_blinding = viz_reader_id(r);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	if (viz_statement_check(net->trust, &rec, &commit, receipt, receipt_len, VIZ_TYPE_RECEIPT,
				from) == VIZ_ERR_ABSENT) {
		viz_reader_fail(r, VIZ_ERR_ABSENT);
		return;
	}
	viz_reader_init(&lr, bytes, len);
	viz_location_read(&lr, &location);
	if (viz_reader_finish(&lr) != VIZ_OK) {
		viz_reader_fail(r, VIZ_ERR_FORM);
		return;
	}
	in = viz_inbox_fetch(net->core, from, slot);
	if (!in || in->state != VIZ_INBOX_LISTED || in->closes.ms <= net->core->now.ms ||
	    !viz_place_get(net->core, &held, &rec, from, VIZ_TYPE_OFFER, slot)) {
		free(in);
		return;
	}
	viz_reader_init(& or, rec.body, rec.body_len);
	viz_offer_read(& or, &o);
	viz_commitment(&commit, "vizinho/location", &blinding, bytes, len);
	if (!viz_id_eq(&commit, &o.location_commit) ||
	    !receipt_good(net->trust, in, receipt, receipt_len, &receipt_blinding, &o)) {
		viz_core_log(net->core, 4, "a location from %s does not match its offer",
			     viz_member_name(viz_member_find(net->trust, from)));
		viz_reader_fail(r, VIZ_ERR_AUTH);
	} else {
		located(net, in, bytes, len, &location);
	}
	viz_wipe(&location, sizeof location);
	free(in);
}
