/* What the customer does: the POSTs. Without the nonce of this link and this browser nothing is
 * done, and the page is shown again with what was typed. */
#ifndef VIZ_TOOLS_WEB_CUSTOMER_ACT_H
#define VIZ_TOOLS_WEB_CUSTOMER_ACT_H

#include "tools/web/page.h"

/* One operation, and then the page of the new stage. */
void viz_customer_act_ask_open(struct viz_page *p);
void viz_customer_act_ask_none(struct viz_page *p);
void viz_customer_act_ask_call_again(struct viz_page *p);
void viz_customer_act_ask_withdraw(struct viz_page *p);
void viz_customer_act_done(struct viz_page *p);

void viz_customer_act_ask_refuse(struct viz_page *p);
void viz_customer_act_refused(struct viz_page *p);

/* What depends on the page: first it is asked for. */
void viz_customer_act_ask_show(struct viz_page *p);
void viz_customer_act_agree(struct viz_page *p);
void viz_customer_act_choose(struct viz_page *p);

#endif
