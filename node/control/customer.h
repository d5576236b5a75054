/* What the files of link.* and customer.* share. */
#ifndef VIZ_NODE_CONTROL_CUSTOMER_H
#define VIZ_NODE_CONTROL_CUSTOMER_H

#include <jansson.h>

#include "node/control/request.h"
#include "node/lead/customer.h"
#include "node/lead/lead.h"
#include "proto/base.h"

/* What the customer may do now; CONTROL.md says what the page of each shows. */
enum viz_customer_stage {
	VIZ_CUSTOMER_BEGIN,
	VIZ_CUSTOMER_CONSENT,
	VIZ_CUSTOMER_SINGLE,
	VIZ_CUSTOMER_NO_NEIGHBOUR,
	VIZ_CUSTOMER_LATER,
	VIZ_CUSTOMER_WAITING,
	VIZ_CUSTOMER_PROPOSALS,
	VIZ_CUSTOMER_CHOSEN,
	VIZ_CUSTOMER_CALLED,
	VIZ_CUSTOMER_RECALLED,
	VIZ_CUSTOMER_INSTALLED,
	VIZ_CUSTOMER_LOST,
	VIZ_CUSTOMER_NONE,
	VIZ_CUSTOMER_KEPT,
	VIZ_CUSTOMER_WITHDRAWN,
	VIZ_CUSTOMER_OVER,
};

/* A request of a customer. It has personal data. */
struct viz_customer_visit {
	struct viz_lead_customer link;
	struct viz_lead_customer_person person; /* before there is a lead */
	struct viz_lead lead;                   /* where link.slot is not 0 */
	enum viz_customer_stage stage;
	json_t *look; /* before there is a lead: the result of lead.draw or lead.lookup; else NULL
		       */
};

/* Opens the link of `token`, and finds the stage, without those whom `strike` names. On an error
 * `v` has nothing. Else the caller ends it. */
int viz_customer_stage_enter(struct viz_request *req, struct viz_customer_visit *v);
/* The same for whoever refuses: who can be asked is not looked at, so that nothing stands in the
 * way of it. Before there is a lead the stage is not said. */
int viz_customer_stage_refuse(struct viz_request *req, struct viz_customer_visit *v);
void viz_customer_stage_leave(struct viz_customer_visit *v);

/* Reads link and lead again, after a change. */
int viz_customer_stage_refresh(struct viz_request *req, struct viz_customer_visit *v);

/* "not-now", with the stage. */
int viz_customer_stage_wrong(struct viz_request *req, const struct viz_customer_visit *v);

const char *viz_customer_stage_name(enum viz_customer_stage stage);

/* The cancellation, place and wish of a link as the arguments of lead.offer and lead.later. The
 * caller owns them. */
json_t *viz_customer_stage_args(const struct viz_customer_visit *v);

/* Place and wish alone. */
json_t *viz_customer_stage_place(const struct viz_customer_visit *v);

/* When the one who has the award has promised to call, by the hours that it publishes. */
struct viz_time viz_customer_stage_call_until(struct viz_request *req, const struct viz_lead *lead);

/* Whether the customer may say that nobody has called. */
bool viz_customer_stage_may_call_again(struct viz_request *req, const struct viz_customer_visit *v);

/* Sets "page" in the result. */
int viz_customer_page(struct viz_request *req, const struct viz_customer_visit *v);

/* Those who are asked about the lead, as they were named or as RESULT has them, with how they are
 * reached. */
json_t *viz_customer_page_asked(struct viz_request *req, const struct viz_lead *lead);

#endif
