/* The simulator: it runs many cores in one process, in virtual time, from one seed.
 *
 * A world has machines (each a node with its own store, vault, clock and operator), a net between
 * them, faults and liars. Everything that happens is a task with a virtual time. Tasks of one time
 * run in the order in which they were planned, so that a seed always gives the same trace hash. The
 * checks read the cores' memory after every batch. The first violation ends the process (sim_fail).
 *
 * An instant is true time unless its name says otherwise: milliseconds since 1970 as in struct
 * viz_time. A machine's own clock shows true time + skew. */
#ifndef VIZ_SIM_SIM_H
#define VIZ_SIM_SIM_H

#include "crypto/hash.h"
#include "node/core/event.h"
#include "node/core/profile.h"
#include "node/state.h"

struct viz_node;
struct viz_store;
struct viz_vault;
#include "proto/base.h"
#include "proto/federation.h"
#include "store/backend.h"
#include "store/vault.h"

#define SIM_NODES_MAX 2048
#define SIM_PORT      7411

enum sim_profile {
	SIM_CALM,  /* nothing fails, and all that is promised must happen */
	SIM_ROUGH, /* links die, nodes crash, the net is partitioned, clocks are set or wrong beyond
		      the bound, keys change */
	SIM_LIARS, /* some of the nodes lie; links die now and then */
	SIM_CLONES, /* now and then a copy of a node's state directory runs beside it for a while */
};

/* How a machine breaks the rules. */
enum sim_lie {
	SIM_LIE_OMIT = 1,       /* leaves a partner that is asked out of OFFER */
	SIM_LIE_DROP = 2,       /* leaves an acknowledged pledge out of CLOSE */
	SIM_LIE_REORDER = 4,    /* puts another order into RESULT */
	SIM_LIE_EQUIVOCATE = 8, /* signs two records for one place */
	SIM_LIE_MALFORMED = 16, /* changes bytes, cuts them off, sends impossible counts */
	SIM_LIE_REPLAY = 32,    /* sends old bodies again, to any peer */
	SIM_LIE_FLOOD = 64,     /* sends more than its quotas */
	SIM_LIE_FAVOUR = 128,   /* draws its favourite, though others waited longer */
	SIM_LIE_TWICE = 256,    /* awards again while a lease runs, and tells its holder nothing */
	SIM_LIE_DEAF = 512,     /* does not hear what partners send, or closes at once */
	SIM_LIE_PROTEST = 4096, /* says of honest origins what is not so */
	/* only for the table: */
	SIM_LIE_WAY = 1024,        /* in the way of the options */
	SIM_LIE_ACCOMPLICE = 2048, /* it helps the one that lies */
};

