/* The limits of vizinho-web: what strangers can make it hold or do. */
#ifndef VIZ_TOOLS_WEB_LIMITS_H
#define VIZ_TOOLS_WEB_LIMITS_H

/* Requests. */
#define VIZ_WEB_HEAD_MAX    16384  /* bytes that a connection has for a request's head */
#define VIZ_WEB_BODY_MAX    65536  /* bytes of a body; VIZ_ROUTE_LARGE routes take */
#define VIZ_WEB_LARGE_MAX   524288 /* so many */
#define VIZ_WEB_FIELDS_MAX  128    /* of a form or a query */
#define VIZ_WEB_NAME_MAX    64     /* bytes of a field's name */
#define VIZ_WEB_PARAMS_MAX  4      /* parts of a path that a route names */
#define VIZ_WEB_PARAM_MAX   128    /* bytes of one */
#define VIZ_WEB_COOKIES_MAX 4      /* that an answer sets */
#define VIZ_WEB_PROXIES_MAX 8
#define VIZ_WEB_JSON_DEPTH  16 /* objects and lists in each other, in a body */

/* Connections of one listener. */
#define VIZ_WEB_CONNECTIONS_MAX 1024
#define VIZ_WEB_ADDRESS_MAX     64  /* of them from one IPv4 address or IPv6 /64; of a proxy any */
#define VIZ_WEB_OFFICE_MAX      256 /* likewise of the private one: an office has one address */

/* Deadlines. They are absolute: a byte now and then moves none. */
#define VIZ_WEB_HEAD_MS   10000  /* from a connection or an answer to the end of the next head */
#define VIZ_WEB_BODY_MS   20000  /* from the head to the end of the body */
#define VIZ_WEB_ANSWER_MS 30000  /* the client takes the whole answer */
#define VIZ_WEB_STREAM_MS 600000 /* a stream of events ends, and the client comes again */
#define VIZ_WEB_SWEEP_MS  250    /* between two looks at the deadlines */

#define VIZ_WEB_STREAM_MAX 262144 /* bytes of events that wait for the client; then it ends */

/* Requests to the node. */
#define VIZ_WEB_ASKS_MAX   8  /* of one page in one round */
#define VIZ_WEB_ROUNDS_MAX 4  /* of one page */
#define VIZ_WEB_PIPES_MAX  8  /* connections to the control socket */
#define VIZ_WEB_WAITS_MAX  24 /* more, for requests that wait for something new */
#define VIZ_WEB_QUEUE_MAX  512
#define VIZ_WEB_ASK_MS     10000   /* from the page's request to the node's reply */
#define VIZ_WEB_REPLY_MAX  8388608 /* bytes of a reply */

/* Templates. */
#define VIZ_WEB_DEPTH_MAX 16      /* sections and partials in each other */
#define VIZ_WEB_PAGE_MAX  1048576 /* bytes of a page */

#endif
