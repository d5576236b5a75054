/* Mail: messages to one peer that must arrive. A mail stays in VIZ_TABLE_OUTBOX, key (peer, u64be
 * number), value [kind, payload], until the peer has acknowledged it. Mails to a peer are sent in
 * order. LOCATION and HANDOFF are stored as a reference and composed when they are sent, so that
 * personal data is stored only in sealed rows. */
#ifndef VIZ_NODE_LINK_MAIL_H
#define VIZ_NODE_LINK_MAIL_H

#include "proto/message.h"
#include "proto/reader.h"

struct viz_id;
struct viz_link;
struct viz_net;
struct viz_trust;
struct viz_writer;

/* A row of the table of mail kinds: who takes a mail, and what it costs. */
struct viz_mail_handler {
	/* Reads the payload at `r` and acts on it. Fails the reader for a payload that no honest
	 * peer sends. VIZ_ERR_ABSENT in the reader: the peer must send the mail again, on another
	 * link. VIZ_ERR_STATE: likewise, when we may sign the answer, and until then this link
	 * stays (viz_mail_answer_waits). */
	void (*take)(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);
	/* Writes the payload when the mail is sent; `slot` is what was stored. NULL: the stored
	 * payload is sent. False: the data no longer exists, and the mail is dropped. */
	bool (*compose)(struct viz_net *net, struct viz_writer *w, uint64_t slot,
			const struct viz_id *to);
	/* Called after `take`, at the same payload, unless that has failed; or NULL. */
	void (*judge)(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);
	/* Whether the mail ends a lead or part of it. Such a mail frees space, so it is accepted
	 * when the store is full. NULL: never. `r` stands at the payload and is a copy. */
	bool (*ends)(struct viz_reader r);
	unsigned cost; /* what we charge the sender, in signature checks */
	bool answer;   /* an answer to a mail: dropped when too many wait for the peer */
	bool bulk;     /* large, and needed by the audit only: dropped first */
	size_t pad;    /* its message is padded to a multiple of this; 0: it is not */
};

/* Reads the outbox and the mail counter. Always VIZ_OK. */
int viz_mail_load(struct viz_net *net);

/* Puts a mail into the outbox; it is sent at the end of the batch. `payload` is one msgpack array
 * (proto/mail.h) and fits its buffer. The mail is dropped when `to` is not known, or by the limits
 * for answers and bulk mail. */
void viz_mail_send(struct viz_net *net, const struct viz_id *to, enum viz_mail_kind kind,
		   const struct viz_writer *payload);

/* Sends a mail STATEMENT: `bytes` is signature || record. */
void viz_mail_statement(struct viz_net *net, const struct viz_id *to, const uint8_t *bytes,
			size_t len);

/* Sends a mail whose payload is [slot]. */
void viz_mail_slot(struct viz_net *net, const struct viz_id *to, enum viz_mail_kind kind,
		   uint64_t slot);

/* Sends the mails that wait for the link's peer, up to VIZ_MAIL_WINDOW unacknowledged ones. */
void viz_mail_pump(struct viz_net *net, struct viz_link *link);

/* Does so on all links for which this batch added mail. Call it at the end of the batch, when all
 * rows are written from which mail is composed. */
void viz_mail_pump_all(struct viz_net *net);

/* Message MAIL: passes the mail to the handler of its kind and acknowledges it. */
void viz_mail_received(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Whether mail that we answer by a signature must come again: our clock is behind what we have
 * signed, or we are in quarantine. False while our key is revoked: nothing waits for the next. */
bool viz_mail_answer_waits(const struct viz_trust *trust);

/* Why the link is to be closed, so that its peer sends what we did not acknowledge. NULL: nothing
 * of that waits, or it would wait again. */
const char *viz_mail_begins_anew(struct viz_trust *trust, const struct viz_link *link);

/* Message MAIL_ACK: removes the acknowledged mails and sends the next ones. */
void viz_mail_acked(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* How many mails wait in the outbox for this peer. */
uint64_t viz_mail_waiting(struct viz_trust *trust, const struct viz_id *to);

/* Whether so many mails wait for this peer that answers to it are dropped: it asks, and does not
 * take the answers. */
bool viz_mail_full(struct viz_trust *trust, const struct viz_id *to);

/* Removes the mail and the viz_remote of each useless member (viz_closure_useless), unless a link
 * or a dial uses it. Call it after a refresh of the closure. */
void viz_mail_drop_orphans(struct viz_net *net);

#endif
