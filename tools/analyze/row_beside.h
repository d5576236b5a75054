/* Rows of a report that are no rows of its table: totals, the foot of a page, the header once more.
 */
#ifndef VIZ_ANALYZE_ROW_BESIDE_H
#define VIZ_ANALYZE_ROW_BESIDE_H

#include "tools/analyze/analyze.h"

bool viz_row_beside(const struct viz_row_view *v);

#endif
