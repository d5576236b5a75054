#include "node/host/log.h"

#include <stdarg.h>
#include <time.h>
#include <unistd.h>

static int level_max = VIZ_LOG_NOTICE;
static bool on_terminal;

void viz_host_log_init(int level)
{
	level_max = level;
	on_terminal = isatty(STDERR_FILENO) == 1;
}

static size_t prefix(char *line, size_t size, int level)
{
	struct timespec now;
	struct tm tm;

	if (!on_terminal)
		return (size_t)snprintf(line, size, "<%d>", level);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	return strftime(line, size, "%H:%M:%SZ ", &tm);
}

void viz_host_log(int level, const char *format, ...)
{
	char line[VIZ_LOG_LINE_MAX];
	size_t at, len;
	va_list args;
	int n;

	if (level > level_max)
		return;
	at = prefix(line, sizeof line, level);
	va_start(args, format);
	n = vsnprintf(line + at, sizeof line - at - 1, format, args);
	va_end(args);
	if (n < 0)
		return;
	len = at + (size_t)n;
	if (len > sizeof line - 2)
		len = sizeof line - 2;
	/* A text from elsewhere must not forge a second line or speak to the terminal. */
	for (size_t i = at; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[len++] = '\n';
	/* If standard error is gone, nobody can be informed. */
	(void)!write(STDERR_FILENO, line, len);
}

bool viz_host_log_gate(struct viz_log_gate *gate, unsigned *dropped, uint64_t now_ms)
{
	if (gate->since_ms == 0 || now_ms - gate->since_ms >= 60000) {
		gate->since_ms = now_ms > 0 ? now_ms : 1;
		gate->passed = 0;
	}
	if (gate->passed >= VIZ_LOG_BURST) {
		gate->dropped++;
		return false;
	}
	gate->passed++;
	*dropped = gate->dropped;
	gate->dropped = 0;
	return true;
}

bool viz_host_log_form(struct viz_log_forms *forms, const char *form, uint64_t now_ms, int level,
		       const char *text)
{
	unsigned dropped = 0;
	size_t i = 0;

	while (i < VIZ_LOG_FORMS - 1 && forms->form[i] != NULL && forms->form[i] != form)
		i++;
	if (level > level_max)
		return true;
	forms->form[i] = form;
	if (!viz_host_log_gate(&forms->gate[i], &dropped, now_ms))
		return false;
	if (dropped > 0)
		viz_host_log(level, "%u lines like the next were left out", dropped);
	viz_host_log(level, "%s", text);
	return true;
}
