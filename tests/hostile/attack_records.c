/* Attacks with gossiped records. */
#include "tests/hostile/peer.h"
#include "crypto/rng.h"
#include "node/core/core.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/writer.h"

static void offer(struct peer *p, struct forged *out, uint64_t slot, struct viz_time time,
		  int64_t window)
{
	struct viz_offer o = {.at = FORGE_OFFER_AT,
			      .node_time = time,
			      .closes = viz_after(time, window),
			      .draw = 1,
			      .drawn = time,
			      .area.municipality = 3201209,
			      .asked[0].newcomer = true,
			      .asked_count = 1};
	uint8_t body[1024];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_offer_write(&w, &o);
	forge_record(out, &p->me, VIZ_TYPE_OFFER, slot, time, &w);
}

static void give(struct peer *p)
{
	if (peer_open(p))
		peer_record(p, &p->scratch);
	peer_drain(p, 0);
}

/* Sends the same bytes again and again: our records and those of others. */
static void replays(struct peer *p, size_t count)
{
	struct forged *node = calloc(1, sizeof *node);

	VIZ_REQUIRE(node);
	forge_node(node, &p->me, peer_time(p));
	for (size_t i = 0; i < count && peer_open(p); i++) {
		peer_record(p, i % 2 && p->kept.len > 0 ? &p->kept : node);
		peer_drain(p, 0);
	}
	free(node);
}

/* Sends records with damaged signatures, and records of others that we signed. */
static void false_signatures(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct forge f = p->me;

		if (i % 2) {
			f.author = p->invite.author;
			forge_vouch(&p->scratch, &f, i % 64, peer_time(p), &p->me.author, false);
		} else {
			forge_vouch(&p->scratch, &f, i % 64, peer_time(p), &p->stranger.author,
				    false);
			p->scratch.bytes[peer_below(p, 64)] ^= 1;
		}
		give(p);
		peer_drain(p, 5);
	}
}

/* Uses slots beyond those of the type, slots of another day, and times in the future. */
static void quotas(struct peer *p, size_t count)
{
	struct viz_time now = peer_now();

	for (size_t i = 0; i < count; i++) {
		uint64_t slot = viz_record_slot_make(now, VIZ_OFFERS_PER_DAY - 1);

		switch (i % 5) {
		case 0:
			offer(p, &p->scratch, slot + ((1 + i) << (i % 2 ? 8 : 0)), now, 3000);
			break;
		case 1:
			offer(p, &p->scratch, slot + (UINT64_C(1) << 32), now, 3000);
			break;
		case 2:
			forge_node(&p->scratch, &p->me, viz_after(peer_time(p), 9 * VIZ_DAY_MS));
			break;
		case 3:
			offer(p, &p->scratch, slot, now, INT64_C(90000000000));
			break;
		default:
			offer(p, &p->scratch, slot, now, -5);
		}
		give(p);
		peer_drain(p, 5);
	}
}

static void equivocations(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct viz_time t = peer_time(p);
		uint64_t slot = viz_record_slot_make(t, (unsigned)(i % VIZ_OFFERS_PER_DAY));

		for (unsigned half = 0; half < 3; half++) {
			if (i % 2)
				offer(p, &p->scratch, slot, t, 3000 + (int64_t)half);
			else
				forge_vouch(&p->scratch, &p->me, 2, t,
					    half ? &p->stranger.author : &p->invite.author,
					    half == 2);
			give(p);
		}
	}
}

/* Sends as many offers as a day allows, for many days. Nobody can open them. */
static void offers(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count && peer_open(p); i++) {
		struct viz_time t = viz_after(peer_now(), -(int64_t)(i / 512) * VIZ_DAY_MS);

		offer(p, &p->scratch, viz_record_slot_make(t, (unsigned)(i % VIZ_OFFERS_PER_DAY)),
		      t, 3000);
		peer_record(p, &p->scratch);
		peer_drain(p, 0);
	}
}

/* Vouches for one author after another, and publishes a large coverage again and again. */
static void churn(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count && peer_open(p); i++) {
		struct viz_id stranger;

		viz_rng_bytes(&p->rng, stranger.b, sizeof stranger.b);
		if (i % 2)
			forge_vouch(&p->scratch, &p->me, 1 + i % 63, peer_time(p), &stranger,
				    i % 3);
		else
			forge_coverage(&p->scratch, &p->me, i % 64, peer_time(p), 1024,
				       (uint32_t)i);
		peer_record(p, &p->scratch);
		peer_drain(p, 0);
	}
}

/* Sends CLOSE, RESULT and CHOICE without an offer, before their time, with pledges that nobody has
 * signed, and again after the end. */
static void closes(struct peer *p, size_t count)
{
	struct viz_result *res = calloc(1, sizeof *res);
	struct viz_close *c = calloc(1, sizeof *c);
	struct viz_time now = peer_now();
	uint8_t body[4096];

	VIZ_REQUIRE(res && c);
	c->at = res->at = FORGE_LATER_AT;
	c->count = res->count = 2;
	c->entry[0].answered = res->entry[0].revealed = true;
	res->kind = VIZ_RESULT_ORDER;
	res->order_len = 3;
	for (size_t i = 0; i < count && peer_open(p); i++) {
		uint64_t slot = viz_record_slot_make(now, (unsigned)(i % VIZ_OFFERS_PER_DAY));
		struct viz_choice choice = {.at = FORGE_LATER_AT, .what = VIZ_CHOICE_AWARD};
		struct viz_pledge pledge = {.answer = VIZ_ANSWER_NO};
		struct viz_writer w;

		viz_writer_init(&w, body, sizeof body);
		viz_pledge_write(&w, &pledge);
		forge_statement(&p->scratch, &p->me, VIZ_TYPE_PLEDGE, slot, 1, now, &w);
		VIZ_REQUIRE(p->scratch.len == sizeof c->entry[0].pledge);
		memcpy(c->entry[0].pledge, p->scratch.bytes, p->scratch.len);
		viz_rng_bytes(&p->rng, c->entry[0].pledge, i % 2 ? 64 : 1);
		viz_writer_init(&w, body, sizeof body);
		viz_close_write(&w, c);
		forge_record(&p->scratch, &p->me, VIZ_TYPE_CLOSE, slot, now, &w);
		peer_record(p, &p->scratch);
		offer(p, &p->scratch, slot, now, 4000);
		peer_record(p, &p->scratch);
		viz_writer_init(&w, body, sizeof body);
		viz_result_write(&w, res);
		forge_record(&p->scratch, &p->me, VIZ_TYPE_RESULT, slot, now, &w);
		peer_record(p, &p->scratch);
		viz_rng_bytes(&p->rng, choice.commitment.b, sizeof choice.commitment.b);
		viz_writer_init(&w, body, sizeof body);
		viz_choice_write(&w, &choice);
		forge_record(&p->scratch, &p->me, VIZ_TYPE_CHOICE,
			     viz_record_slot_choice(slot, 1 + (unsigned)(i % VIZ_AWARDS_MAX)), now,
			     &w);
		peer_record(p, &p->scratch);
		peer_drain(p, 0);
	}
	free(res);
	free(c);
}

const struct attack attack_records[] = {
    {"replays", replays}, {"false-signatures", false_signatures},
    {"quotas", quotas},   {"equivocations", equivocations},
    {"offers", offers},   {"churn", churn},
    {"closes", closes},   {NULL, NULL},
};
