#include "node/gossip/body.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/protest.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"

/* Whether the OFFER can have been signed at this time in this federation. */
static bool offer_fits(const struct viz_offer *o, struct viz_time time,
		       const struct viz_federation *f)
{
	return o->closes.ms >= time.ms + f->window_min_ms &&
	       o->closes.ms <= time.ms + f->window_min_ms * VIZ_WINDOW_FACTOR_MAX &&
	       o->node_time.ms <= time.ms && o->node_time.ms + f->heartbeat_ms >= time.ms &&
	       o->drawn.ms <= time.ms && o->drawn.ms + f->draw_ms >= time.ms &&
	       viz_offer_drawn(o) <= (uint64_t)f->ask_max;
}

int viz_body_check(const struct viz_record *rec, const struct viz_federation *f)
{
	union {
		struct viz_node_body node;
		struct viz_succession succession;
		struct viz_vouch vouch;
		struct viz_partners partners;
		struct viz_coverage coverage;
		struct viz_offer offer;
		struct viz_close close;
		struct viz_result result;
		struct viz_choice choice;
		struct viz_protest protest;
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
		if (!offer_fits(&b->offer, rec->time, f))
			viz_reader_fail(&r, VIZ_ERR_MEANING);
		break;
	case VIZ_TYPE_CLOSE:
		viz_close_read(&r, &b->close);
		break;
	case VIZ_TYPE_RESULT:
		viz_result_read(&r, &b->result);
		break;
	case VIZ_TYPE_CHOICE:
		viz_choice_read(&r, &b->choice);
		/* the last one is no award, and before the first one there is nothing to open */
		if ((viz_record_slot_k(rec->slot) > VIZ_AWARDS_MAX &&
		     b->choice.what == VIZ_CHOICE_AWARD) ||
		    (viz_record_slot_k(rec->slot) == 1 && b->choice.has_opening))
			viz_reader_fail(&r, VIZ_ERR_MEANING);
		break;
	case VIZ_TYPE_PROTEST:
		viz_protest_read(&r, &b->protest);
		if (r.err == VIZ_OK && !viz_protest_fits(&b->protest, rec))
			viz_reader_fail(&r, VIZ_ERR_MEANING);
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
