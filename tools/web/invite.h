/* How a customer gets his link: by WhatsApp, as a QR code in the shop, by telephone. */
#ifndef VIZ_TOOLS_WEB_INVITE_H
#define VIZ_TOOLS_WEB_INVITE_H

#include <jansson.h>

#include "node/host/lang.h"

struct viz_invite {
	const char *url;   /* "https://example.org", where the customer's pages are */
	const char *path;  /* of link.create's reply: "/c/" and the token */
	const char *asker; /* our name */
	const char *name;  /* the customer's first name; "" or NULL: not known */
	const char *phone; /* his number, or "" or NULL: the agent picks the chat himself */
};

/* What the agent gets, as a new object; whoever shows it does not log it:
 *   link          the whole address
 *   message       the text for WhatsApp, with the link
 *   whatsapp_url  opens WhatsApp with this text
 *   script        what is said on the telephone
 *   qr_svg        a picture of the link, for the shop
 * `url` must not be empty: without it the customer cannot reach us. */
json_t *viz_invite_make(enum viz_lang lang, const struct viz_invite *invite);

/* The address that opens a chat with this number, with a text (NULL: none). `number` may be written
 * in any way and have no country code; "" picks the chat later. A new reference. NULL: it is no
 * number. */
json_t *viz_invite_whatsapp(const char *number, const char *text);

#endif
