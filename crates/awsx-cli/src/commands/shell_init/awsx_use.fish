# awsx-use PROFILE [options of `awsx env`]: this shell gets the profile's credentials.
function awsx-use --description 'Switch this shell to an AWS profile'
    set -l words $argv
    if set -q words[1]; and not string match -q -- '-*' $words[1]
        set words --profile $words
    end
    set -l lines (command awsx env --shell fish $words)
    or return
    if string match -qr -- '^set -(e|gx) ' "$lines[1]"
        string join \n -- $lines | source
    else
        # Help, for instance, is to be read, not run.
        string join \n -- $lines
    end
end

complete -c awsx-use -f -n 'test (count (commandline -opc)) -eq 1' -a '(command awsx configure list-profiles 2>/dev/null)'