/* The lies that only the table has, one of them in a world. */
enum sim_way {
	SIM_WAY_NONE,
	/* in what it signs about an offer: cheat.c */
	SIM_WAY_FORGED,       /* CLOSE names a PLEDGE that was not signed so */
	SIM_WAY_BLOCKED,      /* says that a partner that it asks is blocked */
	SIM_WAY_SALT,         /* RESULT has another salt than OFFER committed to */
	SIM_WAY_REVEAL,       /* RESULT has another nonce than the REVEAL */
	SIM_WAY_TURN,         /* OFFER has a lower turn of one that is asked */
	SIM_WAY_NEWCOMER,     /* OFFER marks as a newcomer who is none */
	SIM_WAY_VIEW,         /* OFFER has the digest of a view that it does not serve */
	SIM_WAY_ENTRIES,      /* CLOSE has an entry less than were asked */
	SIM_WAY_NODE,         /* OFFER gives another time of its NODE */
	SIM_WAY_MIXED,        /* CLOSE has the number of another offer */
	SIM_WAY_SHORT,        /* says of one that is drawn that it is not */
	SIM_WAY_DOUBLE,       /* OFFER has the number of the draw before */
	SIM_WAY_UNFOUNDED,    /* OFFER lists somebody who is not in its PARTNERS */
	SIM_WAY_OUTSIDE,      /* OFFER asks a partner whose entry is not effective yet */
	SIM_WAY_SILENT,       /* says that a partner that it asks is silent */
	SIM_WAY_HIDDEN,       /* leaves a partner out, and serves nobody the view that shows it */
	SIM_WAY_RESULT_FALSE, /* RESULT orders less than was revealed */
	SIM_WAY_REVEAL_DROP,  /* RESULT shows an acknowledged reveal as none */
	/* in its log, NODE and PARTNERS: cheat_log.c */
	SIM_WAY_FORK,      /* signs two records with one number of its log */
	SIM_WAY_SHOWN,     /* signs two for partners that have no link then: cheat_shown.c */
	SIM_WAY_STALE,     /* OFFER names the NODE before the newest */
	SIM_WAY_BACK,      /* dates RESULT before CLOSE */
	SIM_WAY_AGAIN,     /* signs a CHOICE after the one of nobody */
	SIM_WAY_DATES,     /* PARTNERS gives an entry another date than the one before */
	SIM_WAY_BACKDATED, /* dates PARTNERS before a NODE that names the one before */
	SIM_WAY_BETWEEN,   /* dates an entry by a PARTNERS between, which nobody has seen */
	SIM_WAY_OTHER_LOG, /* PARTNERS has a log of its own */
	SIM_WAY_LOGS,      /* begins one log after the other */
	SIM_WAY_OLD_LOG,   /* goes on in the old log when a new one is open */
	SIM_WAY_LOG_BACK,  /* dates the PARTNERS of a new log back */
	SIM_WAY_RESET,     /* forgets a turn with a new log */
	SIM_WAY_STARTS,    /* each NODE has another start */
	/* in what it says, or does not say: cheat_say.c and liars.c */
	SIM_WAY_CLOSES_EARLY, /* CLOSE before the window is over, with a nil */
	SIM_WAY_RESULT_EARLY, /* RESULT with CLOSE, without the reveals */
	SIM_WAY_LOCATION,     /* sends a location that the OFFER does not commit to */
	SIM_WAY_RECEIPT,      /* sends a receipt that is over */
	SIM_WAY_UNLINKED,     /* has no link with some */
	SIM_WAY_WITHHOLD,     /* serves nobody the CLOSE */
	SIM_WAY_UNOPENED,     /* opens no NODE */
	SIM_WAY_UNSEEN,       /* takes no COVERAGE of some */
	SIM_WAY_UNACKED,      /* acknowledges no COVERAGE */
	SIM_WAY_UNLEASED,     /* answers no question for a lease */
	SIM_WAY_UNERASED,     /* does not say that it has erased */
	SIM_WAY_PLEDGES,      /* pledges twice */
	SIM_WAY_PROOF,        /* gives the customer a false proof */
	/* that hide what it has signed, or did: cheat_ack.c and cheat_hide.c */
	SIM_WAY_ACK_DRAW,    /* leaves out whose coverage it acknowledges anew at the draw */
	SIM_WAY_ACK_START,   /* likewise, after the draw, with a later start in NODE */
	SIM_WAY_ACK_KEY,     /* likewise, by a key that has ended */
	SIM_WAY_NIGHT,       /* has no link with some for a while, and lists one as silent */
	SIM_WAY_HEADS,       /* opens each second NODE to a partner */
	SIM_WAY_PROTESTS,    /* does not hear who has no PROTEST left that day */
	SIM_WAY_SHORT_LEASE, /* awards twice, and gives the first holder a shorter lease */
	/* with the customers who ask it: play_case.c */
	SIM_WAY_STRIKES, /* they strike always the same partner */
	SIM_WAY_BURNS,   /* they refuse the names when a certain one is drawn */
};

