#include "tools/erp/connector.h"

const struct viz_erp_connector viz_erp_ixc = {.name = "ixc", .title = "IXC Provedor"};
