/* One request and its answer: between libmicrohttpd, which calls, and a page. */
#ifndef VIZ_TOOLS_WEB_EXCHANGE_H
#define VIZ_TOOLS_WEB_EXCHANGE_H

#include <microhttpd.h>

#include "tools/web/config.h"
#include "tools/web/connections.h"
#include "tools/web/page.h"
#include "tools/web/pool.h"
#include "tools/web/service.h"
#include "tools/web/watch.h"

/* What the exchanges of one listener share. */
struct viz_web_door {
	const struct viz_web_config *config;
	struct viz_web_pool *pool;
	uv_loop_t *loop;
	struct viz_web_accounts *accounts;
	struct viz_web_service *service;
	struct viz_web_watch *watch;
	unsigned listener; /* VIZ_WEB_PUBLIC or VIZ_WEB_PRIVATE */
	struct viz_web_connections connections;
	bool stopped;
	void (*wake)(struct viz_web_door *door); /* lets the library work soon */
};

/* Callbacks of libmicrohttpd; `cls` is the door. */
void *viz_web_exchange_begin(void *cls, const char *uri, struct MHD_Connection *connection);
enum MHD_Result viz_web_exchange_handle(void *cls, struct MHD_Connection *connection,
					const char *url, const char *method, const char *version,
					const char *upload, size_t *upload_len, void **exchange);
void viz_web_exchange_end(void *cls, struct MHD_Connection *connection, void **exchange,
			  enum MHD_RequestTerminationCode why);

#endif
