/* What became of the awards of a log that a quarantine has ended: the origin asks those who may
 * hold one, by the mail STATE. It learns outcomes, no more. PROTOCOL.md section 9.1. */
#ifndef VIZ_NODE_LEAD_STATE_H
#define VIZ_NODE_LEAD_STATE_H

#include "proto/mail.h"
#include "store/store.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_reader;

/* A quarantine has ended: asks each who revealed a proposal for an offer that has no end. */
void viz_lead_state_ask(struct viz_net *net);

/* STATE of a holder, when it is no question: keeps it. */
void viz_lead_state_told(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* Walks over what was told, by the slot of the offer. */
struct viz_lead_state_walk {
	struct viz_walk rows;
	struct viz_id self;
};

struct viz_lead_told {
	uint64_t slot;
	struct viz_id partner;
	struct viz_mail_state said;
};

void viz_lead_state_walk_init(struct viz_lead_state_walk *walk, struct viz_core *core,
			      const struct viz_id *self);
/* Looks at `rows` rows at most, and takes them off. False: there was none among these; rows are
 * left when there is none any more. */
bool viz_lead_state_walk_next(struct viz_lead_state_walk *walk, size_t *rows,
			      struct viz_lead_told *out);

/* "awarded", "leased", "contacted", "installed", "released", "erased". */
const char *viz_lead_state_told_name(enum viz_award_state state);

#endif
