/* A partner's offer here: key, location, our pledge, our reveal. The hand-off is inbox_award.c. */
#include "node/inbox.h"

#include "node/audit.h"
#include "node/circle.h"
#include "node/core.h"
#include "node/due.h"
#include "node/lead.h"
#include "node/mail.h"
#include "node/place.h"
#include "node/plant.h"
#include "node/record_id.h"
#include "node/secret.h"
#include "node/statements.h"

static struct viz_inbox *fetch(struct viz_node *node, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);

	if (viz_inbox_get(node, in, origin, slot))
		return in;
	free(in);
	return NULL;
}

#define KEY_DAYS 2 /* for so long an offer waits for its key */

/* When the location has not come by then, we pledge `no-content`. */
static struct viz_time answer_by(const struct viz_inbox *in)
{
	return (struct viz_time){in->closes.ms - (in->closes.ms - in->time.ms) / 4};
}

int viz_offer_open(struct viz_offer_secret *out, const struct viz_offer *o,
		   const struct viz_secret *key, const struct viz_id *origin, uint64_t slot)
{
	uint8_t *plain = viz_core_alloc(VIZ_OFFER_SEALED_MAX), aad[VIZ_ID_SLOT_LEN];
	struct viz_reader r;
	size_t len = 0;
	int err;

	viz_id_slot_key(aad, origin, slot);
	err = viz_open(plain, key, aad, sizeof aad, o->sealed, o->sealed_len);
	if (err == VIZ_OK)
		err = viz_unpad(&len, plain, o->sealed_len - VIZ_SEAL_OVERHEAD);
	if (err == VIZ_OK) {
		viz_reader_init(&r, plain + 2, len);
		viz_offer_secret_read(&r, out);
		err = viz_reader_finish(&r);
	}
	free(plain);
	return err;
}

static bool listed(const struct viz_offer_secret *s, const struct viz_id *id)
{
	for (size_t i = 0; i < s->eligible_count; i++)
		if (viz_id_eq(&s->eligible[i], id))
			return true;
	return false;
}

/* The key is here: read the sealed part, and begin our answer when we are eligible. */
static void opened(struct viz_node *node, struct viz_inbox *in, const struct viz_secret *key)
{
	struct viz_offer_secret *s = viz_core_alloc(sizeof *s);
	struct viz_held held;
	struct viz_record rec;
	struct viz_offer o;
	struct viz_reader r;
	struct viz_id hash;

	if (!viz_place_get(node, &held, &rec, &in->origin, VIZ_TYPE_OFFER, in->slot))
		goto done;
	viz_reader_init(&r, rec.body, rec.body_len);
	viz_offer_read(&r, &o);
	viz_offer_key_hash(&hash, key);
	if (viz_reader_finish(&r) != VIZ_OK || !viz_id_eq(&hash, &o.key_hash) ||
	    viz_offer_open(s, &o, key, &in->origin, in->slot) != VIZ_OK)
		goto done;
	in->has_key = true;
	in->key = *key;
	in->area = s->area;
	in->service = s->service;
	in->month = s->month;
	in->eligible_count = s->eligible_count;
	in->state = listed(s, &node->self.author) ? VIZ_INBOX_LISTED : VIZ_INBOX_BYSTANDER;
	if (in->state == VIZ_INBOX_LISTED && in->closes.ms > node->now.ms) {
		viz_mail_slot(node, &in->origin, VIZ_MAIL_LOCATION_ASK, in->slot);
		viz_due_set(node, answer_by(in), VIZ_DUE_INBOX, &in->origin, in->slot);
	}
	viz_mail_slot(node, &in->origin, VIZ_MAIL_VIEW_ASK, in->slot);
done:
	viz_inbox_put(node, in);
	free(s);
}

/* CLOSE and RESULT may have come first, over another link or by repair. */
static void
take_held(struct viz_node *node, const struct viz_id *origin, uint64_t slot, uint8_t type,
	  void (*take)(struct viz_node *, const struct viz_record *, const struct viz_id *))
{
	struct viz_record rec;
	struct viz_held held;
	struct viz_id id;
	uint8_t *copy;

	if (!viz_place_get(node, &held, NULL, origin, type, slot) || held.dead)
		return;
	copy = viz_core_alloc(held.a_len);
	memcpy(copy, held.a, held.a_len);
	VIZ_REQUIRE(viz_record_parse(&rec, copy, held.a_len) == VIZ_OK);
	viz_record_id(&id, &node->federation_id, &rec);
	take(node, &rec, &id);
	free(copy);
}

