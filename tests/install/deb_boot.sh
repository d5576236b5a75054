#!/bin/sh
# Under a booted systemd, without a network: the service through its life. /srv has the packages of deb_chroot.sh.
# Prints TAP without a plan.
set -u
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
conf=/etc/vizinho/vizinho.conf
state=/var/lib/vizinho
check() { # WHAT COMMAND...
	what=$1
	shift
	if "$@" >/tmp/out 2>&1; then echo "ok - $what"; else
		sed 's/^/# /' /tmp/out
		systemctl status --no-pager -l vizinhod 2>&1 | sed 's/^/# /'
		echo "not ok - $what"
	fi
}
fails() { ! "$@"; }
show() { systemctl show -P "$1" vizinhod; }
is() { # PROPERTY VALUE
	for _ in $(seq 300); do
		case $(show "$1") in $2) return 0 ;; esac
		sleep 0.2
	done
	echo "$1 is $(show "$1"), not $2"
	return 1
}
starts() { journalctl -u vizinhod -o cat --no-pager | grep -cx ready; }
restarted_once() { [ "$(starts)" = $((before + 1)) ] && is ActiveState active && is NRestarts 0; }
await() { # COMMAND...
	for _ in $(seq 600); do
		"$@" && return 0
		sleep 0.2
	done
	return 1
}

check 'install' dpkg --force-unsafe-io -i /srv/one.deb
check 'the service is enabled' systemctl is-enabled vizinhod
check 'without a node it does not run, and that is no failure' fails systemctl is-failed vizinhod
check 'the second command makes the node and starts it' vizinho init --offline /srv/off --name 'Rede da Prova' \
	--address 127.0.0.1:7411 --privacy privacidade@prova.example --withdrawal '0800 123 4567' --start
check 'it runs' systemctl is-active vizinhod
check 'its line of status' is StatusText '0 connections'
check 'vizinho status' sh -c 'vizinho status | grep "Rede da Prova"'
vizinho status | grep PROTECTION | sed 's/^/# /'
systemctl status --no-pager vizinhod | sed 's/^/# /'
check 'the kernel has all of its protection' sh -c '! vizinho status | grep "not here"'
check 'and it warned of nothing' sh -c '! journalctl -u vizinhod -p warning -o cat --no-pager | grep .'

printf '#!/bin/sh\ncat >>/var/lib/vizinho/hooked\n' >/usr/local/bin/hook
chmod +x /usr/local/bin/hook
printf '[events]\nhook = /usr/local/bin/hook\n' >>$conf
check 'reload' systemctl reload vizinhod
check 'it runs on' is ActiveState active
printf 'municipio,uf\nLinhares,ES\n' >/tmp/plant.csv
check 'an event' vizinho coverage import /tmp/plant.csv --name rede
check 'reaches the hook' await test -s $state/hooked
cp $conf /tmp/right.conf
echo 'nonsense' >>$conf
check 'a reload with a mistake fails' fails systemctl reload vizinhod
check 'and the node runs on' is ActiveState active
check 'a signal with a mistake' kill -HUP "$(show MainPID)"
check 'is told in the line of status' is StatusText '*has a mistake*'
cp /tmp/right.conf $conf
check 'the right one is taken' systemctl reload vizinhod
check 'and told' is StatusText '0 connections'

before=$(starts)
id=$(vizinho --json status | tr , '\n' | grep '"id"')
check 'upgrade' dpkg --force-unsafe-io -i /srv/two.deb
check 'restarts it once' restarted_once
check 'it is the same node' sh -c "vizinho --json status | tr , '\n' | grep -qF '$id'"
check 'the changed configuration is kept' grep -q /usr/local/bin/hook $conf

mkdir -p /run/systemd/system/vizinhod.service.d
printf '[Service]\nWatchdogSec=4\n' >/run/systemd/system/vizinhod.service.d/short.conf
systemctl daemon-reload
check 'restart' systemctl restart vizinhod
sleep 10
check 'the watchdog is fed' is NRestarts 0
kill -STOP "$(show MainPID)"
check 'one that stands still is started again' is NRestarts 1
check 'and runs' is ActiveState active
check 'stop' systemctl stop vizinhod
check 'in order' is Result success
check 'as the journal says' sh -c 'journalctl -u vizinhod -o cat --no-pager | grep -qx stopped'
check 'start' systemctl start vizinhod

check 'the faces' dpkg --force-unsafe-io -i /srv/web-two.deb /srv/erp-two.deb
check 'the pages are enabled' systemctl is-enabled vizinho-web
check 'without an account they do not run' fails systemctl is-active vizinho-web
check 'and that is no failure' fails systemctl is-failed vizinho-web
check 'the connector is not enabled' fails systemctl is-enabled vizinho-erp
check 'the first account' vizinho-web user add ana admin
check 'and the second command' systemctl start vizinho-web
check 'the pages run' systemctl is-active vizinho-web
check 'as their own user' sh -c '[ "$(stat -c %U "/proc/$(systemctl show -P MainPID vizinho-web)")" = vizinho-web ]'
check 'and hear of the node' await sh -c 'systemctl is-active vizinho-web && ! journalctl -u vizinho-web -o cat --no-pager |
	grep -i "does not answer"'
check 'the faces go' dpkg --force-unsafe-io -P vizinho-web vizinho-erp
check 'and stop' fails systemctl is-active vizinho-web

check 'remove' dpkg --force-unsafe-io -r vizinho
check 'stops it' fails systemctl is-active vizinhod
check 'and keeps the state' test -e $state/store.mdb
check 'install over what was kept' dpkg --force-unsafe-io -i /srv/two.deb
check 'runs the same node' await sh -c "vizinho --json status 2>&1 | tr , '\n' | grep -qF '$id'"
check 'purge' dpkg --force-unsafe-io -P vizinho
check 'stops it, and nothing is left' sh -c "! systemctl is-active vizinhod && [ ! -e $state ] && [ ! -e /etc/vizinho ]"
check 'no unit has failed' sh -c '! systemctl --failed --no-legend --plain | grep vizinho'
