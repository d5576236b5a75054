/* Attacks of a partner and of an origin. Each case says what must hold; one that fails is an attack
 * that succeeds. */
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/lead/eligible.h"
#include "node/lead/lead.h"
#include "node/trust/member.h"
#include "node/link/mail.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/items.h"
#include "node/trust/live.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_offer.h"

static const struct viz_secret nonce = {{3}}, blinding = {{4}};

static void mail_pledge(struct one_node *b, const struct viz_lead *lead, enum viz_answer answer)
{
	struct viz_pledge p = {.offer = lead->offer, .answer = answer};
	struct viz_mail_pledge m = {.reason = VIZ_NO_NONE};
	struct viz_id blinded;
	VIZ_WRITER(w, 128);
	VIZ_WRITER(w2, 256);

	viz_commitment(&blinded, "vizinho/proposal", &blinding, (const uint8_t *)"\x90", 1);
	if (viz_pledge_promises(answer))
		viz_commitment_pledge(&p.commitment, &p.offer, &b->evil.author, &blinded, nonce.b);
	viz_pledge_write(&w, &p);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_PLEDGE, lead->slot, 1, b->now, &w);
	memcpy(m.pledge, b->scratch.bytes, sizeof m.pledge);
	viz_mail_pledge_write(&w2, &m);
	mail(b, 20, VIZ_MAIL_PLEDGE, &w2);
}

static void mail_reveal(struct one_node *b, const struct viz_lead *lead)
{
	struct viz_reveal r = {.offer = lead->offer,
			       .close = lead->close,
			       .pledge = lead->peer[0].pledge,
			       .nonce = nonce,
			       .blinding = blinding,
			       .proposal = (const uint8_t *)"\x90",
			       .proposal_len = 1};
	VIZ_WRITER(w, 512);

	viz_reveal_write(&w, &r);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_REVEAL, lead->slot, 1, b->now, &w);
	mail_statement(b, 21, &b->scratch);
}

static uint64_t waiting(struct one_node *b)
{
	return viz_mail_waiting(&b->node->trust, &b->evil.author);
}

static uint64_t offer_to_two(struct one_node *b, struct forge *other)
{
	struct forge evil;

	befriend(b, other, 8);
	evil = b->evil;
	cover(b);
	b->evil = *other;
	cover(b);
	b->evil = evil;
	return offer(b);
}

/* A partner that repeats its PLEDGE, and takes no mail, fills no more of our disk than other mail
 * that it can ask for. */
static void repeated_pledges_fill_no_outbox(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct forge other;

	get(b, lead, offer_to_two(b, &other));
	for (unsigned i = 0; i < VIZ_OUTBOX_PER_PEER + 1000; i++) {
		b->now.ms += 2;

		mail_pledge(b, lead, VIZ_ANSWER_YES);
		assert_int_equal(b->closed, 0);
	}
	print_message("# outbox for the peer: %llu\n", (unsigned long long)waiting(b));
	assert_true(waiting(b) <= VIZ_OUTBOX_PER_PEER + 64);
	free(lead);
}

static void repeated_reveals_fill_no_outbox(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);

	get(b, lead, slot);
	mail_pledge(b, lead, VIZ_ANSWER_YES);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_CLOSED);
	for (unsigned i = 0; i < VIZ_OUTBOX_PER_PEER + 1000; i++) {
		b->now.ms += 2;
		mail_reveal(b, lead);
		assert_int_equal(b->closed, 0);
	}
	print_message("# outbox for the peer: %llu\n", (unsigned long long)waiting(b));
	assert_true(waiting(b) <= VIZ_OUTBOX_PER_PEER + 64);
	free(lead);
}

/* What late pledges bring back is bounded by the bytes of repair. */
static int by_id(const void *a, const void *b)
{
	const struct viz_lead_peer *x = a, *y = b;

	return viz_id_cmp(&x->id, &y->id);
}

/* Sets the lead as if 62 others had been asked and had answered, so that its CLOSE is large. */
static void answered_by_many(struct one_node *b, struct viz_lead *lead)
{
	struct viz_pledge p = {.offer = lead->offer, .answer = VIZ_ANSWER_NO_CONTENT};
	struct forged *pledge = calloc(1, sizeof *pledge);
	struct forge f = b->evil;
	struct viz_record rec;

	for (uint8_t i = 0; lead->peer_count < VIZ_ELIGIBLE_MAX; i++) {
		VIZ_WRITER(w, 128);

		memset(f.author.b, i + 1, sizeof f.author.b);
		viz_pledge_write(&w, &p);
		forge_statement(pledge, &f, VIZ_TYPE_PLEDGE, lead->slot, 1, b->now, &w);
		assert_int_equal(viz_record_parse(&rec, pledge->bytes, pledge->len), VIZ_OK);
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		viz_statement_keep(&b->node->core, viz_node_author(b->node), &rec, 1);
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
		lead->peer[lead->peer_count++] =
		    (struct viz_lead_peer){.id = f.author, .answered = true, .pledge = pledge->id};
	}
	qsort(lead->peer, lead->peer_count, sizeof *lead->peer, by_id);
	put(b, lead);
	free(pledge);
}

