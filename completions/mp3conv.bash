# bash completion for mp3conv(1)

_mp3conv_options() {
    local conversion="--preset --vbr --bitrate --abr --mono --rate --track --lang"
    conversion+=" --start --end --normalize --tag --no-tags --cover --chapters --id3v1"
    local inputs="--recursive --files-from --null --dry-run"
    local destination="--output --output-dir --if-exists"
    case $1 in
    register) echo "--password-file --invite" ;;
    verify | login | account) echo --password-file ;;
    password) echo "--password-file --new-password-file --code" ;;
    convert) echo "$inputs $destination --preserve-mtime --jobs --timeout --whole-file $conversion" ;;
    upload) echo "$inputs --wait --jobs --timeout --whole-file $conversion" ;;
    download) echo "$destination --wait --jobs --timeout" ;;
    status) echo "--wait --watch --timeout" ;;
    list) echo "--state --limit" ;;
    wait) echo --timeout ;;
    token) echo --expires ;;
    "") echo --version ;;
    esac
    echo "--help --config --server --cacert --progress --retries --json --quiet --verbose --no-input"
}

# What may stand behind an option; nothing and failure where it takes no value.
_mp3conv_value() {
    local IFS=$' \n' # splits the words here, not what is printed
    case $1 in
    --preset) compgen -W "voice standard high max" -- "$2" ;;
    --vbr) compgen -W "0 1 2 3 4 5 6 7 8 9" -- "$2" ;;
    --if-exists) compgen -W "skip-newer skip overwrite fail" -- "$2" ;;
    --progress) compgen -W "auto bar line none" -- "$2" ;;
    --state) compgen -W "queued converting done failed cancelled expired" -- "$2" ;;
    --output-dir) compgen -d -- "$2" ;;
    -o | --output | --files-from | --password-file | --new-password-file | --config | --cacert) compgen -f -- "$2" ;;
    --bitrate | --abr | --rate | --track | --lang | --start | --end | --tag | --jobs | --timeout | --expires | --limit | --invite | --code | --server | --retries) ;;
    *) return 1 ;;
    esac
    return 0
}

_mp3conv() {
    local commands="register verify login logout whoami convert upload status list wait download"
    commands+=" cancel retry rm token webhook password account completion"
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command="" i
    # readline splits --preset=high into three words.
    if [ "$cur" = = ]; then
        cur=
    elif [ "$prev" = = ] && [ "$COMP_CWORD" -ge 3 ]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case " $commands " in *" ${COMP_WORDS[i]} "*) command=${COMP_WORDS[i]} && break ;; esac
    done

    local IFS=$'\n' # paths may hold spaces
    if COMPREPLY=($(_mp3conv_value "$prev" "$cur")); then
        return
    fi
    case $cur in
    -*) COMPREPLY=($(IFS=$' \n' && compgen -W "$(_mp3conv_options "$command")" -- "$cur")) ;;
    *)
        case $command in
        "") COMPREPLY=($(IFS=' ' && compgen -W "$commands" -- "$cur")) ;;
        convert | upload) COMPREPLY=($(compgen -f -- "$cur")) ;;
        token) COMPREPLY=($(IFS=' ' && compgen -W "create list revoke" -- "$cur")) ;;
        account) COMPREPLY=($(IFS=' ' && compgen -W "delete" -- "$cur")) ;;
        password) COMPREPLY=($(IFS=' ' && compgen -W "change reset" -- "$cur")) ;;
        webhook) COMPREPLY=($(IFS=' ' && compgen -W "set show test rm" -- "$cur")) ;;
        completion) COMPREPLY=($(IFS=' ' && compgen -W "bash zsh fish" -- "$cur")) ;;
        status | wait | download | cancel | retry | rm)
            COMPREPLY=($(compgen -W "$(mp3conv list 2>/dev/null | cut -d ' ' -f 1)" -- "$cur"))
            ;;
        esac
        ;;
    esac
}

complete -o filenames -F _mp3conv mp3conv
