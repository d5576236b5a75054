#include "node/link/token.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/link/full.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/invite.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"

struct viz_member *viz_link_token_try(struct viz_trust *trust, const struct viz_hello *h)
{
	struct viz_member *m = viz_member_find(trust, &h->author);

	if (!h->has_token || (m && (viz_peer_is_welcome(m) || m->pruned_at.ms != 0)) ||
	    viz_id_eq(&h->author, &trust->self.author) ||
	    !viz_invite_is_open(trust->core, h->token))
		return NULL;
	m = viz_member_ensure(trust, &h->author);
	if (m)
		m->peer.pending = true;
	return m;
}

void viz_link_token_give_back(struct viz_net *net, struct viz_member *m)
{
	m->peer.pending = false;
	if (!m->peer.present && m->remote && m->remote->link == 0 && m->remote->attempt == 0 &&
	    m->remote->mail == 0 && !m->member)
		viz_remote_free_of(net, m);
	viz_member_changed(net->trust, m);
}

bool viz_link_token_take(struct viz_trust *trust, struct viz_member *m, const uint8_t token[16])
{
	if (m->pruned_at.ms == 0 && viz_invite_is_open(trust->core, token))
		viz_invite_redeem(trust, m, token);
	return viz_peer_is_welcome(m);
}

void viz_link_token_answer(struct viz_core *core, struct viz_link *link, bool in)
{
	VIZ_WRITER(w, 8);

	viz_message_token_end_write(&w, &(struct viz_message_token_end){.in = in});
	viz_link_send(core, link, w.start, viz_writer_done(&w).len, 0);
}

/* The side that dialled takes nothing before a record of the author whom it dialled. */
static void send_node(struct viz_trust *trust, struct viz_link *link)
{
	uint8_t *body = viz_core_alloc(VIZ_PLAINTEXT_MAX);
	struct viz_held held;
	struct viz_writer w;

	if (viz_place_get(trust->core, &held, NULL, &trust->self.author, VIZ_TYPE_NODE, 0)) {
		viz_writer_init(&w, body, VIZ_PLAINTEXT_MAX);
		viz_message_record_write(&w, &(struct viz_message_record){held.a, held.a_len});
		viz_link_send(trust->core, link, body, viz_writer_done(&w).len, 0);
	}
	free(body);
}

/* A link on which one answer goes out behind our NODE. */
static struct viz_link *admit_for_answer(struct viz_net *net, const struct viz_hello *h,
					 uint64_t number)
{
	struct viz_link *link = viz_link_insert(net, number);

	viz_effects_add(net->core->fx, VIZ_EFFECT_ADMIT, NULL, 0)->link = number;
	link->peer = h->author;
	send_node(net->trust, link);
	return link;
}

static void close_answered(struct viz_core *core, struct viz_link *link, const char *reason)
{
	link->closing = true;
	viz_link_emit_close(core, link->number, reason);
}

void viz_link_token_refuse(struct viz_net *net, const struct viz_hello *h, uint64_t number,
			   const char *reason)
{
	struct viz_link *link = admit_for_answer(net, h, number);

	viz_link_token_answer(net->core, link, false);
	close_answered(net->core, link, reason);
}

void viz_link_token_refuse_clock(struct viz_net *net, const struct viz_hello *h, uint64_t number,
				 const char *reason)
{
	struct viz_link *link = admit_for_answer(net, h, number);

	viz_link_full_say_clock(net->core, link);
	close_answered(net->core, link, reason);
}

void viz_link_token_show(struct viz_trust *trust, struct viz_link *link)
{
	const struct viz_member *m = viz_member_find(trust, &link->peer);
	struct viz_message_token token;
	VIZ_WRITER(w, 32);

	if (!m || m->peer.token_len == 0 || link->token || !link->proven || link->closing)
		return;
	memcpy(token.token, m->peer.token, sizeof token.token);
	viz_message_token_write(&w, &token);
	viz_link_send(trust->core, link, w.start, viz_writer_done(&w).len, 0);
	link->token = true;
	viz_secret_wipe(&token, sizeof token);
	viz_secret_wipe(w.start, w.max);
}

void viz_link_token_shown(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);
	struct viz_message_token token;

	viz_message_token_read(r, &token);
	if (viz_reader_finish(r) != VIZ_OK || !m || link->tokens == VIZ_TOKENS_PER_LINK)
		return;
	link->tokens++;
	viz_link_token_answer(net->core, link, viz_link_token_take(net->trust, m, token.token));
}

void viz_link_token_ended(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);
	struct viz_message_token_end end;

	viz_message_token_end_read(r, &end);
	if (viz_reader_finish(r) != VIZ_OK || !m || m->peer.token_len == 0 || !link->token)
		return;
	viz_secret_wipe(m->peer.token, sizeof m->peer.token);
	m->peer.token_len = 0;
	m->peer.token_dead = !end.in;
	viz_peer_save(net->trust, m);
	if (!end.in)
		viz_notice_add(net->trust, VIZ_NOTICE_INVITATION_DEAD, NULL, &m->id, 0);
}
