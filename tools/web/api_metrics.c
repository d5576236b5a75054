/* /metrics: the figures of the node, for a monitoring system that fetches them. */
#include "tools/health/openmetrics.h"
#include "tools/web/api.h"
#include "tools/web/api_problem.h"

void viz_api_metrics_ask(struct viz_page *p)
{
	if (viz_api_row_may(p, NULL))
		viz_page_ask(p, "metrics", NULL);
}

void viz_api_metrics_answer(struct viz_page *p)
{
	bool open = strstr(viz_page_header(p, "accept"), "application/openmetrics-text") != NULL;
	const json_t *set = json_object_get(viz_page_result(p, 0), "metrics");
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	/* A node that does not answer is a figure, too: vizinho_up is 0. */
	if (viz_page_online(p) && viz_api_problem_refused(p, 0))
		return;
	out = open_memstream(&text, &len);
	VIZ_REQUIRE(out != NULL);
	viz_openmetrics_print(out, set, open);
	VIZ_REQUIRE(fclose(out) == 0);
	viz_page_file(p,
		      open ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
			   : "text/plain; version=0.0.4; charset=utf-8",
		      NULL, text, len);
	free(text);
}
