/* A request as libmicrohttpd has read it, made into a page. */
#ifndef VIZ_TOOLS_WEB_REQUEST_H
#define VIZ_TOOLS_WEB_REQUEST_H

#include <microhttpd.h>

#include "tools/web/exchange.h"
#include "tools/web/page_internal.h"

#define VIZ_WEB_FORM_COOKIE    "viz_form"
#define VIZ_WEB_LANG_COOKIE    "viz_lang"
#define VIZ_WEB_SESSION_COOKIE "viz_session"
#define VIZ_WEB_DEVICE_COOKIE  "viz_device"

/* Whether the head can be taken. Returns 0, or the status of the refusal with *why. *body_len is
 * what the head announces. */
unsigned viz_web_request_head(size_t *body_len, enum viz_web_text *why,
			      struct MHD_Connection *connection, enum viz_web_method method,
			      size_t body_max);
/* Fills the page: headers, cookies, language, address, token of forms. */
void viz_web_request_fill(struct viz_page *p, const struct viz_web_door *door,
			  struct MHD_Connection *connection);
/* Reads query and body into the page. Returns 0, or the status of the refusal with *why. */
unsigned viz_web_request_fields(struct viz_page *p, enum viz_web_text *why, const char *query,
				const char *body, size_t len);

#endif
