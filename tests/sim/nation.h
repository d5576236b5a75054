/* A world of many nodes (--profile nation): each a real core over a store in memory (memory.h).
 *
 * Who vouches for whom and who are partners is there from the beginning, in a base that the stores
 * share: the records that were published before the world began. What comes later each node has of
 * its own. All times are of true time in ms. The clocks are right, but for those that a year
 * sets wrong. */
#ifndef VIZ_SIM_NATION_H
#define VIZ_SIM_NATION_H

#include "node/core/event.h"
#include "node/core/profile.h"
#include "node/node.h"
#include "proto/federation.h"
#include "tests/sim/image.h"
#include "tests/sim/memory.h"
#include "tests/sim/memory_file.h"
#include "tests/sim/sim.h"

#define NATION_PEERS_MAX 256

/* How a node fails the others, which keep their links with it. */
enum nation_lie {
	NATION_HONEST,
	NATION_STALLS, /* relays no record of others, and says all else */
	NATION_SILENT, /* sends nothing after its link is full */
};

/* Bytes that several events and tasks share. */
struct nation_bytes {
	unsigned refs;
	size_t len;
	uint8_t b[];
};

struct nation_input {
	struct viz_event event;
	struct nation_bytes *bytes; /* owned; NULL: none */
};

enum nation_kind {
	NATION_RUN,    /* node: its core takes what waits */
	NATION_TICK,   /* node, a: incarnation */
	NATION_INPUT,  /* node, a: incarnation, input */
	NATION_FRAME,  /* a: link, b: end, input */
	NATION_CLOSED, /* a: link, b: end */
	NATION_DIAL,   /* node, a: incarnation, b: the node dialled, input */
	NATION_START,  /* node: starts, unless it runs */
	NATION_STOP,   /* node: ends; starts again after a ms */
};

struct nation_task {
	int64_t at;
	uint64_t order;
	enum nation_kind kind;
	unsigned node;
	uint64_t a, b;
	struct nation_input input; /* owned */
};

struct nation_node {
	unsigned index;
	struct sim_memory *memory;
	struct sim_file *file; /* of the vault */
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *core; /* NULL: it does not run; enter it before you look into it */
	struct sim_view *view; /* of the directory that all share; NULL: it has one of its own */
	struct viz_profile profile;
	struct viz_id author;
	struct viz_secret next_seed;
	uint8_t revocation[512];
	size_t revocation_len;
	struct viz_pub transport;
	uint64_t incarnation;
	int64_t tick_at;
	int64_t busy_until; /* a batch takes its time */
	int64_t skew_ms;    /* its clock minus true time; set while it does not run */
	unsigned rotations;
	struct sim_memory *copy; /* of its state, to be put back; NULL: there is none */
	struct sim_file *copy_file;
	bool run_planned, side, is_origin;
	bool publishes; /* the others sign no NODE when they start, and no heartbeat */
	bool gone;      /* its key is revoked: it does not come back */
	enum nation_lie lie;
	struct nation_input *queue;
	size_t queue_first, queue_count, queue_capacity;
	uint16_t *partner; /* of an origin, ascending; owned */
	size_t partner_count;
	char *reply; /* the last one to its operator; owned */
};

struct nation_end {
	unsigned node;
	uint64_t incarnation;
	int64_t last_at;
	bool admitted, known, saw_close;
	struct nation_input *held; /* until the admission */
	size_t held_count;
};

struct nation_link {
	struct nation_end end[2]; /* end 0 dialled */
	bool cut;
};

/* A record whose spread is followed. */
struct nation_watch {
	bool used;
	bool over; /* a newer one is in its place */
	struct viz_id author;
	uint64_t slot, seq;
	uint8_t type;
	unsigned from;
	uint8_t *wants, *holds;  /* a bit for each node; owned */
	int64_t at;              /* when it was published */
	unsigned want, have;     /* honest nodes that are to hold it, and that do */
	unsigned late;           /* of `have`, those that held it later than nation_watch_soon_ms */
	int64_t most_at, all_at; /* when 99 % and all of them did; 0: not yet */
	uint64_t bodies, greetings; /* that came to honest nodes; the latter of its author, on a new
				       link, to who held it */
};

