/* The inside of a page, for the server. */
#ifndef VIZ_TOOLS_WEB_PAGE_INTERNAL_H
#define VIZ_TOOLS_WEB_PAGE_INTERNAL_H

#include "tools/web/page.h"
#include "tools/web/service.h"

struct viz_page_ask {
	json_t *request; /* the whole envelope */
	json_t *reply;   /* NULL: not yet, or the node did not answer */
};

struct viz_page {
	const struct viz_route *route; /* NULL: there is none for the path */
	enum viz_lang lang;
	unsigned listener;
	bool https;
	char address[64];
	char *path; /* without the query */
	char *url;
	char *customer_url; /* likewise: where customers find us */
	json_t *params, *query, *headers, *cookies, *body;
	char csrf[65];
	struct viz_web_who who;
	uint32_t wait_s; /* a wrong token came, and no other is looked at for so long; 0 */
	char who_name[64];
	json_t *scopes;               /* of the token that came along; NULL: none did */
	struct viz_web_caller caller; /* for what is asked of vizinho-web itself */

	struct viz_page_ask ask[VIZ_WEB_ASKS_MAX];
	size_t ask_count; /* to be asked; the server puts the replies in */
	struct viz_page_ask got[VIZ_WEB_ASKS_MAX];
	size_t got_count; /* with their replies, as answer() sees them */
	unsigned round;
	bool offline;

	json_t *model, *kept;
	unsigned status; /* 0: not answered */
	char *out;       /* wiped */
	size_t out_len;
	char type[64];
	char *events; /* that wait to be sent; wiped */
	size_t events_len;
	json_t *out_headers; /* list of [name, value] */
};

/* An empty page; free wipes it. */
struct viz_page *viz_page_new(void);
void viz_page_free(struct viz_page *p);

/* Calls ask(), or answer() when there is nothing to ask. Afterwards either p->status is set, or
 * ask[] has requests. */
void viz_page_start(struct viz_page *p);
void viz_page_forget_events(struct viz_page *p);
/* Whether the page is a stream that goes on. */
bool viz_page_is_stream(const struct viz_page *p);
/* All replies of the round are there: calls answer(). The same holds afterwards. */
void viz_page_go_on(struct viz_page *p);

#endif
