/* vizinho.conf: an INI file (inih). Every key has a default but [node] name; an unknown key or a
 * wrong value is an error that names file, line and what was expected. tools/packaging/vizinho.conf
 * lists all keys. */
#ifndef VIZ_NODE_HOST_CONFIG_H
#define VIZ_NODE_HOST_CONFIG_H

#include "node/host/limits.h"
#include "node/node.h"

#define VIZ_CONFIG_FILE        "/etc/vizinho/vizinho.conf"
#define VIZ_CONFIG_STATE       "/var/lib/vizinho"
#define VIZ_CONFIG_PORT        "7411"
#define VIZ_CONFIG_READERS_MAX VIZ_READERS_MAX
#define VIZ_CONFIG_USER_MAX    33  /* characters of a UNIX user name, with the final NUL */
#define VIZ_CONFIG_PATH_MAX    108 /* as much as a socket's address holds, with the final NUL */
#define VIZ_CONFIG_HOOK_MAX    256 /* likewise, of the hook */
#define VIZ_CONFIG_ERROR_MAX   512
#define VIZ_CONFIG_FAULTS_MAX  30    /* then the rest of the file is not read */
#define VIZ_CONFIG_LINE_MAX    65536 /* bytes; likewise after a line that does not end */

struct viz_config {
	struct viz_profile profile;
	char listen[VIZ_HOST_LISTEN_MAX][64]; /* "address:port"; "" ends the list */
	bool listen_default;              /* not given: one of the two families may be missing */
	char socket[VIZ_CONFIG_PATH_MAX]; /* of the control socket; "" = STATE/control */
	char group[VIZ_CONFIG_USER_MAX];  /* "": the socket stays with the daemon's group */
	char readers[VIZ_CONFIG_READERS_MAX][VIZ_CONFIG_USER_MAX];
	size_t reader_count;
	char web[VIZ_CONFIG_USER_MAX], erp[VIZ_CONFIG_USER_MAX]; /* of the faces; "": none */
	uint64_t map_mib;                                        /* 0: half of the file system */
	char hook[VIZ_CONFIG_HOOK_MAX];                          /* program; "": none */
	/* For vizinho-webhook: the daemon only checks them. */
	char webhook[VIZ_CONFIG_HOOK_MAX];        /* URL; "": none */
	char webhook_secret[VIZ_CONFIG_HOOK_MAX]; /* file; "": the credential webhook-secret */
	char webhook_ca[VIZ_CONFIG_HOOK_MAX];     /* file; "": the machine's certificates */
	bool webhook_http_anywhere;
	int webhook_level; /* enum viz_log_level: of this one and worse */
	int log_level;     /* enum viz_log_level */
};

/* Who is told what is wrong: all of it, in the order of the file. */
struct viz_config_report {
	/* One line: "FILE:LINE: ...". `fault`: the file cannot be used; else a remark. */
	void (*say)(void *to, bool fault, const char *line);
	void *to;
	/* Also whether this machine has what the file names, and what the node does not do without
	 * more of it (--check). */
	bool machine;
};

void viz_host_config_default(struct viz_config *c);
/* Reads `path` over the defaults. VIZ_ERR_INPUT when there was a fault; `out` is untouched then. */
int viz_host_config_read(struct viz_config *out, const struct viz_config_report *report,
			 const char *path);
/* The same from an open stream; `name` stands for the file in what is said. */
int viz_host_config_stream(struct viz_config *out, const struct viz_config_report *report,
			   FILE *stream, const char *name);

#endif
