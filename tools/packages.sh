# Sourced by tools/demo and tools/test: installs the Debian packages that they need and that are not there.

packages_build="build-essential meson ninja-build pkg-config python3 libuv1-dev libsodium-dev
	libmsgpack-dev liblmdb-dev zlib1g-dev libjansson-dev libinih-dev libseccomp-dev libexpat1-dev libqrencode-dev
	libcurl4-openssl-dev libmicrohttpd-dev libgnutls28-dev"
packages_deb="debhelper dpkg-dev"
packages_test="$packages_build libcmocka-dev binutils iproute2 nodejs chromium clang-format strace tcpdump systemd git
	$packages_deb lintian mmdebstrap systemd-container prometheus python3-prometheus-client"

# install_packages LIST
install_packages() {
	missing=
	for package in $1; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	sudo=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || {
			echo "Missing packages:$missing. Run as root, or install sudo." >&2
			return 1
		}
		sudo=sudo
	fi
	echo "Installing:$missing"
	log=$(mktemp)
	# Some bring a service (prometheus), and only a program of it is wanted. Debian asks this file before it starts one.
	policy=/usr/sbin/policy-rc.d
	if [ -e "$policy" ]; then
		policy=
	else
		printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null && $sudo chmod 755 "$policy" || return 1
	fi
	failed=
	{ $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 || failed=yes
	[ -z "$policy" ] || $sudo rm -f "$policy"
	[ -z "$failed" ] || tail -n 20 "$log" >&2
	rm -f "$log"
	[ -z "$failed" ]
}
