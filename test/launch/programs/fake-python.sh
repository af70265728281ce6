#!/bin/sh
# Stands for the interpreter, venv and pip. What it does is told in the file "plan" beside it; every call goes to "calls".
home=$(dirname "$(readlink -f "$0")")
echo "$*" >>"$home/calls"
plan=$(cat "$home/plan" 2>/dev/null)
case "$*" in
'-m venv '*)
  mkdir -p "$3/bin"
  ln -s "$home/python" "$3/bin/python"
  ;;
*'pip index versions'*)
  case "$plan" in
  no-json*) case "$*" in *--json*) echo 'no such option: --json' >&2; exit 2 ;; esac
    printf 'thing (2.0.0)\nAvailable versions: 2.0.0, 1.10.0, 1.9.0, 1.9.0rc1\n' ;;
  offline) echo "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError: refused': /simple/" >&2
    echo 'ERROR: No matching distribution found for thing' >&2; exit 1 ;;
  no-pip) echo "$0: No module named pip" >&2; exit 1 ;;
  *) echo '{"name":"thing","versions":["2.0.0","1.10.0","1.9.0"],"latest":"2.0.0"}' ;;
  esac
  ;;
*'pip install'*)
  echo "CMAKE_ARGS=$CMAKE_ARGS PIP_CACHE_DIR=$PIP_CACHE_DIR"
  echo 'Building wheel for thing'
  case "$plan" in
  fail) i=0; while [ $i -lt 30 ]; do echo "compiler line $i"; i=$((i + 1)); done
    echo 'ERROR: Failed building wheel for thing' >&2; echo 'note: this is no problem with pip' >&2; exit 1 ;;
  hang) sleep 600 & echo "child $!"; wait ;;
  esac
  ;;
'-c '*) echo '{"thing":"1.0.0"}' ;;
esac
