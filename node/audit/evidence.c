#include "node/audit/evidence.h"

#include "crypto/sign.h"
#include "node/audit/finding.h"
#include "node/audit/judge.h"
#include "node/audit/log.h"
#include "node/audit/rules.h"
#include "node/audit/turns.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/wanted.h"
#include "node/inbox/inbox.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/offer/view.h"
#include "node/trust/author.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/tables.h"

#define ASK_AGAIN_MS   600000 /* at most until a question is asked again */
#define UNANSWERED_MAX 64     /* mails to the origin that wait, from which on we ask no more */

enum { ASK_MAX = VIZ_EVIDENCE_IDS_MAX };

/* A view while it is put together. */
struct assembly {
	struct viz_net *net;
	struct viz_trust *trust;
	struct viz_inbox *in;
	struct viz_partners partners; /* the origin's, which the OFFER names */
	struct viz_id author[VIZ_PARTNERS_MAX], hash[VIZ_PARTNERS_MAX];
	bool as_held[VIZ_PARTNERS_MAX]; /* we hold the same of this author */
	size_t count;
	struct viz_rules_item *item; /* borrow from the store */
	size_t item_count, item_capacity;
	struct viz_id missing[ASK_MAX];
	size_t missing_count;
};

static void wanted_key(uint8_t key[VIZ_STATEMENT_KEY_LEN], struct viz_trust *trust,
		       const struct viz_inbox *in)
{
	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_WANTED,
				&trust->self.author, 0);
}

/* The lists of this offer will not be judged. */
static void give_up(struct viz_trust *trust, struct viz_inbox *in, enum viz_unchecked why)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	wanted_key(key, trust, in);
	viz_core_del(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key);
	in->view_judged = true;
	in->unchecked = why;
	viz_inbox_put(trust->core, in);
	viz_core_log(trust->core, 4, "the lists of an offer of %s are unchecked: %s",
		     viz_member_name(viz_member_find(trust, &in->origin)),
		     viz_inbox_unchecked_name(why));
}

/* What we asked for was refused, or fits no hash, which is as good as nothing. We ask again while
 * the origin must serve it. */
static void not_served(struct viz_trust *trust, struct viz_inbox *in)
{
	if (in->unchecked == VIZ_UNCHECKED_VIEW)
		return;
	in->unchecked = VIZ_UNCHECKED_VIEW;
	viz_inbox_put(trust->core, in);
	viz_core_log(trust->core, 4, "%s does not serve the view of an offer, or gives a false one",
		     viz_member_name(viz_member_find(trust, &in->origin)));
}

/* Asks the origin for these records and dead places, and remembers which ones they are. */
static void ask(struct viz_net *net, const struct viz_inbox *in, const struct viz_id *missing,
		size_t n)
{
	struct viz_mail_evidence_ask mail = {.slot = in->slot, .count = n};
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	VIZ_WRITER(w, 64 + ASK_MAX * 34);

	wanted_key(key, net->trust, in);
	viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, missing->b,
		     n * sizeof *missing);
	memcpy(mail.id, missing, n * sizeof *missing);
	viz_mail_evidence_ask_write(&w, &mail);
	viz_mail_send(net, &in->origin, VIZ_MAIL_EVIDENCE_ASK, &w);
}

static void ask_items(struct viz_net *net, const struct viz_inbox *in, const struct viz_id *author)
{
	struct viz_mail_view_items_ask mail = {in->slot, *author};
	VIZ_WRITER(w, 64);

	viz_mail_view_items_ask_write(&w, &mail);
	viz_mail_send(net, &in->origin, VIZ_MAIL_VIEW_ITEMS_ASK, &w);
}

/* Finds a record by its id: at its place, or among the evidence. */
static bool find_record(struct viz_core *core, struct viz_record *rec, const struct viz_id *author,
			uint8_t type, uint64_t slot, const struct viz_id *id)
{
	struct viz_held held;
	struct viz_slice v;
	struct viz_id is;

	if (viz_place_get(core, &held, rec, author, type, slot)) {
		viz_ids_record(&is, &core->federation_id, rec);
		if (viz_id_eq(&is, id))
			return true;
	}
	return viz_view_evidence_get(core, &v, id) && viz_record_parse(rec, v.p, v.len) == VIZ_OK;
}

