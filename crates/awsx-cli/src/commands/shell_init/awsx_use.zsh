# awsx-use PROFILE [options of `awsx env`]: this shell gets the profile's credentials.
awsx-use() {
  local lines
  case ${1-} in
    '' | -*) ;;
    *) set -- --profile "$@" ;;
  esac
  lines=$(command awsx env --shell zsh "$@") || return
  case $lines in
    # Help, for instance, is to be read, not run.
    'unset '* | 'export '*) eval "$lines" ;;
    *) printf '%s\n' "$lines" ;;
  esac
}

_awsx_use() {
  (( CURRENT == 2 )) || return
  local -a names
  names=("${(@f)$(command awsx configure list-profiles 2>/dev/null)}")
  compadd -- $names
}
# Completion is there once compinit has run.
(( $+functions[compdef] )) && compdef _awsx_use awsx-use || true
