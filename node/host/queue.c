#include "node/host/queue.h"

#include "node/host/alloc.h"
#include "node/host/limits.h"

enum rank {
	NEAR,    /* ours */
	RESULTS, /* of checks of what we have asked for, not near */
	FAR,     /* what other links send, and the results of checks of it */
	CLASSES
};

struct lane {
	struct viz_host_event *first, **last;
	struct lane *next; /* whose turn comes later */
	size_t count;      /* events in it */
	enum rank rank;    /* of the first one, when it got its turn */
};

struct turns {
	struct lane *first, **last;
	size_t count; /* events in these lanes */
};

struct viz_host_queue {
	viz_host_queue_near near;
	void *arg;
	/* Two links have the same number here only one after the other: then one waits for the end
	 * of the other one. */
	struct lane link[VIZ_CONNECTION_SLOTS];
	struct lane results[VIZ_CONNECTION_SLOTS]; /* of checks for a link that are not near */
	struct lane own;
	struct turns turns[CLASSES];
	uint64_t ours_until_us; /* until then something of ours goes on */
	uint64_t far_at_us;     /* before that FAR is not served while it does */
	uint64_t others_us;     /* when the last batch of others was taken */
	uint64_t owed_us;       /* what ours had of the time since then, VIZ_HOST_TURN_US at most */
	size_t most;            /* events of others that take VIZ_HOST_TURN_US */
	uint64_t taken_us;      /* when the last batch was taken */
	size_t taken[CLASSES];  /* its events */
	bool begun;             /* a batch of others was taken ever */
};

void viz_host_queue_new(struct viz_host_queue **out, viz_host_queue_near near, void *arg)
{
	struct viz_host_queue *q = viz_host_alloc(sizeof *q);

	q->near = near;
	q->arg = arg;
	q->most = VIZ_HOST_OTHERS_LEAST;
	for (size_t i = 0; i < CLASSES; i++)
		q->turns[i].last = &q->turns[i].first;
	*out = q;
}

static struct lane *lane_of(struct viz_host_queue *q, const struct viz_event *e)
{
	switch (e->kind) {
	case VIZ_EVENT_TICK:
	case VIZ_EVENT_DIAL_FAILED:
	case VIZ_EVENT_REQUEST:
	case VIZ_EVENT_SETTINGS:
	case VIZ_EVENT_HOOKED:
		break;
	case VIZ_EVENT_HELLO:
	case VIZ_EVENT_OPENED:
	case VIZ_EVENT_CLOSED:
	case VIZ_EVENT_MESSAGE:
		return &q->link[e->link % VIZ_CONNECTION_SLOTS];
	case VIZ_EVENT_VERIFIED:
		return e->near ? &q->own : &q->results[e->link % VIZ_CONNECTION_SLOTS];
	}
	return &q->own;
}

static enum rank rank_of(const struct viz_host_queue *q, const struct lane *lane)
{
	const struct viz_event *e = &lane->first->event;

	if (lane == &q->own)
		return NEAR;
	if (e->kind == VIZ_EVENT_VERIFIED)
		return e->asked ? RESULTS : FAR;
	return q->near(q->arg, e->link) ? NEAR : FAR;
}

/* The lane has something, and gets the last turn of its class. */
static void wait_for_turn(struct viz_host_queue *q, struct lane *lane)
{
	struct turns *t;

	lane->rank = rank_of(q, lane);
	t = &q->turns[lane->rank];
	lane->next = NULL;
	*t->last = lane;
	t->last = &lane->next;
}

void viz_host_queue_add(struct viz_host_queue *q, struct viz_host_event *event)
{
	struct lane *lane = lane_of(q, &event->event);
	bool waits = lane->first != NULL;

	event->next = NULL;
	if (!waits)
		lane->last = &lane->first;
	*lane->last = event;
	lane->last = &event->next;
	if (!waits)
		wait_for_turn(q, lane);
	lane->count++;
	q->turns[lane->rank].count++;
}

/* The event whose turn it is; something waits. */
static struct viz_host_event *take_one(struct viz_host_queue *q, enum rank rank)
{
	struct turns *t = &q->turns[rank];
	struct lane *lane = t->first;
	struct viz_host_event *e = lane->first;

	t->first = lane->next;
	if (t->first == NULL)
		t->last = &t->first;
	lane->first = e->next;
	t->count -= lane->count--;
	if (lane->first != NULL) {
		wait_for_turn(q, lane);
		q->turns[lane->rank].count += lane->count;
	}
	e->next = NULL;
	q->taken[rank]++;
	return e;
}

static bool goes_on(const struct viz_host_queue *q, uint64_t now_us)
{
	return now_us < q->ours_until_us;
}

/* The next moment at which FAR may be served; in the past: it may be now. */
static uint64_t far_from(const struct viz_host_queue *q)
{
	return q->far_at_us < q->ours_until_us ? q->far_at_us : q->ours_until_us;
}

/* Whether as many of others may be served as one batch takes. */
static bool are_many(const struct viz_host_queue *q, uint64_t now_us)
{
	size_t far = far_from(q) <= now_us ? q->turns[FAR].count : 0;

	if (!goes_on(q, now_us))
		return q->turns[RESULTS].count + far >= VIZ_HOST_BATCH_EVENTS;
	return far >= VIZ_HOST_BATCH_FAR || q->turns[RESULTS].count + far >= q->most;
}