struct sim_options {
	uint64_t seed;
	unsigned nodes;
	unsigned minutes; /* of virtual time; the last three are quiet */
	enum sim_profile profile;
	bool trace; /* prints every event and effect as a line on stdout */
	/* For the table: bits of enum sim_lie. The last node lies so, and it makes most of the
	 * offers; what the audit finds is kept and fails nothing. 0: no table. */
	unsigned cheat;
	enum sim_way way;    /* with SIM_LIE_WAY */
	unsigned accomplice; /* so many of the nodes before it help it */
	unsigned rate;       /* of its opportunities, in a million, at which it lies; 0: at each */
	/* Many customers, and more goes wrong: older states come back before midnight, and keys
	 * change again and again. Commits take as long as those of a disk. */
	bool busy;
	bool prune; /* operators prune members, and take it back */
};

/* What went wrong, for the report of --honest. */
struct sim_faults {
	uint64_t cut, lost, partitions, stalls, crashes, outages, restores, quarantines, rotations,
	    revocations, forward, back, ahead, late, prunes;
};

#define SIM_RATE_ALL 1000000

/* splitmix64 (Steele, Lea, Flood 2014). */
struct sim_rng {
	uint64_t state;
};
uint64_t sim_draw(struct sim_rng *rng);
/* Close to uniform in [0, bound), bound > 0. */
uint64_t sim_below(struct sim_rng *rng, uint64_t bound);
/* True in one of `n` calls, on average. */
bool sim_once_in(struct sim_rng *rng, uint64_t n);

enum sim_task_kind {
	SIM_TASK_RUN,    /* node: its core takes the events that wait */
	SIM_TASK_TICK,   /* node, a: incarnation */
	SIM_TASK_INPUT,  /* node, a: incarnation, event: a verified signature, a failed dial */
	SIM_TASK_FRAME,  /* a: link, b: end, event: arrives at that end */
	SIM_TASK_CLOSED, /* a: link, b: end: learns that the link is closed */
	SIM_TASK_DIAL,  /* node, a: incarnation, b: the machine dialled, event: hello and attempt */
	SIM_TASK_START, /* node: starts again */
	SIM_TASK_OPERATE, /* node: its operator acts */
	SIM_TASK_FAULT,   /* the next fault */
	SIM_TASK_HEAL,    /* the partition ends */
};

/* An event for the core that owns its bytes. */
struct sim_input {
	struct viz_event event;
	uint8_t *bytes;
};

struct sim_task {
	int64_t at;
	uint64_t order;
	enum sim_task_kind kind;
	unsigned node;
	uint64_t a, b;
	struct sim_input input; /* owned */
};

struct sim_machine {
	unsigned index;
	char name[16];
	char dir[128];
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node; /* NULL while the process is down */
	struct viz_profile profile;
	struct viz_id author;
	bool gone;       /* never comes back */
	bool revoked;    /* its key was revoked, and the others no longer deal with it */
	bool behind_nat; /* it dials, and cannot be dialled */
	unsigned lies;   /* bits of enum sim_lie; 0: honest */
	int64_t skew_ms;
	int64_t stepped_ms; /* the part of skew_ms by which its clock was set, until it is undone */
	int64_t right_at;   /* when it is undone */
	bool rolled;        /* an older state was put in its place, or a copy of it runs */
	bool kept;          /* a copy of its state was made, to be put there later */
	int64_t restore_at; /* when; 0: never */
	int64_t shown_at;   /* since then: when the first LAST came; 0: none yet */
	int64_t quarantined_at;       /* since then: when it went into quarantine; 0: not yet */
	bool in_quarantine;           /* seen so after its last batch */
	struct sim_machine *original; /* of which it is a copy (clone.c); NULL: it is none */
	bool told;                    /* its operator was told of its quarantine */
	int64_t came_in; /* a copy: when it first told of itself, or stopped; 0: not yet */
	uint64_t
	    heard_log; /* the newest number of its log that it sent and somebody got, in which */
	uint32_t heard_number;  /* log */
	uint32_t copied_number; /* what its copy has of its log */
	bool unheard;           /* it had signed beyond both when its copy signed NODE */
	bool cut_off;           /* it had no link with anybody for a while */
	uint64_t past;          /* with a search: a hash of all that it got */
	bool was_set;           /* its clock was set at least once */
	int64_t last_now;       /* the clock does not go back while the process runs */
	bool reload; /* it has started; the check reads after the first batch what it may show */
	uint64_t incarnation; /* number of starts */
	int64_t tick_at;      /* when the planned tick comes; INT64_MAX: none */
	bool run_planned;
	struct sim_input *input; /* events that wait for its core */
	size_t input_count, input_capacity;
	struct viz_pub transport, transport_old;
	bool has_transport_old;
	struct viz_secret next_seed;      /* of key key_number + 1 */
	struct viz_secret following_seed; /* of the key after that, while a rotation runs */
	uint32_t key_number;
	uint8_t revocation[512]; /* signed in advance, of key 0 */
	size_t revocation_len;
};