static void late_pledges_have_a_budget(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	struct forge other;
	size_t bytes = 0;
	uint64_t slot = offer_to_two(b, &other);

	get(b, lead, slot);
	answered_by_many(b, lead);
	tick(b, 31000);
	get(b, lead, slot);
	assert_false(viz_id_is_zero(&lead->close));
	for (unsigned i = 0; i < 1500; i++) {
		mail_pledge(b, lead, VIZ_ANSWER_YES);
		bytes += b->bytes_on[LINK_EVIL];
	}
	print_message("# %zu bytes in one millisecond\n", bytes);
	assert_true(bytes <= 2 * VIZ_REPAIR_BURST_BYTES);
	free(lead);
}

/* VIEW_ITEMS that says "not served". It holds, also with MALLOC_PERTURB_=165. */
static void items_that_are_not_served(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	static struct viz_mail_view_items items;
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_id hash;
	struct viz_mail_view view;
	VIZ_WRITER(w, 128);
	VIZ_WRITER(w2, 128);
	const struct viz_id partners = b->scratch.id;

	false_offer_init(b, o, 0);
	o->partners = partners;
	viz_ids_author_items(&hash, viz_node_author(b->node), VIZ_ITEMS_VIEW, NULL, 0);
	viz_view_digest(&o->view, b->now, hash.b, 1);
	false_offer_sign(b, o);
	give(b, &o->offer);
	false_offer_mail_key(b, o);
	tick(b, 1000);
	view = (struct viz_mail_view){o->slot, hash.b, sizeof hash};
	viz_mail_view_write(&w, &view);
	mail(b, 3, VIZ_MAIL_VIEW, &w);
	items = (struct viz_mail_view_items){
	    .slot = o->slot, .author = *viz_node_author(b->node), .served = false};
	viz_mail_view_items_write(&w2, &items);
	mail(b, 4, VIZ_MAIL_VIEW_ITEMS, &w2);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->unchecked, VIZ_UNCHECKED_VIEW);
	free(in);
	free(o);
}

/* The OFFER names as its PARTNERS a record that is none, and the origin serves it again and again.
 */
static void a_view_of_no_partners_ends(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct forged *coverage = calloc(1, sizeof *coverage);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_mail_evidence m;
	uint8_t payload[4096];
	struct viz_writer w;
	uint64_t before;

	forge_coverage(coverage, &b->evil, 5, b->now, 1, 0);
	false_offer_init(b, o, 0);
	o->partners = coverage->id;
	false_offer_sign(b, o);
	give(b, &o->offer);
	false_offer_mail_key(b, o);
	tick(b, 1000);
	before = waiting(b);
	m = (struct viz_mail_evidence){o->slot, coverage->id, coverage->bytes, coverage->len};
	for (unsigned i = 0; i < 6000; i++) {
		b->now.ms += 2;
		viz_writer_init(&w, payload, sizeof payload);
		viz_mail_evidence_write(&w, &m);
		mail(b, 4 + i, VIZ_MAIL_EVIDENCE, &w);
		assert_int_equal(b->closed, 0);
	}
	print_message("# questions in the outbox: %llu\n",
		      (unsigned long long)(waiting(b) - before));
	assert_true(waiting(b) - before < 10);
	assert_true(inbox_row(b, in, o->slot));
	assert_true(in->view_judged);
	free(in);
	free(coverage);
	free(o);
}

/* A PARTNERS with many entries for us makes us sign a NODE at each of their instants. */
static void dates_of_others_flood_no_nodes(void **state)
{
	struct one_node *b = *state;
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t *body = malloc(VIZ_RECORD_MAX);
	struct viz_writer w;
	size_t records;
	int64_t base;

	tick(b, 1000);
	/* removed and added again each 4 ms, so that the instants lie in the next two seconds */
	base = b->now.ms - PARTNER_DELAY_MS + 100;
	p->log = 1;
	p->previous.b[0] = 1;
	p->count = VIZ_PARTNERS_MAX;
	for (size_t i = 0; i < p->count; i++) {
		p->entry[i].id = *viz_node_author(b->node);
		p->entry[i].added.ms = base + (int64_t)i * 8;
		p->entry[i].removed.ms = i + 1 < p->count ? base + (int64_t)i * 8 + 4 : 0;
	}
	viz_writer_init(&w, body, VIZ_RECORD_MAX);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	records = b->records;
	for (unsigned i = 0; i < 2500; i++)
		tick(b, 1);
	print_message("# NODEs in 2.5 s, from one PARTNERS: %zu; epochs of our circle key: %llu\n",
		      b->records - records,
		      (unsigned long long)viz_store_stat_entries(b->store, VIZ_TABLE_CIRCLE));
	assert_true(b->records - records < 10);
	free(body);
	free(p);
}