void viz_inbox_offer(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_inbox *in;
	struct viz_secret key;
	struct viz_offer o;
	struct viz_reader r;

	const struct viz_member *m = viz_member_find(node, &rec->author);

	/* as the origin judges it: at the OFFER's time, whatever our clock says or has changed
	 * since */
	if (viz_id_eq(&rec->author, &node->self.author) || !m || !m->member ||
	    !viz_mutual_partner(node, viz_member_self(node), m, rec->time))
		return;
	viz_reader_init(&r, rec->body, rec->body_len);
	viz_offer_read(&r, &o);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	in = viz_core_alloc(sizeof *in);
	/* a revocation may have come before the offer: its tombstone stays */
	if (!viz_inbox_get(node, in, &rec->author, rec->slot)) {
		memset(in, 0, sizeof *in);
		in->origin = rec->author;
		in->slot = rec->slot;
		in->state = VIZ_INBOX_SEALED;
	}
	in->offer = *id;
	in->time = rec->time;
	in->closes = o.closes;
	in->view = o.view;
	if (in->withdrawn) {
		viz_inbox_put(node, in);
	} else if (viz_circle_offer_key(node, &key, &rec->author, o.epoch, rec->slot)) {
		opened(node, in, &key);
		viz_wipe(&key, sizeof key);
	} else {
		viz_mail_slot(node, &rec->author, VIZ_MAIL_OFFER_KEY_ASK, rec->slot);
		viz_inbox_put(node, in);
	}
	free(in);
	take_held(node, &rec->author, rec->slot, VIZ_TYPE_CLOSE, viz_inbox_close);
	take_held(node, &rec->author, rec->slot, VIZ_TYPE_RESULT, viz_inbox_result);
}

void viz_inbox_key_arrived(struct viz_node *node, const struct viz_id *origin)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	int64_t days = node->now.ms / VIZ_DAY_MS;
	uint64_t since = days > KEY_DAYS ? (uint64_t)(days - KEY_DAYS) << 16 : 0;
	uint8_t from[VIZ_ID_SLOT_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;

	/* what has not been opened for days has closed long ago */
	viz_id_slot_key(from, origin, since);
	viz_walk_init(&walk, node->store, VIZ_TABLE_INBOX, origin->b, 32);
	viz_walk_from(&walk, from, sizeof from);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_secret offer_key;
		struct viz_record rec;
		struct viz_held held;
		struct viz_offer o;
		struct viz_reader r;
		uint64_t slot = viz_get_u64be(key.p + 32);

		if (!viz_inbox_get(node, in, origin, slot) || in->has_key || in->withdrawn ||
		    !viz_place_get(node, &held, &rec, origin, VIZ_TYPE_OFFER, slot))
			continue;
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_offer_read(&r, &o);
		if (viz_reader_finish(&r) == VIZ_OK &&
		    viz_circle_offer_key(node, &offer_key, origin, o.epoch, slot))
			opened(node, in, &offer_key);
	}
	free(in);
}

void viz_inbox_offer_key(struct viz_node *node, const struct viz_id *from, struct viz_reader *r)
{
	struct viz_secret key;
	struct viz_inbox *in;
	uint64_t slot;

	viz_reader_tuple(r, 2);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	viz_reader_fixed(r, key.b, sizeof key.b);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = fetch(node, from, slot);
	if (in && !in->has_key && !in->withdrawn)
		opened(node, in, &key);
	viz_wipe(&key, sizeof key);
	free(in);
}

void viz_inbox_view(struct viz_node *node, const struct viz_id *from, struct viz_reader *r)
{
	uint64_t slot, offset, total;
	const uint8_t *part;
	struct viz_inbox *in;
	size_t len = 0;

	viz_reader_tuple(r, 4);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	offset = viz_reader_uint(r, VIZ_VIEW_IDS_MAX * 32);
	total = viz_reader_uint(r, VIZ_VIEW_IDS_MAX * 32);
	part = viz_reader_bin(r, &len, 1, VIZ_VIEW_PART_BYTES);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	if (offset >= total || offset % VIZ_VIEW_PART_BYTES != 0 ||
	    len != (total - offset < VIZ_VIEW_PART_BYTES ? total - offset : VIZ_VIEW_PART_BYTES)) {
		viz_reader_fail(r, VIZ_ERR_MEANING);
		return;
	}
	in = fetch(node, from, slot);
	if (in && !in->view_judged && offset == in->view_have) {
		if (offset > 0 && total != in->view_total)
			viz_reader_fail(r, VIZ_ERR_MEANING);
		else
			viz_audit_view_part(node, in, part, len, total);
	}
	free(in);
}

void viz_inbox_evidence(struct viz_node *node, const struct viz_id *from, struct viz_reader *r)
{
	size_t len = 0;
	const uint8_t *bytes;
	struct viz_inbox *in;
	uint64_t slot;

	viz_reader_tuple(r, 2);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	bytes = viz_reader_bin(r, &len, 65, VIZ_SIGNED_RECORD_MAX);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = fetch(node, from, slot);
	if (in && !in->view_judged)
		viz_audit_evidence(node, in, bytes, len);
	free(in);
}

