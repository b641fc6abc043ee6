# Profiles by hand, for the scripts beside this one, which read it: each function prints hexadecimal
# digits of the wire format, and bytes turns them into what they stand for.
#
#     bytes "$type$sample$location$function$strings" >good.pb
# shellcheck shell=bash

varint() {
    local n=$1 out=
    while ((n > 127)); do
        printf -v out '%s%02x' "$out" $((n & 127 | 128))
        n=$((n >> 7))
    done
    printf '%s%02x' "$out" "$n"
}
number() { # FIELD VALUE
    varint $(($1 << 3))
    varint "$2"
}
message() { # FIELD HEX
    varint $(($1 << 3 | 2))
    varint $((${#2} / 2))
    printf %s "$2"
}
text() { # FIELD TEXT
    message "$1" "$(printf %s "$2" | od -An -v -tx1 | tr -d ' \n')"
}
bytes() {
    local escaped
    escaped=$(printf %s "$1" | sed 's/../\\x&/g')
    # shellcheck disable=SC2059
    printf "$escaped"
}

# One sample of 10 ns of CPU time in main of a.c.
type=$(message 1 "$(number 1 1)$(number 2 2)")
sample=$(message 2 "$(number 1 1)$(number 2 10)")
location=$(message 4 "$(number 1 1)$(message 4 "$(number 1 1)")")
function=$(message 5 "$(number 1 1)$(number 2 3)$(number 4 4)")
strings=$(text 6 '')$(text 6 cpu)$(text 6 ns)$(text 6 main)$(text 6 a.c)

everywhere() { # TEXT VALUE: a sample of VALUE; TEXT is at the end of each string
    local s label1 label2 mapping line
    label1=$(message 3 "$(number 1 5)$(number 2 6)")
    label2=$(message 3 "$(number 1 7)$(number 3 3)$(number 4 8)")
    mapping=$(number 1 1)$(number 2 4096)$(number 3 8192)$(number 5 9)$(number 6 10)
    line=$(message 4 "$(number 1 1)$(number 2 1)")
    printf %s "$type" "$(message 2 "$(number 1 1)$(number 2 "$2")$label1$label2")" \
        "$(message 3 "$mapping")" "$(message 4 "$(number 1 1)$(number 2 1)$(number 3 4100)$line")" \
        "$(message 5 "$(number 1 1)$(number 2 3)$(number 3 11)$(number 4 4)")" "$(text 6 '')"
    for s in cpu ns main a.c key value size unit /bin/x id _main comment http://doc; do
        text 6 "$s$1"
    done
    printf %s "$(number 13 12)" "$(number 15 13)" "$(message 11 "$(number 1 1)$(number 2 2)")"
}