struct sim_end {
	unsigned node;
	uint64_t incarnation;
	int64_t last_at; /* arrival of the last message to this end */
	bool admitted;   /* the core has admitted the peer, and gets what arrives */
	bool known;      /* the core knows this link */
	bool saw_close;
	struct sim_input *held; /* what arrived before the admission */
	size_t held_count;
};

struct sim_link {
	struct sim_end end[2]; /* end 0 dialled */
	bool cut;              /* nothing that is sent from now on arrives */
};

struct sim_play;   /* play.c */
struct sim_liars;  /* liars.c */
struct sim_checks; /* check.c */
struct sim_search; /* search_inside.h */
struct sim_cheat;  /* cheat.c */
struct viz_net;

struct sim_world {
	struct sim_options options;
	struct sim_rng rng;
	struct viz_federation federation;
	char dir[96];
	int64_t began, now, quiet_at, end_at;
	struct sim_machine machine[SIM_NODES_MAX];
	unsigned count;
	struct sim_link *link;
	size_t link_count, link_capacity;
	struct sim_task *task; /* a heap */
	size_t task_count, task_capacity;
	uint64_t tasks_planned, batches, events, crashes;
	uint64_t lied_offers; /* with a table: OFFERs of the liar */
	struct {
		unsigned asked, proved; /* contradictions that honest nodes hold */
	} exported;                     /* with a table: evidence for outsiders */
	struct sim_faults faults;
	int64_t linked_at[SIM_NODES_MAX][SIM_NODES_MAX]; /* when the first last had a full
								     link with the second */
	bool split;                                      /* the net is partitioned */
	bool side[SIM_NODES_MAX];
	struct sim_machine *stepping; /* the machine whose core runs now */
	struct viz_hash hash;         /* over all events and effects */
	struct sim_play *play;
	struct sim_liars *liars;
	struct sim_cheat *cheat; /* cheat.h; NULL: nobody has asked for it yet */
	struct sim_checks *checks;
	struct sim_search *search; /* NULL: a run of one seed */
};

/* world.c: time. */
struct sim_world *sim_world_new(const struct sim_options *options);
void sim_world_free(struct sim_world *w);
void sim_world_run(struct sim_world *w);
void sim_world_run_until(struct sim_world *w, int64_t end_at);
/* Takes the i-th task out of the heap; 0: the next one. */
struct sim_task sim_world_take(struct sim_world *w, size_t i);
void sim_world_perform(struct sim_world *w, struct sim_task *t);
/* Makes a directory for the state of the machines, and removes it. */
void sim_world_make_dir(struct sim_world *w);
void sim_world_remove(struct sim_world *w);
/* Plans a task. It takes over `input.bytes`. */
void sim_plan(struct sim_world *w, int64_t at, const struct sim_task *task);
bool sim_is_quiet(const struct sim_world *w);
/* Whether links stall, fail and die: no start_ms would do then for two processes with one key. */
static inline bool sim_is_rough(const struct sim_world *w)
{
	return w->options.profile == SIM_ROUGH || w->options.profile == SIM_LIARS;
}
const char *sim_profile_name(enum sim_profile profile);
struct sim_input sim_input_copy(const struct viz_event *event, const uint8_t *bytes, size_t len);
void sim_input_free(struct sim_input *input);
/* Ends the process. Prints the broken invariant, the machine, and the command that replays the
 * run. `m` may be NULL. */