void viz_inbox_location_refused(struct viz_node *node, const struct viz_id *from,
				struct viz_reader *r)
{
	struct viz_inbox *in;
	uint64_t slot;

	viz_reader_tuple(r, 1);
	slot = viz_reader_uint(r, UINT64_MAX >> 16);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = fetch(node, from, slot);
	if (in && in->state == VIZ_INBOX_LISTED && in->closes.ms > node->now.ms &&
	    viz_inbox_pledge(node, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE) == VIZ_OK)
		viz_inbox_put(node, in);
	free(in);
}

/* The receipt must be the origin's, name us, be for this offer, and be what the OFFER committed to.
 */
static bool receipt_good(struct viz_node *node, const struct viz_inbox *in, const uint8_t *bytes,
			 size_t len, const struct viz_id *blinding, const struct viz_offer *o)
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct viz_reader r;
	struct viz_id id, commit;
	bool good = false;

	if (viz_statement_check(node, &rec, &id, bytes, len, VIZ_TYPE_RECEIPT, &in->origin) ==
	    VIZ_OK) {
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_receipt_read(&r, c);
		viz_commitment(&commit, "vizinho/receipt", blinding, id.b, 32);
		good = viz_reader_finish(&r) == VIZ_OK && c->offer_slot == in->slot &&
		       rec.slot == in->slot && c->purpose == VIZ_PURPOSE_LOCATION &&
		       c->state == VIZ_CONSENT_GIVEN && viz_receipt_names(c, &node->self.author) &&
		       viz_id_eq(&commit, &o->receipt_commit);
		if (good)
			viz_statement_keep(node, &in->origin, &rec, 1);
	}
	free(c);
	return good;
}

/* When the location goes even if no RESULT ever comes. */
static struct viz_time location_over(struct viz_node *node, const struct viz_inbox *in)
{
	const struct viz_federation *f = &node->federation;

	return viz_after(in->closes, f->reveal_ms + f->choice_ms + f->location_erase_ms);
}

static void located(struct viz_node *node, struct viz_inbox *in, const uint8_t *bytes, size_t len,
		    const struct viz_location *location)
{
	struct viz_lead_secrets s;

	viz_secrets_create(node, &s, &in->vault);
	viz_due_set(node, location_over(node, in), VIZ_DUE_INBOX, &in->origin, in->slot);
	if (viz_secrets_seal(node, in->location, &in->location_len, sizeof in->location, &s, bytes,
			     len) == VIZ_OK) {
		in->state = VIZ_INBOX_LOCATED;
		if (!node->profile.by_hand) {
			enum viz_no_reason reason;
			enum viz_answer answer = viz_plant_answer(node, &reason, location);

			viz_inbox_pledge(node, in, answer, reason);
		} else {
			viz_due_set(node, in->closes, VIZ_DUE_INBOX, &in->origin, in->slot);
		}
	}
	viz_wipe(&s, sizeof s);
	viz_inbox_put(node, in);
}

