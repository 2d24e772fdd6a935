#!/usr/bin/env bash
# The steps of action.yml: `install`, `check` and `outcome`.
#
# All that a workflow chooses comes in variables of the environment and is used as data only. It must
# run under the bash 3.2 of macOS.
#
# Back quotes in messages are Markdown, not commands.
# shellcheck disable=SC2016
set -euo pipefail

# The release this action belongs to.
readonly DEFAULT_VERSION=0.1.0
readonly RELEASES=${CAREEN_RELEASES:-https://github.com/careen-dev/careen/releases/download}

# A message as the value of a workflow command, which a line break would end.
escaped() {
    local text=${1//%/%25}
    text=${text//$'\r'/%0D}
    printf '%s' "${text//$'\n'/%0A}"
}

fail() {
    printf '::error title=Careen::%s\n' "$(escaped "$1")"
    exit 2
}

notice() {
    printf '::notice title=Careen::%s\n' "$(escaped "$1")"
}

output() {
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# A folder of this run alone: a job may use the action several times.
fresh_folder() {
    mktemp -d "${RUNNER_TEMP:?}/careen.XXXXXX"
}

target() {
    case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    # Windows on ARM runs what is built for x86-64.
    Windows-X64 | Windows-ARM64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
    esac
}

sha256_of() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -d ' ' -f 1
}

download() {
    curl --proto '=https,file' --proto-redir '=https' --tlsv1.2 --fail --silent --show-error \
        --location --retry 3 --connect-timeout 20 --max-time 300 --output "$2" "$1" ||
        fail "cannot download $1"
}

# Downloads a release, verifies its checksum and tells where the executable is.
install() {
    local version=${CAREEN_VERSION:-$DEFAULT_VERSION} target name folder expected actual
    version=${version#v}
    if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]]; then
        fail "the input \`version\` must be a release such as $DEFAULT_VERSION"
    fi
    target=$(target) ||
        fail 'there is no release for this runner: use the wheel, `pip install careen`'
    name=careen-$version-$target
    folder=$(fresh_folder)
    download "$RELEASES/v$version/SHA256SUMS" "$folder/SHA256SUMS"
    download "$RELEASES/v$version/$name.tar.gz" "$folder/$name.tar.gz"
    expected=$(awk -v name="$name.tar.gz" '$2 == name || $2 == "*" name { print $1 }' \
        "$folder/SHA256SUMS")
    [[ $expected =~ ^[0-9a-f]{64}$ ]] || fail "SHA256SUMS of v$version does not list $name.tar.gz once"
    actual=$(sha256_of "$folder/$name.tar.gz")
    if [[ $actual != "$expected" ]]; then
        fail "$name.tar.gz has the checksum $actual, its release says $expected: do not run it"
    fi
    tar -xzf "$folder/$name.tar.gz" -C "$folder"
    local executable=$folder/$name/careen
    if [[ $target == *windows* ]]; then executable+=.exe; fi
    [[ -f $executable ]] || fail "$name.tar.gz holds no executable"
    "$executable" --version
    output careen "$executable"
}

# Whether the findings are to go to code scanning.
wants_upload() {
    local code=$1 sarif=$2
    # What an incomplete run did not find would close alerts.
    if [[ $code -gt 1 || ! -s $sarif ]]; then
        echo false
        return
    fi
    case ${CAREEN_UPLOAD:-auto} in
    true) echo true ;;
    false) echo false ;;
    *)
        if [[ ${CAREEN_FORK:-} == true && ${GITHUB_EVENT_NAME:-} == pull_request ]]; then
            notice 'A pull request from a fork may not upload to code scanning: findings are annotations only.' >&2
            echo false
        elif [[ -n ${CAREEN_SINCE:-} ]]; then
            notice 'With `since` nothing is uploaded to code scanning, where it would close the alerts of what was there before.' >&2
            echo false
        else
            echo true
        fi
        ;;
    esac
}

# One run that writes SARIF, annotations and, as the format of GitHub does, the summary. Its exit code is handed on, so that the
# upload comes first.
check() {
    local folder sarif line code=0
    case ${CAREEN_UPLOAD:-auto} in
    auto | true | false) ;;
    *) fail 'the input `upload` must be auto, true or false' ;;
    esac
    cd "${CAREEN_DIRECTORY:-.}" || fail "there is no folder $CAREEN_DIRECTORY"
    folder=$(fresh_folder)
    sarif=$folder/careen.sarif

    local arguments
    arguments=(check --format github --output "sarif=$sarif")
    if [[ -n ${CAREEN_PROFILE:-} ]]; then arguments+=("--profile=$CAREEN_PROFILE"); fi
    if [[ -n ${CAREEN_BASELINE:-} ]]; then arguments+=("--baseline=$CAREEN_BASELINE"); fi
    if [[ -n ${CAREEN_SINCE:-} ]]; then arguments+=("--since=$CAREEN_SINCE"); fi
    case ${CAREEN_FAIL_ON:-} in
    '') ;;
    never) arguments+=(--exit-zero) ;;
    *) arguments+=("--fail-on=$CAREEN_FAIL_ON") ;;
    esac
    while IFS= read -r line; do
        if [[ -n $line ]]; then arguments+=("$line"); fi
    done < <(lines "${CAREEN_ARGS:-}")
    arguments+=(--)
    while IFS= read -r line; do
        if [[ -n $line ]]; then arguments+=("$line"); fi
    done < <(lines "${CAREEN_PATHS:-}")

    "${CAREEN:?}" "${arguments[@]}" || code=$?

    local upload
    upload=$(wants_upload "$code" "$sarif")
    output exit-code "$code"
    output sarif "$sarif"
    output upload "$upload"
}

# The lines of a text, without blanks around them.
lines() {
    printf '%s\n' "$1" | tr -d '\r' | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//'
}

# Ends as the check ended, after the upload.
outcome() {
    local code=${CAREEN_EXIT_CODE:?}
    if [[ ${CAREEN_UPLOAD_OUTCOME:-} == failure ]]; then
        notice 'Findings were not uploaded to code scanning and are annotations only. The job needs the permission `security-events: write`, and code scanning must be enabled for the repository.'
    fi
    exit "$code"
}

case ${1:-} in
install | check | outcome) "$1" ;;
*) fail 'usage: github-action.sh install|check|outcome' ;;
esac