_Noreturn void sim_fail(struct sim_world *w, const char *invariant, const struct sim_machine *m,
			const char *format, ...) __attribute__((format(printf, 4, 5)));
struct sim_machine *sim_machine_of(struct sim_world *w, const struct viz_id *author);

/* machine.c: the host of one node. */
void sim_machine_create(struct sim_world *w, unsigned index);
void sim_machine_start(struct sim_world *w, struct sim_machine *m);
void sim_machine_make_dir(struct sim_world *w, struct sim_machine *m);
/* After a fork: the process goes on with the store and the vault in its new directory. */
void sim_machine_reopen(struct sim_world *w, struct sim_machine *m);
/* Ends the process as a kill does. It starts again after `down_ms` unless that is negative. */
void sim_machine_crash(struct sim_world *w, struct sim_machine *m, int64_t down_ms);
void sim_machine_stop(struct sim_machine *m);
/* Copies the files of a state between two directories. */
void sim_machine_copy_state(const char *from, const char *to);
/* Takes over `input`. */
void sim_machine_give(struct sim_world *w, struct sim_machine *m, struct sim_input input);
void sim_machine_run(struct sim_world *w, struct sim_machine *m);
void sim_machine_tick(struct sim_world *w, struct sim_machine *m);
struct viz_time sim_machine_now(const struct sim_world *w, const struct sim_machine *m);

/* clone.c: a copy of a machine's state directory runs beside it, with one author id. Each has its
 * own links; who dials their address reaches one or the other. */
struct sim_machine *sim_clone_make(struct sim_world *w, struct sim_machine *m);
/* The one that runs beside it, or beside which it runs; NULL: there is none. */
struct sim_machine *sim_clone_other(struct sim_world *w, const struct sim_machine *m);
/* A frame of `from` has come to somebody. */
void sim_clone_heard(struct sim_machine *from, const struct viz_event *ev);
/* `m` has run a batch. */
void sim_clone_ran(struct sim_world *w, struct sim_machine *m);
/* Who answers at the address of `m`. */
struct sim_machine *sim_clone_answers(struct sim_world *w, struct sim_machine *m);
/* Whether one of each two has stopped, and has told its operator. */
void sim_clone_check(struct sim_world *w);
/* With the profile: copies one, stops a copy, and resumes a quarantine that nobody needs. */
void sim_clone_fault(struct sim_world *w);

/* crash.c: store and vault stop working at a chosen point of a batch. */
void sim_crash_arm(unsigned point); /* 0: never */
bool sim_crash_hit(void);

/* net.c: links. */
void sim_net_dial(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx);
void sim_net_dialled(struct sim_world *w, const struct sim_task *task);
void sim_net_send(struct sim_world *w, struct sim_machine *m, uint64_t number, const uint8_t *body,
		  size_t len);
void sim_net_admit(struct sim_world *w, uint64_t number);
void sim_net_close(struct sim_world *w, uint64_t number);
void sim_net_frame(struct sim_world *w, struct sim_task *task);
void sim_net_closed(struct sim_world *w, const struct sim_task *task);
void sim_net_cut(struct sim_world *w, struct sim_link *link);
void sim_net_crashed(struct sim_world *w, unsigned node);
void sim_net_split(struct sim_world *w, bool on);
/* For so long the machine has no link with anybody. Both ends of each learn of it at once. */
void sim_net_cut_off(struct sim_world *w, struct sim_machine *m, int64_t ms);
/* Cuts the links between those that are apart: the net is partitioned, or a liar has no link. */
void sim_net_part(struct sim_world *w);
/* The machine at the other end of a link; NULL when there is none. */
struct sim_machine *sim_net_peer(struct sim_world *w, uint64_t number);
/* An open link of this machine, drawn with `rng`; 0: there is none. */
uint64_t sim_net_any(struct sim_world *w, const struct sim_machine *m, struct sim_rng *rng);

