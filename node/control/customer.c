/* customer.*: what a customer does by a link. */
#include "node/control/lead.h"
#include "node/control/request.h"
#include "proto/base.h"

static int none(struct viz_request *req)
{
	return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_LINK,
				"there is no such link");
}

const struct viz_control_op viz_control_customer_ops[] = {
    {"customer.show", none, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_page},
    {"customer.open", none, VIZ_SPACE_MUCH, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.agree", none, VIZ_SPACE_MUCH, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_agree},
    {"customer.refuse", none, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.choose", none, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_pick},
    {"customer.call-again", none, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.withdraw", none, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.held", none, VIZ_SPACE_SOME, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.proof", none, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {"customer.code", none, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLE_CUSTOMER,
     viz_control_lead_fields_token},
    {0},
};
