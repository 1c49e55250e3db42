#!/bin/sh
# Write nginx's configuration and the files it serves to a separate folder, and start nginx.
#
#   BACKEND_URL     where the backend is: http://NAME_OR_ADDRESS:PORT
#   TRACE_SAMPLING  the share of traces that the backend records, from 0 to 1
#   LISTEN          the port, or ADDRESS:PORT
#   PAGE            the folder with the built page
#   RUN             the folder to write to
#
# Arguments are passed to nginx.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
: "${BACKEND_URL:=http://backend:8000}" "${TRACE_SAMPLING:=1}" "${LISTEN:=8080}"
: "${PAGE:=/usr/share/gutenberg-explorer}" "${RUN:=/tmp/gutenberg-explorer}"

fail() {
    echo "$1" >&2
    exit 1
}

matches() {
    printf '%s\n' "$1" | grep -Eq "^($2)\$"
}

matches "$BACKEND_URL" 'http://([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(:[0-9]+)?/?' ||
    fail "BACKEND_URL=$BACKEND_URL: must be http://NAME:PORT"
matches "$TRACE_SAMPLING" '1(\.0*)?|0?\.[0-9]+|0|[0-9](\.[0-9]+)?e-[0-9]+' ||
    fail "TRACE_SAMPLING=$TRACE_SAMPLING: must be a number from 0 to 1"

# A name is asked for again every 5 seconds, as a backend that is started anew may have another
# address; an address, and this machine's own name, need no asking.
BACKEND_SERVER=${BACKEND_URL#http://}
BACKEND_SERVER=${BACKEND_SERVER%/}
RESOLVER=
if ! matches "$BACKEND_SERVER" '\[.*|[0-9.]+(:[0-9]+)?|localhost(:[0-9]+)?'; then
    name=${BACKEND_SERVER%:*}
    # nginx looks at no search list, without which Kubernetes knows no short names.
    domain=$(awk '$1 == "search" && $2 ~ /\.svc\./ { print $2; exit }' /etc/resolv.conf)
    case $name in
    *.*) ;;
    *) BACKEND_SERVER="$name${domain:+.$domain}${BACKEND_SERVER#"$name"}" ;;
    esac
    servers=$(awk '$1 == "nameserver" { printf "%s ", $2 ~ /:/ ? "[" $2 "]" : $2 }' /etc/resolv.conf)
    [ -n "$servers" ] || fail "BACKEND_URL=$BACKEND_URL: /etc/resolv.conf contains no name server"
    RESOLVER="resolver ${servers}valid=5s;"
    BACKEND_SERVER="$BACKEND_SERVER resolve"
fi

rm -rf "$RUN/plain" "$RUN/br"
mkdir -p "$RUN/plain" "$RUN/br"
ln -s "$PAGE"/* "$RUN/plain/"
(cd "$PAGE" && find . -name '*.br') | while read -r file; do
    mkdir -p "$RUN/br/$(dirname "$file")"
    ln -s "$PAGE/$file" "$RUN/br/${file%.br}"
done

# Traces begin in the page, which is told the share unless it is all.
if ! matches "$TRACE_SAMPLING" '1(\.0*)?'; then
    rm -f "$RUN"/*/index.html*
    sed "s|</head>|<meta name=\"trace-sampling\" content=\"$TRACE_SAMPLING\">\n  </head>|" \
        "$PAGE/index.html" >"$RUN/plain/index.html"
fi

cp "$here"/generated/*.conf "$RUN/"
export BACKEND_SERVER LISTEN RESOLVER RUN
# The names are envsubst's to read; nginx's own variables stay.
# shellcheck disable=SC2016
envsubst '$BACKEND_SERVER $LISTEN $RESOLVER $RUN' \
    <"$here/nginx.conf.template" >"$RUN/nginx.conf"
exec nginx -p "$RUN" -c "$RUN/nginx.conf" -e stderr "$@"
