# What the scripts that test the program have in common. Sourced first:
#
#     . "$(dirname "$0")/harness.sh"
#
# From then on the working directory is the repository's root, $cpprof is the binary ($CPPROF, or
# build/cpprof), $work a folder that goes when the script ends, and what happens to be installed or set
# on this machine is no matter.
#
#     ok NAME COMMAND...      the command has to succeed; its output is shown if it does not
#     good                    counts a success that was found in another way
#     bad NAME                counts a failure; what explains it is printed by the caller
#     skip WHAT               says that something cannot be tested here
#     skip_all WHY            ends the script: nothing of it can be
#     skip_sanitized WHY      the same, if the binary was built with a sanitizer
#     finish                  ends the script with the line that tests/run adds up
#
# A script may set $only to a part of a name, for `ok` to pass over others, and define `at_end` anew
# if it has something to stop when it ends.
# shellcheck shell=bash
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export TZ=UTC LC_ALL=C.UTF-8 PPROF_BINARY_PATH=/nonexistent
unset COLUMNS NO_COLOR PPROF_TOOLS DEBUGINFOD_URLS
cpprof=$(realpath "${CPPROF:-build/cpprof}")
work=$(realpath "$(mktemp -d)")
trap 'at_end; chmod -R u+w "$work"; rm -rf "$work"' EXIT
export PPROF_TMPDIR=$work

passed=0
failed=0
only=

at_end() { :; }

good() {
    passed=$((passed + 1))
}

bad() {
    failed=$((failed + 1))
    echo "--- $*"
}

ok() {
    case "$1" in *"$only"*) ;; *) return ;; esac
    local name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        good
    else
        bad "$name: $*"
        head -n 40 "$work/log" | cut -c 1-300
    fi
}

skip() {
    echo "skipped: $*"
}

finish() {
    echo "$passed passed, $failed failed"
    [ $failed = 0 ]
    exit
}

skip_all() {
    skip "$*"
    finish
}

skip_sanitized() {
    case "$cpprof" in */san-*) skip_all "$*" ;; esac
}
