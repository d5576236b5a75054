#include "tools/analyze/reason.h"

const char *viz_reason_name(enum viz_reason reason)
{
	static const char *const names[VIZ_REASONS] = {
	    "move", "price", "quality", "nonpayment", "competition", "closure", "other", "none"};

	return names[reason];
}
