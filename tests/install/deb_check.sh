# Sourced by the scripts in the chroot.
check() { # WHAT COMMAND...
	what=$1
	shift
	if "$@" >/tmp/out 2>&1; then echo "ok - $what"; else
		sed 's/^/# /' /tmp/out
		echo "not ok - $what"
	fi
}
install() { # WHAT PACKAGES OPTION...: files of /srv with a blank in between
	what=$1 packages=
	for package in $2; do packages="$packages /srv/$package"; done
	shift 2
	check "$what" apt-get -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io "$@" install $packages
	grep -E '^(Setting up|Unpacking|Installing new version|Preparing).*vizinho' /tmp/out | sed 's/^/# /'
}
absent() { for path; do [ ! -e "$path" ] || return 1; done; }
owner() { [ "$(stat -c '%U:%G %a' "$1")" = "$2" ]; }
