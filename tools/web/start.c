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

/* For a balancer or a monitor: the process is there. It says nothing of the node. */
static void answer_alive(struct viz_page *p)
{
	viz_page_file(p, "text/plain; charset=utf-8", NULL, "ok\n", 3);
}

const struct viz_route viz_start_routes[] = {
    {VIZ_WEB_GET, "/", VIZ_WEB_PUBLIC, 0, 0, NULL, answer_public},
    {VIZ_WEB_GET, "/", VIZ_WEB_PRIVATE, VIZ_WEB_READER | VIZ_WEB_AGENT | VIZ_WEB_ADMIN, 0, NULL,
     answer_private},
    {VIZ_WEB_GET, "/alive", VIZ_WEB_PUBLIC | VIZ_WEB_PRIVATE, 0, 0, NULL, answer_alive},
    {0},
};
