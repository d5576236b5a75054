/* Mail: what must arrive. Kept in VIZ_TABLE_OUTBOX, key (peer, number), value [kind,
 * payload], until the peer has acknowledged; sent in order. LOCATION and HANDOFF are
 * composed when they are sent, so that no personal data waits outside the sealed rows. */
#ifndef VIZ_NODE_LINK_MAIL_H
#define VIZ_NODE_LINK_MAIL_H

#include "proto/message.h"
#include "proto/reader.h"

struct viz_id;
struct viz_link;
struct viz_net;
struct viz_trust;
struct viz_writer;

/* A row of the table: who takes a mail, and what it costs. */
struct viz_mail_handler {
	void (*take)(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);
	/* Writes the payload when it is sent. NULL: it goes out as it is stored. False: what it was
	 * to carry no longer exists, and the mail is dropped. */
	bool (*compose)(struct viz_net *net, struct viz_writer *w, uint64_t slot,
			const struct viz_id *to);
	/* Whether it ends something, and so makes room: then it is heard though the store is full.
	 * NULL: never. */
	bool (*ends)(struct viz_reader r);
	unsigned cost; /* what it may cost here, in signature checks */
	bool answer;   /* a peer makes us write it by asking: dropped when it takes none */
	bool bulk;     /* large beside what asks for it, and for the audit only */
	bool personal; /* padded to a size class */
};

/* `payload` is one msgpack array. */
void viz_mail_send(struct viz_net *net, const struct viz_id *to, enum viz_mail_kind kind,
		   const uint8_t *payload, size_t len);

/* A statement from VIZ_TABLE_STATEMENT. */
void viz_mail_statement(struct viz_net *net, const struct viz_id *to, const uint8_t *bytes,
			size_t len);

/* [slot] or [slot, n] mails. */
void viz_mail_slot(struct viz_net *net, const struct viz_id *to, enum viz_mail_kind kind,
		   uint64_t slot);

/* At the end of a batch, when all rows are written from which mail is composed: sends what was
 * added. */
void viz_mail_pump_all(struct viz_net *net);

/* Sends what waits for the link's peer, up to the window. */
void viz_mail_pump(struct viz_net *net, struct viz_link *link);

/* Message MAIL_ACK. */
void viz_mail_acked(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Message MAIL. */
void viz_mail_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* After a refresh of the closure: forgets all mail to members of whom nothing is left, and what
 * link/ keeps of them. A link or a dial keeps it. */
void viz_mail_drop_orphans(struct viz_net *net);

int viz_mail_load(struct viz_net *net);

/* It asks and does not take what it asked for: answers to it are dropped. */
bool viz_mail_full(struct viz_trust *trust, const struct viz_id *to);

uint64_t viz_mail_waiting(struct viz_trust *trust, const struct viz_id *to);

#endif