void viz_inbox_location(struct viz_node *node, const struct viz_id *from, struct viz_reader *r)
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
	if (viz_statement_check(node, &rec, &commit, receipt, receipt_len, VIZ_TYPE_RECEIPT,
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
	in = fetch(node, from, slot);
	if (!in || in->state != VIZ_INBOX_LISTED || in->closes.ms <= node->now.ms ||
	    !viz_place_get(node, &held, &rec, from, VIZ_TYPE_OFFER, slot)) {
		free(in);
		return;
	}
	viz_reader_init(& or, rec.body, rec.body_len);
	viz_offer_read(& or, &o);
	viz_commitment(&commit, "vizinho/location", &blinding, bytes, len);
	if (!viz_id_eq(&commit, &o.location_commit) ||
	    !receipt_good(node, in, receipt, receipt_len, &receipt_blinding, &o)) {
		viz_core_log(node, 4, "a location from %s does not match its offer",
			     viz_member_name(viz_member_find(node, from)));
		viz_reader_fail(r, VIZ_ERR_AUTH);
	} else {
		located(node, in, bytes, len, &location);
	}
	viz_wipe(&location, sizeof location);
	free(in);
}

void viz_inbox_pledge_ack(struct viz_node *node, const struct viz_record *rec,
			  struct viz_reader *body)
{
	struct viz_offer_ack ack;
	struct viz_inbox *in;

	viz_offer_ack_read(body, &ack);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	in = fetch(node, &rec->author, rec->slot);
	if (in && viz_id_eq(&ack.offer, &in->offer) && viz_id_eq(&ack.subject, &in->pledge)) {
		viz_statement_keep(node, &rec->author, rec, 1);
		in->pledge_acked = true;
		viz_inbox_put(node, in);
		viz_audit_offer(node, in); /* CLOSE may have come before */
	}
	free(in);
}

/* Our pledge is in CLOSE: open it for the origin. Nobody reveals before. */
static void reveal(struct viz_node *node, struct viz_inbox *in)
{
	struct viz_reveal rv = {.offer = in->offer,
				.close = in->close,
				.pledge = in->pledge,
				.nonce = in->nonce,
				.blinding = in->blinding};
	size_t max = VIZ_PROPOSAL_MAX + 512;
	uint8_t *body = viz_core_alloc(max), *proposal = viz_core_alloc(VIZ_PROPOSAL_MAX);
	struct viz_writer w;

	if (viz_evidence_proposal_get(node, in, proposal, &rv.proposal_len)) {
		rv.proposal = proposal;
		viz_writer_init(&w, body, max);
		viz_reveal_write(&w, &rv);
		if (viz_statement_issue(node, &in->reveal, VIZ_TYPE_REVEAL, &in->origin, in->slot,
					1, &w, &in->origin) == VIZ_OK)
			in->state = VIZ_INBOX_REVEALED;
	}
	free(proposal);
	free(body);
}

void viz_inbox_close(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_inbox *in = fetch(node, &rec->author, rec->slot);
	struct viz_close *c;
	struct viz_reader r;

	if (!in)
		return;
	c = viz_core_alloc(sizeof *c);
	viz_reader_init(&r, rec->body, rec->body_len);
	viz_close_read(&r, c);
	if (viz_reader_finish(&r) == VIZ_OK && viz_id_eq(&c->offer, &in->offer)) {
		in->close = *id;
		for (size_t i = 0; i < c->count; i++)
			if (in->state == VIZ_INBOX_PLEDGED &&
			    viz_id_eq(&c->pledge[i], &in->pledge) &&
			    (in->answer == VIZ_ANSWER_YES || in->answer == VIZ_ANSWER_ANALYSIS))
				reveal(node, in);
		viz_inbox_put(node, in);
		viz_audit_offer(node, in);
	}
	free(c);
	free(in);
}

void viz_inbox_reveal_ack(struct viz_node *node, const struct viz_record *rec,
			  struct viz_reader *body)
{
	struct viz_offer_ack ack;
	struct viz_inbox *in;

	viz_offer_ack_read(body, &ack);
	if (viz_reader_finish(body) != VIZ_OK)
		return;
	in = fetch(node, &rec->author, rec->slot);
	if (in && viz_id_eq(&ack.offer, &in->offer) && viz_id_eq(&ack.subject, &in->reveal)) {
		viz_statement_keep(node, &rec->author, rec, 1);
		in->reveal_acked = true;
		viz_inbox_put(node, in);
		viz_audit_offer(node, in);
	}
	free(in);
}

void viz_inbox_result(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_inbox *in = fetch(node, &rec->author, rec->slot);

	if (!in)
		return;
	in->result = *id;
	in->result_at = node->now;
	if (in->state < VIZ_INBOX_OVER)
		in->state = VIZ_INBOX_OVER;
	if (in->vault != 0)
		viz_due_set(node, viz_after(node->now, node->federation.location_erase_ms),
			    VIZ_DUE_INBOX, &in->origin, in->slot);
	viz_inbox_put(node, in);
	viz_audit_offer(node, in);
	free(in);
}

void viz_inbox_due(struct viz_node *node, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *in = fetch(node, origin, slot);
	int64_t now = node->now.ms;

	if (!in)
		return;
	if (in->state == VIZ_INBOX_LISTED && answer_by(in).ms <= now && now < in->closes.ms) {
		viz_inbox_pledge(node, in, VIZ_ANSWER_NO_CONTENT, VIZ_NO_NONE);
	} else if (in->state == VIZ_INBOX_OVER && in->vault != 0 && in->result_at.ms != 0 &&
		   in->result_at.ms + node->federation.location_erase_ms <= now) {
		viz_inbox_erase(node, in, VIZ_ERASED_LOCATION);
	} else if (in->state < VIZ_INBOX_AWARDED && in->vault != 0 &&
		   location_over(node, in).ms <= now) {
		viz_inbox_erase(node, in, VIZ_ERASED_LOCATION);
		in->state = VIZ_INBOX_OVER;
	} else if (in->award_n != 0 && in->vault != 0 && in->award_latest.ms <= now) {
		viz_inbox_erase(node, in, VIZ_ERASED_ALL);
		if (in->state == VIZ_INBOX_AWARDED) /* after a call the outcome may still be told */
			in->state = VIZ_INBOX_RELEASED;
	} else if (in->awarded_at.ms != 0 && in->vault != 0 &&
		   in->awarded_at.ms + node->federation.contact_holder_ms <= now) {
		viz_inbox_erase(node, in, VIZ_ERASED_ALL);
	}
	viz_inbox_put(node, in);
	free(in);
}
