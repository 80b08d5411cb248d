# awsx-use PROFILE [options of `awsx env`]: this shell gets the profile's credentials.
awsx-use() {
  local lines
  case ${1-} in
    '' | -*) ;;
    *) set -- --profile "$@" ;;
  esac
  lines=$(command awsx env --shell bash "$@") || return
  case $lines in
    # Help, for instance, is to be read, not run.
    'unset '* | 'export '*) eval "$lines" ;;
    *) printf '%s\n' "$lines" ;;
  esac
}

_awsx_use() {
  local name word=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  [ "$COMP_CWORD" -eq 1 ] || return
  # Not `compgen -W`, which would run what stands in a profile's name.
  while IFS= read -r name; do
    case $name in
      "$word"*) COMPREPLY+=("$(printf '%q' "$name")") ;;
    esac
  done < <(command awsx configure list-profiles 2>/dev/null)
}
complete -F _awsx_use awsx-use
