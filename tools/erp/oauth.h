/* Requests that need an access token of OAuth 2. The token is in the grant of the session: in
 * memory alone. */
#ifndef VIZ_TOOLS_ERP_OAUTH_H
#define VIZ_TOOLS_ERP_OAUTH_H

#include "tools/erp/connector.h"

/* As viz_erp_ask, with the header Authorization: Bearer. `sign_in` asks for a token, when there is
 * none or it is over; its answer has `access_token` and `expires_in`. When the ERP does not take a
 * token any more (401), one new one is asked for. `request` has no headers of its own. */
enum viz_erp_result viz_erp_oauth_ask(struct viz_erp *e, struct viz_erp_answer *answer,
				      const struct viz_erp_request *request,
				      const struct viz_erp_request *sign_in);

/* The token of the session is SECRET:OTHER; the two parts. Wipe both. False: there is no ':', or a
 * part is empty or too long. */
#define VIZ_ERP_PART_MAX 512
bool viz_erp_oauth_parts(char first[VIZ_ERP_PART_MAX], char second[VIZ_ERP_PART_MAX],
			 const struct viz_erp *e);

#endif
