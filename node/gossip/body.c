#include "node/gossip/body.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"

int viz_body_check(const struct viz_record *rec, const struct viz_federation *f)
{
	union {
		struct viz_node_body node;
		struct viz_succession succession;
		struct viz_vouch vouch;
		struct viz_partners partners;
		struct viz_coverage coverage;
		struct viz_offer offer;
		struct viz_pledge pledge;
		struct viz_close close;
		struct viz_result result;
	} *b = viz_core_alloc(sizeof *b);
	struct viz_reader r;
	int err;

	viz_reader_init(&r, rec->body, rec->body_len);
	switch (rec->type) {
	case VIZ_TYPE_NODE:
		viz_node_body_read(&r, &b->node);
		if (b->node.start.ms > rec->time.ms)
			viz_reader_fail(&r, VIZ_ERR_MEANING);
		break;
	case VIZ_TYPE_SUCCESSION:
		viz_succession_read(&r, &b->succession);
		break;
	case VIZ_TYPE_REVOCATION:
		viz_trust_revocation_read(&r);
		break;
	case VIZ_TYPE_VOUCH:
		viz_vouch_read(&r, &b->vouch);
		if (viz_id_eq(&b->vouch.sponsee, &rec->author))
			viz_reader_fail(&r, VIZ_ERR_MEANING);
		break;
	case VIZ_TYPE_PARTNERS:
		viz_partners_read(&r, &b->partners);
		if (!viz_partners_dated(&b->partners, rec->time))
			viz_reader_fail(&r, VIZ_ERR_MEANING);
		break;
	case VIZ_TYPE_COVERAGE:
		viz_coverage_read(&r, &b->coverage);
		break;
	case VIZ_TYPE_OFFER:
		viz_offer_read(&r, &b->offer);
		if (b->offer.closes.ms < rec->time.ms + f->window_min_ms ||
		    b->offer.closes.ms > rec->time.ms + f->window_min_ms * VIZ_WINDOW_FACTOR_MAX)
			viz_reader_fail(&r, VIZ_ERR_MEANING);
		break;
	case VIZ_TYPE_PLEDGE:
		viz_pledge_read(&r, &b->pledge);
		/* One day more, because the origin's clock may be a little ahead of the partner's.
		 */
		if (viz_record_slot_day(b->pledge.offer_slot) > viz_record_slot_day(rec->slot) + 1)
			viz_reader_fail(&r, VIZ_ERR_MEANING);
		break;
	case VIZ_TYPE_CLOSE:
		viz_close_read(&r, &b->close);
		break;
	case VIZ_TYPE_RESULT:
		viz_result_read(&r, &b->result);
		break;
	default:
		viz_reader_fail(&r, VIZ_ERR_MEANING);
	}
	err = viz_reader_finish(&r);
	free(b);
	/* Nobody may hold a place for longer than its own time says. */
	if (err == VIZ_OK && rec->type < VIZ_TYPE_STATEMENT_MIN &&
	    !viz_record_is_write_once(rec->type) && rec->seq > 1 &&
	    rec->seq > (uint64_t)(rec->time.ms + f->skew_ms))
		err = VIZ_ERR_MEANING;
	return err;
}
