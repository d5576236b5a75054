/* QR codes on a terminal and as a picture (ISO/IEC 18004, by libqrencode). */
#ifndef VIZ_TOOLS_VIZINHO_QR_H
#define VIZ_TOOLS_VIZINHO_QR_H

#include "proto/base.h"

/* Prints the text as a QR code, two rows of it in a line of text, light on dark. Without `colours`
 * that is so only where the text itself is light on dark. Returns the columns that it takes; 0: the
 * text is too long for one. */
size_t viz_qr_print(FILE *out, const char *text, bool colours);

/* Writes it as SVG, dark on light, a millimetre for each module. False: the text is too long. */
bool viz_qr_svg(FILE *out, const char *text);

#endif
