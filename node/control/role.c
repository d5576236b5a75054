/* Who asks. A face (vizinho-web, vizinho-erp) is a UNIX user of its own, asks for other people, and
 * says in each request for whom: what it may have is decided here, so that whoever breaks a face
 * has what its roles have. Each operation names the roles that may ask for it. */
#include "node/control/control.h"
#include "node/control/request.h"
#include "proto/base.h"

#include <jansson.h>

#define FACE_WEB                                                                                   \
	(VIZ_ROLE_CUSTOMER | VIZ_ROLE_AGENT | VIZ_ROLE_READER | VIZ_ROLE_ADMIN | VIZ_ROLE_PUBLIC)
#define FACE_ERP VIZ_ROLE_CONNECTOR
#define ALL      (FACE_WEB | FACE_ERP)

#define WHO_MAX 48 /* with the name of the face before it, the access log has room for it */

const struct viz_field viz_control_role_fields[] = {
    {"role", VIZ_FIELD_CHOICE, .needed = true,
     .choices = "customer|agent|reader|admin|connector|public"},
    {"who", VIZ_FIELD_TEXT, .min = 1, .max = WHO_MAX},
    {0},
};

const char *viz_control_role_name(enum viz_control_role role)
{
	switch (role) {
	case VIZ_ROLE_CUSTOMER:
		return "customer";
	case VIZ_ROLE_AGENT:
		return "agent";
	case VIZ_ROLE_READER:
		return "reader";
	case VIZ_ROLE_ADMIN:
		return "admin";
	case VIZ_ROLE_CONNECTOR:
		return "connector";
	case VIZ_ROLE_PUBLIC:
		return "public";
	case VIZ_ROLES_NONE:
	case VIZ_ROLES_WORK:
	case VIZ_ROLES_READ:
		break;
	}
	return "operator";
}

static enum viz_control_role role_of(const char *name)
{
	for (unsigned role = VIZ_ROLE_CUSTOMER; role <= VIZ_ROLE_PUBLIC; role <<= 1)
		if (strcmp(viz_control_role_name((enum viz_control_role)role), name) == 0)
			return (enum viz_control_role)role;
	return VIZ_ROLES_NONE;
}

/* The face whose UNIX user asks, and the roles that it may name; NULL: none does. */
static const char *face_of(const struct viz_request *req, unsigned *roles)
{
	bool web = strcmp(req->readers->web, req->user) == 0;
	bool erp = strcmp(req->readers->erp, req->user) == 0;

	*roles = (web ? FACE_WEB : 0) | (erp ? FACE_ERP : 0);
	return web ? "web" : erp ? "erp" : NULL;
}

/* "web:maria". Of a long name of a user as much as leaves room, and no half of a character. */
static void name_asker(struct viz_request *req, const char *user, const char *who)
{
	size_t len = strlen(user), most = sizeof req->who_text - WHO_MAX - 2;

	for (len = len < most ? len : most; len > 0 && ((unsigned char)user[len] & 0xc0) == 0x80;)
		len--;
	snprintf(req->who_text, sizeof req->who_text, "%.*s:%s", (int)len, user, who);
	req->who = req->who_text;
}

int viz_control_role_read(struct viz_request *req, const json_t *as)
{
	enum viz_control_role role = role_of(viz_field_text(as, "role"));
	const char *who = viz_field_text(as, "who");
	unsigned roles = ALL;
	const char *face = face_of(req, &roles);

	req->face = face != NULL;
	if (!as && !face)
		return VIZ_OK; /* the operator */
	if (!as)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_ALLOWED,
					"user \"%s\" is that of a face ([access] in vizinho.conf): "
					"each request says in `as` for whom it is",
					req->user);
	if (!face)
		roles = ALL; /* an operator may always ask for less */
	if ((roles & (unsigned)role) == 0)
		return viz_request_wrong(req, VIZ_CODE_NOT_ALLOWED, "as.role",
					 "user \"%s\" may not ask for a role \"%s\"", req->user,
					 viz_control_role_name(role));
	if (who[0] == '\0' && role != VIZ_ROLE_CUSTOMER && role != VIZ_ROLE_PUBLIC)
		return viz_request_wrong(req, VIZ_CODE_MISSING, "as.who",
					 "as.who is missing: who of ours asks");
	req->role = role;
	name_asker(req, face ? face : req->user,
		   who[0] != '\0' ? who : viz_control_role_name(role));
	return VIZ_OK;
}

int viz_control_role_check(struct viz_request *req, unsigned roles)
{
	if (req->role == VIZ_ROLES_NONE || (roles & (unsigned)req->role) != 0)
		return VIZ_OK;
	return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_ALLOWED,
				"the role \"%s\" may not ask for this",
				viz_control_role_name(req->role));
}
