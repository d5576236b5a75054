#include "tools/erp/session.h"

#include <stdarg.h>
#include <time.h>

#include "crypto/secret.h"

static const struct viz_erp_connector *const connectors[] = {&viz_erp_ixc, &viz_erp_hubsoft,
							     &viz_erp_sgp, &viz_erp_voalle};

const struct viz_erp_connector *viz_erp_connector_named(const char *name)
{
	for (size_t i = 0; i < sizeof connectors / sizeof *connectors; i++)
		if (strcmp(connectors[i]->name, name) == 0)
			return connectors[i];
	return NULL;
}

const char *viz_erp_result_name(enum viz_erp_result result)
{
	switch (result) {
	case VIZ_ERP_OK:
		return "ok";
	case VIZ_ERP_UNSURE:
		return "unsure";
	case VIZ_ERP_LATER:
		return "later";
	case VIZ_ERP_DENIED:
		return "denied";
	case VIZ_ERP_REFUSED:
		return "refused";
	case VIZ_ERP_ABSENT:
		return "absent";
	}
	return "unsure";
}

const char *viz_erp_setting(const struct viz_erp *e, const char *key)
{
	const struct viz_erp_key *keys = e->config->connector->keys;

	for (size_t i = 0; keys != NULL && keys[i].name != NULL; i++)
		if (strcmp(keys[i].name, key) == 0)
			return e->config->setting[i];
	VIZ_REQUIRE(!"a key that the connector has not named");
	return NULL;
}

const char *viz_erp_user(const struct viz_erp *e)
{
	return e->config->user;
}

const char *viz_erp_token(const struct viz_erp *e)
{
	return e->token;
}

struct viz_erp_grant *viz_erp_grant(struct viz_erp *e)
{
	return &e->grant;
}

int64_t viz_erp_now_s(const struct viz_erp *e)
{
	return e->now_s;
}

int viz_erp_first_days(const struct viz_erp *e)
{
	return e->config->first_days;
}

void viz_erp_day(char out[11], const struct viz_erp *e, int days_ago)
{
	time_t t =
	    (time_t)(e->now_s + (int64_t)e->config->zone_min * 60 - (int64_t)days_ago * 86400);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || strftime(out, 11, "%Y-%m-%d", &tm) == 0)
		snprintf(out, 11, "1970-01-01");
}

enum viz_erp_result viz_erp_say(struct viz_erp *e, enum viz_erp_result result, const char *format,
				...)
{
	char text[VIZ_ERP_WHY_MAX]; /* an argument may be the old text */
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	memcpy(e->why, text, sizeof text);
	return result;
}

const char *viz_erp_why(const struct viz_erp *e)
{
	return e->why;
}

enum viz_erp_result viz_erp_checked(struct viz_erp *e, struct viz_erp_checks *checks,
				    const char *what, enum viz_erp_result result)
{
	if (checks->count == VIZ_ERP_CHECKS_MAX)
		return result;
	checks->check[checks->count].what = what;
	checks->check[checks->count].result = result;
	snprintf(checks->check[checks->count].why, VIZ_ERP_WHY_MAX, "%s",
		 result != VIZ_ERP_OK ? e->why : "");
	checks->count++;
	return result;
}

void viz_erp_session_end(struct viz_erp *e)
{
	viz_secret_wipe(e->token, sizeof e->token);
	viz_secret_wipe(&e->grant, sizeof e->grant);
	free(e->reasons.reason);
	e->reasons = (struct viz_erp_reasons){NULL, 0};
}

void viz_erp_session_tick(struct viz_erp *e)
{
	e->now_s = (int64_t)time(NULL);
	e->why[0] = '\0';
}

int64_t viz_erp_session_monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool viz_erp_session_wait(const struct viz_erp *e, int64_t until_ms)
{
	for (;;) {
		int64_t left = until_ms - viz_erp_session_monotonic_ms();
		struct timespec step = {0};

		if (e->ended != NULL && *e->ended)
			return false;
		if (left <= 0)
			return true;
		/* A signal that comes just before the sleep is seen after a second at the latest.
		 */
		left = left < 1000 ? left : 1000;
		step.tv_sec = (time_t)(left / 1000);
		step.tv_nsec = (long)(left % 1000) * 1000000;
		nanosleep(&step, NULL);
	}
}

void viz_erp_place_read(struct viz_erp_place *p, const struct viz_erp *e, const char *cursor,
			int first)
{
	if (sscanf(cursor, "%10[0-9-] %d", p->since, &p->page) == 2 && strlen(p->since) == 10 &&
	    p->page >= 0)
		return;
	viz_erp_day(p->since, e, viz_erp_first_days(e));
	p->page = first;
}
