#include "tools/web/qr.h"

#include <qrencode.h>

#include "proto/base.h"

#define MARGIN 4 /* modules of light around it, as the standard asks */

/* One path with a stroke of a module: some six bytes for each run of dark modules in a row. */
static void draw(FILE *out, const QRcode *qr)
{
	for (int y = 0; y < qr->width; y++) {
		int at = 0;
		bool first = true;

		for (int x = 0; x < qr->width;) {
			int from = x;

			while (x < qr->width && (qr->data[y * qr->width + x] & 1) != 0)
				x++;
			if (x == from) {
				x++;
				continue;
			}
			if (first)
				fprintf(out, "M%d %d.5h%d", from, y, x - from);
			else
				fprintf(out, "m%d 0h%d", from - at, x - from);
			first = false;
			at = x;
		}
	}
}

json_t *viz_qr_json(const char *text)
{
	QRcode *qr = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
	char *svg = NULL;
	size_t len;
	FILE *out = qr != NULL ? open_memstream(&svg, &len) : NULL;
	json_t *made;
	int side;

	if (out == NULL) {
		QRcode_free(qr);
		return NULL;
	}
	side = qr->width + 2 * MARGIN;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%d %d %d %d\" "
		"shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR\"><path "
		"fill=\"#fff\" d=\"M%d %dh%dv%dh-%dz\"/><path stroke=\"#000\" d=\"",
		-MARGIN, -MARGIN, side, side, -MARGIN, -MARGIN, side, side, side);
	draw(out, qr);
	fputs("\"/></svg>", out);
	QRcode_free(qr);
	if (fclose(out) != 0) {
		free(svg);
		return NULL;
	}
	made = json_string(svg);
	free(svg);
	return made;
}
