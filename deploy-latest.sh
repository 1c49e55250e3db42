#!/usr/bin/env bash
# Deploy a version to the cluster that kubectl points to. Roll back if it fails to start or to search.
#
#   ./deploy-latest.sh [options] [VERSION]
#
# VERSION is the tag of the images; without it, the newest git tag. Options:
#   --dry-run         show what would change, without changing it
#   --yes             do not ask for confirmation
#   --overlay FOLDER  what to deploy (default: deploy/kubernetes/overlays/eks/application)
#   --images PREFIX   the image names without -backend and -frontend (default: the overlay's)
#   --url URL         where to run the test search (default: a port forwarded to frontend-service)
#   --timeout TIME    how long a rollout may take (default: 6m)
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
tree=deploy/kubernetes
overlay=$tree/overlays/eks/application
deployments=(backend frontend)
dry_run='' yes='' images='' url='' version='' timeout=6m

usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }
say() { printf '\n==> %s\n' "$*"; }
fail() {
  printf 'deploy-latest: %s\n' "$*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=1 ;;
    --yes) yes=1 ;;
    --overlay | --images | --url | --timeout)
      [ $# -gt 1 ] || fail "$1 needs a value"
      printf -v "${1#--}" '%s' "$2"
      shift
      ;;
    -h | --help)
      usage
      exit
      ;;
    -*) fail "there is no option $1; see --help" ;;
    *) version=$1 ;;
  esac
  shift
done

cd "$root"
version="${version:-$(git describe --tags --abbrev=0 2>/dev/null || true)}"
version="${version#v}"
# A label too.
[[ $version =~ ^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$ ]] ||
  fail "give a VERSION: git has no tag, or '$version' is not a valid tag"
[[ $overlay == "$tree"/* && -f $overlay/kustomization.yaml ]] ||
  fail "$overlay is not an overlay in $tree"
namespace="$(sed -n 's/^namespace: *//p' "$overlay/kustomization.yaml")"
[ -n "$namespace" ] || fail "$overlay has no namespace"

work="$(mktemp -d)"
forward=''
trap '[ -z "$forward" ] || kill "$forward"; rm -rf "$work"' EXIT

# --- copy the overlay and set this version in the copy

cp -R "$tree" "$work/kubernetes"
target="$work/kubernetes${overlay#"$tree"}"
change=(-e "s|^\( *newTag:\).*|\1 \"$version\"|")
[ -z "$images" ] || change+=(-e "s#^\( *newName:\).*-\(backend\|frontend\)\$#\1 $images-\2#")
sed "${change[@]}" "$overlay/kustomization.yaml" >"$target/kustomization.yaml"
kubectl kustomize "$target" >"$work/all.yaml"

kube() { kubectl --namespace "$namespace" "$@"; }
ours=(--server-side --force-conflicts --field-manager deploy-latest -f "$work/all.yaml")
apply() { kubectl apply "${ours[@]}" "$@"; }
revision() {
  kube get deployment "$1" --ignore-not-found \
    -o 'jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision}'
}

say "Version $version to namespace $namespace of $(kubectl config current-context)"
sed -n 's/^ *image: */  /p' "$work/all.yaml" | sort -u
exists="$(kubectl get namespace "$namespace" --ignore-not-found -o name)"
if [ -z "$exists" ]; then
  echo "Everything is new:"
  awk '/^kind:/ { kind = $2 } /^  name:/ { print "  " kind " " $2 }' "$work/all.yaml"
else
  # The job runs once for each deployment, and a finished job can't be changed.
  kubectl diff "${ours[@]}" -l app.kubernetes.io/name!=index || [ $? -eq 1 ]
fi
echo "Then: index the books, roll out ${deployments[*]}, search; on failure, roll back."

if [ -n "$dry_run" ]; then
  [ -z "$exists" ] || apply -l app.kubernetes.io/name!=index --dry-run=server >/dev/null
  say "Nothing was changed."
  exit
fi
if [ -z "$yes" ]; then
  [ -t 0 ] || fail "--yes is needed without a terminal"
  read -r -p 'Continue? [y/N] ' answer
  [[ $answer == [yY]* ]] || exit 1
fi

# --- index the books first, because pods copy the index when they start

say "Index the books"
kube delete job index --ignore-not-found
apply -l 'app.kubernetes.io/name notin (backend, frontend)'
until state="$(kube get job index -o 'jsonpath={.status.conditions[?(@.status=="True")].type}')"
  [[ $state == *Complete* ]]; do
  [[ $state != *Failed* ]] ||
    fail "the books could not be indexed (kubectl -n $namespace logs job/index); the pods are unchanged"
  sleep 2
done

# --- roll out

declare -A before
for name in "${deployments[@]}"; do before[$name]="$(revision "$name")"; done

go_back() {
  say "$1. Rolling back."
  kube get pods -o wide || true
  local failed='' name
  for name in "${deployments[@]}"; do
    if [ -z "${before[$name]}" ]; then
      echo "$name: there is no earlier version to roll back to."
    elif [ "$(revision "$name")" != "${before[$name]}" ]; then
      kube rollout undo "deployment/$name" --to-revision="${before[$name]}" &&
        kube rollout status "deployment/$name" --timeout="$timeout" || failed=1
    fi
  done
  [ -z "$failed" ] || fail "version $version failed, and so did the rollback"
  fail "version $version failed; the previous version is served again"
}

say "Roll out"
apply || go_back "It could not be applied"
for name in "${deployments[@]}"; do
  kube rollout status "deployment/$name" --timeout="$timeout" || go_back "$name did not come up"
done

# --- search, and check that the search has a trace

say "Search"
search() {
  local trace answer
  trace="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  answer="$(curl -sS --fail --max-time 20 -D "$work/headers" \
    -H "traceparent: 00-$trace-00f067aa0ba902b7-01" "$url/search?q=love&limit=1")" || return 1
  grep -Eiq "^traceresponse: 00-$trace-[0-9a-f]{16}-01" "$work/headers" || {
    echo "the response has another trace id than $trace, or none" >&2
    return 1
  }
  grep -Eq '"total_results": ?[1-9]' <<<"$answer" || {
    echo "the search found nothing" >&2
    return 1
  }
  echo "Found, in trace $trace."
}
if [ -z "$url" ]; then
  : >"$work/forward"
  kube port-forward service/frontend-service :80 >"$work/forward" 2>&1 &
  forward=$!
  for _ in {1..50}; do
    port="$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/forward")"
    [ -z "$port" ] || break
    sleep 0.2
  done
  [ -n "$port" ] || go_back "frontend-service can't be reached: $(cat "$work/forward")"
  url="http://localhost:$port"
fi
for attempt in {1..5}; do
  if search; then
    say "Version $version is served."
    exit
  fi
  sleep "$attempt"
done
go_back "The search failed"
