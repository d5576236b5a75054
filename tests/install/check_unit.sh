#!/bin/sh
# check_unit.sh UNIT: `systemd-analyze verify` has no complaint, the exposure is at most 1.2 and each point of it is
# explained in the unit, and the limits of starts and the reload of vizinhod are as they must be.
set -eu
if ! command -v systemd-analyze >/dev/null; then
	echo '1..0 # SKIP no systemd-analyze'
	exit 0
fi
unit=$1
name=${1##*/}
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
# The unit is checked without its program, which need not be installed.
sed 's|^\(Exec[A-Za-z]*\)=[^ ]*|\1=/bin/true|' "$unit" >"$dir/$name"
n=0
# ok STATUS WHAT: the status of what was tried; its output is in $out.
ok() {
	n=$((n + 1))
	[ "$1" != 0 ] || echo "ok $n - $2"
	[ "$1" = 0 ] || { echo "$out" | sed 's/^/# /' && echo "not ok $n - $2"; }
}
value() { sed -n "s/^$1=//p" "$unit"; }
has() { out=$(value "${1%%=*}") && grep -q "$1" "$unit"; }

# Complaints about other units of the machine do not count.
status=0
out=$(systemd-analyze verify --man=no "$dir/$name" 2>&1) && [ -z "$(echo "$out" | grep "$name")" ] || status=1
ok $status verify
status=0
out=$(systemd-analyze security --offline=true --no-pager --threshold=12 "$dir/$name" 2>&1) || status=1
echo "$out" | tail -1 | sed 's/^/# /'
ok $status 'exposure of at most 1.2'
points=$(echo "$out" | sed -n 's/^✗ \([A-Za-z]*\)=.*/\1/p' | sort -u)
out=$(for point in $points; do grep -q "^# - .*$point" "$unit" || echo "$point is not explained"; done)
ok "$([ -n "$points" ] && [ -z "$out" ] && echo 0 || echo 1)" 'each point of it is explained'
if has '^Type=oneshot$'; then # a timer starts it again
	echo "1..$n"
	exit 0
fi
status=0
has '^RestartPreventExitStatus=2$' || status=1
ok $status 'no new start after a wrong configuration'
# StartLimitBurst starts, RestartSec apart, fit into the interval, or the limit would never be met.
status=0
[ $(($(value StartLimitBurst) * ($(value RestartSec) + 10))) -le "$(value StartLimitIntervalSec)" ] || status=1
ok $status 'a start that fails again and again ends'
if [ "$name" != vizinhod.service ]; then
	echo "1..$n"
	exit 0
fi
status=0
has '^ExecReload=.*vizinhod .*--check$' && has "^ExecReload=/bin/sh -c 'kill -HUP \$MAINPID'$" || status=1
ok $status 'reload checks the configuration, and reads it again'
echo "1..$n"
