/* Every encoding of the protocol by its name: decoded by the program's readers, and encoded again
 * by its writers. For vectors, round trips and fuzz targets. */
#ifndef VIZ_TESTS_CODEC_H
#define VIZ_TESTS_CODEC_H

#include "proto/base.h"

/* Decodes `in` with the codec called `name` ("NODE" ... "ERASED" for the bodies of records,
 * "hello", "message", "location", ...) and encodes the result to `out`. What the decoder says;
 * VIZ_ERR_ABSENT for a name that is not known; VIZ_ERR_STATE when what was decoded could not be
 * encoded. */
int viz_codec_again(uint8_t *out, size_t *out_len, size_t max, const char *name, const uint8_t *in,
		    size_t len);

#endif
