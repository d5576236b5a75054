#include "tools/web/asset.h"

const struct viz_web_asset *viz_web_asset_find(const char *path)
{
	for (const struct viz_web_asset *a = viz_web_assets; a->path != NULL; a++)
		if (strcmp(a->path, path) == 0)
			return a;
	return NULL;
}
