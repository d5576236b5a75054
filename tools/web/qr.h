/* QR codes within a page (ISO/IEC 18004, by libqrencode). */
#ifndef VIZ_TOOLS_WEB_QR_H
#define VIZ_TOOLS_WEB_QR_H

#include <jansson.h>

/* The text as SVG, dark on light, for {{{..._svg}}}: a new reference. NULL: it is too long. */
json_t *viz_qr_json(const char *text);

#endif