/* Whether both halves of a dead place are here. */
static bool has_halves(struct viz_core *core, const struct viz_id *author,
		       const struct viz_view_item *x, const struct viz_id *item)
{
	struct viz_held held;
	struct viz_slice v;

	return (viz_place_get(core, &held, NULL, author, x->type, x->slot) &&
		viz_id_eq(&held.item, item)) ||
	       (viz_view_evidence_get(core, &v, item) && v.len == 2 * sizeof *item);
}

/* Reads the PARTNERS that the OFFER names, and with it the authors of the view. False: it is not
 * here. */
static bool read_authors(struct assembly *a)
{
	const struct viz_inbox *in = a->in;

	if (!viz_view_partners(a->trust->core, &a->partners, &in->origin, &in->partners))
		return false;
	a->count = viz_partners_in_force(a->author, &a->partners, in->drawn,
					 a->trust->core->federation.partner_delay_ms);
	return true;
}

/* Finds the hashes of the view: our own, if they give the digest, else those that were served.
 * False: they are not here. */
static bool read_hashes(struct assembly *a)
{
	struct viz_slice v;
	struct viz_id digest;

	for (size_t i = 0; i < a->count; i++) {
		viz_items_hash(a->trust, &a->hash[i], &a->author[i], VIZ_ITEMS_VIEW, a->in->drawn);
		a->as_held[i] = true;
	}
	viz_ids_view(&digest, a->in->drawn, a->hash->b, a->count);
	if (viz_id_eq(&digest, &a->in->view))
		return true;
	if (!viz_view_evidence_get(a->trust->core, &v, &a->in->view) ||
	    v.len != a->count * sizeof *a->hash)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const uint8_t *served = v.p + i * sizeof *a->hash;

		a->as_held[i] = memcmp(served, a->hash[i].b, sizeof *a->hash) == 0;
		memcpy(a->hash[i].b, served, sizeof *a->hash);
	}
	return true;
}

/* Adds an item to the view. False: what the origin has served is not a record of that place. */
static bool add_item(struct assembly *a, const struct viz_id *author, const struct viz_view_item *x,
		     const struct viz_id *item)
{
	struct viz_rules_item *to;
	bool here;

	if (a->item_count == a->item_capacity) {
		a->item_capacity = a->item_capacity ? a->item_capacity * 2 : 256;
		a->item = viz_core_grow(a->item, a->item_capacity, sizeof *a->item);
	}
	to = &a->item[a->item_count++];
	*to = (struct viz_rules_item){
	    .author = *author, .type = x->type, .slot = x->slot, .dead = !x->has_id};
	here = x->has_id ? find_record(a->trust->core, &to->rec, author, x->type, x->slot, &x->id)
			 : has_halves(a->trust->core, author, x, item);
	if (!here) {
		if (a->missing_count < ASK_MAX)
			a->missing[a->missing_count++] = x->has_id ? x->id : *item;
		return true;
	}
	return !x->has_id || (viz_id_eq(&to->rec.author, author) && to->rec.type == x->type &&
			      to->rec.slot == x->slot && to->rec.seq == x->seq);
}

/* Adds all items of an author; `list` is memory. Gives VIZ_ERR_ABSENT when its items are not here,
 * VIZ_ERR_MEANING when they are false. */
static int add_author(struct assembly *a, size_t at, struct viz_view_items *list)
{
	const struct viz_id *author = &a->author[at];
	struct viz_id item[VIZ_VIEW_ITEMS_MAX];
	struct viz_reader r;
	struct viz_slice v;

	if (a->as_held[at]) {
		viz_items_list(a->trust, list, author, VIZ_ITEMS_VIEW, a->in->drawn);
	} else {
		if (!viz_view_evidence_get(a->trust->core, &v, &a->hash[at]))
			return VIZ_ERR_ABSENT;
		viz_reader_init(&r, v.p, v.len);
		viz_view_items_read(&r, list);
		if (viz_reader_finish(&r) != VIZ_OK)
			return VIZ_ERR_MEANING;
	}
	viz_items_of_list(item, author, list);
	for (size_t i = 0; i < list->count; i++)
		if (!add_item(a, author, &list->item[i], &item[i]))
			return VIZ_ERR_MEANING;
	return VIZ_OK;
}

