#!/bin/sh
# In a bare chroot without systemd as init: install, upgrade, remove, purge, install again. /srv has one.deb, two.deb
# (a newer version), three.deb (newer, with another default configuration). Then deb_faces.sh. Prints TAP without a plan.
set -u
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
conf=/etc/vizinho/vizinho.conf
state=/var/lib/vizinho
. /srv/deb_check.sh
same() { [ "$(sha256sum <$state/store.mdb)" = "$store" ]; }
runs() { # as root, which vizinhod leaves at once
	vizinhod >/tmp/log 2>&1 &
	pid=$!
	for _ in $(seq 300); do
		vizinho status >/tmp/status 2>&1
		[ $? -le 1 ] && break # 2: it does not answer
		sleep 0.2
	done
	user=$(stat -c %U /proc/$pid)
	kill $pid
	wait $pid || return 1
	cat /tmp/log /tmp/status
	[ "$user" = vizinho ] && grep -q "Rede da Prova" /tmp/status
}

install 'install' one.deb
check 'its user is there' getent passwd vizinho
check 'its state directory is its own' owner $state 'vizinho:vizinho 750'
check 'the configuration is there' owner $conf 'root:root 644'
check 'package and command have one version' sh -c \
	'[ "vizinho $(dpkg-query -W -f "\${Version}" vizinho)" = "$(vizinho --version)" ]'
check 'a node is made by root' vizinho init --offline /srv/off --name 'Rede da Prova' --address 127.0.0.1:7411 \
	--privacy privacidade@prova.example --withdrawal '0800 123 4567'
check 'its files are the user'"'s" owner $state/store.mdb 'vizinho:vizinho 600'
check 'the configuration is right' vizinhod --check
check 'the node runs' runs
grep -E 'started by root|ready|PROTECTION' /tmp/out | sed 's/^/# /'
echo '# changed by the operator' >>$conf
store=$(sha256sum <$state/store.mdb)
install 'upgrade' two.deb
check 'the changed configuration is kept' grep -q 'changed by the operator' $conf
check 'the state is kept' same
install 'upgrade to one with another configuration' three.deb -o Dpkg::Options::=--force-confdef \
	-o Dpkg::Options::=--force-confold
check 'the changed configuration is kept again' grep -q 'changed by the operator' $conf
check 'the new one lies beside it' grep -q 'of the third version' $conf.dpkg-dist
check 'the state is kept again' same
check 'remove' apt-get -y remove vizinho
check 'the programs are gone' absent /usr/sbin/vizinhod /usr/bin/vizinho /lib/systemd/system/vizinhod.service
check 'configuration and state are kept' test -e $conf -a -e $state/store.mdb
install 'install over what was kept' three.deb
check 'it is the same node' same
check 'and runs' runs
ln $state/vault /srv/vault
dd if=/dev/urandom of=$state/vault bs=4096 count=2 conv=notrunc status=none
check 'purge' apt-get -y purge vizinho
check 'nothing is left' absent $state /etc/vizinho /usr/share/vizinho
check 'the keys were overwritten' sh -c '[ -s /srv/vault ] && ! tr -d "\\0" </srv/vault | grep -q .'
install 'install again' one.deb
check 'with a new state directory' owner $state 'vizinho:vizinho 750'
check 'purge, without a node' apt-get -y purge vizinho

. /srv/deb_faces.sh