static int64_t cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* An acknowledgement costs one check of the budget. With a CLOSE of 64 entries it must not cost 64
 * more. */
static void acknowledgements_are_cheap(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_close *c = calloc(1, sizeof *c);
	struct viz_pledge p = {.answer = VIZ_ANSWER_YES, .commitment = {{1}}};
	uint8_t *body = malloc(VIZ_RECORD_MAX);
	struct forged *pledge = calloc(1, sizeof *pledge);
	struct viz_writer w;
	int64_t t[2];

	false_offer_init(b, o, 0); /* its key never comes */
	false_offer_sign(b, o);
	give(b, &o->offer);
	for (unsigned closed = 0; closed < 2; closed++) {
		if (closed) {
			c->offer = o->offer.id;
			c->count = VIZ_ELIGIBLE_MAX;
			p.offer = o->offer.id;
			for (size_t i = 0; i < c->count; i++) {
				VIZ_WRITER(w2, 128);

				p.commitment.b[5] = (uint8_t)i;
				viz_pledge_write(&w2, &p);
				forge_statement(pledge, &b->evil, VIZ_TYPE_PLEDGE, o->slot, 1,
						b->now, &w2);
				c->entry[i].answered = true;
				memcpy(c->entry[i].pledge, pledge->bytes,
				       sizeof c->entry[i].pledge);
			}
			viz_writer_init(&w, body, VIZ_RECORD_MAX);
			viz_close_write(&w, c);
			forge_record(&o->close, &b->evil, VIZ_TYPE_CLOSE, o->slot, b->now, &w);
			give(b, &o->close);
			assert_int_equal(b->closed, 0);
		}
		t[closed] = cpu_ms();
		for (unsigned i = 0; i < 500; i++)
			false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &o->offer.id);
		t[closed] = cpu_ms() - t[closed];
	}
	print_message("# 500 PLEDGE_ACKs: %lld ms before CLOSE, %lld ms after\n", (long long)t[0],
		      (long long)t[1]);
	assert_true(t[1] < 4 * t[0] + 100);
	free(pledge);
	free(body);
	free(c);
	free(o);
}

static void held_partners(struct one_node *b, struct viz_id *id)
{
	struct viz_record rec;
	struct viz_held held;

	VIZ_REQUIRE(
	    viz_store_begin(b->store) == VIZ_OK &&
	    viz_place_get(&b->node->core, &held, &rec, &b->evil.author, VIZ_TYPE_PARTNERS, 0));
	viz_ids_record(id, &b->node->core.federation_id, &rec);
	viz_store_abort(b->store);
}

static uint64_t all_findings(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_FINDING);
}

/* A PARTNERS that names as previous one that nobody has: an old entry gets another date, and a
 * partner of a minute ago is effective now. */
static void unchained(struct one_node *b, bool left_out, uint64_t log)
{
	struct viz_partners *p = calloc(1, sizeof *p);
	uint8_t body[512];
	struct viz_writer w;

	held_partners(b, &b->evil.names);
	b->now.ms += 1000;
	/* an honest one: it follows from the one before */
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	b->now.ms += 1000;
	p->log = log;
	p->previous = (struct viz_id){{9, 9, 9}};
	p->count = !left_out;
	/* we are removed since long before the PARTNERS that we hold, which does not say so */
	p->entry[0].id = *viz_node_author(b->node);
	p->entry[0].added.ms = 1000;
	p->entry[0].removed.ms = b->now.ms - 3 * PARTNER_DELAY_MS;
	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	/* the removal acts at once, without the delay */
	print_message("# still a partner: %d, findings: %llu\n",
		      viz_live_partner(&b->node->trust, &b->evil.author),
		      (unsigned long long)all_findings(b));
	assert_true(all_findings(b) > 0);
	free(p);
}

static void a_date_needs_a_chain(void **state)
{
	unchained(*state, false, 1);
}

static void an_entry_is_not_left_out(void **state)
{
	unchained(*state, true, 1);
}

