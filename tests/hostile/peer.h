/* The hostile peer: an invited member that uses its own keys for its attacks. */
#ifndef VIZ_TESTS_PEER_H
#define VIZ_TESTS_PEER_H

#include "crypto/rng.h"
#include "node/trust/invite.h"

struct viz_writer;
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "proto/offer.h"
#include "proto/receipt.h"
#include "proto/statement.h"
#include "tests/hostile/wire.h"

struct peer {
	struct viz_rng rng;
	struct viz_federation federation;
	struct forge me, stranger;
	struct viz_invite invite;  /* by the victim */
	struct sockaddr_in victim; /* its address in the invitation */
	struct wire wire;
	struct viz_time last; /* the time of its last record; each new one has a higher time */
	uint64_t mail;
	bool acknowledges; /* it acknowledges the mail that it gets */
	/* what it has received */
	uint64_t hour;           /* of the victim's last TREE; 0: none yet */
	uint8_t cut;             /* likewise */
	struct viz_record offer; /* the victim's last OFFER; type 0: none yet */
	struct viz_id offer_id;
	struct forged kept; /* the last record that a view can name, as received */
	size_t bodies, bytes, closed;
	size_t given, taken; /* of a crowd: records sent, connections taken (attack_crowd.c) */
	size_t kinds[VIZ_MESSAGE_KIND_MAX + 1], mails[16];
	struct forged scratch;
	uint8_t body[VIZ_BODY_MAX];
};

struct viz_time peer_now(void);
/* A time for a new record: now, but after the last one. */
struct viz_time peer_time(struct peer *p);
uint64_t peer_below(struct peer *p, uint64_t bound);

/* Opens the link when it is closed. */
bool peer_open(struct peer *p);
/* Receives for `ms` and notes TREEs, OFFERs and the end of the link. */
void peer_drain(struct peer *p, int ms);
/* Sends the body that `w` has written to p->body. */
bool peer_send(struct peer *p, const struct viz_writer *w);
bool peer_record(struct peer *p, const struct forged *rec);
bool peer_statement(struct peer *p, const struct forged *st);
/* Begins [MAIL, number, kind. The caller writes the payload. */
void peer_mail(struct peer *p, struct viz_writer *w, enum viz_mail_kind kind);

struct attack {
	const char *name;
	void (*run)(struct peer *p, size_t count);
};

extern const struct attack attack_half[], attack_links[], attack_records[], attack_mails[],
    attack_crowd[];

#endif