/* A row of the table. */
struct nation_figure {
	const char *phase, *unit; /* constants */
	char what[64];
	double value, most; /* the goal; below 0: none */
};

struct nation_options {
	uint64_t seed;
	unsigned nodes, origins, publishers, records, upgrade_minutes, split_minutes, days;
	const char *play; /* names of phases, by comma */
	bool json;
	bool share; /* all begin with one directory */
	bool twice; /* the same again */
	bool check; /* each start of a node that shares, and each write to what is shared */
};

struct nation {
	struct nation_options options;
	struct sim_rng rng;
	struct viz_federation federation;
	struct viz_id federation_id;
	char dir[96];
	int64_t now, began;
	struct sim_memory_base *base;
	struct viz_node *common; /* the core of all, in the image; NULL: each has one of its own */
	struct viz_id common_author;
	struct nation_node *node;
	unsigned count, running, publishers;
	struct nation_link *link;
	size_t link_count, link_capacity;
	struct nation_task *task; /* a heap */
	size_t task_count, task_capacity;
	uint64_t planned;
	unsigned turn; /* who publishes next */
	bool loses;    /* links fail, so that 5 % of sends are lost */
	bool split;
	bool
	    coarse; /* a node that has nothing else to do is not run each second, but each minute */
	struct nation_node *stepping;
	struct nation_watch *watch; /* a hash table */
	size_t watch_count, watch_capacity;
	bool watching, wants_running;
	uint64_t batches, events, frames, lost, offers_linked, offers_near;
	uint64_t circle_held, circle_sent, outside, sent_outside; /* records of circles */
	size_t longest_queue;
	double cpu_core; /* seconds in the cores, by samples */
	double begun_s;
	struct nation_figure *figure;
	size_t figure_count, figure_capacity;
	unsigned missed; /* goals that were not reached */
	uint64_t hash;   /* of all batches: the same with the same seed */
};

/* nation.c: time, and the hosts of the nodes. */
void nation_plan(struct nation *w, int64_t at, struct nation_task task);
void nation_run_until(struct nation *w, int64_t at);
void nation_give(struct nation *w, struct nation_node *n, struct nation_input input);
void nation_start(struct nation *w, struct nation_node *n);
void nation_stop(struct nation *w, struct nation_node *n);
/* The store of the node is open afterwards. */
void nation_open_store(struct nation *w, struct nation_node *n);
void nation_seed(struct viz_secret *out, const struct nation *w, const char *what, uint64_t n,
		 uint64_t k);
/* Sends a request and returns the reply as JSON text, borrowed until the next one. */
const char *nation_ask(struct nation *w, struct nation_node *n, const char *json);
struct nation_input nation_input(const struct viz_event *event, const uint8_t *bytes, size_t len);
void nation_input_free(struct nation_input *input);

/* nation_make.c: who there is, and all that was published before. */
void nation_make(struct nation *w);
void nation_free(struct nation *w);
bool nation_is_partner(const struct nation_node *origin, unsigned node);
uint32_t nation_municipality(const struct nation *w, unsigned node);

/* nation_share.c: the directory that all begin with. */
void nation_share_make(struct nation *w);
/* The core of a node whose store and vault are open: as after viz_node_open. */
void nation_share_open(struct nation *w, struct nation_node *n, const struct viz_secret *seed);
/* Before you look into the core of a node. */
void nation_enter(struct nation_node *n);

/* nation_same.c: ends the process unless a node that begins with that directory, and whose core was
 * just opened, knows the same as one that loads its own. */
void nation_check_same(struct nation *w, struct nation_node *n,
		       const struct viz_node_config *config);

/* nation_net.c: links. */
int64_t nation_distance_ms(const struct nation *w, unsigned a, unsigned b);
void nation_dial(struct nation *w, struct nation_node *n, const struct viz_effect *fx);
void nation_dialled(struct nation *w, struct nation_task *t);
void nation_send(struct nation *w, struct nation_node *n, const struct viz_effect *fx);
void nation_admit(struct nation *w, uint64_t number);
void nation_close(struct nation *w, uint64_t number);
void nation_frame(struct nation *w, struct nation_task *t);
void nation_closed(struct nation *w, const struct nation_task *t);
/* All links of a node that has stopped end. */
void nation_gone(struct nation *w, struct nation_node *n);
void nation_part(struct nation *w);
/* The node at the other end of a link. */
unsigned nation_peer(const struct nation *w, uint64_t number);

