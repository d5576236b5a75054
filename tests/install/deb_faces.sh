# Sourced at the end of deb_chroot.sh: the packages of the faces beside that of the node, through their life.
# /srv has web-one.deb, erp-one.deb and so on.
web=/var/lib/vizinho-web
erp=/var/lib/vizinho-erp
wants=/etc/systemd/system/multi-user.target.wants
as() { # USER COMMAND...
	user=$1
	shift
	setpriv --reuid "$user" --regid "$user" --init-groups "$@"
}
page() { # PATH: what the public pages answer. bash is all that a bare Debian has for it.
	timeout 20 bash -c 'exec 3<>/dev/tcp/127.0.0.1/18080 && printf "GET $0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" >&3 &&
		cat <&3' "$1"
}
is_face() { # USER: the node takes it for a face, and not for an operator
	as "$1" vizinho status >/tmp/said 2>&1
	cat /tmp/said
	grep -q 'that of a face' /tmp/said
}
serves() {
	vizinhod >/tmp/log 2>&1 &
	node=$!
	# By its membership of the group alone, as the unit's Group= is not here.
	(exec setpriv --reuid vizinho-web --regid vizinho-web --init-groups vizinho-web) >/tmp/web.log 2>&1 &
	pages=$!
	for _ in $(seq 300); do
		[ -S $state/control ] && page / >/tmp/page 2>/dev/null && break
		sleep 0.2
	done
	page /c/aaaaaaaaaaaaaaaaaaaaaaaaaa >/tmp/page 2>&1
	is_face vizinho-web && is_face vizinho-erp
	faces=$?
	kill $pages $node
	wait $pages && wait $node
	ended=$?
	cat /tmp/web.log
	head -n 1 /tmp/page
	# The node was asked, and knows no such link. Without its answer the status would be 503, without the role 502.
	[ $faces = 0 ] && [ $ended = 0 ] && head -n 1 /tmp/page | grep -q '^HTTP/1.1 404'
}

check 'the node alone needs no HTTP server' sh -c '! dpkg-query -W -f "\${Status}" libmicrohttpd12 | grep -q "ok installed"'
install 'install with both faces' 'one.deb web-one.deb erp-one.deb'
cp /tmp/out /tmp/told
check 'it tells how to the first account' sh -c \
	'grep -A1 "^  vizinho-web user add NAME admin$" /tmp/told | grep -q "^  systemctl start vizinho-web$"'
check 'it complains of no configuration' sh -c '! grep -q "lacks the line" /tmp/told'
for user in vizinho-web vizinho-erp; do
	check "$user is in the group of the control socket" sh -c "id -nG $user | grep -qw vizinho"
done
check 'accounts are for the pages alone' owner $web 'vizinho-web:vizinho-web 700'
check 'the pages are enabled' test -L $wants/vizinho-web.service
check 'the connector is not' absent $wants/vizinho-erp.service /etc/systemd/system/timers.target.wants/vizinho-erp-once.timer
check 'configurations are there' sh -c 'stat -c "%U:%G %a" /etc/vizinho/web.conf /etc/vizinho/erp.conf | uniq | grep -qx "root:root 644"'
check 'each program has its manual' sh -c '[ "$(dpkg -L vizinho-web vizinho-erp | grep -c /vizinho-...\\.8.gz)" = 4 ]'
check 'a node is made' vizinho init --offline /srv/off2 --name 'Rede da Prova' --address 127.0.0.1:7411 \
	--privacy privacidade@prova.example --withdrawal '0800 123 4567'
check 'the first account' vizinho-web user add ana admin
check 'is a file of the pages' owner $web/accounts.json 'vizinho-web:vizinho-web 600'
sed -i 's/^#public = .*/public = 127.0.0.1:18080/; s/^#private = .*/private = 127.0.0.1:18081/' /etc/vizinho/web.conf
echo '# changed by the operator' >>/etc/vizinho/erp.conf
echo secret >/etc/vizinho/erp-token
check 'the pages ask the node, and both faces have their roles' serves
accounts=$(sha256sum <$web/accounts.json)
install 'upgrade' 'two.deb web-two.deb erp-two.deb'
cp /tmp/out /tmp/told
check 'it says nothing to whom has an account' sh -c '! grep -q "^  vizinho-web user add" /tmp/told'
install 'upgrade to others with other configurations' 'three.deb web-three.deb erp-three.deb' \
	-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold
check 'changed configurations are kept' sh -c \
	'grep -q "^public = 127.0.0.1:18080" /etc/vizinho/web.conf && grep -q "changed by the operator" /etc/vizinho/erp.conf'
check 'the new ones lie beside them' grep -q 'of the third version' /etc/vizinho/web.conf.dpkg-dist /etc/vizinho/erp.conf.dpkg-dist
check 'accounts are kept' sh -c "[ '$accounts' = \"\$(sha256sum <$web/accounts.json)\" ]"
check 'and all serve on' serves
check 'without the line in vizinho.conf' sed -i '/^web = /d' $conf
install 'the package' web-three.deb --reinstall
check 'says what is missing' sh -c 'apt-get -y --reinstall install /srv/web-three.deb | grep -q "lacks the line .web = vizinho-web"'
check 'the node cannot be without its faces' sh -c 'apt-get -s remove vizinho | grep -c "^Remv vizinho" | grep -qx 3'
check 'remove' apt-get -y remove vizinho-web vizinho-erp
check 'the programs are gone' absent /usr/sbin/vizinho-web /usr/sbin/vizinho-erp /lib/systemd/system/vizinho-web.service
check 'configuration and state are kept' test -e /etc/vizinho/web.conf -a -e /etc/vizinho/erp.conf -a -e $web/accounts.json
mkdir -p $erp
check 'purge' apt-get -y purge vizinho-web vizinho-erp
check 'nothing of them is left' absent $web $erp /etc/vizinho/web.conf /etc/vizinho/erp.conf /etc/vizinho/erp-token \
	$wants/vizinho-web.service
check 'and the node is' test -e $state/store.mdb -a -e $conf -a -x /usr/sbin/vizinhod
check 'purge again, of all' apt-get -y purge vizinho
check 'nothing at all is left' absent $state /etc/vizinho /usr/share/vizinho
