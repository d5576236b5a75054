/* What must hold (DESIGN.md section 2). The checks read the cores' memory after every batch.
 * Each file holds one concern. A check that fails ends the process by sim_fail. */
#ifndef VIZ_SIM_CHECK_H
#define VIZ_SIM_CHECK_H

#include "node/audit/rules.h"
#include "proto/base.h"
#include "tests/sim/sim.h"

/* All personal data in the simulator contains these bytes, so that a check can find it anywhere. */
#define SIM_CANARY_NAME   "Canario Teste "
#define SIM_CANARY_PHONE  "+552799"
#define SIM_CANARY_STREET "Rua do Canario "
/* The packed form of every point begins with d2 fe ca .. .. d2 fd 99 .. .. (big-endian int32). */
#define SIM_CANARY_LAT (INT32_C(-0x1360000)) /* 0xfeca0000: about 20 degrees south */
#define SIM_CANARY_LON (INT32_C(-0x2670000)) /* 0xfd990000: about 40 degrees west */

/* check.c */
void sim_check_begin(struct sim_world *w);
void sim_check_free(struct sim_world *w);
void sim_check_opened(struct sim_world *w, struct sim_machine *m);
void sim_check_before(struct sim_world *w, struct sim_machine *m);
/* The batch is on disk. None of its effects was carried out yet. */
void sim_check_after(struct sim_world *w, struct sim_machine *m, const struct viz_effects *fx);
/* The process died within the batch. */
void sim_check_lost(struct sim_world *w, struct sim_machine *m);
/* Called before an effect is carried out. */
void sim_check_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx);
void sim_check_end(struct sim_world *w);
struct sim_world *sim_check_world(void);
/* Makes space for one more element of `size` bytes in a growing array. Returns the array. */
void *sim_more(void *list, size_t count, size_t *capacity, size_t size);

/* check_show.c: two nodes never show one contact at the same time, unless their origin awards
 * twice. Then the first of them finds it. */
struct viz_effect;
struct viz_effects;
struct viz_id;
struct viz_inbox;
struct viz_secret;
struct sim_shows *sim_shows_new(void);
void sim_shows_free(struct sim_shows *s);
void sim_shows_note(struct sim_world *w, const struct viz_inbox *in);
void sim_shows_commit(struct sim_world *w, struct sim_machine *m);
void sim_shows_drop(struct sim_world *w);
/* The machine has started. It shows nothing before its first batch. */
void sim_shows_hide(struct sim_world *w, struct sim_machine *m);
void sim_shows_reload(struct sim_world *w, struct sim_machine *m);

/* check_consent.c: personal data goes only to the node that a durable receipt names (I1). */
void sim_consent_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx);

/* check_erased.c: an erased key is in no file (I4). */
struct sim_secrets *sim_secrets_new(void);
void sim_secrets_free(struct sim_secrets *s);
void sim_secrets_made(struct sim_world *w, const struct viz_secret *key);
void sim_secrets_commit(struct sim_world *w, struct sim_machine *m);
/* Called before a node reports that it has erased a key. */
void sim_secrets_reported(struct sim_world *w, struct sim_machine *m);
void sim_secrets_end(struct sim_world *w, struct sim_machine *m);

/* check_kept.c: what a node has acknowledged is there after every crash (I2). */
struct sim_promises *sim_promises_new(void);
void sim_promises_free(struct sim_promises *p);
void sim_promises_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx);
void sim_promises_check(struct sim_world *w, struct sim_machine *m);
/* Called with each reply that is `ok`, by operation. */
void sim_promise_lead(struct sim_world *w, struct sim_machine *m, uint64_t slot, unsigned award_n,
		      bool revoked);
void sim_promise_contacted(struct sim_world *w, struct sim_machine *m, const struct viz_id *origin,
			   uint64_t slot);

/* check_audit.c: nobody finds an honest node in contradiction, and a lie is found as what it is
 * (I3). */
struct sim_audit *sim_audit_new(void);
void sim_audit_free(struct sim_audit *a);
/* `liar` has lied about the offer in `slot`. For an equivocation `slot` is the slot of the
 * record. */
void sim_audit_lie(struct sim_world *w, const struct sim_machine *liar, uint64_t slot,
		   enum sim_lie lie);
/* Likewise of one that a count shows: it began then, and by now the count of whoever holds all that
 * was signed shows it. Who holds less may find it before. */
void sim_audit_lie_since(struct sim_world *w, const struct sim_machine *liar, uint64_t slot,
			 enum sim_lie lie, int64_t since);
