#include "tools/vizinho/qr.h"

#include <qrencode.h>

#define MARGIN 4 /* modules of light around it, as the standard asks */

/* Whether the module is light; outside the code all are. */
static bool is_light(const QRcode *qr, int x, int y)
{
	if (x < 0 || y < 0 || x >= qr->width || y >= qr->width)
		return true;
	return (qr->data[y * qr->width + x] & 1) == 0;
}

size_t viz_qr_print(FILE *out, const char *text)
{
	QRcode *qr = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
	size_t columns;

	if (qr == NULL)
		return 0;
	columns = (size_t)qr->width + 2 * MARGIN;
	for (int y = -MARGIN; y < qr->width + MARGIN; y += 2) {
		for (int x = -MARGIN; x < qr->width + MARGIN; x++) {
			bool above = is_light(qr, x, y);
			bool below = y + 1 < qr->width + MARGIN && is_light(qr, x, y + 1);

			fputs(above ? (below ? "█" : "▀") : (below ? "▄" : " "), out);
		}
		fputc('\n', out);
	}
	QRcode_free(qr);
	return columns;
}