/* As partners_dated_back_are_found of test_audit.c, but the NODE that names the new one is sent
 * before it. */
static void a_newer_node_hides_no_backdating(void **state)
{
	struct one_node *b = *state;
	struct viz_time then = viz_after(b->now, 1000);
	struct viz_id us = *viz_node_author(b->node);
	struct forged *partners = calloc(1, sizeof *partners);

	held_partners(b, &b->evil.names);
	tick(b, 2000);
	forge_node(&b->scratch, &b->evil, b->now); /* names the old one, later than `then` */
	give(b, &b->scratch);
	forge_partners(partners, &b->evil, then, &us, then); /* its previous is the old one */
	tick(b, 2000);
	b->evil.names = partners->id;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch); /* first the NODE that names the new one */
	give(b, partners);
	assert_int_equal(b->closed, 0);
	assert_int_equal(findings(b, VIZ_RULE_PARTNERS_BACKDATED), 1);
	free(partners);
}

/* An OFFER names a PARTNERS that it has replaced, and the origin replaces that one too before the
 * view is judged. */
static void old_partners_named(struct one_node *b, bool third)
{
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_id us = *viz_node_author(b->node), first;
	struct viz_mail_evidence m;
	struct forged *old = calloc(1, sizeof *old);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint8_t payload[4096];
	struct viz_writer w;
	struct viz_time added = viz_after(b->now, -PARTNER_DELAY_MS);

	held_partners(b, &first);
	b->evil.names = first;
	tick(b, 1000);
	forge_partners(old, &b->evil, b->now, &us, added);
	give(b, old); /* P1, which the OFFER will name */
	b->evil.names = old->id;
	tick(b, 1000);
	forge_partners(&b->scratch, &b->evil, b->now, &us, added);
	give(b, &b->scratch); /* P2 */
	b->evil.names = b->scratch.id;
	tick(b, 1000);
	false_offer_init(b, o, 0);
	o->partners = old->id;
	{
		struct viz_id hash;

		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		viz_items_hash(&b->node->trust, &hash, &us, VIZ_ITEMS_VIEW, b->now);
		viz_store_abort(b->store);
		viz_view_digest(&o->view, b->now, hash.b, 1);
	}
	false_offer_sign(b, o);
	give(b, &o->offer);
	false_offer_mail_key(b, o);
	tick(b, 1000);
	forge_partners(&b->scratch, &b->evil, b->now, &us, added);
	if (third)
		give(b, &b->scratch); /* P3, after the OFFER */
	/* now it serves P1 */
	m = (struct viz_mail_evidence){o->slot, old->id, old->bytes, old->len};
	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_evidence_write(&w, &m);
	mail(b, 50, VIZ_MAIL_EVIDENCE, &w);
	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, o->slot));
	print_message("# judged: %d, unchecked: %d\n", in->view_judged, in->unchecked);
	assert_int_equal(findings(b, VIZ_RULE_VIEW_FALSE), 1);
	free(in);
	free(old);
	free(o);
}

static void an_old_partners_is_found(void **state)
{
	old_partners_named(*state, false);
}

static void a_third_partners_hides_no_view(void **state)
{
	old_partners_named(*state, true);
}

static void note(struct one_node *b, const struct viz_lead *lead, uint8_t type, bool accepted)
{
	struct viz_award_note nt = {.award = lead->award, .accepted = accepted};
	VIZ_WRITER(w, 64);

	viz_award_note_write(&w, &nt);
	forge_statement(&b->scratch, &b->evil, type, lead->slot, 1, b->now, &w);
	mail_statement(b, 9, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* Who has given an award back gets no lease by saying that it has called. */
static void a_released_award_is_not_extended(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);

	note(b, lead, VIZ_TYPE_RELEASE, false);
	get(b, lead, slot);
	assert_true(lead->released);
	note(b, lead, VIZ_TYPE_CONTACTED, true);
	get(b, lead, slot);
	print_message("# state %d, released %d, lease until %lld\n", lead->state, lead->released,
		      (long long)lead->lease_until.ms);
	assert_int_equal(lead->lease_until.ms, 0);
	assert_int_not_equal(lead->state, VIZ_LEAD_CONTACTED);
	free(lead);
}

/* A pledge or reveal that we cannot acknowledge, because our clock is behind what we have signed,
 * is not acknowledged as mail either: it comes again. */
static void a_slow_clock_loses_no_pledge(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);
	size_t acks;

	close_node(b);
	b->now.ms -= 20000;
	open_node(b);
	tick(b, 0);
	come_in(b, NULL);
	get(b, lead, slot);
	acks = b->acks;
	mail_pledge(b, lead, VIZ_ANSWER_YES);
	get(b, lead, slot);
	print_message("# taken: %d, acknowledged as mail: %zu\n", lead->peer[0].answered,
		      b->acks - acks);
	assert_true(lead->peer[0].answered || b->acks == acks);
	free(lead);
}

