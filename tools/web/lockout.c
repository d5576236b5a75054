#include "tools/web/lockout.h"

#include "crypto/hash.h"

static bool is_live(const struct viz_web_lockout_place *p, uint64_t now_ms)
{
	return p->failures > 0 && p->last_ms + VIZ_WEB_LOCKOUT_FORGET > now_ms;
}

static size_t find(const struct viz_web_lockout *l, const struct viz_id *key)
{
	size_t i = 0;

	while (i < VIZ_WEB_LOCKOUT_PLACES &&
	       (l->place[i].failures == 0 || !viz_id_eq(&l->place[i].key, key)))
		i++;
	return i;
}

static struct viz_id id_of(const char *key)
{
	struct viz_id id;

	viz_hash_plain(&id, (const uint8_t *)key, strlen(key));
	return id;
}

uint64_t viz_web_lockout_wait(const struct viz_web_lockout *l, const char *key, uint64_t now_ms)
{
	struct viz_id id = id_of(key);
	size_t i = find(l, &id);

	if (i == VIZ_WEB_LOCKOUT_PLACES || l->place[i].until_ms <= now_ms)
		return 0;
	return l->place[i].until_ms - now_ms;
}

/* A place for another key: a free one, else the one whose last failure is longest ago. */
static struct viz_web_lockout_place *make_place(struct viz_web_lockout *l, uint64_t now_ms)
{
	struct viz_web_lockout_place *oldest = &l->place[0];

	for (size_t i = 0; i < VIZ_WEB_LOCKOUT_PLACES; i++) {
		if (!is_live(&l->place[i], now_ms))
			return &l->place[i];
		if (l->place[i].last_ms < oldest->last_ms)
			oldest = &l->place[i];
	}
	return oldest;
}

void viz_web_lockout_fail(struct viz_web_lockout *l, const char *key, uint64_t now_ms,
			  uint32_t free, uint64_t most_ms)
{
	struct viz_id id = id_of(key);
	size_t i = find(l, &id);
	struct viz_web_lockout_place *p =
	    i < VIZ_WEB_LOCKOUT_PLACES ? &l->place[i] : make_place(l, now_ms);
	uint64_t wait;

	if (i == VIZ_WEB_LOCKOUT_PLACES || !is_live(p, now_ms))
		*p = (struct viz_web_lockout_place){.key = id};
	p->failures++;
	p->last_ms = now_ms;
	if (p->failures <= free)
		return;
	wait = p->failures - free > 20 ? most_ms : UINT64_C(1000) << (p->failures - free - 1);
	p->until_ms = now_ms + (wait < most_ms ? wait : most_ms);
}

void viz_web_lockout_clear(struct viz_web_lockout *l, const char *key)
{
	struct viz_id id = id_of(key);
	size_t i = find(l, &id);

	if (i < VIZ_WEB_LOCKOUT_PLACES)
		memset(&l->place[i], 0, sizeof l->place[i]);
}
