#!/bin/sh
# check_unit.sh UNIT: `systemd-analyze verify` has no complaint, the exposure is at most 1.3, and a wrong
# configuration (status 2) does not start it again and again.
set -eu
if ! command -v systemd-analyze >/dev/null; then
	echo '1..0 # SKIP no systemd-analyze'
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
# The unit is checked without its program, which need not be installed.
sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$1" >"$dir/vizinhod.service"
echo 1..5
# Complaints about other units of the machine do not count.
if out=$(systemd-analyze verify --man=no "$dir/vizinhod.service" 2>&1) && [ -z "$(echo "$out" | grep vizinhod)" ]; then
	echo 'ok 1 - verify'
else
	echo "$out" | sed 's/^/# /'
	echo 'not ok 1 - verify'
fi
if out=$(systemd-analyze security --offline=true --threshold=13 "$dir/vizinhod.service" 2>&1); then
	echo "$out" | tail -1 | sed 's/^/# /'
	echo 'ok 2 - exposure of at most 1.3'
else
	echo "$out" | tail -1 | sed 's/^/# /'
	echo 'not ok 2 - exposure of at most 1.3'
fi
if grep -qx 'RestartPreventExitStatus=2' "$1"; then
	echo 'ok 3 - no new start after a wrong configuration'
else
	echo 'not ok 3 - no new start after a wrong configuration'
fi
# StartLimitBurst starts, RestartSec apart, fit into the interval, or the limit would never be met.
value() { sed -n "s/^$1=//p" "$unit"; }
unit=$1
if [ $(($(value StartLimitBurst) * ($(value RestartSec) + 10))) -le "$(value StartLimitIntervalSec)" ]; then
	echo 'ok 4 - a start that fails again and again ends'
else
	echo 'not ok 4 - a start that fails again and again ends'
fi
if grep -q '^ExecReload=.*-HUP \$MAINPID$' "$1"; then
	echo 'ok 5 - reload reads the configuration again'
else
	echo 'not ok 5 - reload reads the configuration again'
fi
