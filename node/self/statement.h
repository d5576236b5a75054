/* Statements: signed bodies that go over one link only. Those of peers are checked here
 * (author, key, signature), kept in VIZ_TABLE_STATEMENT under their offer, and handed to who
 * acts on them. */
#ifndef VIZ_NODE_SELF_STATEMENT_H
#define VIZ_NODE_SELF_STATEMENT_H

#include "proto/reader.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_record;
struct viz_slice;
struct viz_trust;
struct viz_writer;

/* Signs a statement about the offer (origin, slot) and keeps it in VIZ_TABLE_STATEMENT under
 * (origin, slot, type, own id, number). *id may be NULL. */
int viz_self_state(struct viz_trust *trust, struct viz_id *id, uint8_t type,
		   const struct viz_id *origin, uint64_t slot, uint64_t number, const uint8_t *body,
		   size_t body_len);

/* A row of the table: who takes a statement. `body` is at its start for each of them; what the
 * first fails ends it. */
struct viz_statement_handler {
	void (*take[2])(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body);
	bool inside; /* it comes inside another mail only (RECEIPT, AWARD), and is refused alone */
};

/* Whether the payload of a mail STATEMENT ends something, and so makes room: WITHDRAWAL, ERASED,
 * OUTCOME, RELEASE. */
bool viz_statement_ends(struct viz_reader r);

/* Mail STATEMENT. A bad signature or body makes the reader fail, and the link is closed for it. */
void viz_statement_received(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* Checks signed bytes by `author` (any member). VIZ_ERR_ABSENT: signed with a key that is not known
 * (yet), so that it must come again; VIZ_ERR_FORM, _LIMIT, _MEANING, _AUTH: wrong for ever. `rec`
 * points into the bytes. */
int viz_statement_check(struct viz_trust *trust, struct viz_record *rec, struct viz_id *id,
			const uint8_t *bytes, size_t len, uint8_t type,
			const struct viz_id *author);

/* Keeps it under (origin, slot). */
void viz_statement_keep(struct viz_core *core, const struct viz_id *origin,
			const struct viz_record *rec, uint64_t number);

/* Looks one up. */
bool viz_statement_get(struct viz_core *core, struct viz_slice *out, const struct viz_id *origin,
		       uint64_t slot, uint8_t type, const struct viz_id *author, uint64_t number);

/* Sends one of our own that is kept. */
void viz_statement_mail(struct viz_net *net, const struct viz_id *to, const struct viz_id *origin,
			uint64_t slot, uint8_t type, uint64_t number);

/* A statement with a body of at most 8 KiB, written by one of viz_X_write: signs, keeps, and mails
 * to `to` unless it is NULL. The writer must stand at the body's end. */
int viz_statement_issue(struct viz_net *net, struct viz_id *id, uint8_t type,
			const struct viz_id *origin, uint64_t slot, uint64_t number,
			const struct viz_writer *body, const struct viz_id *to);

#endif
