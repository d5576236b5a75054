/* Who takes which record, message, mail, statement and timer. */
#ifndef VIZ_NODE_HANDLERS_H
#define VIZ_NODE_HANDLERS_H

#include "proto/message.h"

struct viz_id;
struct viz_node;
struct viz_reader;
struct viz_record;

/* Fires what is due, at most 256. */
void viz_due_run(struct viz_node *node);

/* What the node does about a record that is new to it, beyond holding it. */
void viz_handlers_record(struct viz_node *node, const struct viz_record *rec,
			 const struct viz_id *id);

/* What a peer can make us write by asking. */
bool viz_handlers_mail_is_answer(enum viz_mail_kind kind);

/* Answers that are large beside what asks for them. */
bool viz_handlers_mail_is_bulk(enum viz_mail_kind kind);

void viz_handlers_mail(struct viz_node *node, const struct viz_id *from, enum viz_mail_kind kind,
		       struct viz_reader *r);

/* What a mail may cost here, in signature checks. */
unsigned viz_handlers_mail_cost(enum viz_mail_kind kind);

void viz_handlers_statement(struct viz_node *node, const struct viz_record *rec,
			    const struct viz_id *id, struct viz_reader *body);

#endif
