/* Statements: signed records about an offer that go to one peer only. Our own are signed here.
 * Those of peers are checked (author, key, signature) and passed to the handler of their type. Both
 * are kept in VIZ_TABLE_STATEMENT, key (origin, slot, type, author, number). */
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

/* Signs a statement about the offer (origin, slot) and keeps it. `body` is one msgpack array. *id
 * (may be NULL) receives its id. VIZ_ERR_STATE: our key is revoked. VIZ_ERR_LIMIT: the body is too
 * large. */
int viz_statement_sign(struct viz_trust *trust, struct viz_id *id, uint8_t type,
		       const struct viz_id *origin, uint64_t slot, uint64_t number,
		       const uint8_t *body, size_t body_len);

/* Likewise with a body of at most 8 KiB that a viz_X_write has written; `body` stands at its end.
 * Then sends the statement to `to`, unless that is NULL. */
int viz_statement_issue(struct viz_net *net, struct viz_id *id, uint8_t type,
			const struct viz_id *origin, uint64_t slot, uint64_t number,
			const struct viz_writer *body, const struct viz_id *to);

/* Sends a statement of our own that is kept; does nothing when it is not. */
void viz_statement_mail(struct viz_net *net, const struct viz_id *to, const struct viz_id *origin,
			uint64_t slot, uint8_t type, uint64_t number);

/* Checks a signed statement of `author`; `type` 0 allows any type. `rec` borrows from `bytes`.
 * VIZ_ERR_ABSENT: the author or its key is not known (yet), so the statement must come again.
 * VIZ_ERR_FORM, VIZ_ERR_LIMIT, VIZ_ERR_MEANING, VIZ_ERR_AUTH: it can never be right. */
int viz_statement_check(struct viz_trust *trust, struct viz_record *rec, struct viz_id *id,
			const uint8_t *bytes, size_t len, uint8_t type,
			const struct viz_id *author);

/* Keeps a statement that is checked, under the offer (origin, rec->slot). */
void viz_statement_keep(struct viz_core *core, const struct viz_id *origin,
			const struct viz_record *rec, uint64_t number);

/* The statement by `author` with the latest time, of all that are kept, but those that were dated
 * ahead when they came; borrowed until the next write. VIZ_ERR_ABSENT: there is none.
 * VIZ_ERR_STATE: which one that is is not known, as it is kept no more, or later than `until`. */
int viz_statement_newest(struct viz_core *core, struct viz_slice *out, const struct viz_id *author,
			 struct viz_time until);

/* Looks up a statement that is kept: `out` is signature || record, borrowed until the next write.
 * False: there is none. */
bool viz_statement_get(struct viz_core *core, struct viz_slice *out, const struct viz_id *origin,
		       uint64_t slot, uint8_t type, const struct viz_id *author, uint64_t number);

/* A row of the table of statement types. */
struct viz_statement_handler {
	/* The takers, called in this order. `body` is at its start for each of them. When the first
	 * fails the reader, the second is not called. */
	void (*take[2])(struct viz_net *net, const struct viz_record *rec, struct viz_reader *body);
	bool inside; /* comes only inside another mail (RECEIPT, AWARD): refused by itself */
};

/* Mail STATEMENT: checks the statement and calls its takers. A bad signature or body fails the
 * reader, and then the link is closed. */
void viz_statement_received(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* Whether the payload of a mail STATEMENT ends a lead or part of it, and so frees space:
 * WITHDRAWAL, ERASED, OUTCOME, RELEASE. */
bool viz_statement_frees_space(struct viz_reader r);

#endif
