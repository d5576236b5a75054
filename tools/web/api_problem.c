#include "tools/web/api_problem.h"

/* The statuses of the node's codes. The end "-" stands for all that begin so; the first row counts.
 * What is not here is a conflict with how things stand (409). */
static const struct {
	const char *code;
	unsigned status;
} statuses[] = {
    {"not-allowed", 403},
    {"not-a-reader", 403},
    {"no-such-op", 501},
    {"no-such-", 404},
    {"bad-", 400},
    {"missing", 400},
    {"unknown-field", 400},
    {"personal", 400},
    {"empty", 400},
    {"too-large", 413},
    {"too-long", 413},
    {"no-consent", 422},
    {"no-contact-consent", 422},
    {"starting", 503},
    {"store-full", 503},
    {"busy", 503},
    {"quarantine", 503},
    {"clock", 503},
    {"failed", 500},
    {"newer-client", 502},
    {"no-text", 500},
    {"no-withdrawal", 500},
};

static unsigned status_of(const char *code)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		size_t len = strlen(statuses[i].code);
		bool begin = statuses[i].code[len - 1] == '-';

		if (begin ? strncmp(code, statuses[i].code, len) == 0
			  : strcmp(code, statuses[i].code) == 0)
			return statuses[i].status;
	}
	return 409;
}

static json_t *problem(unsigned status, const char *code)
{
	char type[96], title[64];

	snprintf(type, sizeof type, "urn:vizinho:problem:%s", code);
	snprintf(title, sizeof title, "%s", code);
	for (char *c = title; *c != '\0'; c++)
		*c = *c == '-' ? ' ' : *c;
	return json_pack("{s:s,s:s,s:i,s:s}", "type", type, "title", title, "status", (int)status,
			 "code", code);
}

static void send(struct viz_page *p, unsigned status, json_t *taken)
{
	if (status == 503)
		viz_page_put_header(p, "Retry-After", "5");
	viz_page_problem(p, status, taken);
}

void viz_api_problem(struct viz_page *p, unsigned status, const char *code, const char *detail,
		     const char *field)
{
	json_t *o = problem(status, code);

	json_object_set_new(o, "detail", json_string(detail));
	if (field != NULL)
		json_object_set_new(o, "field", json_string(field));
	send(p, status, o);
}

void viz_api_problem_of(struct viz_page *p, const json_t *error)
{
	static const char *const same[] = {"field", "state", "candidates"};
	const char *code = json_string_value(json_object_get(error, "code"));
	unsigned status = status_of(code != NULL ? code : "failed");
	json_t *o = problem(status, code != NULL ? code : "failed");

	if (json_is_string(json_object_get(error, "message")))
		json_object_set(o, "detail", json_object_get(error, "message"));
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (json_object_get(error, same[i]) != NULL)
			json_object_set(o, same[i], json_object_get(error, same[i]));
	send(p, status, o);
}

bool viz_api_problem_refused(struct viz_page *p, size_t i)
{
	if (viz_page_result(p, i) != NULL)
		return false;
	viz_api_problem_of(p, viz_page_error(p, i));
	return true;
}
