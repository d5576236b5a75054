#include "node/host/reload.h"

#include "node/host/alloc.h"
#include "node/host/log.h"

struct viz_host_event *viz_host_reload_event(const struct viz_config *config)
{
	struct viz_node_settings *s = viz_host_alloc(sizeof *s);

	s->profile = config->profile;
	s->hook = config->hook[0] != '\0';
	s->reader_count = config->reader_count;
	memcpy(s->reader, config->readers, sizeof s->reader);
	memcpy(s->web, config->web, sizeof s->web);
	memcpy(s->erp, config->erp, sizeof s->erp);
	return viz_host_event_new(VIZ_EVENT_SETTINGS, (uint8_t *)s, sizeof *s);
}

static bool same_listen(const struct viz_config *a, const struct viz_config *b)
{
	for (size_t i = 0; i < VIZ_HOST_LISTEN_MAX; i++)
		if (strcmp(a->listen[i], b->listen[i]) != 0)
			return false;
	return true;
}

/* What is used once, at the start, stays as it was then. */
static void keep_fixed(struct viz_config *next, const struct viz_config *now)
{
	char names[128] = "";

	if (!same_listen(next, now))
		strcat(names, " [listen] address,");
	if (strcmp(next->socket, now->socket) != 0)
		strcat(names, " [control] socket,");
	if (strcmp(next->group, now->group) != 0)
		strcat(names, " [control] group,");
	if (next->map_mib != now->map_mib)
		strcat(names, " [store] map_mib,");
	memcpy(next->listen, now->listen, sizeof next->listen);
	next->listen_default = now->listen_default;
	memcpy(next->socket, now->socket, sizeof next->socket);
	memcpy(next->group, now->group, sizeof next->group);
	next->map_mib = now->map_mib;
	if (names[0] == '\0')
		return;
	names[strlen(names) - 1] = '\0';
	viz_host_log(VIZ_LOG_WARNING, "changed, and taken at the next start only:%s", names);
}

static void log_fault(void *to, bool fault, const char *line)
{
	(void)to;
	if (fault)
		viz_host_log(VIZ_LOG_ERROR, "the configuration stays as it was: %s", line);
}

bool viz_host_reload_read(struct viz_config *config, const char *file)
{
	const struct viz_config_report report = {log_fault, NULL, false};
	struct viz_config next;

	if (viz_host_config_read(&next, &report, file) != VIZ_OK)
		return false;
	keep_fixed(&next, config);
	*config = next;
	viz_host_log(VIZ_LOG_NOTICE, "the configuration is read again: %s", file);
	return true;
}
