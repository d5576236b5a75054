/* The token of an invitation on its way from its bearer to the inviter, and the answer. It goes in
 * the hello of a dial, or on a link that is up. PROTOCOL.md section 6. */
#ifndef VIZ_NODE_LINK_TOKEN_H
#define VIZ_NODE_LINK_TOKEN_H

#include "proto/base.h"

struct viz_core;
struct viz_hello;
struct viz_link;
struct viz_member;
struct viz_net;
struct viz_reader;
struct viz_trust;

/* The author of a hello that brings an open token counts as pending while the hello is judged.
 * NULL: it brings none, or needs none. */
struct viz_member *viz_link_token_try(struct viz_trust *trust, const struct viz_hello *h);

/* The bearer was not let in: the token is still good, and nothing is left of its try. */
void viz_link_token_give_back(struct viz_net *net, struct viz_member *m);

/* The hello of `m` is admitted: its token, if it is open, is used up. Whether `m` is in. */
bool viz_link_token_take(struct viz_trust *trust, struct viz_member *m, const uint8_t token[16]);

/* Answers the token of a hello, behind the greeting. */
void viz_link_token_answer(struct viz_core *core, struct viz_link *link, bool in);

/* Refuses a hello whose author is nobody to us and whose token is not open; the bearer is told. */
void viz_link_token_refuse(struct viz_net *net, const struct viz_hello *h, uint64_t number,
			   const char *reason);

/* Refuses a hello whose NODE is dated ahead; the token is still good. Its sender is told our clock,
 * as it cannot know whose is wrong. */
void viz_link_token_refuse_clock(struct viz_net *net, const struct viz_hello *h, uint64_t number,
				 const char *reason);

/* Shows the token that we hold of the peer, unless the link's hello had it. For a link that is
 * proven. */
void viz_link_token_show(struct viz_trust *trust, struct viz_link *link);

/* Messages TOKEN and TOKEN_END. */
void viz_link_token_shown(struct viz_net *net, struct viz_link *link, struct viz_reader *r);
void viz_link_token_ended(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

#endif
