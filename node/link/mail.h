/* Mail: what must arrive. Kept in VIZ_TABLE_OUTBOX, key (peer, number), value [kind,
 * payload], until the peer has acknowledged; sent in order. LOCATION and HANDOFF are
 * composed when they are sent, so that no personal data waits outside the sealed rows. */
#ifndef VIZ_NODE_LINK_MAIL_H
#define VIZ_NODE_LINK_MAIL_H

#include "proto/message.h"

struct viz_id;
struct viz_link;
struct viz_node;
struct viz_reader;

/* `payload` is one msgpack array. */
void viz_mail_send(struct viz_node *node, const struct viz_id *to, enum viz_mail_kind kind,
		   const uint8_t *payload, size_t len);

/* A statement from VIZ_TABLE_STATEMENT. */
void viz_mail_statement(struct viz_node *node, const struct viz_id *to, const uint8_t *bytes,
			size_t len);

/* [slot] or [slot, n] mails. */
void viz_mail_slot(struct viz_node *node, const struct viz_id *to, enum viz_mail_kind kind,
		   uint64_t slot);

/* At the end of a batch, when all rows are written from which mail is composed: sends what was
 * added. */
void viz_mail_pump_all(struct viz_node *node);

/* Sends what waits for the link's peer, up to the window. */
void viz_mail_pump(struct viz_node *node, struct viz_link *link);

void viz_mail_acked(struct viz_node *node, struct viz_link *link, struct viz_reader *r);

/* Handles one mail: 0, or the error for which the link is closed. */
void viz_mail_received(struct viz_node *node, uint64_t link, struct viz_reader *r);

/* Forgets all mail to a peer. */
void viz_mail_forget(struct viz_node *node, const struct viz_id *to);

int viz_mail_load(struct viz_node *node);

/* It asks and does not take what it asked for: answers to it are dropped. */
bool viz_mail_full(struct viz_node *node, const struct viz_id *to);

uint64_t viz_mail_waiting(struct viz_node *node, const struct viz_id *to);

#endif