/* Keeps all of a view by which something was found. */
static void keep_view(struct assembly *a)
{
	const struct viz_id *origin = &a->in->origin;
	bool kept = viz_view_evidence_put(a->trust, &a->in->view, origin, a->hash->b,
					  a->count * sizeof *a->hash);

	for (size_t i = 0; kept && i < a->count; i++)
		if (a->as_held[i])
			kept = viz_view_keep_author(a->trust, origin, &a->author[i], a->in->drawn);
}

/* The OFFER's view may be as we hold it still. What is by then another one cannot be proved. */
static void keep_if_same(struct viz_trust *trust, struct viz_inbox *in)
{
	struct assembly *a = viz_core_alloc(sizeof *a);

	memset(a, 0, sizeof *a);
	a->trust = trust;
	a->in = in;
	if (read_authors(a) && read_hashes(a))
		keep_view(a);
	free(a);
}

void viz_audit_evidence_close(struct viz_net *net, const struct viz_record *rec,
			      const struct viz_id *id)
{
	struct viz_inbox *in =
	    viz_inbox_fetch(net->core, &rec->author, viz_record_slot_offer(rec->slot));

	(void)id;
	if (in) {
		if (viz_audit_judge_close(net->trust, in, rec) && in->view_judged)
			keep_if_same(net->trust, in);
	} else {
		viz_audit_log_record(net->trust, rec);
	}
	free(in);
}

/* All of the view is here. */
static void judge(struct assembly *a)
{
	a->in->unchecked = VIZ_UNCHECKED_NOT;
	if (viz_audit_judge_lists(a->trust, a->in, &a->partners, a->item, a->item_count))
		keep_view(a);
}

/* Takes the next step towards a judgement: asks for what is missing, or judges. */
static void proceed_with(struct assembly *a)
{
	struct viz_view_items *list;
	struct viz_slice served;
	int err = VIZ_OK;
	size_t i = 0;

	if (!read_authors(a)) {
		/* what was served under this id is no PARTNERS of the origin */
		if (viz_view_evidence_get(a->trust->core, &served, &a->in->partners))
			not_served(a->trust, a->in);
		else
			ask(a->net, a->in, &a->in->partners, 1);
		return;
	}
	viz_turns_judge(a->trust, a->in);
	if (!read_hashes(a)) {
		viz_mail_slot(a->net, &a->in->origin, VIZ_MAIL_VIEW_ASK, a->in->slot);
		return;
	}
	list = viz_core_alloc(sizeof *list);
	while (i < a->count && (err = add_author(a, i, list)) == VIZ_OK)
		i++;
	free(list);
	if (err == VIZ_ERR_ABSENT)
		ask_items(a->net, a->in, &a->author[i]);
	else if (err != VIZ_OK)
		not_served(a->trust, a->in);
	else if (a->missing_count > 0)
		ask(a->net, a->in, a->missing, a->missing_count);
	else
		judge(a);
}

static void proceed(struct viz_net *net, struct viz_inbox *in)
{
	struct assembly *a = viz_core_alloc(sizeof *a);

	memset(a, 0, sizeof *a);
	a->net = net;
	a->trust = net->trust;
	a->in = in;
	proceed_with(a);
	free(a->item);
	free(a);
}

/* When we ask again for what has not come. */
static struct viz_time again_at(const struct viz_core *core)
{
	int64_t ms = core->federation.suspicion_ms / 8;

	return viz_after(core->now, ms < ASK_AGAIN_MS ? ms : ASK_AGAIN_MS);
}

/* Whether the origin could answer at once, and does not leave our questions lying. */
static bool can_ask(struct viz_net *net, const struct viz_id *origin)
{
	const struct viz_member *m = viz_member_find(net->trust, origin);
	const struct viz_link *link = viz_link_of(net, origin);

	return link && !link->guest && m && m->remote && m->remote->mail < UNANSWERED_MAX;
}

