/* The simulator: the node's core, many times in one process, in virtual time, from one seed.
 *
 * A world has machines (each a node with its own store, vault, clock and operator), a net between
 * them, faults and liars. Everything that happens is a task with a virtual time; equal times run in
 * the order in which they were planned, so a seed replays to the same trace hash. The checks look
 * at the cores from inside after every batch; the first violation ends the process (sim_fail).
 *
 * Instants without a name are true time, milliseconds since 1970 as in struct viz_time; a machine's
 * own clock shows true time + skew. */
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

#define SIM_NODES_MAX 64
#define SIM_PORT      7411

enum sim_profile {
	SIM_CALM,  /* nothing fails: what is promised must come to pass */
	SIM_ROUGH, /* links die, nodes crash, partitions, clocks beyond the bound or set, keys
		      change */
	SIM_LIARS, /* some of the nodes lie; links die now and then */
};

struct sim_options {
	uint64_t seed;
	unsigned nodes;
	unsigned minutes; /* of virtual time, the last three of them quiet */
	enum sim_profile profile;
	bool trace; /* every event and effect as a line on stdout */
};

/* splitmix64 (Steele, Lea, Flood 2014). */
struct sim_rng {
	uint64_t state;
};
uint64_t sim_draw(struct sim_rng *rng);
/* Uniform enough in [0, bound), bound > 0. */
uint64_t sim_below(struct sim_rng *rng, uint64_t bound);
/* True once in `n`. */
bool sim_once_in(struct sim_rng *rng, uint64_t n);

enum sim_task_kind {
	SIM_TASK_RUN,    /* node: its core takes what waits */
	SIM_TASK_TICK,   /* node, a: incarnation */
	SIM_TASK_INPUT,  /* node, a: incarnation, event: a verified signature, a failed dial */
	SIM_TASK_FRAME,  /* a: link, b: end, event: reaches that end of the link */
	SIM_TASK_CLOSED, /* a: link, b: end: that end learns that the link is gone */
	SIM_TASK_DIAL,  /* node, a: incarnation, b: the machine dialled, event: hello and attempt */
	SIM_TASK_START, /* node: comes up again */
	SIM_TASK_OPERATE, /* node: its operator looks at it */
	SIM_TASK_FAULT,   /* the next fault */
};

/* An event of the core with bytes of its own. */
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

/* What a machine may do against the rules. */
enum sim_lie {
	SIM_LIE_OMIT = 1,       /* leaves an eligible partner out of OFFER */
	SIM_LIE_DROP = 2,       /* leaves an acknowledged pledge out of CLOSE */
	SIM_LIE_REORDER = 4,    /* shows another order in RESULT */
	SIM_LIE_EQUIVOCATE = 8, /* signs two records for one place */
	SIM_LIE_MALFORMED = 16, /* bytes changed, cut off, impossible counts */
	SIM_LIE_REPLAY = 32,    /* sends old bodies again, to anybody */
	SIM_LIE_FLOOD = 64,     /* sends more than anybody should */
};

struct sim_machine {
	unsigned index;
	char name[16];
	char dir[128];
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node; /* NULL while it is down */
	struct viz_profile profile;
	struct viz_id author;
	bool gone;       /* for ever */
	bool revoked;    /* its key was revoked: the others deal with it no more */
	bool behind_nat; /* it dials, and cannot be dialled */
	unsigned lies;   /* bits of enum sim_lie; 0: honest */
	int64_t skew_ms;
	int64_t stepped_ms;   /* of it: its clock was set, and is not yet set right again */
	int64_t right_at;     /* when that happens */
	bool was_set;         /* at some time */
	int64_t last_now;     /* its clock never goes back while the process runs */
	bool reload;          /* it has started: what it may show is read after the first batch */
	uint64_t incarnation; /* how often it was started */
	int64_t tick_at;      /* planned; INT64_MAX: none */
	bool run_planned;
	struct sim_input *input; /* what waits for its core */
	size_t input_count, input_room;
	struct viz_pub transport, transport_old;
	bool has_transport_old;
	struct viz_secret next_seed;      /* of key key_number + 1 */
	struct viz_secret following_seed; /* of the one behind, once a rotation is under way */
	uint32_t key_number;
	uint8_t revocation[512]; /* pre-signed, of key 0 */
	size_t revocation_len;
};

