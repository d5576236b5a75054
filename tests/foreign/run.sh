#!/bin/sh
# run.sh TEST PROGRAM-THAT-PRINTS-THE-FEDERATION-ID: runs a test of a foreign peer. Without Node.js of version 18
# or newer it skips the test.
set -eu
if ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 18 ]; then
	echo '1..0 # SKIP no Node.js of version 18 or later'
	exit 0
fi
VIZ_FEDERATION_ID=$("$2")
export VIZ_FEDERATION_ID
exec node "$1"
