#!/usr/bin/env bash
# Packs an executable as a release does: `package.sh VERSION TARGET EXECUTABLE FOLDER` writes
# FOLDER/careen-VERSION-TARGET.tar.gz. The executable must run here: it writes its own completions
# and manual pages. `SOURCE_DATE_EPOCH` is the time of all files; GNU tar then makes the same bytes
# of the same input.
set -euo pipefail

if [[ $# -ne 4 ]]; then
    echo 'usage: package.sh VERSION TARGET EXECUTABLE FOLDER' >&2
    exit 2
fi
version=$1 target=$2 executable=$3 out=$4
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:?set it to the time of the commit}

if [[ $("$executable" --version) != "careen $version" ]]; then
    echo "$executable is not careen $version" >&2
    exit 2
fi

name=careen-$version-$target
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/$name/completions" "$stage/$name/man" "$out"
suffix=
if [[ $target == *windows* ]]; then suffix=.exe; fi
cp "$executable" "$stage/$name/careen$suffix"
chmod 755 "$stage/$name/careen$suffix"
cp "$root/LICENSE-APACHE" "$root/LICENSE-MIT" "$root/README.md" "$root/CHANGELOG.md" "$stage/$name"
"$executable" completions bash >"$stage/$name/completions/careen.bash"
"$executable" completions zsh >"$stage/$name/completions/_careen"
"$executable" completions fish >"$stage/$name/completions/careen.fish"
"$executable" completions powershell >"$stage/$name/completions/careen.ps1"
"$executable" completions elvish >"$stage/$name/completions/careen.elv"
"$executable" man --dir "$stage/$name/man"

options=()
if tar --version | grep -q GNU; then
    options=(--sort=name "--mtime=@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner
        "--mode=u=rwX,go=rX")
fi
# The tar of macOS would add files of its own.
export COPYFILE_DISABLE=1
tar "${options[@]+"${options[@]}"}" -C "$stage" -cf - "$name" | gzip -9n >"$out/$name.tar.gz"
echo "$out/$name.tar.gz"
