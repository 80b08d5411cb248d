//! What a shell does on Tab: it asks awsx first, and uses clap's script where awsx says nothing.

use clap_complete::Shell;

/// The part of the script behind clap's.
pub(super) fn asking(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        Shell::Fish => FISH,
        _ => "",
    }
}

/// bash parts `s3://bucket` at the colon, so awsx gets the line as it stands. It answers what is to be inserted. No blank
/// follows a folder.
const BASH: &str = r#"
_awsx_or_ask() {
    local word
    local -a found=()
    while IFS= read -r word; do
        found+=("$word")
    done < <(awsx completion --bash-line "${COMP_LINE:0:COMP_POINT}" --bash-breaks "$COMP_WORDBREAKS" 2>/dev/null)
    if [[ ${#found[@]} -eq 0 ]]; then
        _awsx "$@"
        return
    fi
    COMPREPLY=("${found[@]}")
    if [[ ${found[0]} == */ ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _awsx_or_ask -o bashdefault -o default awsx
"#;

const ZSH: &str = r#"
_awsx_or_ask() {
    local -a found folders
    found=("${(@f)$(awsx completion -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -z ${found[1]} ]]; then
        _awsx "$@"
        return
    fi
    folders=("${(@M)found:#*/}")
    found=("${(@)found:#*/}")
    [[ -n ${folders[1]} ]] && compadd -S '' -a folders
    [[ -n ${found[1]} ]] && compadd -a found
    return 0
}
compdef _awsx_or_ask awsx
"#;

const FISH: &str = "
complete -c awsx -a '(awsx completion -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
";
