#include "tools/vizinho/qr.h"

#include <qrencode.h>

#define MARGIN 4 /* modules of light around it, as the standard asks */

static QRcode *encode(const char *text)
{
	return QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
}

/* Whether the module is light; outside the code all are. */
static bool is_light(const QRcode *qr, int x, int y)
{
	if (x < 0 || y < 0 || x >= qr->width || y >= qr->width)
		return true;
	return (qr->data[y * qr->width + x] & 1) == 0;
}

size_t viz_qr_print(FILE *out, const char *text, bool colours)
{
	QRcode *qr = encode(text);
	size_t columns;

	if (qr == NULL)
		return 0;
	columns = (size_t)qr->width + 2 * MARGIN;
	for (int y = -MARGIN; y < qr->width + MARGIN; y += 2) {
		fputs(colours ? "\033[40;97m" : "", out);
		for (int x = -MARGIN; x < qr->width + MARGIN; x++) {
			bool above = is_light(qr, x, y);
			bool below = y + 1 < qr->width + MARGIN && is_light(qr, x, y + 1);

			fputs(above ? (below ? "█" : "▀") : (below ? "▄" : " "), out);
		}
		fputs(colours ? "\033[0m\n" : "\n", out);
	}
	QRcode_free(qr);
	return columns;
}

bool viz_qr_svg(FILE *out, const char *text)
{
	QRcode *qr = encode(text);
	int side;

	if (qr == NULL)
		return false;
	side = qr->width + 2 * MARGIN;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%dmm\" height=\"%dmm\" "
		"viewBox=\"%d %d %d %d\" shape-rendering=\"crispEdges\">\n"
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n<path d=\"",
		side, side, -MARGIN, -MARGIN, side, side, -MARGIN, -MARGIN, side, side);
	for (int y = 0; y < qr->width; y++)
		for (int x = 0; x < qr->width; x++)
			if (!is_light(qr, x, y))
				fprintf(out, "M%d %dh1v1h-1z\n", x, y);
	fputs("\"/>\n</svg>\n", out);
	QRcode_free(qr);
	return true;
}