/* nation_watch.c: who holds what, and since when. */
/* `running`: records are to come to those that run when they are published, else to all. */
void nation_watch_begin(struct nation *w, bool running);
void nation_watch_body(struct nation *w, const struct nation_node *from,
		       const struct nation_node *to, const uint8_t *body, size_t len);
/* The node stops: what has not come to it by now is not wanted of it, where records are to come to
 * those that run. */
void nation_watch_left(struct nation *w, const struct nation_node *n);
void nation_watch_free(struct nation *w);
/* What is wanted of records. */
struct nation_wish {
	int64_t all_ms; /* to all nodes; 0: not asked for */
	bool soon;      /* 99 % of all copies within nation_watch_soon_ms */
	bool bodies; /* a node gets a record NATION_BODIES_MAX times at most, greetings apart: these
			are as many as its author has new links, in a nation of any size */
};

#define NATION_BODIES_MAX 1.1

/* SUCCESSION and REVOCATION 500 ms, others 1 s. */
int64_t nation_watch_soon_ms(unsigned type);
/* Figures of how the records since nation_watch_begin have spread. All must have come to all. */
void nation_watch_end(struct nation *w, const char *phase, const struct nation_wish *wish);
/* The core that runs now is to sign NODE for its start or as a heartbeat. True: it does not, as it
 * is not in the sample of those who publish, and goes on as if it had. */
bool sim_nation_is_quiet(struct viz_net *net);
/* The core that runs now holds the record. Does nothing without a nation. */
void sim_nation_held(const struct viz_record *rec);
extern struct nation *nation_world;

/* nation_strata.c: circle records. */
/* The core that runs now holds it. */
void nation_strata_held(struct nation *w, const struct viz_record *rec);
/* It comes to this node. */
void nation_strata_sent(struct nation *w, const struct nation_node *to,
			const struct viz_record *rec);
/* Looks at all stores. */
void nation_strata_look(struct nation *w, const char *phase);

/* nation_state.c: links, and who holds the same. */
double nation_seconds(void);
double nation_cpu_seconds(void);
uint64_t nation_resident_bytes(void);
void nation_title(const struct nation *w, const char *phase, const char *what);
void nation_print_state(struct nation *w, const char *phase);
/* Runs until all are back and have equal roots (and 8 links), and looks each five seconds. It is to
 * take NATION_SETTLED_MS since `from`, and is given up after twice that. */
#define NATION_SETTLED_MS 300000
void nation_settle(struct nation *w, const char *phase, int64_t from, bool links);
/* How many honest nodes have no way to most of them over links of honest ones. */
unsigned nation_apart(struct nation *w);

/* nation_table.c: figures. A goal is the most that the figure may be; when it is more, the exit
 * status will be 1. */
void nation_figure(struct nation *w, const char *phase, double value, const char *unit,
		   const char *format, ...) __attribute__((format(printf, 5, 6)));
void nation_goal(struct nation *w, const char *phase, double value, double most, const char *unit,
		 const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Names the goals that were missed. */
void nation_table_missed(const struct nation *w);

/* nation_play.c: the phases. */
void nation_play(struct nation *w);

/* nation_operator.c: what is asked of one node. */
void nation_cover(struct nation *w, struct nation_node *n);
void nation_rotate(struct nation *w, struct nation_node *n);
void nation_revoke(struct nation *w, struct nation_node *n);
/* A customer of this origin. Returns the lead's slot as text, owned; NULL: there was no offer. */
char *nation_offer(struct nation *w, struct nation_node *n, unsigned number);
/* The customer takes the first of the proposals. */
bool nation_choose(struct nation *w, struct nation_node *n, const char *slot);

/* nation_year.c: a phase. In it each link compares this seldom: else most of the work of a year is
 * that nothing differs. */
#define NATION_YEAR_REPAIR_MS VIZ_HOUR_MS
void nation_year(struct nation *w);

/* nation_main.c: what is asked for. */
int sim_nation_main(int argc, char **argv);

#endif
