#include "node/control/control.h"
#include "node/control/request.h"
#include "proto/base.h"
#include "proto/statement.h"

#include <jansson.h>

int viz_control_access_check(struct viz_request *req)
{
	for (size_t i = 0; i < req->readers->count; i++)
		if (strcmp(req->readers->name[i], req->who) == 0)
			return VIZ_OK;
	return viz_request_fail(
	    req, VIZ_ERR_STATE, "not-a-reader",
	    "user \"%s\" may not read personal data: see [access] readers in vizinho.conf",
	    req->who);
}

json_t *viz_control_access_contact_json(const struct viz_contact *contact)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(contact->name));
	json_object_set_new(o, "phone", json_string(contact->phone));
	json_object_set_new(o, "address", json_string(contact->address));
	json_object_set_new(o, "date", json_string(contact->date));
	json_object_set_new(o, "plan", json_string(contact->plan));
	return o;
}

json_t *viz_control_access_location_json(const struct viz_location *l)
{
	return json_pack("{s:b,s:i,s:i,s:I,s:I,s:I,s:s,s:I}", "has_point", l->has_point, "lat_udeg",
			 l->point.lat_udeg, "lon_udeg", l->point.lon_udeg, "precision_m",
			 (json_int_t)l->precision_m, "municipality", (json_int_t)l->municipality,
			 "cep", (json_int_t)l->cep, "service",
			 l->service == VIZ_SERVICE_BUSINESS ? "business" : "internet", "month",
			 (json_int_t)l->month);
}