struct sim_end {
	unsigned node;
	uint64_t incarnation;
	int64_t last_at; /* of what was sent towards this end */
	bool admitted;   /* what arrives may go to the core */
	bool told;       /* the core knows of this link */
	bool told_closed;
	struct sim_input *held; /* arrived before it was admitted */
	size_t held_count;
};

struct sim_link {
	struct sim_end end[2]; /* 0 dialled */
	bool cut;              /* nothing sent from now on arrives */
};

struct sim_play;   /* play.c */
struct sim_liars;  /* liars.c */
struct sim_checks; /* check.c */

struct sim_world {
	struct sim_options options;
	struct sim_rng rng;
	struct viz_federation federation;
	char dir[96];
	int64_t began, now, quiet_at, end_at;
	struct sim_machine machine[SIM_NODES_MAX];
	unsigned count;
	struct sim_link *link;
	size_t link_count, link_room;
	struct sim_task *task; /* a heap */
	size_t task_count, task_room;
	uint64_t tasks_planned, batches, events, crashes;
	bool split; /* a partition is on */
	bool side[SIM_NODES_MAX];
	struct sim_machine *stepping; /* whose core runs now */
	struct viz_hash hash;         /* of all events and effects */
	struct sim_play *play;
	struct sim_liars *liars;
	struct sim_checks *checks;
};

/* world.c: time. */
struct sim_world *sim_world_new(const struct sim_options *options);
void sim_world_free(struct sim_world *w);
void sim_world_run(struct sim_world *w);
/* `input.bytes` is given to the task. */
void sim_plan(struct sim_world *w, int64_t at, const struct sim_task *task);
bool sim_is_quiet(const struct sim_world *w);
struct sim_input sim_input_copy(const struct viz_event *event, const uint8_t *bytes, size_t len);
void sim_input_free(struct sim_input *input);
/* Ends the process: what is broken, where, and how to see it again. `m` may be NULL. */
_Noreturn void sim_fail(struct sim_world *w, const char *invariant, const struct sim_machine *m,
			const char *format, ...) __attribute__((format(printf, 4, 5)));
struct sim_machine *sim_machine_of(struct sim_world *w, const struct viz_id *author);

/* machine.c: the host of one node. */
void sim_machine_create(struct sim_world *w, unsigned index);
void sim_machine_start(struct sim_world *w, struct sim_machine *m);
/* As a process that is killed; comes back after `down_ms` unless that is negative. */
void sim_machine_crash(struct sim_world *w, struct sim_machine *m, int64_t down_ms);
void sim_machine_stop(struct sim_machine *m);
/* Takes `input` over. */
void sim_machine_give(struct sim_world *w, struct sim_machine *m, struct sim_input input);
void sim_machine_run(struct sim_world *w, struct sim_machine *m);
void sim_machine_tick(struct sim_world *w, struct sim_machine *m);
struct viz_time sim_machine_now(const struct sim_world *w, const struct sim_machine *m);

/* crash.c: the store and the vault stop working at a chosen point of a batch. */
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
/* The machine at the other end of a link; NULL when there is none. */
struct sim_machine *sim_net_peer(struct sim_world *w, uint64_t number);
/* An open link of this machine, drawn by `rng`; 0: none. */
uint64_t sim_net_any(struct sim_world *w, const struct sim_machine *m, struct sim_rng *rng);

/* fault.c: what goes wrong, and when. */
void sim_fault_begin(struct sim_world *w);
void sim_fault(struct sim_world *w);
/* At which point of this batch the machine dies; 0: it does not. */
unsigned sim_fault_crash_point(struct sim_world *w);

/* play.c: the operators. */
void sim_play_begin(struct sim_world *w);
void sim_play_free(struct sim_world *w);
void sim_play_operate(struct sim_world *w, struct sim_machine *m);
void sim_play_reply(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx);

/* liars.c */
void sim_liars_begin(struct sim_world *w);
void sim_liars_free(struct sim_world *w);
/* Sends `body`, or what the liar makes of it. */
void sim_liars_send(struct sim_world *w, struct sim_machine *m, uint64_t number,
		    const uint8_t *body, size_t len);
void sim_liars_operate(struct sim_world *w, struct sim_machine *m);

/* trace.c */
void sim_trace_event(struct sim_world *w, const struct sim_machine *m, const struct viz_event *ev);
void sim_trace_effect(struct sim_world *w, const struct sim_machine *m,
		      const struct viz_effect *fx);
void sim_trace_note(struct sim_world *w, const struct sim_machine *m, const char *text);
void sim_trace_hash(struct sim_world *w, char hex[65]);

#endif
