/* vizinho-erp: the connector of a node to the ERP of its provider. */
#include "tools/erp/session.h"

int main(void)
{
	struct viz_erp e = {.carry = viz_erp_http_carry};

	viz_erp_session_end(&e);
	return EXIT_SUCCESS;
}
