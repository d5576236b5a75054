#include "tools/erp/oauth.h"

#include "crypto/secret.h"

/* A token is not used in its last minute: the request might come too late. */
#define MARGIN_S 60

static enum viz_erp_result sign_in(struct viz_erp *e, const struct viz_erp_request *request)
{
	struct viz_erp_grant *g = viz_erp_grant(e);
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result = viz_erp_ask(e, &answer, request);
	int64_t seconds = 0;

	viz_secret_wipe(g->text, sizeof g->text);
	if (result == VIZ_ERP_REFUSED)
		result =
		    viz_erp_say(e, VIZ_ERP_DENIED, "%s: HTTP %d", request->what, answer.status);
	if (result == VIZ_ERP_OK &&
	    (!viz_erp_text(g->text, sizeof g->text, answer.json, "access_token") ||
	     g->text[0] == '\0' || !viz_erp_number(&seconds, answer.json, "expires_in") ||
	     seconds <= 0)) {
		viz_secret_wipe(g->text, sizeof g->text);
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "%s: no access_token with expires_in",
				     request->what);
	}
	if (result == VIZ_ERP_OK)
		g->until_s =
		    viz_erp_now_s(e) + (seconds > 2 * MARGIN_S ? seconds - MARGIN_S : seconds / 2);
	viz_erp_answer_free(&answer);
	return result;
}

static enum viz_erp_result ask(struct viz_erp *e, struct viz_erp_answer *answer,
			       const struct viz_erp_request *request)
{
	char value[VIZ_ERP_GRANT_MAX + 8];
	struct viz_erp_field headers[] = {{"Authorization", value, VIZ_ERP_SECRET}, {0}};
	struct viz_erp_request own = *request;
	enum viz_erp_result result;

	snprintf(value, sizeof value, "Bearer %s", viz_erp_grant(e)->text);
	own.headers = headers;
	result = viz_erp_ask(e, answer, &own);
	viz_secret_wipe(value, sizeof value);
	return result;
}

enum viz_erp_result viz_erp_oauth_ask(struct viz_erp *e, struct viz_erp_answer *answer,
				      const struct viz_erp_request *request,
				      const struct viz_erp_request *signing)
{
	const struct viz_erp_grant *g = viz_erp_grant(e);
	enum viz_erp_result result;
	bool fresh = g->text[0] == '\0' || g->until_s <= viz_erp_now_s(e);

	VIZ_REQUIRE(request->headers == NULL);
	if (fresh) {
		result = sign_in(e, signing);
		if (result != VIZ_ERP_OK)
			return result;
	}
	result = ask(e, answer, request);
	if (answer->status != 401 || fresh)
		return result;
	viz_erp_answer_free(answer);
	result = sign_in(e, signing);
	return result == VIZ_ERP_OK ? ask(e, answer, request) : result;
}

bool viz_erp_oauth_parts(char first[VIZ_ERP_PART_MAX], char second[VIZ_ERP_PART_MAX],
			 const struct viz_erp *e)
{
	const char *token = viz_erp_token(e), *colon = strchr(token, ':');

	first[0] = second[0] = '\0';
	if (colon == NULL || colon == token || colon - token >= VIZ_ERP_PART_MAX ||
	    colon[1] == '\0' || strlen(colon + 1) >= VIZ_ERP_PART_MAX)
		return false;
	memcpy(first, token, (size_t)(colon - token));
	first[colon - token] = '\0';
	memcpy(second, colon + 1, strlen(colon + 1) + 1);
	return true;
}