/* fault.c: what goes wrong, and when. */
void sim_fault_begin(struct sim_world *w);
void sim_fault(struct sim_world *w);
/* Counts what comes late, or from a clock that is ahead. */
void sim_fault_frame(struct sim_world *w, unsigned to, const struct viz_event *ev);
/* The point of this batch at which the machine dies; 0: it lives. */
unsigned sim_fault_crash_point(struct sim_world *w);

/* restore.c: before midnight an older state is put in the place of a machine's, which is then in
 * quarantine for the rest of the day. */
void sim_restore_step(struct sim_world *w);

/* play.c: the operators. */
void sim_play_begin(struct sim_world *w);
void sim_play_free(struct sim_world *w);
void sim_play_operate(struct sim_world *w, struct sim_machine *m);
void sim_play_rotate(struct sim_world *w, struct sim_machine *m);
/* An older state of the machine is back: its operator sees what is lost, and does it again. */
void sim_play_restored(struct sim_world *w, struct sim_machine *m);
void sim_play_reply(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx);

/* liars.c */
void sim_liars_begin(struct sim_world *w);
void sim_liars_free(struct sim_world *w);
/* Sends `body`, or what the liar makes of it. */
void sim_liars_send(struct sim_world *w, struct sim_machine *m, uint64_t number,
		    const uint8_t *body, size_t len);
void sim_liars_operate(struct sim_world *w, struct sim_machine *m);
/* The liar whose core runs now lies in this way about the record that it is to sign next. */
void sim_liars_about(struct sim_world *w, enum sim_lie lie);
/* Whether a liar takes the opportunity that has this number: its rate, and always the same. */
bool sim_liars_takes(const struct sim_world *w, uint64_t number);
/* Sends a message body to everybody, a few times, as links may fail. It takes `body` over. */
void sim_liars_send_often(struct sim_world *w, struct sim_machine *m, uint8_t *body, size_t len);
/* Whether it sends nothing in this way now. */
bool sim_liars_idle(const struct sim_world *w, const struct sim_machine *m);
/* Signs a record as the machine's own and writes it as a message body; gives its length. */
size_t sim_liars_sign(struct sim_machine *m, uint8_t *out, size_t max,
		      const struct viz_record *rec);

/* table.c: which lies are found, by whom and when. */
struct sim_table_options {
	struct sim_options world; /* profile, nodes, minutes */
	uint64_t from, to;        /* seeds, at most */
	const char *kinds;        /* by comma; NULL: all */
	const char *rates;        /* by comma; NULL: those of the issue */
	unsigned some;            /* so many kinds, which ones by `fresh`; 0: all */
	uint64_t fresh;
	unsigned wanted;     /* lies of each kind and rate */
	unsigned accomplice; /* so many nodes help the liar */
	unsigned honest;     /* so many offers without a lie, and no table; 0: the table */
};
/* Prints the table. Returns the exit status: 1 when a lie was not found, somebody honest was,
 * or no lie of a kind got out. */
int sim_table_run(const struct sim_table_options *options);

/* trace.c */
void sim_trace_event(struct sim_world *w, const struct sim_machine *m, const struct viz_event *ev);
void sim_trace_effect(struct sim_world *w, const struct sim_machine *m,
		      const struct viz_effect *fx);
void sim_trace_note(struct sim_world *w, const struct sim_machine *m, const char *text);
void sim_trace_hash(struct sim_world *w, char hex[65]);

#endif
