#include "crypto/id.h"
#include "node/control/request.h"

#include "node/core/core.h"
#include "node/link/net.h"
#include "node/offer/chance.h"
#include "node/self/log.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/stat.h"

#include <jansson.h>
#include <stdarg.h>
#include <time.h>

int viz_request_fail(struct viz_request *req, int err, enum viz_code code, const char *format, ...)
{
	va_list args;

	req->code = code;
	va_start(args, format);
	vsnprintf(req->message, sizeof req->message, format, args);
	va_end(args);
	return err;
}

int viz_request_wrong(struct viz_request *req, enum viz_code code, const char *field,
		      const char *format, ...)
{
	va_list args;

	req->code = code;
	snprintf(req->field, sizeof req->field, "%s", field);
	va_start(args, format);
	vsnprintf(req->message, sizeof req->message, format, args);
	va_end(args);
	return VIZ_ERR_INPUT;
}

int viz_request_core_error(struct viz_request *req, int err, const char *what)
{
	if (err == VIZ_OK)
		return VIZ_OK;
	if (err == VIZ_ERR_STATE && req->net->trust->self.revoked)
		return viz_request_fail(req, err, VIZ_CODE_OWN_KEY_REVOKED,
					"our key is revoked: vizinho key rotate");
	if (err == VIZ_ERR_STATE && req->net->trust->self.quarantine.ms != 0)
		return viz_request_fail(req, err, VIZ_CODE_QUARANTINE,
					"%s: this node is in quarantine and signs nothing", what);
	if (err == VIZ_ERR_STATE && viz_identity_ahead_ms(req->net->trust) > 0)
		return viz_request_fail(
		    req, err, VIZ_CODE_CLOCK,
		    "%s: what we signed last is %lld s ahead of the clock: set the clock right",
		    what, (long long)(viz_identity_ahead_ms(req->net->trust) / 1000));
	if (err == VIZ_ERR_STATE && !viz_identity_has_started(req->net->trust))
		return viz_request_fail(req, err, VIZ_CODE_STARTING,
					"%s: the node has just started and waits for its partners",
					what);
	return viz_request_fail(req, err, VIZ_CODE_FAILED, "%s: %s", what, viz_err_name(err));
}

int viz_request_log_free(struct viz_request *req, const char *what)
{
	if (viz_self_log_is_free(req->net))
		return VIZ_OK;
	if (viz_identity_has_started(req->net->trust))
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_ALONE,
					"%s: no partner is linked now: repeat this when one is",
					what);
	return viz_request_core_error(req, VIZ_ERR_STATE, what);
}

const struct viz_field viz_request_none[] = {{0}};

const struct viz_field viz_request_lead_only[] = {
    {"lead", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_INBOX_ID_MAX}, {0}};

const struct viz_field viz_request_peer_only[] = {
    {"peer", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_NAME_MAX}, {0}};

/* A name is passed over: what a reply gave can be sent back. */
const struct viz_field viz_request_municipality[] = {
    {"code", VIZ_FIELD_NUMBER, .needed = true, .min = 1100000, .max = 5399999},
    {"name", VIZ_FIELD_TEXT, .max = 100},
    {0}};

void viz_request_set_id(json_t *o, const char *name, const struct viz_id *id)
{
	char text[VIZ_TEXT_ID_MAX];

	if (viz_id_is_zero(id))
		return;
	viz_id_text(text, "viz", id->b);
	json_object_set_new(o, name, json_string(text));
}

void viz_request_set_hash(json_t *o, const char *name, const struct viz_id *id)
{
	char hex[2 * sizeof id->b + 1];

	if (viz_id_is_zero(id))
		return;
	viz_hex(hex, id->b, sizeof id->b);
	json_object_set_new(o, name, json_string(hex));
}

void viz_request_set_time(json_t *o, const char *name, struct viz_time t)
{
	time_t seconds = (time_t)(t.ms / 1000);
	char text[40];
	struct tm tm;
	size_t n;

	if (t.ms == 0)
		return;
	gmtime_r(&seconds, &tm);
	n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof text - n, ".%03dZ", (int)(t.ms % 1000));
	json_object_set_new(o, name, json_string(text));
}

void viz_request_set_text(json_t *o, const char *name, const char *text)
{
	if (text[0] != '\0')
		json_object_set_new(o, name, json_string(text));
}

void viz_request_set_given(json_t *o, const char *name, uint64_t number)
{
	if (number != 0)
		json_object_set_new(o, name, json_integer((json_int_t)number));
}

void viz_request_set_municipality(json_t *o, const char *name, uint32_t code)
{
	if (code != 0)
		json_object_set_new(o, name, json_pack("{s:I}", "code", (json_int_t)code));
}

void viz_request_set_lead(json_t *o, const char *name, uint64_t slot)
{
	char text[VIZ_SLOT_TEXT_MAX];

	if (slot == 0)
		return;
	viz_request_slot_text(text, slot);
	json_object_set_new(o, name, json_pack("{s:s}", "id", text));
}

void viz_request_slot_text(char out[VIZ_SLOT_TEXT_MAX], uint64_t slot)
{
	time_t seconds = (time_t)(viz_record_slot_day(slot) * 86400);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	snprintf(out, VIZ_SLOT_TEXT_MAX, "%04d%02d%02d-%u", (tm.tm_year + 1900) % 10000,
		 tm.tm_mon + 1, tm.tm_mday, viz_record_slot_number(slot) + 1);
}

int viz_request_slot_parse(uint64_t *slot, const char *text)
{
	struct tm tm = {0};
	unsigned n;
	char end;

	if (sscanf(text, "%4d%2d%2d-%u%c", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &n, &end) != 4 ||
	    n == 0 || n > VIZ_OFFERS_PER_DAY || tm.tm_year < 2020 || tm.tm_year > 2099)
		return VIZ_ERR_FORM;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*slot = viz_record_slot_make((struct viz_time){(int64_t)timegm(&tm) * 1000}, n - 1);
	return VIZ_OK;
}

void viz_request_inbox_text(char out[VIZ_INBOX_TEXT_MAX], const struct viz_id *origin,
			    uint64_t slot)
{
	char text[VIZ_SLOT_TEXT_MAX];

	viz_request_slot_text(text, slot);
	viz_hex(out, origin->b, 4);
	snprintf(out + 8, VIZ_INBOX_TEXT_MAX - 8, "-%s", text);
}

int viz_request_store_full(struct viz_request *req)
{
	return viz_request_fail(
	    req, VIZ_ERR_LIMIT, VIZ_CODE_STORE_FULL, "%s",
	    viz_store_stat_disk_short(req->net->core->store)
		? "the disk is full: nothing was done. Make room on it"
		: "the store is full: nothing was done. Raise its limit ([store] map_mib)");
}

json_t *viz_request_share(uint32_t n, uint32_t k)
{
	struct viz_interval i = viz_chance_wilson(n, k);

	return json_pack("{s:I,s:I,s:f,s:f}", "count", (json_int_t)k, "of", (json_int_t)n, "low",
			 i.low, "high", i.high);
}
