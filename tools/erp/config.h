/* erp.conf: an INI file (inih). tools/packaging/erp.conf explains every key. An unknown key or a
 * wrong value is an error that names file, line and what was expected. */
#ifndef VIZ_TOOLS_ERP_CONFIG_H
#define VIZ_TOOLS_ERP_CONFIG_H

#include "tools/erp/connector.h"

#define VIZ_ERP_CONFIG_FILE     "/etc/vizinho/erp.conf"
#define VIZ_ERP_CONFIG_TOKEN    "/etc/vizinho/erp-token"
#define VIZ_ERP_CONFIG_DIR      "/var/lib/vizinho-erp"
#define VIZ_ERP_CONFIG_TEXT_MAX 256 /* a value, with the final NUL */
#define VIZ_ERP_TICKED_MAX      64  /* reasons or subjects that the operator ticked */
#define VIZ_ERP_SETTINGS_MAX    16  /* keys of a connector */

/* Which leads of the inbox are written into the ERP. */
enum viz_erp_write {
	VIZ_ERP_WRITE_NEVER,
	VIZ_ERP_WRITE_CLAIMED, /* once one of our people has taken the lead */
	VIZ_ERP_WRITE_HELD,    /* as soon as we hold the contact */
};

/* Which cancellations become drafts. */
enum viz_erp_which {
	VIZ_ERP_WHICH_TICKED, /* those of a reason that was ticked */
	VIZ_ERP_WHICH_ALL,
	VIZ_ERP_WHICH_NONE,
};

struct viz_erp_ticked {
	char id[VIZ_ERP_TICKED_MAX][VIZ_ERP_ID_MAX];
	size_t count;
};

struct viz_erp_config {
	const struct viz_erp_connector *connector;
	char source[VIZ_ERP_ID_MAX]; /* of the drafts, as the node knows it */
	char url[VIZ_ERP_CONFIG_TEXT_MAX];
	char user[VIZ_ERP_CONFIG_TEXT_MAX];
	char
	    token_file[VIZ_ERP_CONFIG_TEXT_MAX]; /* "": the credential, else VIZ_ERP_CONFIG_TOKEN */
	char ca[VIZ_ERP_CONFIG_TEXT_MAX];        /* "": the machine's certificates */
	char socket[VIZ_ERP_CONFIG_TEXT_MAX];    /* "": the default one of the node */
	int rate_per_minute;
	int interval_s;
	int timeout_s; /* of a request */
	int first_days;
	int zone_min; /* minutes east of UTC */
	enum viz_erp_which cancellations;
	enum viz_erp_write write;
	struct viz_erp_ticked reasons;                               /* of cancellations */
	struct viz_erp_ticked subjects;                              /* of tickets */
	char setting[VIZ_ERP_SETTINGS_MAX][VIZ_ERP_CONFIG_TEXT_MAX]; /* as connector->keys */
};

/* Each fault is one line to `say`: "FILE:LINE: ...". VIZ_ERR_INPUT when there was one. */
int viz_erp_config_read(struct viz_erp_config *out, const char *path,
			void (*say)(void *to, const char *line), void *to);
/* The same from a stream; `name` stands for the file. */
int viz_erp_config_stream(struct viz_erp_config *out, FILE *stream, const char *name,
			  void (*say)(void *to, const char *line), void *to);
bool viz_erp_config_ticked(const struct viz_erp_ticked *ticked, const char *id);

/* https, or http to an address within the machine or the local net: the address itself is judged
 * where it is dialled. */
bool viz_erp_config_is_url(const char *text);

#endif
