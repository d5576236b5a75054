#include "tools/erp/connector.h"

const struct viz_erp_connector viz_erp_sgp = {.name = "sgp", .title = "SGP"};
