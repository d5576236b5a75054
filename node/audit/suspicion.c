#include "node/audit/suspicion.h"

bool viz_suspicion_ends(unsigned rule)
{
	switch (rule) {
	case VIZ_SUSPICION_WITHHELD:
	case VIZ_SUSPICION_HEAD_UNOPENED:
	case VIZ_SUSPICION_NAMED_UNSERVED:
	case VIZ_SUSPICION_VIEW_UNSERVED:
	case VIZ_SUSPICION_UNENDED:
	case VIZ_SUSPICION_PLEDGE_KEY:
	case VIZ_SUSPICION_NO_LINK:
	case VIZ_SUSPICION_UNACKNOWLEDGED:
	case VIZ_SUSPICION_UNLEASED:
	case VIZ_SUSPICION_UNERASED:
		return true;
	default:
		return false;
	}
}
