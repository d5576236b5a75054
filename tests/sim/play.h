/* The operators: they send their nodes the same JSON requests as the command does. A crash may
 * lose a reply, so that an operator repeats each request that matters. */
#ifndef VIZ_SIM_PLAY_H
#define VIZ_SIM_PLAY_H

#include <jansson.h>

#include "proto/coverage.h"
#include "tests/sim/check.h"

enum sim_ask {
	SIM_ASK_ANYTHING, /* nobody reads the reply */
	SIM_ASK_COVERAGE,
	SIM_ASK_INVITE, /* ref: the machine that is invited */
	SIM_ASK_ACCEPT,
	SIM_ASK_TRUST,  /* ref: the machine that is trusted */
	SIM_ASK_LOOKUP, /* ref: a case, as below */
	SIM_ASK_OFFER,
	SIM_ASK_PROPOSALS,
	SIM_ASK_CHOOSE,
	SIM_ASK_REVOKE,
	SIM_ASK_PROOF,
	SIM_ASK_INBOX,
	SIM_ASK_SHOW,
	SIM_ASK_CONTACTED,
	SIM_ASK_EXPORT, /* ref: the rule */
};

struct sim_query {
	uint64_t client;
	enum sim_ask ask;
	size_t ref;
	char id[48]; /* an inbox entry */
};

enum sim_step {
	SIM_CASE_NEW,
	SIM_CASE_OFFERED,
	SIM_CASE_AWARDED,
	SIM_CASE_OVER,
};

/* A customer who moves. */
struct sim_case {
	unsigned origin;
	enum sim_step step;
	uint64_t number; /* makes the canaries of this case */
	uint32_t municipality;
	uint64_t slot; /* of the lead, after the offer */
	bool single;
	bool struck; /* this customer strikes the first partner in the list */
	char strike[65];
	bool has_victim;                        /* the one that is always struck is drawn, */
	unsigned drawn;                         /* with so many others, itself too */
	uint32_t draw;                          /* whose names were read last; 0: none */
	char *text, *contact_text, *later_text; /* the texts that were read last, as JSON; owned */
	int64_t next_at;
	int64_t revoke_at;   /* 0: never */
	unsigned choices;    /* number of choices so far */
	int64_t patience_ms; /* how long the customer waits for a call */
	bool comes_back;     /* and wants another offer then, or after taking the consent back */
	uint64_t previous;   /* the lead before, which that offer names; 0: none */
};

struct sim_play {
	struct sim_query *query; /* requests without reply */
	size_t query_count, query_capacity;
	uint64_t last_client;
	struct sim_case *cases;
	size_t case_count, case_capacity;
	unsigned sponsor[SIM_NODES_MAX];
	char *line[SIM_NODES_MAX]; /* invitations that nobody has accepted yet */
	bool covered[SIM_NODES_MAX];
	bool accepted[SIM_NODES_MAX];
	int64_t asked_at[SIM_NODES_MAX];
	bool partner[SIM_NODES_MAX][SIM_NODES_MAX];
	bool vouch[SIM_NODES_MAX][SIM_NODES_MAX];
	bool trusted[SIM_NODES_MAX][SIM_NODES_MAX];
	bool blocked[SIM_NODES_MAX][SIM_NODES_MAX];
	char victim[65]; /* whom all customers of the liar strike */
	uint32_t victim_municipality;
	uint32_t victim_drawn, victim_struck, beside_victim; /* draws */
	int64_t victim_since;                   /* the first that was struck or burnt; 0: none */
	int64_t rotate_at, revoke_at, renew_at; /* 0: does not happen in this world */
	unsigned rotations;                     /* so far */
	unsigned rotates, revokes;              /* the machine whose key changes */
	unsigned offers, awards, calls, revocations, second, returns; /* for the summary */
};

/* Sends a request. The reply comes to sim_play_reply as `ask` with `ref`. `format` makes JSON. */
struct sim_query *sim_ask(struct sim_world *w, struct sim_machine *m, enum sim_ask ask, size_t ref,
			  const char *format, ...) __attribute__((format(printf, 5, 6)));

void sim_hex_of(char hex[65], const struct sim_machine *m);
/* The code of the n-th municipality of this world. */
uint32_t sim_municipality(unsigned n);
#define SIM_MUNICIPALITIES 10
/* Whether what this node covers surely meets the area. */
bool sim_covers(const struct sim_machine *m, const struct viz_area *area);
/* The CEP range that a node in this municipality covers. */
uint32_t sim_cep(unsigned municipality);

/* play_case.c: the origin's agent and the customers. */
void sim_case_free(struct sim_case *c);
void sim_case_maybe_new(struct sim_world *w, struct sim_machine *m);
void sim_case_operate(struct sim_world *w, struct sim_machine *m);
void sim_case_reply(struct sim_world *w, struct sim_machine *m, const struct sim_query *q, bool ok,
		    json_t *result);

/* Whether both leads of this origin are of one customer. */
bool sim_case_same(const struct sim_world *w, unsigned origin, uint64_t a, uint64_t b);

/* export.c: the reply has the evidence of a finding. */
void sim_export_reply(struct sim_world *w, struct sim_machine *m, const struct sim_query *q,
		      bool ok, const json_t *result);

/* play_inbox.c: the staff of the chosen provider. */
void sim_inbox_operate(struct sim_world *w, struct sim_machine *m);
void sim_inbox_reply(struct sim_world *w, struct sim_machine *m, const struct sim_query *q, bool ok,
		     json_t *result);

#endif