void viz_audit_evidence_due(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, origin, slot);

	if (in && !in->view_judged) {
		bool first = in->view_since.ms == 0;

		if (in->time.ms + net->core->federation.serve_ms <= net->core->now.ms) {
			viz_turns_judge(net->trust, in);
			give_up(net->trust, in, VIZ_UNCHECKED_VIEW);
		} else {
			if (first) {
				in->view_since = net->core->now;
				viz_inbox_put(net->core, in);
			}
			viz_due_set(net->core, again_at(net->core), VIZ_DUE_VIEW, origin, slot);
			if (first || can_ask(net, origin))
				proceed(net, in);
		}
	}
	free(in);
}

/* Keeps what has come under its hash, and goes on if it is new. */
static void take(struct viz_net *net, struct viz_inbox *in, const struct viz_id *hash,
		 const uint8_t *bytes, size_t len)
{
	struct viz_slice v;

	if (viz_view_evidence_get(net->core, &v, hash))
		return;
	if (viz_view_evidence_put(net->trust, hash, &in->origin, bytes, len))
		proceed(net, in);
	else
		give_up(net->trust, in, VIZ_UNCHECKED_SHARE);
}

void viz_audit_evidence_view_received(struct viz_net *net, const struct viz_id *from,
				      struct viz_reader *r)
{
	struct viz_mail_view mail;
	struct viz_inbox *in;
	struct viz_id digest;

	viz_mail_view_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	in = viz_inbox_fetch(net->core, from, mail.slot);
	if (in && !in->view_judged && in->view_since.ms != 0) {
		viz_ids_view(&digest, in->drawn, mail.hashes, mail.hashes_len / sizeof digest);
		if (!mail.hashes || !viz_id_eq(&digest, &in->view))
			not_served(net->trust, in);
		else
			take(net, in, &digest, mail.hashes, mail.hashes_len);
	}
	free(in);
}

/* Whether the view that was served has `hash` for `author`. */
static bool view_has(struct viz_trust *trust, struct viz_inbox *in, const struct viz_id *author,
		     const struct viz_id *hash)
{
	struct assembly *a = viz_core_alloc(sizeof *a);
	bool found = false;

	memset(a, 0, sizeof *a);
	a->trust = trust;
	a->in = in;
	if (read_authors(a) && read_hashes(a))
		for (size_t i = 0; i < a->count; i++)
			found |= viz_id_eq(&a->author[i], author) && viz_id_eq(&a->hash[i], hash);
	free(a);
	return found;
}

/* The hash that the items give. `bytes` gets them as they are kept. */
static void hash_items(struct viz_id *hash, struct viz_writer *bytes,
		       const struct viz_mail_view_items *mail)
{
	struct viz_id item[VIZ_VIEW_ITEMS_MAX];

	viz_items_of_list(item, &mail->author, &mail->list);
	viz_ids_author_items(hash, &mail->author, VIZ_ITEMS_VIEW, item, mail->list.count);
	viz_view_items_write(bytes, &mail->list);
}

void viz_audit_evidence_items_received(struct viz_net *net, const struct viz_id *from,
				       struct viz_reader *r)
{
	struct viz_mail_view_items *mail = viz_core_alloc(sizeof *mail);
	VIZ_WRITER(w, 16 + VIZ_VIEW_ITEMS_MAX * 64);
	struct viz_inbox *in = NULL;
	struct viz_id hash;
	size_t len;

	viz_mail_view_items_read(r, mail);
	if (viz_reader_finish(r) == VIZ_OK)
		in = viz_inbox_fetch(net->core, from, mail->slot);
	if (in && !in->view_judged && in->view_since.ms != 0) {
		hash_items(&hash, &w, mail);
		VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
		if (!mail->served || !view_has(net->trust, in, &mail->author, &hash))
			not_served(net->trust, in);
		else
			take(net, in, &hash, w.start, len);
	}
	free(in);
	free(mail);
}

/* The ids that we wait for; `out` has room for ASK_MAX. *at gets the position of `id` among them.
 * False: it is not among them. */
