/* The figures of a node as text for a monitoring system: OpenMetrics, or the older format of
 * Prometheus, which promtool and node_exporter's text collector read.
 * https://github.com/OpenObservability/OpenMetrics (specification 1.0.0), and
 * https://prometheus.io/docs/instrumenting/exposition_formats/ */
#ifndef VIZ_TOOLS_HEALTH_OPENMETRICS_H
#define VIZ_TOOLS_HEALTH_OPENMETRICS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* `metrics` is the list of the request of that name; NULL: the node does not answer. */
void viz_openmetrics_print(FILE *out, const json_t *metrics, bool open_metrics);

#endif
