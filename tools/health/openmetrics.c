#include "tools/health/openmetrics.h"

#include "node/control/metric.h"

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

/* The length of the name without this end. */
static int without(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return (int)(n > k && strcmp(name + n - k, end) == 0 ? n - k : n);
}

/* In OpenMetrics the lines about a counter or an info have the name without their ends. */
static void print_head(FILE *out, const json_t *metric, bool open)
{
	const char *name = text_of(metric, "name"), *type = text_of(metric, "type");
	const char *unit = text_of(metric, "unit");
	bool info = strcmp(type, "info") == 0;
	int n = (int)strlen(name);

	if (open)
		n = without(name, info ? "_info" : strcmp(type, "counter") == 0 ? "_total" : "\n");
	fprintf(out, "# TYPE %.*s %s\n", n, name, info && !open ? "gauge" : type);
	if (open && unit[0] != '\0')
		fprintf(out, "# UNIT %.*s %s\n", n, name, unit);
	fprintf(out, "# HELP %.*s %s\n", n, name, text_of(metric, "help"));
}

static void print_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '"')
			fputc('\\', out);
		if (*text == '\n')
			fputs("\\n", out);
		else
			fputc(*text, out);
	}
}

static void print_sample(FILE *out, const char *name, const json_t *sample)
{
	const json_t *value = json_object_get(sample, "value");
	bool first = true;
	const char *key;
	json_t *label;

	fprintf(out, "%s%s", name, text_of(sample, "suffix"));
	json_object_foreach((json_t *)(uintptr_t)sample, key, label)
	{
		if (strcmp(key, "value") == 0 || strcmp(key, "suffix") == 0)
			continue;
		fprintf(out, "%s%s=\"", first ? "{" : ",", key);
		print_escaped(out, json_string_value(label));
		fputc('"', out);
		first = false;
	}
	if (!first)
		fputc('}', out);
	if (json_is_integer(value))
		fprintf(out, " %lld\n", (long long)json_integer_value(value));
	else
		fprintf(out, " %.15g\n", json_real_value(value));
}

/* What is known of a node that does not answer. */
static json_t *down(void)
{
	json_t *set = json_pack("[{s:s,s:s,s:s,s:[{s:i}]}]", "name", VIZ_METRIC_UP_NAME, "type",
				"gauge", "help", VIZ_METRIC_UP_HELP, "samples", "value", 0);

	VIZ_REQUIRE(set != NULL);
	return set;
}

void viz_openmetrics_print(FILE *out, const json_t *metrics, bool open_metrics)
{
	json_t *set = metrics != NULL ? json_incref((json_t *)(uintptr_t)metrics) : down();
	const json_t *metric, *sample;
	size_t i, k;

	json_array_foreach(set, i, metric)
	{
		print_head(out, metric, open_metrics);
		json_array_foreach(json_object_get(metric, "samples"), k, sample)
		    print_sample(out, text_of(metric, "name"), sample);
	}
	if (open_metrics)
		fputs("# EOF\n", out);
	json_decref(set);
}
