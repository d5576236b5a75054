/* The lies that only the table has (enum sim_way). liars.c calls these functions where the node
 * encodes, signs or sends something; each of them changes it, in worlds of its way. */
#ifndef VIZ_SIM_CHEAT_H
#define VIZ_SIM_CHEAT_H

#include "crypto/sign.h"
#include "proto/offer.h"
#include "tests/sim/sim.h"

struct viz_net;
struct viz_node_body;
struct viz_partners;
struct viz_mail_location;
struct viz_mail_lease_ask;
struct viz_proof;
struct viz_receipt;
struct viz_trust;
struct viz_writer;

/* What the liar has published of a partner: a later OFFER may contradict it. */
struct sim_cheat_turn {
	struct viz_id partners;
	uint64_t log;
	uint8_t index;
	uint32_t turn, draw;
	bool drawn;    /* while somebody was not */
	bool newcomer; /* and was marked so */
};

/* Whom an OFFER of the liar asks. */
struct sim_cheat_asked {
	uint64_t log;
	uint32_t number;
	size_t count;
	uint8_t index[VIZ_ASKED_MAX]; /* in its PARTNERS */
};

/* A NODE of the liar. */
struct sim_cheat_node {
	struct viz_id id, partners;
	struct viz_time time;
	uint64_t log;
};

/* Two CLOSEs with one number: cheat_shown.c. */
struct sim_cheat_shown {
	int64_t at; /* when it signed them; 0: not yet */
	uint64_t log, slot;
	uint32_t number;
	uint8_t body[8300]; /* the message with the one for the others */
	size_t body_len;
	bool told;
};

/* A COVERAGE that the liar acknowledges and does not keep: cheat_ack.c. */
struct sim_cheat_acked {
	struct viz_id author, coverage;
	uint64_t slot;
	struct viz_time last; /* its newest acknowledgement; 0: none yet */
	bool there, hides;    /* the offer that is signed now is to be hidden */
};

#define SIM_CHEAT_ACKED 16

/* A lease of the liar, and the award to somebody else that it hides: cheat_hide.c. */
struct sim_cheat_lease {
	uint64_t slot; /* of the offer; 0: none */
	uint32_t award_n;
	struct viz_id award, to;
	struct viz_time until, again; /* of the lease; of the CHOICE after it, 0: none yet */
	int64_t hidden_until;         /* true time */
};

/* What the liar remembers of what it signed. */
struct sim_cheat {
	struct sim_cheat_turn *turn;
	size_t count, capacity;
	struct sim_cheat_asked *asked;
	size_t asked_count, asked_capacity;
	struct viz_offer offer;        /* as it was encoded last */
	uint64_t offer_slot;           /* of the last OFFER that was signed; */
	struct viz_id offer_id;        /* its id, and */
	bool open;                     /* whether it has no CLOSE yet */
	struct sim_cheat_node node[2]; /* the newest first */
	uint64_t closed_slot;          /* of the last CLOSE, */
	struct viz_time closed_at;     /* and its time */
	unsigned nodes, logs;          /* NODEs and logs so far */
	unsigned starts;               /* false ones of this UTC day */
	bool true_start;               /* and the true one was said on it */
	int64_t starts_day;
	struct sim_cheat_shown shown;
	struct sim_cheat_acked acked[SIM_CHEAT_ACKED]; /* by machine */
	struct viz_signer old_signer;                  /* of key 0 */
	struct viz_time start, named_start;            /* of the next NODE, of the newest one */
	struct sim_cheat_lease lease;
	unsigned protests[SIM_CHEAT_ACKED]; /* by machine, on protests_day */
	int64_t protests_day[SIM_CHEAT_ACKED];
	bool used_up;                   /* one of them has none left, and was not heard */
	bool shifted;                   /* the clock of the core is set back, */
	struct viz_time now, signed_at; /* and was so before */
};

/* Of this world; it is made when it is asked for first. */
struct sim_cheat *sim_cheat(struct sim_world *w);
void sim_cheat_free(struct sim_world *w);
/* Whether the machine whose core runs now lies in this way. */
bool sim_cheat_does(const struct sim_world *w, enum sim_way way);
/* Likewise, at the opportunity with this number. */
bool sim_cheat_takes(const struct sim_world *w, enum sim_way way, uint64_t number);

/* Whether this author is harmed by a lie about it: an accomplice says nothing. */
bool sim_cheat_harms(struct sim_world *w, const struct viz_id *author);

/* cheat.c: what is about to be encoded. */
void sim_cheat_offer(struct sim_world *w, struct viz_trust *trust, struct viz_offer *o);
void sim_cheat_close(struct sim_world *w, struct viz_close *c);
void sim_cheat_result(struct sim_world *w, struct viz_trust *trust, struct viz_result *res);

/* cheat_log.c */
void sim_cheat_stale(struct sim_world *w, struct viz_offer *o);
void sim_cheat_node(struct sim_world *w, struct viz_node_body *b);
void sim_cheat_partners(struct sim_world *w, const struct viz_trust *trust, struct viz_partners *p);
/* Before and after a record is signed; `id` is its id, NULL: it was not signed. */
void sim_cheat_sign(struct sim_world *w, struct viz_net *net, uint8_t type, uint64_t slot);
void sim_cheat_signed(struct sim_world *w, struct viz_net *net, const struct viz_id *id,
		      uint8_t type, uint64_t slot, const uint8_t *body, size_t len);
