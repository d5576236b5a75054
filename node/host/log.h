/* Lines to standard error. Never personal data, never bytes of messages: what a line may hold are
 * counts, ids, addresses of nodes, names of reasons. */
#ifndef VIZ_NODE_HOST_LOG_H
#define VIZ_NODE_HOST_LOG_H

#include "proto/base.h"

enum viz_log_level {
	VIZ_LOG_CRITICAL = 2,
	VIZ_LOG_ERROR = 3,
	VIZ_LOG_WARNING = 4,
	VIZ_LOG_NOTICE = 5,
	VIZ_LOG_INFO = 6,
	VIZ_LOG_DEBUG = 7,
};

#define VIZ_LOG_LINE_MAX 512 /* bytes, longer ones are cut */

/* Lines of a higher number than `level` are dropped. On a terminal a line starts with the time,
 * else with "<N>" for the journal (sd-daemon(3)). Before this call: notice, "<N>". */
void viz_host_log_init(int level);
/* One line, one write(2); may be called from any thread. Control characters become '?'. */
void viz_host_log(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For lines that strangers can cause: at most VIZ_LOG_BURST pass in a minute. The first one that
 * passes afterwards comes with the number of those that were dropped. Zeroed at first. */
#define VIZ_LOG_BURST 10
struct viz_log_gate {
	uint64_t since_ms;
	unsigned passed;
	unsigned dropped;
};

/* One gate for each kind of line. The address of a constant stands for the kind. NULL and kinds
 * past the end of the table share the last gate. */
#define VIZ_LOG_FORMS 32
struct viz_log_forms {
	const char *form[VIZ_LOG_FORMS];
	struct viz_log_gate gate[VIZ_LOG_FORMS];
};

/* Logs a line of that kind within bounds. False: it was left out. */
bool viz_host_log_form(struct viz_log_forms *forms, const char *form, uint64_t now_ms, int level,
		       const char *text);

/* Whether a line passes now. If so, *dropped gets how many did not since the last that passed. */
bool viz_host_log_gate(struct viz_log_gate *gate, unsigned *dropped, uint64_t now_ms);

#endif
