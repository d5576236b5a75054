#include "node/control/metric.h"

#include <math.h>

static const struct {
	const char *name, *type, *unit, *help;
} table[] = {
#define X(id, name, type, unit, help) {"vizinho_" name, type, unit, help},
    VIZ_METRICS(X)
#undef X
};

void viz_metric_add(json_t *set, enum viz_metric metric)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(table[metric].name));
	json_object_set_new(o, "type", json_string(table[metric].type));
	if (table[metric].unit[0] != '\0')
		json_object_set_new(o, "unit", json_string(table[metric].unit));
	json_object_set_new(o, "help", json_string(table[metric].help));
	json_object_set_new(o, "samples", json_array());
	json_array_append_new(set, o);
}

/* Whole numbers are printed as such. */
static json_t *number(double value)
{
	return value == floor(value) && fabs(value) < 9007199254740992.0
		   ? json_integer((json_int_t)value)
		   : json_real(value);
}

json_t *viz_metric_sample(json_t *set, const char *label, const char *text, double value)
{
	json_t *o = json_object(), *metric = json_array_get(set, json_array_size(set) - 1);

	if (label[0] != '\0')
		json_object_set_new(o, label, json_string(text));
	json_object_set_new(o, "value", number(value));
	json_array_append_new(json_object_get(metric, "samples"), o);
	return o;
}

void viz_metric_one(json_t *set, enum viz_metric metric, double value)
{
	viz_metric_add(set, metric);
	viz_metric_sample(set, "", "", value);
}