/* Before and after PARTNERS is made, and the heartbeat. */
void sim_cheat_shift(struct sim_world *w, struct viz_trust *trust, struct viz_time to);
void sim_cheat_unshift(struct sim_world *w, struct viz_trust *trust);
void sim_cheat_partners_due(struct sim_world *w, struct viz_net *net);
void sim_cheat_heartbeat(struct sim_world *w, struct viz_net *net);

/* cheat_shown.c: the CLOSE is signed; what is not sent to whom; which links have ended. */
void sim_cheat_shown_close(struct sim_world *w, struct viz_net *net, uint64_t slot,
			   const uint8_t *body, size_t len);
bool sim_cheat_shown_withholds(struct sim_world *w, const struct sim_machine *m,
			       const struct sim_machine *to, const uint8_t *body, size_t len);
bool sim_cheat_shown_apart(const struct sim_world *w, unsigned a, unsigned b);
void sim_cheat_shown_operate(struct sim_world *w, struct sim_machine *m);

/* cheat_ack.c: whether the liar acknowledges COVERAGE that it does not keep; one came to it. */
bool sim_cheat_is_ack(const struct sim_world *w);
void sim_cheat_ack_came(struct sim_world *w, const struct viz_record *rec);
void sim_cheat_ack_heartbeat(struct sim_world *w, struct viz_net *net);
void sim_cheat_ack_node(struct sim_world *w, struct viz_node_body *b);
/* An OFFER is about to be encoded, and is signed. */
void sim_cheat_ack_offer(struct sim_world *w, struct viz_trust *trust, const struct viz_offer *o);
void sim_cheat_ack_offered(struct sim_world *w, struct viz_net *net);
/* cheat.c: whether a partner that would have to be in the lists is in none. */
bool sim_cheat_left_out(struct sim_world *w, struct viz_trust *trust, const struct viz_offer *o,
			const struct viz_id *author);

/* cheat_hide.c: dates behind a PARTNERS that nobody has seen. */
void sim_cheat_between(struct sim_world *w, const struct viz_trust *trust, struct viz_partners *p);
/* The nights in which some have no link with the liar, and whether one began a while ago. */
bool sim_cheat_night_apart(const struct sim_world *w, unsigned a, unsigned b);
bool sim_cheat_is_late_night(const struct sim_world *w);
void sim_cheat_night_operate(struct sim_world *w);
/* A PROTEST of this machine was signed; whether the liar does not hear it about this offer. */
void sim_cheat_protested(struct sim_world *w, const struct sim_machine *m, uint64_t slot);
bool sim_cheat_deaf(struct sim_world *w, struct viz_net *net, const struct viz_id *from,
		    uint64_t slot);
/* Whether the liar needs many customers now. */
bool sim_cheat_is_urgent(struct sim_world *w, const struct sim_machine *m);
/* A holder has asked for a lease: the liar has answered, or answers here. */
void sim_cheat_leased(struct sim_world *w, struct viz_net *net, const struct viz_id *from,
		      const struct viz_mail_lease_ask *ask);
void sim_cheat_chosen(struct sim_world *w, struct viz_net *net, uint64_t slot);
bool sim_cheat_hides_choice(const struct sim_world *w, const struct sim_machine *m,
			    const struct sim_machine *to, const struct viz_record *rec);

/* cheat_say.c: whether this message is not sent, and what else a liar or its accomplice does. */
bool sim_cheat_withholds(struct sim_world *w, struct sim_machine *m, uint64_t link,
			 const uint8_t *body, size_t len);
/* Whether the statement is not issued at all. */
bool sim_cheat_silent(struct sim_world *w, uint8_t type, uint64_t slot, uint64_t number,
		      const struct viz_id *to);
/* Whether it says no to a question for a lease, instead of nothing: writes that. */
bool sim_cheat_refuses(struct viz_writer *no, const struct viz_writer *body, uint8_t type,
		       uint64_t slot);
void sim_cheat_pledge(struct sim_world *w, struct viz_net *net, const struct viz_id *origin,
		      uint64_t slot, const struct viz_writer *body);
void sim_cheat_proof(struct sim_world *w, struct viz_proof *p);
void sim_cheat_receipt(struct sim_world *w, struct viz_receipt *c);
void sim_cheat_location(struct sim_world *w, struct viz_mail_location *m);
/* The liar is to serve the location of the offer in the slot to one that it asks. */
void sim_cheat_served(struct sim_world *w, uint64_t slot);
/* Whether the liar has no link with the other of these two machines. */
bool sim_cheat_apart(const struct sim_world *w, unsigned a, unsigned b);
/* Whether it takes no COVERAGE of this author. */
bool sim_cheat_unseen(const struct sim_world *w, const struct viz_id *author);
void sim_cheat_operate(struct sim_world *w, struct sim_machine *m);

#endif
