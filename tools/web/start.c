#include "tools/web/start.h"

/* Who comes here without a link has mistyped it, or looks for the provider. */
static void answer_public(struct viz_page *p)
{
	viz_page_render(p, 200, "start");
}

/* Where each begins the day. */
static void answer_private(struct viz_page *p)
{
	viz_page_go(p, viz_page_who(p).role == VIZ_WEB_READER ? "/board" : "/desk");
}

/* For scripts: waits until something has happened at the node. */
static void ask_changed(struct viz_page *p)
{
	viz_page_ask(p, "web.changed",
		     json_pack("{s:I}", "since", (json_int_t)atoll(viz_page_query(p, "since"))));
}

static void answer_changed(struct viz_page *p)
{
	viz_page_json(p, 200, json_deep_copy(viz_page_result(p, 0)));
}

/* The same as a stream: an event "changed" each time. */
static void answer_changes(struct viz_page *p)
{
	const json_t *got = viz_page_result(p, 0);

	if (viz_page_refused(p))
		return;
	viz_page_event(p, "changed", NULL, json_deep_copy(got));
	viz_page_ask(p, "web.changed", json_pack("{s:O}", "since", json_object_get(got, "seq")));
}

/* For a balancer or a monitor: the process is there. It says nothing of the node. */
static void answer_alive(struct viz_page *p)
{
	viz_page_file(p, "text/plain; charset=utf-8", NULL, "ok\n", 3);
}

const struct viz_route viz_start_routes[] = {
    {VIZ_WEB_GET, "/", VIZ_WEB_PUBLIC, 0, 0, NULL, answer_public},
    {VIZ_WEB_GET, "/", VIZ_WEB_PRIVATE, VIZ_WEB_READER | VIZ_WEB_AGENT | VIZ_WEB_ADMIN, 0, NULL,
     answer_private},
    {VIZ_WEB_GET, "/changed", VIZ_WEB_PRIVATE, VIZ_WEB_READER | VIZ_WEB_AGENT | VIZ_WEB_ADMIN,
     VIZ_ROUTE_API, ask_changed, answer_changed},
    {VIZ_WEB_GET, "/changes", VIZ_WEB_PRIVATE, VIZ_WEB_READER | VIZ_WEB_AGENT | VIZ_WEB_ADMIN,
     VIZ_ROUTE_STREAM | VIZ_ROUTE_API, ask_changed, answer_changes},
    {VIZ_WEB_GET, "/alive", VIZ_WEB_PUBLIC | VIZ_WEB_PRIVATE, 0, 0, NULL, answer_alive},
    {0},
};
