/* link.*: links for customers, made, listed and ended by agents. */
#include "node/control/lead.h"
#include "node/control/request.h"
#include "node/lead/customer.h"
#include "proto/base.h"

#include <jansson.h>

static int none(struct viz_request *req)
{
	return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_LINK,
				"there is no such link");
}

static int link_list(struct viz_request *req)
{
	json_object_set_new(req->result, "links", json_array());
	return VIZ_OK;
}

static const struct viz_field list_fields[] = {
    {"lead", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_INBOX_ID_MAX}, {0}};

static const struct viz_field cancel_fields[] = {{"link", VIZ_FIELD_TEXT, .needed = true,
						  .min = VIZ_CUSTOMER_ID_CHARS,
						  .max = VIZ_CUSTOMER_ID_CHARS},
						 {0}};

const struct viz_control_op viz_control_links_ops[] = {
    {"link.create", none, VIZ_SPACE_SOME, VIZ_PRIVACY_TAKES, VIZ_ROLES_WORK,
     viz_control_lead_fields_link},
    {"link.list", link_list, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK, list_fields},
    {"link.cancel", none, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK, cancel_fields},
    {0},
};
