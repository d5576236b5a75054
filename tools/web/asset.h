/* Files that pages use: style, script, pictures. They are part of the program; the address has a
 * hash of the content, so a browser may keep them for ever. */
#ifndef VIZ_TOOLS_WEB_ASSET_H
#define VIZ_TOOLS_WEB_ASSET_H

#include "proto/base.h"

struct viz_web_asset {
	const char *path; /* "/a/style.0123456789abcdef.css" */
	const char *type;
	const uint8_t *bytes;
	size_t len;
};
extern const struct viz_web_asset viz_web_assets[]; /* ends with a NULL path */

/* NULL: there is none. */
const struct viz_web_asset *viz_web_asset_find(const char *path);

#endif
