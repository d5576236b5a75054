#!/bin/sh
# install_conf.sh EXAMPLE DIR: the configuration, where there is none yet. An upgrade keeps the operator's.
set -eu
dir=${DESTDIR:-}$2
name=${1##*/}
[ -e "$dir/$name" ] && exit 0
install -d -m 0755 "$dir"
install -m 0644 "${DESTDIR:-}$1" "$dir/$name"
