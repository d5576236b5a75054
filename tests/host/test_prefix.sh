#!/bin/sh
# Limits for each prefix, in a network namespace with addresses that are not loopback.
set -u
apart='unshare -rn'
[ "$(id -u)" != 0 ] || apart='unshare -n' # in a chroot there are no user namespaces
if ! $apart true 2>/dev/null || ! command -v ip >/dev/null; then
	echo '1..0 # SKIP no network namespaces here'
	exit 0
fi
exec $apart sh -c '
	ip link set lo up
	for a in 192.0.2.1 192.0.2.2 192.0.2.3 198.51.100.1; do ip addr add $a/32 dev lo; done
	for a in 2001:db8::1 2001:db8:1:1::1 2001:db8:1:2::1; do ip addr add $a/128 dev lo nodad; done
	exec python3 "$0"' "$(dirname "$0")/test_prefix.py"
