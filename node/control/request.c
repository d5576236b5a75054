#include "crypto/id.h"
#include "node/control/request.h"

#include "node/core/core.h"
#include "node/link/net.h"
#include "node/offer/chance.h"
#include "node/self/log.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/personal.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/text.h"
#include "store/stat.h"

#include <jansson.h>
#include <stdarg.h>
#include <time.h>

int viz_request_fail(struct viz_request *req, int err, const char *code, const char *format, ...)
{
	va_list args;

	snprintf(req->code, sizeof req->code, "%s", code);
	va_start(args, format);
	vsnprintf(req->message, sizeof req->message, format, args);
	va_end(args);
	return err;
}

int viz_request_core_error(struct viz_request *req, int err, const char *what)
{
	if (err == VIZ_OK)
		return VIZ_OK;
	if (err == VIZ_ERR_STATE && req->net->trust->self.revoked)
		return viz_request_fail(req, err, "own-key-revoked",
					"our key is revoked: vizinho key rotate");
	if (err == VIZ_ERR_STATE && req->net->trust->self.quarantine.ms != 0)
		return viz_request_fail(req, err, "quarantine",
					"%s: this node is in quarantine and signs nothing", what);
	if (err == VIZ_ERR_STATE && viz_identity_ahead_ms(req->net->trust) > 0)
		return viz_request_fail(
		    req, err, "clock",
		    "%s: what we signed last is %lld s ahead of the clock: set the clock right",
		    what, (long long)(viz_identity_ahead_ms(req->net->trust) / 1000));
	if (err == VIZ_ERR_STATE && !viz_identity_has_started(req->net->trust))
		return viz_request_fail(req, err, "starting",
					"%s: the node has just started and waits for its partners",
					what);
	return viz_request_fail(req, err, viz_err_name(err), "%s: %s", what, viz_err_name(err));
}

int viz_request_log_free(struct viz_request *req, const char *what)
{
	if (viz_self_log_is_free(req->net))
		return VIZ_OK;
	if (viz_identity_has_started(req->net->trust))
		return viz_request_fail(req, VIZ_ERR_STATE, "alone",
					"%s: no partner is linked now: repeat this when one is",
					what);
	return viz_request_core_error(req, VIZ_ERR_STATE, what);
}

int viz_request_text(struct viz_request *req, char *out, size_t max, const char *name, size_t min,
		     const char *def)
{
	json_t *v = json_object_get(req->args, name);
	size_t len;

	if (!v || json_is_null(v)) {
		if (!def)
			return viz_request_fail(req, VIZ_ERR_INPUT, "missing", "%s is missing",
						name);
		snprintf(out, max + 1, "%s", def);
		return VIZ_OK;
	}
	len = json_string_length(v);
	if (!json_is_string(v) || len < min || len > max ||
	    !viz_text_utf8(json_string_value(v), len))
		return viz_request_fail(
		    req, VIZ_ERR_INPUT, "bad-text",
		    "%s must be text of %zu to %zu bytes without control characters", name, min,
		    max);
	if (!viz_text_valid(json_string_value(v), len))
		return viz_request_fail(
		    req, VIZ_ERR_INPUT, "bad-text",
		    "%s has a character that is invisible or changes the direction of the text: "
		    "type it anew instead of pasting it",
		    name);
	memcpy(out, json_string_value(v), len + 1);
	return VIZ_OK;
}

int viz_request_free_text(struct viz_request *req, char *out, size_t max, const char *name,
			  size_t min, const char *def)
{
	int err = viz_request_text(req, out, max, name, min, def);
	enum viz_personal what = err == VIZ_OK ? viz_personal_find(out) : VIZ_PERSONAL_NONE;

	if (what == VIZ_PERSONAL_NONE)
		return err;
	return viz_request_fail(
	    req, VIZ_ERR_INPUT, "personal",
	    "%s has what looks like a person's %s: it has no place in this text", name,
	    viz_personal_name(what));
}

int viz_request_int(struct viz_request *req, int64_t *out, const char *name, int64_t min,
		    int64_t max, const int64_t *def)
{
	json_t *v = json_object_get(req->args, name);

	if (!v || json_is_null(v)) {
		if (!def)
			return viz_request_fail(req, VIZ_ERR_INPUT, "missing", "%s is missing",
						name);
		*out = *def;
		return VIZ_OK;
	}
	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max)
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-number",
					"%s must be a whole number from %lld to %lld", name,
					(long long)min, (long long)max);
	*out = json_integer_value(v);
	return VIZ_OK;
}

bool viz_request_flag(struct viz_request *req, const char *name)
{
	return json_is_true(json_object_get(req->args, name));
}

int viz_request_bytes(struct viz_request *req, uint8_t **out, size_t *len, const char *name,
		      size_t max)
{
	json_t *v = json_object_get(req->args, name);
	size_t n;

	*out = NULL;
	*len = 0;
	if (!v || json_is_null(v))
		return VIZ_OK;
	n = json_string_length(v) / 2;
	if (!json_is_string(v) || n > max)
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-bytes",
					"%s: at most %zu bytes in hex", name, max);
	*out = viz_core_alloc(n + 1);
	if (viz_hex_parse(*out, n, json_string_value(v)) != VIZ_OK) {
		free(*out);
		*out = NULL;
		return viz_request_fail(req, VIZ_ERR_INPUT, "bad-bytes", "%s is not hexadecimal",
					name);
	}
	*len = n;
	return VIZ_OK;
}

void viz_request_set_id(json_t *o, const char *name, const struct viz_id *id)
{
	char text[VIZ_TEXT_ID_MAX];

	if (viz_id_is_zero(id)) {
		json_object_set_new(o, name, json_null());
		return;
	}
	viz_id_text(text, "viz", id->b);
	json_object_set_new(o, name, json_string(text));
}

void viz_request_set_time(json_t *o, const char *name, struct viz_time t)
{
	time_t seconds = (time_t)(t.ms / 1000);
	char text[40];
	struct tm tm;
	size_t n;

	if (t.ms == 0) {
		json_object_set_new(o, name, json_null());
		return;
	}
	gmtime_r(&seconds, &tm);
	n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof text - n, ".%03dZ", (int)(t.ms % 1000));
	json_object_set_new(o, name, json_string(text));
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

int viz_request_store_full(struct viz_request *req)
{
	return viz_request_fail(
	    req, VIZ_ERR_LIMIT, "store-full", "%s",
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
