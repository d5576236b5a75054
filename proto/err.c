#include "proto/base.h"

const char *viz_err_name(int err)
{
	switch ((enum viz_err)err) {
	case VIZ_OK:
		return "ok";
	case VIZ_ERR_FORM:
		return "form";
	case VIZ_ERR_LIMIT:
		return "limit";
	case VIZ_ERR_AUTH:
		return "auth";
	case VIZ_ERR_MEANING:
		return "meaning";
	case VIZ_ERR_ABSENT:
		return "absent";
	case VIZ_ERR_EXISTS:
		return "exists";
	case VIZ_ERR_STATE:
		return "state";
	case VIZ_ERR_STORE:
		return "store";
	case VIZ_ERR_NOMEM:
		return "memory";
	case VIZ_ERR_INPUT:
		return "input";
	}
	return "unknown";
}
