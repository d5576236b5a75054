/* The customer's pages: /c/TOKEN. A GET shows and changes nothing, because chats fetch a link
 * before the person opens it. Each POST has a nonce of this browser and this link, and does one
 * thing.
 *
 * Every page begins with customer.show: its stage decides what is shown, whatever path was asked.
 * What was typed is never lost: where a POST cannot be done it comes back in the form. */
#ifndef VIZ_TOOLS_WEB_CUSTOMER_H
#define VIZ_TOOLS_WEB_CUSTOMER_H

#include "tools/web/page.h"

extern const struct viz_route viz_customer_routes[];

#endif
