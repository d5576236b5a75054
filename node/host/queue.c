#include "node/host/queue.h"

#include "node/host/alloc.h"
#include "node/host/limits.h"

enum class {
	NEAR, /* ours */
	FAR,
	CLASSES
};

struct lane {
	struct viz_host_event *first, **last;
	struct lane *next; /* whose turn comes later */
};

struct turns {
	struct lane *first, **last;
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
	uint64_t others_at_us;  /* before that others are not served while it does */
	uint64_t passed_us; /* since then others are passed over that it is the turn of; UINT64_MAX:
			       none */
	uint64_t taken_us;  /* when the last batch was taken */
	size_t taken, ours; /* its events, and those of ours */
};

void viz_host_queue_new(struct viz_host_queue **out, viz_host_queue_near near, void *arg)
{
	struct viz_host_queue *q = viz_host_alloc(sizeof *q);

	q->near = near;
	q->arg = arg;
	q->passed_us = UINT64_MAX;
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

static bool is_near(const struct viz_host_queue *q, const struct lane *lane)
{
	const struct viz_event *e = &lane->first->event;

	return lane == &q->own || (e->kind != VIZ_EVENT_VERIFIED && q->near(q->arg, e->link));
}

/* The lane has something, and gets the last turn of its class. */
static void wait_for_turn(struct viz_host_queue *q, struct lane *lane)
{
	struct turns *t = &q->turns[is_near(q, lane) ? NEAR : FAR];

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
}

uint64_t viz_host_queue_wait(const struct viz_host_queue *q, uint64_t now_us)
{
	uint64_t until = q->others_at_us < q->ours_until_us ? q->others_at_us : q->ours_until_us;

	if (q->turns[NEAR].first != NULL)
		return 0;
	if (q->turns[FAR].first == NULL)
		return UINT64_MAX;
	return until > now_us ? until - now_us : 0;
}

/* The event whose turn it is; something waits. */
static struct viz_host_event *take_one(struct viz_host_queue *q, enum class class)
{
	struct turns *t = &q->turns[class];
	struct lane *lane = t->first;
	struct viz_host_event *e = lane->first;

	t->first = lane->next;
	if (t->first == NULL)
		t->last = &t->first;
	lane->first = e->next;
	if (lane->first != NULL)
		wait_for_turn(q, lane);
	e->next = NULL;
	return e;
}

/* Whether others may be in the batch while something of ours goes on: in their part of the time,
 * and not beside something of ours unless they were passed over for long. */
static bool others_may(struct viz_host_queue *q, bool beside, uint64_t now_us)
{
	if (now_us < q->others_at_us || q->turns[FAR].first == NULL)
		return false;
	if (q->passed_us == UINT64_MAX)
		q->passed_us = now_us;
	return !beside || now_us - q->passed_us >= VIZ_HOST_PASSED_US;
}

struct viz_host_event *viz_host_queue_take(struct viz_host_queue *q, size_t *count, uint64_t now_us)
{
	size_t max = VIZ_HOST_BATCH_EVENTS, n = 0;
	struct viz_host_event *head = NULL, **at = &head;
	bool ours = false;

	q->taken_us = now_us;
	for (; q->turns[NEAR].first != NULL && n < max - VIZ_HOST_BATCH_OTHERS; n++) {
		*at = take_one(q, NEAR);
		ours = ours || (*at)->event.kind == VIZ_EVENT_MESSAGE;
		if ((*at)->event.kind == VIZ_EVENT_REQUEST)
			q->ours_until_us = now_us + VIZ_HOST_OURS_US;
		at = &(*at)->next;
	}
	q->ours = n;
	if (ours || now_us < q->ours_until_us)
		max = others_may(q, n > 0, now_us) ? n + VIZ_HOST_BATCH_OTHERS : n;
	for (; q->turns[FAR].first != NULL && n < max; n++) {
		*at = take_one(q, FAR);
		at = &(*at)->next;
	}
	if (n > q->ours)
		q->passed_us = UINT64_MAX;
	q->taken = n;
	*count = n;
	return head;
}

void viz_host_queue_done(struct viz_host_queue *q, uint64_t now_us, bool ours)
{
	uint64_t others = q->taken - q->ours;

	if (ours)
		q->ours_until_us = now_us + VIZ_HOST_OURS_US;
	if (others > 0)
		q->others_at_us = now_us + (now_us - q->taken_us) * others / q->taken *
					       (VIZ_HOST_OTHERS_PART - 1);
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