/* A store that is full when many offers want their answer at once: nothing is written, and the node
 * goes on. */
static void answers_of_a_full_store(void **state)
{
	static const uint8_t zeros[16000];
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	unsigned taken = 0, kept = 1;
	int status = 0;
	pid_t child;

	for (unsigned i = 0; i < 300; i++) {
		false_offer_to_us(b, o, i);
		false_offer_sign(b, o);
		give(b, &o->offer);
		false_offer_mail_key(b, o);
		b->now.ms += 1;
	}
	while (kept != taken) {
		kept = taken;
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		for (unsigned i = 0; i < 20; i++) {
			uint8_t key[8] = "fill";

			viz_be_put_u32(key + 4, taken);
			if (!viz_core_has_headroom(&b->node->core) ||
			    viz_store_put(b->store, VIZ_TABLE_META, key, sizeof key, zeros,
					  sizeof zeros) != VIZ_OK)
				break;
			taken++;
		}
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	}
	fflush(NULL);
	child = fork();
	if (child == 0) {
		struct viz_event ev = {.kind = VIZ_EVENT_TICK};
		struct viz_effects fx;
		int err = VIZ_OK;

		for (unsigned i = 0; i < 40; i++) {
			viz_effects_init(&fx);
			b->now.ms += 1000;
			err = viz_node_run(b->node, &fx, b->now, &ev, 1);
			viz_effects_clear(&fx);
			if (err != VIZ_OK)
				break;
		}
		_exit(err == VIZ_OK ? 0 : 100);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	print_message("# exit %d, signal %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		      WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	free(o);
}

/* A partner removes us and adds us again, and then leaves. Its first entry is effective until the
 * delay is over, so by the view it must stand in a list, or we omit it (rule 5). */
static void who_comes_back_and_leaves_is_listed(void **state)
{
	struct one_node *b = *state;
	struct viz_offer_secret *lists = calloc(1, sizeof *lists);
	struct viz_partners *p = calloc(1, sizeof *p);
	const struct viz_area area = {.municipality = 3201209};
	const struct viz_partner_entry *e;
	struct viz_member *m;
	uint8_t body[512];
	struct viz_writer w;
	struct forge other;

	offer_to_two(b, &other);
	b->now.ms += 1000;
	m = evil(b);
	*p = *m->partners;
	assert_int_equal(p->count, 1);
	held_partners(b, &p->previous);
	p->entry[0].removed = b->now;
	p->entry[1] = (struct viz_partner_entry){.id = p->entry[0].id, .added = b->now};
	p->count = 2;
	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(all_findings(b), 0); /* it follows from the one before */
	b->now.ms += 1000;
	assert_true(viz_live_partner(&b->node->trust, &b->evil.author));
	forge_vouch(&b->scratch, &b->evil, 0, b->now, viz_node_author(b->node), true);
	give(b, &b->scratch);
	tick(b, 61000); /* who leaves may be treated as a member for a minute */
	m = evil(b);
	assert_false(viz_live_partner(&b->node->trust, &b->evil.author));
	e = viz_partners_effective(m->partners, viz_node_author(b->node), b->now, PARTNER_DELAY_MS);
	assert_non_null(e); /* rule 5 sees a partner */
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_lead_eligible_lists(&b->node->net, lists, &area, NULL, 0), VIZ_OK);
	viz_store_abort(b->store);
	print_message("# eligible %zu, excluded %zu\n", lists->eligible_count,
		      lists->excluded_count);
	assert_int_equal(lists->excluded_count, 1);
	free(p);
	free(lists);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(repeated_pledges_fill_no_outbox),
	    T(repeated_reveals_fill_no_outbox),
	    T(late_pledges_have_a_budget),
	    T(items_that_are_not_served),
	    T(a_view_of_no_partners_ends),
	    T(dates_of_others_flood_no_nodes),
	    T(acknowledgements_are_cheap),
	    T(a_date_needs_a_chain),
	    T(an_entry_is_not_left_out),
	    T(a_newer_node_hides_no_backdating),
	    T(an_old_partners_is_found),
	    T(a_third_partners_hides_no_view),
	    T(a_released_award_is_not_extended),
	    T(a_slow_clock_loses_no_pledge),
	    T(who_comes_back_and_leaves_is_listed),
	    T(answers_of_a_full_store),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
