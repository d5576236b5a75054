/* The inside of a session: for the base alone. Connectors use connector.h. */
#ifndef VIZ_TOOLS_ERP_SESSION_H
#define VIZ_TOOLS_ERP_SESSION_H

#include <signal.h>

#include "tools/erp/config.h"
#include "tools/erp/connector.h"

#define VIZ_ERP_TOKEN_MAX  1024    /* bytes of a token, with the final NUL */
#define VIZ_ERP_ANSWER_MAX 8388608 /* bytes of an answer */
#define VIZ_ERP_URL_MAX    4096    /* with path and query, and the final NUL */

/* Carries one request, and fills status and body as far as they come. VIZ_ERP_OK: the answer is
 * whole, whatever it says. Else `why` is set. */
typedef enum viz_erp_result (*viz_erp_carry)(struct viz_erp *e, struct viz_erp_answer *answer,
					     const struct viz_erp_request *request);

struct viz_erp {
	const struct viz_erp_config *config;
	viz_erp_carry carry; /* viz_erp_http_carry; a fuzzer has its own */
	void *carrier;       /* for `carry` */
	char token[VIZ_ERP_TOKEN_MAX];
	struct viz_erp_grant grant;
	struct viz_erp_reasons reasons; /* of the ERP; NULL: not asked for yet */
	char why[VIZ_ERP_WHY_MAX];
	bool dry;        /* prints requests on standard output, and sends none that changes */
	int64_t hurry;   /* all waits are divided by this */
	int64_t now_s;   /* viz_erp_session_tick sets it */
	int64_t turn_ms; /* of the monotonic clock: no request before */
	bool unreached;  /* of the last request nothing was sent */
	bool maybe_done; /* a request that changes something may have come through */
	int later_s;     /* Retry-After of the last answer; 0: none */
	int64_t hold_s;  /* the ERP has asked for a pause until then (Retry-After); of now_s */
	const volatile sig_atomic_t *ended; /* not NULL: waiting ends when it is set */
};

/* Wipes what is secret. */
void viz_erp_session_end(struct viz_erp *e);
/* Looks at the clock. Before each call of a connector. */
void viz_erp_session_tick(struct viz_erp *e);
/* Sleeps until the monotonic clock says `until_ms`. False: the process is to end. */
bool viz_erp_session_wait(const struct viz_erp *e, int64_t until_ms);
int64_t viz_erp_session_monotonic_ms(void);

/* --- ask.c, http.c --- */

/* Base, path and query as one URL. False: too long. */
bool viz_erp_url(char out[VIZ_ERP_URL_MAX], const struct viz_erp *e,
		 const struct viz_erp_request *request);
/* The body, for the caller to wipe and free, and its type. NULL: there is none. */
char *viz_erp_body(const char **type, const struct viz_erp_request *request);
/* With libcurl. */
enum viz_erp_result viz_erp_http_carry(struct viz_erp *e, struct viz_erp_answer *answer,
				       const struct viz_erp_request *request);

/* The request as it is printed in a dry run: what is not open is "***". */
void viz_erp_mask_print(FILE *out, const struct viz_erp *e, const struct viz_erp_request *request,
			bool sent);

#endif
