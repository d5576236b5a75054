#include "node/host/verify.h"

#include "crypto/sign.h"
#include "node/host/alloc.h"
#include "node/host/limits.h"

struct check {
	uint64_t job, link;
	struct viz_sig sig;
	struct viz_id id;
	struct viz_pub key;
	bool asked;
	bool ok;
};

/* Several checks a job: one costs 60 microseconds, the way to the pool and back about 5. */
struct job {
	uv_work_t work;
	struct viz_host_verify *verify;
	struct check checks[VIZ_HOST_VERIFY_CHUNK];
	size_t count;
	bool near; /* all of them */
	struct job *next;
};

struct viz_host_verify {
	uv_loop_t *loop;
	struct viz_host_core_thread *core;
	struct {
		struct job *first, *last; /* only the last one may be less than full */
	} waits[2];                       /* the near ones, and the others */
	size_t waiting;                   /* checks */
	size_t in_flight;                 /* jobs */
	bool busy;
	viz_host_verify_done done;
	void *done_arg;
};

void viz_host_verify_new(struct viz_host_verify **out, uv_loop_t *loop,
			 struct viz_host_core_thread *core)
{
	struct viz_host_verify *v = viz_host_alloc(sizeof *v);

	v->loop = loop;
	v->core = core;
	*out = v;
}

void viz_host_verify_watch(struct viz_host_verify *v, viz_host_verify_done done, void *arg)
{
	v->done = done;
	v->done_arg = arg;
}

static void on_pool(uv_work_t *work)
{
	struct job *j = work->data;

	for (size_t i = 0; i < j->count; i++) {
		struct check *c = &j->checks[i];

		c->ok = viz_sign_verify(&c->sig, &c->id, &c->key) == VIZ_OK;
	}
}

static void on_done(uv_work_t *work, int status)
{
	struct job *j = work->data;
	struct viz_host_verify *v = j->verify;

	v->in_flight--;
	for (size_t i = 0; i < j->count && status == 0; i++) {
		struct viz_host_event *e = viz_host_event_new(VIZ_EVENT_VERIFIED, NULL, 0);

		e->event.job = j->checks[i].job;
		e->event.link = j->checks[i].link;
		e->event.near = j->near;
		e->event.asked = j->checks[i].asked;
		e->event.ok = j->checks[i].ok;
		viz_host_core_thread_push(v->core, e);
	}
	free(j);
	viz_host_verify_flush(v);
	if (v->done != NULL)
		v->done(v->done_arg);
}

static struct job *add_job(struct viz_host_verify *v, bool near)
{
	struct job *j = viz_host_alloc(sizeof *j), *last = v->waits[!near].last;

	j->verify = v;
	j->work.data = j;
	j->near = near;
	if (last != NULL)
		last->next = j;
	else
		v->waits[!near].first = j;
	v->waits[!near].last = j;
	return j;
}

void viz_host_verify_add(struct viz_host_verify *v, const struct viz_effect *fx)
{
	struct job *j = v->waits[!fx->near].last;

	if (j == NULL || j->count == VIZ_HOST_VERIFY_CHUNK)
		j = add_job(v, fx->near);
	j->checks[j->count++] = (struct check){.job = fx->job,
					       .link = fx->link,
					       .sig = fx->sig,
					       .id = fx->id,
					       .key = fx->remote,
					       .asked = fx->asked};
	v->waiting++;
}

/* The first job that waits, a near one if there is one; NULL: none. */
static struct job *take_job(struct viz_host_verify *v)
{
	struct job *j = v->waits[0].first != NULL ? v->waits[0].first : v->waits[1].first;

	if (j == NULL)
		return NULL;
	v->waits[!j->near].first = j->next;
	if (j->next == NULL)
		v->waits[!j->near].last = NULL;
	v->waiting -= j->count;
	return j;
}

void viz_host_verify_flush(struct viz_host_verify *v)
{
	struct job *j;

	while (v->in_flight < VIZ_HOST_VERIFY_JOBS && (j = take_job(v)) != NULL) {
		v->in_flight++;
		VIZ_REQUIRE(uv_queue_work(v->loop, &j->work, on_pool, on_done) == 0);
	}
}

bool viz_host_verify_busy(struct viz_host_verify *v)
{
	if (v->waiting >= VIZ_HOST_VERIFY_PENDING)
		v->busy = true;
	else if (v->waiting <= VIZ_HOST_VERIFY_PENDING / 2)
		v->busy = false;
	return v->busy;
}

void viz_host_verify_measure(const struct viz_host_verify *v)
{
	viz_figures_set(viz_host_core_thread_figures(v->core), VIZ_FIGURE_CHECKS_WAITING,
			v->waiting);
}

void viz_host_verify_stop(struct viz_host_verify *v)
{
	struct job *j;

	while ((j = take_job(v)) != NULL)
		free(j);
	v->done = NULL;
}

void viz_host_verify_free(struct viz_host_verify *v)
{
	free(v);
}
