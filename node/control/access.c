#include "node/control/control.h"
#include "node/control/request.h"
#include "node/inbox/wish.h"
#include "proto/base.h"
#include "proto/statement.h"

#include <jansson.h>

int viz_control_access_check(struct viz_request *req, unsigned roles)
{
	bool reader = req->face;

	for (size_t i = 0; i < req->readers->count; i++)
		reader |= strcmp(req->readers->name[i], req->user) == 0;
	if (reader && viz_control_role_check(req, roles) != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_A_READER,
					"the role \"%s\" may not read personal data",
					viz_control_role_name(req->role));
	if (reader)
		return VIZ_OK;
	return viz_request_fail(
	    req, VIZ_ERR_STATE, VIZ_CODE_NOT_A_READER,
	    "user \"%s\" may not read personal data: see [access] readers in vizinho.conf",
	    req->user);
}

json_t *viz_control_access_contact_json(const struct viz_contact *contact)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(contact->name));
	json_object_set_new(o, "phone", json_string(contact->phone));
	json_object_set_new(o, "address", json_string(contact->address));
	viz_request_set_text(o, "date", contact->date);
	viz_request_set_text(o, "plan", contact->plan);
	return o;
}

static void set_wish(json_t *o, enum viz_service service, uint32_t month)
{
	char text[16];

	json_object_set_new(o, "service",
			    json_string(service == VIZ_SERVICE_BUSINESS ? "business" : "internet"));
	snprintf(text, sizeof text, "%04u-%02u", month / 100, month % 100);
	if (month != 0)
		json_object_set_new(o, "month", json_string(text));
}

json_t *viz_control_access_wish_json(const struct viz_wish *wish)
{
	json_t *o = json_object();

	set_wish(o, wish->service, wish->month);
	return o;
}

json_t *viz_control_access_location_json(const struct viz_location *l)
{
	json_t *o = json_pack("{s:I}", "precision_m", (json_int_t)l->precision_m);

	if (l->has_point) {
		json_object_set_new(o, "lat_udeg", json_integer(l->point.lat_udeg));
		json_object_set_new(o, "lon_udeg", json_integer(l->point.lon_udeg));
	}
	viz_request_set_municipality(o, "municipality", l->municipality);
	viz_request_set_given(o, "cep", l->cep);
	set_wish(o, l->service, l->month);
	return o;
}