static bool wanted(struct viz_trust *trust, const struct viz_inbox *in, struct viz_id *out,
		   size_t *n, size_t *at, const struct viz_id *id)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	wanted_key(key, trust, in);
	if (!viz_core_get(trust->core, &v, VIZ_TABLE_STATEMENT, key, sizeof key) ||
	    v.len > ASK_MAX * sizeof *out)
		return false;
	*n = v.len / sizeof *out;
	memcpy(out, v.p, v.len);
	for (*at = 0; *at < *n; ++*at)
		if (viz_id_eq(&out[*at], id))
			return true;
	return false;
}

/* What stands at position `at` has come. Goes on after the last one. */
static void arrived(struct viz_net *net, struct viz_inbox *in, struct viz_id *ids, size_t n,
		    size_t at)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	ids[at] = ids[n - 1];
	wanted_key(key, net->trust, in);
	if (n > 1) {
		viz_core_put(net->core, VIZ_TABLE_STATEMENT, key, sizeof key, ids->b,
			     (n - 1) * sizeof *ids);
	} else {
		viz_core_del(net->core, VIZ_TABLE_STATEMENT, key, sizeof key);
		proceed(net, in);
	}
}

/* Whether the record is what was asked for under `id`, and its author signed it. `own` gets its own
 * id, `dead` whether it is one half of a dead place. */
static bool verify(struct viz_trust *trust, struct viz_id *own, bool *dead,
		   const struct viz_mail_evidence *mail)
{
	struct viz_record rec;
	struct viz_id item;
	struct viz_pub pub;

	if (viz_record_parse(&rec, mail->record, mail->record_len) != VIZ_OK ||
	    !viz_items_in_set(VIZ_ITEMS_VIEW, rec.type))
		return false;
	viz_ids_record(own, &trust->core->federation_id, &rec);
	viz_ids_item(&item, &rec, NULL, true);
	*dead = viz_id_eq(&item, &mail->id);
	return (*dead || viz_id_eq(own, &mail->id)) && viz_member_find(trust, &rec.author) &&
	       viz_author_key(trust, &pub, &rec) == VIZ_OK &&
	       viz_sign_verify(&rec.sig, own, &pub) == VIZ_OK;
}

/* Notes that one half of a dead place has come. *both: the other one is here too. False: there is
 * no room. */
static bool take_half(struct viz_trust *trust, bool *both, const struct viz_id *origin,
		      const struct viz_id *item, const struct viz_id *half)
{
	struct viz_id ids[2] = {*half};
	struct viz_slice v;

	*both = false;
	if (!viz_view_evidence_get(trust->core, &v, item))
		return viz_view_evidence_put(trust, item, origin, half->b, sizeof *half);
	*both = v.len == sizeof ids;
	if (v.len != sizeof *half || memcmp(v.p, half->b, sizeof *half) == 0)
		return true;
	memcpy(ids[1].b, v.p, sizeof *half);
	*both = viz_view_evidence_put(trust, item, origin, ids[0].b, sizeof ids);
	return *both;
}

/* Takes the answer to what we have asked. */
static void take_record(struct viz_net *net, struct viz_inbox *in,
			const struct viz_mail_evidence *mail)
{
	struct viz_id ids[ASK_MAX], own;
	bool dead, whole = true;
	size_t n, at;

	if (!wanted(net->trust, in, ids, &n, &at, &mail->id))
		return;
	if (!mail->record || !verify(net->trust, &own, &dead, mail))
		not_served(net->trust, in);
	else if (!viz_view_evidence_put(net->trust, &own, &in->origin, mail->record,
					mail->record_len) ||
		 (dead && !take_half(net->trust, &whole, &in->origin, &mail->id, &own)))
		give_up(net->trust, in, VIZ_UNCHECKED_SHARE);
	else if (whole)
		arrived(net, in, ids, n, at);
}

void viz_audit_evidence_received(struct viz_net *net, const struct viz_id *from,
				 struct viz_reader *r)
{
	struct viz_mail_evidence mail;
	struct viz_inbox *in;

	viz_mail_evidence_read(r, &mail);
	if (viz_reader_finish(r) != VIZ_OK)
		return;
	if (mail.named) {
		viz_wanted_named_received(net, from, &mail);
		return;
	}
	in = viz_inbox_fetch(net->core, from, mail.slot);
	if (in && !in->view_judged)
		take_record(net, in, &mail);
	free(in);
}