/* The moment at which a batch of others may be taken: they are many, or have waited for more.
 * UINT64_MAX: nothing of others waits. */
static uint64_t others_from(const struct viz_host_queue *q, uint64_t now_us)
{
	uint64_t more = q->begun ? q->others_us + VIZ_HOST_GATHER_US : 0, from = UINT64_MAX;

	if (q->turns[RESULTS].first != NULL)
		from = 0;
	else if (q->turns[FAR].first != NULL)
		from = far_from(q);
	return from > more || are_many(q, now_us) ? from : more;
}

uint64_t viz_host_queue_wait(const struct viz_host_queue *q, uint64_t now_us)
{
	uint64_t from = others_from(q, now_us);

	if (q->turns[NEAR].first != NULL)
		return 0;
	if (from == UINT64_MAX)
		return UINT64_MAX;
	return from > now_us ? from - now_us : 0;
}

static struct viz_host_event **take_rank(struct viz_host_queue *q, struct viz_host_event **at,
					 enum rank rank, size_t max)
{
	for (; q->turns[rank].first != NULL && max > 0; max--) {
		*at = take_one(q, rank);
		at = &(*at)->next;
	}
	return at;
}

/* Ours, and whether somebody may wait for what comes of them. */
static struct viz_host_event **take_near(struct viz_host_queue *q, struct viz_host_event **at,
					 bool *ours, uint64_t now_us)
{
	*ours = false;
	while (q->turns[NEAR].first != NULL && q->taken[NEAR] < VIZ_HOST_BATCH_EVENTS) {
		*at = take_one(q, NEAR);
		*ours = *ours || (*at)->event.kind == VIZ_EVENT_MESSAGE;
		if ((*at)->event.kind == VIZ_EVENT_REQUEST)
			q->ours_until_us = now_us + VIZ_HOST_OURS_US;
		at = &(*at)->next;
	}
	*ours = *ours || goes_on(q, now_us);
	return at;
}

/* Of each class half at least, where it has as many. */
static void take_others(struct viz_host_queue *q, struct viz_host_event **at, uint64_t now_us)
{
	size_t max = goes_on(q, now_us) ? q->most : VIZ_HOST_BATCH_EVENTS - q->taken[NEAR];
	size_t far = far_from(q) <= now_us ? q->turns[FAR].count : 0;

	if (goes_on(q, now_us) && far > VIZ_HOST_BATCH_FAR)
		far = VIZ_HOST_BATCH_FAR;
	if (far > max / 2 && q->turns[RESULTS].count >= max / 2)
		far = max / 2;
	at = take_rank(q, at, RESULTS, far < max ? max - far : 0);
	take_rank(q, at, FAR, far < max ? far : max);
	q->others_us = now_us;
	q->begun = true;
}

struct viz_host_event *viz_host_queue_take(struct viz_host_queue *q, size_t *count, uint64_t now_us)
{
	struct viz_host_event *head = NULL, **at = &head;
	bool others = others_from(q, now_us) <= now_us, ours = false;

	memset(q->taken, 0, sizeof q->taken);
	q->taken_us = now_us;
	if (!others || q->owed_us < VIZ_HOST_TURN_US)
		at = take_near(q, at, &ours, now_us);
	if (others && (q->taken[NEAR] == 0 || !ours))
		take_others(q, at, now_us);
	*count = q->taken[NEAR] + q->taken[RESULTS] + q->taken[FAR];
	return head;
}

/* A batch of others took so long. */
static void adapt(struct viz_host_queue *q, uint64_t took_us)
{
	size_t most = q->most;

	if (took_us > VIZ_HOST_TURN_US)
		most /= 2;
	else if (took_us < VIZ_HOST_TURN_US / 2 && q->taken[RESULTS] + q->taken[FAR] >= most)
		most *= 2;
	if (most < VIZ_HOST_OTHERS_LEAST)
		most = VIZ_HOST_OTHERS_LEAST;
	q->most = most < VIZ_HOST_BATCH_EVENTS ? most : VIZ_HOST_BATCH_EVENTS;
}

void viz_host_queue_done(struct viz_host_queue *q, uint64_t now_us, bool ours)
{
	uint64_t took = now_us - q->taken_us;
	size_t others = q->taken[RESULTS] + q->taken[FAR];

	if (ours)
		q->ours_until_us = now_us + VIZ_HOST_OURS_US;
	if (others > 0) {
		q->owed_us = 0;
		adapt(q, took);
	} else if (q->owed_us < VIZ_HOST_TURN_US) {
		q->owed_us += took;
	}
	if (q->taken[FAR] > 0)
		q->far_at_us = now_us + took * q->taken[FAR] / (others + q->taken[NEAR]) *
					    (VIZ_HOST_FAR_PART - 1);
}

void viz_host_queue_free(struct viz_host_queue *q)
{
	struct viz_host_event *e;

	for (size_t i = 0; i < CLASSES; i++) {
		while (q->turns[i].first != NULL) {
			struct lane *lane = q->turns[i].first;

			q->turns[i].first = lane->next;
			while ((e = lane->first) != NULL) {
				lane->first = e->next;
				viz_host_event_free(e);
			}
		}
	}
	free(q);
}
