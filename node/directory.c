#include "node/directory.h"

#include "node/core.h"
#include "node/mail.h"
#include "node/place.h"

/* Where `id` stands in the list, or would be inserted. */
static size_t position(const struct viz_directory *d, const struct viz_id *id)
{
	size_t lo = 0, hi = d->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (viz_id_cmp(&d->list[mid]->id, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct viz_member *viz_member_find(struct viz_node *node, const struct viz_id *id)
{
	struct viz_directory *d = &node->directory;
	size_t at = position(d, id);

	return at < d->count && viz_id_eq(&d->list[at]->id, id) ? d->list[at] : NULL;
}

struct viz_member *viz_member_need(struct viz_node *node, const struct viz_id *id)
{
	struct viz_directory *d = &node->directory;
	struct viz_member *m = viz_member_find(node, id);
	size_t at;

	if (m)
		return m;
	if (d->count >= VIZ_MEMBERS_MAX)
		return NULL;
	if (d->count == d->room) {
		d->room = d->room ? d->room * 2 : 64;
		d->list = viz_core_grow(d->list, d->room, sizeof *d->list);
	}
	m = viz_core_alloc(sizeof *m);
	memset(m, 0, sizeof *m);
	m->id = *id;
	m->tokens = VIZ_SIGNATURES_BURST * 1000;
	m->repair_bytes = VIZ_REPAIR_BURST_BYTES;
	m->tokens_at = m->repair_bytes_at = node->now;
	at = position(d, id);
	memmove(&d->list[at + 1], &d->list[at], (d->count - at) * sizeof *d->list);
	d->list[at] = m;
	d->count++;
	return m;
}

struct viz_member *viz_member_self(struct viz_node *node)
{
	return viz_member_need(node, &node->self.author);
}

const char *viz_member_name(const struct viz_member *m)
{
	static _Thread_local char hex[17];

	if (m->has_node)
		return m->node.name;
	if (m->peer.name[0] != '\0')
		return m->peer.name;
	viz_hex(hex, m->id.b, 8);
	return hex;
}

bool viz_author_known(struct viz_node *node, const struct viz_id *id)
{
	const struct viz_member *m;

	if (viz_id_eq(id, &node->self.author))
		return true;
	m = viz_member_find(node, id);
	return m && (m->member || m->sponsored || m->peer.vouched || m->peer.pending);
}

bool viz_author_counts(struct viz_node *node, const struct viz_member *m)
{
	return m->member || m->sponsored || viz_id_eq(&m->id, &node->self.author);
}

bool viz_author_shares(struct viz_node *node, const struct viz_member *m, unsigned type)
{
	return viz_author_counts(node, m) &&
	       (m->member || type <= VIZ_TYPE_VOUCH || viz_id_eq(&m->id, &node->self.author));
}

static void apply_succession(struct viz_member *m, const struct viz_record *rec)
{
	struct viz_succession s;
	struct viz_reader r;

	if (rec->slot != m->key_count || m->key[rec->slot - 1].last)
		return;
	viz_reader_init(&r, rec->body, rec->body_len);
	viz_succession_read(&r, &s);
	m->key = viz_core_grow(m->key, m->key_count + 1, sizeof *m->key);
	m->key[m->key_count++] = (struct viz_author_key){.pub = s.key, .next_hash = s.next_hash};
}

/* The first key is known now: SUCCESSIONs and REVOCATIONs that are held, from before a crash that
 * came ahead of NODE, count from here on. */
static void apply_held_keys(struct viz_node *node, struct viz_member *m)
{
	struct viz_record rec;
	struct viz_held held;

	for (uint64_t slot = 1; slot < VIZ_KEYS_MAX; slot++) {
		if (!viz_place_get(node, &held, &rec, &m->id, VIZ_TYPE_SUCCESSION, slot))
			break;
		apply_succession(m, &rec);
		if (held.dead)
			viz_directory_forget(node, &rec);
	}
	for (uint64_t slot = 0; slot < m->key_count; slot++)
		if (viz_place_get(node, &held, &rec, &m->id, VIZ_TYPE_REVOCATION, slot))
			m->key[slot].revoked = true;
}

/* Learns key 0 from the inputs of the author id, which certify themselves. */
static int learn_birth(struct viz_node *node, const struct viz_record *rec,
		       const struct viz_node_body *b)
{
	struct viz_birth birth = {.first_key = b->first_key, .next_hash = b->next_hash};
	struct viz_member *m;
	struct viz_id id;

	memcpy(birth.nonce, b->nonce, sizeof birth.nonce);
	viz_author_id(&id, &node->federation_id, &birth);
	if (!viz_id_eq(&id, &rec->author))
		return VIZ_ERR_AUTH;
	m = viz_member_need(node, &rec->author);
	if (!m)
		return VIZ_ERR_LIMIT;
	if (m->key_count == 0) {
		if (viz_sign_pub_check(&b->first_key) != VIZ_OK)
			return VIZ_ERR_AUTH;
		m->key = viz_core_grow(m->key, 1, sizeof *m->key);
		m->key[0] = (struct viz_author_key){.pub = b->first_key, .next_hash = b->next_hash};
		m->key_count = 1;
		apply_held_keys(node, m);
		viz_gossip_changed(node);
	}
	return VIZ_OK;
}

static int succession_key(struct viz_pub *out, const struct viz_member *m,
			  const struct viz_record *rec)
{
	struct viz_succession s;
	struct viz_reader r;
	struct viz_id hash;

	if (!m || rec->slot > m->key_count || m->key[rec->slot - 1].last)
		return VIZ_ERR_ABSENT;
	viz_reader_init(&r, rec->body, rec->body_len);
	viz_succession_read(&r, &s);
	if (viz_reader_finish(&r) != VIZ_OK)
		return VIZ_ERR_FORM;
	viz_next_hash(&hash, &s.key);
	/* The first commitment is part of the author id. A later one may have a second half that
	 * the sender holds in good faith: comparing brings it, and with it the end of this author.
	 */
	if (!viz_id_eq(&hash, &m->key[rec->slot - 1].next_hash))
		return rec->slot == 1 ? VIZ_ERR_AUTH : VIZ_ERR_ABSENT;
	if (rec->slot == m->key_count && viz_sign_pub_check(&s.key) != VIZ_OK)
		return VIZ_ERR_AUTH;
	*out = s.key;
	return VIZ_OK;
}

int viz_author_key(struct viz_node *node, struct viz_pub *out, const struct viz_record *rec)
{
	struct viz_member *m = viz_member_find(node, &rec->author);

	if (rec->type == VIZ_TYPE_SUCCESSION)
		return succession_key(out, m, rec);
	/* Of each NODE, not only the first: a newcomer learns key 0 from the one that it gets. */
	if (rec->type == VIZ_TYPE_NODE) {
		struct viz_node_body b;
		struct viz_reader r;
		int err;

		viz_reader_init(&r, rec->body, rec->body_len);
		viz_node_body_read(&r, &b);
		if (viz_reader_finish(&r) != VIZ_OK)
			return VIZ_ERR_FORM;
		err = learn_birth(node, rec, &b);
		if (err != VIZ_OK)
			return err;
		m = viz_member_find(node, &rec->author);
	}
	if (!m || rec->key >= m->key_count)
		return VIZ_ERR_ABSENT;
	*out = m->key[rec->key].pub;
	return VIZ_OK;
}

bool viz_key_ended(const struct viz_member *m, uint32_t number)
{
	return number >= m->key_count || number + 1 < m->key_count || m->key[number].revoked;
}

bool viz_member_revoked(const struct viz_member *m)
{
	return m->key_count > 0 && m->key[m->key_count - 1].revoked;
}

bool viz_member_alive(struct viz_node *node, const struct viz_member *m, struct viz_time at)
{
	return m->has_node && !viz_key_ended(m, m->node_key) &&
	       m->node_time.ms + node->federation.silence_ms > at.ms;
}

static void changed(struct viz_node *node)
{
	node->directory.dirty = true;
	viz_gossip_changed(node);
}

static void apply_node(struct viz_member *m, const struct viz_record *rec)
{
	struct viz_reader r;

	viz_reader_init(&r, rec->body, rec->body_len);
	viz_node_body_read(&r, &m->node);
	m->has_node = true;
	m->node_time = rec->time;
	m->node_key = rec->key;
	if (m->key_count == 0) {
		m->key = viz_core_grow(m->key, 1, sizeof *m->key);
		m->key[0] = (struct viz_author_key){.pub = m->node.first_key,
						    .next_hash = m->node.next_hash};
		m->key_count = 1;
	}
}

static void apply_vouch(struct viz_member *m, const struct viz_record *rec)
{
	struct viz_vouch v;
	struct viz_reader r;
	size_t i;

	viz_reader_init(&r, rec->body, rec->body_len);
	viz_vouch_read(&r, &v);
	for (i = 0; i < m->vouch_count && m->vouch[i].slot != rec->slot; i++)
		;
	if (i == m->vouch_count)
		m->vouch = viz_core_grow(m->vouch, ++m->vouch_count, sizeof *m->vouch);
	m->vouch[i] = (struct viz_vouch_row){
	    .slot = rec->slot, .key = rec->key, .sponsee = v.sponsee, .withdrawn = v.withdrawn};
}

static void apply_partners(struct viz_member *m, const struct viz_record *rec)
{
	struct viz_reader r;

	if (!m->partners)
		m->partners = viz_core_alloc(sizeof *m->partners);
	viz_reader_init(&r, rec->body, rec->body_len);
	viz_partners_read(&r, m->partners);
	m->partners_key = rec->key;
}

void viz_directory_apply(struct viz_node *node, const struct viz_record *rec)
{
	struct viz_member *m = viz_member_need(node, &rec->author);
	bool same;

	if (!m)
		return;
	switch ((enum viz_type)rec->type) {
	case VIZ_TYPE_NODE:
		/* a heartbeat like the one before changes nothing about who belongs */
		same = m->has_node && m->node_key == rec->key;
		apply_node(m, rec);
		if (same) {
			viz_gossip_changed(node);
			return;
		}
		break;
	case VIZ_TYPE_SUCCESSION:
		apply_succession(m, rec);
		break;
	case VIZ_TYPE_REVOCATION:
		if (rec->slot < m->key_count)
			m->key[rec->slot].revoked = true;
		if (m->id.b[0] == node->self.author.b[0] && viz_id_eq(&m->id, &node->self.author) &&
		    rec->slot == node->self.key_number) {
			node->self.revoked = true;
			viz_self_save(node);
			viz_core_log(node, 4, "our key %u is revoked: nothing is signed any more",
				     node->self.key_number);
		}
		break;
	case VIZ_TYPE_VOUCH:
		apply_vouch(m, rec);
		break;
	case VIZ_TYPE_PARTNERS:
		apply_partners(m, rec);
		break;
	case VIZ_TYPE_COVERAGE:
	case VIZ_TYPE_OFFER:
	case VIZ_TYPE_PLEDGE:
	case VIZ_TYPE_CLOSE:
	case VIZ_TYPE_RESULT:
	case VIZ_TYPE_RECEIPT:
	case VIZ_TYPE_COVERAGE_ACK:
	case VIZ_TYPE_PLEDGE_ACK:
	case VIZ_TYPE_REVEAL:
	case VIZ_TYPE_REVEAL_ACK:
	case VIZ_TYPE_AWARD:
	case VIZ_TYPE_HANDOFF_ACK:
	case VIZ_TYPE_LEASE:
	case VIZ_TYPE_CONTACTED:
	case VIZ_TYPE_OUTCOME:
	case VIZ_TYPE_RELEASE:
	case VIZ_TYPE_WITHDRAWAL:
	case VIZ_TYPE_ERASED:
		return;
	}
	changed(node);
}

void viz_directory_forget(struct viz_node *node, const struct viz_record *rec)
{
	struct viz_member *m = viz_member_find(node, &rec->author);

	if (!m || rec->type >= VIZ_TYPE_COVERAGE)
		return;
	if (rec->type == VIZ_TYPE_NODE) {
		m->has_node = false;
	} else if (rec->type == VIZ_TYPE_PARTNERS) {
		free(m->partners);
		m->partners = NULL;
	} else if (rec->type == VIZ_TYPE_VOUCH) {
		for (size_t i = 0; i < m->vouch_count; i++)
			if (m->vouch[i].slot == rec->slot)
				m->vouch[i--] = m->vouch[--m->vouch_count];
	} else if (rec->type == VIZ_TYPE_SUCCESSION && rec->slot < m->key_count) {
		/* nobody can tell which key is the successor: the identity ends with its key */
		m->key[rec->slot].revoked = m->key[rec->slot].last = true;
		m->key_count = rec->slot + 1;
	}
	changed(node);
}

bool viz_vouches(const struct viz_member *a, const struct viz_id *b)
{
	for (size_t i = 0; i < a->vouch_count; i++)
		if (!a->vouch[i].withdrawn && !viz_key_ended(a, a->vouch[i].key) &&
		    viz_id_eq(&a->vouch[i].sponsee, b))
			return true;
	return false;
}

/* Marks the closure of mutual vouches from this node, and whom its members sponsor. */
static void closure(struct viz_node *node, struct viz_member **queue, bool *in)
{
	size_t head = 0, tail = 0;

	queue[tail++] = viz_member_self(node);
	while (head < tail) {
		struct viz_member *a = queue[head++];

		for (size_t i = 0; i < a->vouch_count; i++) {
			struct viz_member *b;
			size_t at;

			if (a->vouch[i].withdrawn || viz_key_ended(a, a->vouch[i].key))
				continue;
			b = viz_member_find(node, &a->vouch[i].sponsee);
			if (!b)
				continue;
			b->sponsored = true;
			if (!viz_vouches(b, &a->id))
				continue;
			at = position(&node->directory, &b->id);
			if (!in[at]) {
				in[at] = true;
				queue[tail++] = b;
			}
		}
	}
}

/* A sponsee is inserted before the closure runs, so that the list does not move under it. */
static void insert_sponsees(struct viz_node *node)
{
	for (size_t i = 0; i < node->directory.count; i++) {
		struct viz_member *a = node->directory.list[i];

		if (!a->member && !viz_id_eq(&a->id, &node->self.author))
			continue;
		for (size_t k = 0; k < a->vouch_count; k++) {
			size_t before = node->directory.count;

			if (a->vouch[k].withdrawn)
				continue;
			viz_member_need(node, &a->vouch[k].sponsee);
			if (node->directory.count != before && node->directory.list[i] != a)
				i++;
		}
	}
}

static void free_member(struct viz_member *m)
{
	free(m->key);
	free(m->partners);
	free(m->vouch);
	viz_wipe(m, sizeof *m);
	free(m);
}

/* Of whom nothing is left but the id: a sponsor that names others in turn must not fill the memory.
 */
static bool is_useless(const struct viz_node *node, const struct viz_member *m)
{
	return !m->member && !m->sponsored && !m->has_node && !m->partners && !m->peer.present &&
	       m->vouch_count == 0 && m->link == 0 && m->attempt == 0 &&
	       !viz_id_eq(&m->id, &node->self.author);
}

static void drop_useless(struct viz_node *node)
{
	struct viz_directory *d = &node->directory;
	size_t kept = 0;

	for (size_t i = 0; i < d->count; i++)
		if (d->list[i]->mail > 0 && is_useless(node, d->list[i]))
			viz_mail_forget(node, &d->list[i]->id);
	for (size_t i = 0; i < d->count; i++) {
		if (is_useless(node, d->list[i]))
			free_member(d->list[i]);
		else
			d->list[kept++] = d->list[i];
	}
	d->count = kept;
}

/* How long one who has left the closure is still treated as a member: a rotation replaces its
 * vouches one by one, and links should not drop meanwhile. */
#define LEAVE_GRACE_MS 60000

bool viz_directory_refresh(struct viz_node *node)
{
	struct viz_directory *d = &node->directory;
	int64_t grace = LEAVE_GRACE_MS < node->federation.silence_ms ? LEAVE_GRACE_MS
								     : node->federation.silence_ms;
	struct viz_member **queue;
	bool moved = false, news = false;
	bool *in, *sponsored;

	if (d->recheck_at.ms != 0 && d->recheck_at.ms <= node->now.ms)
		d->dirty = true;
	if (!d->dirty)
		return false;
	viz_gossip_changed(node);
	d->dirty = false;
	d->recheck_at = (struct viz_time){0};
	insert_sponsees(node);
	queue = viz_core_alloc((d->count + 1) * sizeof *queue);
	in = viz_core_alloc(2 * (d->count + 1));
	sponsored = in + d->count + 1;
	memset(in, 0, d->count + 1);
	for (size_t i = 0; i < d->count; i++) {
		sponsored[i] = d->list[i]->sponsored;
		d->list[i]->sponsored = false;
	}
	closure(node, queue, in);
	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *m = d->list[i];
		bool was = m->member;

		if (viz_id_eq(&m->id, &node->self.author))
			continue;
		if (in[i]) {
			m->member = true;
			m->lost = (struct viz_time){0};
		} else if (m->member) {
			if (m->lost.ms == 0)
				m->lost = node->now;
			if (viz_member_revoked(m) || m->lost.ms + grace <= node->now.ms)
				m->member = false;
			else if (d->recheck_at.ms == 0 || m->lost.ms + grace < d->recheck_at.ms)
				d->recheck_at = viz_after(m->lost, grace);
		}
		moved |= was != m->member;
		news |= m->sponsored && !sponsored[i];
	}
	free(queue);
	free(in);
	/* what is held of them is compared from now on */
	if (moved || news)
		viz_links_behind(node);
	drop_useless(node);
	/* new members may sponsor people that are not in the list yet */
	if (moved)
		d->dirty = true;
	return moved;
}

static bool lists(struct viz_node *node, const struct viz_member *a, const struct viz_id *b,
		  struct viz_time at)
{
	const struct viz_partner_entry *e;

	if (!a->partners || viz_key_ended(a, a->partners_key) || !viz_member_alive(node, a, at))
		return false;
	e = viz_partners_find(a->partners, b);
	return e && viz_partner_effective(e, at, node->federation.partner_delay_ms);
}

bool viz_mutual_partner(struct viz_node *node, const struct viz_member *a,
			const struct viz_member *b, struct viz_time at)
{
	return a != b && lists(node, a, &b->id, at) && lists(node, b, &a->id, at);
}

bool viz_partner_now(struct viz_node *node, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(node, id);

	return m && m->member && viz_mutual_partner(node, viz_member_self(node), m, node->now);
}

void viz_directory_free(struct viz_node *node)
{
	for (size_t i = 0; i < node->directory.count; i++)
		free_member(node->directory.list[i]);
	free(node->directory.list);
	node->directory = (struct viz_directory){0};
}
