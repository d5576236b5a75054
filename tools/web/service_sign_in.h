/* Signing in and out, the authenticator, the own password: steps of the service. */
#ifndef VIZ_TOOLS_WEB_SERVICE_SIGN_IN_H
#define VIZ_TOOLS_WEB_SERVICE_SIGN_IN_H

#include "tools/web/service_task.h"

/* {name, password} -> {token, stage, device}; bad-sign-in, busy. */
json_t *viz_web_service_sign_in_start(struct viz_web_task *t);
/* {} -> {} */
json_t *viz_web_service_sign_in_out(struct viz_web_task *t);
/* {code} -> as start; bad-code, not-now. */
json_t *viz_web_service_sign_in_code(struct viz_web_task *t);
/* {} -> {secret, user}; not-now. */
json_t *viz_web_service_sign_in_enrol(struct viz_web_task *t);
/* {code} -> as start; bad-code, not-now. */
json_t *viz_web_service_sign_in_enrol_code(struct viz_web_task *t);
/* {old, new} -> as start; bad-password, password-short, password-long, password-guessed, not-now.
 */
json_t *viz_web_service_sign_in_password(struct viz_web_task *t);

#endif
