# Sourced by tools/demo and tools/test: installs the Debian packages that they need and that are not there; and, outside of
# the tree, the packages of npm that tests in a browser need (tests/web/npm).

packages_build="build-essential meson ninja-build pkg-config python3 libuv1-dev libsodium-dev
	libmsgpack-dev liblmdb-dev zlib1g-dev libjansson-dev libinih-dev libseccomp-dev libexpat1-dev libqrencode-dev
	libcurl4-openssl-dev libmicrohttpd-dev libgnutls28-dev"
packages_deb="debhelper dpkg-dev"
packages_test="$packages_build libcmocka-dev binutils iproute2 nodejs chromium clang-format strace tcpdump systemd git
	$packages_deb lintian mmdebstrap systemd-container prometheus python3-prometheus-client
	python3-jsonschema"

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

# Where they are. The tests ask for the same place.
npm_dir=${VIZINHO_NPM:-${XDG_CACHE_HOME:-$HOME/.cache}/vizinho-tests}

# Of exactly these versions and hashes; without them the tests in a browser are skipped.
install_npm() {
	if cmp -s tests/web/npm/package-lock.json "$npm_dir/package-lock.json" && [ -e "$npm_dir/.whole" ]; then
		return 0
	fi
	# Debian has npm as a package of its own, other builds of Node.js bring it.
	command -v npm >/dev/null || install_packages npm || return 1
	mkdir -p "$npm_dir" && rm -f "$npm_dir/.whole" &&
		cp tests/web/npm/package.json tests/web/npm/package-lock.json "$npm_dir" || return 1
	echo "Installing: tests/web/npm"
	npm_log=$(mktemp)
	if (cd "$npm_dir" && npm ci --ignore-scripts --no-audit --no-fund) >"$npm_log" 2>&1; then
		: >"$npm_dir/.whole"
	else
		tail -n 20 "$npm_log" >&2
		return 1
	fi
}