/* What it lied about is right now, before anybody could have found it. */
void sim_audit_unlie(struct sim_world *w, const struct sim_machine *liar, uint64_t slot);
/* Whether this node has found this rule broken in the offer. */
bool sim_audit_found(const struct sim_world *w, const struct sim_machine *by,
		     const struct viz_id *origin, uint64_t slot, enum viz_rule rule);
void sim_audit_end(struct sim_world *w);

/* What the finder was for the offer, when it found the lie. */
enum sim_finder {
	SIM_FINDER_CIRCLE,  /* in the origin's circle, and has not answered, or was not asked */
	SIM_FINDER_PLEDGER, /* has answered */
	SIM_FINDER_HOLDER,  /* was awarded */
	SIM_FINDER_OTHER,   /* does not hold the OFFER */
	SIM_FINDERS,
};
struct sim_told_lie {
	uint64_t slot;
	enum sim_lie lie;
	int64_t since; /* when it began */
	int64_t at;    /* when it got out */
};
struct sim_told_finding {
	uint64_t slot;
	enum viz_rule rule;
	int64_t at;
	enum sim_finder role;
	bool wrong;      /* a contradiction of an honest node */
	const char *why; /* of a suspicion of an honest node: what did not come, or NULL */
	bool of_last;    /* of the last machine */
	bool by_liar;    /* or an accomplice */
};
/* export.c: asks each honest node for the evidence of each contradiction that it holds, and checks
 * it as an outsider would. What does not hold is printed, and missing in the count. */
void sim_export(struct sim_world *w);

/* The machine that runs now has signed a record with this lie. */
void sim_audit_lie_in(struct sim_world *w, enum sim_lie lie, uint8_t type, uint64_t slot,
		      const struct viz_id *record);
/* A record will be held. */
void sim_audit_held(struct sim_world *w, struct sim_machine *m, const struct viz_record *rec,
		    const struct viz_id *id);
/* Whether a federation record with a lie has come to somebody honest, to whom it shows it, or none
 * has one. False dates show to who holds a PARTNERS from before. */
bool sim_audit_shown(const struct sim_world *w);

/* Tells table.c all lies, and then all findings. */
void sim_audit_tell(const struct sim_world *w, void *arg,
		    void (*lie)(void *arg, const struct sim_told_lie *lie),
		    void (*found)(void *arg, const struct sim_told_finding *found));

/* check_log.c: the log of an honest origin has neither gap nor fork (I7). */
struct sim_logs *sim_logs_new(void);
void sim_logs_free(struct sim_logs *l);
void sim_logs_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx);
void sim_logs_check(struct sim_world *w, struct sim_machine *m);
/* Whoever knows the log of an honest origin has it up to the head that was opened to it. */
void sim_logs_end(struct sim_world *w, struct sim_machine *m);

/* check_protest.c: a PROTEST is not said of what was heard, and is said of what was not (I8). */
struct sim_protests *sim_protests_new(void);
void sim_protests_free(struct sim_protests *p);
/* The origin whose core runs now did not hear `from`, which is to say so by a PROTEST of this kind.
 */
void sim_protests_deaf(struct sim_world *w, const struct viz_id *from, uint64_t slot,
		       unsigned kind);
/* A partner says in every kind of this offer of an honest origin what is not so; whether one has.
 */
void sim_protests_false(struct sim_world *w, const struct viz_id *origin, uint64_t slot);
bool sim_protests_were_false(const struct sim_world *w, const struct viz_id *origin, uint64_t slot);
/* Looks at what the machine holds. */
void sim_protests_check(struct sim_world *w, struct sim_machine *m);
void sim_protests_end(struct sim_world *w);
/* check_strata.c: circle records stay in their circle (I9). */
struct sim_strata *sim_strata_new(void);
void sim_strata_free(struct sim_strata *s);
void sim_strata_before(struct sim_world *w);
void sim_strata_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx);
void sim_strata_end(struct sim_world *w, struct sim_machine *m);

/* check_share.c: accounts are right, and within the shares (I5). */
void sim_share_check(struct sim_world *w, struct sim_machine *m);

/* check_end.c: all nodes agree when all is quiet (I6), and nothing is stuck. */
void sim_end_check(struct sim_world *w);

struct sim_checks {
	struct sim_shows *shows;
	struct sim_secrets *secrets;
	struct sim_promises *promises;
	struct sim_audit *audit;
	struct sim_logs *logs;
	struct sim_protests *protests;
	struct sim_strata *strata;
};

#endif
